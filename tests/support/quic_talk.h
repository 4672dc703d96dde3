// The packets of one made connection: hellos, handshake and data, under keys whose log can be had.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/quic_maker.h"
#include "traffic/stream.h"

namespace klik::test {

inline const Octets kFirstId = *unhex("8394c8f03e515708"), kClientId = *unhex("c1c2c3"), kServerId = *unhex("5e5e5e5e5e");

inline Octets hello_message(std::string_view alpn = "h3", std::string_view name = "made.example", std::uint8_t random = 7, std::size_t padding = 0) {
  Octets extensions = joined({server_name_of(name), alpn_of({alpn}), extension_of(43, *unhex("020304"))});
  if (padding > 0) append(extensions, extension_of(21, Octets(padding)));
  return handshake(1, client_hello({.random = random, .suites = words({0x1301, 0x1302, 0x1303}), .extensions = extensions}));
}
inline Octets server_hello_message(std::uint16_t suite, bool retry = false) {
  const Octets random = retry ? *unhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c") : Octets(32, 8);
  return handshake(2, joined({{3, 3}, random, counted(Octets(4, 9), 1), number(suite, 2), {0}, counted(extension_of(43, *unhex("0304")), 2)}));
}
inline Octets encrypted_extensions(std::string_view alpn) { return handshake(8, counted(alpn_of({alpn}), 2)); }
inline Octets certificate_message(const std::vector<std::string>& ders) {
  Octets list;
  for (const std::string& der : ders) append(list, joined({counted(text(der), 3), {0, 0}}));
  return handshake(11, joined({{0}, counted(list, 3)}));
}

struct Ends {
  traffic::AeadKind kind = traffic::AeadKind::aes_128_gcm;
  bool v2 = false;
  QuicSeal key(std::uint8_t what) const { return {Octets(traffic::digest_size(traffic::hash_of(kind)), what), kind, v2}; }
  QuicSeal early() const { return key(0xe0); }
  QuicSeal handshake(traffic::Way way) const { return key(way == traffic::Way::up ? 0xa1 : 0xa2); }
  QuicSeal traffic(traffic::Way way) const { return key(way == traffic::Way::up ? 0xb1 : 0xb2); }
  std::uint16_t suite() const { return kind == traffic::AeadKind::aes_128_gcm ? 0x1301 : kind == traffic::AeadKind::aes_256_gcm ? 0x1302 : 0x1303; }
  std::string log(std::uint8_t random = 7) const {
    std::string out;
    const auto line = [&](std::string_view label, const QuicSeal& seal) { out += std::string(label) + " " + hex(Bytes(Octets(32, random))) + " " + hex(Bytes(seal.secret)) + "\n"; };
    line("CLIENT_EARLY_TRAFFIC_SECRET", early());
    line("CLIENT_HANDSHAKE_TRAFFIC_SECRET", handshake(traffic::Way::up));
    line("SERVER_HANDSHAKE_TRAFFIC_SECRET", handshake(traffic::Way::down));
    line("CLIENT_TRAFFIC_SECRET_0", traffic(traffic::Way::up));
    line("SERVER_TRAFFIC_SECRET_0", traffic(traffic::Way::down));
    return out;
  }
};

inline Octets client_initial(const Octets& frames, std::uint64_t n = 0, std::uint32_t version = quic::kV1, const Octets& destination = kFirstId, const Octets& keys = kFirstId) {
  return long_packet({.version = version, .destination = destination, .source = kClientId, .packet_number = n, .at_least = 1160}, frames, initial_seal(version, keys, true));
}
inline Octets server_initial(const Octets& frames, std::uint64_t n = 0, std::uint32_t version = quic::kV1, const Octets& keys = kFirstId) {
  return long_packet({.version = version, .destination = kClientId, .source = kServerId, .packet_number = n}, frames, initial_seal(version, keys, false));
}
inline Octets handshake_packet(const Ends& ends, traffic::Way way, const Octets& frames, std::uint64_t n = 0) {
  return long_packet({.version = ends.v2 ? quic::kV2 : quic::kV1, .type = 2, .destination = way == traffic::Way::up ? kServerId : kClientId, .source = way == traffic::Way::up ? kClientId : kServerId, .packet_number = n}, frames, ends.handshake(way));
}
inline Octets data_packet(const Ends& ends, traffic::Way way, const Octets& frames, std::uint64_t n) { return short_packet(way == traffic::Way::up ? kServerId : kClientId, n, frames, ends.traffic(way)); }

}  // namespace klik::test
