// The parts of a multipart body. Source: RFC 2046 §5.1, RFC 7578.
#include <algorithm>

#include "base/ascii.h"

#include "traffic/outline.h"

namespace klik::traffic {
namespace {

constexpr std::size_t kLongestBoundary = 70;   // RFC 2046 §5.1.1; some clients go beyond, so twice is taken
constexpr std::size_t kMostHeaderBytes = 8192;

using text::lower;

// The value of a parameter: where it stands in `header`.
std::pair<std::size_t, std::size_t> parameter(std::string_view header, std::string_view name) {
  const std::string folded = lower(header), wanted = std::string(name) + "=";
  std::size_t at = folded.find(wanted);
  while (at != std::string::npos && at > 0 && folded[at - 1] != ' ' && folded[at - 1] != ';') at = folded.find(wanted, at + 1);
  if (at == std::string::npos) return {0, 0};
  at += wanted.size();
  if (at < header.size() && header[at] == '"') return {at + 1, std::min(header.find('"', at + 1), header.size()) - at - 1};
  return {at, std::min(header.find_first_of("; \r\n", at), header.size()) - at};
}

void read_headers(std::string_view text, std::size_t from, std::size_t to, Leaf& part) {
  for (std::size_t at = from; at < to;) {
    const std::size_t end = std::min(text.find('\n', at), to);
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string name = lower(line.substr(0, line.find(':')));
    const std::size_t value = std::min(line.find_first_not_of(" \t", std::min(name.size() + 1, line.size())), line.size());
    if (name == "content-disposition") {
      const auto [where, length] = parameter(line, "name");
      if (length > 0) part.name = {at + where, static_cast<std::uint32_t>(std::min<std::size_t>(length, 256)), part.name.number};
    } else if (name == "content-type") {
      part.type_at = at + value;
      part.type_length = static_cast<std::uint32_t>(line.size() - value);
    } else if (name == "content-transfer-encoding") {
      part.transfer_at = at + value;
      part.transfer_length = static_cast<std::uint32_t>(line.size() - value);
    }
    at = end + 1;
  }
}

}  // namespace

Result<Outline> read_multipart(Bytes bytes, std::string_view content_type, std::uint32_t shortest) {
  const std::string_view text = bytes.text();
  std::string delimiter;
  if (lower(content_type.substr(0, 10)) == "multipart/") {
    const auto [at, length] = parameter(content_type, "boundary");
    delimiter = "--" + std::string(content_type.substr(at, length));
  } else if (text.starts_with("--")) {
    delimiter = text.substr(0, std::min(text.find_first_of("\r\n"), kLongestBoundary * 2 + 2));
  }
  if (delimiter.size() < 3 || delimiter.size() > kLongestBoundary * 2 + 2) return fail(Code::bad_magic, 0, "no boundary");
  Outline out;
  out.shortest = shortest;
  out.format = "multipart";
  std::size_t at = text.find(delimiter);
  for (std::uint32_t number = 0; at != text.npos; ++number) {
    std::size_t start = at + delimiter.size();
    if (text.substr(start).starts_with("--")) break;   // the closing one
    start = text.find('\n', start);
    if (start == text.npos) break;
    ++start;
    const std::size_t next = text.find("\n" + delimiter, start - 1);
    std::size_t end = std::min(next, text.size());
    out.broken |= next == text.npos;
    if (next != text.npos && end > start && text[end - 1] == '\r') --end;
    // Headers end with an empty line; without one all is header.
    const std::string_view within = text.substr(start, std::min(end - std::min(start, end), kMostHeaderBytes));
    std::size_t empty = within.starts_with("\r\n") ? 0 : within.starts_with('\n') ? 0 : within.find("\r\n\r\n"), skip = within.starts_with("\r\n") ? 2 : within.starts_with('\n') ? 1 : 4;
    if (empty == within.npos) empty = within.find("\n\n"), skip = 2;
    Leaf part{0, 0, 0, {0, 0, number}, LeafKind::bytes};
    if (empty != within.npos) {
      read_headers(text, start, start + empty, part);
      part.at = start + empty + skip;
      part.length = end > part.at ? end - part.at : 0;
      if (part.length > 0 && !out.add(part)) break;
    }
    at = next == text.npos ? next : next + 1;
  }
  if (out.leaves.empty()) return fail(Code::bad_magic, 0, "no part");
  return out;
}

}  // namespace klik::traffic
