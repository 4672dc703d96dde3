// Walks fields in network order: integers, and bytes that carry their length before them.
// Sources: RFC 8446 §3 (TLS presentation language), RFC 9000 §16 (variable-length integers).
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace klik::net {

class Cursor {
 public:
  explicit Cursor(Bytes bytes) : bytes_(bytes) {}

  std::uint64_t at() const { return at_; }
  std::uint64_t left() const { return bytes_.size() - at_; }
  bool done() const { return left() == 0; }

  Result<std::uint8_t> u8() { return integer<std::uint8_t>(); }
  Result<std::uint16_t> u16() {
    KLIK_TRY(const U16be value, integer<U16be>());
    return value;
  }
  Result<std::uint32_t> u24() {
    KLIK_TRY(const Bytes b, take(3));
    return static_cast<std::uint32_t>(b[0] << 16 | b[1] << 8 | b[2]);
  }
  Result<std::uint32_t> u32() {
    KLIK_TRY(const U32be value, integer<U32be>());
    return value;
  }
  // QUIC's: 0 … 2^62 - 1; the two highest bits of the first byte tell its length.
  Result<std::uint64_t> varint() {
    KLIK_TRY(const std::uint8_t first, bytes_.get<std::uint8_t>(at_));
    KLIK_TRY(const Bytes all, take(std::uint64_t{1} << (first >> 6)));
    std::uint64_t value = first & 0x3f;
    for (std::size_t i = 1; i < all.size(); ++i) value = value << 8 | all[i];
    return value;
  }
  Result<Bytes> take(std::uint64_t n) {
    KLIK_TRY(const Bytes out, bytes_.slice(at_, n));
    at_ += n;
    return out;
  }
  // opaque name<0..2^8-1>, <0..2^16-1>, <0..2^24-1>
  Result<Bytes> vector8() {
    KLIK_TRY(const std::uint8_t n, u8());
    return take(n);
  }
  Result<Bytes> vector16() {
    KLIK_TRY(const std::uint16_t n, u16());
    return take(n);
  }
  Result<Bytes> vector24() {
    KLIK_TRY(const std::uint32_t n, u24());
    return take(n);
  }
  // A varint, then as many bytes.
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
  template <class T>
  Result<T> integer() {
    KLIK_TRY(const T value, bytes_.get<T>(at_));
    at_ += sizeof(T);
    return value;
  }

  Bytes bytes_;
  std::uint64_t at_ = 0;
};

}  // namespace klik::net
