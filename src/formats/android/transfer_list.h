// The text that says which blocks a block-based update writes, and from where.
// Source: AOSP bootable/recovery updater/blockimg.cpp, comments on the transfer list.
#pragma once

#include <cstdint>
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

struct Command {
  Action action;
  std::uint32_t first_range, range_count;   // in TransferList::ranges; of new_data, zero and erase only
  std::uint64_t at;                         // of the line in the text
};

struct TransferList {
  std::uint32_t version;
  std::uint64_t total_blocks;   // as the second line says: what the commands write, erased blocks left out
  std::vector<Command> commands;
  std::vector<Range> ranges;
};

// Errors: bad_value (not a number, an odd or wrong count, an empty or reversed range), unsupported (version),
// truncated (no header), over_budget (more commands or ranges than memory is meant for).
Result<TransferList> read_transfer_list(Bytes text);

}  // namespace klik::transfer
