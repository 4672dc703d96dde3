// One of the streams of a Zucchini patch: numbers in the variable-length code of protocol buffers, and single bytes.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace klik::zucchini {

class Stream {
 public:
  Stream() = default;
  // `base`: where the stream begins in the patch, for errors.
  Stream(Bytes bytes, std::uint64_t base) : bytes_(bytes), base_(base) {}

  bool done() const { return at_ == bytes_.size(); }
  std::uint64_t size() const { return bytes_.size(); }
  std::uint64_t at() const { return base_ + at_; }   // of what comes next, in the patch

  // Errors: truncated, bad_value (more than five bytes).
  Result<std::uint32_t> number() {
    std::uint32_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      if (done()) return fail(Code::truncated, at(), "number past the end of its stream");
      const std::uint8_t byte = bytes_[at_++];
      value |= static_cast<std::uint32_t>(byte & 0x7F) << shift;   // of the fifth byte only four bits are used
      if (byte < 0x80) return value;
    }
    return fail(Code::bad_value, at(), "number of more than five bytes");
  }
  // The lowest bit is the sign; then all others are inverted.
  Result<std::int32_t> signed_number() {
    KLIK_TRY(const std::uint32_t coded, number());
    const auto half = static_cast<std::int32_t>(coded >> 1);
    return coded & 1 ? ~half : half;
  }
  Result<std::uint8_t> byte() {
    if (done()) return fail(Code::truncated, at(), "byte past the end of its stream");
    return bytes_[at_++];
  }
  Result<Bytes> take(std::uint64_t n) {
    if (n > bytes_.size() - at_) return fail(Code::truncated, at(), "bytes past the end of their stream");
    KLIK_TRY(const Bytes part, bytes_.slice(at_, n));
    at_ += n;
    return part;
  }

 private:
  Bytes bytes_;
  std::uint64_t base_ = 0, at_ = 0;
};

}  // namespace klik::zucchini
