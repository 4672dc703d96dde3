// JSON of any size, read in pieces: each value with its path and its place, nothing held but the text being read. For exports that
// may be gigabytes and hostile; data tables of our own use a library.
// Source: RFC 8259; RFC 3629 for what \u escapes become.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::json {

// Paths join keys with '.', an element of an array is "[]": "log.entries[].request.url". The outermost value has "".
// Views are valid during the call only; `at` is an offset in all that was fed.
class Events {
 public:
  virtual ~Events() = default;
  // An object or array begins, and ends; `end` lies behind its last byte.
  virtual void open(std::string_view path, std::uint64_t at) = 0;
  virtual void close(std::string_view path, std::uint64_t end) = 0;
  // A text without its quotes and escapes, or a number, true, false, null as written (`quoted` false). `whole` false: it is longer
  // than Limits::text, and this is its start.
  virtual void value(std::string_view path, std::string_view value, bool quoted, bool whole, std::uint64_t at) = 0;
};

struct Limits {
  std::uint32_t depth = 64;                                // of objects and arrays in each other
  std::uint64_t text = std::uint64_t{16} << 20;            // of one text that is kept
};

// A key is cut there, in paths: longer ones mean nothing to anybody.
inline constexpr std::size_t kLongestKey = 256;

class Reader {
 public:
  Reader(Events& events, const Limits& limits) : events_(events), limits_(limits) {}

  // The next bytes, cut anywhere. Errors, with the offset: bad_value (no JSON), over_budget (nested deeper than allowed). A reader
  // that failed takes no more; what it told before stands.
  Result<void> feed(Bytes bytes);
  // After the last byte. Errors: truncated.
  Result<void> finish();

 private:
  enum class State : std::uint8_t { value, first_value, first_key, key, colon, next, text, escape, unicode, word, done };
  Result<void> byte(char c);
  Result<void> begin_value(char c);
  Result<void> end_container(char c);
  void end_value();
  Result<void> end_word();
  Result<void> end_text();
  void add(std::string_view text);
  void add_code_point();

  Events& events_;
  Limits limits_;
  struct Open {
    bool object;
    std::size_t path_size;   // of the container itself
  };
  std::vector<Open> open_;
  std::string path_, text_;
  State state_ = State::value;
  bool is_key_ = false, whole_ = true;
  std::uint32_t unit_ = 0, high_ = 0;   // of a \u escape, and the first half of a pair
  unsigned digits_ = 0;
  std::uint64_t at_ = 0, began_ = 0;
};

}  // namespace klik::json
