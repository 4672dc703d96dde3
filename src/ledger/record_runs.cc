#include "ledger/record_runs.h"

#include <algorithm>

#include "base/release.h"

namespace klik {
namespace {

// Runs are read in blocks; with very many runs the blocks become smaller, so that all of them fit.
constexpr std::size_t kAllBlocks = std::size_t{4} << 20, kLargestBlock = std::size_t{64} << 10, kSmallestBlock = std::size_t{1} << 10;
constexpr std::size_t kUsualRecord = 384;                // most are shorter

std::uint64_t half(const FactId& id, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8 | id[at + i];
  return value;
}

}  // namespace

std::vector<std::uint8_t>& RecordRuns::room_for(std::size_t size) {
  if (!chunks_.empty() && chunks_.back().size() + size <= kChunk) return chunks_.back();
  chunks_.emplace_back();
  if (size <= kChunk && !spare_.empty()) {
    chunks_.back() = std::move(spare_.back());
    spare_.pop_back();
  } else if (size <= kChunk && chunks_.size() > 1) {
    chunks_.back().reserve(kChunk);   // the first one grows as needed: most scans of a single app fill little of it
  }
  return chunks_.back();
}

Result<void> RecordRuns::add(std::size_t kind, const FactId& id, std::span<const std::uint8_t> record, ScratchFile& scratch) {
  std::vector<std::uint8_t>& chunk = room_for(record.size());
  waiting_[kind].push_back({half(id, 0), half(id, 8), std::uint64_t{chunks_.size() - 1} << kOffsetBits | chunk.size()});
  chunk.insert(chunk.end(), record.begin(), record.end());
  waiting_bytes_ += record.size();
  ++waiting_count_;
  ++counts_[kind];
  return waiting_bytes_ + sealed_bytes_ > most_bytes_ || waiting_count_ >= most_entries_ ? spill(scratch) : Result<void>();
}

std::span<const std::uint8_t> RecordRuns::waiting_record(const Waiting& w) const {
  const auto rest = std::span(chunks_[w.chunk_and_offset >> kOffsetBits]).subspan(static_cast<std::uint32_t>(w.chunk_and_offset));
  return rest.first(FactRecord::length_of(rest));
}

// What is in memory for good is written as it is: its places are known to readers.
Result<void> RecordRuns::spill(ScratchFile& scratch) {
  for (Segment& s : segments_)
    if (!s.bytes.empty()) {
      KLIK_TRY(s.scratch_at, scratch.append(std::as_bytes(std::span(s.bytes))));
      release(s.bytes);
    }
  sealed_bytes_ = most_bytes_;   // so that what waits goes to the file too
  const Result<void> done = seal(scratch);
  sealed_bytes_ = 0;
  return done;
}

Result<void> RecordRuns::seal(ScratchFile& scratch) {
  if (waiting_count_ == 0) return {};
  const bool to_file = waiting_bytes_ + sealed_bytes_ > most_bytes_ / 2;
  Segment made{{}, scratch.size(), 0};
  std::vector<std::uint8_t> out;
  out.reserve(static_cast<std::size_t>(to_file ? std::min<std::uint64_t>(waiting_bytes_, kChunk) : waiting_bytes_));
  for (std::size_t kind = 0; kind < waiting_.size(); ++kind) {
    if (waiting_[kind].empty()) continue;
    std::ranges::sort(waiting_[kind]);
    const std::uint64_t from = made.size;
    for (const Waiting& w : waiting_[kind]) {
      const auto record = waiting_record(w);
      if (to_file && !out.empty() && out.size() + record.size() > kChunk) {
        KLIK_CHECK(scratch.append(std::as_bytes(std::span(out))));
        out.clear();
      }
      out.insert(out.end(), record.begin(), record.end());
      made.size += record.size();
    }
    runs_[kind].push_back({static_cast<std::uint32_t>(segments_.size()), from, made.size - from});
    release(waiting_[kind]);
  }
  if (to_file) KLIK_CHECK(scratch.append(std::as_bytes(std::span(out))));
  else made.bytes = std::move(out), sealed_bytes_ += made.size;
  segments_.push_back(std::move(made));
  for (std::vector<std::uint8_t>& chunk : chunks_)
    if (chunk.capacity() == kChunk) {
      chunk.clear();
      spare_.push_back(std::move(chunk));
    }
  release(chunks_);
  waiting_bytes_ = 0;
  waiting_count_ = 0;
  return {};
}

RecordReader::RecordReader(const RecordRuns& all, const ScratchFile& scratch, std::size_t kind, std::size_t kinds) : scratch_(scratch) {
  for (const auto& of_kind : std::span(all.runs_).subspan(kind, kinds))
    for (const RecordRuns::Run& run : of_kind) {
      const RecordRuns::Segment& segment = all.segments_[run.segment];
      Source source{RecordPlace{run.segment} << RecordRuns::kOffsetBits | run.at, {}, segment.scratch_at + run.at, run.size, {}, {}};
      if (!segment.bytes.empty()) {
        source.left = std::span(segment.bytes).subspan(static_cast<std::size_t>(run.at), static_cast<std::size_t>(run.size));
        source.scratch_left = 0;
      }
      sources_.push_back(std::move(source));
    }
  block_size_ = std::clamp(kAllBlocks / std::max<std::size_t>(sources_.size(), 1), kSmallestBlock, kLargestBlock);
  for (std::size_t i = 0; i < sources_.size(); ++i)
    if (fill(sources_[i])) push_source(i);
}

// Makes the first record of the source whole. False at its end.
bool RecordReader::fill(Source& source) {
  const auto whole = [&] { return source.left.size() >= FactRecord::kHead && source.left.size() >= FactRecord::length_of(source.left); };
  if (!whole()) {
    if (source.scratch_left == 0 || !state_) return false;
    const auto read_up_to = [&](std::size_t size) {
      const std::size_t kept = source.left.size();
      if (kept) std::ranges::copy(source.left, source.block.begin());   // to the front: copied forward, or onto itself
      source.block.resize(static_cast<std::size_t>(std::min<std::uint64_t>(source.scratch_left, size - kept)) + kept);
      const auto more = std::span(source.block).subspan(kept);
      state_ = scratch_.read(source.scratch_at, std::as_writable_bytes(more));
      source.scratch_at += more.size();
      source.scratch_left -= more.size();
      source.left = source.block;
      return state_.has_value();
    };
    if (!read_up_to(block_size_)) return false;
    if (!whole() && !read_up_to(FactRecord::length_of(source.left))) return false;
  }
  source.id = FactRecord::id_of(source.left);
  return true;
}

void RecordReader::push_source(std::size_t at) {
  heap_.push_back(at);
  std::ranges::push_heap(heap_, std::ranges::greater(), [this](std::size_t i) -> const FactId& { return sources_[i].id; });
}

const RecordReader::Item* RecordReader::next() {
  if (last_) {
    Source& source = sources_[*last_];
    const std::uint32_t length = FactRecord::length_of(source.left);
    source.left = source.left.subspan(length);
    source.place += length;
    if (fill(source)) push_source(*last_);
    last_.reset();
  }
  if (!state_ || heap_.empty()) return nullptr;
  std::ranges::pop_heap(heap_, std::ranges::greater(), [this](std::size_t i) -> const FactId& { return sources_[i].id; });
  last_ = heap_.back();
  heap_.pop_back();
  const Source& lowest = sources_[*last_];
  item_ = Item{lowest.place, FactRecord(lowest.left.first(FactRecord::length_of(lowest.left)))};
  return &*item_;
}

Result<void> RecordFetcher::read(Block& block, const RecordRuns::Segment& segment, std::uint64_t at, std::uint64_t size) {
  block.at = at;
  block.bytes.resize(static_cast<std::size_t>(std::min(size, segment.size - at)));
  return scratch_.read(segment.scratch_at + at, std::as_writable_bytes(std::span(block.bytes)));
}

Result<FactRecord> RecordFetcher::fetch(RecordPlace place) {
  const auto number = static_cast<std::size_t>(place >> RecordRuns::kOffsetBits);
  const std::uint64_t at = static_cast<std::uint32_t>(place);
  const RecordRuns::Segment& segment = all_.segments_[number];
  if (!segment.bytes.empty()) {
    const auto rest = std::span(segment.bytes).subspan(static_cast<std::size_t>(at));
    return FactRecord(rest.first(FactRecord::length_of(rest)));
  }
  if (blocks_.size() <= number) blocks_.resize(all_.segments_.size());
  Block& block = blocks_[number];
  const auto at_hand = [&] {
    const std::span<const std::uint8_t> bytes = block.bytes;
    return at >= block.at && at - block.at < bytes.size() ? bytes.subspan(static_cast<std::size_t>(at - block.at)) : std::span<const std::uint8_t>();
  };
  const auto whole = [&] { return at_hand().size() >= FactRecord::kHead && at_hand().size() >= FactRecord::length_of(at_hand()); };
  if (!whole()) KLIK_CHECK(read(block, segment, at, at == block.next ? std::clamp(kAllBlocks / blocks_.size(), kSmallestBlock, kLargestBlock) : kUsualRecord));
  if (!whole()) KLIK_CHECK(read(block, segment, at, FactRecord::length_of(block.bytes)));
  const std::uint32_t length = FactRecord::length_of(at_hand());
  block.next = at + length;
  return FactRecord(at_hand().first(length));
}

}  // namespace klik
