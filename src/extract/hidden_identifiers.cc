#include "extract/hidden_identifiers.h"

#include <algorithm>
#include <vector>

#include "extract/traffic_facts.h"

namespace klik {
namespace {

constexpr std::size_t kShortest = 6;      // of an identifier's text
constexpr std::size_t kMostLabels = 128;  // RFC 1035 §2.3.4: a name of 255 bytes has no more
constexpr std::size_t kMostRounds = 16;
constexpr std::size_t kWorthKnowing = 64;  // a shorter text is looked into in less time than it takes to know it again

// Columns that name a host: those of names that were asked for are in another kind than those of who asks.
bool is_host(const FactKind& kind, std::string_view column) {
  if (&kind == &kNetLookup) return column == "name" || column == "value";
  return column == "host" || column == "looked_up" || column == "sni";
}

}  // namespace

std::string hidden_in_host(std::string_view host, traffic::LeakSearch& owner) {
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
  for (std::size_t round = 0, known = 0; round < kMostRounds && owner.holds(joined(0, labels.size())); ++round) {
    std::size_t to = known + 1;
    while (to < labels.size() && !owner.holds(joined(0, to))) ++to;
    std::size_t from = to - 1;
    while (from > 0 && !owner.holds(joined(from, to))) --from;
    const char last = labels[to - 1].back();
    std::string hidden(kHiddenIdentifier);
    if (last == '.' || last == '\n') hidden += last;
    if (labels[from] == hidden) return std::string(kHiddenIdentifier);
    labels[from] = std::move(hidden);
    labels.erase(labels.begin() + static_cast<std::ptrdiff_t>(from) + 1, labels.begin() + static_cast<std::ptrdiff_t>(to));
    known = from;
  }
  std::string out = joined(0, labels.size());
  if (owner.holds(out)) return std::string(kHiddenIdentifier);
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

void hide_identifiers(Fact& fact, traffic::LeakSearch& owner, KnownByDigest<bool>* known) {
  const auto holds = [&](const std::string& text) {
    if (!known || text.size() < kWorthKnowing) return owner.holds(text);
    if (const bool* before = known->find(text)) return *before;
    const bool found = owner.holds(text);
    known->keep(found);
    return found;
  };
  for (std::size_t i = 0; i < fact.values.size(); ++i) {
    const auto* text = std::get_if<std::string>(&fact.values[i]);
    if (!text || text->size() < kShortest || !holds(*text)) continue;
    std::string hidden = is_host(*fact.kind, fact.kind->columns[i].name) ? hidden_in_host(*text, owner) : std::string(kHiddenIdentifier);
    fact.values[i] = std::move(hidden);
  }
}

}  // namespace klik
