#include <algorithm>
#include <span>

#include "flow/digest_mix.h"
#include "flow/match_state.h"

namespace klik::flow {
namespace {

constexpr std::size_t kRare = 6;             // classes of one build that have it
constexpr std::uint64_t kWeight = 3600;      // of what one class on either side has; divided by how many do
constexpr unsigned kRareInCommon = 20;       // percent of all that either has
constexpr unsigned kLikeEnough = 50;         // percent
constexpr std::uint32_t kTellingBody = 6;    // units
constexpr std::size_t kBands = 8, kFullBucket = 12;

// What an open class is known by: digests of what it calls and says, of its bodies, and of what its methods take.
struct Known {
  Id cls;
  std::vector<std::uint64_t> tokens;         // sorted, each once
};

std::vector<Known> open_classes(const BuiltCode& code, const std::vector<Id>& counterpart) {
  std::vector<Known> out;
  for (Id c = 0; c < code.classes().size(); ++c) {
    if (counterpart[c] != kNoId) continue;
    const BuiltCode::Class& cls = code.classes()[c];
    Known k{c, {cls.outside}};
    const auto feature = [&](Id f) { k.tokens.push_back(mix(f, 2)); };
    for (const Id t : cls.texts) feature(t);
    for (Id m = cls.first_method; m < cls.first_method + cls.method_count; ++m) {
      const BuiltCode::Method& method = code.methods()[m];
      for (const Id f : method.features) feature(f);
      if (method.units >= kTellingBody) k.tokens.push_back(mix(method.body, 3));
      k.tokens.push_back(mix(method.shape, 4));
    }
    std::ranges::sort(k.tokens);
    k.tokens.erase(std::ranges::unique(k.tokens).begin(), k.tokens.end());
    out.push_back(std::move(k));
  }
  return out;
}

// Percent of all that either has.
unsigned in_common(const Known& x, const Known& y) {
  std::size_t common = 0;
  for (std::size_t i = 0, k = 0; i < x.tokens.size() && k < y.tokens.size();) {
    if (x.tokens[i] == y.tokens[k]) ++common, ++i, ++k;
    else if (x.tokens[i] < y.tokens[k]) ++i;
    else ++k;
  }
  const std::size_t all = x.tokens.size() + y.tokens.size() - common;
  return all == 0 ? 0 : static_cast<unsigned>(common * 100 / all);
}

struct Holder {
  std::uint64_t token;
  Id known;          // index into the open classes of its side
};

// Calls take(first, last, first, last) for every token that both sides have.
template <class Take>
void each_shared(std::vector<Holder> before, std::vector<Holder> after, Take take) {
  const auto by_token = [](const Holder& h) { return std::pair(h.token, h.known); };
  std::ranges::sort(before, {}, by_token);
  std::ranges::sort(after, {}, by_token);
  for (std::size_t i = 0, k = 0; i < before.size() && k < after.size();) {
    if (before[i].token < after[k].token) {
      ++i;
    } else if (after[k].token < before[i].token) {
      ++k;
    } else {
      std::size_t i_end = i, k_end = k;
      while (i_end < before.size() && before[i_end].token == before[i].token) ++i_end;
      while (k_end < after.size() && after[k_end].token == after[k].token) ++k_end;
      take(std::span(before).subspan(i, i_end - i), std::span(after).subspan(k, k_end - k));
      i = i_end, k = k_end;
    }
  }
}

std::vector<Scored> summed(std::vector<Scored> parts) {
  std::ranges::sort(parts, {}, [](const Scored& s) { return std::tuple(s.before, s.after, s.score); });
  std::vector<Scored> out;
  for (const Scored& p : parts) {
    if (out.empty() || out.back().before != p.before || out.back().after != p.after) out.push_back({p.before, p.after, 0});
    out.back().score += p.score;
  }
  return out;
}

std::vector<Holder> holders(const std::vector<Known>& all) {
  std::vector<Holder> out;
  for (Id i = 0; i < all.size(); ++i)
    for (const std::uint64_t t : all[i].tokens) out.push_back({t, i});
  return out;
}

// The least of its tokens under several orders: two classes share each with a chance of what they have in common.
std::vector<Holder> least_tokens(const std::vector<Known>& all) {
  std::vector<Holder> out;
  for (Id i = 0; i < all.size(); ++i) {
    if (all[i].tokens.size() < 3) continue;   // too little to be known by
    for (std::uint64_t band = 0; band < kBands; ++band) {
      std::uint64_t least = ~std::uint64_t{0};
      for (const std::uint64_t t : all[i].tokens) least = std::min(least, mix(t, band + 17));
      out.push_back({mix(least, band), i});
    }
  }
  return out;
}

}  // namespace

void match_by_rare_features(MatchState& s) {
  const std::vector<Known> before = open_classes(s.before, s.out.class_after), after = open_classes(s.after, s.out.class_before);
  std::vector<Scored> parts;
  each_shared(holders(before), holders(after), [&](std::span<const Holder> x, std::span<const Holder> y) {
    if (x.size() > kRare || y.size() > kRare) return;
    for (const Holder& b : x)
      for (const Holder& a : y) parts.push_back({b.known, a.known, kWeight / (x.size() * y.size())});
  });
  for (const Scored& p : mutual_best(summed(std::move(parts)), 150))
    if (in_common(before[p.before], after[p.after]) >= kRareInCommon && s.open(before[p.before].cls, after[p.after].cls)) s.pair_classes(before[p.before].cls, after[p.after].cls, How::feature);
}

void match_by_likeness(MatchState& s) {
  const std::vector<Known> before = open_classes(s.before, s.out.class_after), after = open_classes(s.after, s.out.class_before);
  std::vector<Scored> pairs;
  each_shared(least_tokens(before), least_tokens(after), [&](std::span<const Holder> x, std::span<const Holder> y) {
    if (x.size() > kFullBucket || y.size() > kFullBucket) return;
    for (const Holder& b : x)
      for (const Holder& a : y) pairs.push_back({b.known, a.known, 0});
  });
  std::vector<Scored> once = summed(std::move(pairs));
  for (Scored& p : once) p.score = in_common(before[p.before], after[p.after]);
  std::erase_if(once, [](const Scored& p) { return p.score < kLikeEnough; });
  for (const Scored& p : mutual_best(std::move(once), 115))
    if (s.open(before[p.before].cls, after[p.after].cls)) s.pair_classes(before[p.before].cls, after[p.after].cls, How::similar);
}

}  // namespace klik::flow
