#include "extract/owner_facts.h"

#include <algorithm>

#include "extract/hidden_identifiers.h"
#include "traffic/identifier_digest.h"
#include "traffic/search_windows.h"

namespace klik {
namespace {

constexpr std::size_t kMostUntold = 65'536;

const Value* column(const Fact& fact, std::string_view name) {
  const auto at = std::ranges::find(fact.kind->columns, name, &Column::name);
  return at == fact.kind->columns.end() ? nullptr : &fact.values[static_cast<std::size_t>(at - fact.kind->columns.begin())];
}
std::optional<std::int64_t> number_in(const Fact& fact, std::string_view name) {
  const Value* value = column(fact, name);
  const auto* number = value ? std::get_if<std::int64_t>(value) : nullptr;
  return number ? std::optional(*number) : std::nullopt;
}
std::string text_in(const Fact& fact, std::string_view name) {
  const Value* value = column(fact, name);
  const auto* text = value ? std::get_if<std::string>(value) : nullptr;
  return text ? *text : std::string();
}
std::optional<std::int64_t> connection_of(const Fact& fact) { return number_in(fact, fact.kind == &kNetConnection ? "number" : "connection"); }

// Places are literals.
std::string_view place_of(const FactKind& kind) {
  if (&kind == &kNetMessage) return "message";
  if (&kind == &kNetLookup) return "lookup";
  if (&kind == &kNetHello) return "hello";
  if (&kind == &kNetCertificate) return "certificate";
  return &kind == &kNetConnection ? "connection" : "telemetry";
}

}  // namespace

CaptureFacts::CaptureFacts(FactSink& to, const BlobId& capture, const OwnerIdentifiers* owner, traffic::LeakSearch* search) : to_(to), capture_(capture), search_(search) {
  if (!owner) return;
  for (const traffic::Identifier& i : owner->identifiers) digests_.push_back(identifier_digest(Bytes(owner->key), i));
}

void CaptureFacts::fact(Fact fact) {
  cut_message(fact, traffic::SearchWindows::kOverlap);
  if (search_) {
    if (fact.kind == &kNetLeak) {
      const auto connection = connection_of(fact);
      if (connection && told_.size() < kMostUntold) told_.emplace(*connection, text_in(fact, "digest"));
    }
    const std::vector<HiddenText> hidden = hide_identifiers(fact, *search_, &known_);
    const auto connection = connection_of(fact);
    if (connection && fact.kind != &kNetLeak)
      for (const HiddenText& h : hidden)
        for (traffic::Leak leak : h.held) {
          if (leak.identifier >= digests_.size() || untold_.size() >= kMostUntold || fact.origins.empty()) continue;
          leak.place = place_of(*fact.kind);
          leak.path = std::string(leak.place) + "." + std::string(fact.kind->columns[h.column].name) + leak.path.substr(std::min(leak.path.find('/'), leak.path.size()));
          // Of a hello and a certificate the side is known otherwise.
          const bool up = fact.kind == &kNetHello ? number_in(fact, "client") != 0 : text_in(fact, "way") != "down";
          const LeakPlace at{*connection, fact.kind == &kNetMessage ? number_in(fact, "number").value_or(0) : 0, up, number_in(fact, "time_ns"), fact.origins.front()};
          untold_.try_emplace({*connection, digests_[leak.identifier]}, leak_fact(leak, digests_[leak.identifier], at));
        }
    if (connection && fact.kind == &kNetConnection) end_connection(*connection);
  }
  cut_message(fact);
  to_.fact(std::move(fact));
}

void CaptureFacts::end_connection(std::int64_t number) {
  const Seen first{number, {}};
  for (auto at = untold_.lower_bound(first); at != untold_.end() && at->first.first == number; at = untold_.erase(at))
    if (!told_.contains(at->first)) to_.fact(std::move(at->second));
  told_.erase(told_.lower_bound(first), told_.lower_bound({number + 1, {}}));
}

void CaptureFacts::problem(Problem problem) {
  problem.about = capture_;
  if (search_ && search_->holds(problem.detail)) {
    // Mostly it is in the host, which stands last.
    const auto host = problem.detail.rfind(", ");
    std::string before = host == std::string::npos ? "" : problem.detail.substr(0, host + 2);
    if (search_->holds(before)) before.clear();
    problem.detail = before + std::string(kHiddenIdentifier);
  }
  to_.problem(std::move(problem));
}

}  // namespace klik
