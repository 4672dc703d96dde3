// What a device tells of itself when it asks a network for an address, and what the network tells it about names.
// Sources: RFC 2131 §2 (message), RFC 2132 (options 6, 12, 15, 52, 53, 55, 60), RFC 4702 (option 81); for IPv6 RFC 8415 §8, §21
// (messages, relays, options 6, 9, 16), RFC 3646 (23, 24), RFC 4704 (39).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::net::dhcp {

// Texts are as a device wrote them. Names are lower case, without the last dot.
struct Message {
  std::string_view type;                   // "DISCOVER", "REQUEST", "ACK", "SOLICIT", …; "BOOTP" without a type. A literal
  bool from_server = false;
  std::string host_name;                   // that a device gives itself; of a server: that it gives the device
  std::string full_name;                   // the same with a domain
  std::string vendor_class;                // the device's software: "android-dhcp-13"
  std::vector<std::string> name_servers;   // addresses
  std::string domain;                      // in which short names are looked up
  std::uint32_t asked_options = 0;         // how many options the device wants; their list tells systems apart
};

// `bytes`: the payload of a datagram. Options that are cut off at the end are left out.
// Errors: truncated, bad_magic (no DHCP).
Result<Message> read_v4(Bytes bytes);
// What relays wrap is taken out of them. Errors: truncated, bad_value (no such message), over_budget (relays in relays, 8 deep).
Result<Message> read_v6(Bytes bytes);

}  // namespace klik::net::dhcp
