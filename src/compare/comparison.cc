#include "compare/comparison.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "compare/cells.h"
#include "compare/gathered.h"
#include "compare/old_names.h"
#include "compare/pairs.h"
#include "compare/patched_side.h"
#include "compare/side_tables.h"
#include "ledger/origins_query.h"
#include "ledger/select.h"

namespace klik::compare {
namespace {

constexpr ViewColumn kChangeColumns[] = {
    {"change_id", "Equal across runs for the same kind, subject, before and after; where these leave several, the title too."},
    {"kind", "The file in changes/."},
    {"theme", "What it belongs to."},
    {"subject", "What it is about."},
    {"before", "What the old build has; null when it was not there."},
    {"after", "What the new build has; null when it is not there any more."},
    {"before_nl", "The same in Dutch: what is out of the phone stays as it is."},
    {"after_nl", "Likewise."},
    {"severity", "info, low, medium, high or critical."},
    {"effect", "more: others can do more than before; less: others can do less; other: neither is known."},
    {"rank", "From 1. What gives somebody outside more power over the owner comes first."},
    {"title", "One sentence."},
    {"title_nl", "The same in Dutch."},
    {"why", "The reason for its rank."},
    {"why_nl", "The same in Dutch."},
    {"before_fact", "For `klikspaan why` with the old case; null when there is none."},
    {"after_fact", "For `klikspaan why` with the new case; null when there is none."},
};
constexpr ViewColumn kRunColumns[] = {
    {"kind", "The file in changes/."},
    {"theme", "What it belongs to."},
    {"state", "asked: no row means no change in what was read; over_budget or fault: not all is known."},
    {"detail", "The database's complaint."},
    {"changes", "How many."},
    {"title", "What it looks for."},
    {"title_nl", "The same in Dutch."},
    {"limits", "What it cannot see."},
};
constexpr ViewColumn kSideColumns[] = {
    {"side", "before or after."},
    {"name", "What the user named it."},
    {"label", "Maker, model and version, by its own word."},
    {"fingerprint", "The maker's own name of the build."},
    {"security_patch", "The patch level that it claims."},
    {"digest", "Of the build: equal for equal inputs."},
    {"files_listed", "Files known to exist."},
    {"files_read", "Files read whole."},
};
constexpr ViewColumn kComparerRunColumns[] = {
    {"comparer", "Its name."},
    {"title", "What it compares."},
    {"state", "compared, or fault: a case did not answer it, so what its tables lack is not known to be equal."},
    {"detail", "The database's complaint."},
};
constexpr ViewColumn kPackagePairColumns[] = {
    {"app", "Its name in the new build, else in the old one."}, {"before_name", "Its name in the old build."}, {"before_id", "package_id in the old case."}, {"after_id", "package_id in the new case."},
    {"how", "name; place: another name in the same place by the same signer; added; removed."},
};
constexpr ViewColumn kActorPairColumns[] = {
    {"name", "Of the actor."}, {"kind", "See actor.kind."}, {"before_id", "actor_id in the old case."}, {"after_id", "actor_id in the new case."},
};
constexpr ViewColumn kFilePairColumns[] = {
    {"path", "On the running phone."}, {"before_path", "In the old build."}, {"before_id", "artifact_id in the old case."}, {"after_id", "artifact_id in the new case."},
    {"how", "path; content: moved; added; removed."}, {"same", "1: equal bytes."}, {"kind", "See artifact.kind."}, {"before_fact", "The file in the old case."}, {"after_fact", "The file in the new case."},
};
constexpr View kTables[] = {
    {"change", "What differs between two builds, ranked.", kChangeColumns, ""},
    {"change_run", "Which kinds of change were asked.", kRunColumns, ""},
    {"comparer_run", "Which comparers could do their work.", kComparerRunColumns, ""},
    {"side", "The two builds.", kSideColumns, ""},
    {"package_pair", "Which package of the new build is which of the old one.", kPackagePairColumns, ""},
    {"actor_pair", "Likewise for everything that acts.", kActorPairColumns, ""},
    {"file_pair", "Likewise for files of the phone.", kFilePairColumns, ""},
};

// A case as a comparer asks it. Comparers take an answer of no rows for what it is; that there was none is noted here.
class Noted final : public Queryable {
 public:
  explicit Noted(Queryable& reader) : reader_(reader) {}
  Table query(std::string_view sql, const std::vector<Value>& parameters, const QueryLimits& limits) override {
    Table table = reader_.query(sql, parameters, limits);
    if (first_error_.empty()) first_error_ = reader_.error();
    return table;
  }
  const std::string& error() const override { return reader_.error(); }
  const std::string& first_error() const { return first_error_; }

 private:
  Queryable& reader_;
  std::string first_error_;
};

Value or_null(const std::optional<std::string>& s) { return s ? Value{*s} : Value{}; }

}  // namespace

struct Comparison::State {
  State(const Declarations& declarations, const Pair& pair, const ComparisonOptions& options);
  void work(const Declarations& declarations, const Pair& pair, const ComparisonOptions& options);
  bool run_comparers(const Pair& pair);
  bool store_changes();
  bool store_sides(const Pair& pair, const ComparisonOptions& options);
  bool store_origins(const Side& side, bool before);
  bool no(std::string why) {
    if (error.empty()) error = std::move(why);
    return false;
  }
  bool database() { return no(std::string("the comparison's database: ") + sqlite3_errmsg(db.get())); }

  std::string error;
  bool valid = false, allow_all = true;
  std::vector<Change> changes;
  std::vector<KindRun> runs;
  std::vector<std::string> not_compared;
  std::unique_ptr<OldNames> names;       // outlives the connection that calls it
  sql::Database db;
  std::unique_ptr<sql::StepBudget> budget;
  std::int64_t next_artifact = 1;
  std::set<std::string> known_origins;
};

Comparison::State::State(const Declarations& declarations, const Pair& pair, const ComparisonOptions& options) {
  sqlite3* raw = nullptr;
  if (sqlite3_open_v2(":memory:", &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK) {
    sqlite3_close(raw);
    no("no memory for a comparison");
    return;
  }
  db.reset(raw);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_set_authorizer(raw, read_only_authorizer, &allow_all);
  budget = std::make_unique<sql::StepBudget>(raw);
  budget->refill(~std::uint64_t{0} >> 1);
  work(declarations, pair, options);
  allow_all = false;
  valid = error.empty();
}

void Comparison::State::work(const Declarations& declarations, const Pair& pair, const ComparisonOptions& options) {
  std::string text = options.text + " " + sql_of_pairs() + " " + sql_of_patched_side();
  for (const ChangeKind& kind : change_kinds()) text += "\n" + kind.sql;
  text += "\n" + views_of_gathered(text);
  if (!sql::execute(db.get(), "BEGIN")) return void(database());
  if (!copy_sides(db.get(), declarations, pair, text, error)) return;
  bool narrowed = false;
  if (!narrow_to_update(db.get(), declarations, narrowed)) return void(database());
  if (!make_pairs(db.get()) || !run_comparers(pair)) return void(database());
  names = std::make_unique<OldNames>(db.get());
  if (!names->register_functions(db.get()) || !gather(db.get(), text) || !sql::execute(db.get(), "COMMIT")) return void(database());
  // The rows may be hostile, so the questions run under the limits that anybody's would.
  allow_all = false;
  changes = find_changes(db.get(), change_kinds(), {}, [&](std::uint64_t steps) { budget->refill(steps); }, runs, {options.phrases, narrowed});
  allow_all = true;
  budget->refill(~std::uint64_t{0} >> 1);
  if (!store_changes() || !store_sides(pair, options)) return void(database());
  if (!store_origins(pair.before, true) || !store_origins(pair.after, false)) return void(database());
}

bool Comparison::State::run_comparers(const Pair& pair) {
  std::vector<std::vector<Value>> ran;
  for (const Comparer* comparer : comparers()) {
    Noted before(pair.before.reader), after(pair.after.reader);
    std::vector<std::vector<std::vector<Value>>> rows(comparer->tables.size());
    comparer->run({{before, pair.before.build}, {after, pair.after.build}, pair.pool}, [&](std::size_t table, std::vector<Value> values) { rows.at(table).push_back(std::move(values)); });
    const std::string& complaint = before.first_error().empty() ? after.first_error() : before.first_error();
    if (!complaint.empty()) not_compared.push_back(std::string(comparer->name) + ": " + complaint);
    ran.push_back({std::string(comparer->name), std::string(comparer->title), std::string(complaint.empty() ? "compared" : "fault"), or_null(complaint)});
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const ComparedTable& t = comparer->tables[i];
      if (!create_table(db.get(), t.name, t.columns) || !insert_rows(db.get(), t.name, t.columns.size(), rows[i])) return false;
    }
  }
  return create_table(db.get(), "comparer_run", kComparerRunColumns) && insert_rows(db.get(), "comparer_run", std::size(kComparerRunColumns), ran);
}

bool Comparison::State::store_changes() {
  std::vector<std::vector<Value>> rows;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Change& c = changes[i];
    rows.push_back({hex(Bytes(c.id)), c.kind->id, c.kind->theme, c.subject, or_null(c.before), or_null(c.after), or_null(c.before_nl), or_null(c.after_nl), c.severity, c.effect, static_cast<std::int64_t>(i) + 1, c.title.en, c.title.nl, c.why.en, c.why.nl,
                    or_null(c.before_fact), or_null(c.after_fact)});
  }
  std::vector<std::vector<Value>> asked;
  for (const KindRun& r : runs)
    asked.push_back({r.kind->id, r.kind->theme, r.state, or_null(r.detail), static_cast<std::int64_t>(r.changes), r.kind->title.en, r.kind->title.nl, or_null(r.kind->limits)});
  return create_table(db.get(), "change", kChangeColumns) && insert_rows(db.get(), "change", std::size(kChangeColumns), rows) && create_table(db.get(), "change_run", kRunColumns) &&
         insert_rows(db.get(), "change_run", std::size(kRunColumns), asked);
}

bool Comparison::State::store_sides(const Pair& pair, const ComparisonOptions& options) {
  if (!create_table(db.get(), "side", kSideColumns)) return false;
  for (const bool before : {true, false}) {
    const Side& side = before ? pair.before : pair.after;
    const Table found = side.reader.query("SELECT b.label, b.fingerprint, b.security_patch, b.digest, c.files_listed, c.files_read FROM build b LEFT JOIN coverage c ON c.build_id = b.build_id AND c.what = 'all' WHERE b.build_id = ?1",
                                          {Value{side.build}});
    if (!side.reader.error().empty()) return no(side.reader.error());
    std::vector<Value> row{std::string(before ? "before" : "after"), before ? options.before_name : options.after_name};
    if (!found.rows.empty()) row.insert(row.end(), found.rows.front().begin(), found.rows.front().end());
    if (!insert_rows(db.get(), "side", std::size(kSideColumns), {row})) return false;
  }
  return true;
}

// Only what the changes rest on: the places of all facts of two builds would outweigh everything else.
bool Comparison::State::store_origins(const Side& side, bool before) {
  if (before && !sql::execute(db.get(), "CREATE TABLE artifact (artifact_id, path, sha256); CREATE TABLE origin (fact_id, n, artifact_id, at, length, extractor, because_fact_id, fact)")) return false;
  std::set<std::string> wanted;
  for (const Change& c : changes)
    if (const std::string& fact = before ? c.before_fact : c.after_fact; !fact.empty()) wanted.insert(fact);
  std::vector<std::vector<Value>> artifacts;
  sql::Statement put(db.get(), "INSERT INTO origin VALUES (?,?,?,?,?,?,?,?)");
  bool stored = true;
  // The facts themselves, then one step behind them.
  for (int step = 0; step < 2 && !wanted.empty(); ++step) {
    std::set<std::string> behind, taken;
    const auto store = [&](const std::vector<Value>& r) {
      const std::string& fact = std::get<std::string>(r[0]);
      const auto bytes = unhex(fact);
      if (!bytes || known_origins.contains(fact)) return true;   // equal facts of equal bytes: the other build's places serve
      taken.insert(fact);
      artifacts.push_back({next_artifact, r[2], r[3]});
      const Value row[] = {r[0], r[1], std::holds_alternative<std::monostate>(r[2]) ? Value{} : Value{next_artifact}, r[4], r[5], r[6], r[7]};
      for (int at = 1; const Value& v : row) put.bind_value(at++, v);
      ++next_artifact;
      if (const auto* because = std::get_if<std::string>(&r[7])) behind.insert(*because);
      return stored = put.bind(8, Bytes(*bytes)).run();
    };
    if (!each_origin(side.reader, wanted, store)) return no(side.reader.error());
    known_origins.merge(taken);
    wanted = std::move(behind);
  }
  return stored && insert_rows(db.get(), "artifact", 3, artifacts) &&
         (before || sql::execute(db.get(), "CREATE INDEX origin_by_fact ON origin(fact); CREATE INDEX artifact_by_id ON artifact(artifact_id)"));
}

Comparison::Comparison(const Declarations& declarations, const Pair& pair, const ComparisonOptions& options) : state_(new State(declarations, pair, options)) {}
Comparison::~Comparison() = default;

bool Comparison::valid() const { return state_->valid; }
const std::vector<Change>& Comparison::changes() const { return state_->changes; }
const std::vector<KindRun>& Comparison::runs() const { return state_->runs; }
const std::vector<std::string>& Comparison::not_compared() const { return state_->not_compared; }
const std::string& Comparison::error() const { return state_->error; }

Table Comparison::query(std::string_view sql, const std::vector<Value>& parameters, const QueryLimits& limits) {
  if (!state_->valid) return {};
  return select(state_->db.get(), *state_->budget, sql, parameters, limits, state_->error);
}

std::span<const View> comparison_tables() { return kTables; }

}  // namespace klik::compare
