#include "formats/net/host.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <libpsl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <vector>

namespace klik::net {
namespace {

constexpr std::size_t kLongestName = 253, kLongestLabel = 63;   // RFC 1034

// The newer of the list that Debian installs and the one inside libpsl. Read once; only looked at afterwards.
const psl_ctx_t* suffixes() {
  static const std::unique_ptr<psl_ctx_t, void (*)(psl_ctx_t*)> list(psl_latest(nullptr), psl_free);
  return list ? list.get() : psl_builtin();
}

bool is_suffix(std::string_view name, int sections) {
  // The rule "*" would make every last label a suffix.
  return psl_is_public_suffix2(suffixes(), std::string(name).c_str(), sections | PSL_TYPE_NO_STAR_RULE) == 1;
}

bool digits_only(std::string_view s) {
  return !s.empty() && std::ranges::all_of(s, [](char c) { return c >= '0' && c <= '9'; });
}

bool hex_digits(std::string_view s) {
  return std::ranges::all_of(s, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}

bool looks_like_number(std::string_view label) {
  return digits_only(label) || ((label.starts_with("0x") || label.starts_with("0X")) && hex_digits(label.substr(2)));
}

// WHATWG "IPv4 number parser". Values above 32 bits are cut at a value that no address has.
std::optional<std::uint64_t> number(std::string_view s) {
  if (s.empty()) return std::nullopt;
  unsigned base = 10;
  if (s.starts_with("0x") || s.starts_with("0X")) {
    s.remove_prefix(2);
    base = 16;
  } else if (s.size() > 1 && s[0] == '0') {
    s.remove_prefix(1);
    base = 8;
  }
  std::uint64_t value = 0;
  for (const char c : s) {
    const unsigned digit = c >= '0' && c <= '9' ? static_cast<unsigned>(c - '0') : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a' + 10) : c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A' + 10) : 99;
    if (digit >= base) return std::nullopt;
    value = std::min<std::uint64_t>(value * base + digit, std::uint64_t{1} << 40);
  }
  return value;
}

std::vector<std::string_view> labels_of(std::string_view name) {
  std::vector<std::string_view> out;
  for (;;) {
    const auto dot = name.find('.');
    out.push_back(name.substr(0, dot));
    if (dot == name.npos) return out;
    name.remove_prefix(dot + 1);
  }
}

struct Range {
  std::uint32_t from, mask;
  bool made_up;
};
// RFC 6890 and its updates.
constexpr Range kNowhere[] = {
    {0x00000000, 0xFF000000, false}, {0x0A000000, 0xFF000000, false}, {0x64400000, 0xFFC00000, false}, {0x7F000000, 0xFF000000, false},
    {0xA9FE0000, 0xFFFF0000, false}, {0xAC100000, 0xFFF00000, false}, {0xC0000200, 0xFFFFFF00, true},  {0xC0A80000, 0xFFFF0000, false},
    {0xC6120000, 0xFFFE0000, false}, {0xC6336400, 0xFFFFFF00, true},  {0xCB007100, 0xFFFFFF00, true},  {0xE0000000, 0xE0000000, false},
};

Host ipv4(std::uint32_t address) {
  Host host;
  host.form = HostForm::ipv4;
  for (unsigned i = 0; i < 4; ++i) host.text += (i ? "." : "") + std::to_string(address >> (24 - 8 * i) & 0xFF);
  for (const Range& r : kNowhere)
    if ((address & r.mask) == r.from) {
      host.local = true;
      host.made_up = r.made_up;
    }
  return host;
}

std::optional<Host> parse_ipv4(std::string_view text, Context context) {
  const auto parts = labels_of(text);
  if (parts.size() > 4 || (context == Context::bare && parts.size() != 4)) return std::nullopt;
  std::uint64_t address = 0;
  bool odd = parts.size() != 4;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto n = number(parts[i]);
    if (!n) return std::nullopt;
    const std::string_view p = parts[i];
    if (p.size() > 1 && p[0] == '0') odd = true;
    const bool last = i + 1 == parts.size();
    const std::uint64_t most = last ? (std::uint64_t{1} << (8 * (5 - parts.size()))) : 256;
    if (*n >= most) return std::nullopt;
    address |= last ? *n : *n << (8 * (3 - i));
  }
  if (odd && context == Context::bare) return std::nullopt;
  Host host = ipv4(static_cast<std::uint32_t>(address));
  host.odd = odd;
  return host;
}

std::optional<Host> parse_ipv6(std::string_view text) {
  text = text.substr(0, std::min(text.find('%'), text.size()));   // a zone is the machine's own
  in6_addr address{};
  std::array<char, INET6_ADDRSTRLEN> spelled{};
  if (inet_pton(AF_INET6, std::string(text).c_str(), &address) != 1 || !inet_ntop(AF_INET6, &address, spelled.data(), spelled.size())) return std::nullopt;
  Host host;
  host.text = spelled.data();
  host.form = HostForm::ipv6;
  const auto& b = address.s6_addr;
  const bool low = std::ranges::all_of(std::span(b).first(15), [](auto v) { return v == 0; });
  host.made_up = b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0D && b[3] == 0xB8;
  host.local = (low && b[15] <= 1) || b[0] == 0xFF || (b[0] & 0xFE) == 0xFC || (b[0] == 0xFE && (b[1] & 0xC0) == 0x80) || host.made_up;
  return host;
}

// RFC 2606, RFC 6761, RFC 6762, RFC 8375, and what routers call their own network.
bool under(std::string_view name, std::string_view suffix) {
  return name == suffix || (name.size() > suffix.size() && name.ends_with(suffix) && name[name.size() - suffix.size() - 1] == '.');
}

bool is_made_up(std::string_view name) {
  for (const std::string_view s : {"example", "example.com", "example.org", "example.net", "test", "invalid"})
    if (under(name, s)) return true;
  return false;
}

bool is_local_name(std::string_view name) {
  for (const std::string_view s : {"localhost", "local", "localdomain", "lan", "internal", "intranet", "home.arpa"})
    if (under(name, s)) return true;
  return false;
}

std::optional<std::string> ascii_form(std::string_view text) {
  std::string out(text);
  if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
    std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
  }
  if (text.size() > 4 * kLongestName) return std::nullopt;
  char* spelled = nullptr;
  if (idn2_to_ascii_8z(out.c_str(), &spelled, IDN2_NONTRANSITIONAL) != IDN2_OK) return std::nullopt;
  out = spelled;
  idn2_free(spelled);
  return out;
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kLongestLabel || label.front() == '-' || label.back() == '-') return false;
  return std::ranges::all_of(label, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
}

// Labels with a blank become "*"; a name needs a constant label besides a suffix, else it names nobody.
std::optional<Host> parse_pattern(std::string_view text) {
  Host host;
  host.form = HostForm::pattern;
  const auto labels = labels_of(text);
  std::size_t constant_from = labels.size();   // the constant end of the name
  bool trailing = true;
  std::size_t fixed = 0;
  for (std::size_t i = labels.size(); i-- > 0;) {
    if (labels[i].find(kBlank) != std::string_view::npos) trailing = false;
    else if (!is_label(labels[i])) return std::nullopt;
    else ++fixed;
    if (trailing) constant_from = i;
  }
  if (labels.size() < 2) return std::nullopt;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (i) host.text += '.';
    if (labels[i].find(kBlank) != std::string_view::npos) host.text += '*';
    else host.text += labels[i];
  }
  std::string end;
  for (std::size_t i = constant_from; i < labels.size(); ++i) end += (end.empty() ? "" : ".") + std::string(labels[i]);
  if (end.empty()) {
    // "www.google.*": the end is not known, so at least two labels must be.
    if (fixed < 2 || looks_like_number(labels[0])) return std::nullopt;
  } else if (registered_domain(end).empty() && !(fixed >= 2 && is_suffix(end, PSL_TYPE_ICANN | PSL_TYPE_PRIVATE))) {
    return std::nullopt;
  }
  host.local = is_local_name(end);
  host.made_up = is_made_up(end);
  return host.text.size() <= kLongestName ? std::optional(std::move(host)) : std::nullopt;
}

}  // namespace

bool is_top_level(std::string_view label) { return label.find('.') == label.npos && is_suffix(label, PSL_TYPE_ICANN); }

std::string_view registered_domain(std::string_view name) {
  // From the longest candidate down, so that "co.uk" wins over "uk".
  std::size_t before = std::string_view::npos;
  for (std::size_t at = 0; at < name.size();) {
    if (is_suffix(name.substr(at), PSL_TYPE_ICANN | PSL_TYPE_PRIVATE)) return before == name.npos ? std::string_view() : name.substr(before);
    before = at;
    const auto dot = name.find('.', at);
    if (dot == name.npos) break;
    at = dot + 1;
  }
  return {};
}

std::optional<Host> parse_host(std::string_view text, Context context) {
  if (text.starts_with('[')) return text.ends_with(']') && context == Context::url ? parse_ipv6(text.substr(1, text.size() - 2)) : std::nullopt;
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.empty() || text.size() > 4 * kLongestName || text.find('\0') != text.npos) return std::nullopt;
  const auto ascii = ascii_form(text);
  if (!ascii) return std::nullopt;
  const std::string& name = *ascii;
  if (name.find(kBlank) != name.npos) return context == Context::url ? parse_pattern(name) : std::nullopt;
  const auto last_dot = name.rfind('.');
  if (looks_like_number(std::string_view(name).substr(last_dot == name.npos ? 0 : last_dot + 1))) return parse_ipv4(name, context);
  if (name.size() > kLongestName) return std::nullopt;
  Host host;
  host.text = name;
  host.local = is_local_name(name);
  host.made_up = is_made_up(name);
  for (const std::string_view label : labels_of(name))
    if (!is_label(label)) return std::nullopt;
  if (host.local || host.made_up) return context == Context::url || last_dot != name.npos ? std::optional(std::move(host)) : std::nullopt;
  if (!registered_domain(name).empty()) return host;
  // Names such as s3.amazonaws.com stand in the list's private section, and answer all the same.
  if (context == Context::url && last_dot != name.npos && is_suffix(name, PSL_TYPE_PRIVATE) && !is_suffix(name, PSL_TYPE_ICANN)) return host;
  return std::nullopt;
}

std::string suffix_list_file() {
  const char* file = psl_dist_filename();
  return file ? file : "";
}

}  // namespace klik::net
