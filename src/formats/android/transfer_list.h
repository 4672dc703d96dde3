// The text that says which blocks a block-based update writes, and from where.
// Source: AOSP bootable/recovery updater/blockimg.cpp, comments on the transfer list.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::transfer {

inline constexpr std::uint64_t kBlock = 4096;

struct Range {
  std::uint64_t first, end;   // blocks; first < end
};

// new_data takes the next blocks of the .new.dat file; zero and erase leave zeros. The rest needs the old
// image, except hash_tree, which the device computes from what it has written.
enum class Action : std::uint8_t { new_data, zero, erase, move, bsdiff, imgdiff, stash, free, hash_tree, unknown };
std::string_view action_name(Action action);

// Blocks that were put aside, and where they go in what a command reads.
struct StashUse {
  std::uint32_t id;                         // in TransferList::names
  std::uint32_t first_range, range_count;   // of the blocks that the command reads, counted from 0
};

struct Command {
  Action action;
  std::uint64_t at;                             // of the line in the text
  std::uint32_t first_range = 0, range_count = 0;       // in TransferList::ranges: what it writes
  // Of move, bsdiff, imgdiff and stash: what it reads, all in all `source_blocks` blocks.
  std::uint64_t source_blocks = 0;
  std::uint32_t first_source = 0, source_count = 0;     // in ranges: of the image as it is by then
  std::uint32_t first_location = 0, location_count = 0; // in ranges: where those go in what is read; none: all of it, in order
  std::uint32_t first_stash = 0, stash_count = 0;       // in TransferList::stash_uses
  std::uint64_t patch_at = 0, patch_size = 0;           // of bsdiff and imgdiff, in the .patch.dat file
  std::uint32_t source_sha1 = 0, target_sha1 = 0;       // in names, of what is read and what is written; "" when not stated
  std::uint32_t id = 0;                                 // in names: of stash and free
};

struct TransferList {
  std::uint32_t version;
  std::uint64_t total_blocks;   // as the second line says: what the commands write, erased blocks left out
  std::uint64_t stash_blocks = 0;   // as the fourth line says: the most that is put aside at a time
  std::vector<Command> commands;
  std::vector<Range> ranges;
  std::vector<StashUse> stash_uses;
  std::vector<std::string> names;   // ids and digests; 0 is ""
};

// Errors: bad_value (not a number, an odd or wrong count, an empty or reversed range), unsupported (version),
// truncated (no header or a command cut short), over_budget (more commands or ranges than memory is meant for).
Result<TransferList> read_transfer_list(Bytes text);

}  // namespace klik::transfer
