// libext2fs over a Source: read-only, bounded, and without a device underneath.
#pragma once

#include <ext2fs/ext2fs.h>

#include <cstdint>
#include <memory>

#include "containers/container.h"
#include "containers/fs_notes.h"

namespace klik {

// An opened ext2, ext3 or ext4 file system. One thread at a time.
class Ext4Handle {
 public:
  // `source` must outlive the handle. No more than `read_limit` bytes are read through it in all: loops that
  // a hostile image lays into its own tables end there.
  // Errors: bad_magic, unsupported (features), bad_value, truncated, over_budget.
  static Result<Ext4Handle> open(const Source& source, std::uint64_t read_limit, FsNotes& notes);

  ext2_filsys get() const { return fs_.get(); }
  std::uint64_t block_size() const { return fs_->blocksize; }
  std::uint64_t inode_size() const { return EXT2_INODE_SIZE(fs_->super); }

  // What libext2fs reported, as our own error.
  Error error(errcode_t code, std::uint64_t at, const char* what) const;

 private:
  struct Free {
    void operator()(ext2_filsys fs) const { ext2fs_free(fs); }   // nothing to flush: it was opened read-only
  };
  explicit Ext4Handle(ext2_filsys fs) : fs_(fs) {}
  std::unique_ptr<struct_ext2_filsys, Free> fs_;
};

// True for bytes that look like an ext superblock; the magic alone is two bytes long.
bool looks_like_ext4(const Source& source);

}  // namespace klik
