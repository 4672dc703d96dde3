// Single bits as deflate orders them: from the lowest bit of each byte. Source: RFC 1951, 3.1.1.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace klik::patch {

// Reads from bit `first` of `bytes` on.
class BitReader {
 public:
  // `bits`: how many there are from `first` on; what is behind them belongs to others.
  BitReader(Bytes bytes, std::uint64_t first, std::uint64_t bits = ~std::uint64_t{0}) : bytes_(bytes), at_(first), end_(bytes.size() * 8) {
    if (first < end_ && bits < end_ - first) end_ = first + bits;
  }
  std::uint64_t position() const { return at_; }
  std::uint64_t left() const { return end_ > at_ ? end_ - at_ : 0; }

  // The next `count` bits without passing them, zeros behind the end. REQUIRES: count <= 16.
  std::uint32_t peek(unsigned count) const {
    std::uint32_t bits = 0;
    const std::uint64_t byte = at_ / 8;
    for (unsigned i = 0; i < 3; ++i)   // 16 bits touch at most three bytes
      if (byte + i < bytes_.size()) bits |= std::uint32_t{bytes_[byte + i]} << (8 * i);
    return (bits >> (at_ % 8)) & ((1u << count) - 1);
  }
  Result<void> skip(unsigned count) {
    if (count > left()) return fail(Code::truncated, at_ / 8, "the deflate stream does not end");
    at_ += count;
    return {};
  }
  Result<std::uint32_t> take(unsigned count) {
    const std::uint32_t bits = peek(count);
    KLIK_CHECK(skip(count));
    return bits;
  }
  // REQUIRES: at a byte's start.
  Result<Bytes> take_bytes(std::uint64_t count) {
    KLIK_TRY(const Bytes part, bytes_.slice(at_ / 8, count));
    at_ += count * 8;
    return part;
  }

 private:
  Bytes bytes_;
  std::uint64_t at_, end_;
};

class BitWriter {
 public:
  std::uint64_t position() const { return out_.size() * 8 - room_; }
  // REQUIRES: count <= 16. Higher bits of `bits` are left out.
  void put(std::uint32_t bits, unsigned count) {
    bits &= (1u << count) - 1;
    while (count > 0) {
      if (room_ == 0) {
        out_.push_back(0);
        room_ = 8;
      }
      const unsigned n = count < room_ ? count : room_;
      out_.back() = static_cast<std::uint8_t>(out_.back() | ((bits & ((1u << n) - 1)) << (8 - room_)));
      bits >>= n;
      count -= n;
      room_ -= n;
    }
  }
  // REQUIRES: at a byte's start.
  void put_bytes(Bytes bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  std::uint64_t size() const { return out_.size(); }   // a begun byte counts
  std::vector<std::uint8_t> finish() && { return std::move(out_); }

 private:
  std::vector<std::uint8_t> out_;
  unsigned room_ = 0;   // free high bits of the last byte
};

}  // namespace klik::patch
