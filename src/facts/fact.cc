#include "facts/fact.h"

#include <algorithm>
#include <cstdlib>

#include "base/text.h"

namespace klik {
namespace {

void put(Hasher& hasher, std::uint64_t number) {
  std::array<std::uint8_t, 8> b{};
  for (std::size_t i = 0; i < 8; ++i) b[i] = static_cast<std::uint8_t>(number >> (8 * i));
  hasher.update(Bytes(b));
}

// Lengths before texts, so that no two different rows give the same stream.
void put(Hasher& hasher, std::string_view text) {
  put(hasher, std::uint64_t{text.size()});
  hasher.update(Bytes::of(text));
}

void put(Hasher& hasher, const Value& value) {
  put(hasher, std::uint64_t{value.index()});
  if (const auto* number = std::get_if<std::int64_t>(&value)) put(hasher, static_cast<std::uint64_t>(*number));
  if (const auto* text = std::get_if<std::string>(&value)) put(hasher, std::string_view(*text));
}

}  // namespace

FactId fact_id(const Fact& fact) {
  Hasher hasher;
  put(hasher, fact.kind->name);
  for (std::size_t i = 0; i < fact.kind->columns.size() && i < fact.values.size(); ++i)
    if (fact.kind->columns[i].key) put(hasher, fact.values[i]);
  hasher.update(as_bytes(fact.about.sha256()));
  if (!fact.origins.empty()) {
    hasher.update(as_bytes(fact.origins[0].blob.sha256()));
    put(hasher, fact.origins[0].at);
    put(hasher, fact.origins[0].length);
  }
  const Sha256Digest whole = hasher.finish_sha256();
  FactId id{};
  std::copy_n(whole.begin(), id.size(), id.begin());
  return id;
}

Row& Row::set(std::string_view column, std::string_view value) {
  const auto at = std::ranges::find(kind_.columns, column, &Column::name);
  if (at == kind_.columns.end()) std::abort();  // a bug in an extractor, not bad input
  values_[static_cast<std::size_t>(at - kind_.columns.begin())] = text::storable(value);
  return *this;
}

Row& Row::set(std::string_view column, std::int64_t number) {
  const auto at = std::ranges::find(kind_.columns, column, &Column::name);
  if (at == kind_.columns.end()) std::abort();
  values_[static_cast<std::size_t>(at - kind_.columns.begin())] = number;
  return *this;
}

}  // namespace klik
