// How structures of code lie in a row of a case: little-endian base-128 numbers and texts, compressed with zstd. A row may
// come from a case of somebody else, so the reader checks as for any file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::flow {

class PackWriter {
 public:
  void number(std::uint64_t n) {
    for (; n >= 0x80; n >>= 7) out_.push_back(static_cast<char>(n | 0x80));
    out_.push_back(static_cast<char>(n));
  }
  void text(std::string_view s) {
    number(s.size());
    out_ += s;
  }
  void texts(const std::vector<std::string_view>& all) {
    number(all.size());
    for (const std::string_view t : all) text(t);
  }
  void byte(std::uint8_t b) { out_.push_back(static_cast<char>(b)); }
  // All eight bytes: digests have no small values.
  void digest(std::uint64_t n) {
    for (unsigned i = 0; i < 8; ++i) out_.push_back(static_cast<char>(n >> (8 * i)));
  }
  // Sorted numbers as distances, which are small.
  void ascending(const std::vector<std::uint32_t>& sorted) {
    number(sorted.size());
    std::uint32_t last = 0;
    for (const std::uint32_t n : sorted) {
      number(n - last);
      last = n;
    }
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class PackReader {
 public:
  explicit PackReader(Bytes bytes) : bytes_(bytes) {}

  std::uint64_t at() const { return at_; }
  Result<std::uint64_t> wide() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      KLIK_TRY(const std::uint8_t byte, bytes_.get<std::uint8_t>(at_));
      ++at_;
      if (shift == 63 && byte > 1) break;
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return value;
    }
    return fail(Code::bad_value, at_, "a number of packed code does not fit");
  }
  Result<std::uint32_t> number() {
    KLIK_TRY(const std::uint64_t value, wide());
    if (value > ~std::uint32_t{0}) return fail(Code::bad_value, at_, "a number of packed code does not fit");
    return static_cast<std::uint32_t>(value);
  }
  Result<std::uint8_t> byte() {
    KLIK_TRY(const std::uint8_t value, bytes_.get<std::uint8_t>(at_));
    ++at_;
    return value;
  }
  Result<std::uint64_t> digest() {
    KLIK_TRY(const U64le value, bytes_.get<U64le>(at_));
    at_ += 8;
    return std::uint64_t{value};
  }
  // How many items follow, each of at least one byte: a false count cannot make us reserve more than there is.
  Result<std::uint32_t> count() {
    KLIK_TRY(const std::uint32_t n, number());
    if (n > bytes_.size() - at_) return fail(Code::truncated, at_, "a list of packed code is longer than the rest");
    return n;
  }
  Result<std::uint32_t> index(std::size_t size) {
    KLIK_TRY(const std::uint32_t n, number());
    if (n >= size) return fail(Code::bad_value, at_, "an index of packed code is past its table");
    return n;
  }
  Result<std::string_view> text() {
    KLIK_TRY(const std::uint32_t size, count());
    KLIK_TRY(const Bytes part, bytes_.slice(at_, size));
    at_ += size;
    return part.text();
  }
  Result<void> texts(std::vector<std::string_view>& out) {
    KLIK_TRY(const std::uint32_t n, count());
    out.reserve(n);
    for (std::uint32_t i = 0; i < n; ++i) {
      KLIK_TRY(const std::string_view t, text());
      out.push_back(t);
    }
    return {};
  }
  Result<void> ascending(std::vector<std::uint32_t>& out, std::size_t size) {
    KLIK_TRY(const std::uint32_t n, count());
    out.reserve(n);
    std::uint64_t last = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
      KLIK_TRY(const std::uint32_t step, number());
      last += step;
      if (last >= size) return fail(Code::bad_value, at_, "an index of packed code is past its table");
      out.push_back(static_cast<std::uint32_t>(last));
    }
    return {};
  }

 private:
  Bytes bytes_;
  std::uint64_t at_ = 0;
};

// "" when there is no memory for it.
std::string squeezed(std::string_view raw);
// False when it is damaged, or larger than any real file of code makes it.
bool unsqueezed(std::string_view small, std::string& out);
// How long that would be, from its first kSqueezedHead bytes. 0 when unsqueezed() refuses it.
std::uint64_t unsqueezed_size(std::string_view head);
inline constexpr std::size_t kSqueezedHead = 18;

}  // namespace klik::flow
