// Walks the fields of a QUIC packet: integers in network order, variable-length integers, connection ids.
// Source: RFC 9000 §16, §17.2.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace klik::quic {

class Cursor {
 public:
  explicit Cursor(Bytes bytes) : bytes_(bytes) {}

  std::uint64_t at() const { return at_; }
  std::uint64_t left() const { return bytes_.size() - at_; }
  bool done() const { return left() == 0; }

  Result<std::uint8_t> u8() {
    KLIK_TRY(const std::uint8_t value, bytes_.get<std::uint8_t>(at_));
    ++at_;
    return value;
  }
  Result<std::uint32_t> u32() {
    KLIK_TRY(const U32be value, bytes_.get<U32be>(at_));
    at_ += 4;
    return value;
  }
  // 0 … 2^62 - 1; the two highest bits of the first byte tell its length.
  Result<std::uint64_t> varint() {
    KLIK_TRY(const std::uint8_t first, bytes_.get<std::uint8_t>(at_));
    KLIK_TRY(const Bytes all, bytes_.slice(at_, std::uint64_t{1} << (first >> 6)));
    std::uint64_t value = first & 0x3f;
    for (std::size_t i = 1; i < all.size(); ++i) value = value << 8 | all[i];
    at_ += all.size();
    return value;
  }
  Result<Bytes> take(std::uint64_t n) {
    KLIK_TRY(const Bytes out, bytes_.slice(at_, n));
    at_ += n;
    return out;
  }
  // A length of one byte, then as many bytes.
  Result<Bytes> vector8() {
    KLIK_TRY(const std::uint8_t n, u8());
    return take(n);
  }
  // A varint's worth of bytes.
  Result<Bytes> sized() {
    KLIK_TRY(const std::uint64_t n, varint());
    return take(n);
  }
  Bytes rest() {
    const auto out = bytes_.from(at_);
    at_ = bytes_.size();
    return out ? *out : Bytes();
  }

 private:
  Bytes bytes_;
  std::uint64_t at_ = 0;
};

}  // namespace klik::quic
