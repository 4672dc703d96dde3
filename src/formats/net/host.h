// What names a machine: a domain name under a public suffix, or an address in any form that a URL parser takes.
// Source: WHATWG URL Standard ("host parsing"), RFC 1034, RFC 5891 (IDN), RFC 2606 and 6761 (names that are no hosts),
// publicsuffix.org (format and the two sections of the list).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace klik::net {

enum class HostForm : std::uint8_t { name, pattern, ipv4, ipv6 };

struct Host {
  std::string text;      // lower case, labels in ASCII form, no trailing dot, addresses as usually written, without brackets
  HostForm form = HostForm::name;   // pattern: a label is not constant and stands as '*'
  bool local = false;    // leads nowhere outside: loopback, private, link-local, multicast
  bool made_up = false;  // reserved for examples and documentation
  bool odd = false;      // an address not written as four decimal numbers
};

// Stands in input for a part of a label that is put in at run time.
inline constexpr char kBlank = '\x01';

enum class Context : std::uint8_t {
  url,    // behind a scheme: any form of address, and names that are suffixes of the list's private section
  bare,   // alone: four decimal numbers or a name only
};

// Nothing when it is no host. A suffix of the list alone is none.
std::optional<Host> parse_host(std::string_view text, Context context);

// The part of a name that was registered under a public suffix ("b.co.uk" of "a.b.co.uk"); "" when there is none.
std::string_view registered_domain(std::string_view name);
// Whether the last label alone is a public suffix.
bool is_top_level(std::string_view label);

// The file of public suffixes that the system provides and that is read when it is newer than ours; "" for none.
std::string suffix_list_file();

}  // namespace klik::net
