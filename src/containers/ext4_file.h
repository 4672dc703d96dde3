// One inode of an ext4 image: its fields, where its bytes lie, and its attributes.
#pragma once

#include <optional>
#include <vector>

#include "containers/container.h"
#include "containers/ext4_io.h"
#include "containers/fs_map.h"

namespace klik {

struct Ext4Inode {
  ext2_ino_t number;
  std::uint64_t at;                  // in the image
  std::vector<std::uint8_t> raw;     // the whole inode, and at least as much as libext2fs looks at
  std::uint64_t size;
  bool checksum_matches;

  ext2_inode_large& fields() { return *static_cast<ext2_inode_large*>(static_cast<void*>(raw.data())); }
  std::uint32_t flags() { return fields().i_flags; }
  std::uint16_t mode() { return fields().i_mode; }
};

Result<Ext4Inode> read_ext4_inode(const Ext4Handle& fs, std::uint64_t number);

// Where the file's bytes lie. `problem` is set when the map ends early; reading behind that fails.
// Returns the number of bytes up to the end of the last mapped block, at most the file's size.
// Errors: over_budget.
Result<std::uint64_t> map_ext4_file(const Ext4Handle& fs, Ext4Inode& inode, const Source& image, FsMap& map, std::optional<Error>& problem);

// The SELinux label and the capabilities.
Result<void> read_ext4_attributes(const Ext4Handle& fs, Ext4Inode& inode, FileAttributes& out);

}  // namespace klik
