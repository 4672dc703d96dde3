#include "extract/searched_fields.h"

#include <utility>

namespace klik {

SearchedFields::Before SearchedFields::ask(const traffic::Content& c) {
  asked_ = false;
  if (c.bytes.size() < kShortest || c.shown > 0 || !(c.place.ends_with(".header") || c.place == "request.path")) return Before::unknown;
  // The path that a find is told with begins with place and name; none of them holds a zero byte.
  text_.assign(c.place).append(1, '\0').append(c.name).append(1, '\0').append(c.type).append(1, '\0').append(c.coding).append(1, '\0').append(c.bytes.text());
  const Times* known = known_.find(text_);
  if (text_.capacity() > (std::size_t{64} << 10)) text_ = {};
  if (known && !known->held) return Before::empty;
  times_ = known ? known->times : 0;
  if (c.bytes.size() > kLong && times_ >= kMostTimes) return Before::too_often;
  asked_ = true;
  return Before::unknown;
}

void SearchedFields::searched(bool held) {
  if (std::exchange(asked_, false)) known_.keep({held, times_ + 1});
}

}  // namespace klik
