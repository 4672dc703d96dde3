#include "ledger/held_rows.h"

#include <algorithm>
#include <tuple>

namespace klik {

// Kinds, states and labels are few; paths are all different.
std::string_view HeldRows::keep(std::string_view text) {
  if (text.empty()) return {};
  if (text.size() <= 40) return *repeated_.emplace(text).first;
  return texts_.emplace_back(text);
}

void HeldRows::add_artifact(std::uint32_t number, const ArtifactRow& a) {
  ArtifactRow own = a;
  own.path = keep(a.path);
  own.device_path = keep(a.device_path);
  own.kind = keep(a.kind);
  own.state = keep(a.state);
  own.selinux = keep(a.selinux);
  own.capability_hex = keep(a.capability_hex);
  own.link_target = keep(a.link_target);
  places_.emplace(number, static_cast<std::uint32_t>(artifacts_.size()));
  artifacts_.push_back(own);
}

std::uint32_t HeldRows::place_of(std::uint32_t number) const {
  const auto at = places_.find(number);
  return at == places_.end() ? kNone : at->second;
}

const HeldRows::Kind* HeldRows::find(const FactKind& kind, std::uint64_t staged) const {
  const auto at = kinds_.find(kind.name);
  return at != kinds_.end() && at->second.staged == staged ? &at->second : nullptr;
}

const HeldRows::Kind& HeldRows::put(const FactKind& kind, std::uint64_t staged, std::vector<Row> rows, bool in_use) {
  // Facts on the build come last. Of rows of one identity the lowest counts, whatever order they came in.
  std::ranges::sort(rows, [](const Row& a, const Row& b) { return std::tie(a.artifact, a.id, a.values) < std::tie(b.artifact, b.id, b.values); });
  const auto rest = std::ranges::unique(rows, [](const Row& a, const Row& b) { return a.artifact == b.artifact && a.id == b.id; });
  rows.erase(rest.begin(), rest.end());
  std::uint64_t bytes = 0;
  for (const Row& r : rows) {
    bytes += sizeof(Row) + r.values.size() * sizeof(Value);
    for (const Value& v : r.values)
      if (const auto* text = std::get_if<std::string>(&v)) bytes += text->size();
  }
  if (!in_use && bytes_ + bytes > kMostBytes) {
    kinds_.clear();
    bytes_ = 0;
  }
  Kind& place = kinds_[kind.name];
  bytes_ += bytes - place.bytes;
  place = {std::move(rows), staged, bytes};
  return place;
}

}  // namespace klik
