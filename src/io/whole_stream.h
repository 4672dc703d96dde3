// Compressed streams that are decoded in one go into a buffer of known size: operations of an update.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace klik {

// Each gives the number of bytes written, at most out.size(), and stops at the end of the first stream (zstd: of the
// last frame); what follows it in `in` is not looked at. Errors carry the offset in `in`: truncated when the stream does
// not end in it, bad_value when it is broken or holds more than out.size() bytes, over_budget when its
// dictionary needs more memory than an Android device would grant.
Result<std::uint64_t> decode_xz(Bytes in, MutableBytes out);
Result<std::uint64_t> decode_bzip2(Bytes in, MutableBytes out);
Result<std::uint64_t> decode_zstd(Bytes in, MutableBytes out);

// The whole of a brotli stream, whose size stands nowhere. Errors as above; over_budget when it has more than `most` bytes.
Result<std::vector<std::uint8_t>> decode_brotli(Bytes in, std::uint64_t most);

}  // namespace klik
