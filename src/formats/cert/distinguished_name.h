// Parts of a name in a certificate, out of its text.
// Source: RFC 2253 §2 and §3 (most significant part last, ',' and '+' between parts, '\' before special characters).
#pragma once

#include <string>
#include <string_view>

namespace klik::cert {

// The value of the first part of that type as written ("O" of "CN=a.example,O=Example\, Ltd,C=NL": "Example, Ltd"). "" when there is
// none. Escapes by two hexadecimal digits are taken as bytes; the caller makes the result storable.
std::string name_part(std::string_view name, std::string_view type);

}  // namespace klik::cert
