#include "compare/changes.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

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

// `titled`: changes that share everything else are told apart by their sentence.
FactId id_of(const Change& c, bool titled) {
  const auto part = [](const std::optional<std::string>& s) { return s ? std::to_string(s->size()) + " " + *s + " " : std::string("- "); };
  const Sha256Digest digest = sha256(Bytes::of("change " + c.kind->id + " " + part(c.subject) + part(c.before) + part(c.after) + (titled ? part(c.title.en) : std::string())));
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
  return c;
}

// What makes two rows one change.
using Same = std::tuple<std::string, std::optional<std::string>, std::optional<std::string>>;
Same same_of(const Change& c) { return {c.subject, c.before, c.after}; }

bool ranks_before(const Change& a, const Change& b) {
  const auto key = [](const Change& c) {
    return std::tuple(-severity_rank(c.severity), place_of(kEffects, c.effect), -c.weight, place_of(kRuleThemes, c.kind->theme));
  };
  const auto ka = key(a), kb = key(b);
  if (ka != kb) return ka < kb;
  return std::tie(a.kind->id, a.subject, a.before, a.after, a.title.en, a.why.en, a.before_fact, a.after_fact) < std::tie(b.kind->id, b.subject, b.before, b.after, b.title.en, b.why.en, b.before_fact, b.after_fact);
}

// The gravest changes of one kind, of which no more are kept than a limit says. Whatever the order of the rows, the same are kept:
// a change among the first of all is among the first at any time.
class Gravest {
 public:
  explicit Gravest(std::size_t limit) : limit_(limit) {}

  void take(Change c) {
    auto key = std::pair(same_of(c), c.title.en);
    const auto at = found_.find(key);
    if (at == found_.end()) found_.emplace(std::move(key), std::move(c));
    else if (ranks_before(c, at->second)) at->second = std::move(c);
    if (found_.size() >= 2 * limit_ + kSlack) cut();
  }

  // Gives each its name.
  std::vector<Change> all() {
    cut();
    std::map<Same, int> titles;
    for (const auto& [key, change] : found_) ++titles[key.first];
    std::vector<Change> out;
    for (auto& [key, change] : found_) {
      change.id = id_of(change, titles[key.first] > 1);
      out.push_back(std::move(change));
    }
    return out;
  }
  bool left_out() const { return left_out_; }

 private:
  static constexpr std::size_t kSlack = 64;   // small limits are not cut at every row

  void cut() {
    if (found_.size() <= limit_) return;
    left_out_ = true;
    std::vector<decltype(found_)::iterator> order;
    for (auto at = found_.begin(); at != found_.end(); ++at) order.push_back(at);
    const auto last = order.begin() + static_cast<std::ptrdiff_t>(limit_);
    std::ranges::nth_element(order, last, ranks_before, [](const auto& at) -> const Change& { return at->second; });
    for (auto at = last; at != order.end(); ++at) found_.erase(*at);
  }

  std::size_t limit_;
  bool left_out_ = false;
  std::map<std::pair<Same, std::string>, Change> found_;
};

// Rows are worked on outside of SQLite's count of steps.
constexpr std::size_t kMostRead = 100;   // times the changes that are kept

void ask(sqlite3* db, const ChangeKind& kind, const ChangeLimits& limits, const Telling& telling, KindRun& run, std::vector<Change>& changes) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(db, kind.sql.c_str(), static_cast<int>(kind.sql.size()), &raw, nullptr) != SQLITE_OK) {
    run.state = "fault";
    run.detail = sqlite3_errmsg(db);
    return;
  }
  Gravest found(limits.rows);
  std::size_t read = 0;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(raw)) == SQLITE_ROW && read++ / kMostRead < limits.rows) found.take(change_of(kind, ResultRow(raw), telling));
  // What was found before a limit ended the question is still true.
  std::vector<Change> all = found.all();
  run.state = code == SQLITE_ROW || code == SQLITE_INTERRUPT || (code == SQLITE_DONE && found.left_out()) ? "over_budget" : code == SQLITE_DONE ? "asked" : "fault";
  if (run.state == "fault") run.detail = sqlite3_errmsg(db);
  sqlite3_finalize(raw);
  run.changes = all.size();
  std::ranges::move(all, std::back_inserter(changes));
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
