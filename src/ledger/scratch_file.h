// A file without a name, for what the writer of a case cannot hold in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"

namespace klik {

class ScratchFile {
 public:
  // Made beside `beside` at the first append: where the case is to lie there must be room anyway.
  explicit ScratchFile(std::string beside) : beside_(std::move(beside)) {}
  ~ScratchFile();
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  // Where the bytes lie from now on. Errors: io.
  Result<std::uint64_t> append(std::span<const std::byte> bytes);
  // Fills `to` from `at`. Errors: io, also when the file ends before.
  Result<void> read(std::uint64_t at, std::span<std::byte> to) const;
  std::uint64_t size() const { return size_; }

 private:
  std::string beside_;
  int fd_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace klik
