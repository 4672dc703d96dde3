// Names and values in one line: forms, queries, cookies. Source: WHATWG URL §5; RFC 6265 §4.1.
#include <algorithm>

#include "traffic/outline.h"

namespace klik::traffic {
namespace {

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 128 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("_.-$[]%~:@!*").find(c) != std::string_view::npos;
  });
}

Result<Outline> read_pairs(Bytes bytes, std::uint64_t from, std::string_view format, char separator, std::uint32_t shortest) {
  const std::string_view text = bytes.text();
  Outline out;
  out.shortest = shortest;
  out.format = format;
  std::size_t pairs = 0, fields = 0;
  for (std::uint64_t at = from; at < text.size();) {
    std::uint64_t end = std::min(text.find(separator, at), text.size());
    const std::uint64_t next = end + 1;
    while (at < end && text[at] == ' ' && separator == ';') ++at;
    const std::uint64_t equals = std::min(text.find('=', at), end);
    const std::string_view name = text.substr(at, equals - at);
    if (end > at) {
      ++fields;
      if (!is_name(name)) return fail(Code::bad_magic, at, "no name of a field");
      const std::uint64_t value_at = std::min(equals + 1, end), length = end - value_at;
      const std::string_view value = text.substr(value_at, length);
      if (value.starts_with('=')) return fail(Code::bad_magic, equals, "padding, not a field");
      if (std::ranges::any_of(value, [&](char c) { return static_cast<std::uint8_t>(c) < 0x20 || (c == ' ' && separator == '&'); })) return fail(Code::bad_magic, value_at, "not a value of a form");
      if (equals < end && length > 0) {
        ++pairs;
        const bool escaped = value.contains('%') || value.contains('+');
        if (!out.add({value_at, length, 0, {at, static_cast<std::uint32_t>(name.size()), 0}, escaped ? LeafKind::form_text : LeafKind::text})) break;
      }
    }
    at = next;
  }
  // Half of the fields may be empty or bare names; a text with one = somewhere is no form.
  if (pairs == 0 || pairs * 2 < fields) return fail(Code::bad_magic, from, "no fields");
  return out;
}

}  // namespace

Result<Outline> read_form(Bytes bytes, std::uint32_t shortest) { return read_pairs(bytes, 0, "form", '&', shortest); }

Result<Outline> read_query(Bytes bytes, std::uint32_t shortest) {
  const auto mark = bytes.text().substr(0, 4096).find('?');
  if (mark == std::string_view::npos) return fail(Code::bad_magic, 0, "no query");
  return read_pairs(bytes, mark + 1, "query", '&', shortest);
}

Result<Outline> read_cookie(Bytes bytes, std::uint32_t shortest) {
  if (!bytes.text().contains(';')) return fail(Code::bad_magic, 0, "one field only");
  return read_pairs(bytes, 0, "cookie", ';', shortest);
}

}  // namespace klik::traffic
