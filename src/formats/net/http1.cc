#include "formats/net/http1.h"

#include <algorithm>
#include <array>

namespace klik::net::http1 {
namespace {

// Methods that are common enough to be believed from the start of a line alone. RFC 9110 §9, RFC 5789, RFC 4918, RFC 3253 and 6620's list.
constexpr std::array<std::string_view, 16> kMethods = {"GET",      "POST",     "HEAD", "PUT",    "DELETE", "OPTIONS", "CONNECT", "PATCH",
                                                       "TRACE",    "PROPFIND", "MOVE", "COPY",   "LOCK",   "UNLOCK",  "REPORT",  "MKCOL"};
constexpr std::size_t kLongestMethod = 24;
constexpr std::size_t kLongestNumber = 18;   // decimal digits that certainly fit in 63 bits

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_token(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("!#$%&'*+-.^_`|~").contains(c);
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool equal_lower(std::string_view text, std::string_view lower_text) {
  return text.size() == lower_text.size() && std::equal(text.begin(), text.end(), lower_text.begin(), [](char a, char b) { return lower(a) == b; });
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

// The first line of text, without its end; text starts behind it afterwards.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_version(std::string_view text) { return text.size() == 8 && text.starts_with("HTTP/1.") && is_digit(text[7]); }

struct RequestLine {
  std::string_view method, target;
  char minor = '1';
};
std::optional<RequestLine> request_line(std::string_view line) {
  const std::size_t space = line.find(' '), last = line.rfind(' ');
  if (space == line.npos || space == 0 || space > kLongestMethod || last <= space + 1) return std::nullopt;
  if (!is_version(line.substr(last + 1)) || !std::ranges::all_of(line.substr(0, space), is_token)) return std::nullopt;
  return RequestLine{line.substr(0, space), line.substr(space + 1, last - space - 1), line.back()};
}

// "HTTP/1.1 200" and then nothing or a reason.
bool is_status_line(std::string_view line) {
  return line.size() >= 12 && is_version(line.substr(0, 8)) && line[8] == ' ' && std::ranges::all_of(line.substr(9, 3), is_digit) && (line.size() == 12 || line[12] == ' ');
}

std::optional<std::uint64_t> decimal(std::string_view text) {
  if (text.empty() || text.size() > kLongestNumber || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  return value;
}

// A list may repeat the same length ("5, 5"); any other disagreement is none.
struct Lengths {
  std::optional<std::uint64_t> value;
  bool present = false, conflict = false;
};
Lengths content_lengths(const Head& head) {
  Lengths found;
  for (std::string_view list : head.values("content-length")) {
    found.present = true;
    while (true) {
      const std::size_t comma = list.find(',');
      const auto value = decimal(trimmed(list.substr(0, comma)));
      if (!value || (found.value && *found.value != *value)) found.conflict = true;
      if (!found.value) found.value = value;
      if (comma == list.npos) break;
      list.remove_prefix(comma + 1);
    }
  }
  return found;
}

}  // namespace

Looks looks_like(Bytes start) {
  std::string_view text = start.text();
  const std::size_t end = text.find('\n');
  if (text.empty()) return Looks::more;
  if (constexpr std::string_view kVersion = "HTTP/1."; text.starts_with(kVersion.substr(0, text.size()))) {
    const std::string_view line = take_line(text);
    if (is_status_line(line)) return Looks::response;
    return line.size() >= 13 || end != text.npos ? Looks::no : Looks::more;
  }
  const std::size_t space = text.find(' ');
  const std::string_view method = text.substr(0, std::min(space, text.size()));
  if (method.size() > kLongestMethod || !std::ranges::all_of(method, is_token)) return Looks::no;
  if (space == text.npos) return Looks::more;
  if (method.empty()) return Looks::no;
  if (std::ranges::find(kMethods, method) != kMethods.end() && text.substr(space + 1).starts_with('/')) return Looks::request;
  if (end == text.npos) return text.size() - space > 16 && text.substr(space).contains('\0') ? Looks::no : Looks::more;
  return request_line(take_line(text)) ? Looks::request : Looks::no;
}

std::optional<std::uint64_t> line_end(Bytes bytes, std::uint64_t& from) {
  const std::size_t at = bytes.text().find('\n', from);
  from = at == std::string_view::npos ? bytes.size() : 0;
  if (at == std::string_view::npos) return std::nullopt;
  return at + 1;
}

std::optional<std::uint64_t> head_end(Bytes bytes, std::uint64_t& from) {
  const std::string_view text = bytes.text();
  for (std::size_t at = from;;) {
    const std::size_t feed = text.find('\n', at);
    if (feed == text.npos) {
      from = text.size();
      return std::nullopt;
    }
    std::size_t next = feed + 1;
    if (next < text.size() && text[next] == '\r') ++next;
    if (next >= text.size()) {   // whether this is the empty line cannot be told yet
      from = feed;
      return std::nullopt;
    }
    if (text[next] == '\n') {
      from = 0;
      return next + 1;
    }
    at = next;
  }
}

std::vector<std::string_view> Head::values(std::string_view lower_name) const {
  std::vector<std::string_view> found;
  for (const Field& f : fields)
    if (equal_lower(f.name, lower_name)) found.push_back(f.value);
  return found;
}

bool Head::lists(std::string_view lower_name, std::string_view lower_token) const {
  for (std::string_view list : values(lower_name)) {
    while (true) {
      const std::size_t comma = list.find(',');
      if (equal_lower(trimmed(list.substr(0, comma)), lower_token)) return true;
      if (comma == list.npos) break;
      list.remove_prefix(comma + 1);
    }
  }
  return false;
}

std::vector<Field> read_fields(Bytes lines, std::vector<std::string_view>& odd) {
  std::vector<Field> fields;
  std::string_view text = lines.text();
  while (!text.empty() && fields.size() + odd.size() <= kMostFields) {
    std::string_view line = take_line(text);
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    // A fold continues the value of the line before it (RFC 9112 §5.2).
    while (text.starts_with(' ') || text.starts_with('\t')) {
      const std::string_view fold = take_line(text);
      line = std::string_view(line.data(), static_cast<std::size_t>(fold.data() - line.data()) + fold.size());
    }
    const std::string_view name = colon == line.npos ? std::string_view() : trimmed(line.substr(0, colon));
    if (name.empty() || !std::ranges::all_of(name, is_token)) odd.push_back(line);
    else fields.push_back({name, trimmed(line.substr(colon + 1))});
  }
  return fields;
}

Result<Head> read_head(Bytes bytes) {
  std::string_view text = bytes.text();
  const std::string_view line = take_line(text);
  Head head;
  if (is_status_line(line)) {
    head.request = false;
    head.minor = static_cast<std::uint32_t>(line[7] - '0');
    head.status = static_cast<std::uint32_t>(*decimal(line.substr(9, 3)));
    head.reason = trimmed(line.substr(12));
  } else if (const auto request = request_line(line)) {
    head.method = request->method;
    head.target = request->target;
    head.minor = static_cast<std::uint32_t>(request->minor - '0');
  } else {
    return fail(Code::bad_magic, 0, "neither a request line nor a status line");
  }
  head.fields = read_fields(Bytes::of(text), head.odd_lines);
  if (head.fields.size() + head.odd_lines.size() > kMostFields) return fail(Code::over_budget, 0, "too many header fields");
  return head;
}

BodyLength body_length(const Head& head, std::string_view to_method) {
  using Kind = BodyLength::Kind;
  if (!head.request) {
    if (head.status < 200 || head.status == 204 || head.status == 304 || to_method == "HEAD") return {};
    if (to_method == "CONNECT" && head.status < 300) return {};
  }
  const Lengths lengths = content_lengths(head);
  const auto codings = head.values("transfer-encoding");
  if (!codings.empty()) {
    // Transfer-Encoding overrides Content-Length; both at once may be an attempt at smuggling (RFC 9112 §6.1).
    if (head.lists("transfer-encoding", "chunked")) return {Kind::chunked, 0, lengths.present};
    if (!head.lists("transfer-encoding", "identity")) return {head.request ? Kind::none : Kind::until_close, 0, true};
  }
  if (lengths.present) {
    if (lengths.value) return {Kind::length, *lengths.value, lengths.conflict};
    return {head.request ? Kind::none : Kind::until_close, 0, true};
  }
  return {head.request ? Kind::none : Kind::until_close, 0, false};
}

Result<std::uint64_t> chunk_size(Bytes line) {
  std::uint64_t size = 0;
  std::size_t digits = 0;
  for (const std::uint8_t raw : line.span()) {
    const char c = lower(static_cast<char>(raw));
    if (!is_digit(c) && !(c >= 'a' && c <= 'f')) break;
    if (size >> 59 != 0) return fail(Code::bad_value, digits, "chunk size does not fit");
    size = size * 16 + static_cast<std::uint64_t>(is_digit(c) ? c - '0' : c - 'a' + 10);
    ++digits;
  }
  if (digits == 0) return fail(Code::bad_value, 0, "chunk size has no digits");
  return size;
}

}  // namespace klik::net::http1
