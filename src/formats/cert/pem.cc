#include "formats/cert/pem.h"

namespace klik::pem {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ", kEnd = "-----END ", kDashes = "-----";

int digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

std::vector<std::uint8_t> decoded(std::string_view text) {
  std::vector<std::uint8_t> out;
  std::uint32_t bits = 0;
  unsigned count = 0, padding = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r' || c == ' ' || c == '\t') continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const int value = digit(c);
    if (value < 0 || padding) return {};
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    if (++count % 4 == 0) {
      for (const int shift : {16, 8, 0}) out.push_back(static_cast<std::uint8_t>(bits >> shift));
      bits = 0;
    }
  }
  if (count % 4 == 1 || padding > 2) return {};
  if (count % 4 == 2) out.push_back(static_cast<std::uint8_t>(bits >> 4));
  if (count % 4 == 3) {
    out.push_back(static_cast<std::uint8_t>(bits >> 10));
    out.push_back(static_cast<std::uint8_t>(bits >> 2));
  }
  return out;
}

}  // namespace

std::vector<Block> blocks(Bytes file, std::size_t most) {
  const std::string_view text = file.text();
  std::vector<Block> out;
  for (std::size_t at = text.find(kBegin); at != text.npos && out.size() < most; at = text.find(kBegin, at)) {
    const std::size_t label = at + kBegin.size(), label_end = text.find(kDashes, label);
    if (label_end == text.npos) break;
    const std::size_t body = label_end + kDashes.size(), end = text.find(kEnd, body);
    if (end == text.npos) break;
    // A block that begins again before it ends was cut: the later beginning counts.
    if (const std::size_t again = text.find(kBegin, body); again < end) {
      at = again;
      continue;
    }
    const std::size_t close = text.find(kDashes, end + kEnd.size());
    if (close == text.npos) break;
    out.push_back({text.substr(label, label_end - label), decoded(text.substr(body, end - body)), at, close + kDashes.size() - at});
    at = close + kDashes.size();
  }
  return out;
}

}  // namespace klik::pem
