// What stands around a find in bytes and makes it something else than it looks.
#pragma once

#include <cstdint>
#include <string_view>

namespace klik::traffic {

// Whether [from, to), a text in UTF-16 of one byte order, is that: text of one order also holds it in the other, one byte aside.
// REQUIRES: from < to <= text.size().
bool is_in_byte_order(std::string_view text, std::uint64_t from, std::uint64_t to, bool big_endian);

// Whether [from, to) is octets in hexadecimal with ':' or '-' between them, and more octets go on with the same sign: a longer address,
// or bytes printed in a row. The type of hardware 01 before it, as DHCP's identifier of a client has it (RFC 2132 section 9.14), is no more.
// REQUIRES: from < to <= text.size().
bool is_part_of_longer_address(std::string_view text, std::uint64_t from, std::uint64_t to);

}  // namespace klik::traffic
