// The walk over the tree of a file system: folders, files and links become children in directory order.
// A format gives it inodes and directories; cycles, depth, names and budgets are dealt with here.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "containers/container.h"
#include "containers/fs_notes.h"

namespace klik {

struct FsEntry {
  std::string name;    // one part, raw
  std::uint64_t id;    // of the inode
  ChildType type = ChildType::file;   // what the directory says; used only when the inode cannot be read
};

// The type byte of a folder's entry, which ext4 and EROFS share. Source: kernel include/linux/fs_types.h (FT_*).
ChildType child_type_of(std::uint8_t type);

// Takes the cost of entries[from…] from the meter; to be called per block, before many add up.
Result<void> charge_entries(const std::vector<FsEntry>& entries, std::size_t from, FsMeter& meter, std::uint64_t at);

struct FsNode {
  Child child;         // without its name
  std::vector<std::pair<Severity, Error>> problems;   // the walk adds the path
};

class FsReader {
 public:
  virtual ~FsReader() = default;
  // The entries of a folder in the order of the image, "." and ".." among them or not. What is wrong with
  // single entries goes to `problems`.
  virtual Result<std::vector<FsEntry>> entries(std::uint64_t id, std::vector<std::pair<Severity, Error>>& problems) = 0;
  virtual Result<FsNode> node(std::uint64_t id) = 0;
};

// Everything below `root`, folders before what they hold. Never fails: what cannot be read is noted.
std::vector<Child> walk_tree(FsReader& reader, std::uint64_t root, std::uint64_t image_size, const Budget& budget, FsMeter& meter, FsNotes& notes);

}  // namespace klik
