#include "formats/net/httpdns.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "formats/net/host.h"

namespace klik::net::httpdns {
namespace {

constexpr std::size_t kMostAddresses = 64;   // of one name

bool all_of(std::string_view s, bool (*test)(char)) { return !s.empty() && std::ranges::all_of(s, test); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
int hex_value(char c) { return is_digit(c) ? c - '0' : (c | 32) - 'a' + 10; }

bool is_address(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN || text.size() < 2) return false;
  std::array<std::uint8_t, 16> bytes{};
  const std::string ended(text);
  return inet_pton(AF_INET, ended.c_str(), bytes.data()) == 1 || (text.contains(':') && inet_pton(AF_INET6, ended.c_str(), bytes.data()) == 1);
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::string as_name(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.size() > 253 || !text.contains('.')) return {};
  const auto host = parse_host(text, Context::bare);
  return host && host->form == HostForm::name ? host->text : std::string();
}

// Calls with name and unescaped value of each field until `each` gives false.
template <class Each>
void fields_of(std::string_view form, Each each) {
  while (!form.empty()) {
    const std::string_view field = form.substr(0, form.find('&'));
    form.remove_prefix(std::min(field.size() + 1, form.size()));
    const auto equals = field.find('=');
    if (equals != field.npos && !each(field.substr(0, equals), unescaped(field.substr(equals + 1)))) return;
  }
}

std::string value_of(std::string_view form, std::string_view wanted) {
  std::string found;
  fields_of(form, [&](std::string_view name, std::string value) {
    if (name == wanted) found = std::move(value);
    return found.empty();
  });
  return found;
}

void add_names(std::string_view value, std::vector<std::string>& to) {
  while (!value.empty() && to.size() < kMostNames) {
    const std::string_view part = value.substr(0, value.find_first_of(",; |"));
    value.remove_prefix(std::min(part.size() + 1, value.size()));
    if (std::string name = as_name(part); !name.empty() && std::ranges::find(to, name) == to.end()) to.push_back(std::move(name));
  }
}

// "/<account>/sign_d", with an account of digits.
bool is_alibaba_path(std::string_view path) {
  if (!path.starts_with('/')) return false;
  path.remove_prefix(1);
  const auto slash = path.find('/');
  if (slash == path.npos || !all_of(path.substr(0, slash), is_digit)) return false;
  const std::string_view call = path.substr(slash + 1);
  return call == "sign_d" || call == "sign_resolve" || call == "d" || call == "resolve";
}

// A word of a body: "192.0.2.1", "host", "2001:db8::1", "name.:192.0.2.1".
bool in_word(char c) { return is_hex(c) || (c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z') || c == '.' || c == ':' || c == '-' || c == '_'; }

bool is_own_address(std::string_view key) {
  constexpr std::string_view kKeys[] = {"client_ip", "clientip", "clientIp", "client-ip", "cip", "client", "ip_client", "clientIP"};
  return std::ranges::find(kKeys, key) != std::end(kKeys);
}

class AnswerReader {
 public:
  explicit AnswerReader(std::span<const std::string> asked) : asked_(asked) {}

  void word(std::string_view word) {
    if (take(word)) return;
    // "192.0.2.1:80", "www.example.org.:192.0.2.1"
    while (!word.empty()) {
      const std::string_view part = word.substr(0, word.find(':'));
      word.remove_prefix(std::min(part.size() + 1, word.size()));
      take(part);
    }
  }
  std::vector<Answer> answers;

 private:
  bool take(std::string_view part) {
    if (is_address(part)) {
      Answer& to = under(current_);
      if (to.addresses.size() < kMostAddresses && std::ranges::find(to.addresses, part) == to.addresses.end()) to.addresses.emplace_back(part);
      return true;
    }
    if (part.ends_with('.')) part.remove_suffix(1);
    const auto at = std::ranges::find(asked_, part);
    if (at == asked_.end()) return false;
    current_ = *at;
    return true;
  }
  Answer& under(std::string_view name) {
    const std::string_view wanted = name.empty() && !asked_.empty() ? std::string_view(asked_.front()) : name;
    const auto at = std::ranges::find(answers, wanted, &Answer::name);
    return at != answers.end() ? *at : answers.emplace_back(Answer{std::string(wanted), {}});
  }

  std::span<const std::string> asked_;
  std::string_view current_;
};

}  // namespace

std::vector<std::string> names_in_form(std::string_view form) {
  std::vector<std::string> names;
  fields_of(form, [&](std::string_view, const std::string& value) {
    add_names(value, names);
    return names.size() < kMostNames;
  });
  return names;
}

std::optional<Question> read_question(std::string_view host, std::string_view path) {
  const auto mark = path.find('?');
  const std::string_view query = mark == path.npos ? "" : path.substr(mark + 1);
  path = path.substr(0, mark);
  const bool literal = is_address(host);
  Question q;
  std::string asked;   // of services that ask in one field
  if (is_alibaba_path(path) && !(asked = value_of(query, "host")).empty()) q.service = "alibaba";
  else if (path == "/d" && !(asked = value_of(query, "dn")).empty() && (literal || host.contains("httpdns") || host.contains("dnspod"))) q.service = "tencent";
  else if (host.starts_with("resolver.msg.") && host.ends_with(".xiaomi.net") && path.starts_with("/gslb")) q.service = "xiaomi";
  else if (host.starts_with("amdc") && host.ends_with(".m.taobao.com")) q.service = "taobao";
  else if (host == "dig.bdurl.net" && path == "/q") q.service = "bytedance", asked = value_of(query, "host");
  else if (host == "180.76.76.200") q.service = "baidu", asked = value_of(query, "dn");
  else if (!literal || query.empty()) return std::nullopt;
  if (!asked.empty()) add_names(asked, q.names);
  else q.names = names_in_form(query);
  // DES and AES of a name come out as hexadecimal.
  q.encrypted = q.names.empty() && asked.size() >= 16 && all_of(asked, is_hex);
  if (q.service.empty() && q.names.empty()) return std::nullopt;
  return q;
}

std::vector<Answer> read_answers(Bytes body, std::span<const std::string> asked) {
  const std::string_view text = body.text().substr(0, kLookedAt);
  AnswerReader reader(asked);
  std::string_view key;   // of JSON: the last string that a colon follows
  for (std::size_t i = 0; i < text.size();) {
    if (!in_word(text[i])) {
      // A value or a list of values has ended: its key is over.
      if (text[i] == '}' || text[i] == ']') key = {};
      ++i;
      continue;
    }
    std::size_t end = i + 1;
    while (end < text.size() && in_word(text[end])) ++end;
    const std::string_view word = text.substr(i, end - i);
    const bool quoted = i > 0 && text[i - 1] == '"' && end < text.size() && text[end] == '"';
    const bool is_key = quoted && text.substr(end + 1).starts_with(':');
    if (is_key) key = word;
    // The key itself may be the name: {"www.example.org": ["192.0.2.1:443"]}.
    if (word.size() <= 300 && (is_key || !is_own_address(key))) reader.word(word);
    i = end;
  }
  return std::move(reader.answers);
}

}  // namespace klik::net::httpdns
