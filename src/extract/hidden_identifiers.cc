#include "extract/hidden_identifiers.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "extract/leaks.h"
#include "extract/lookup_texts.h"
#include "extract/traffic_facts.h"
#include "traffic/outline.h"

namespace klik {
namespace {

constexpr std::size_t kShortest = 6;      // of an identifier's text
constexpr std::size_t kMostLabels = 128;  // RFC 1035 §2.3.4: a name of 255 bytes has no more
constexpr std::size_t kMostRounds = 16;
constexpr std::size_t kMostNames = 8;     // of fields in a path, that together may be one name with points in it
const std::string kAsHost = "host\n";     // before a text that is looked into as one: no other text is known by that
constexpr std::size_t kWorthKnowing = 64;  // a shorter text is looked into in less time than it takes to know it again

// Columns that name a host: those of names that were asked for are in another kind than those of who asks.
bool is_host(const FactKind& kind, std::string_view column) {
  if (&kind == &kNetLookup) return column == "name" || column == "value";
  return column == "host" || column == "looked_up" || column == "sni";
}

// What the labels of each host hold together.
std::vector<std::string> joined_labels(std::string_view hosts) {
  std::vector<std::string> out;
  while (!hosts.empty()) {
    const std::size_t end = std::min(hosts.find('\n'), hosts.size());
    std::ranges::move(label_texts(hosts.substr(0, end)), std::back_inserter(out));
    hosts.remove_prefix(std::min(end + 1, hosts.size()));
  }
  return out;
}

}  // namespace

bool host_holds(std::string_view hosts, traffic::LeakSearch& owner) {
  return owner.holds(hosts) || std::ranges::any_of(joined_labels(hosts), [&](const std::string& run) { return owner.holds(run); });
}

std::string hidden_in_host(std::string_view host, traffic::LeakSearch& owner) {
  const auto holds = [&](std::string_view part) { return host_holds(part, owner); };
  // Each label with the sign that ends it.
  std::vector<std::string> labels;
  for (std::string_view rest = host; !rest.empty();) {
    const std::size_t size = std::min(rest.find_first_of(".\n"), rest.size() - 1) + 1;
    labels.emplace_back(rest.substr(0, size));
    rest.remove_prefix(size);
  }
  if (labels.size() > kMostLabels) return std::string(kHiddenIdentifier);
  const auto joined = [&](std::size_t from, std::size_t to) {
    std::string out;
    for (std::size_t i = from; i < to; ++i) out += labels[i];
    return out;
  };
  // The fewest labels that hold one, until none does. Each round leaves fewer labels, or hides one for good.
  for (std::size_t round = 0, known = 0; round < kMostRounds && holds(joined(0, labels.size())); ++round) {
    std::size_t to = known + 1;
    while (to < labels.size() && !holds(joined(0, to))) ++to;
    std::size_t from = to - 1;
    while (from > 0 && !holds(joined(from, to))) --from;
    const char last = labels[to - 1].back();
    std::string hidden(kHiddenIdentifier);
    if (last == '.' || last == '\n') hidden += last;
    if (labels[from] == hidden) return std::string(kHiddenIdentifier);
    labels[from] = std::move(hidden);
    labels.erase(labels.begin() + static_cast<std::ptrdiff_t>(from) + 1, labels.begin() + static_cast<std::ptrdiff_t>(to));
    known = from;
  }
  std::string out = joined(0, labels.size());
  if (holds(out)) return std::string(kHiddenIdentifier);
  return out;
}

void cut_message(Fact& fact, std::size_t more) {
  if (fact.kind != &kNetMessage) return;
  for (Value& value : fact.values)
    if (auto* text = std::get_if<std::string>(&value); text && text->size() > kMostText + more) {
      std::size_t end = kMostText + more;
      while (end > 0 && (static_cast<std::uint8_t>((*text)[end]) & 0xc0) == 0x80) --end;   // not within a character
      text->resize(end);
    }
}

std::string hidden_in_path(std::string_view path, traffic::LeakSearch& owner) {
  // A name may hold the signs that part names, so runs of names are looked into: the shortest that names the owner goes.
  std::vector<std::size_t> starts{0};
  for (auto sign = path.find_first_of("./["); sign != path.npos; sign = path.find_first_of("./[", sign + 1)) starts.push_back(sign + 1);
  starts.push_back(path.size() + 1);   // as if a sign stood behind
  const auto names = [&](std::size_t from, std::size_t to) {
    const std::string_view run = path.substr(starts[from], starts[to] - 1 - starts[from]);
    return run.size() >= traffic::kShortestValue && owner.names(run);
  };
  std::string out;
  std::size_t told = 0;   // names
  const auto tell = [&](std::size_t to) {
    if (to > told) out += path.substr(starts[told], starts[to] - starts[told]);
  };
  for (std::size_t to = 1; to < starts.size(); ++to) {
    std::size_t from = to > kMostNames ? std::max(told, to - kMostNames) : told;
    if (!names(from, to)) continue;
    while (from + 1 < to && names(from + 1, to)) ++from;
    tell(from);
    out += '*';
    if (starts[to] <= path.size()) out += path[starts[to] - 1];
    told = to;
  }
  tell(starts.size() - 1);
  if (!owner.holds(out)) return out;
  // In a form that no name has: only the place is kept, when it is no part of it.
  const std::string place = out.substr(0, std::min(out.find('/'), out.size()));
  return owner.holds(place) ? "*" : place + "/*";
}

std::vector<HiddenText> hide_identifiers(Fact& fact, traffic::LeakSearch& owner, KnownByDigest<bool>* known) {
  // A host is looked into in many ways, and comes with each of its messages.
  const auto holds = [&](const std::string& text, bool host) {
    const auto look = [&] { return host ? host_holds(text, owner) : owner.holds(text); };
    if (!known || (!host && text.size() < kWorthKnowing)) return look();
    if (const bool* before = host ? known->find(kAsHost + text) : known->find(text)) return *before;
    const bool found = look();
    known->keep(found);
    return found;
  };
  std::vector<HiddenText> hidden;
  for (std::size_t i = 0; i < fact.values.size(); ++i) {
    const auto* text = std::get_if<std::string>(&fact.values[i]);
    if (!text || text->size() < kShortest) continue;
    if (fact.kind == &kNetLeak && fact.kind->columns[i].name == "path") {
      std::string path = hidden_in_path(*text, owner);
      fact.values[i] = std::move(path);
      continue;
    }
    const bool host = is_host(*fact.kind, fact.kind->columns[i].name);
    if (!holds(*text, host)) continue;
    HiddenText& what = hidden.emplace_back(i, owner.in_text(*text));
    if (host && what.held.empty())
      for (const std::string& run : joined_labels(*text))
        for (traffic::Leak& leak : owner.in_text(run)) what.held.push_back(std::move(leak));
    fact.values[i] = host ? hidden_in_host(*text, owner) : std::string(kHiddenIdentifier);
  }
  return hidden;
}

}  // namespace klik
