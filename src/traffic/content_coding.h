// Undoes the codings that a body was sent under (Content-Encoding). What is there is decoded, also when the end is missing.
// Source: RFC 9110 §8.4 (codings, applied in the order listed), RFC 1950–1952 (zlib, deflate, gzip), RFC 7932 (brotli), RFC 8878 and
// RFC 9659 (zstd, window of at most 8 MiB).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::traffic {

enum class CodingEnd : std::uint8_t {
  whole,       // the coded stream ended as it says
  early,       // the bytes end before it
  broken,      // it contradicts itself somewhere; what came before is kept
  over_limit,  // it holds more than the limit; the first part is kept
  unknown,     // a coding that is not read; what lies under it is kept as it is
};
std::string_view coding_end_words(CodingEnd end);   // for a detail; "" for whole

struct Uncoded {
  std::vector<std::uint8_t> bytes;
  std::string undone;            // the codings found, in order of undoing, joined with '/': "gzip", "br/zlib"
  CodingEnd end = CodingEnd::whole;   // of the first step that did not end well
  bool mislabelled = false;      // the bytes were coded otherwise than declared, or not at all
};

// How much one step may grow: to this many times its input, but always to kFloorBytes.
inline constexpr std::uint64_t kGrowth = 200, kFloorBytes = std::uint64_t{64} << 10;
// Codings in one list. Browsers undo few; a longer list is unknown from there on.
inline constexpr std::size_t kMostCodings = 8;

// `declared`: the value of Content-Encoding, several joined with commas. `limit`: most bytes that any step may give.
Uncoded undo_codings(Bytes body, std::string_view declared, std::uint64_t limit);
// False for "", "identity" and lists of it: there is nothing to undo.
bool is_coded(std::string_view declared);

}  // namespace klik::traffic
