// What a transfer list does to an image, worked out without a byte of it: which block of the new image comes from where.
// Commands overwrite blocks that later ones read, so their order decides; here a block that moves is only a name that moves.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/budget.h"
#include "formats/android/transfer_list.h"

namespace klik::transfer {

// Where a block comes from. Patches that read only old blocks and new data are the first layer; a patch that reads what others
// made is one layer above them, so that nothing refers to itself.
inline constexpr std::uint32_t kZeros = 0, kOld = 1, kData = 2, kFirstLayer = 3;

struct Run {
  std::uint64_t count;
  std::uint32_t layer;        // kZeros, kOld, kData or kFirstLayer + n
  std::uint64_t block;        // in it
};

// One bsdiff or imgdiff command.
struct PatchUnit {
  std::vector<Run> reads;
  std::uint64_t read_blocks, made_blocks;
  std::uint64_t patch_at, patch_size;
  std::uint32_t source_sha1, target_sha1;   // in TransferList::names
  std::uint64_t at;                         // of the command in the list
};

// Blocks that a command takes as they are and whose digest is stated.
struct MoveCheck {
  std::vector<Run> reads;
  std::uint64_t blocks;
  std::uint32_t sha1;
  std::uint64_t at;
};

class BlockMap {
 public:
  void write(Range range, std::uint32_t layer, std::uint64_t block);
  void clear(Range range);
  // Appends what lies in the range, zeros included. Gives the number of pieces that it looked at.
  std::size_t read(Range range, std::vector<Run>& out) const;
  template <class Visit>
  void each(Visit visit) const {   // (Range, layer, block), in order; zeros left out
    for (const auto& [first, piece] : pieces_) visit(Range{first, piece.end}, piece.layer, piece.block);
  }

 private:
  struct Piece {
    std::uint64_t end;
    std::uint32_t layer;
    std::uint64_t block;
  };
  std::map<std::uint64_t, Piece> pieces_;
};

struct Plan {
  BlockMap image;
  std::uint64_t blocks = 0;        // of the image
  std::uint64_t data_blocks = 0;   // that the commands take from the data
  std::uint64_t written = 0;       // by all commands, erased blocks left out
  std::uint64_t most_stashed = 0;  // at a time
  std::vector<std::vector<PatchUnit>> layers;
  std::vector<MoveCheck> checks;
};

// REQUIRES: no command is unknown. `old_blocks`: of the old image; 0 when there is none, and then no command may read it.
// Errors: over_budget (an image or a work larger than the budget), bad_value (a stash that is not there, blocks that do not add up).
Result<Plan> make_plan(const TransferList& list, std::uint64_t old_blocks, const Budget& budget);

}  // namespace klik::transfer
