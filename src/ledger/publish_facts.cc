#include "ledger/publish_facts.h"

#include <algorithm>

namespace klik {
namespace {

constexpr std::size_t kOriginColumns = 7;

Cell number_or_null(std::int64_t id) { return id ? Cell::of(id) : Cell(); }

// What the digest says of a row. For a blob's row number its SHA-256 stands.
void put_row(DigestStream& out, std::span<const Cell> row, std::size_t blob_column, const Sha256Digest* blob) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i].type == Cell::Type::null) out.null();
    else if (i == blob_column) out.bytes(as_bytes(*blob).text());
    else if (row[i].type == Cell::Type::integer) out.integer(row[i].number);
    else out.bytes(row[i].text);
  }
}

class BlobRows final : public RowStream {
 public:
  BlobRows(const BlobTable& blobs, std::span<const std::uint32_t> order) : blobs_(blobs), order_(order) {}
  std::span<const Cell> next() override {
    if (at_ == order_.size()) return {};
    row_ = {Cell::of(static_cast<std::int64_t>(at_ + 1)), Cell::of(as_bytes(blobs_.digest(order_[at_])))};
    ++at_;
    return row_;
  }

 private:
  const BlobTable& blobs_;
  std::span<const std::uint32_t> order_;
  std::size_t at_ = 0;
  std::array<Cell, 2> row_;
};

// The same fact may come from equal content met in two places; the lowest row stands for all.
class FactRows final : public RowStream {
 public:
  FactRows(StagedFacts& staged, std::size_t kind, std::span<const std::int64_t> blob_ids, std::span<const std::int64_t> build_ids, DigestStream& digest)
      : staged_(staged), kind_(*staged.kinds()[kind]), blob_ids_(blob_ids), build_ids_(build_ids), digest_(digest), records_(staged.by_id(kind)), lowest_(kind_), ahead_(records_.next()) {}

  std::span<const Cell> next() override {
    if (!ahead_) {
      state_ = records_.state();
      return {};
    }
    lowest_.start(*ahead_);
    id_ = ahead_->record.id();
    while ((ahead_ = records_.next()) && ahead_->record.id() == id_) lowest_.offer(*ahead_);
    const FactRecord record = lowest_.record();
    const std::uint32_t about = record.about();
    cells_.clear();
    cells_.push_back(Cell::of(Bytes(id_)));
    cells_.push_back(number_or_null(blob_ids_[about]));
    cells_.push_back(number_or_null(build_ids_[about]));
    record.cells(kind_, cells_);
    put_row(digest_, cells_, 1, &staged_.blobs().digest(about));
    return cells_;
  }
  const Result<void>& state() const { return state_; }

 private:
  StagedFacts& staged_;
  const FactKind& kind_;
  std::span<const std::int64_t> blob_ids_, build_ids_;
  DigestStream& digest_;
  RecordReader records_;
  LowestRecord lowest_;
  const RecordReader::Item* ahead_;        // null at the end
  std::vector<Cell> cells_;
  FactId id_{};
  Result<void> state_;
};

// A fact that came from equal content in two places has brought its origins twice: equal ones are one, and those left are
// numbered anew.
class OriginRows final : public RowStream {
 public:
  OriginRows(StagedFacts& staged, std::span<const std::int64_t> blob_ids, DigestStream& digest) : staged_(staged), blob_ids_(blob_ids), digest_(digest), records_(staged.by_id()), ahead_(records_.next()) {}

  std::span<const Cell> next() override {
    while (at_ == found_.size())
      if (!gather()) return {};
    const Found& f = found_[at_];
    const bool place = f.origin.blob != RecordOrigin::kBecause;
    row_ = {Cell::of(Bytes(id_)), Cell::of(static_cast<std::int64_t>(at_)), {}, {}, {}, Cell::of(staged_.extractor(f.extractor)), {}};
    if (place) {
      row_[2] = number_or_null(blob_ids_[f.origin.blob]);
      row_[3] = Cell::of(f.origin.at);
      row_[4] = Cell::of(f.origin.length);
    } else {
      row_[6] = Cell::of(Bytes(f.origin.because));
    }
    put_row(digest_, row_, 2, place ? &staged_.blobs().digest(f.origin.blob) : nullptr);
    ++at_;
    return row_;
  }
  const Result<void>& state() const { return state_; }

 private:
  struct Found {
    std::int64_t n;                        // as the extractor counted
    RecordOrigin origin;
    std::uint32_t extractor;
  };

  // The origins of the next fact.
  bool gather() {
    at_ = 0;
    found_.clear();
    if (!ahead_) {
      state_ = records_.state();
      return false;
    }
    id_ = ahead_->record.id();
    std::size_t records = 0;
    for (; ahead_ && ahead_->record.id() == id_; ahead_ = records_.next()) {
      origins_.clear();
      ahead_->record.origins(origins_);
      for (std::int64_t n = 0; const RecordOrigin& o : origins_) found_.push_back({n++, o, ahead_->record.extractor()});
      ++records;
      if (records > 1 && found_.size() > thinned_ * 2 + kFewOrigins) thin();
    }
    if (records > 1) thin();
    thinned_ = 0;
    return true;
  }

  // The extractor is not part of what an origin is: of equal ones the lowest name stays.
  void thin() {
    const auto place = [this](const Found& f) { return f.origin.blob == RecordOrigin::kBecause ? nullptr : &staged_.blobs().digest(f.origin.blob); };
    const auto order = [&](const Found& a, const Found& b) {
      const Sha256Digest *pa = place(a), *pb = place(b);
      if (a.n != b.n || !pa || !pb) return std::tuple(a.n, pa != nullptr, a.origin.because, staged_.extractor(a.extractor)) < std::tuple(b.n, pb != nullptr, b.origin.because, staged_.extractor(b.extractor));
      return std::tuple(*pa, a.origin.at, a.origin.length, staged_.extractor(a.extractor)) < std::tuple(*pb, b.origin.at, b.origin.length, staged_.extractor(b.extractor));
    };
    std::ranges::sort(found_, order);
    const auto rest = std::ranges::unique(found_, [](const Found& a, const Found& b) { return a.n == b.n && a.origin == b.origin; });
    found_.erase(rest.begin(), rest.end());
    thinned_ = found_.size();
  }

  static constexpr std::size_t kFewOrigins = 4096;
  StagedFacts& staged_;
  std::span<const std::int64_t> blob_ids_;
  DigestStream& digest_;
  RecordReader records_;
  const RecordReader::Item* ahead_;        // null at the end
  std::vector<RecordOrigin> origins_;
  std::vector<Found> found_;
  std::size_t at_ = 0, thinned_ = 0;
  FactId id_{};
  std::array<Cell, kOriginColumns> row_;
  Result<void> state_;
};

std::size_t widest(std::span<const FactKind* const> kinds) {
  std::size_t columns = kOriginColumns;
  for (const FactKind* kind : kinds) columns = std::max(columns, 3 + kind->columns.size());
  return columns;
}

}  // namespace

FactPublisher::FactPublisher(sqlite3* db, StagedFacts& staged, const std::map<std::uint32_t, BlobId>& builds)
    : staged_(staged), table_(db, widest(staged.kinds())), blob_ids_(staged.blobs().size()), build_ids_(staged.blobs().size()) {
  std::map<BlobId, std::int64_t> by_digest;   // the lowest number of those with equal bytes
  for (const auto& [number, digest] : builds) by_digest.try_emplace(digest, number);
  if (by_digest.empty()) return;
  for (std::uint32_t i = 0; i < build_ids_.size(); ++i)
    if (const auto at = by_digest.find(BlobId(staged.blobs().digest(i))); at != by_digest.end()) build_ids_[i] = at->second;
}

bool FactPublisher::blobs() {
  std::vector<std::uint32_t> order;
  const BlobTable& blobs = staged_.blobs();
  for (std::uint32_t i = 0; i < blobs.size(); ++i)
    if (staged_.is_named(i) || build_ids_[i] == 0) order.push_back(i);
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return blobs.digest(i); });
  for (std::size_t at = 0; at < order.size(); ++at) blob_ids_[order[at]] = static_cast<std::int64_t>(at + 1);
  BlobRows rows(blobs, order);
  return table_.insert("_blob(blob_id, sha256)", 2, rows);
}

bool FactPublisher::facts(DigestStream& digest) {
  if (!keep(staged_.seal())) return false;
  for (std::size_t kind = 0; kind < staged_.kinds().size(); ++kind) {
    const FactKind& of = *staged_.kinds()[kind];
    digest.table(digest_query(of));
    if (staged_.rows(kind) == 0) continue;
    std::string columns;
    for (const Column& c : of.columns) columns += ", " + sql::quoted(c.name);
    FactRows rows(staged_, kind, blob_ids_, build_ids_, digest);
    if (!table_.insert(table_name(of) + "(fact_id, blob_id, build_id" + columns + ")", 3 + of.columns.size(), rows) || !keep(rows.state())) return false;
  }
  return true;
}

bool FactPublisher::origins(DigestStream& digest) {
  digest.table(origins_digest_query());
  OriginRows rows(staged_, blob_ids_, digest);
  return table_.insert("_origin(fact_id, n, blob_id, at, length, extractor, because)", kOriginColumns, rows) && keep(rows.state());
}

bool FactPublisher::keep(const Result<void>& state) {
  if (!state) error_ = state.error().what;
  return state.has_value();
}

}  // namespace klik
