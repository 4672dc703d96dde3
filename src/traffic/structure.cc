#include "traffic/structure.h"

#include <algorithm>
#include <string>

#include "base/ascii.h"

namespace klik::traffic {

bool looks_binary(Bytes bytes) {
  for (const char c : bytes.text().substr(0, 512))
    if (static_cast<std::uint8_t>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') return true;
  return false;
}
bool looks_text(Bytes bytes) {
  const std::string_view start = bytes.text().substr(0, 512);
  const auto printable = std::ranges::count_if(start, [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t'; });
  return !start.empty() && static_cast<std::size_t>(printable) * 10 >= start.size() * 9;
}
bool is_marked(const Outline& outline) { return outline.format == "zip" || outline.format == "bplist"; }
bool looks_marked(std::string_view text) { return text.starts_with("PK\3\4") || text.starts_with("bplist0"); }

bool may_be_packed(Bytes bytes) { return looks_binary(bytes) || !looks_text(bytes); }

bool is_media(Bytes bytes) {
  constexpr std::string_view kMarks[] = {"\x89PNG", "\xff\xd8\xff", "GIF8", "RIFF", "OggS", "ID3", "wOFF", "wOF2", std::string_view("\0\1\0\0\0", 5), "\x1a\x45\xdf\xa3", "fLaC"};
  return std::ranges::any_of(kMarks, [&](std::string_view mark) { return bytes.starts_with(mark); }) || bytes.text().substr(0, 8).ends_with("ftyp");
}

bool looks_structured(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return false;
  const char c = text[first];
  if (c == '{' || c == '[' || c == '<') return true;
  const std::string_view start = text.substr(0, 4096);
  const auto equals = start.find('=');
  return equals != start.npos && equals + 1 < start.size() && (start.contains('&') || start.contains(';') || start.contains('?'));
}

Result<Outline> structure_of(Bytes bytes, std::string_view type, std::uint32_t shortest) {
  const std::string_view all = bytes.text();
  if (all.starts_with("PK"))
    if (auto out = read_zip(bytes, shortest)) return out;
  if (all.starts_with("bplist"))
    if (auto out = read_bplist(bytes, shortest)) return out;
  if (text::lower(type.substr(0, 10)) == "multipart/" || all.starts_with("--"))
    if (auto out = read_multipart(bytes, type, shortest)) return out;
  const std::string subtype = text::lower(type.substr(0, type.find(';')));
  if (subtype.ends_with("cbor"))
    if (auto out = read_cbor(bytes, shortest)) return out;
  // Separators of a sequence of JSON texts are control characters.
  if (auto out = read_json(bytes, shortest)) return out;
  if (!looks_binary(bytes)) {
    if (auto out = read_xml(bytes, shortest)) return out;
    if (!all.contains('=')) return fail(Code::bad_magic, 0, "plain text");
    if (all.substr(0, 4096).contains('?'))
      if (auto out = read_query(bytes, shortest)) return out;
    if (auto out = read_form(bytes, shortest)) return out;
    return read_cookie(bytes, shortest);
  }
  // Maps of MessagePack and CBOR begin with a byte of 0x80 or more, messages whose first field has a number below 16 with a lesser one.
  const bool high = bytes[0] >= 0x80;
  if (!high)
    if (auto out = read_protobuf(bytes, shortest)) return out;
  if (auto out = read_msgpack(bytes, shortest)) return out;
  if (auto out = read_cbor(bytes, shortest)) return out;
  if (high)
    if (auto out = read_protobuf(bytes, shortest)) return out;
  return read_delimited(bytes, shortest);
}

}  // namespace klik::traffic
