// How values lie in a record of the cache: numbers in seven-bit groups, texts with their length, names that repeat once.
// Reading takes nothing for granted: a cache lies in a folder that others may have written to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"

namespace klik::cache {

class RecordWriter {
 public:
  void number(std::uint64_t n);
  void signed_number(std::int64_t n);
  void flag(bool b) { number(b); }
  void text(std::string_view t);
  void bytes(Bytes b) { text(b.text()); }
  void digest(Bytes d);              // its length is known to the reader
  // As text, but the second time only a number: for kinds, extractors and the like.
  void name(std::string_view n);
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  std::unordered_map<std::string, std::uint64_t> names_;
};

// The texts it gives are windows on the record.
class RecordReader {
 public:
  explicit RecordReader(Bytes record) : record_(record) {}
  Result<std::uint64_t> number();
  Result<std::int64_t> signed_number();
  Result<bool> flag();
  Result<std::string_view> text();
  Result<std::string_view> name();
  Result<Bytes> digest(std::size_t size);
  // A number of things of which each takes at least `least` bytes of what is left.
  Result<std::uint64_t> count(std::size_t least = 1);
  // A number below `end`.
  Result<std::uint64_t> below(std::uint64_t end);
  std::uint64_t left() const { return record_.size() - at_; }
  Result<void> finished() const;     // nothing is left

 private:
  Bytes record_;
  std::uint64_t at_ = 0;
  std::vector<std::string_view> names_;
};

}  // namespace klik::cache
