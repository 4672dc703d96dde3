#include "ledger/staged_facts.h"

#include <algorithm>
#include <cstdlib>

namespace klik {
namespace {

constexpr std::uint64_t kLargestFact = std::uint64_t{1} << 31;   // SQLite holds no row of this size

std::uint64_t size_of(const Fact& fact) {
  std::uint64_t size = fact.origins.size() * 32 + fact.because.size() * sizeof(FactId);
  for (const Value& v : fact.values)
    if (const auto* text = std::get_if<std::string>(&v)) size += text->size();
  return size;
}

}  // namespace

std::optional<std::size_t> StagedFacts::number_of(const FactKind& kind) const {
  if (last_kind_ < kinds_.size() && kinds_[last_kind_] == &kind) return last_kind_;
  const auto at = std::ranges::lower_bound(kinds_, kind.name, {}, &FactKind::name);
  if (at == kinds_.end() || (*at)->name != kind.name) return std::nullopt;
  return last_kind_ = static_cast<std::size_t>(at - kinds_.begin());
}

std::uint32_t StagedFacts::extractor_number(std::string_view name) {
  if (!extractors_.empty() && extractors_.back() == name) return static_cast<std::uint32_t>(extractors_.size() - 1);
  const auto [at, is_new] = extractor_numbers_.emplace(name, static_cast<std::uint32_t>(extractors_.size()));
  if (is_new) extractors_.push_back(name);
  return at->second;
}

std::uint32_t StagedFacts::blob_number(const Sha256Digest& digest, bool named) {
  const std::uint32_t number = blobs_.number_of(digest);
  if (number >= named_.size()) named_.push_back(false);
  if (named) named_[number] = true;
  return number;
}

std::uint32_t StagedFacts::name_blob(const Sha256Digest& digest) { return blob_number(digest, true); }

Result<void> StagedFacts::add(const Fact& fact, const FactId& id) {
  if (size_of(fact) > kLargestFact) return fail(Code::over_budget, 0, "a fact is larger than a case can hold");
  const auto kind = number_of(*fact.kind);
  if (!kind) std::abort();  // a bug: the scan did not declare what it writes
  for (std::size_t i = 0; i < fact.kind->columns.size() && i < fact.values.size(); ++i) {
    const ColumnType type = fact.kind->columns[i].type;
    if ((type == ColumnType::integer || type == ColumnType::boolean) && std::holds_alternative<std::string>(fact.values[i])) odd_values_ = true;
  }
  numbers_.assign(1, blob_number(fact.about.sha256(), false));
  for (const Place& p : fact.origins) numbers_.push_back(blob_number(p.blob.sha256(), true));
  record_.clear();
  FactRecord::append(record_, fact, id, numbers_, extractor_number(fact.extractor));
  return records_.add(*kind, id, record_, scratch_);
}

void LowestRecord::start(const RecordReader::Item& first) {
  place_ = first.place;
  bytes_.assign(first.record.bytes().begin(), first.record.bytes().end());
}

void LowestRecord::offer(const RecordReader::Item& other) {
  own_.clear();
  others_.clear();
  record().cells(kind_, own_);
  other.record.cells(kind_, others_);
  if (others_ < own_) start(other);
}

}  // namespace klik
