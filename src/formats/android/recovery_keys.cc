#include "formats/android/recovery_keys.h"

#include <charconv>
#include <string_view>

#include "formats/cert/der.h"
#include "formats/cert/rsa_key.h"

namespace klik::recovery {
namespace {

constexpr std::size_t kMostKeys = 64, kMostWords = 128;

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  std::uint64_t at() const { return at_; }
  bool at_end() const { return at_ >= text_.size(); }
  void space() {
    while (!at_end() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take(char c) {
    space();
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  // A number of 32 bits, hexadecimal behind "0x".
  Result<std::uint32_t> number() {
    space();
    const bool hexadecimal = text_.substr(at_, 2) == "0x";
    const std::string_view digits = text_.substr(at_ + (hexadecimal ? 2 : 0));
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), value, hexadecimal ? 16 : 10);
    if (error != std::errc()) return fail(Code::bad_value, at_, "no number where a key has one");
    at_ += (hexadecimal ? 2 : 0) + static_cast<std::uint64_t>(end - digits.begin());
    return value;
  }
  Result<void> need(char c) {
    if (!take(c)) return fail(Code::bad_value, at_, "not the form of a recovery's keys");
    return {};
  }

 private:
  std::string_view text_;
  std::uint64_t at_ = 0;
};

// `count` words, the least significant first; as bytes, the most significant first.
Result<std::vector<std::uint8_t>> words(Scanner& in, std::uint32_t count) {
  std::vector<std::uint8_t> out(std::size_t{count} * 4);
  KLIK_CHECK(in.need('{'));
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i > 0) { KLIK_CHECK(in.need(',')); }
    KLIK_TRY(const std::uint32_t word, in.number());
    for (std::size_t b = 0; b < 4; ++b) out[out.size() - 1 - 4 * std::size_t{i} - b] = static_cast<std::uint8_t>(word >> (8 * b));
  }
  KLIK_CHECK(in.need('}'));
  return out;
}

}  // namespace

Result<std::vector<Key>> read_keys(Bytes text) {
  std::vector<Key> keys;
  Scanner in(text.text());
  do {
    in.space();
    const std::uint64_t start = in.at();
    std::uint32_t version = 1;
    if (in.take('v')) {
      KLIK_TRY(version, in.number());
    }
    if (version < 1 || version > 4) return fail(version == 5 ? Code::unsupported : Code::bad_value, start, "a key of a form that is not read");
    KLIK_CHECK(in.need('{'));
    KLIK_TRY(const std::uint32_t count, in.number());
    if (count == 0 || count > kMostWords) return fail(Code::bad_value, start, "a key of an impossible size");
    KLIK_CHECK(in.need(','));
    KLIK_CHECK(in.number());   // a helper number that follows from the modulus, as R² does
    KLIK_CHECK(in.need(','));
    KLIK_TRY(const std::vector<std::uint8_t> modulus, words(in, count));
    KLIK_CHECK(in.need(','));
    KLIK_CHECK(words(in, count));
    KLIK_CHECK(in.need('}'));
    if (keys.size() == kMostKeys) return fail(Code::over_budget, start, "more keys of updates than any recovery has");
    KLIK_TRY(cert::PublicKey key, cert::rsa_key(Bytes(modulus), version == 1 || version == 3 ? 3 : 65537));
    keys.push_back({std::move(key), version >= 3 ? HashAlgorithm::sha256 : HashAlgorithm::sha1, start, in.at() - start});
  } while (in.take(','));
  return keys;
}

std::optional<HashAlgorithm> digest_of_certificate(Bytes der) {
  const auto certificate = der::Reader(der).next(der::kSequence);
  if (!certificate) return std::nullopt;
  der::Reader parts(*certificate);
  const auto body = parts.next(der::kSequence), algorithm = body ? parts.next(der::kSequence) : body;
  if (!algorithm) return std::nullopt;
  const auto id = der::Reader(*algorithm).next(der::kOid);
  if (!id) return std::nullopt;
  const std::string oid = der::oid(id->content);
  for (const std::string_view with_sha1 : {"1.2.840.113549.1.1.5", "1.3.14.3.2.29", "1.2.840.113549.1.1.4", "1.3.14.3.2.3"})
    if (oid == with_sha1) return HashAlgorithm::sha1;
  for (const std::string_view with_sha256 : {"1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2"})
    if (oid == with_sha256) return HashAlgorithm::sha256;
  return std::nullopt;
}

}  // namespace klik::recovery
