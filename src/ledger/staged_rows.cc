#include "ledger/staged_rows.h"

#include <algorithm>

namespace klik {
namespace {

constexpr ArtifactRow kOfBuild{"", "", "build", "read", 0, std::nullopt, std::nullopt, std::nullopt, std::nullopt, "", "", ""};

// Texts keep their room from row to row.
void take(Value& to, const Cell& cell) {
  if (cell.type == Cell::Type::null) to = std::monostate();
  else if (cell.type == Cell::Type::integer) to = cell.number;
  else if (auto* text = std::get_if<std::string>(&to)) text->assign(cell.text);
  else to = std::string(cell.text);
}

class Rows final : public BuildRows {
 public:
  explicit Rows(StagedRows& of) : of_(of) {}
  BlobId build() const override { return of_.build(); }
  void artifacts(const std::function<void(const ArtifactRow&)>& each) const override { of_.artifacts().each(each); }
  void facts(const FactKind& kind, const std::function<void(const FactRow&)>& each) const override { of_.facts(kind, each); }

 private:
  StagedRows& of_;
};

}  // namespace

StagedRows::StagedRows(StagedFacts& facts, const StagedArtifacts& artifacts, const BlobId& build, std::span<const ArtifactPlace> places, std::string scratch_beside, std::size_t most_held)
    : facts_(facts), artifacts_(artifacts), build_(build), places_(places), scratch_(std::move(scratch_beside)), most_held_(most_held) {}

void StagedRows::facts(const FactKind& kind, const std::function<void(const FactRow&)>& each) {
  const auto number = facts_.number_of(kind);
  if (!number || facts_.rows(*number) == 0) return;
  Index* of_kind = index(*number);
  if (!of_kind) {
    failed_ = true;
    return;
  }
  ++of_kind->readers;
  if (!read(*of_kind, each)) failed_ = true;
  --of_kind->readers;
}

StagedRows::Index* StagedRows::index(std::size_t kind) {
  for (Index& i : indexes_)
    if (i.kind == kind && i.rows == facts_.rows(kind)) return &i;
  indexes_.remove_if([&](const Index& i) { return i.kind == kind && i.readers == 0; });
  make_room();
  Index& made = indexes_.emplace_back(Index{kind, facts_.rows(kind), {}, 0});
  if (fill(made)) return &made;
  indexes_.pop_back();
  return nullptr;
}

bool StagedRows::fill(Index& made) {
  if (!facts_.seal()) return false;
  RecordReader reader = facts_.by_id(made.kind);
  LowestRecord lowest(*facts_.kinds()[made.kind]);
  std::uint64_t n = 0;
  const auto put = [&]() -> bool {
    const std::uint32_t about = lowest.record().about();
    auto place = std::ranges::lower_bound(places_, about, {}, &ArtifactPlace::blob);
    for (; place != places_.end() && place->blob == about; ++place) {
      made.order.push({place->artifact, n, lowest.place()});
      if (made.order.in_memory() >= most_held_ && !made.order.spill(scratch_)) return false;
    }
    if (facts_.blobs().digest(about) == build_.sha256()) made.order.push({kBuild, n, lowest.place()});
    ++n;
    return true;
  };
  for (const RecordReader::Item* next = reader.next(); next;) {
    lowest.start(*next);
    while ((next = reader.next()) && next->record.id() == lowest.record().id()) lowest.offer(*next);
    if (!put()) return false;
  }
  return reader.state().has_value();
}

void StagedRows::make_room() {
  std::size_t held = 0;
  for (const Index& i : indexes_) held += i.order.in_memory();
  if (held > most_held_) indexes_.remove_if([](const Index& i) { return i.readers == 0; });
}

bool StagedRows::read(Index& of_kind, const std::function<void(const FactRow&)>& each) {
  const FactKind& kind = *facts_.kinds()[of_kind.kind];
  SortedReader reader(std::span(&of_kind.order, 1), scratch_);
  RecordFetcher records = facts_.fetcher();
  std::vector<Cell> cells;
  StagedArtifacts::Finder artifacts(artifacts_);
  std::vector<Value> values(kind.columns.size());
  while (const SortEntry* entry = reader.next()) {
    const std::uint64_t artifact = entry->major;
    const auto record = records.fetch(entry->where);
    if (!record) return false;
    const ArtifactRow* row = artifact == kBuild ? &kOfBuild : artifacts.find(static_cast<std::uint32_t>(artifact));
    if (!row) continue;
    cells.clear();
    record->cells(kind, cells);
    for (std::size_t i = 0; i < values.size(); ++i) take(values[i], cells[i]);
    each({record->id(), *row, values});
  }
  return reader.state().has_value();
}

std::unique_ptr<BuildRows> rows_over(StagedRows& rows) { return std::make_unique<Rows>(rows); }

}  // namespace klik
