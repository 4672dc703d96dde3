#include "traffic/find_bounds.h"

#include "traffic/text_encodings.h"

namespace klik::traffic {
namespace {

constexpr std::uint64_t kLooked = 1024;   // bytes on each side that the byte order of a text is read from

// Two hexadecimal digits that are no part of a word, like "ac" of "mac:".
bool is_octet(std::string_view text, std::uint64_t at) {
  const auto alphanumeric = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (text.size() < 2 || at > text.size() - 2 || hex_value(text[at]) < 0 || hex_value(text[at + 1]) < 0) return false;
  return !(at > 0 && alphanumeric(text[at - 1])) && !(at + 2 < text.size() && alphanumeric(text[at + 2]));
}

bool is_letter(char c) { return static_cast<std::uint8_t>(c) >= ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

bool is_in_byte_order(std::string_view text, std::uint64_t from, std::uint64_t to, bool big_endian) {
  const bool both = big_endian ? to < text.size() && text[to] == 0 : from > 0 && text[from - 1] == 0;
  if (!both) return true;
  // Latin letters alternate with zeros, before the find and behind it too. Such a run begins with a letter when the low byte is first.
  std::uint64_t begin = big_endian ? from : from - 1, end = big_endian ? to + 1 : to;
  const std::uint64_t least = begin < kLooked ? 0 : begin - kLooked, most = end + kLooked < text.size() ? end + kLooked : text.size();
  while (begin > least && (text[begin] == 0 ? is_letter(text[begin - 1]) : text[begin - 1] == 0)) --begin;
  while (end < most && (text[end - 1] == 0 ? is_letter(text[end]) : text[end] == 0)) ++end;
  const bool begins_with_zero = text[begin] == 0, ends_with_zero = text[end - 1] == 0;
  if (begins_with_zero != ends_with_zero) return begins_with_zero == big_endian;
  return from % 2 == 0;   // zeros of something else beside it, or letters of other scripts: by its place
}

bool is_part_of_longer_address(std::string_view text, std::uint64_t from, std::uint64_t to) {
  const std::string_view find = text.substr(from, to - from);
  const auto sign = find.find_first_of(":-");
  if (sign == find.npos || sign > 2) return false;
  if (to < text.size() && text[to] == find[sign] && is_octet(text, to + 1)) return true;
  if (from < 3 || text[from - 1] != find[sign] || !is_octet(text, from - 3)) return false;
  const bool first = from == 3 || text[from - 4] != find[sign];
  return !(first && text.substr(from - 3, 2) == "01");
}

}  // namespace klik::traffic
