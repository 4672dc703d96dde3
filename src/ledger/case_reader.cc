#include "ledger/case_reader.h"

#include <algorithm>
#include <set>

#include "ledger/case_digest.h"
#include "ledger/findings.h"
#include "ledger/sqlite.h"
#include "ledger/view_tables.h"

namespace klik {
namespace {

// What a statement may do once the case is open: read, and call functions that only compute.
int authorize(void* allow_all, int action, const char* first, const char* second, const char*, const char*) {
  if (*static_cast<const bool*>(allow_all)) return SQLITE_OK;
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_FUNCTION: {
      const std::string_view name = second ? second : "";
      constexpr std::string_view kRefused[] = {"load_extension", "fts3_tokenizer", "writefile", "readfile", "edit", "sqlite_compileoption_get"};
      return std::ranges::find(kRefused, name) == std::end(kRefused) ? SQLITE_OK : SQLITE_DENY;
    }
    default: (void)first; return SQLITE_DENY;
  }
}

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
  sqlite3_set_authorizer(handle, authorize, &allow_all);
  budget = std::make_unique<sql::StepBudget>(handle);
  budget->refill(QueryLimits{}.steps);
  if (!sql::execute(handle, "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536")) return refuse("not a klikspaan case file: " + path);

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

// Tables in temp stand before those of the file, so the views take these from now on. The rules run under the same
// authorizer and limits as anybody's query: the rows they meet may be hostile.
void CaseReader::State::make_findings() {
  if (findings_known) return;
  findings_known = true;
  allow_all = true;
  const bool tabulated = tabulate_views(db.get(), fact_views(all), text_of_rules());
  allow_all = false;
  if (!tabulated) {
    error = "the views cannot be prepared for the rules";
    return;
  }
  const std::vector<RuleRun> runs = run_rules(db.get(), rules(), {}, [&](std::uint64_t steps) { budget->refill(steps); });
  budget->refill(QueryLimits{}.steps);
  allow_all = true;
  bool made = true;
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
  s.budget->refill(limits.steps);
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const auto stop = [&](std::string why) {
    s.error = std::move(why);
    sqlite3_finalize(raw);
    return Table{};
  };
  if (sqlite3_prepare_v2(db, text.data(), static_cast<int>(std::min<std::size_t>(text.size(), 1 << 20)), &raw, &tail) != SQLITE_OK) return stop(sqlite3_errmsg(db));
  if (!raw) return stop("no statement");
  if (std::string_view(tail, static_cast<std::size_t>(text.data() + text.size() - tail)).find_first_not_of(" \t\r\n;") != std::string_view::npos) return stop("one statement at a time");
  if (!sqlite3_stmt_readonly(raw)) return stop("a case file is only read");
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const int at = static_cast<int>(i) + 1;
    if (const auto* number = std::get_if<std::int64_t>(&parameters[i])) sqlite3_bind_int64(raw, at, *number);
    else if (const auto* words = std::get_if<std::string>(&parameters[i])) sqlite3_bind_text64(raw, at, words->data(), words->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  Table table;
  const int columns = sqlite3_column_count(raw);
  for (int i = 0; i < columns; ++i) table.columns.emplace_back(sqlite3_column_name(raw, i));
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(raw)) == SQLITE_ROW) {
    if (table.rows.size() >= limits.rows) return stop("more rows than this query may give");
    std::vector<Value>& row = table.rows.emplace_back();
    row.reserve(static_cast<std::size_t>(columns));
    for (int i = 0; i < columns; ++i) {
      switch (sqlite3_column_type(raw, i)) {
        case SQLITE_NULL: row.emplace_back(); break;
        case SQLITE_INTEGER: row.emplace_back(static_cast<std::int64_t>(sqlite3_column_int64(raw, i))); break;
        case SQLITE_BLOB: row.emplace_back(hex(Bytes(static_cast<const std::uint8_t*>(sqlite3_column_blob(raw, i)), static_cast<std::size_t>(sqlite3_column_bytes(raw, i))))); break;
        default: {
          const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(raw, i));
          row.emplace_back(std::string(bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(raw, i))));
        }
      }
    }
  }
  if (code == SQLITE_INTERRUPT) return stop("the query does more work than it may; narrow it");
  if (code != SQLITE_DONE) return stop(sqlite3_errmsg(db));
  sqlite3_finalize(raw);
  return table;
}

Sha256Digest CaseReader::recompute_digest() {
  State& s = *state_;
  if (s.valid) s.budget->refill(QueryLimits{}.steps);
  return s.valid ? case_digest(s.db.get(), s.all) : Sha256Digest{};
}

}  // namespace klik
