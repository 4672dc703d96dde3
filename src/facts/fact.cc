#include "facts/fact.h"

#include <algorithm>
#include <cstdlib>

#include "base/text.h"

namespace klik {
namespace {

// What is hashed comes in pieces of a few bytes, each of which would cost as much as hashing a line of text.
class Gathered {
 public:
  void put(Bytes bytes) {
    if (bytes.size() > waiting_.size() - used_) flush();
    if (bytes.size() > waiting_.size()) return hasher().update(bytes);
    copy_bytes(waiting_, used_, bytes);
    used_ += static_cast<std::size_t>(bytes.size());
  }
  void put(std::uint64_t number) {
    std::array<std::uint8_t, 8> b{};
    for (std::size_t i = 0; i < 8; ++i) b[i] = static_cast<std::uint8_t>(number >> (8 * i));
    put(Bytes(b));
  }
  // Lengths before texts, so that no two different rows give the same stream.
  void put(std::string_view text) {
    put(std::uint64_t{text.size()});
    put(Bytes::of(text));
  }
  void put(const Value& value) {
    put(std::uint64_t{value.index()});
    if (const auto* number = std::get_if<std::int64_t>(&value)) put(static_cast<std::uint64_t>(*number));
    if (const auto* text = std::get_if<std::string>(&value)) put(std::string_view(*text));
  }
  Sha256Digest finish() {
    flush();
    return hasher().finish_sha256();
  }

 private:
  // One per thread, since making one costs more than hashing a fact.
  static Hasher& hasher() {
    thread_local Hasher one;
    return one;
  }
  void flush() {
    hasher().update(Bytes(waiting_.data(), used_));
    used_ = 0;
  }
  std::array<std::uint8_t, 512> waiting_;
  std::size_t used_ = 0;
};

}  // namespace

FactId fact_id(const Fact& fact) {
  Gathered all;
  all.put(fact.kind->name);
  for (std::size_t i = 0; i < fact.kind->columns.size() && i < fact.values.size(); ++i)
    if (fact.kind->columns[i].key) all.put(fact.values[i]);
  all.put(as_bytes(fact.about.sha256()));
  if (!fact.origins.empty()) {
    all.put(as_bytes(fact.origins[0].blob.sha256()));
    all.put(fact.origins[0].at);
    all.put(fact.origins[0].length);
  }
  const Sha256Digest whole = all.finish();
  FactId id{};
  std::copy_n(whole.begin(), id.size(), id.begin());
  return id;
}

Value& Row::at(std::string_view column) {
  const std::size_t count = kind_.columns.size();
  for (std::size_t tried = 0; tried < count; ++tried) {
    const std::size_t i = next_ + tried < count ? next_ + tried : next_ + tried - count;
    if (kind_.columns[i].name != column) continue;
    next_ = i + 1;
    return values_[i];
  }
  std::abort();  // a bug in an extractor, not bad input
}

Row& Row::set(std::string_view column, std::string_view value) {
  at(column) = text::storable(value);
  return *this;
}

Row& Row::set(std::string_view column, std::int64_t number) {
  at(column) = number;
  return *this;
}

}  // namespace klik
