// Devices on the local network seek and announce services in a form like HTTP's. Source: UPnP Device Architecture 2.0 §1.2, §1.3.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::net::ssdp {

struct Field {
  std::string_view name, value;   // as written
};

struct Message {
  std::string_view what;          // "M-SEARCH", "NOTIFY", "response": a literal
  std::vector<Field> fields;      // views into the datagram; at most kMostFields
};
inline constexpr std::size_t kMostFields = 64;

// Nothing when the datagram is no such message.
std::optional<Message> read(Bytes datagram);
// The first field of that name, in any case; "" when there is none.
std::string_view field(const Message& message, std::string_view name);

}  // namespace klik::net::ssdp
