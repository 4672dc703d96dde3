#include "traffic/find_bounds.h"

#include "traffic/text_encodings.h"

namespace klik::traffic {
namespace {

constexpr std::uint64_t kLooked = 1024;   // bytes on each side that the byte order of a text is read from

// Two hexadecimal digits, and no third.
bool is_octet(std::string_view text, std::uint64_t at) {
  const auto digit = [&](std::uint64_t i) { return i < text.size() && hex_value(text[i]) >= 0; };
  return digit(at) && digit(at + 1) && !digit(at + 2);
}

}  // namespace

bool is_in_byte_order(std::string_view text, std::uint64_t from, std::uint64_t to, bool big_endian) {
  const bool both = big_endian ? to < text.size() && text[to] == 0 : from > 0 && text[from - 1] == 0;
  if (!both) return true;
  // Latin letters alternate with zeros, before the find and behind it too. Such a run begins with a letter when the low byte is first.
  std::uint64_t begin = big_endian ? from : from - 1, end = big_endian ? to + 1 : to;
  const std::uint64_t least = begin < kLooked ? 0 : begin - kLooked, most = end + kLooked < text.size() ? end + kLooked : text.size();
  while (begin > least && (text[begin - 1] == 0) != (text[begin] == 0)) --begin;
  while (end < most && (text[end] == 0) != (text[end - 1] == 0)) ++end;
  const bool begins_with_zero = text[begin] == 0, ends_with_zero = text[end - 1] == 0;
  if (begins_with_zero != ends_with_zero) return begins_with_zero == big_endian;
  return from % 2 == 0;   // zeros of something else beside it, or letters of other scripts: by its place
}

bool is_part_of_longer_address(std::string_view text, std::uint64_t from, std::uint64_t to) {
  const std::string_view find = text.substr(from, to - from);
  const auto sign = find.find_first_of(":-");
  if (sign == find.npos || sign > 2) return false;
  if (to < text.size() && text[to] == find[sign] && is_octet(text, to + 1)) return true;
  if (from < 3 || text[from - 1] != find[sign] || !is_octet(text, from - 3) || (from > 3 && hex_value(text[from - 4]) >= 0)) return false;
  const bool first = from == 3 || text[from - 4] != find[sign];
  return !(first && text.substr(from - 3, 2) == "01");
}

}  // namespace klik::traffic
