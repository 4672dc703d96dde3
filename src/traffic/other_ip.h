// What IP carries beside TCP and UDP, one exchange for each pair of addresses: ICMP is looked into, ESP is told as encrypted, and
// the rest as unknown. Sources: IANA's protocol numbers; RFC 792 and 4443 (ICMP), RFC 4303 (ESP).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "traffic/context.h"
#include "traffic/packet.h"

namespace klik::traffic {

// "icmp", "esp", "sctp", …; "ip253" for a number that has no name here.
std::string ip_protocol_name(std::uint8_t protocol);

// Which side began, and how that is known: "echo", "address", "capture" or "first"; a literal.
// REQUIRES: the packet is neither TCP nor UDP.
std::string_view caller_without_ports(const Packet& packet, bool& sender_called);

// REQUIRES: the connection's transport is `other`.
std::unique_ptr<DatagramReader> other_ip_reader(Context& context);

}  // namespace klik::traffic
