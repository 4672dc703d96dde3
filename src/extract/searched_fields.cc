#include "extract/searched_fields.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"

namespace klik {

SearchedFields::Before SearchedFields::ask(const traffic::Content& c) {
  asked_ = false;
  if (c.bytes.size() < kShortest || c.shown > 0 || !(c.place.ends_with(".header") || c.place == "request.path")) return Before::unknown;
  // The path that a find is told with begins with place and name; none of them holds a zero byte.
  text_.assign(c.place).append(1, '\0').append(c.name).append(1, '\0').append(c.type).append(1, '\0').append(c.coding).append(1, '\0').append(c.bytes.text());
  std::ranges::copy_n(sha256(Bytes::of(text_)).begin(), static_cast<std::ptrdiff_t>(last_.size()), last_.begin());
  if (text_.capacity() > (std::size_t{64} << 10)) text_ = {};
  const auto known = known_.find(last_);
  if (known != known_.end() && !known->second.held) return Before::empty;
  if (known != known_.end() && c.bytes.size() > kLong && known->second.times >= kMostTimes) return Before::too_often;
  asked_ = true;
  return Before::unknown;
}

void SearchedFields::searched(bool held) {
  if (!std::exchange(asked_, false)) return;
  if (known_.size() >= kMostKnown) known_.clear();
  Times& of = known_[last_];
  of.held = held;
  ++of.times;
}

}  // namespace klik
