#include "compare/changes.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "ledger/result_row.h"
#include "ledger/rules.h"

namespace klik::compare {
namespace {

std::optional<std::string> stated(const ResultRow& row, std::string_view column) {
  if (row.is_null(column)) return std::nullopt;
  return text::storable(row.text(column));
}

template <class Words>
std::ptrdiff_t place_of(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) - std::begin(words);
}

FactId id_of(const Change& c) {
  const auto part = [](const std::optional<std::string>& s) { return s ? std::to_string(s->size()) + " " + *s + " " : std::string("- "); };
  const Sha256Digest digest = sha256(Bytes::of("change " + c.kind->id + " " + part(c.subject) + part(c.before) + part(c.after)));
  FactId id{};
  std::copy_n(digest.begin(), id.size(), id.begin());
  return id;
}

void weigh_as_part(Change& c, const Phrases& phrases) {
  const std::string was = c.severity;
  c.severity = severity_rank(was) > severity_rank("medium") ? "medium" : "info";
  c.why.en = "Worked out over the part of the build that the update names: it may follow from what is not here. Over a whole build it would weigh " + was + ". " + c.why.en;
  c.why.nl = "Uitgerekend over het deel van de build dat de update noemt: het kan volgen uit wat hier niet is. Over een hele build zou het gewicht " + phrases.dutch(was) + " zijn. " + c.why.nl;
}

Change change_of(const ChangeKind& kind, const ResultRow& row, const Telling& telling) {
  const auto in_dutch = [&](std::string_view column) { return std::ranges::find(kind.words, column) != kind.words.end() ? telling.phrases.dutch(row.text(column)) : row.text(column); };
  const auto stated_nl = [&](std::string_view column) -> std::optional<std::string> {
    if (const std::string other = std::string(column) + "_nl"; row.has(other)) return stated(row, other);
    return row.is_null(column) ? std::nullopt : std::optional(text::storable(in_dutch(column)));
  };
  Change c;
  c.kind = &kind;
  c.subject = text::storable(row.text("subject"));
  c.before = stated(row, "before");
  c.after = stated(row, "after");
  c.before_nl = stated_nl("before");
  c.after_nl = stated_nl("after");
  const std::string severity = row.text("severity"), effect = row.text("effect");
  c.severity = severity_rank(severity) >= 0 ? severity : kind.severity;
  c.effect = std::ranges::find(kEffects, effect) != std::end(kEffects) ? effect : kind.effect;
  c.weight = row.number("weight").value_or(0);
  c.title = {text::storable(row.filled(kind.says.en)), text::storable(row.filled(kind.says.nl, in_dutch))};
  c.why = {text::storable(row.filled(kind.why.en)), text::storable(row.filled(kind.why.nl, in_dutch))};
  if (telling.over_part && kind.needs_whole) weigh_as_part(c, telling.phrases);
  c.before_fact = row.text("before_fact");
  c.after_fact = row.text("after_fact");
  c.id = id_of(c);
  return c;
}

bool ranks_before(const Change& a, const Change& b) {
  const auto key = [](const Change& c) {
    return std::tuple(-severity_rank(c.severity), place_of(kEffects, c.effect), -c.weight, place_of(kRuleThemes, c.kind->theme));
  };
  const auto ka = key(a), kb = key(b);
  if (ka != kb) return ka < kb;
  return std::tie(a.kind->id, a.subject, a.before, a.after, a.id) < std::tie(b.kind->id, b.subject, b.before, b.after, b.id);
}

void ask(sqlite3* db, const ChangeKind& kind, const ChangeLimits& limits, const Telling& telling, KindRun& run, std::vector<Change>& changes) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(db, kind.sql.c_str(), static_cast<int>(kind.sql.size()), &raw, nullptr) != SQLITE_OK) {
    run.state = "fault";
    run.detail = sqlite3_errmsg(db);
    return;
  }
  std::map<FactId, Change> found;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(raw)) == SQLITE_ROW && found.size() < limits.rows) {
    Change c = change_of(kind, ResultRow(raw), telling);
    const auto [at, fresh] = found.try_emplace(c.id, c);
    if (!fresh && ranks_before(c, at->second)) at->second = std::move(c);
  }
  run.state = code == SQLITE_DONE ? "asked" : code == SQLITE_ROW || code == SQLITE_INTERRUPT ? "over_budget" : "fault";
  if (run.state == "fault") run.detail = sqlite3_errmsg(db);
  sqlite3_finalize(raw);
  run.changes = found.size();
  // What was found before a limit ended the question is still true.
  for (auto& [id, change] : found) changes.push_back(std::move(change));
}

}  // namespace

std::vector<Change> find_changes(sqlite3* db, std::span<const ChangeKind> kinds, const ChangeLimits& limits, const std::function<void(std::uint64_t)>& may_work,
                                 std::vector<KindRun>& runs, const Telling& telling) {
  std::vector<Change> changes;
  for (const ChangeKind& kind : kinds) {
    may_work(limits.steps);
    runs.push_back({&kind, {}, {}, 0});
    ask(db, kind, limits, telling, runs.back(), changes);
  }
  std::ranges::sort(changes, ranks_before);
  return changes;
}

}  // namespace klik::compare
