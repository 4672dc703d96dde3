// A patch of an update from before A/B: bsdiff or imgdiff, known by its first bytes, with the SHA-1 that its script states.
// Source: AOSP bootable/recovery applypatch/applypatch.cpp.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::patch {

// Errors: those of apply_bsdiff and apply_imgdiff; unsupported (neither of the two).
Result<std::vector<std::uint8_t>> apply_file_patch(Bytes old_bytes, Bytes patch, std::uint64_t most);

// Whether `hex_sha1` is the SHA-1 of the bytes, in hex of either case.
bool has_sha1(Bytes bytes, std::string_view hex_sha1);
bool same_hex(std::string_view a, std::string_view b);

}  // namespace klik::patch
