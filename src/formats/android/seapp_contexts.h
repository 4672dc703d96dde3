// seapp_contexts: which SELinux domain the process of an app gets.
// Source: AOSP external/selinux libselinux/src/android/android_seapp.c (seapp_context_lookup, seapp_context_cmp).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace klik::seapp {

// What the rules are asked about.
struct App {
  std::string user = "_app";          // _app, _isolated, system, radio, …
  std::string seinfo = "default";     // from mac_permissions.xml
  std::string name;                   // of the process; normally the package's
  bool system_server = false, privileged = false, ephemeral = false, from_run_as = false;
  std::int64_t target_sdk = 0;
};

struct Rule {
  std::string user, seinfo, name, path;     // "" when not given; the values of user, name and path may end in '*'
  std::optional<bool> ephemeral, owner, privileged;
  bool system_server = false, from_run_as = false, isolated_compute = false;
  std::int64_t min_target_sdk = 0;
  std::string domain, type, level_from;
  bool unknown_input = false;               // names a condition that is not known here, so it cannot be said to hold
};

// A line of the file. Nothing for comments, blank lines, `neverallow` lines and lines that are no rule.
std::optional<Rule> parse(std::string_view line);

// In the order in which Android tries them, whatever order the files had. The first that fits decides.
void sort_by_precedence(std::vector<Rule>& rules);

bool matches(const Rule& rule, const App& app);

}  // namespace klik::seapp
