#include "traffic/connection.h"

#include <arpa/inet.h>

#include <algorithm>
#include <utility>

#include "traffic/events.h"
#include "traffic/host_name.h"
#include "traffic/other_ip.h"

namespace klik::traffic {

bool Address::is_v4() const {
  return std::all_of(bytes.begin(), bytes.begin() + 10, [](std::uint8_t b) { return b == 0; }) && bytes[10] == 0xff && bytes[11] == 0xff;
}

std::string to_text(const Address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.is_v4()) inet_ntop(AF_INET, address.bytes.data() + 12, text, sizeof text);
  else inet_ntop(AF_INET6, address.bytes.data(), text, sizeof text);
  return text;
}

std::optional<Address> address_of(std::string_view text) {
  Address address;
  const std::string ended(text.substr(0, INET6_ADDRSTRLEN));
  if (inet_pton(AF_INET, ended.c_str(), address.bytes.data() + 12) == 1) {
    address.bytes[10] = address.bytes[11] = 0xff;
    return address;
  }
  if (text.find(':') == text.npos || inet_pton(AF_INET6, ended.c_str(), address.bytes.data()) != 1) return std::nullopt;
  return address;
}

bool is_local(const Address& address) {
  const auto& b = address.bytes;
  if (!address.is_v4()) return (b[0] & 0xfe) == 0xfc || (b[0] == 0xfe && (b[1] & 0xc0) == 0x80);
  return b[12] == 10 || b[12] == 127 || (b[12] == 172 && (b[13] & 0xf0) == 16) || (b[12] == 192 && b[13] == 168) || (b[12] == 100 && (b[13] & 0xc0) == 64) || (b[12] == 169 && b[13] == 254);
}

std::string transport_name(const Connection& connection) { return connection.transport == Transport::tcp ? "tcp" : connection.transport == Transport::udp ? "udp" : ip_protocol_name(connection.ip_protocol); }

void Connection::named(std::string_view name, std::string_view from) {
  if (!host.empty()) return;
  host = host_name(name);
  if (!host.empty()) host_from = from;
}

std::string_view dark_name(Dark dark) {
  constexpr std::string_view kNames[] = {"none", "tls", "quic", "dtls", "ech", "encrypted_body", "unknown_protocol", "damaged", "esp"};
  return kNames[std::to_underlying(dark)];
}

std::string connection_text(const Connection& connection) {
  const Endpoint& to = connection.called;
  const std::string address = to_text(to.address), whom = !connection.host.empty() ? connection.host : to.address.is_v4() ? address : "[" + address + "]";
  return "connection " + std::to_string(connection.number) + ", " + whom + ":" + std::to_string(to.port);
}

std::string_view opened_name(Opened state) {
  constexpr std::string_view kNames[] = {"clear", "decrypted", "encrypted", "damaged"};
  return kNames[std::to_underlying(state)];
}

}  // namespace klik::traffic
