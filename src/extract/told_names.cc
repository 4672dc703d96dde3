#include "extract/told_names.h"

#include <algorithm>
#include <utility>

#include "traffic/host_name.h"

namespace klik {
namespace {

using traffic::Way;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kWaited = 10 * kSecond;        // by resolvers for an answer: Android's and glibc's ask again after five
constexpr std::int64_t kHeldOn = 3'600 * kSecond;     // by programs to an answer whose time is over
constexpr std::string_view kLocal[] = {"mdns", "llmnr", "nbns", "dhcp", "ssdp"};

// Times are what a capture says, which may be anything.
std::int64_t later(std::int64_t time_ns, std::int64_t by_ns) {
  std::int64_t out;
  return __builtin_add_overflow(time_ns, by_ns, &out) ? INT64_MAX : out;
}

std::size_t digest(Way way, std::string_view name) { return std::hash<std::string_view>{}(name) * 2 + std::to_underlying(way); }

}  // namespace

template <class T, class Hash>
std::uint32_t ToldNames::Numbered<T, Hash>::number(const T& value, std::size_t most) {
  if (const auto known = numbers_.find(value); known != numbers_.end()) return known->second;
  if (values_.size() >= most) return kNone;
  const auto [at, added] = numbers_.emplace(value, static_cast<std::uint32_t>(values_.size()));
  values_.push_back(&at->first);
  return at->second;
}

bool ToldNames::was_asked(const traffic::Connection& on, const traffic::Lookup& answer) const {
  if (!answer.asked) return false;
  if (answer.time_ns != 0 && began_ns_ != 0 && answer.time_ns < later(began_ns_, kWaited)) return true;
  const auto asked = asked_.find(on.number);
  return asked != asked_.end() && std::ranges::find(asked->second.last, digest(other(answer.way), traffic::host_name(answer.name))) != asked->second.last.end();
}

void ToldNames::lookup(const traffic::Connection& on, const traffic::Lookup& e) {
  const std::string name = traffic::host_name(e.name);
  if (name.empty()) return;
  if (!e.answer) {
    Questions& of = asked_[on.number];
    of.last[of.count++ % kQuestions] = digest(e.way, name);
    return;
  }
  Told told{};
  told.from_ns = e.time_ns;
  told.until_ns = e.ttl ? later(e.time_ns, *e.ttl * kSecond + kHeldOn) : INT64_MAX;
  told.kind = was_asked(on, e) ? Kind::asked : std::ranges::find(kLocal, e.how) != std::end(kLocal) ? Kind::announced : Kind::unasked;
  bool known = false;
  for (const std::string& value : e.values) {
    const auto address = traffic::address_of(value);
    if (!address) continue;
    if (!std::exchange(known, true)) {
      told.asker = askers_.number(e.way == Way::down ? on.caller.address : on.called.address, kMostAddresses);
      told.name = names_.number(name, kMostNames);
      if (told.asker == askers_.kNone || told.name == names_.kNone) return;
    }
    keep(*address, told);
  }
}

void ToldNames::keep(const traffic::Address& address, const Told& told) {
  const auto known = told_.find(address);
  if (known == told_.end() && told_.size() >= kMostAddresses) return;
  std::vector<Told>& all = known == told_.end() ? told_[address] : known->second;
  const auto of_asker = [&](const Told& t) { return t.asker == told.asker && t.kind == told.kind; };
  // The same once more holds on longer.
  if (const auto last = std::ranges::find_if(all.rbegin(), all.rend(), of_asker); last != all.rend() && last->name == told.name && last->from_ns <= told.from_ns) {
    last->until_ns = std::max(last->until_ns, told.until_ns);
    return;
  }
  const auto oldest = std::ranges::find_if(all, of_asker);
  if (oldest != all.end() && std::ranges::count_if(all, of_asker) >= static_cast<std::ptrdiff_t>(kOfOneAsker)) all.erase(oldest), --all_;
  else if (all.size() >= kOfOneAddress) all.erase(all.begin()), --all_;
  if (all_ >= kMostTold) return;
  all.push_back(told), ++all_;
}

ToldNames::Name ToldNames::of(const traffic::Connection& c) const {
  constexpr std::string_view kWords[] = {"looked_up", "looked_up_long_ago", "looked_up_by_another", "announced", "unasked"};
  const auto known = told_.find(c.called.address);
  if (known == told_.end()) return {};
  std::size_t best = std::size(kWords);
  Name out;
  // Of equal worth, the last one told counts.
  for (const Told& t : known->second) {
    if (t.from_ns > c.started_ns) continue;
    const bool own = askers_[t.asker] == c.caller.address;
    const std::size_t worth = t.kind == Kind::unasked ? 4 : t.kind == Kind::announced ? 3 : !own ? 2 : t.until_ns < c.started_ns ? 1 : 0;
    if (worth > best) continue;
    best = worth;
    out = {names_[t.name], kWords[worth]};
  }
  return out;
}

}  // namespace klik
