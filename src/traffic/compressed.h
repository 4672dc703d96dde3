// Compressed bytes that say so themselves.
// Source: RFC 1952 (gzip), RFC 1950 (zlib), RFC 8878 (Zstandard), lz4 doc/lz4_Frame_format.md, RFC 7932 (brotli), RFC 1951 (deflate).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::traffic {

// "gzip", "zlib", "zstd", "lz4" by their first bytes; "" for anything else.
std::string_view compression_of(Bytes bytes);

struct Decompressed {
  std::vector<std::uint8_t> bytes;
  bool cut = false;        // `limit` or the growth of a step (content_coding.h) ended it
  bool whole = false;      // it ended as it says
};
// `name`: one of the above, or "br" or "deflate" for what does not say so. Nothing when no byte comes out.
std::optional<Decompressed> decompressed(Bytes bytes, std::string_view name, std::uint64_t limit);

}  // namespace klik::traffic
