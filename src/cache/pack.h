// One file of the cache: many records, compressed in blocks of neighbours, with an index behind them. Packs are written once,
// put in place whole, and never changed.
//
//   PackHeader | blocks, each a zstd frame | BlockEntry… | RecordEntry… by key | PackFooter
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "io/source.h"

namespace klik::cache {

using Key = Sha256Digest;

struct BlockEntry {
  U64le at;                      // in the pack
  U32le packed, size;            // in the pack, and unpacked
  std::uint8_t digest[16];       // of the packed bytes: the start of their SHA-256
};
static_assert(sizeof(BlockEntry) == 32);

struct RecordEntry {
  std::uint8_t key[32];
  U32le block, at, size;         // where it lies in its unpacked block
};
static_assert(sizeof(RecordEntry) == 44);

constexpr std::uint64_t kLargestBlock = std::uint64_t{64} << 20;

// Whether the bytes begin as every pack does, whichever program wrote it; also a pack of which less than that was written.
bool begins_as_pack(Bytes start);

class PackReader {
 public:
  // Reads and checks the index. Errors: bad_magic also for packs of another program or format, which are of no use.
  static Result<PackReader> open(SourceRef file, const Sha256Digest& program);

  std::optional<RecordEntry> find(const Key& key) const;
  // Unpacked. Errors: bad_checksum when the bytes are not those that were written.
  Result<Blob> block(std::uint32_t n) const;
  Result<Blob> packed_block(std::uint32_t n) const;
  std::span<const BlockEntry> blocks() const { return blocks_; }
  std::span<const RecordEntry> records() const { return records_; }

 private:
  SourceRef file_;
  Blob index_;
  std::span<const BlockEntry> blocks_;
  std::span<const RecordEntry> records_;
};

// A block on its way into a pack.
struct PackedBlock {
  std::string packed;
  std::uint32_t size;
};
// Empty when it cannot be compressed. REQUIRES: raw.size() <= kLargestBlock.
std::optional<PackedBlock> pack_block(std::string_view raw);

class PackWriter {
 public:
  using Write = std::move_only_function<bool(Bytes)>;   // appends to the file; false when it cannot
  PackWriter(const Sha256Digest& program, Write write);

  // The number of the block. A failed write is remembered and ends in `finish`.
  std::uint32_t add_block(Bytes packed, std::uint32_t size);
  void add_record(const Key& key, std::uint32_t block, std::uint32_t at, std::uint32_t size);
  std::size_t records() const { return records_.size(); }
  // Writes the index. False when any write failed.
  bool finish();

 private:
  void put(Bytes bytes);

  Write write_;
  Sha256Digest program_;
  std::uint64_t at_ = 0;
  bool failed_ = false;
  std::vector<BlockEntry> blocks_;
  std::vector<RecordEntry> records_;
};

}  // namespace klik::cache
