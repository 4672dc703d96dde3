#include "ledger/case_reader.h"

#include <algorithm>
#include <set>

#include "ledger/case_digest.h"
#include "ledger/findings.h"
#include "ledger/select.h"
#include "ledger/sqlite.h"
#include "ledger/view_tables.h"

namespace klik {
namespace {

// Whether a query may look at findings; SQL does not care for upper and lower case.
bool names_findings(std::string_view sql) {
  std::string lowered(sql);
  for (char& c : lowered)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lowered.contains("finding") || lowered.contains("rule_run");
}

}  // namespace

struct CaseReader::State {
  std::string error;
  Declarations all;
  sql::Database db;
  bool valid = false, allow_all = true;
  bool findings_known = false;   // those in the file are of this program's rules, or its own have been made
  std::unique_ptr<sql::StepBudget> budget;

  void refuse(std::string why) {
    error = std::move(why);
    valid = false;
  }
  void open(const std::string& path);
  bool schema_is_ours();
  void make_findings();
};

// Every object in the file must be one that this version would have made, word for word: a view, trigger or
// virtual table of somebody else has no place in evidence.
bool CaseReader::State::schema_is_ours() {
  std::set<std::string> expected;
  for (const std::string& sql : table_statements(all)) expected.insert(sql);
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(db.get(), "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL", -1, &raw, nullptr) != SQLITE_OK) return false;
  std::size_t found = 0;
  bool ours = true;
  int code = SQLITE_ROW;
  while (ours && (code = sqlite3_step(raw)) == SQLITE_ROW) {
    const auto* text = sqlite3_column_text(raw, 0);
    ours = text && expected.contains(reinterpret_cast<const char*>(text));
    ++found;
  }
  sqlite3_finalize(raw);
  return ours && code == SQLITE_DONE && found == expected.size();
}

void CaseReader::State::open(const std::string& path) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, nullptr);
  db.reset(raw);
  if (code != SQLITE_OK) return refuse("the case file cannot be opened: " + path);
  sqlite3* handle = db.get();
  for (const auto& [option, on] : {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1}, {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0}, {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                                   {SQLITE_DBCONFIG_ENABLE_VIEW, 0}, {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0}, {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0}, {SQLITE_DBCONFIG_DQS_DML, 0}, {SQLITE_DBCONFIG_DQS_DDL, 0}})
    sqlite3_db_config(handle, option, on, nullptr);
  for (const auto& [limit, most] : {std::pair{SQLITE_LIMIT_LENGTH, 64 << 20}, {SQLITE_LIMIT_SQL_LENGTH, 1 << 20}, {SQLITE_LIMIT_COLUMN, 500}, {SQLITE_LIMIT_EXPR_DEPTH, 200}, {SQLITE_LIMIT_COMPOUND_SELECT, 100},
                                    {SQLITE_LIMIT_ATTACHED, 0}, {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000}, {SQLITE_LIMIT_TRIGGER_DEPTH, 1}, {SQLITE_LIMIT_WORKER_THREADS, 0}})
    sqlite3_limit(handle, limit, most);
  sqlite3_set_authorizer(handle, read_only_authorizer, &allow_all);
  budget = std::make_unique<sql::StepBudget>(handle);
  budget->refill(QueryLimits{}.steps);
  if (!sql::execute(handle, "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32768")) return refuse("not a klikspaan case file: " + path);

  const auto pragma = [&](const char* sql) -> std::int64_t {
    sqlite3_stmt* statement = nullptr;
    std::int64_t value = -1;
    if (sqlite3_prepare_v2(handle, sql, -1, &statement, nullptr) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
  };
  if (pragma("PRAGMA application_id") != kApplicationId) return refuse("not a klikspaan case file: " + path);
  const std::int64_t version = pragma("PRAGMA user_version");
  if (version != kSchemaVersion) return refuse("the case file has version " + std::to_string(version) + ", this program reads " + std::to_string(kSchemaVersion) + ": scan again");
  if (!schema_is_ours()) return refuse("the case file's tables are not those that this program writes: scan again");
  for (const std::string& sql : view_statements(all))
    if (!sql::execute(handle, sql)) return refuse(std::string("a view cannot be made: ") + sqlite3_errmsg(handle));
  if (!make_rule_table(handle)) return refuse("the list of rules cannot be made");
  allow_all = false;
  valid = true;
  sqlite3_stmt* stored = nullptr;
  if (sqlite3_prepare_v2(handle, "SELECT value FROM _meta WHERE key = 'rules_digest'", -1, &stored, nullptr) == SQLITE_OK && sqlite3_step(stored) == SQLITE_ROW) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(stored, 0));
    findings_known = text && rules_digest() == text;
  }
  sqlite3_finalize(stored);
}

// The tables of findings in temp stand before those of the file, so the views take these from now on. The rules run under
// the same authorizer and limits as anybody's query: the rows they meet may be hostile.
void CaseReader::State::make_findings() {
  if (findings_known) return;
  findings_known = true;
  allow_all = true;
  const bool tabulated = tabulate_views(db.get(), fact_views(all), queries_of_rules());
  allow_all = false;
  if (!tabulated) {
    error = "the views cannot be prepared for the rules";
    return;
  }
  const std::vector<RuleRun> runs = run_rules(db.get(), rules(), {}, [&](std::uint64_t steps) { budget->refill(steps); });
  budget->refill(QueryLimits{}.steps);
  allow_all = true;
  bool made = restore_views(db.get(), fact_views(all), queries_of_rules());
  for (const std::string_view sql : finding_tables()) made = made && sql::execute(db.get(), "CREATE TEMP TABLE" + std::string(sql.substr(std::string_view("CREATE TABLE").size())));
  if (!made || !store_findings(db.get(), "temp", runs)) error = "the findings cannot be made";
  allow_all = false;
}

CaseReader::CaseReader(const std::string& path, Declarations all) : state_(new State) {
  state_->all = std::move(all);
  state_->open(path);
}

CaseReader::~CaseReader() = default;
CaseReader::CaseReader(CaseReader&&) noexcept = default;
CaseReader& CaseReader::operator=(CaseReader&&) noexcept = default;

bool CaseReader::valid() const { return state_->valid; }
const std::string& CaseReader::error() const { return state_->error; }

Table CaseReader::query(std::string_view text, const std::vector<Value>& parameters, const QueryLimits& limits) {
  State& s = *state_;
  if (!s.valid) return {};
  s.error.clear();
  sqlite3* db = s.db.get();
  if (names_findings(text)) s.make_findings();
  if (!s.error.empty()) return {};
  return select(db, *s.budget, text, parameters, limits, s.error);
}

Sha256Digest CaseReader::recompute_digest() {
  State& s = *state_;
  if (s.valid) s.budget->refill(QueryLimits{}.steps);
  return s.valid ? case_digest(s.db.get(), s.all) : Sha256Digest{};
}

}  // namespace klik
