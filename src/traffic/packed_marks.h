// Where something begins that is worth opening, whatever stands around it: by marks that chance hardly makes.
// Source: RFC 1952, RFC 1950, RFC 8878, lz4 doc/lz4_Frame_format.md, PKWARE APPNOTE 4.3.7, RFC 8259, RFC 4648.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace klik::traffic {

inline constexpr std::size_t kShortestPiece = 24;   // characters of hex or base64 within other text

// JSON with a text in it, or nested.
bool begins_json(std::string_view text);
// That, compressed bytes, an archive or a property list.
bool begins_packed(std::string_view bytes);
// Text in base64 (either alphabet, kShortestPiece or more) or in hex that begins so when it is decoded; base64 in base64 too.
bool begins_packed_base64(std::string_view text);
bool begins_packed_hex(std::string_view text);

// How many of the bytes the JSON value takes that begins with { or [ at their start; all when they end within it. Nothing when they are none,
// or do not show it in `room` bytes; what was looked at is taken off that.
std::optional<std::uint64_t> json_extent(std::string_view text, std::uint64_t& room);
// The same of what is compressed as compression_of() names it. `room`: of bytes read and decoded.
std::optional<std::uint64_t> packed_extent(Bytes bytes, std::string_view name, std::uint64_t& room);

}  // namespace klik::traffic
