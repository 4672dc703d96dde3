#include "cache/record.h"

namespace klik::cache {

void RecordWriter::number(std::uint64_t n) {
  for (; n >= 0x80; n >>= 7) out_ += static_cast<char>(static_cast<std::uint8_t>(n | 0x80));
  out_ += static_cast<char>(static_cast<std::uint8_t>(n));
}

// Small numbers of either sign stay short.
void RecordWriter::signed_number(std::int64_t n) {
  const auto bits = static_cast<std::uint64_t>(n);
  number(n < 0 ? ~(bits << 1) : bits << 1);
}

void RecordWriter::text(std::string_view t) {
  number(t.size());
  out_ += t;
}

void RecordWriter::digest(Bytes d) { out_ += d.text(); }

void RecordWriter::name(std::string_view n) {
  const auto [at, fresh] = names_.try_emplace(std::string(n), names_.size() + 1);
  number(fresh ? 0 : at->second);
  if (fresh) text(n);
}

Result<std::uint64_t> RecordReader::number() {
  std::uint64_t n = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    KLIK_TRY(const std::uint8_t* byte, record_.view<std::uint8_t>(at_));
    ++at_;
    if (shift == 63 && *byte > 1) break;
    n |= static_cast<std::uint64_t>(*byte & 0x7F) << shift;
    if (*byte < 0x80) return n;
  }
  return fail(Code::bad_value, at_, "a number of more than 64 bits");
}

Result<std::int64_t> RecordReader::signed_number() {
  KLIK_TRY(const std::uint64_t n, number());
  return static_cast<std::int64_t>(n & 1 ? ~(n >> 1) : n >> 1);
}

Result<bool> RecordReader::flag() {
  KLIK_TRY(const std::uint64_t n, below(2));
  return n == 1;
}

Result<std::string_view> RecordReader::text() {
  KLIK_TRY(const std::uint64_t size, number());
  KLIK_TRY(const Bytes window, record_.slice(at_, size));
  at_ += size;
  return window.text();
}

Result<std::string_view> RecordReader::name() {
  KLIK_TRY(const std::uint64_t n, number());
  if (n > names_.size()) return fail(Code::bad_value, at_, "a name that was not given yet");
  if (n > 0) return names_[n - 1];
  KLIK_TRY(const std::string_view t, text());
  names_.push_back(t);
  return t;
}

Result<Bytes> RecordReader::digest(std::size_t size) {
  KLIK_TRY(const Bytes window, record_.slice(at_, size));
  at_ += size;
  return window;
}

Result<std::uint64_t> RecordReader::count(std::size_t least) {
  KLIK_TRY(const std::uint64_t n, number());
  if (n > left() / least) return fail(Code::truncated, at_, "more of them than the record has bytes for");
  return n;
}

Result<std::uint64_t> RecordReader::below(std::uint64_t end) {
  KLIK_TRY(const std::uint64_t n, number());
  if (n >= end) return fail(Code::bad_value, at_, "a number past the last one allowed");
  return n;
}

Result<void> RecordReader::finished() const {
  if (left() != 0) return fail(Code::bad_value, at_, "bytes after the end of the record");
  return {};
}

}  // namespace klik::cache
