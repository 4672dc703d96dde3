#include "flow/match_state.h"

#include <algorithm>

#include "flow/access.h"
#include "flow/digest_mix.h"

namespace klik::flow {
namespace {

constexpr std::uint32_t kMostWeight = 100;      // of one body's vote
constexpr std::uint64_t kEnoughWeight = 8;      // to pair classes whose shapes differ
constexpr std::uint64_t kStrongWeight = 60;     // to pair classes that have no body in common
constexpr std::uint32_t kTiny = 30;             // units: a change of such a class may change all of it
constexpr unsigned kMostRounds = 64;

// The last part of a name, after '/' and '$': "La/b/Thing$Inner;" → "Inner".
std::string_view last_part(std::string_view name) {
  if (name.ends_with(';')) name.remove_suffix(1);
  const auto cut = name.find_last_of("/$");
  return cut == name.npos ? name : name.substr(cut + 1);
}

bool ends_in_digit(std::string_view s) { return !s.empty() && s.back() >= '0' && s.back() <= '9'; }

}  // namespace

std::string_view spelled(How how) {
  switch (how) {
    case How::none: return "none";
    case How::name: return "name";
    case How::structure: return "structure";
    case How::neighbour: return "neighbour";
    case How::feature: return "feature";
    case How::similar: return "similar";
    case How::moved: return "moved";
  }
  return {};
}

bool is_weak_class_name(std::string_view descriptor) {
  const std::string_view last = last_part(descriptor);
  return last.size() <= 3 || ends_in_digit(last);
}

bool is_weak_method_name(std::string_view name) { return name.size() <= 2 || name.starts_with("access$") || (name.find('$') != name.npos && ends_in_digit(name)); }

std::vector<Scored> mutual_best(std::vector<Scored> all, unsigned margin) {
  // Best and second best score of each side.
  struct Best {
    std::uint64_t first = 0, second = 0;
    void take(std::uint64_t s) {
      if (s > first) second = std::exchange(first, s);
      else if (s > second) second = s;
    }
  };
  Id most_before = 0, most_after = 0;
  for (const Scored& s : all) {
    most_before = std::max(most_before, s.before);
    most_after = std::max(most_after, s.after);
  }
  std::vector<Best> before(std::size_t{most_before} + 1), after(std::size_t{most_after} + 1);
  for (const Scored& s : all) {
    before[s.before].take(s.score);
    after[s.after].take(s.score);
  }
  const auto clear = [&](const Best& b, std::uint64_t score) { return score == b.first && score > b.second && score * 100 >= b.second * margin; };
  std::erase_if(all, [&](const Scored& s) { return !clear(before[s.before], s.score) || !clear(after[s.after], s.score); });
  std::ranges::sort(all, {}, [](const Scored& s) { return std::tuple(~s.score, s.before, s.after); });
  return all;
}

MatchState::MatchState(const BuiltCode& b, const BuiltCode& a) : before(b), after(a), pieces_before_(pieces_of(b)), pieces_after_(pieces_of(a)) {
  out.class_after.assign(b.classes().size(), kNoId);
  out.class_before.assign(a.classes().size(), kNoId);
  out.method_after.assign(b.methods().size(), kNoId);
  out.method_before.assign(a.methods().size(), kNoId);
  out.class_how.assign(b.classes().size(), How::none);
  out.method_how.assign(b.methods().size(), How::none);
}

std::vector<std::vector<MatchState::Piece>> MatchState::pieces_of(const BuiltCode& code) {
  std::vector<std::vector<Piece>> out(code.classes().size());
  for (Id c = 0; c < out.size(); ++c) {
    const BuiltCode::Class& cls = code.classes()[c];
    out[c].reserve(cls.method_count);
    for (Id m = cls.first_method; m < cls.first_method + cls.method_count; ++m) {
      const BuiltCode::Method& method = code.methods()[m];
      out[c].push_back({mix(method.shape, method.body), method.units + 1});
    }
    std::ranges::sort(out[c]);
  }
  return out;
}

unsigned MatchState::alike(Id b, Id a) const {
  const std::vector<Piece>&x = pieces_before_[b], &y = pieces_after_[a];
  std::uint64_t common = 0, of_x = 0, of_y = 0;
  for (const Piece& p : x) of_x += p.units;
  for (const Piece& p : y) of_y += p.units;
  for (std::size_t i = 0, k = 0; i < x.size() && k < y.size();) {
    if (x[i] == y[k]) {
      common += x[i].units;
      ++i, ++k;
    } else {
      if (x[i] < y[k]) ++i;
      else ++k;
    }
  }
  const std::uint64_t larger = std::max(of_x, of_y);
  return larger == 0 ? (before.classes()[b].shape == after.classes()[a].shape ? 100 : 0) : static_cast<unsigned>(common * 100 / larger);
}

bool MatchState::pair_classes(Id b, Id a, How how) {
  const BuiltCode::Class &old_class = before.classes()[b], &new_class = after.classes()[a];
  if ((old_class.access ^ new_class.access) & kAccInterface) return false;
  out.class_after[b] = a;
  out.class_before[a] = b;
  out.class_how[b] = how;
  const auto vote = [&](Id x, Id y) {
    if (x != kNoId && y != kNoId && open(x, y)) class_votes_.push_back({x, y, 2 * kEnoughWeight});
  };
  vote(old_class.super, new_class.super);
  if (old_class.interfaces.size() == 1 && new_class.interfaces.size() == 1) vote(old_class.interfaces[0], new_class.interfaces[0]);
  if (old_class.field_types.size() == 1 && new_class.field_types.size() == 1) vote(old_class.field_types[0], new_class.field_types[0]);
  match_sure_methods(*this, b, a);
  return true;
}

void MatchState::pair_methods(Id b, Id a, How how) {
  out.method_after[b] = a;
  out.method_before[a] = b;
  out.method_how[b] = how;
  const BuiltCode::Method &x = before.methods()[b], &y = after.methods()[a];
  if (x.body == 0 || x.body != y.body || x.refs.size() != y.refs.size()) return;
  const std::uint32_t weight = std::min(x.units, kMostWeight);
  for (std::size_t i = 0; i < x.refs.size(); ++i) {
    const BuiltCode::Ref &r = x.refs[i], &s = y.refs[i];
    if (r.cls != kNoId && s.cls != kNoId && open(r.cls, s.cls)) class_votes_.push_back({r.cls, s.cls, weight});
    if (r.method != kNoId && s.method != kNoId && open_methods(r.method, s.method)) method_votes_.push_back({r.method, s.method, weight});
  }
}

std::vector<Scored> MatchState::counted(std::vector<Vote>& votes) {
  std::ranges::sort(votes, {}, [](const Vote& v) { return std::tuple(v.before, v.after, v.weight); });
  std::vector<Scored> out;
  for (const Vote& v : votes) {
    if (out.empty() || out.back().before != v.before || out.back().after != v.after) out.push_back({v.before, v.after, 0});
    out.back().score += v.weight;
  }
  return out;
}

bool MatchState::believable(const Scored& p) const {
  const BuiltCode::Class &x = before.classes()[p.before], &y = after.classes()[p.after];
  if (x.shape == y.shape) return true;
  if (p.score < kEnoughWeight) return false;
  return p.score >= kStrongWeight || std::max(x.units, y.units) < kTiny || alike(p.before, p.after) > 0;
}

bool MatchState::follow_once() {
  bool progress = false;
  std::erase_if(class_votes_, [&](const Vote& v) { return !open(v.before, v.after); });
  for (const Scored& p : mutual_best(counted(class_votes_), 150))
    if (open(p.before, p.after) && believable(p)) progress |= pair_classes(p.before, p.after, How::neighbour);
  std::erase_if(method_votes_, [&](const Vote& v) { return !open_methods(v.before, v.after); });
  for (const Scored& p : mutual_best(counted(method_votes_), 150)) {
    const BuiltCode::Method &x = before.methods()[p.before], &y = after.methods()[p.after];
    if (!open_methods(p.before, p.after) || x.shape != y.shape || out.class_after[x.owner] != y.owner) continue;
    pair_methods(p.before, p.after, How::neighbour);
    progress = true;
  }
  return progress;
}

void MatchState::follow_votes() {
  for (unsigned round = 0; round < kMostRounds && follow_once(); ++round) {
  }
}

}  // namespace klik::flow
