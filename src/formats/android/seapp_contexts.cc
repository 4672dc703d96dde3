#include "formats/android/seapp_contexts.h"

#include <algorithm>
#include <array>

namespace klik::seapp {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

bool prefix(std::string_view value) { return value.ends_with('*'); }

// Without a pattern everything fits. Android compares without regard to case.
bool fits(std::string_view pattern, std::string_view value) {
  if (pattern.empty()) return true;
  if (!prefix(pattern)) return same(pattern, value);
  pattern.remove_suffix(1);
  return same(pattern, value.substr(0, pattern.size()));
}

std::optional<bool> truth(std::string_view text) {
  if (same(text, "true")) return true;
  if (same(text, "false")) return false;
  return std::nullopt;
}

std::int64_t number(std::string_view text) {
  std::int64_t out = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || out > 1'000'000) return 0;
    out = out * 10 + (c - '0');
  }
  return out;
}

// Given before not given; whole values before beginnings; longer beginnings before shorter ones.
std::array<std::size_t, 2> rank(std::string_view value) {
  if (value.empty()) return {2, 0};
  if (!prefix(value)) return {0, 0};
  return {1, ~value.size()};
}

bool sooner(const Rule& a, const Rule& b) {
  const auto given_first = [](bool x, bool y) { return x && !y ? -1 : y && !x ? 1 : 0; };
  const auto by_rank = [](std::string_view x, std::string_view y) { return rank(x) < rank(y) ? -1 : rank(y) < rank(x) ? 1 : 0; };
  for (const int order : {given_first(a.system_server, b.system_server), given_first(a.ephemeral.has_value(), b.ephemeral.has_value()), given_first(a.owner.has_value(), b.owner.has_value()),
                          by_rank(a.user, b.user), given_first(!a.seinfo.empty(), !b.seinfo.empty()), by_rank(a.name, b.name), by_rank(a.path, b.path),
                          given_first(a.privileged.has_value(), b.privileged.has_value()), a.min_target_sdk > b.min_target_sdk ? -1 : a.min_target_sdk < b.min_target_sdk ? 1 : 0,
                          given_first(a.from_run_as, b.from_run_as), given_first(a.isolated_compute, b.isolated_compute)})
    if (order != 0) return order < 0;
  return false;
}

void set(Rule& rule, std::string_view key, std::string_view value) {
  if (same(key, "isSystemServer")) rule.system_server = truth(value).value_or(false);
  else if (same(key, "isEphemeralApp") || same(key, "isAutoPlayApp")) rule.ephemeral = truth(value);   // its name in 7.x
  else if (same(key, "isOwner")) rule.owner = truth(value);
  else if (same(key, "user")) rule.user = value;
  else if (same(key, "seinfo")) rule.seinfo = value;
  else if (same(key, "name")) rule.name = value;
  else if (same(key, "path")) rule.path = value;
  else if (same(key, "isPrivApp")) rule.privileged = truth(value);
  else if (same(key, "minTargetSdkVersion")) rule.min_target_sdk = number(value);
  else if (same(key, "fromRunAs")) rule.from_run_as = truth(value).value_or(false);
  else if (same(key, "isIsolatedComputeApp")) rule.isolated_compute = truth(value).value_or(false);
  else if (same(key, "domain")) rule.domain = value;
  else if (same(key, "type")) rule.type = value;
  else if (same(key, "levelFrom")) rule.level_from = value;
  else if (!same(key, "level") && !same(key, "levelFromUid")) rule.unknown_input = true;
}

}  // namespace

std::optional<Rule> parse(std::string_view line) {
  Rule rule;
  bool any = false;
  for (;;) {
    const auto from = line.find_first_not_of(" \t\r");
    if (from == line.npos || line[from] == '#') break;
    line.remove_prefix(from);
    const std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
    line.remove_prefix(word.size());
    const auto equals = word.find('=');
    if (equals == word.npos) return std::nullopt;   // `neverallow`, or a name with nothing after it
    set(rule, word.substr(0, equals), word.substr(equals + 1));
    any = true;
  }
  if (!any || (rule.domain.empty() && rule.type.empty())) return std::nullopt;
  return rule;
}

void sort_by_precedence(std::vector<Rule>& rules) { std::ranges::stable_sort(rules, sooner); }

bool matches(const Rule& rule, const App& app) {
  if (rule.unknown_input || rule.isolated_compute || rule.domain.empty()) return false;
  if (rule.system_server != app.system_server) return false;
  if (rule.ephemeral && *rule.ephemeral != app.ephemeral) return false;
  if (!fits(rule.user, app.user) || (!rule.seinfo.empty() && !same(rule.seinfo, app.seinfo)) || !fits(rule.name, app.name)) return false;
  // A path belongs to a data folder, which a process has none of; owners are the device's first user.
  if (!rule.path.empty() || (rule.owner && !*rule.owner)) return false;
  if (rule.privileged && *rule.privileged != app.privileged) return false;
  return rule.min_target_sdk <= app.target_sdk && rule.from_run_as == app.from_run_as;
}

}  // namespace klik::seapp
