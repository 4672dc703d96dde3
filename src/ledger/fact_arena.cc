#include "ledger/fact_arena.h"

#include <algorithm>

#include "base/release.h"
#include "ledger/fact_record.h"

namespace klik {

std::uint64_t FactArena::add(std::span<const std::uint8_t> record) {
  if (chunks_.size() == first_in_memory_ || chunks_.back().bytes.size() + record.size() > kChunk) {
    chunks_.emplace_back();
    std::vector<std::uint8_t>& bytes = chunks_.back().bytes;
    if (record.size() <= kChunk && !spare_.empty()) {
      bytes = std::move(spare_.back());
      spare_.pop_back();
    } else if (record.size() <= kChunk && chunks_.size() > 1) {
      bytes.reserve(kChunk);   // the first one grows as needed: most scans of a single app fill little of it
    }
  }
  std::vector<std::uint8_t>& bytes = chunks_.back().bytes;
  const std::size_t at = bytes.size();
  bytes.insert(bytes.end(), record.begin(), record.end());
  in_memory_ += record.size();
  return (chunks_.size() - 1) << kChunkBits | at;
}

Result<void> FactArena::spill(ScratchFile& scratch) {
  for (std::size_t i = first_in_memory_; i < chunks_.size(); ++i) {
    Chunk& chunk = chunks_[i];
    KLIK_TRY(chunk.scratch_at, scratch.append(std::as_bytes(std::span(chunk.bytes))));
    chunk.size = chunk.bytes.size();
    chunk.bytes.clear();
    if (chunk.bytes.capacity() == kChunk) spare_.push_back(std::move(chunk.bytes));
    release(chunk.bytes);
  }
  first_in_memory_ = chunks_.size();
  in_memory_ = 0;
  return {};
}

Result<std::span<const std::uint8_t>> FactArena::at(std::uint64_t where, const ScratchFile& scratch, std::vector<std::uint8_t>& buffer) const {
  constexpr std::size_t kUsual = 384;                    // most records are shorter
  const auto number = static_cast<std::size_t>(where >> kChunkBits);
  const std::size_t at = static_cast<std::size_t>(where) & (kChunk - 1);
  const Chunk& chunk = chunks_[number];
  if (number >= first_in_memory_) {
    const auto rest = std::span(chunk.bytes).subspan(at);
    return rest.first(FactRecord::length_of(rest));
  }
  buffer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(chunk.size - at, kUsual)));
  KLIK_CHECK(scratch.read(chunk.scratch_at + at, std::as_writable_bytes(std::span(buffer))));
  const std::size_t got = buffer.size(), length = FactRecord::length_of(buffer);
  buffer.resize(length);
  if (length > got) KLIK_CHECK(scratch.read(chunk.scratch_at + at + got, std::as_writable_bytes(std::span(buffer).subspan(got))));
  return std::span<const std::uint8_t>(buffer);
}

}  // namespace klik
