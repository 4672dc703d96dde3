#include "containers/patch/file_patch.h"

#include <algorithm>

#include "base/hash.h"
#include "containers/patch/bsdiff.h"
#include "containers/patch/imgdiff.h"

namespace klik::patch {

Result<std::vector<std::uint8_t>> apply_file_patch(Bytes old_bytes, Bytes patch, std::uint64_t most) {
  if (patch.starts_with("IMGDIFF2")) return apply_imgdiff(old_bytes, patch, most);
  if (patch.starts_with("BSDIFF40") || patch.starts_with("BSDF2")) return apply_bsdiff(old_bytes, patch, most);
  return fail(Code::unsupported, 0, "a patch that is neither bsdiff nor imgdiff");
}

bool same_hex(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool has_sha1(Bytes bytes, std::string_view hex_sha1) { return same_hex(hex(Bytes(hash(HashAlgorithm::sha1, bytes))), hex_sha1); }

}  // namespace klik::patch
