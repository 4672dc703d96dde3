// Decoding one physical cluster.
#pragma once

#include "containers/erofs/cluster_map.h"

namespace klik::erofs {

struct DecodeRules {
  bool zero_padding = true;           // LZ4 data lies at the end of its cluster, not at the front
  std::uint32_t lzma_dictionary = 0;
  std::uint64_t block_size = 4096;
};

// Fills `out` with the first bytes of what `in` decodes to: files may share a cluster and use less of it.
// `start` is the place of `out` in the file. Errors: bad_value, at 0.
Result<void> decode_cluster(Codec codec, Bytes in, std::uint64_t start, const DecodeRules& rules, MutableBytes out);

}  // namespace klik::erofs
