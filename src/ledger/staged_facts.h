// All facts of a scan until the case is published: records in an arena, and for each kind where they lie by fact_id.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/blob_table.h"
#include "ledger/fact_arena.h"
#include "ledger/fact_record.h"
#include "ledger/schema.h"
#include "ledger/sorted_runs.h"

namespace klik {

// What the writer of a case may hold of facts; the rest lies in a scratch file beside the case.
struct WriterLimits {
  std::uint64_t record_bytes = std::uint64_t{8} << 20;
  std::size_t entries = std::size_t{1} << 17;            // of 24 bytes each, over all kinds
};

class StagedFacts {
 public:
  StagedFacts(std::span<const FactKind* const> kinds, std::string scratch_beside, const WriterLimits& limits)
      : kinds_(kinds.begin(), kinds.end()), entries_(kinds.size()), limits_(limits), scratch_(std::move(scratch_beside)) {}

  // REQUIRES: the kind is one of those given, and `id` is fact_id(fact). Errors: io, over_budget for a fact that no case can hold.
  Result<void> add(const Fact& fact, const FactId& id);
  // An artifact's bytes.
  std::uint32_t name_blob(const Sha256Digest& digest);

  std::span<const FactKind* const> kinds() const { return kinds_; }
  std::optional<std::size_t> number_of(const FactKind& kind) const;   // in kinds()
  std::uint64_t rows(std::size_t kind) const { return entries_[kind].size(); }
  std::uint64_t spilled() const { return scratch_.size(); }

  const BlobTable& blobs() const { return blobs_; }
  // Whether an artifact or an origin is of these bytes: about alone may be a build.
  bool is_named(std::uint32_t blob) const { return named_[blob]; }
  std::string_view extractor(std::uint32_t number) const { return extractors_[number]; }
  // A text stood where an integer belongs. The database may turn it into one, or refuse it.
  bool has_odd_values() const { return odd_values_; }

  // Entries by fact_id (its halves are major and minor): of one kind, or of all. Until the reader ends nothing may be added.
  SortedReader by_id(std::size_t kind) { return SortedReader(std::span(entries_).subspan(kind, 1), scratch_); }
  SortedReader by_id() { return SortedReader(entries_, scratch_); }
  // Errors: io.
  Result<FactRecord> record(const SortEntry& entry, std::vector<std::uint8_t>& buffer) const;
  // Of two records of one identity the one that stands for both, whatever order they came in: by its values. Errors: io.
  Result<SortEntry> lowest(const FactKind& kind, const SortEntry& a, const SortEntry& b) const;

 private:
  std::uint32_t extractor_number(std::string_view name);
  std::uint32_t blob_number(const Sha256Digest& digest, bool named);
  Result<void> make_room();

  std::vector<const FactKind*> kinds_;                   // in name order
  std::vector<SortedRuns> entries_;                      // by kind
  std::size_t entries_in_memory_ = 0;
  WriterLimits limits_;
  FactArena arena_;
  ScratchFile scratch_;
  BlobTable blobs_;
  std::vector<bool> named_;
  std::vector<std::string_view> extractors_;
  std::map<std::string_view, std::uint32_t> extractor_numbers_;
  bool odd_values_ = false;
  mutable std::size_t last_kind_ = 0;
  std::vector<std::uint8_t> record_;
  std::vector<std::uint32_t> numbers_;
};

}  // namespace klik
