#include "traffic/secrets.h"

#include <algorithm>

#include "base/hash.h"

namespace klik::traffic {
namespace {

struct Named {
  std::string_view text;
  SecretLabel label;
};
constexpr Named kLabels[] = {
    {"CLIENT_RANDOM", SecretLabel::client_random},
    {"CLIENT_EARLY_TRAFFIC_SECRET", SecretLabel::client_early_traffic},
    {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", SecretLabel::client_handshake_traffic},
    {"SERVER_HANDSHAKE_TRAFFIC_SECRET", SecretLabel::server_handshake_traffic},
    {"CLIENT_TRAFFIC_SECRET_0", SecretLabel::client_traffic},
    {"SERVER_TRAFFIC_SECRET_0", SecretLabel::server_traffic},
};

std::string_view word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
  const std::string_view found = line.substr(0, line.find_first_of(" \t\r"));
  line.remove_prefix(found.size());
  return found;
}

}  // namespace

std::size_t Secrets::add_key_log(Bytes text) {
  std::size_t added = 0;
  std::string_view rest = text.text();
  if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);   // a byte order mark, from editors
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::string_view label = word(line);
    const auto known = std::ranges::find(kLabels, label, &Named::text);
    if (known == std::end(kLabels)) continue;
    const std::string_view random_text = word(line);
    std::string_view secret_text = word(line);
    // Logs that went through a shell script end each line in a backslash; tshark reads them.
    secret_text = secret_text.substr(0, secret_text.find_first_not_of("0123456789abcdefABCDEF"));
    if (secret_text.size() > 96) continue;
    const auto random = unhex(random_text), secret = unhex(secret_text);
    if (!random || random->size() != 32 || !secret || secret->empty()) continue;
    std::pair<ClientRandom, SecretLabel> key{{}, known->label};
    std::ranges::copy(*random, key.first.begin());
    Secret value{.bytes = {static_cast<std::uint8_t>(secret->size())}};
    std::ranges::copy(*secret, value.bytes.begin() + 1);
    added += secrets_.try_emplace(key, value).second;
  }
  return added;
}

Bytes Secrets::find(const ClientRandom& random, SecretLabel label) const {
  const auto at = secrets_.find({random, label});
  if (at == secrets_.end()) return {};
  at->second.used = true;
  return Bytes(at->second.bytes.data() + 1, at->second.bytes[0]);
}

std::size_t Secrets::used() const {
  return static_cast<std::size_t>(std::ranges::count_if(secrets_, [](const auto& s) { return s.second.used; }));
}

std::vector<ClientRandom> Secrets::used_clients() const {
  std::vector<ClientRandom> clients;
  for (const auto& [key, secret] : secrets_)
    if (secret.used && (clients.empty() || clients.back() != key.first)) clients.push_back(key.first);
  return clients;
}

bool Secrets::knows(const ClientRandom& random) const {
  const auto at = secrets_.lower_bound({random, SecretLabel::client_random});
  return at != secrets_.end() && at->first.first == random;
}

}  // namespace klik::traffic
