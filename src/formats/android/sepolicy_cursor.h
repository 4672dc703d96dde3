// Reading a policy from front to back: every field says where it stood when it is refused.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"

namespace klik::sepolicy {

class Cursor {
 public:
  explicit Cursor(Bytes bytes) : bytes_(bytes) {}
  std::uint64_t at() const { return at_; }
  std::uint64_t left() const { return bytes_.size() - at_; }

  Result<std::uint32_t> u32() { return integer<U32le, std::uint32_t>(); }
  Result<std::uint16_t> u16() { return integer<U16le, std::uint16_t>(); }
  Result<std::uint8_t> u8() { return integer<std::uint8_t, std::uint8_t>(); }

  Result<void> skip(std::uint64_t n) {
    if (n > left()) return fail(Code::truncated, at_, "the policy ends inside a record");
    at_ += n;
    return {};
  }

  // Names are identifiers; the longest known is 80 characters.
  Result<std::string> name(std::uint32_t length) {
    if (length == 0 || length > 1024) return fail(Code::bad_value, at_, "a name of no plausible length");
    KLIK_TRY(const Bytes text, bytes_.slice(at_, length));
    if (text.text().find('\0') != std::string_view::npos) return fail(Code::bad_value, at_, "a name with a zero byte");
    at_ += length;
    return std::string(text.text());
  }

  // Positions of the bits that are set.
  Result<std::vector<std::uint32_t>> bitmap() {
    constexpr std::uint32_t kUnit = 64, kMost = 1u << 20;
    const std::uint64_t start = at_;
    KLIK_TRY(const std::uint32_t unit, u32());
    KLIK_TRY(const std::uint32_t end, u32());
    KLIK_TRY(const std::uint32_t count, u32());
    if (unit != kUnit || end > kMost || end % kUnit != 0 || count > end / kUnit || count > left() / 12) return fail(Code::bad_value, start, "a bitmap of an impossible size");
    std::vector<std::uint32_t> out;
    std::uint32_t next = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      KLIK_TRY(const std::uint32_t first, u32());
      // Units that go back or overlap would make a loop of readers that trust their order.
      if (first % kUnit != 0 || first < next || first > end - kUnit) return fail(Code::bad_value, at_ - 4, "units of a bitmap are out of order");
      next = first + kUnit;
      const auto bits = integer<U64le, std::uint64_t>();
      if (!bits) return fail(bits.error());
      for (std::uint32_t bit = 0; bit < kUnit; ++bit)
        if (*bits >> bit & 1) out.push_back(first + bit);
    }
    return out;
  }

 private:
  template <class Field, class T>
  Result<T> integer() {
    KLIK_TRY(const Field value, bytes_.get<Field>(at_));
    at_ += sizeof(Field);
    return static_cast<T>(value);
  }

  Bytes bytes_;
  std::uint64_t at_ = 0;
};

}  // namespace klik::sepolicy
