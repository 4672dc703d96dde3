#include <algorithm>
#include <unordered_map>

#include "flow/digest_mix.h"
#include "flow/match_state.h"

namespace klik::flow {
namespace {

constexpr std::uint32_t kTellingBody = 8;       // units: shorter bodies are alike by chance
constexpr std::size_t kMostCompared = 4096;     // pairs of leftover methods of two classes
constexpr std::uint64_t kLikeEnough = 500;      // of 1000
constexpr std::size_t kMostShared = 64;         // leftover methods of one body

struct Leftover {
  std::vector<Id> before, after;
};

Leftover leftover(const MatchState& s, Id b, Id a) {
  Leftover out;
  const BuiltCode::Class &x = s.before.classes()[b], &y = s.after.classes()[a];
  for (Id m = x.first_method; m < x.first_method + x.method_count; ++m)
    if (s.out.method_after[m] == kNoId) out.before.push_back(m);
  for (Id m = y.first_method; m < y.first_method + y.method_count; ++m)
    if (s.out.method_before[m] == kNoId) out.after.push_back(m);
  return out;
}

// Pairs methods whose keys are equal and occur once on either side. A key of 0 takes no part.
template <class Key>
void pair_unique(MatchState& s, Leftover& left, How how, Key key) {
  if (left.before.empty() || left.after.empty()) return;
  struct Item {
    std::uint64_t key;
    bool is_after;
    Id id;
  };
  std::vector<Item> items;
  items.reserve(left.before.size() + left.after.size());
  for (const Id m : left.before)
    if (const std::uint64_t k = key(s.before, m)) items.push_back({k, false, m});
  for (const Id m : left.after)
    if (const std::uint64_t k = key(s.after, m)) items.push_back({k, true, m});
  std::ranges::sort(items, {}, [](const Item& i) { return std::tuple(i.key, i.is_after, i.id); });
  for (std::size_t i = 0; i < items.size();) {
    std::size_t end = i;
    while (end < items.size() && items[end].key == items[i].key) ++end;
    if (end - i == 2 && !items[i].is_after && items[i + 1].is_after) s.pair_methods(items[i].id, items[i + 1].id, how);
    i = end;
  }
  std::erase_if(left.before, [&](Id m) { return s.out.method_after[m] != kNoId; });
  std::erase_if(left.after, [&](Id m) { return s.out.method_before[m] != kNoId; });
}

// Of 1000: what the larger of two methods has in common with the other.
std::uint64_t likeness(const BuiltCode::Method& x, const BuiltCode::Method& y) {
  std::size_t common = 0;
  for (std::size_t i = 0, k = 0; i < x.features.size() && k < y.features.size();) {
    if (x.features[i] == y.features[k]) ++common, ++i, ++k;
    else if (x.features[i] < y.features[k]) ++i;
    else ++k;
  }
  const std::size_t larger = std::max(x.features.size(), y.features.size());
  if (larger == 0) return 0;
  const std::uint64_t units = 1 + std::uint64_t{std::min(x.units, y.units)} * 100 / (1 + std::max(x.units, y.units));
  return common * 800 / larger + units + (x.shape == y.shape ? 99 : 0);
}

void pair_by_likeness(MatchState& s, const Leftover& left) {
  if (left.before.empty() || left.after.empty() || left.before.size() * left.after.size() > kMostCompared) return;
  std::vector<Scored> scores;
  for (const Id m : left.before)
    for (const Id n : left.after)
      if (const std::uint64_t score = likeness(s.before.methods()[m], s.after.methods()[n]); score >= kLikeEnough) scores.push_back({m, n, score});
  for (const Scored& p : mutual_best(std::move(scores), 110)) s.pair_methods(p.before, p.after, How::similar);
}

// Equal bodies of equal shape that nothing tells apart: in the order of their names.
void pair_equal(MatchState& s, Leftover& left) {
  const auto sorted = [](const BuiltCode& code, std::vector<Id>& list) {
    std::ranges::sort(list, {}, [&](Id m) { return std::tuple(code.methods()[m].shape, code.methods()[m].body, code.method_name(m), code.method_proto(m), m); });
  };
  sorted(s.before, left.before);
  sorted(s.after, left.after);
  const auto key = [](const BuiltCode& code, Id m) { return std::pair(code.methods()[m].shape, code.methods()[m].body); };
  for (std::size_t i = 0, k = 0; i < left.before.size() && k < left.after.size();) {
    const auto x = key(s.before, left.before[i]), y = key(s.after, left.after[k]);
    if (x == y) s.pair_methods(left.before[i++], left.after[k++], How::structure);
    else if (x < y) ++i;
    else ++k;
  }
  std::erase_if(left.before, [&](Id m) { return s.out.method_after[m] != kNoId; });
  std::erase_if(left.after, [&](Id m) { return s.out.method_before[m] != kNoId; });
}

// Shape, body, and the counterparts of what it names: what an equal body calls tells it from others.
std::uint64_t body_and_refs(const MatchState& s, const BuiltCode& code, Id m) {
  const bool is_before = &code == &s.before;
  const BuiltCode::Method& method = code.methods()[m];
  if (method.body == 0 || method.refs.empty()) return 0;
  std::uint64_t h = mix(method.shape, method.body);
  for (const BuiltCode::Ref& r : method.refs) {
    Id known = r.method;
    if (known != kNoId) known = is_before ? s.out.method_after[known] : s.out.method_before[known] == kNoId ? kNoId : known;
    h = mix(h, known);
  }
  return h | 1;
}

std::uint64_t name_and_shape(const BuiltCode& code, Id m) { return mix(mix(code.methods()[m].shape, code.methods()[m].name), 1) | 1; }

}  // namespace

void match_sure_methods(MatchState& s, Id b, Id a) {
  Leftover left = leftover(s, b, a);
  pair_unique(s, left, How::name, [](const BuiltCode& code, Id m) { return mix(mix(code.methods()[m].name, code.methods()[m].proto), code.methods()[m].body) | 1; });
  pair_unique(s, left, How::name, [](const BuiltCode& code, Id m) { return mix(name_and_shape(code, m), code.methods()[m].body) | 1; });
  pair_unique(s, left, How::name, [](const BuiltCode& code, Id m) { return is_weak_method_name(code.method_name(m)) ? 0 : mix(code.methods()[m].name, code.methods()[m].proto) | 1; });
  pair_unique(s, left, How::name, [](const BuiltCode& code, Id m) { return is_weak_method_name(code.method_name(m)) ? 0 : name_and_shape(code, m); });
  pair_unique(s, left, How::structure, [](const BuiltCode& code, Id m) { return code.methods()[m].body == 0 ? 0 : mix(code.methods()[m].shape, code.methods()[m].body) | 1; });
}

void match_other_methods(MatchState& s, Id b, Id a) {
  Leftover left = leftover(s, b, a);
  if (left.before.empty() || left.after.empty()) return;
  const bool trusted = s.names_hold && s.out.class_how[b] == How::name;
  if (trusted) pair_unique(s, left, How::name, name_and_shape);
  pair_unique(s, left, How::name, [](const BuiltCode& code, Id m) { return is_weak_method_name(code.method_name(m)) ? 0 : std::uint64_t{code.methods()[m].name} + 1; });
  pair_unique(s, left, How::structure, [&](const BuiltCode& code, Id m) { return body_and_refs(s, code, m); });
  pair_equal(s, left);
  pair_by_likeness(s, left);
  left = leftover(s, b, a);
  pair_unique(s, left, How::similar, [](const BuiltCode& code, Id m) { return code.methods()[m].shape | 1; });
}

void match_moved(MatchState& s) {
  // By body alone: what moves often becomes static, or changes its parameters.
  struct Group {
    std::vector<Id> before, after;
  };
  std::unordered_map<std::uint64_t, Group> by_body;
  for (Id m = 0; m < s.before.methods().size(); ++m)
    if (const auto& x = s.before.methods()[m]; s.out.method_after[m] == kNoId && x.units >= kTellingBody) by_body[x.body].before.push_back(m);
  for (Id m = 0; m < s.after.methods().size(); ++m)
    if (const auto& x = s.after.methods()[m]; s.out.method_before[m] == kNoId && x.units >= kTellingBody) {
      const auto at = by_body.find(x.body);
      if (at != by_body.end()) at->second.after.push_back(m);
    }
  // In the order of the earlier build's methods; one group does not touch another.
  for (Id m = 0; m < s.before.methods().size(); ++m) {
    if (s.out.method_after[m] != kNoId || s.before.methods()[m].units < kTellingBody) continue;
    Group& g = by_body[s.before.methods()[m].body];
    if (g.before.size() != g.after.size() || g.before.size() > kMostShared) continue;
    const auto by_name = [](const BuiltCode& code, std::vector<Id>& list) {
      std::ranges::sort(list, {}, [&](Id id) { return std::tuple(code.class_name(code.methods()[id].owner), code.method_name(id), code.method_proto(id)); });
    };
    by_name(s.before, g.before);
    by_name(s.after, g.after);
    for (std::size_t i = 0; i < g.before.size(); ++i) s.pair_methods(g.before[i], g.after[i], How::moved);
  }

  // A class without counterpart, most of whose code is in one that has one.
  const auto main_class = [](const BuiltCode& from, const BuiltCode& to, const std::vector<Id>& counterpart, Id c) {
    std::unordered_map<Id, std::uint32_t> units;
    const BuiltCode::Class& cls = from.classes()[c];
    for (Id m = cls.first_method; m < cls.first_method + cls.method_count; ++m)
      if (counterpart[m] != kNoId) units[to.methods()[counterpart[m]].owner] += from.methods()[m].units;
    for (const auto& [other, n] : units)
      if (std::uint64_t{n} * 2 > cls.units) return other;   // at most one can have more than half
    return kNoId;
  };
  for (Id b = 0; b < s.before.classes().size(); ++b)
    if (s.out.class_after[b] == kNoId)
      if (const Id a = main_class(s.before, s.after, s.out.method_after, b); a != kNoId) s.out.merged.push_back({b, a});
  for (Id a = 0; a < s.after.classes().size(); ++a)
    if (s.out.class_before[a] == kNoId)
      if (const Id b = main_class(s.after, s.before, s.out.method_before, a); b != kNoId) s.out.split.push_back({b, a});
}

}  // namespace klik::flow
