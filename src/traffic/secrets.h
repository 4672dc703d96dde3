// The secrets of TLS connections that came with a capture: key log files and Decryption Secrets Blocks.
// Format: draft-ietf-tls-keylogfile, "LABEL client_random secret", hexadecimal.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace klik::traffic {

using ClientRandom = std::array<std::uint8_t, 32>;

enum class SecretLabel : std::uint8_t {
  client_random,             // the master secret of TLS 1.2 and below
  client_early_traffic,
  client_handshake_traffic,
  server_handshake_traffic,
  client_traffic,            // CLIENT_TRAFFIC_SECRET_0
  server_traffic,
};

class Secrets {
 public:
  // Takes every line it knows and passes over the rest; returns how many secrets were new.
  std::size_t add_key_log(Bytes text);
  // Empty when there is none. The bytes live as long as this object is not added to. What is found counts as used.
  Bytes find(const ClientRandom& random, SecretLabel label) const;
  bool knows(const ClientRandom& random) const;
  bool empty() const { return secrets_.empty(); }
  std::size_t size() const { return secrets_.size(); }
  // Those that were found, and the clients they are of.
  std::size_t used() const;
  std::vector<ClientRandom> used_clients() const;

 private:
  struct Secret {
    std::array<std::uint8_t, 49> bytes{};   // length, then up to 48 bytes
    mutable bool used = false;
  };
  std::map<std::pair<ClientRandom, SecretLabel>, Secret> secrets_;
};

}  // namespace klik::traffic
