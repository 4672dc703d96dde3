#include "containers/base_files.h"

#include <algorithm>
#include <vector>

namespace klik {

Result<Sha256Digest> digest_of_start(const Source& source, std::uint64_t size) {
  constexpr std::uint64_t kChunk = std::uint64_t{1} << 20, kAhead = std::uint64_t{64} << 20;
  Hasher hasher;
  std::vector<std::uint8_t> chunk(static_cast<std::size_t>(std::min(size, kChunk)));
  for (std::uint64_t at = 0; at < size; at += kChunk) {
    const MutableBytes part = MutableBytes(chunk).first(std::min(kChunk, size - at));
    source.will_need(at, std::min(kAhead, size - at));
    KLIK_CHECK(source.read(at, part));
    hasher.update(Bytes(part));
  }
  return hasher.finish_sha256();
}

bool BaseFiles::matches(const SourceRef& image, std::uint64_t size, const Sha256Digest& digest) const {
  const auto made = digest_of_start(*image, size);
  return made && *made == digest;
}

}  // namespace klik
