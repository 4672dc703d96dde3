// All facts of a scan until the case is published, and what the numbers in their records stand for.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/blob_table.h"
#include "ledger/record_runs.h"
#include "ledger/schema.h"

namespace klik {

// What the writer of a case may hold of facts; the rest lies in a scratch file beside the case.
struct WriterLimits {
  std::uint64_t record_bytes = std::uint64_t{8} << 20;
  std::size_t entries = std::size_t{1} << 17;            // of 24 bytes each, over all kinds
};

class StagedFacts {
 public:
  StagedFacts(std::span<const FactKind* const> kinds, std::string scratch_beside, const WriterLimits& limits)
      : kinds_(kinds.begin(), kinds.end()), records_(kinds.size(), limits.record_bytes, limits.entries), scratch_(std::move(scratch_beside)) {}

  // REQUIRES: the kind is one of those given, and `id` is fact_id(fact). Errors: io, over_budget for a fact that no case can hold.
  Result<void> add(const Fact& fact, const FactId& id);
  // An artifact's bytes.
  std::uint32_t name_blob(const Sha256Digest& digest);

  std::span<const FactKind* const> kinds() const { return kinds_; }
  std::optional<std::size_t> number_of(const FactKind& kind) const;   // in kinds()
  std::uint64_t rows(std::size_t kind) const { return records_.count(kind); }
  std::uint64_t spilled() const { return scratch_.size(); }

  const BlobTable& blobs() const { return blobs_; }
  // Whether an artifact or an origin is of these bytes: about alone may be a build.
  bool is_named(std::uint32_t blob) const { return named_[blob]; }
  std::string_view extractor(std::uint32_t number) const { return extractors_[number]; }
  // A text stood where an integer belongs. The database may turn it into one, or refuse it.
  bool has_odd_values() const { return odd_values_; }

  // Before anything is read. Errors: io.
  Result<void> seal() { return records_.seal(scratch_); }
  // By fact_id, of one kind or of all. REQUIRES: sealed, and nothing is added until the reader ends.
  RecordReader by_id(std::size_t kind) const { return {records_, scratch_, kind, 1}; }
  RecordReader by_id() const { return {records_, scratch_, 0, kinds_.size()}; }
  // By places that a reader gave.
  RecordFetcher fetcher() const { return {records_, scratch_}; }

 private:
  std::uint32_t extractor_number(std::string_view name);
  std::uint32_t blob_number(const Sha256Digest& digest, bool named);

  std::vector<const FactKind*> kinds_;                   // in name order
  RecordRuns records_;
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

// Of several records of one identity the one that stands for all, whatever order they came in: the lowest by its values.
class LowestRecord {
 public:
  explicit LowestRecord(const FactKind& kind) : kind_(kind) {}
  void start(const RecordReader::Item& first);
  void offer(const RecordReader::Item& other);
  RecordPlace place() const { return place_; }
  FactRecord record() const { return FactRecord(bytes_); }

 private:
  const FactKind& kind_;
  RecordPlace place_ = 0;
  std::vector<std::uint8_t> bytes_;
  std::vector<Cell> own_, others_;
};

}  // namespace klik
