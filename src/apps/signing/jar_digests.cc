#include "apps/signing/jar_digests.h"

#include <array>

namespace klik::apk {
namespace {

constexpr int kSdkJellyBeanMr2 = 18, kSdkGingerbread = 9;

struct Strong {
  std::string_view name;
  HashAlgorithm algorithm;
};
constexpr std::array kStrongestFirst{Strong{"SHA-512", HashAlgorithm::sha512}, Strong{"SHA-384", HashAlgorithm::sha384},
                                     Strong{"SHA-256", HashAlgorithm::sha256}, Strong{"SHA1", HashAlgorithm::sha1}};

std::optional<HashAlgorithm> old_algorithm(std::string_view name, int sdk) {
  if (equal_ignoring_case(name, "MD5")) return HashAlgorithm::md5;
  if (equal_ignoring_case(name, "SHA") || equal_ignoring_case(name, "SHA1") || equal_ignoring_case(name, "SHA-1")) return HashAlgorithm::sha1;
  if (equal_ignoring_case(name, "SHA-256")) return HashAlgorithm::sha256;
  if (sdk < kSdkGingerbread) return std::nullopt;
  if (equal_ignoring_case(name, "SHA-384")) return HashAlgorithm::sha384;
  if (equal_ignoring_case(name, "SHA-512")) return HashAlgorithm::sha512;
  return std::nullopt;
}

NamedDigest named(HashAlgorithm algorithm, const std::string& text) {
  auto value = unbase64(text);
  return {algorithm, value ? *std::move(value) : std::vector<std::uint8_t>()};
}

}  // namespace

std::optional<std::vector<std::uint8_t>> unbase64(std::string_view text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::uint8_t> out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  unsigned count = 0;   // digits in `bits`
  std::size_t padding = 0;
  for (const char c : text) {
    if (c == ' ' || c == '\t') continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos || padding > 0) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    if (++count < 4) continue;
    for (const unsigned shift : {16u, 8u, 0u}) out.push_back(static_cast<std::uint8_t>(bits >> shift));
    bits = 0;
    count = 0;
  }
  if (count == 1 || (padding > 0 && count + padding != 4)) return std::nullopt;
  if (count >= 2) out.push_back(static_cast<std::uint8_t>(bits >> (count == 2 ? 4 : 10)));
  if (count == 3) out.push_back(static_cast<std::uint8_t>(bits >> 2));
  return out;
}

std::optional<NamedDigest> digest_to_check(const JarSection& section, std::string_view suffix, int sdk) {
  if (sdk >= kSdkJellyBeanMr2) {
    for (const Strong& s : kStrongestFirst)
      if (const std::string* text = section.value(std::string(s.name).append(suffix))) return named(s.algorithm, *text);
    return std::nullopt;
  }
  const std::string* stated = section.value("Digest-Algorithms");
  std::string_view list = stated ? std::string_view(*stated) : "SHA SHA1";
  while (!list.empty()) {   // takes one name or one space off in each round
    const std::size_t end = std::min(list.find_first_of(" \t"), list.size());
    const std::string_view name = list.substr(0, end);
    list.remove_prefix(std::max<std::size_t>(end, 1));
    if (name.empty()) continue;
    const auto algorithm = old_algorithm(name, sdk);
    const std::string* text = section.value(std::string(name).append(suffix));
    if (algorithm && text) return named(*algorithm, *text);
  }
  return std::nullopt;
}

}  // namespace klik::apk
