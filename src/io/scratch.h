// Decoded data that must be readable at random but cannot be decoded at random: memory first, then one
// unlinked file in the scratch folder, within a budget for the whole scan.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "io/source.h"

namespace klik {

class Scratch {
 public:
  // `folder` empty: $TMPDIR, else /var/tmp (on disk; /tmp often is memory).
  explicit Scratch(std::string folder = {}, std::uint64_t budget = std::uint64_t{256} << 30);

  // An open descriptor of a file without a name. Errors: io.
  Result<int> create_file();
  // Books bytes that will lie on disk. Errors: over_budget.
  Result<void> reserve(std::uint64_t bytes);
  std::uint64_t spilled() const { return spilled_; }

 private:
  std::string folder_;
  std::uint64_t budget_;
  std::atomic<std::uint64_t> spilled_ = 0;
};

// Takes a stream of unknown length.
class SpillWriter {
 public:
  static constexpr std::uint64_t kInMemory = std::uint64_t{48} << 20;

  // More than `limit` bytes are refused with over_budget.
  SpillWriter(Scratch& scratch, std::uint64_t limit) : scratch_(scratch), limit_(limit) {}
  ~SpillWriter();
  SpillWriter(const SpillWriter&) = delete;
  SpillWriter& operator=(const SpillWriter&) = delete;

  Result<void> append(Bytes bytes);
  std::uint64_t size() const { return size_; }
  // Everything appended so far; the writer is empty afterwards.
  Result<SourceRef> finish();

 private:
  Result<void> flush();

  Scratch& scratch_;
  std::uint64_t limit_, size_ = 0, on_disk_ = 0;
  std::vector<std::uint8_t> memory_;
  int fd_ = -1;
};

}  // namespace klik
