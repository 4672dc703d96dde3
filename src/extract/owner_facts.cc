#include "extract/owner_facts.h"

#include <algorithm>
#include <utility>

#include "extract/columns.h"
#include "traffic/identifier_digest.h"
#include "traffic/search_windows.h"

namespace klik {
namespace {

constexpr std::size_t kMostUntold = 65'536;

std::optional<std::int64_t> connection_of(const Fact& fact) { return number_of(*fact.kind, fact.values, fact.kind == &kNetConnection ? "number" : "connection"); }

// "message" of net.message. "": texts of the kind are nothing that was sent.
std::string_view place_of(const FactKind& kind) {
  constexpr std::string_view kSent[] = {"net.message", "net.lookup", "net.hello", "net.certificate", "net.connection", "net.telemetry"};
  return std::ranges::find(kSent, kind.name) != std::end(kSent) ? kind.name.substr(std::string_view("net.").size()) : std::string_view();
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
      if (connection && told_.size() < kMostUntold) told_.emplace(*connection, text_of(*fact.kind, fact.values, "digest"));
    }
    const std::vector<HiddenText> hidden = hide_identifiers(fact, *search_, &known_);
    const auto connection = connection_of(fact);
    if (connection) keep_untold(fact, *connection, hidden);
    if (connection && fact.kind == &kNetConnection) end_connection(*connection);
  }
  cut_message(fact);
  to_.fact(std::move(fact));
}

void CaptureFacts::keep_untold(const Fact& fact, std::int64_t connection, const std::vector<HiddenText>& hidden) {
  const std::string_view place = place_of(*fact.kind);
  if (place.empty() || fact.origins.empty()) return;
  for (const HiddenText& h : hidden) {
    const std::string_view name = fact.kind->columns[h.column].name;
    // Other texts of a connection were not sent on it: an answer elsewhere named its address, the capturing program its app.
    if (fact.kind == &kNetConnection && name != "host") continue;
    for (traffic::Leak leak : h.held) {
      if (leak.identifier >= digests_.size()) continue;
      if (untold_.size() >= kMostUntold) {
        if (!std::exchange(full_, true))
          to_.problem({fail(Code::over_budget, fact.origins.front().at, "more identifiers are hidden in facts than could be told as leaks").error(), ProblemSeverity::data_loss, {}, {}, capture_});
        return;
      }
      leak.place = place;
      leak.path = std::string(place) + "." + std::string(name) + leak.path.substr(std::min(leak.path.find('/'), leak.path.size()));
      // A hello says who sent it in another column.
      const bool up = fact.kind == &kNetHello ? number_of(*fact.kind, fact.values, "client") != 0 : text_of(*fact.kind, fact.values, "way") != "down";
      const LeakPlace at{connection, fact.kind == &kNetMessage ? number_of(*fact.kind, fact.values, "number").value_or(0) : 0, up, number_of(*fact.kind, fact.values, "time_ns"), fact.origins.front()};
      untold_.try_emplace({connection, digests_[leak.identifier]}, leak_fact(leak, digests_[leak.identifier], at));
    }
  }
}

void CaptureFacts::end_connection(std::int64_t number) {
  const Seen first{number, {}};
  for (auto at = untold_.lower_bound(first); at != untold_.end() && at->first.first == number; at = untold_.erase(at))
    if (!told_.contains(at->first)) to_.fact(std::move(at->second));
  told_.erase(told_.lower_bound(first), told_.lower_bound({number + 1, {}}));
}

void CaptureFacts::problem(Problem problem) {
  problem.about = capture_;
  if (search_) {
    // The host of a connection stands last.
    const auto comma = problem.detail.rfind(", ");
    const std::size_t host = comma == std::string::npos ? 0 : comma + 2;
    if (search_->holds(problem.detail) || host_holds(std::string_view(problem.detail).substr(host), *search_)) {
      std::string before = problem.detail.substr(0, host);
      if (search_->holds(before)) before.clear();
      problem.detail = before + std::string(kHiddenIdentifier);
    }
  }
  to_.problem(std::move(problem));
}

}  // namespace klik
