#include "ledger/case_digest.h"

namespace klik {
namespace {

void put_number(Hasher& hasher, std::uint64_t number) {
  std::array<std::uint8_t, 8> b{};
  for (std::size_t i = 0; i < 8; ++i) b[i] = static_cast<std::uint8_t>(number >> (8 * i));
  hasher.update(Bytes(b));
}

// Every value with its type and length, so that no two tables give the same stream.
void put_rows(Hasher& hasher, sqlite3* db, const std::string& sql, int columns) {
  hasher.update(Bytes::of(sql));
  sql::Statement rows(db, sql);
  while (rows.step()) {
    for (int i = 0; i < columns; ++i) {
      const Bytes raw = rows.blob(i);   // text and blob as they are; numbers as their decimal text
      put_number(hasher, rows.is_null(i) ? ~std::uint64_t{0} : raw.size());
      hasher.update(raw);
    }
  }
}

}  // namespace

Sha256Digest case_digest(sqlite3* db, const Declarations& all) {
  Hasher hasher;
  hasher.update(Bytes::of("klikspaan case " + std::to_string(kSchemaVersion) + "\n"));
  put_rows(hasher, db, "SELECT build_id, digest FROM _scanned_build ORDER BY build_id", 2);
  put_rows(hasher, db,
           "SELECT a.artifact_id, a.parent_id, a.build_id, a.path, a.device_path, a.kind, a.size, b.sha256, a.state, a.transform, a.mode, a.uid, a.gid, a.selinux, a.capability, a.link_target, "
           "a.claimed_sha256, a.fact_id FROM _artifact a LEFT JOIN _blob b USING(blob_id) ORDER BY a.artifact_id", 18);
  put_rows(hasher, db, "SELECT artifact_id, n, at, length FROM _extent ORDER BY artifact_id, n", 4);
  put_rows(hasher, db, "SELECT fact_id, artifact_id, at, code, severity, what, detail, advice FROM _problem ORDER BY row_id", 8);
  for (const FactKind* kind : all.kinds) {
    std::string columns;
    for (const Column& c : kind->columns) columns += ", f." + sql::quoted(c.name);
    put_rows(hasher, db, "SELECT f.fact_id, b.sha256, f.build_id" + columns + " FROM " + table_name(*kind) + " f LEFT JOIN _blob b USING(blob_id) ORDER BY f.row_id",
             3 + static_cast<int>(kind->columns.size()));
  }
  put_rows(hasher, db, "SELECT o.fact_id, o.n, b.sha256, o.at, o.length, o.extractor, o.because FROM _origin o LEFT JOIN _blob b USING(blob_id) ORDER BY o.fact_id, o.n", 7);
  return hasher.finish_sha256();
}

}  // namespace klik
