#include "ledger/findings.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "ledger/result_row.h"

namespace klik {
namespace {

std::optional<FactId> fact_of(std::string_view text) {
  FactId id{};
  const auto bytes = unhex(text);
  if (!bytes || bytes->size() != id.size()) return std::nullopt;
  std::ranges::copy(*bytes, id.begin());
  return id;
}

// The complaint of SQLite about a view that this program does not make.
constexpr std::string_view kNoTable = "no such table: ";

class Engine {
 public:
  Engine(sqlite3* db, const FindingLimits& limits, const std::function<void(std::uint64_t)>& may_work) : db_(db), limits_(limits), may_work_(may_work) {
    sqlite3_stmt* raw = nullptr;
    // A case has it; the tables of a test may not.
    if (sqlite3_prepare_v2(db_, "SELECT build_id, digest FROM _scanned_build", -1, &raw, nullptr) == SQLITE_OK)
      while (sqlite3_step(raw) == SQLITE_ROW)
        builds_[sqlite3_column_int64(raw, 0)] = hex(Bytes(static_cast<const std::uint8_t*>(sqlite3_column_blob(raw, 1)), static_cast<std::size_t>(sqlite3_column_bytes(raw, 1))));
    sqlite3_finalize(raw);
  }

  RuleRun run(const Rule& rule) {
    RuleRun out{&rule, "evaluated", {}, {}};
    for (const std::string& view : rule.needs)
      if (!has_rows(view, out)) return out;
    may_work_(limits_.steps);
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(db_, rule.sql.c_str(), static_cast<int>(rule.sql.size()), &raw, nullptr) != SQLITE_OK) return refused(out);
    std::map<FactId, Finding> found;
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(raw)) == SQLITE_ROW) {
      if (found.size() >= limits_.rows) break;
      take(rule, ResultRow(raw), found);
    }
    if (code == SQLITE_INTERRUPT || code == SQLITE_ROW) out.state = "over_budget";
    else if (code != SQLITE_DONE) refused(out);
    sqlite3_finalize(raw);
    if (out.state != "evaluated") return out;   // half an answer would look like a whole one
    for (auto& [id, finding] : found) out.findings.push_back(std::move(finding));
    return out;
  }

 private:
  RuleRun& refused(RuleRun& run) {
    const std::string_view message = sqlite3_errmsg(db_);
    run.state = message.starts_with(kNoTable) ? "no_view" : "fault";
    run.detail = message.starts_with(kNoTable) ? message.substr(kNoTable.size()) : message;
    return run;
  }

  bool has_rows(const std::string& view, RuleRun& run) {
    auto known = views_.find(view);
    if (known == views_.end()) {
      may_work_(limits_.steps);
      sqlite3_stmt* raw = nullptr;
      if (sqlite3_prepare_v2(db_, ("SELECT 1 FROM " + sql::quoted(view) + " LIMIT 1").c_str(), -1, &raw, nullptr) != SQLITE_OK) {
        refused(run);
        return false;
      }
      known = views_.emplace(view, sqlite3_step(raw) == SQLITE_ROW).first;
      sqlite3_finalize(raw);
    }
    if (!known->second) {
      run.state = "no_rows";
      run.detail = view;
    }
    return known->second;
  }

  void take(const Rule& rule, const ResultRow& row, std::map<FactId, Finding>& found) {
    const auto main = fact_of(row.text("fact_id"));
    const auto build = row.number("build_id");
    if (!main || !build) return;   // nothing that could be traced
    Finding f;
    f.build = *build;
    f.actor = row.number("actor_id");
    f.subject = text::storable(row.text("subject"));
    f.note = text::storable(row.text("note"));
    if (const auto baseline = row.number("baseline")) f.baseline = *baseline != 0;
    const std::string severity = row.text("severity"), strength = row.text("strength");
    f.severity = f.baseline.value_or(false) ? "info" : severity_rank(severity) >= 0 ? severity : rule.severity;
    f.strength = std::ranges::find(kStrengthWords, strength) != std::end(kStrengthWords) ? strength : rule.strength;
    f.title = {text::storable(row.filled(rule.says.en.empty() ? rule.title.en : rule.says.en)), text::storable(row.filled(rule.says.nl.empty() ? rule.title.nl : rule.says.nl))};
    f.id = id_of(rule, f, *main);
    f.facts = {*main};
    const std::string evidence = row.text("evidence");
    std::set<FactId> known{*main};
    for (std::string_view rest = evidence; !rest.empty() && f.facts.size() < limits_.facts;) {
      const auto comma = rest.find(',');
      if (const auto fact = fact_of(rest.substr(0, comma)); fact && known.insert(*fact).second) f.facts.push_back(*fact);
      rest.remove_prefix(comma == rest.npos ? rest.size() : comma + 1);
    }
    found.try_emplace(f.id, std::move(f));
  }

  FactId id_of(const Rule& rule, const Finding& f, const FactId& main) const {
    Hasher hasher;
    const auto build = builds_.find(f.build);
    hasher.update(Bytes::of("finding " + rule.id + " " + (build == builds_.end() ? std::to_string(f.build) : build->second) + " " + std::to_string(f.subject.size()) + " " + f.subject + " "));
    hasher.update(Bytes(main));
    FactId id{};
    std::copy_n(hasher.finish_sha256().begin(), id.size(), id.begin());
    return id;
  }

  sqlite3* db_;
  const FindingLimits& limits_;
  const std::function<void(std::uint64_t)>& may_work_;
  std::map<std::int64_t, std::string> builds_;   // digest by number
  std::map<std::string, bool> views_;            // whether it has rows
};

}  // namespace

std::vector<RuleRun> run_rules(sqlite3* db, std::span<const Rule> rules, const FindingLimits& limits, const std::function<void(std::uint64_t)>& may_work) {
  Engine engine(db, limits, may_work);
  std::vector<RuleRun> runs;
  for (const Rule& rule : rules) runs.push_back(engine.run(rule));
  return runs;
}

bool store_findings(sqlite3* db, std::string_view schema, const std::vector<RuleRun>& runs) {
  const std::string into = "INSERT INTO " + std::string(schema) + ".";
  sql::Statement put_run(db, into + "_rule_run VALUES(?,?,?,?)"), put_finding(db, into + "_finding VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)"), put_fact(db, into + "_finding_fact VALUES(?,?,?)");
  struct Item {
    const Rule* rule;
    const Finding* finding;
  };
  std::vector<Item> items;
  bool ok = true;
  for (const RuleRun& run : runs) {
    ok = put_run.bind(1, run.rule->id).bind(2, run.state).bind(3, static_cast<std::int64_t>(run.findings.size())).bind(4, text::storable(run.detail)).run() && ok;
    for (const Finding& f : run.findings) items.push_back({run.rule, &f});
  }
  // What matters most first, and no order left open.
  std::ranges::sort(items, {}, [](const Item& i) { return std::tuple(-severity_rank(i.finding->severity), std::string_view(i.rule->id), i.finding->build, std::string_view(i.finding->subject), i.finding->id); });
  for (std::int64_t n = 1; const Item& item : items) {
    const Finding& f = *item.finding;
    put_finding.bind(1, n).bind(2, Bytes(f.id)).bind(3, f.build).bind(5, item.rule->id).bind(6, f.subject).bind(7, f.severity).bind(8, f.strength).bind(9, f.title.en).bind(10, f.title.nl).bind(13, Bytes(f.facts.front()));
    if (f.actor) put_finding.bind(4, *f.actor);
    if (!f.note.empty()) put_finding.bind(11, f.note);
    if (f.baseline) put_finding.bind(12, std::int64_t{*f.baseline});
    ok = put_finding.run() && ok;
    for (std::int64_t at = 0; const FactId& fact : f.facts) ok = put_fact.bind(1, n).bind(2, at++).bind(3, Bytes(fact)).run() && ok;
    ++n;
  }
  return ok;
}

bool make_rule_table(sqlite3* db) {
  if (!sql::execute(db, "CREATE TABLE temp._rule(rule TEXT, theme TEXT, severity TEXT, strength TEXT, title TEXT, title_nl TEXT, explanation TEXT, explanation_nl TEXT, reference TEXT, limits TEXT)")) return false;
  sql::Statement put(db, "INSERT INTO temp._rule VALUES(?,?,?,?,?,?,?,?,?,?)");
  bool ok = true;
  for (const Rule& r : rules()) ok = put.bind(1, r.id).bind(2, r.theme).bind(3, r.severity).bind(4, r.strength).bind(5, r.title.en).bind(6, r.title.nl).bind(7, r.explain.en).bind(8, r.explain.nl).bind(9, r.reference).bind(10, r.limits).run() && ok;
  return ok;
}

}  // namespace klik
