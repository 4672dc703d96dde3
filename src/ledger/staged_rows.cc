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
  StagedRows(sqlite3* db, std::uint32_t number, const BlobId& digest) : db_(db), number_(number), digest_(digest) {}
  BlobId build() const override { return digest_; }

  void artifacts(const std::function<void(const ArtifactRow&)>& each) const override {
    sql::Statement rows(db_, std::string("SELECT ") + kArtifact + " FROM temp.s_artifact a WHERE a.build = ? ORDER BY a.id");
    rows.bind(1, std::int64_t{number_});
    while (rows.step()) each(artifact_row(rows, 0));
  }

  void facts(const FactKind& kind, const std::function<void(const FactRow&)>& each) const override {
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
};

}  // namespace

std::unique_ptr<BuildRows> staged_rows(sqlite3* db, std::uint32_t build, const BlobId& digest) { return std::make_unique<StagedRows>(db, build, digest); }

}  // namespace klik
