#include "formats/net/url.h"

#include <algorithm>
#include <charconv>

namespace klik::net {
namespace {

// Longer ones first where one ends with another.
constexpr std::string_view kSchemes[] = {"https", "http", "wss", "ws", "ftps", "ftp", "sftp", "rtsps", "rtsp", "rtmps", "rtmp", "mqtts", "mqtt", "mms", "tcp", "udp", "ssl", "tls",
                                         "stuns", "stun", "turns", "turn", "coaps", "coap", "grpc", "ldaps", "ldap", "smb", "socks5", "socks", "ssh", "telnet", "ntp", "xmpp", "amqps", "amqp", "redis", "quic", "tftp", "jdbc"};
constexpr std::size_t kLongestAuthority = 512, kLongestBlank = 64;

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The scheme that ends where `text` ends, or "".
std::string_view scheme_before(std::string_view text) {
  std::size_t from = text.size();
  while (from > 0 && text.size() - from < 8 && is_letter_or_digit(text[from - 1])) --from;
  std::string word(text.substr(from));
  std::ranges::transform(word, word.begin(), lower);
  // Text may run into a URL ("seehttp://…"), but not into a short scheme.
  for (const std::string_view s : kSchemes)
    if (word == s || (s.starts_with("http") && word.ends_with(s))) return s;
  return {};
}

// How many bytes at `at` are put in at run time: {x}, ${x}, <x>, %s, %1$s, *. 0: none.
std::size_t blank_at(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == '*') return 1;
  if (c == '{' || (c == '$' && at + 1 < text.size() && text[at + 1] == '{')) {
    const auto end = text.substr(at, kLongestBlank).find('}');
    return end == text.npos ? 0 : end + 1;
  }
  if (c == '<') {
    const auto end = text.substr(at, kLongestBlank).find('>');
    if (end == text.npos || end < 2) return 0;
    const auto inner = text.substr(at + 1, end - 1);
    return std::ranges::all_of(inner, [](char i) { return is_letter_or_digit(i) || i == '_' || i == '-' || i == '.'; }) ? end + 1 : 0;
  }
  if (c == '%') {
    std::size_t end = at + 1;
    while (end < text.size() && is_digit(text[end]) && end - at < 4) ++end;
    if (end < text.size() && end > at + 1 && text[end] == '$') ++end;
    return end < text.size() && (text[end] == 's' || (text[end] == 'd' && (end + 1 == text.size() || !is_letter_or_digit(text[end + 1])))) ? end + 1 - at : 0;
  }
  return 0;
}

struct Authority {
  std::string text;          // blanks as kBlank
  std::size_t length = 0;    // in the input
};

Authority authority_of(std::string_view text) {
  Authority a;
  std::size_t at = 0;
  while (at < text.size() && at < kLongestAuthority) {
    const char c = text[at];
    if (const std::size_t blank = blank_at(text, at)) {
      a.text += kBlank;
      at += blank;
    } else if (c == '[') {
      const auto end = text.substr(at, kLongestBlank).find(']');
      if (end == text.npos) break;
      a.text += text.substr(at, end + 1);
      at += end + 1;
    } else if (is_letter_or_digit(c) || c == '.' || c == '-' || c == '_' || c == ':' || c == '@' || c == '~' || c == '!' || static_cast<unsigned char>(c) >= 0x80) {
      a.text += c;
      ++at;
    } else {
      break;
    }
  }
  a.length = at;
  return a;
}

// Where a path with its query ends. Closing brackets and full stops at its end belong to the sentence around it.
std::size_t path_length(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size()) {
    const auto c = static_cast<unsigned char>(text[n]);
    if (c <= ' ' || c >= 0x7F || c == '"' || c == '\'' || c == '<' || c == '>' || c == '`' || c == '\\' || c == '^' || c == '|') break;
    ++n;
  }
  while (n > 0 && std::string_view(".,;:!)]").find(text[n - 1]) != std::string_view::npos) --n;
  return n;
}

// Fills host, port and userinfo.
bool split_authority(std::string_view authority, Context context, Found& found) {
  if (const auto at = authority.rfind('@'); at != authority.npos) {
    if (context == Context::bare) return false;   // a mail address
    found.userinfo = true;
    authority.remove_prefix(at + 1);
  }
  const auto colon = authority.rfind(':');
  if (colon != authority.npos && authority.find(']', colon) == authority.npos) {
    std::string_view port = authority.substr(colon + 1);
    const auto digits = static_cast<std::size_t>(std::ranges::find_if_not(port, is_digit) - port.begin());
    const bool blank = port == std::string_view(&kBlank, 1);
    if (digits > 0) {
      unsigned value = 0;
      std::from_chars(port.data(), port.data() + std::min<std::size_t>(digits, 6), value);
      if (value == 0 || value > 0xFFFF || digits > 5) return false;
      found.port = static_cast<std::uint16_t>(value);
    } else if (!blank && context == Context::bare) {
      return false;
    }
    authority = authority.substr(0, colon);
  }
  if (const auto host = parse_host(authority, context)) {
    found.host = *host;
    return true;
  }
  return false;
}

// A text that ends with "www.google." is going to be continued; "host.example.com." is a name with its root dot.
std::string completed(std::string_view authority, bool ends_text) {
  std::string out(authority);
  if (!ends_text || !authority.ends_with('.')) return out;
  const std::string_view name = authority.substr(0, authority.size() - 1);
  const auto dot = name.rfind('.');
  const std::string_view last = dot == name.npos ? name : name.substr(dot + 1);
  const bool ends_name = dot != name.npos && (last.size() == 2 || last == "com" || last == "net" || last == "org" || last == "info") && is_top_level(last);
  if (!ends_name) out += kBlank;
  return out;
}

std::size_t first_above_ascii(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }) - text.begin());
}

// The URL whose authority begins at `from`.
void take_url(std::string_view text, std::string_view scheme, std::size_t scheme_at, std::size_t from, bool escaped_slashes, const std::function<void(const Found&)>& each) {
  const std::string_view rest = text.substr(from);
  const Authority authority = authority_of(rest);
  Found found;
  found.scheme = scheme;
  found.at = scheme_at;
  std::size_t used = authority.length;
  if (!split_authority(completed(authority.text, used == rest.size()), Context::url, found)) {
    // Text without blanks between words, as in Chinese, may run on behind the host.
    const std::size_t cut = first_above_ascii(authority.text);
    if (cut == authority.text.size() || cut == 0) return;
    found = Found{.scheme = scheme, .host = {}, .port = {}, .path = {}, .at = scheme_at};
    if (!split_authority(std::string_view(authority.text).substr(0, cut), Context::url, found)) return;
    used = first_above_ascii(rest.substr(0, used));
  }
  if (used < rest.size() && (rest[used] == '/' || rest[used] == '?' || (escaped_slashes && rest.substr(used).starts_with("\\/")))) {
    const std::string_view tail = rest.substr(used);
    if (!escaped_slashes) {
      const std::size_t n = path_length(tail);
      found.path = tail.substr(0, n);
      used += n;
    } else {
      std::size_t n = 0;
      while (n < tail.size()) {
        if (tail.substr(n).starts_with("\\/")) {
          found.path += '/';
          n += 2;
          continue;
        }
        const std::size_t step = path_length(tail.substr(n, std::min(tail.find("\\/", n), tail.size()) - n));
        if (step == 0) break;
        found.path += tail.substr(n, step);
        n += step;
      }
      used += n;
    }
    found.path.resize(std::min(found.path.find('#'), found.path.size()));
    found.path.resize(std::min(found.path.size(), kLongestPath));
  }
  found.length = from + used - scheme_at;
  each(found);
}

}  // namespace

void find_urls(std::string_view text, const std::function<void(const Found&)>& each) {
  struct Spelling {
    std::string_view mark;
    bool escaped;
  };
  static constexpr Spelling kSpellings[] = {{"://", false}, {":\\/\\/", true}, {"%3A%2F%2F", false}, {"%3a%2f%2f", false}};
  for (const auto& [mark, escaped] : kSpellings)
    for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + mark.size())) {
      const std::string_view scheme = scheme_before(text.substr(0, at));
      if (scheme.empty()) continue;
      take_url(text, scheme, at - scheme.size(), at + mark.size(), escaped, each);
    }
}

std::optional<Found> read_bare(std::string_view text) {
  const auto slash = text.find('/');
  const std::string_view authority = text.substr(0, slash);
  if (authority.size() < 4 || authority.size() > 260 || authority.find('.') == authority.npos) return std::nullopt;
  for (const char c : authority)
    if (!((c >= 'a' && c <= 'z') || is_digit(c) || c == '.' || c == '-' || c == ':')) return std::nullopt;
  Found found;
  if (!split_authority(authority, Context::bare, found)) return std::nullopt;
  if (slash != text.npos) {
    if (path_length(text.substr(slash)) != text.size() - slash) return std::nullopt;
    found.path = text.substr(slash, kLongestPath);
  }
  found.length = text.size();
  return found;
}

bool may_hold_host(std::string_view text) { return text.size() >= 4 && (text.find('.') != text.npos || text.find(':') != text.npos); }

}  // namespace klik::net
