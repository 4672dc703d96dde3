#include "ledger/schema.h"

#include <algorithm>

#include "ledger/findings.h"
#include "ledger/sqlite.h"

namespace klik {
namespace {

constexpr std::string_view kFixed[] = {
    // Versions, digest, limits; key to text.
    R"(CREATE TABLE _meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID)",
    // What the writer declared, so that a reader can tell an old case from a broken one.
    R"(CREATE TABLE _declared(kind TEXT NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, key INTEGER NOT NULL, nullable INTEGER NOT NULL, doc TEXT NOT NULL, PRIMARY KEY(kind, n)) STRICT, WITHOUT ROWID)",
    R"(CREATE TABLE _blob(blob_id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE) STRICT)",
    R"(CREATE TABLE _scanned_build(build_id INTEGER PRIMARY KEY, digest BLOB NOT NULL, label TEXT NOT NULL) STRICT)",
    R"(CREATE TABLE _artifact(artifact_id INTEGER PRIMARY KEY, parent_id INTEGER, build_id INTEGER NOT NULL, path TEXT NOT NULL, device_path TEXT, kind TEXT NOT NULL, size INTEGER NOT NULL, blob_id INTEGER, state TEXT NOT NULL, transform TEXT NOT NULL, mode INTEGER, uid INTEGER, gid INTEGER, selinux TEXT, capability TEXT, link_target TEXT, claimed_sha256 TEXT, fact_id BLOB NOT NULL) STRICT)",
    // Where an artifact's bytes lie in its parent.
    R"(CREATE TABLE _extent(artifact_id INTEGER NOT NULL, n INTEGER NOT NULL, at INTEGER NOT NULL, length INTEGER NOT NULL, PRIMARY KEY(artifact_id, n)) STRICT, WITHOUT ROWID)",
    // Names and places on the scanning machine are no evidence and in no digest.
    R"(CREATE TABLE _input(artifact_id INTEGER PRIMARY KEY, build_id INTEGER NOT NULL, name TEXT NOT NULL, location TEXT NOT NULL) STRICT)",
    // The digest of a base is part of its build's.
    R"(CREATE TABLE _base(build_id INTEGER PRIMARY KEY, name TEXT NOT NULL, location TEXT NOT NULL, size INTEGER NOT NULL, sha256 BLOB NOT NULL) STRICT)",
    R"(CREATE TABLE _problem(row_id INTEGER PRIMARY KEY, fact_id BLOB NOT NULL, artifact_id INTEGER NOT NULL, at INTEGER NOT NULL, code TEXT NOT NULL, severity TEXT NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL, advice TEXT NOT NULL) STRICT)",
    R"(CREATE TABLE _origin(fact_id BLOB NOT NULL, n INTEGER NOT NULL, blob_id INTEGER, at INTEGER, length INTEGER, extractor TEXT NOT NULL, because BLOB, PRIMARY KEY(fact_id, n)) STRICT, WITHOUT ROWID)",
};
constexpr std::string_view kIndexes[] = {
    R"(CREATE INDEX _artifact_blob ON _artifact(blob_id))",
    R"(CREATE INDEX _artifact_parent ON _artifact(parent_id))",
    R"(CREATE INDEX _artifact_path ON _artifact(build_id, path))",
    R"(CREATE INDEX _artifact_fact ON _artifact(fact_id))",
};

std::string_view sql_type(ColumnType type) { return type == ColumnType::text ? "TEXT" : type == ColumnType::bytes ? "BLOB" : "INTEGER"; }

}  // namespace

Declarations declarations(std::vector<const FactKind*> kinds, std::vector<const View*> views) {
  for (const View* v : core_views()) views.push_back(v);
  for (const View* v : finding_views()) views.push_back(v);
  std::ranges::sort(kinds, {}, [](const FactKind* k) { return k->name; });
  kinds.erase(std::ranges::unique(kinds).begin(), kinds.end());
  std::ranges::sort(views, {}, [](const View* v) { return v->name; });
  views.erase(std::ranges::unique(views).begin(), views.end());
  return {std::move(kinds), std::move(views)};
}

std::vector<const View*> fact_views(const Declarations& all) {
  std::vector<const View*> out;
  for (const View* v : all.views)
    if (std::ranges::find(finding_views(), v->name, [](const View* f) { return f->name; }) == finding_views().end()) out.push_back(v);
  return out;
}

std::string table_name(const FactKind& kind) {
  std::string name = "_" + std::string(kind.name);
  std::ranges::replace(name, '.', '_');
  return name;
}

std::vector<std::string> table_statements(const Declarations& all) {
  std::vector<std::string> out(std::begin(kFixed), std::end(kFixed));
  out.insert(out.end(), finding_tables().begin(), finding_tables().end());
  for (const FactKind* kind : all.kinds) {
    const std::string table = table_name(*kind);
    std::string sql = "CREATE TABLE " + table + "(row_id INTEGER PRIMARY KEY, fact_id BLOB NOT NULL UNIQUE, blob_id INTEGER, build_id INTEGER";
    for (const Column& c : kind->columns) {
      sql += ", " + sql::quoted(c.name) + " " + std::string(sql_type(c.type));
      if (!c.nullable) sql += " NOT NULL";
      if (c.type == ColumnType::boolean) sql += " CHECK(" + sql::quoted(c.name) + " IN (0, 1))";
    }
    out.push_back(sql + ") STRICT");
    out.push_back("CREATE INDEX " + table + "_rows ON " + table + "(" + std::string(kind->index) + ")");
  }
  out.insert(out.end(), std::begin(kIndexes), std::end(kIndexes));
  return out;
}

std::string view_statement(const View& view) {
  std::string sql = "CREATE TEMP VIEW " + sql::quoted(view.name) + "(";
  for (std::size_t i = 0; i < view.columns.size(); ++i) sql += (i ? ", " : "") + sql::quoted(view.columns[i].name);
  return sql + ") AS " + std::string(view.sql);
}

std::vector<std::string> view_statements(const Declarations& all) {
  std::vector<std::string> out;
  for (const View* v : all.views) out.push_back(view_statement(*v));
  return out;
}

}  // namespace klik
