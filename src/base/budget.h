// Limits on work, never on time, so that the same bytes give the same facts on any machine.
#pragma once

#include <cstdint>

namespace klik {

struct Budget {
  std::uint32_t depth = 16;                          // containers inside containers
  std::uint64_t children = 1u << 20;                 // of one container
  std::uint64_t item_bytes = std::uint64_t{64} << 30;  // one decoded child
  std::uint64_t floor_bytes = std::uint64_t{1} << 30;  // a small container may always expand to this much …
  std::uint64_t ratio = 512;                         // … and a larger one to this many times its size
  std::uint64_t unit_bytes = std::uint64_t{256} << 20; // one piece that must be decoded in memory as a whole
  std::uint64_t metadata_bytes = std::uint64_t{256} << 20;  // directory, manifest or index held in memory
  std::uint64_t artifacts = std::uint64_t{4} << 20;  // rows of the artifact tree

  // How many bytes the children of a container of `size` bytes may have together.
  constexpr std::uint64_t expansion(std::uint64_t size) const {
    const std::uint64_t wide = size > item_bytes / ratio ? item_bytes : size * ratio;
    const std::uint64_t most = wide < floor_bytes ? floor_bytes : wide;
    return most < item_bytes ? most : item_bytes;
  }
};

}  // namespace klik
