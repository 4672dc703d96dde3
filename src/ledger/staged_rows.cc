#include "ledger/staged_rows.h"

#include "ledger/schema.h"

namespace klik {
namespace {

std::optional<BlobId> blob_id(const sql::Statement& row, int column) {
  const Bytes bytes = row.blob(column);
  Sha256Digest digest{};
  if (row.is_null(column) || bytes.size() != digest.size()) return std::nullopt;
  copy_bytes(digest, 0, bytes);
  return BlobId(digest);
}

constexpr const char* kArtifact = "a.path, coalesce(a.device_path, ''), a.kind, a.state, a.size, a.sha, a.mode, a.uid, a.gid, a.selinux, a.capability, a.link_target";
constexpr int kArtifactColumns = 12;

ArtifactRow artifact_row(const sql::Statement& row, int first) {
  const auto number = [&](int column) { return row.is_null(column) ? std::nullopt : std::optional(static_cast<std::uint32_t>(row.integer(column))); };
  return {row.text(first), row.text(first + 1), row.text(first + 2), row.text(first + 3), static_cast<std::uint64_t>(row.integer(first + 4)), blob_id(row, first + 5),
          number(first + 6), number(first + 7), number(first + 8), row.text(first + 9), row.text(first + 10), row.text(first + 11)};
}

class StagedRows final : public BuildRows {
 public:
  StagedRows(sqlite3* db, std::uint32_t number, const BlobId& digest, HeldRows& held, std::function<Staged(const FactKind&)> staged)
      : db_(db), number_(number), digest_(digest), held_(held), staged_(std::move(staged)) {}
  BlobId build() const override { return digest_; }

  void artifacts(const std::function<void(const ArtifactRow&)>& each) const override {
    if (!hold_artifacts()) return stream_artifacts([&](std::uint32_t, const ArtifactRow& a) { each(a); });
    for (const ArtifactRow& a : held_.artifacts()) each(a);
  }

  void facts(const FactKind& kind, const std::function<void(const FactRow&)>& each) const override {
    const Staged staged = staged_(kind);
    if (staged.rows == 0) return;
    if (staged.bytes > kHeldAtOnce || !hold_artifacts()) return stream_facts(kind, each);
    const HeldRows::Kind* rows = held_.find(kind, staged.rows);
    if (!rows) rows = &held_.put(kind, staged.rows, read(kind), reading_ > 0);
    // What is being read must stay, also when `each` asks for other kinds.
    ++reading_;
    for (const HeldRows::Row& r : rows->rows) each({r.id, r.artifact == HeldRows::kNone ? kBuild : held_.artifacts()[r.artifact], r.values});
    --reading_;
  }

 private:
  static constexpr std::uint64_t kHeldAtOnce = HeldRows::kMostBytes / 2;
  static constexpr std::int64_t kMostHeldArtifacts = 200'000;   // a large phone has a tenth; a hostile input may have millions
  static constexpr ArtifactRow kBuild{"", "", "build", "read", 0, std::nullopt, std::nullopt, std::nullopt, std::nullopt, "", "", ""};

  bool hold_artifacts() const {
    if (held_.complete) return true;
    sql::Statement count(db_, "SELECT count(*) FROM temp.s_artifact WHERE build = ?");
    count.bind(1, std::int64_t{number_});
    if (!count.step() || count.integer(0) > kMostHeldArtifacts) return false;
    stream_artifacts([&](std::uint32_t id, const ArtifactRow& a) { held_.add_artifact(id, a); });
    held_.complete = true;
    return true;
  }

  void stream_artifacts(const std::function<void(std::uint32_t, const ArtifactRow&)>& each) const {
    sql::Statement rows(db_, std::string("SELECT a.id, ") + kArtifact + " FROM temp.s_artifact a WHERE a.build = ? ORDER BY a.id");
    rows.bind(1, std::int64_t{number_});
    while (rows.step()) each(static_cast<std::uint32_t>(rows.integer(0)), artifact_row(rows, 1));
  }

  std::vector<HeldRows::Row> read(const FactKind& kind) const {
    std::string columns;
    for (const Column& c : kind.columns) columns += ", f." + sql::quoted(c.name);
    const std::string table = "temp." + sql::quoted("s" + table_name(kind));
    sql::Statement rows(db_, "SELECT a.id, f.fact_id" + columns + " FROM " + table + " f JOIN temp.s_artifact a ON a.sha = f.about WHERE a.build = ?1 UNION ALL SELECT NULL, f.fact_id" + columns + " FROM " + table + " f WHERE f.about = ?2");
    rows.bind(1, std::int64_t{number_}).bind(2, as_bytes(digest_.sha256()));
    std::vector<HeldRows::Row> out;
    while (rows.step()) {
      HeldRows::Row row{rows.is_null(0) ? HeldRows::kNone : held_.place_of(static_cast<std::uint32_t>(rows.integer(0))), {}, {}};
      if (rows.blob(1).size() != row.id.size()) continue;
      copy_bytes(row.id, 0, rows.blob(1));
      row.values.reserve(kind.columns.size());
      for (std::size_t i = 0; i < kind.columns.size(); ++i) row.values.push_back(rows.value(static_cast<int>(i) + 2));
      out.push_back(std::move(row));
    }
    return out;
  }

  // For what is too large to hold.
  void stream_facts(const FactKind& kind, const std::function<void(const FactRow&)>& each) const {
    std::string columns;
    for (const Column& c : kind.columns) columns += ", f." + sql::quoted(c.name);
    const std::string table = "temp." + sql::quoted("s" + table_name(kind));
    // Facts on files, once per place of the file, then facts on the build itself.
    sql::Statement rows(db_, "SELECT f.fact_id, " + std::string(kArtifact) + columns + " FROM " + table +
                                 " f JOIN temp.s_artifact a ON a.sha = f.about WHERE a.build = ?1 GROUP BY a.id, f.fact_id"
                                 " UNION ALL SELECT f.fact_id, '', '', 'build', 'read', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL" + columns + " FROM " + table + " f WHERE f.about = ?2 GROUP BY f.fact_id");
    rows.bind(1, std::int64_t{number_}).bind(2, as_bytes(digest_.sha256()));
    std::vector<Value> values(kind.columns.size());
    while (rows.step()) {
      const ArtifactRow artifact = artifact_row(rows, 1);
      FactId id{};
      if (rows.blob(0).size() != id.size()) continue;
      copy_bytes(id, 0, rows.blob(0));
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = rows.value(static_cast<int>(i) + 1 + kArtifactColumns);
      each({id, artifact, values});
    }
  }

 private:
  sqlite3* db_;
  std::uint32_t number_;
  BlobId digest_;
  HeldRows& held_;
  std::function<Staged(const FactKind&)> staged_;
  mutable unsigned reading_ = 0;
};

}  // namespace

std::unique_ptr<BuildRows> staged_rows(sqlite3* db, std::uint32_t build, const BlobId& digest, HeldRows& held, std::function<Staged(const FactKind&)> staged) {
  return std::make_unique<StagedRows>(db, build, digest, held, std::move(staged));
}

}  // namespace klik
