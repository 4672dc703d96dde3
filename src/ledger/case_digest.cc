#include "ledger/case_digest.h"

#include <algorithm>
#include <charconv>

namespace klik {
namespace {

constexpr std::size_t kWaiting = 16 << 10;

void put_rows(DigestStream& out, sqlite3* db, const std::string& query, int columns) {
  out.table(query);
  sql::Statement rows(db, query);
  while (rows.step())
    for (int i = 0; i < columns; ++i) {
      const std::string_view raw = rows.blob(i).text();   // numbers as their decimal text
      if (rows.is_null(i)) out.null();
      else out.bytes(raw);
    }
}

}  // namespace

DigestStream::DigestStream() {
  waiting_.resize(kWaiting);
  put("klikspaan case " + std::to_string(kSchemaVersion) + "\n");
}

void DigestStream::flush() {
  hasher_.update(Bytes(waiting_.data(), used_));
  used_ = 0;
}

void DigestStream::put(std::string_view raw) {
  if (raw.size() > kWaiting - used_) flush();
  if (raw.size() > kWaiting) return hasher_.update(Bytes::of(raw));
  std::ranges::copy(raw, waiting_.begin() + static_cast<std::ptrdiff_t>(used_));
  used_ += raw.size();
}

void DigestStream::put_number(std::uint64_t number) {
  std::array<char, 8> b;
  for (std::size_t i = 0; i < b.size(); ++i) b[i] = static_cast<char>(number >> (8 * i) & 0xff);
  put({b.data(), b.size()});
}

void DigestStream::integer(std::int64_t number) {
  std::array<char, 24> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  bytes({text.data(), static_cast<std::size_t>(end - text.data())});
}

void DigestStream::bytes(std::string_view raw) {
  put_number(raw.size());
  put(raw);
}

Sha256Digest DigestStream::finish() {
  flush();
  return hasher_.finish_sha256();
}

std::string digest_query(const FactKind& kind) {
  std::string columns;
  for (const Column& c : kind.columns) columns += ", f." + sql::quoted(c.name);
  return "SELECT f.fact_id, b.sha256, f.build_id" + columns + " FROM " + table_name(kind) + " f LEFT JOIN _blob b USING(blob_id) ORDER BY f.row_id";
}

std::string_view origins_digest_query() {
  return "SELECT o.fact_id, o.n, b.sha256, o.at, o.length, o.extractor, o.because FROM _origin o LEFT JOIN _blob b USING(blob_id) ORDER BY o.fact_id, o.n";
}

void digest_tree(DigestStream& out, sqlite3* db) {
  put_rows(out, db, "SELECT build_id, digest FROM _scanned_build ORDER BY build_id", 2);
  put_rows(out, db,
           "SELECT a.artifact_id, a.parent_id, a.build_id, a.path, a.device_path, a.kind, a.size, b.sha256, a.state, a.transform, a.mode, a.uid, a.gid, a.selinux, a.capability, a.link_target, "
           "a.claimed_sha256, a.fact_id FROM _artifact a LEFT JOIN _blob b USING(blob_id) ORDER BY a.artifact_id", 18);
  put_rows(out, db, "SELECT artifact_id, n, at, length FROM _extent ORDER BY artifact_id, n", 4);
  put_rows(out, db, "SELECT fact_id, artifact_id, at, code, severity, what, detail, advice FROM _problem ORDER BY row_id", 8);
}

Sha256Digest case_digest(sqlite3* db, const Declarations& all) {
  DigestStream out;
  digest_tree(out, db);
  for (const FactKind* kind : all.kinds) put_rows(out, db, digest_query(*kind), 3 + static_cast<int>(kind->columns.size()));
  put_rows(out, db, std::string(origins_digest_query()), 7);
  return out.finish();
}

}  // namespace klik
