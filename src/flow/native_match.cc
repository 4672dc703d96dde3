#include "flow/native_match.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "flow/native_graph.h"

namespace klik::flow {
namespace {

using elf::Function;
using elf::Functions;
using elf::Use;
using elf::UseKind;

constexpr std::uint32_t kNone = NativeMatch::kNone;
constexpr unsigned kPasses = 6;
constexpr std::size_t kMostEqual = 4096;
constexpr unsigned kNear = 4, kAlike = 7, kMargin = 2;   // of kSketch

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15;
  return hash ^ hash >> 29;
}
std::uint64_t mixed(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  return mixed(hash, text.size());
}

class Matcher {
 public:
  Matcher(const Functions& before, const Functions& after) : before_(before), after_(after) {
    match_.new_of.assign(before.list.size(), kNone);
    match_.old_of.assign(after.list.size(), kNone);
    match_.how.assign(before.list.size(), FoundBy::nothing);
  }

  NativeMatch run() {
    by_name();
    by_key(true);
    for (unsigned pass = 0; pass < kPasses; ++pass)
      if (!by_neighbours() && !by_order()) break;
    by_key(false);
    by_likeness();
    for (unsigned pass = 0; pass < kPasses; ++pass)
      if (!by_neighbours() && !by_order()) break;
    return std::move(match_);
  }

 private:
  bool free(std::uint32_t o, std::uint32_t n) const { return match_.new_of[o] == kNone && match_.old_of[n] == kNone; }
  void pair(std::uint32_t o, std::uint32_t n, FoundBy how) {
    match_.new_of[o] = n;
    match_.old_of[n] = o;
    match_.how[o] = how;
  }

  // A local name may stand more than once; then it says nothing.
  void by_name() {
    const auto names = [](const Functions& all) {
      std::map<std::string_view, std::uint32_t> out;
      for (std::uint32_t i = 0; i < all.list.size(); ++i)
        if (!all.list[i].name.empty()) {
          const auto [at, fresh] = out.emplace(all.list[i].name, i);
          if (!fresh) at->second = kNone;
        }
      return out;
    };
    const auto olds = names(before_), news = names(after_);
    for (const auto& [name, o] : olds)
      if (const auto n = news.find(name); o != kNone && n != news.end() && n->second != kNone) pair(o, n->second, FoundBy::name);
  }

  // Equal instructions, and with `with_uses` equal names and texts too. Equal ones are paired in their order: any pairing is right.
  static std::uint64_t key(const Functions& all, const Function& f, bool with_uses) {
    std::uint64_t h = mixed(f.hash, f.instructions);
    if (!with_uses) return h;
    for (const Use& u : f.uses) {
      if (u.kind == UseKind::import) h = mixed(h, all.imports[u.index]);
      else if (u.kind == UseKind::text) h = mixed(h, all.texts[u.index]);
      else h = mixed(h, all.list[u.index].name.empty() ? all.list[u.index].hash : mixed(1, all.list[u.index].name));
    }
    return h;
  }
  void by_key(bool with_uses) {
    const auto groups = [&](const Functions& all, const std::vector<std::uint32_t>& taken) {
      std::map<std::uint64_t, std::vector<std::uint32_t>> out;
      for (std::uint32_t i = 0; i < all.list.size(); ++i)
        if (taken[i] == kNone) out[key(all, all.list[i], with_uses)].push_back(i);
      return out;
    };
    const auto olds = groups(before_, match_.new_of), news = groups(after_, match_.old_of);
    for (const auto& [k, o] : olds) {
      const auto n = news.find(k);
      if (n == news.end()) continue;
      // Another name on both sides is another function, even with equal code.
      std::vector<std::uint32_t> left = n->second;
      std::size_t tried = 0;
      for (const std::uint32_t i : o) {
        if (++tried > kMostEqual) break;   // thousands of equal ones: the rest is paired by neighbours or not at all
        const auto fits = std::ranges::find_if(left, [&](std::uint32_t j) { return before_.list[i].name.empty() || after_.list[j].name.empty(); });
        if (fits == left.end()) continue;
        pair(i, *fits, FoundBy::code);
        left.erase(fits);
        if (left.empty()) break;
      }
    }
  }

  bool plausible(std::uint32_t o, std::uint32_t n) const {
    const Function &a = before_.list[o], &b = after_.list[n];
    if (!a.name.empty() && !b.name.empty()) return false;
    if (a.hash == b.hash) return true;
    const auto [small, large] = std::minmax(a.instructions, b.instructions);
    if (small < kShortestSketched || !a.name.empty() || !b.name.empty()) return large - small <= 4 + small / 2;
    return likeness(a.sketch, b.sketch) >= kNear;
  }

  static std::vector<std::uint32_t> callees(const Function& f) {
    std::vector<std::uint32_t> out;
    for (const Use& u : f.uses)
      if (u.kind == UseKind::function) out.push_back(u.index);
    return out;
  }

  // Pairs that call something without a pair at the same place of their calls, or only one such thing each.
  bool by_neighbours() {
    bool more = false;
    for (std::uint32_t o = 0; o < before_.list.size(); ++o) {
      if (match_.new_of[o] == kNone) continue;
      const auto olds = callees(before_.list[o]), news = callees(after_.list[match_.new_of[o]]);
      if (olds.size() == news.size()) {
        for (std::size_t i = 0; i < olds.size(); ++i)
          if (free(olds[i], news[i]) && plausible(olds[i], news[i])) pair(olds[i], news[i], FoundBy::neighbours), more = true;
        continue;
      }
      const auto only = [](const std::vector<std::uint32_t>& calls, const std::vector<std::uint32_t>& taken) {
        std::uint32_t found = kNone;
        for (const std::uint32_t c : calls) {
          if (taken[c] != kNone || c == found) continue;
          if (found != kNone) return kNone;
          found = c;
        }
        return found;
      };
      const std::uint32_t a = only(olds, match_.new_of), b = only(news, match_.old_of);
      if (a != kNone && b != kNone && plausible(a, b)) pair(a, b, FoundBy::neighbours), more = true;
    }
    return more;
  }

  // As many without a pair between the same two pairs.
  bool by_order() {
    bool more = false;
    std::uint32_t last = kNone;
    for (std::uint32_t o = 0; o < before_.list.size(); ++o) {
      if (match_.new_of[o] == kNone) continue;
      const std::uint32_t from = last;
      last = o;
      if (from == kNone) continue;
      const std::uint32_t a = match_.new_of[from], b = match_.new_of[o];
      if (b <= a || o - from != b - a || o - from > 8) continue;
      for (std::uint32_t i = 1; i < o - from; ++i)
        if (free(from + i, a + i) && plausible(from + i, a + i)) pair(from + i, a + i, FoundBy::neighbours), more = true;
    }
    return more;
  }

  // The best of the other build, when it is clearly the best and is so in both directions.
  void by_likeness() {
    std::vector<std::uint32_t> olds, news;
    for (std::uint32_t i = 0; i < before_.list.size(); ++i)
      if (match_.new_of[i] == kNone && before_.list[i].name.empty() && before_.list[i].instructions >= kShortestSketched) olds.push_back(i);
    for (std::uint32_t i = 0; i < after_.list.size(); ++i)
      if (match_.old_of[i] == kNone && after_.list[i].name.empty() && after_.list[i].instructions >= kShortestSketched) news.push_back(i);
    if (olds.empty() || news.empty() || std::uint64_t{olds.size()} * news.size() > kMostPairs) return;
    struct Best {
      std::uint32_t index = kNone;
      unsigned first = 0, second = 0;
      void take(std::uint32_t i, unsigned score) {
        if (score > first) second = first, first = score, index = i;
        else second = std::max(second, score);
      }
      bool clear() const { return first >= kAlike && first >= second + kMargin; }
    };
    std::vector<Best> of_old(olds.size()), of_new(news.size());
    for (std::uint32_t i = 0; i < olds.size(); ++i)
      for (std::uint32_t j = 0; j < news.size(); ++j) {
        const unsigned score = likeness(before_.list[olds[i]].sketch, after_.list[news[j]].sketch);
        of_old[i].take(j, score);
        of_new[j].take(i, score);
      }
    for (std::uint32_t i = 0; i < olds.size(); ++i)
      if (const Best& b = of_old[i]; b.clear() && of_new[b.index].clear() && of_new[b.index].index == i) pair(olds[i], news[b.index], FoundBy::likeness);
  }

  const Functions &before_, &after_;
  NativeMatch match_;
};

}  // namespace

unsigned likeness(const elf::Sketch& a, const elf::Sketch& b) {
  unsigned equal = 0, held = 0;
  for (std::size_t i = 0; i < elf::kSketch; ++i) {
    held += a[i] != 0 || b[i] != 0;
    equal += a[i] != 0 && a[i] == b[i];
  }
  return held == 0 ? 0 : static_cast<unsigned>(equal * elf::kSketch / held);
}

NativeMatch match_functions(const Functions& before, const Functions& after) { return Matcher(before, after).run(); }

bool same_function(const Functions& before, const Functions& after, const NativeMatch& match, std::uint32_t old_index) {
  const Function &a = before.list[old_index], &b = after.list[match.new_of[old_index]];
  if (a.hash != b.hash || a.instructions != b.instructions || a.uses.size() != b.uses.size()) return false;
  for (std::size_t i = 0; i < a.uses.size(); ++i) {
    const Use &x = a.uses[i], &y = b.uses[i];
    if (x.kind != y.kind) return false;
    if (x.kind == UseKind::import && before.imports[x.index] != after.imports[y.index]) return false;
    if (x.kind == UseKind::text && before.texts[x.index] != after.texts[y.index]) return false;
    // Of several functions with equal code it does not matter which one is called.
    if (x.kind == UseKind::function && match.new_of[x.index] != y.index && before.list[x.index].hash != after.list[y.index].hash) return false;
  }
  return true;
}

}  // namespace klik::flow
