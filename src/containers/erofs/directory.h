// The blocks of a folder: records at the front, names behind them.
#pragma once

#include <utility>
#include <vector>

#include "containers/fs_walk.h"

namespace klik::erofs {

// A broken block costs its own entries only; it goes to `problems`, with offsets in `data`.
std::vector<FsEntry> read_directory(Bytes data, std::uint64_t block_size, FsMeter& meter, std::vector<std::pair<Severity, Error>>& problems);

}  // namespace klik::erofs
