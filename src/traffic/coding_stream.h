// Undoes one coding of a body, piece by piece as it comes.
// Source: RFC 1950–1952 (zlib, deflate, gzip), RFC 7932 (brotli), RFC 8878 and RFC 9659 (zstd, window of at most 8 MiB).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/bytes.h"

namespace klik::traffic {

enum class Coding : std::uint8_t { identity, gzip, zlib, deflate, brotli, zstd, other };

enum class CodingEnd : std::uint8_t {
  whole,       // the coded stream ended as it says
  early,       // the bytes end before it
  broken,      // it contradicts itself somewhere; what came before is kept
  over_limit,  // it holds more than the limit; the first part is kept
  unknown,     // a coding that is not read; what lies under it is kept as it is
};

class CodingStream {
 public:
  // False: no more is wanted.
  using Out = std::function<bool(Bytes)>;
  virtual ~CodingStream() = default;
  // Gives what `in` brings. whole: the coded stream has ended, and what follows is padding; early: it goes on; over_limit: no more was wanted.
  // After `broken` and `over_limit` nothing more may be added.
  virtual CodingEnd add(Bytes in, const Out& out) = 0;
};

// Null for identity and other, and when a library refuses.
std::unique_ptr<CodingStream> coding_stream(Coding coding);

}  // namespace klik::traffic
