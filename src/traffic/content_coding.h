// Undoes the codings that a body was sent under (Content-Encoding). What is there is decoded, also when the end is missing.
// Source: RFC 9110 §8.4 (codings, applied in the order listed); of each coding: coding_stream.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "traffic/coding_stream.h"

namespace klik::traffic {

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
// The codings in the order in which they were applied, without identity; at most kMostCodings.
std::vector<Coding> codings_of(std::string_view declared);
// What bytes are coded with, given what they are said to be. Brotli and bare deflate have no mark, so only the decoder can tell.
Coding recognised(Coding declared, Bytes start);
// As in Uncoded::undone; "" for identity and other.
std::string_view coding_name(Coding coding);

}  // namespace klik::traffic
