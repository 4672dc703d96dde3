// Writing fixtures: integers and padded text into a growing buffer.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

namespace klik::test {

class Writer {
 public:
  std::vector<std::uint8_t> bytes;

  Writer& le(std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    return *this;
  }
  Writer& be(std::uint64_t value, std::size_t size) {
    for (std::size_t i = size; i-- > 0;) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    return *this;
  }
  Writer& u16(std::uint64_t value) { return le(value, 2); }
  Writer& u32(std::uint64_t value) { return le(value, 4); }
  Writer& u64(std::uint64_t value) { return le(value, 8); }
  Writer& text(std::string_view value) {
    bytes.insert(bytes.end(), value.begin(), value.end());
    return *this;
  }
  // `value` in a field of `size` bytes, the rest zero.
  Writer& field(std::string_view value, std::size_t size) {
    text(value.substr(0, size));
    return zeros(size - std::min(size, value.size()));
  }
  Writer& zeros(std::size_t n) {
    bytes.resize(bytes.size() + n);
    return *this;
  }
  Writer& align(std::size_t n) { return zeros((n - bytes.size() % n) % n); }
  Writer& append(const std::vector<std::uint8_t>& more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
    return *this;
  }
  // Overwrites a little-endian integer.
  Writer& patch(std::size_t at, std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) bytes.at(at + i) = static_cast<std::uint8_t>(value >> (8 * i));
    return *this;
  }
};

}  // namespace klik::test
