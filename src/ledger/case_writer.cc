#include "ledger/case_writer.h"

#include <unistd.h>

#include <cstdio>
#include <mutex>

#include "base/text.h"
#include "ledger/findings.h"
#include "ledger/publish_facts.h"
#include "ledger/staged_tree.h"
#include "ledger/view_tables.h"

namespace klik {
namespace {

// After a failure nothing is written any more, so nothing needs to be derived.
class NoRows final : public BuildRows {
 public:
  BlobId build() const override { return BlobId(Sha256Digest{}); }
  void artifacts(const std::function<void(const ArtifactRow&)>&) const override {}
  void facts(const FactKind&, const std::function<void(const FactRow&)>&) const override {}
};

}  // namespace

struct CaseWriter::State {
  State(const std::string& to, Declarations declared, const WriterLimits& most)
      : path(to), working(to + ".working-" + std::to_string(::getpid())), all(std::move(declared)), limits(most), facts(std::make_unique<StagedFacts>(all.kinds, working, most)) {}

  std::string path, working, error, digest;
  Declarations all;
  WriterLimits limits;
  sql::Database db;
  std::mutex mutex;
  std::unique_ptr<StagedFacts> facts;   // until they are published
  std::unique_ptr<StagedTree> tree;
  // What is read of one build; builds are asked one after another.
  std::optional<std::uint32_t> build_read;
  std::unique_ptr<StagedArtifacts> artifacts;
  std::unique_ptr<StagedRows> rows;

  void failed(std::string_view why) {
    if (error.empty()) error = "the case file cannot be written: " + std::string(why);
  }
  void check(bool ok) {
    if (!ok) failed(sqlite3_errmsg(db.get()));
  }
  void run(const std::string& sql) { check(sql::execute(db.get(), sql)); }
  void stage(const std::vector<Fact>& given, const std::vector<FactId>& ids);
  void stop_reading() {
    if (rows && rows->failed()) failed("its scratch file cannot be read");
    rows.reset();
    artifacts.reset();
    build_read.reset();
  }
  void publish_rows(bool complete);
  void declare_columns();
  void derive_findings();
  // Statements go before their database.
  void close() {
    rows.reset();
    artifacts.reset();
    tree.reset();
    db.reset();
  }
};

CaseWriter::CaseWriter(const std::string& path, Declarations declarations, const WriterLimits& limits) : state_(new State(path, std::move(declarations), limits)) {
  State& s = *state_;
  sqlite3* raw = nullptr;
  std::remove(s.working.c_str());
  const int code = sqlite3_open_v2(s.working.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXCLUSIVE | SQLITE_OPEN_NOMUTEX, nullptr);
  s.db.reset(raw);
  s.check(code == SQLITE_OK);
  if (!s.error.empty()) return;
  // The working file is thrown away on any failure, so nothing is gained by a journal. Rows are inserted in order: a small cache does.
  s.run("PRAGMA page_size=8192; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-8192; PRAGMA temp.cache_size=-8192");
  s.run("PRAGMA application_id=" + std::to_string(kApplicationId) + "; PRAGMA user_version=" + std::to_string(kSchemaVersion));
  s.run("BEGIN");
  for (const std::string& sql : table_statements(s.all))
    if (!sql.starts_with("CREATE INDEX")) s.run(sql);
  if (!s.error.empty()) return;
  s.tree = std::make_unique<StagedTree>(s.db.get());
  s.check(s.tree->valid());
}

CaseWriter::~CaseWriter() {
  State& s = *state_;
  s.close();
  if (!s.working.empty()) std::remove(s.working.c_str());
}

const std::string& CaseWriter::error() const { return state_->error; }
const std::string& CaseWriter::digest() const { return state_->digest; }

void CaseWriter::State::stage(const std::vector<Fact>& given, const std::vector<FactId>& ids) {
  const std::lock_guard lock(mutex);
  for (std::size_t i = 0; i < given.size() && error.empty(); ++i)
    if (const auto added = facts->add(given[i], ids[i]); !added) failed(added.error().what);
}

void CaseWriter::add_facts(std::vector<Fact> facts) {
  // Most of the work is the digest, which threads can do side by side.
  std::vector<FactId> ids(facts.size());
  for (std::size_t i = 0; i < facts.size(); ++i) ids[i] = fact_id(facts[i]);
  state_->stage(facts, ids);
}

void CaseWriter::add_build(const BuildRecord& build) {
  State& s = *state_;
  if (s.error.empty()) s.check(s.tree->add_build(build));
}

void CaseWriter::add_artifact(const ArtifactRecord& a) {
  State& s = *state_;
  if (!s.error.empty()) return;
  const auto blob = a.blob ? std::optional(s.facts->name_blob(a.blob->sha256())) : std::nullopt;
  s.check(s.tree->add_artifact(a, blob));
}

void CaseWriter::add_input(const InputRecord& in) {
  State& s = *state_;
  if (s.error.empty()) s.check(s.tree->add_input(in));
}

void CaseWriter::add_base(const BaseRecord& base) {
  State& s = *state_;
  if (s.error.empty()) s.check(s.tree->add_base(base));
}

void CaseWriter::add_problem(const ProblemRecord& record) {
  State& s = *state_;
  if (s.error.empty()) s.check(s.tree->add_problem(record));
}

std::unique_ptr<BuildRows> CaseWriter::rows_of(std::uint32_t build) {
  State& s = *state_;
  if (s.build_read != build) s.stop_reading();
  if (!s.error.empty()) return std::make_unique<NoRows>();
  if (!s.rows) {
    s.build_read = build;
    s.artifacts = std::make_unique<StagedArtifacts>(s.db.get(), build);
    s.rows = std::make_unique<StagedRows>(*s.facts, *s.artifacts, s.tree->builds().at(build), s.tree->places(build), s.working + ".rows", s.limits.entries);
  }
  return rows_over(*s.rows);
}

void CaseWriter::add_build_facts(std::uint32_t build, std::vector<Fact> facts, std::vector<Problem> problems) {
  add_facts(std::move(facts));
  State& s = *state_;
  if (!s.error.empty()) return;
  for (const Problem& p : problems)
    if (const auto artifact = s.tree->holder(build, p.about ? s.facts->blobs().find(p.about->sha256()) : std::nullopt)) add_problem({*artifact, p});
}

void CaseWriter::add_note(std::string_view key, std::string_view value) {
  State& s = *state_;
  if (!s.error.empty()) return;
  sql::Statement put(s.db.get(), "INSERT OR REPLACE INTO _meta VALUES(?, ?)");
  s.check(put.bind(1, key).bind(2, text::storable(value)).run());
}

// Over the published rows, as anybody who opens the case would make them.
void CaseWriter::State::derive_findings() {
  run("PRAGMA cache_size=-8192; PRAGMA temp.cache_size=-12288");   // a sort holds as much as the first says
  for (const std::string& sql : view_statements(all)) run(sql);
  if (!error.empty()) return;
  check(tabulate_views(db.get(), fact_views(all), queries_of_rules()));
  sql::StepBudget budget(db.get());
  const std::vector<RuleRun> runs = run_rules(db.get(), rules(), {}, [&](std::uint64_t steps) { budget.refill(steps); });
  check(store_findings(db.get(), "main", runs));
}

void CaseWriter::State::declare_columns() {
  sql::Statement declare(db.get(), "INSERT INTO _declared VALUES(?,?,?,?,?,?,?)");
  for (const FactKind* kind : all.kinds)
    for (std::int64_t n = 0; const Column& c : kind->columns) {
      constexpr std::string_view kTypes[] = {"integer", "text", "boolean", "bytes"};
      check(declare.bind(1, kind->name).bind(2, n++).bind(3, c.name).bind(4, kTypes[std::to_underlying(c.type)]).bind(5, std::int64_t{c.key}).bind(6, std::int64_t{c.nullable}).bind(7, c.doc).run());
    }
}

void CaseWriter::State::publish_rows(bool complete) {
  FactPublisher publisher(db.get(), *facts, tree->builds());
  DigestStream stream;
  const auto published = [&] {
    if (!publisher.blobs() || !tree->publish()) return false;
    digest_tree(stream, db.get());
    return publisher.facts(stream) && publisher.origins(stream);
  };
  if (!published()) return publisher.error().empty() ? check(false) : failed(publisher.error());
  // A value that the database turned into another is not what was streamed.
  if (complete) digest = hex(as_bytes(facts->has_odd_values() ? case_digest(db.get(), all) : stream.finish()));
}

bool CaseWriter::publish(bool complete) {
  State& s = *state_;
  s.stop_reading();
  if (s.error.empty()) s.publish_rows(complete);
  if (!s.error.empty()) return false;
  s.facts.reset();
  for (const std::string& sql : table_statements(s.all))
    if (sql.starts_with("CREATE INDEX")) s.run(sql);
  s.declare_columns();
  add_note("complete", complete ? "yes" : "no");
  if (complete) add_note("digest", s.digest);
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
