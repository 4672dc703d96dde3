// One connection between two addresses, and what its readers found out about it as a whole.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traffic/stream.h"

namespace klik::traffic {

// An IPv4 address stands in its mapped form, ::ffff:a.b.c.d (RFC 4291 §2.5.5.2).
struct Address {
  std::array<std::uint8_t, 16> bytes{};
  bool is_v4() const;
  friend auto operator<=>(const Address&, const Address&) = default;
};
std::string to_text(const Address& address);   // "192.0.2.1", "2001:db8::1"
std::optional<Address> address_of(std::string_view text);   // the reverse; nothing when it is no address
// Of a network that is not the Internet's: RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291 §2.5.6.
bool is_local(const Address& address);

enum class Transport : std::uint8_t { tcp, udp, other };   // other: what IP carries beside them, which has no ports

struct Endpoint {
  Address address;
  std::uint16_t port = 0;
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

// Bytes that nobody but the two ends can read, by the reason. The first reason told for a connection stays.
enum class Dark : std::uint8_t { none, tls, quic, dtls, ech, encrypted_body, unknown_protocol, damaged, esp };
std::string_view dark_name(Dark dark);

// Another pair of addresses that a connection went on over.
struct Path {
  Endpoint caller, called;
  std::string_view known_by;         // "id": its first packet bears an id of the connection; "keys": it opened under its keys too; a literal
  std::int64_t started_ns = 0;
  std::uint64_t packets_up = 0, packets_down = 0;   // counted in the connection as well
  Origin first;                      // its first frame
};

struct Connection;
// As in rows: "tcp", "udp", "icmp", "esp", …; "ip253" where the number has no name here.
std::string transport_name(const Connection& connection);

struct Connection {
  std::uint64_t number = 0;          // within its capture, in order of the first packet
  Transport transport = Transport::tcp;
  std::uint8_t ip_protocol = 0;      // that IP gives the transport; 0: not known
  Endpoint caller, called;           // the side that opened it, and the other
  std::string_view caller_by;        // how that is known: "syn", "syn-ack", "port", "capture", "echo", "address", "first"; a literal
  std::int64_t started_ns = 0, ended_ns = 0;
  std::uint64_t packets_up = 0, packets_down = 0, bytes_up = 0, bytes_down = 0;   // payload of the transport, without repeats
  std::uint64_t missing_up = 0, missing_down = 0;   // payload that the capture lacks
  std::uint64_t late_up = 0, late_down = 0;         // of bytes_*: that came when what follows had been read without it
  // By Way: its first byte is known to be in the capture; its sender said that nothing follows (FIN, close_notify), behind its last byte.
  std::array<bool, 2> starts{}, closed{};
  Origin first;                      // its first frame
  std::vector<Path> paths;           // that it moved to, in the order in which they came up
  std::string app;                   // that the capturing program names: "uid 10123", "uid 10123 Browser"

  // What readers say. Outermost first, joined with '/': "tls/h2", "quic/h3", "xiaomi_push", "unknown".
  std::string protocol;
  // The name the caller asked for, by the strongest word of it: SNI, Host, CONNECT target; lower case, without the last dot. "" when none
  // was seen.
  std::string host;
  std::string_view host_from;        // "sni", "http", "quic", "gquic", "push", …; "" without a host
  Dark dark = Dark::none;
  std::uint64_t dark_up = 0, dark_down = 0;         // payload bytes that were not seen into

  void speaks(std::string_view name) { protocol += protocol.empty() ? std::string(name) : "/" + std::string(name); }
  // The first word counts, unless it is for a relay that hides the real one. `name`: as it was written.
  void named(std::string_view name, std::string_view from);
  void hides(Dark why, Way way, std::uint64_t bytes) {
    if (dark == Dark::none) dark = why;
    (way == Way::up ? dark_up : dark_down) += bytes;
  }
};

// For a problem's detail: "connection 12, maker.example:443", with the address as long as no name is known.
std::string connection_text(const Connection& connection);

}  // namespace klik::traffic
