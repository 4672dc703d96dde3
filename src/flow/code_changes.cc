#include "flow/code_changes.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

namespace klik::flow {
namespace {

constexpr std::uint32_t kNative = 0x100;
constexpr CodeMark kNativeMark{1, "native"};   // what such a method does stands elsewhere
constexpr std::size_t kMostHelpers = 256;   // called methods looked into for one difference

// One direction of comparison: what `to` has more than `from`. Run once each way, so that added and removed mirror.
class OneWay {
 public:
  OneWay(const BuiltCode& from, const BuiltCode& to, const std::vector<Id>& counterpart_in_to, const std::vector<Id>& counterpart_in_from) : from_(from), to_(to), in_to_(counterpart_in_to), in_from_(counterpart_in_from) {
    in_app_.assign(from.texts().size(), false);
    for (const BuiltCode::Method& m : from.methods())
      for (const Id f : m.features) in_app_[f] = true;
    for (const BuiltCode::Class& c : from.classes())
      for (const Id t : c.texts) in_app_[t] = true;
    callers_.resize(to.methods().size());
    for (Id m = 0; m < to.methods().size(); ++m)
      for (const Id callee : to.methods()[m].calls) callers_[callee].push_back(m);
  }

  bool only_here(Id feature) const { return !in_app_[feature]; }

  struct More {
    std::vector<Id> sure;
    // Calls that the counterpart may make too: the phone's compiler rewrote instructions of it so that they name nothing.
    std::vector<Id> perhaps;
  };
  // What the method `m` of `to` has more than its counterpart, without what was inlined into it or taken out of another.
  More more(Id m) const {
    const BuiltCode::Method& now = to_.methods()[m];
    const Id counterpart = in_from_[m];
    More out;
    if (counterpart == kNoId) {
      for (const Id f : now.features)
        if (counts(f) && !taken_out(m, f)) out.sure.push_back(f);
      return out;
    }
    const BuiltCode::Method& then = from_.methods()[counterpart];
    if (now.features == then.features) return out;
    std::vector<Id> all;
    std::ranges::set_difference(now.features, then.features, std::back_inserter(all));
    for (const Id f : all) {
      if (!counts(f) || inlined(m, counterpart, f) || taken_out(m, f)) continue;
      // Only calls of methods that may be overridden are rewritten.
      const bool hidden = then.unresolved > 0 && to_.texts().kind(f) == SharedTexts::Kind::call && !has(now.exact_calls, f);
      (hidden ? out.perhaps : out.sure).push_back(f);
    }
    return out;
  }

 private:
  static bool has(const std::vector<Id>& sorted, Id id) { return std::ranges::binary_search(sorted, id); }
  bool counts(Id f) const { return to_.texts().kind(f) != SharedTexts::Kind::number; }

  // The counterpart called a method, directly or through one more, that has it, and `m` does not call that any more.
  bool inlined(Id m, Id counterpart, Id f) const {
    std::size_t looked = 0;
    const auto gone = [&](Id callee) {
      const Id now = in_to_[callee];
      return now == kNoId || !has(to_.methods()[m].calls, now);
    };
    for (const Id callee : from_.methods()[counterpart].calls) {
      if (++looked > kMostHelpers) return false;
      if (!gone(callee)) continue;
      if (has(from_.methods()[callee].features, f)) return true;
      for (const Id next : from_.methods()[callee].calls)
        if (++looked <= kMostHelpers && has(from_.methods()[next].features, f) && in_to_[next] == kNoId) return true;
    }
    return false;
  }
  // `m` is new, and a method that calls it had this itself before and has it no more.
  bool taken_out(Id m, Id f) const {
    if (in_from_[m] != kNoId) return false;
    std::size_t looked = 0;
    for (const Id caller : callers_[m]) {
      if (++looked > kMostHelpers) return false;
      const Id then = in_from_[caller];
      if (then != kNoId && has(from_.methods()[then].features, f) && !has(to_.methods()[caller].features, f)) return true;
    }
    return false;
  }

  const BuiltCode &from_, &to_;
  const std::vector<Id>&in_to_, &in_from_;
  std::vector<bool> in_app_;
  std::vector<std::vector<Id>> callers_;
};

class Changes {
 public:
  Changes(const BuiltCode& before, const BuiltCode& after, const Matching& m, const MarkOfFeature& mark_of) : before_(before), after_(after), m_(m), mark_of_(mark_of), marks_(before.texts().size()), added_(before, after, m.method_after, m.method_before), removed_(after, before, m.method_before, m.method_after) {
    // Where the code of a class without counterpart went; such classes are no news of their own.
    merged_.assign(before.classes().size(), kNoId);
    split_.assign(after.classes().size(), kNoId);
    for (const auto& [b, a] : m.merged) merged_[b] = a;
    for (const auto& [b, a] : m.split) split_[a] = b;
  }

  CodeChanges run(std::size_t most) {
    features();
    classes();
    methods();
    const auto key = [&](const CodeChange& c) {
      return std::tuple(!c.only_here, weight(c.what), c.class_after == kNoId ? std::string_view() : after_.class_name(c.class_after), c.class_before == kNoId ? std::string_view() : before_.class_name(c.class_before),
                        c.method_after == kNoId ? std::string_view() : after_.method_name(c.method_after), c.method_after == kNoId ? std::string_view() : after_.method_proto(c.method_after),
                        c.method_before == kNoId ? std::string_view() : before_.method_name(c.method_before), c.method_before == kNoId ? std::string_view() : before_.method_proto(c.method_before),
                        c.feature == kNoId ? std::string_view() : before_.texts().text(c.feature), std::string_view(c.value), c.what);
    };
    std::ranges::stable_sort(out_, [&](const CodeChange& x, const CodeChange& y) { return key(x) < key(y); });
    rank();
    CodeChanges result;
    if (out_.size() > most) {
      result.left_out = out_.size() - most;
      result.left_out_marked = static_cast<std::size_t>(std::ranges::count_if(out_.begin() + static_cast<std::ptrdiff_t>(most), out_.end(), [](const CodeChange& c) { return !c.mark.empty(); }));
      out_.resize(most);
    }
    result.rows = std::move(out_);
    return result;
  }

 private:
  // What says most comes first, whatever else there is: a flood of new names must not push a dangerous call out of the list,
  // nor one dangerous call made in a thousand classes another one, or the method whose check is gone.
  void rank() {
    struct Placed {
      std::size_t group, round, of_feature, at;
      auto operator<=>(const Placed&) const = default;
    };
    std::vector<Placed> order;
    order.reserve(out_.size());
    std::map<std::pair<std::string_view, Id>, std::size_t> of_feature;
    for (std::size_t i = 0; i < out_.size(); ++i) {
      const CodeChange& c = out_[i];
      const std::size_t group = group_of(c);
      order.push_back({group, 0, group == kLastGroup || c.feature == kNoId ? 0 : of_feature[{c.what, c.feature}]++, i});
    }
    std::ranges::sort(order);
    std::map<std::pair<std::string_view, std::string_view>, std::size_t> of_mark;
    for (Placed& p : order)
      if (p.group != kLastGroup) p.round = of_mark[{out_[p.at].mark, out_[p.at].what}]++;
    std::ranges::sort(order);
    std::vector<CodeChange> sorted;
    sorted.reserve(out_.size());
    for (const Placed& p : order) sorted.push_back(std::move(out_[p.at]));
    out_ = std::move(sorted);
  }
  static constexpr std::size_t kLastGroup = 2 * kMostMarkWeight;
  // What is sure, by weight; then what may be and what is not known, likewise.
  std::size_t group_of(const CodeChange& c) const {
    if (c.mark.empty()) return kLastGroup;
    const bool unsure = c.what.contains("_maybe_") || c.what == "method_not_compared";
    return (unsure ? kMostMarkWeight : 0) + kMostMarkWeight - std::min(weights_.at(c.mark), kMostMarkWeight);
  }

  static int weight(std::string_view what) {
    static constexpr std::string_view order[] = {"native_method_added", "platform_call_added", "platform_field_added", "string_added", "platform_call_removed", "platform_field_removed", "string_removed", "native_method_removed",
                                                 "own_call_changed",    "class_added",         "class_removed",        "method_added", "method_removed",        "method_changed",      "platform_call_maybe_added",
                                                 "platform_call_maybe_removed", "method_not_compared"};
    return static_cast<int>(std::ranges::find(order, what) - std::begin(order));
  }

  // The pair of classes that a method's differences are summed over: by the class of the new build, or the old one alone.
  using Group = std::pair<Id, Id>;   // (before, after)
  Group group_before(Id b) const {
    const Id a = m_.class_after[b] != kNoId ? m_.class_after[b] : merged_[b];
    return a == kNoId ? Group{b, kNoId} : Group{m_.class_before[a] == kNoId ? b : m_.class_before[a], a};
  }
  Group group_after(Id a) const {
    const Id b = m_.class_before[a] != kNoId ? m_.class_before[a] : split_[a];
    return b == kNoId ? Group{kNoId, a} : Group{b, m_.class_after[b] == kNoId ? a : m_.class_after[b]};
  }

  struct Seen {
    Id first = kNoId;          // the method to show
    std::uint32_t paired = 0, unpaired = 0;
  };
  using Found = std::map<std::pair<Group, Id>, Seen>;

  static void note(Seen& seen, Id method, bool paired) {
    if (seen.first == kNoId) seen.first = method;
    ++(paired ? seen.paired : seen.unpaired);
  }

  void features() {
    Found more, less, perhaps_more, perhaps_less;
    for (Id m = 0; m < after_.methods().size(); ++m) {
      const OneWay::More found = added_.more(m);
      const Group g = group_after(after_.methods()[m].owner);
      for (const Id f : found.sure) note(more[{g, f}], m, m_.method_before[m] != kNoId);
      for (const Id f : found.perhaps) note(perhaps_more[{g, f}], m, true);
    }
    for (Id m = 0; m < before_.methods().size(); ++m) {
      const OneWay::More found = removed_.more(m);
      const Group g = group_before(before_.methods()[m].owner);
      for (const Id f : found.sure) note(less[{g, f}], m, m_.method_after[m] != kNoId);
      for (const Id f : found.perhaps) note(perhaps_less[{g, f}], m, true);
    }
    // What a method without counterpart has and another of the same class has lost, only moved.
    for (auto& [key, gained] : more) {
      const auto lost = less.find(key);
      if (lost == less.end()) continue;
      cancel(gained.unpaired, lost->second.unpaired);
      cancel(gained.unpaired, lost->second.paired);
      cancel(gained.paired, lost->second.unpaired);
    }
    rows_of(more, true, {});
    rows_of(less, false, {});
    rows_of(perhaps_more, true, "platform_call_maybe_added");
    rows_of(perhaps_less, false, "platform_call_maybe_removed");
    static_texts();
  }
  void rows_of(const Found& found, bool is_added, std::string_view what) {
    for (const auto& [key, seen] : found) {
      if (seen.paired + seen.unpaired == 0) continue;
      const Id m = seen.first;
      feature_row(key.second, is_added, key.first, is_added ? m_.method_before[m] : m, is_added ? m : m_.method_after[m], (is_added ? added_ : removed_).only_here(key.second), what);
    }
  }
  static void cancel(std::uint32_t& x, std::uint32_t& y) {
    const std::uint32_t both = std::min(x, y);
    x -= both;
    y -= both;
  }
  void feature_row(Id f, bool is_added, const Group& g, Id method_before, Id method_after, bool only_here, std::string_view what = {}) {
    if (what.empty()) switch (before_.texts().kind(f)) {
        case SharedTexts::Kind::call: what = is_added ? "platform_call_added" : "platform_call_removed"; break;
        case SharedTexts::Kind::field: what = is_added ? "platform_field_added" : "platform_field_removed"; break;
        default: what = is_added ? "string_added" : "string_removed"; break;
      }
    put({what, g.first, g.second, method_before, method_after, f, {}, only_here}, mark_of(f));
  }

  const CodeMark& mark_of(Id f) {
    std::optional<CodeMark>& known = marks_[f];
    if (!known) known = mark_of_ ? mark_of_(before_.texts(), f) : CodeMark{};
    return *known;
  }
  // The weightiest of what a method calls and says; of equals that of the first name.
  void take(CodeMark& best, const BuiltCode& code, Id m) {
    if (m == kNoId) return;
    for (const Id f : code.methods()[m].features)
      if (const CodeMark& mark = mark_of(f); mark.weight > best.weight || (mark.weight > 0 && mark.weight == best.weight && mark.name < best.name)) best = mark;
  }
  CodeMark mark_of_methods(Id b, Id a) {
    CodeMark best;
    take(best, before_, b);
    take(best, after_, a);
    return best;
  }
  CodeMark mark_of_class(const BuiltCode& code, Id c) {
    CodeMark best;
    const BuiltCode::Class& cls = code.classes()[c];
    for (Id m = cls.first_method; m < cls.first_method + cls.method_count; ++m) take(best, code, m);
    return best;
  }
  void put(CodeChange row, const CodeMark& mark) {
    if (mark.weight > 0) {
      row.mark = mark.name;
      unsigned& most = weights_[mark.name];
      most = std::max(most, mark.weight);
    }
    out_.push_back(std::move(row));
  }

  // What static fields begin with. A compiler may copy it into code and back, so only what the whole app lacks counts.
  void static_texts() {
    for (Id a = 0; a < after_.classes().size(); ++a)
      for (const Id t : after_.classes()[a].texts)
        if (added_.only_here(t)) feature_row(t, true, group_after(a), kNoId, kNoId, true);
    for (Id b = 0; b < before_.classes().size(); ++b)
      for (const Id t : before_.classes()[b].texts)
        if (removed_.only_here(t)) feature_row(t, false, group_before(b), kNoId, kNoId, true);
  }

  void classes() {
    for (Id a = 0; a < after_.classes().size(); ++a)
      if (m_.class_before[a] == kNoId && split_[a] == kNoId) put({"class_added", kNoId, a, kNoId, kNoId, kNoId, std::to_string(after_.classes()[a].method_count) + " methods", false}, mark_of_class(after_, a));
    for (Id b = 0; b < before_.classes().size(); ++b)
      if (m_.class_after[b] == kNoId && merged_[b] == kNoId) put({"class_removed", b, kNoId, kNoId, kNoId, kNoId, std::to_string(before_.classes()[b].method_count) + " methods", false}, mark_of_class(before_, b));
  }

  void methods() {
    for (Id m = 0; m < after_.methods().size(); ++m) {
      if (m_.method_before[m] != kNoId) continue;
      const Group g = group_after(after_.methods()[m].owner);
      if (after_.methods()[m].access & kNative) put({"native_method_added", g.first, g.second, kNoId, m, kNoId, {}, false}, kNativeMark);
      else if (g.first != kNoId) put({"method_added", g.first, g.second, kNoId, m, kNoId, units(after_.methods()[m]), false}, mark_of_methods(kNoId, m));
    }
    for (Id m = 0; m < before_.methods().size(); ++m) {
      const BuiltCode::Method& then = before_.methods()[m];
      const Group g = group_before(then.owner);
      const Id n = m_.method_after[m];
      if (n == kNoId) {
        if (then.access & kNative) put({"native_method_removed", g.first, g.second, m, kNoId, kNoId, {}, false}, kNativeMark);
        else if (g.second != kNoId) put({"method_removed", g.first, g.second, m, kNoId, kNoId, units(then), false}, mark_of_methods(m, kNoId));
        continue;
      }
      const BuiltCode::Method& now = after_.methods()[n];
      if (then.unresolved || now.unresolved) put({"method_not_compared", then.owner, now.owner, m, n, kNoId, units(then) + " → " + units(now), false}, mark_of_methods(m, n));
      else if (then.body != now.body) put({"method_changed", then.owner, now.owner, m, n, kNoId, units(then) + " → " + units(now), false}, mark_of_methods(m, n));
      else other_callee(m, n);
    }
  }
  // The same body, which calls another method of the app at the same place.
  void other_callee(Id m, Id n) {
    const BuiltCode::Method &then = before_.methods()[m], &now = after_.methods()[n];
    for (std::size_t i = 0; i < std::min(then.refs.size(), now.refs.size()); ++i) {
      const Id x = then.refs[i].method, y = now.refs[i].method;
      if (x == kNoId || y == kNoId || m_.method_after[x] == y) continue;
      // Equal code under another name is no other method.
      if (before_.methods()[x].body == after_.methods()[y].body && before_.methods()[x].features == after_.methods()[y].features) continue;
      if (m_.method_after[x] == kNoId && m_.method_before[y] == kNoId) continue;   // that one changed too much to be known again, and has rows of its own
      CodeMark mark = mark_of_methods(m, n);
      take(mark, before_, x);
      take(mark, after_, y);
      put({"own_call_changed", then.owner, now.owner, m, n, kNoId, name(before_, x) + " → " + name(after_, y), false}, mark);
    }
  }
  static std::string units(const BuiltCode::Method& m) { return std::to_string(m.units) + " units"; }
  static std::string name(const BuiltCode& code, Id m) {
    std::string out(code.class_name(code.methods()[m].owner));
    if (out.size() > 2) out = out.substr(1, out.size() - 2);
    std::ranges::replace(out, '/', '.');
    return out + "." + std::string(code.method_name(m));
  }

  const BuiltCode &before_, &after_;
  const Matching& m_;
  const MarkOfFeature& mark_of_;
  std::vector<std::optional<CodeMark>> marks_;          // by feature, once asked
  std::map<std::string_view, unsigned> weights_;        // by mark
  OneWay added_, removed_;
  std::vector<Id> merged_, split_;
  std::vector<CodeChange> out_;
};

}  // namespace

CodeChanges changes_of(const BuiltCode& before, const BuiltCode& after, const Matching& matching, std::size_t most, const MarkOfFeature& mark_of) {
  return Changes(before, after, matching, mark_of).run(most);
}

}  // namespace klik::flow
