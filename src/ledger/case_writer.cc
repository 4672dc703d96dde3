#include "ledger/case_writer.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <map>
#include <mutex>

#include "base/text.h"
#include "ledger/case_digest.h"
#include "ledger/findings.h"
#include "ledger/sqlite.h"
#include "ledger/staged_rows.h"
#include "ledger/view_tables.h"

namespace klik {
namespace {

FactId artifact_fact_id(const ArtifactRecord& a, const BlobId& build) {
  Hasher hasher;
  const std::string head = "artifact " + std::to_string(a.path.size()) + " " + a.path + " " + std::string(a.state) + " ";
  hasher.update(Bytes::of(head));
  hasher.update(as_bytes(build.sha256()));
  if (a.blob) hasher.update(as_bytes(a.blob->sha256()));
  FactId id{};
  const Sha256Digest whole = hasher.finish_sha256();
  std::copy_n(whole.begin(), id.size(), id.begin());
  return id;
}

FactId problem_fact_id(const FactId& artifact, const Problem& p) {
  Hasher hasher;
  hasher.update(Bytes(artifact));
  hasher.update(Bytes::of(std::string("problem ") + std::string(code_name(p.error.code)) + " " + std::to_string(p.error.at) + " " + p.error.what + " " + p.detail));
  FactId id{};
  const Sha256Digest whole = hasher.finish_sha256();
  std::copy_n(whole.begin(), id.size(), id.begin());
  return id;
}

// After a failure nothing is written any more, so nothing needs to be derived.
class NoRows final : public BuildRows {
 public:
  BlobId build() const override { return BlobId(Sha256Digest{}); }
  void artifacts(const std::function<void(const ArtifactRow&)>&) const override {}
  void facts(const FactKind&, const std::function<void(const FactRow&)>&) const override {}
};

constexpr std::string_view kSeverities[] = {"info", "error", "data_loss"};

constexpr std::string_view kStaging[] = {
    "CREATE TABLE temp.s_build(number INTEGER PRIMARY KEY, digest BLOB, label TEXT)",
    "CREATE TABLE temp.s_artifact(id INTEGER PRIMARY KEY, parent INTEGER, build INTEGER, path TEXT, device_path TEXT, kind TEXT, size INTEGER, sha BLOB, state TEXT, transform TEXT, mode INTEGER, uid INTEGER, gid INTEGER, selinux TEXT, capability TEXT, link_target TEXT, claimed TEXT, fact_id BLOB)",
    "CREATE TABLE temp.s_origin(fact_id BLOB, n INTEGER, sha BLOB, at INTEGER, length INTEGER, extractor TEXT, because BLOB)",
    "CREATE TABLE temp.s_problem(fact_id BLOB, artifact INTEGER, at INTEGER, code TEXT, severity TEXT, what TEXT, detail TEXT, advice TEXT)",
};

}  // namespace

struct CaseWriter::State {
  std::string path, working, error, digest;
  Declarations all;
  sql::Database db;
  std::mutex mutex;
  std::map<const FactKind*, sql::Statement> stage;
  std::map<std::string_view, Staged> staged;   // by kind
  std::map<std::uint32_t, HeldRows> held;   // by build
  std::unique_ptr<sql::Statement> stage_origin, stage_artifact, stage_problem, put_extent, put_input;
  std::map<std::uint32_t, BlobId> builds;
  FactId last_artifact{};
  std::uint32_t last_artifact_id = 0;
  bool indexed = false;

  void failed() {
    if (error.empty()) error = std::string("the case file cannot be written: ") + sqlite3_errmsg(db.get());
  }
  void check(bool ok) {
    if (!ok) failed();
  }
  bool run(const std::string& sql) {
    const bool ok = sql::execute(db.get(), sql);
    check(ok);
    return ok;
  }
  void stage_fact(const Fact& fact);
  void stage_problem_row(std::uint32_t artifact, const FactId& of, const Problem& p);
  void publish_rows();
  void publish_origins();
  void derive_findings();
  // Statements go before their database.
  void close() {
    stage.clear();
    for (auto* statement : {&stage_origin, &stage_artifact, &stage_problem, &put_extent, &put_input}) statement->reset();
    db.reset();
  }
};

void CaseWriter::State::stage_fact(const Fact& fact) {
  auto at = stage.find(fact.kind);
  if (at == stage.end()) {
    std::string sql = "INSERT INTO temp." + sql::quoted("s" + table_name(*fact.kind)) + " VALUES(?, ?";
    for (std::size_t i = 0; i < fact.kind->columns.size(); ++i) sql += ", ?";
    at = stage.emplace(fact.kind, sql::Statement(db.get(), sql + ")")).first;
  }
  const FactId id = fact_id(fact);
  sql::Statement& s = at->second;
  s.bind(1, Bytes(id)).bind(2, as_bytes(fact.about.sha256()));
  for (std::size_t i = 0; i < fact.kind->columns.size(); ++i) {
    const Value value = i < fact.values.size() ? fact.values[i] : Value();
    const auto* raw = fact.kind->columns[i].type == ColumnType::bytes ? std::get_if<std::string>(&value) : nullptr;
    if (raw) s.bind(static_cast<int>(i) + 3, Bytes::of(*raw));
    else s.bind_value(static_cast<int>(i) + 3, value);
  }
  check(s.run());
  Staged& count = staged[fact.kind->name];
  ++count.rows;
  for (const Value& v : fact.values) count.bytes += sizeof(Value) + (v.index() == 2 ? std::get<std::string>(v).size() : 0);
  std::int64_t n = 0;
  for (const Place& p : fact.origins) {
    stage_origin->bind(1, Bytes(id)).bind(2, n++).bind(3, as_bytes(p.blob.sha256())).bind(4, static_cast<std::int64_t>(p.at)).bind(5, static_cast<std::int64_t>(p.length)).bind(6, fact.extractor).bind_null(7);
    check(stage_origin->run());
  }
  for (const FactId& because : fact.because) {
    stage_origin->bind(1, Bytes(id)).bind(2, n++).bind_null(3).bind_null(4).bind_null(5).bind(6, fact.extractor).bind(7, Bytes(because));
    check(stage_origin->run());
  }
}

void CaseWriter::State::stage_problem_row(std::uint32_t artifact, const FactId& of, const Problem& p) {
  const FactId id = problem_fact_id(of, p);
  stage_problem->bind(1, Bytes(id)).bind(2, std::int64_t{artifact}).bind(3, static_cast<std::int64_t>(p.error.at)).bind(4, code_name(p.error.code)).bind(5, kSeverities[std::to_underlying(p.severity)]);
  stage_problem->bind(6, std::string_view(p.error.what)).bind(7, text::storable(p.detail)).bind(8, text::storable(p.advice));
  check(stage_problem->run());
}

CaseWriter::CaseWriter(const std::string& path, Declarations declarations) : state_(new State) {
  State& s = *state_;
  s.path = path;
  s.working = path + ".working-" + std::to_string(::getpid());
  s.all = std::move(declarations);
  sqlite3* raw = nullptr;
  std::remove(s.working.c_str());
  const int code = sqlite3_open_v2(s.working.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE | SQLITE_OPEN_NOMUTEX, nullptr);
  s.db.reset(raw);
  if (code != SQLITE_OK) {
    s.failed();
    return;
  }
  // The working file is thrown away on any failure, so nothing is gained by a journal.
  s.run("PRAGMA page_size=8192; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-32768; PRAGMA temp.cache_size=-32768");
  s.run("PRAGMA application_id=" + std::to_string(kApplicationId) + "; PRAGMA user_version=" + std::to_string(kSchemaVersion));
  s.run("BEGIN");
  for (const std::string& sql : table_statements(s.all))
    if (!sql.starts_with("CREATE INDEX")) s.run(sql);
  for (const std::string_view sql : kStaging) s.run(std::string(sql));
  for (const FactKind* kind : s.all.kinds) {
    std::string sql = "CREATE TABLE temp." + sql::quoted("s" + table_name(*kind)) + "(fact_id BLOB, about BLOB";
    for (const Column& c : kind->columns) sql += ", " + sql::quoted(c.name);
    s.run(sql + ")");
  }
  if (!s.error.empty()) return;
  s.stage_origin = std::make_unique<sql::Statement>(s.db.get(), "INSERT INTO temp.s_origin VALUES(?,?,?,?,?,?,?)");
  s.stage_artifact = std::make_unique<sql::Statement>(s.db.get(), "INSERT INTO temp.s_artifact VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  s.stage_problem = std::make_unique<sql::Statement>(s.db.get(), "INSERT INTO temp.s_problem VALUES(?,?,?,?,?,?,?,?)");
  s.put_extent = std::make_unique<sql::Statement>(s.db.get(), "INSERT INTO _extent VALUES(?,?,?,?)");
  s.put_input = std::make_unique<sql::Statement>(s.db.get(), "INSERT INTO _input VALUES(?,?,?,?)");
}

CaseWriter::~CaseWriter() {
  State& s = *state_;
  s.close();
  if (!s.working.empty()) std::remove(s.working.c_str());
}

const std::string& CaseWriter::error() const { return state_->error; }
const std::string& CaseWriter::digest() const { return state_->digest; }

void CaseWriter::add_facts(std::vector<Fact> facts) {
  State& s = *state_;
  const std::lock_guard lock(s.mutex);
  if (!s.error.empty()) return;
  for (const Fact& f : facts) s.stage_fact(f);
}

void CaseWriter::add_build(const BuildRecord& build) {
  State& s = *state_;
  if (!s.error.empty()) return;
  s.builds.emplace(build.number, build.digest);
  sql::Statement put(s.db.get(), "INSERT INTO temp.s_build VALUES(?,?,?)");
  s.check(put.bind(1, std::int64_t{build.number}).bind(2, as_bytes(build.digest.sha256())).bind(3, text::storable(build.label)).run());
}

void CaseWriter::add_artifact(const ArtifactRecord& a) {
  State& s = *state_;
  if (!s.error.empty()) return;
  const FactId id = artifact_fact_id(a, s.builds.at(a.build));
  s.last_artifact = id;
  s.last_artifact_id = a.id;
  sql::Statement& p = *s.stage_artifact;
  p.bind(1, std::int64_t{a.id}).bind(3, std::int64_t{a.build}).bind(4, text::storable(a.path)).bind(6, a.kind).bind(7, static_cast<std::int64_t>(a.size)).bind(9, a.state).bind(10, a.transform).bind(18, Bytes(id));
  if (a.parent) p.bind(2, std::int64_t{a.parent});
  if (!a.device_path.empty()) p.bind(5, text::storable(a.device_path));
  if (a.blob) p.bind(8, as_bytes(a.blob->sha256()));
  if (a.has_attributes) p.bind(11, std::int64_t{a.mode}).bind(12, std::int64_t{a.uid}).bind(13, std::int64_t{a.gid});
  if (!a.selinux.empty()) p.bind(14, text::storable(a.selinux));
  if (!a.capability_hex.empty()) p.bind(15, a.capability_hex);
  if (!a.link_target.empty()) p.bind(16, text::storable(a.link_target));
  if (!a.claimed_sha256.empty()) p.bind(17, a.claimed_sha256);
  s.check(p.run());
  std::int64_t n = 0;
  for (const ByteRange& r : a.ranges)
    s.check(s.put_extent->bind(1, std::int64_t{a.id}).bind(2, n++).bind(3, static_cast<std::int64_t>(r.at)).bind(4, static_cast<std::int64_t>(r.length)).run());
}

void CaseWriter::add_input(const InputRecord& in) {
  State& s = *state_;
  if (!s.error.empty()) return;
  s.check(s.put_input->bind(1, std::int64_t{in.artifact}).bind(2, std::int64_t{in.build}).bind(3, text::storable(in.name)).bind(4, text::storable(in.location)).run());
}

void CaseWriter::add_base(const BaseRecord& base) {
  State& s = *state_;
  if (!s.error.empty()) return;
  sql::Statement put(s.db.get(), "INSERT INTO _base VALUES(?,?,?,?,?)");
  s.check(put.bind(1, std::int64_t{base.build}).bind(2, text::storable(base.name)).bind(3, text::storable(base.location)).bind(4, static_cast<std::int64_t>(base.size)).bind(5, as_bytes(base.digest.sha256())).run());
}

void CaseWriter::add_problem(const ProblemRecord& record) {
  State& s = *state_;
  if (!s.error.empty()) return;
  FactId of = s.last_artifact;
  if (record.artifact != s.last_artifact_id) {
    sql::Statement find(s.db.get(), "SELECT fact_id FROM temp.s_artifact WHERE id = ?");
    find.bind(1, std::int64_t{record.artifact});
    if (find.step() && find.blob(0).size() == of.size()) copy_bytes(of, 0, find.blob(0));
  }
  s.stage_problem_row(record.artifact, of, record.problem);
}

std::unique_ptr<BuildRows> CaseWriter::rows_of(std::uint32_t build) {
  State& s = *state_;
  if (!s.error.empty()) return std::make_unique<NoRows>();
  if (!s.indexed) {
    s.run("CREATE INDEX temp.s_artifact_sha ON s_artifact(sha, build)");
    s.indexed = true;
  }
  // Builds are asked one after another.
  std::erase_if(s.held, [&](const auto& of) { return of.first != build; });
  return staged_rows(s.db.get(), build, s.builds.at(build), s.held[build], [&s](const FactKind& kind) {
    const auto at = s.staged.find(kind.name);
    return at == s.staged.end() ? Staged{} : at->second;
  });
}

void CaseWriter::add_build_facts(std::uint32_t build, std::vector<Fact> facts, std::vector<Problem> problems) {
  add_facts(std::move(facts));
  State& s = *state_;
  if (!s.error.empty()) return;
  sql::Statement root(s.db.get(), "SELECT min(id) FROM temp.s_artifact WHERE build = ?");
  root.bind(1, std::int64_t{build});
  if (!root.step()) return;
  sql::Statement holder(s.db.get(), "SELECT min(id) FROM temp.s_artifact WHERE build = ? AND sha = ?");
  for (const Problem& p : problems) {
    std::int64_t artifact = root.integer(0);
    if (p.about && holder.bind(1, std::int64_t{build}).bind(2, as_bytes(p.about->sha256())).step() && !holder.is_null(0)) artifact = holder.integer(0);
    holder.reset();
    add_problem({static_cast<std::uint32_t>(artifact), p});
  }
}

void CaseWriter::add_note(std::string_view key, std::string_view value) {
  State& s = *state_;
  if (!s.error.empty()) return;
  sql::Statement put(s.db.get(), "INSERT OR REPLACE INTO _meta VALUES(?, ?)");
  s.check(put.bind(1, key).bind(2, text::storable(value)).run());
}

void CaseWriter::State::publish_rows() {
  run("INSERT INTO _scanned_build SELECT number, digest, label FROM temp.s_build ORDER BY number");
  std::string blobs = "INSERT INTO _blob(sha256) SELECT sha FROM (SELECT sha FROM temp.s_artifact UNION SELECT sha FROM temp.s_origin";
  for (const FactKind* kind : all.kinds) blobs += " UNION SELECT about FROM temp." + sql::quoted("s" + table_name(*kind)) + " WHERE about NOT IN (SELECT digest FROM temp.s_build)";
  run(blobs + ") WHERE sha IS NOT NULL ORDER BY sha");
  run("INSERT INTO _artifact SELECT a.id, a.parent, a.build, a.path, a.device_path, a.kind, a.size, b.blob_id, a.state, a.transform, a.mode, a.uid, a.gid, a.selinux, a.capability, a.link_target, a.claimed, a.fact_id "
      "FROM temp.s_artifact a LEFT JOIN _blob b ON b.sha256 = a.sha ORDER BY a.id");
  run("INSERT INTO _problem(fact_id, artifact_id, at, code, severity, what, detail, advice) SELECT DISTINCT * FROM temp.s_problem ORDER BY artifact, at, code, what, detail, fact_id");
  for (const FactKind* kind : all.kinds) {
    std::string columns, own;
    for (const Column& c : kind->columns) columns += ", " + sql::quoted(c.name);
    for (const Column& c : kind->columns) own += ", s." + sql::quoted(c.name);
    // The same fact may come from equal content met in two places; the lowest row stands for all. Only a repeated identity
    // is passed over: a value that its column forbids is an error.
    run("INSERT INTO " + table_name(*kind) + "(fact_id, blob_id, build_id" + columns + ") SELECT s.fact_id, b.blob_id, u.number" + own + " FROM temp." + sql::quoted("s" + table_name(*kind)) +
        " s LEFT JOIN _blob b ON b.sha256 = s.about LEFT JOIN temp.s_build u ON u.digest = s.about WHERE true ORDER BY s.fact_id, s.about" + own + " ON CONFLICT(fact_id) DO NOTHING");
  }
  publish_origins();
}

// A fact that came from equal content in two places has brought its origins twice: equal ones are one, and those left are
// numbered anew. One pass over sorted rows; a window function takes three times as long.
void CaseWriter::State::publish_origins() {
  sql::Statement rows(db.get(), "SELECT o.fact_id, o.n, b.blob_id, o.at, o.length, o.because, o.extractor FROM temp.s_origin o LEFT JOIN _blob b ON b.sha256 = o.sha "
                                "ORDER BY o.fact_id, o.n, o.sha, o.at, o.length, o.because, o.extractor");
  sql::Statement put(db.get(), "INSERT INTO _origin VALUES(?,?,?,?,?,?,?)");
  constexpr std::size_t kCompared = 6;   // the extractor is not part of what an origin is
  std::array<Value, kCompared> last, now;
  std::int64_t nth = 0, seen = 0;
  while (error.empty() && rows.step()) {
    const bool first = seen++ == 0;
    for (std::size_t i = 0; i < kCompared; ++i) now[i] = rows.value(static_cast<int>(i));
    if (!first && now == last) continue;
    nth = first || now[0] != last[0] ? 0 : nth + 1;
    put.bind(1, rows.blob(0)).bind(2, nth).bind_value(3, now[2]).bind_value(4, now[3]).bind_value(5, now[4]).bind(6, rows.text(6));
    if (rows.is_null(5)) put.bind_null(7);
    else put.bind(7, rows.blob(5));
    check(put.run());
    std::swap(last, now);
  }
  // A sort that ran out of room ends like one that is done.
  sql::Statement count(db.get(), "SELECT count(*) FROM temp.s_origin");
  check(count.step() && count.integer(0) == seen);
}

// Over the published rows, as anybody who opens the case would make them.
void CaseWriter::State::derive_findings() {
  for (const std::string& sql : view_statements(all)) run(sql);
  if (!error.empty()) return;
  check(tabulate_views(db.get(), fact_views(all), text_of_rules()));
  sql::StepBudget budget(db.get());
  const std::vector<RuleRun> runs = run_rules(db.get(), rules(), {}, [&](std::uint64_t steps) { budget.refill(steps); });
  check(store_findings(db.get(), "main", runs));
}

bool CaseWriter::publish(bool complete) {
  State& s = *state_;
  s.held.clear();
  if (!s.error.empty()) return false;
  s.publish_rows();
  for (const std::string& sql : table_statements(s.all))
    if (sql.starts_with("CREATE INDEX")) s.run(sql);
  sql::Statement declare(s.db.get(), "INSERT INTO _declared VALUES(?,?,?,?,?,?,?)");
  for (const FactKind* kind : s.all.kinds)
    for (std::int64_t n = 0; const Column& c : kind->columns) {
      constexpr std::string_view kTypes[] = {"integer", "text", "boolean", "bytes"};
      s.check(declare.bind(1, kind->name).bind(2, n++).bind(3, c.name).bind(4, kTypes[std::to_underlying(c.type)]).bind(5, std::int64_t{c.key}).bind(6, std::int64_t{c.nullable}).bind(7, c.doc).run());
    }
  if (!s.error.empty()) return false;
  add_note("complete", complete ? "yes" : "no");
  if (complete) {
    s.digest = hex(as_bytes(case_digest(s.db.get(), s.all)));
    add_note("digest", s.digest);
  }
  s.derive_findings();
  add_note("rules_digest", rules_digest());
  s.run("COMMIT");
  if (!s.error.empty()) return false;
  s.close();
  if (std::rename(s.working.c_str(), s.path.c_str()) != 0) {
    s.error = "the case file cannot be put in place: " + s.path;
    return false;
  }
  s.working.clear();
  return true;
}

}  // namespace klik
