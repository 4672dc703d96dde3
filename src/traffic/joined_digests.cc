#include "traffic/joined_digests.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "data/digests.h"

namespace klik::traffic {
namespace {

constexpr std::size_t kMostWays = 4096;
constexpr std::string_view kJoin = "\xe2\x80\x96";   // ‖

std::string keyed(HashAlgorithm algorithm, std::string_view key, std::string_view text) {
  const EVP_MD* md = algorithm == HashAlgorithm::md5 ? EVP_md5() : algorithm == HashAlgorithm::sha1 ? EVP_sha1() : EVP_sha256();
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  const Bytes k = Bytes::of(key), t = Bytes::of(text);
  HMAC(md, k.data(), static_cast<int>(k.size()), t.data(), t.size(), out.data(), &size);
  return std::string(Bytes(out.data(), size).text());
}

bool is_mac(IdentifierKind kind) { return kind == IdentifierKind::mac || kind == IdentifierKind::wifi_mac; }

// Those in which programs have it at hand.
std::vector<std::string> spellings(const Identifier& identifier) {
  std::vector<std::string> all{identifier.value, text::lower(identifier.value), text::upper(identifier.value)};
  if (is_mac(identifier.kind)) {
    std::string bare = identifier.value;
    std::erase(bare, ':');
    all.insert(all.end(), {bare, text::upper(bare)});
  }
  std::vector<std::string> out;
  for (std::string& s : all)
    if (std::ranges::find(out, s) == out.end()) out.push_back(std::move(s));
  return out;
}

// One value that may stand for a part.
struct Choice {
  std::string text;
  std::optional<std::uint32_t> identifier;
};

std::vector<Choice> choices(const data::KnownDigest::Part& part, std::span<const Identifier> identifiers) {
  if (part.literal) return {{std::string(part.text), std::nullopt}};
  std::vector<Choice> out;
  for (std::uint32_t i = 0; i < identifiers.size(); ++i) {
    const IdentifierKind kind = identifiers[i].kind;
    if (kind_name(kind) != part.text && !(part.text == "mac" && is_mac(kind))) continue;
    for (std::string& s : spellings(identifiers[i])) out.push_back({std::move(s), i});
  }
  return out;
}

void join(const data::KnownDigest& known, std::span<const Identifier> identifiers, std::vector<JoinedDigest>& out) {
  const auto algorithm = std::ranges::find(kDigestNames, known.algorithm);
  if (algorithm == std::end(kDigestNames)) return;
  std::vector<std::vector<Choice>> parts;
  std::string name(known.algorithm);
  std::size_t ways = 1, kinds = 0;
  for (const data::KnownDigest::Part& part : known.parts) {
    parts.push_back(choices(part, identifiers));
    kinds += !part.literal;
    ways *= parts.back().size();
    // One kind alone gives no more than there are; several multiply.
    if (ways == 0 || (kinds > 1 && ways > kMostWays)) return;
    name.append(parts.size() == 1 ? "(" : kJoin).append(part.text);
  }
  name += ")";
  for (std::size_t way = 0; way < ways; ++way) {
    std::string text;
    std::vector<std::uint32_t> of;
    std::size_t rest = way;
    for (const std::vector<Choice>& part : parts) {
      const Choice& choice = part[rest % part.size()];
      rest /= part.size();
      text += choice.text;
      if (choice.identifier) of.push_back(*choice.identifier);
    }
    const std::string bytes = digest(kDigestAlgorithms[algorithm - std::begin(kDigestNames)], text);
    for (const std::uint32_t identifier : of) out.push_back({identifier, name, bytes, known.behind});
  }
}

}  // namespace

std::string digest(HashAlgorithm algorithm, std::string_view text) {
  const auto bytes = hash(algorithm, Bytes::of(text));
  return std::string(Bytes(bytes).text());
}

std::vector<Salted> salted(std::string_view text, const Salt& salt) {
  std::vector<Salted> out;
  const std::string name = "salt" + std::to_string(salt.number);
  for (std::size_t i = 0; i < std::size(kDigestNames); ++i) {
    const std::string algorithm(kDigestNames[i]);
    switch (salt.way) {
      case Salt::Way::before: out.push_back({algorithm + "(" + name + std::string(kJoin) + "value)", digest(kDigestAlgorithms[i], salt.bytes + std::string(text))}); break;
      case Salt::Way::after: out.push_back({algorithm + "(value" + std::string(kJoin) + name + ")", digest(kDigestAlgorithms[i], std::string(text) + salt.bytes)}); break;
      case Salt::Way::key: out.push_back({"hmac_" + algorithm + "(" + name + ",value)", keyed(kDigestAlgorithms[i], salt.bytes, text)}); break;
    }
  }
  return out;
}

std::vector<JoinedDigest> known_joined(std::span<const Identifier> identifiers) {
  std::vector<JoinedDigest> out;
  for (const data::KnownDigest& known : data::known_digests()) join(known, identifiers, out);
  std::ranges::stable_sort(out, {}, &JoinedDigest::identifier);
  return out;
}

}  // namespace klik::traffic
