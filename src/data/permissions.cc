#include "data/permissions.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "data/table.h"

namespace klik {
std::span<const EmbeddedFile> embedded_permissions();
}

namespace klik::data {
namespace {

struct Word {
  std::string_view word;
  std::uint32_t value;
};
constexpr std::array<Word, 24> kFlags{{
    {"privileged", 0x10},          {"development", 0x20},          {"appop", 0x40},              {"pre23", 0x80},
    {"installer", 0x100},          {"verifier", 0x200},            {"preinstalled", 0x400},      {"setup", 0x800},
    {"instant", 0x1000},           {"runtime", 0x2000},            {"oem", 0x4000},              {"vendorPrivileged", 0x8000},
    {"textClassifier", 0x10000},   {"wellbeing", 0x20000},         {"documenter", 0x40000},      {"configurator", 0x80000},
    {"incidentReportApprover", 0x100000}, {"appPredictor", 0x200000}, {"module", 0x400000},      {"companion", 0x800000},
    {"retailDemo", 0x1000000},     {"recents", 0x2000000},         {"role", 0x4000000},          {"knownSigner", 0x8000000},
}};
constexpr std::array<Word, 4> kBases{{{"normal", 0}, {"dangerous", 1}, {"signature", 2}, {"internal", 4}}};

std::string_view file(std::string_view name) {
  for (const EmbeddedFile& f : embedded_permissions())
    if (f.name == name) return f.text;
  return {};
}

template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && at == end && !text.empty() ? std::optional(value) : std::nullopt;
}

struct Since {
  int sdk;
  std::optional<std::uint32_t> level;   // null: not declared from here on
};
using Levels = std::map<std::string_view, std::vector<Since>>;

const Levels& levels() {
  static const Levels all = [] {
    Levels out;
    for (const TableRow& row : rows_of(file("aosp.tsv"))) {
      std::vector<Since>& since = out[row[0]];
      for (std::size_t i = 1; i < row.fields.size(); ++i) {
        const std::size_t equals = row[i].find('=');
        if (equals == std::string_view::npos) continue;
        since.push_back({number<int>(row[i].substr(0, equals)).value_or(0), protection_level(row[i].substr(equals + 1))});
      }
    }
    return out;
  }();
  return all;
}

std::optional<std::uint32_t> at(const std::vector<Since>& since, int sdk) {
  std::optional<std::uint32_t> level;
  for (const Since& s : since)
    if (s.sdk <= sdk) level = s.level;
  return level;
}

int in_table(int sdk) { return std::clamp(sdk, kOldestTable, kNewestTable); }

#define KLIK_P(name) "android.permission." name
// Source: AOSP DefaultPermissionGrantPolicy (API 23 to 34), sets of the same names.
struct Set {
  std::string_view name;
  std::vector<std::string_view> permissions;
};
const std::vector<Set>& sets() {
  static const std::vector<Set> all = {
      {"phone", {KLIK_P("READ_PHONE_STATE"), KLIK_P("CALL_PHONE"), KLIK_P("READ_CALL_LOG"), KLIK_P("WRITE_CALL_LOG"), "com.android.voicemail.permission.ADD_VOICEMAIL", KLIK_P("USE_SIP"), KLIK_P("PROCESS_OUTGOING_CALLS")}},
      {"contacts", {KLIK_P("READ_CONTACTS"), KLIK_P("WRITE_CONTACTS"), KLIK_P("GET_ACCOUNTS")}},
      {"location", {KLIK_P("ACCESS_FINE_LOCATION"), KLIK_P("ACCESS_COARSE_LOCATION"), KLIK_P("ACCESS_BACKGROUND_LOCATION")}},
      {"sms", {KLIK_P("SEND_SMS"), KLIK_P("RECEIVE_SMS"), KLIK_P("READ_SMS"), KLIK_P("RECEIVE_WAP_PUSH"), KLIK_P("RECEIVE_MMS"), KLIK_P("READ_CELL_BROADCASTS")}},
      {"microphone", {KLIK_P("RECORD_AUDIO")}},
      {"camera", {KLIK_P("CAMERA")}},
      {"calendar", {KLIK_P("READ_CALENDAR"), KLIK_P("WRITE_CALENDAR")}},
      {"storage", {KLIK_P("READ_EXTERNAL_STORAGE"), KLIK_P("WRITE_EXTERNAL_STORAGE")}},
  };
  return all;
}

}  // namespace

std::uint32_t protection_flag(std::string_view word) {
  const auto flag = std::ranges::find(kFlags, word, &Word::word);
  return flag == kFlags.end() ? 0 : flag->value;
}

std::optional<std::uint32_t> protection_level(std::string_view words) {
  std::uint32_t level = 0;
  unsigned bases = 0;
  while (!words.empty()) {
    const std::size_t bar = words.find('|');
    const std::string_view word = words.substr(0, bar);
    words.remove_prefix(bar == words.npos ? words.size() : bar + 1);
    if (const auto base = std::ranges::find(kBases, word, &Word::word); base != kBases.end()) {
      level |= base->value;
      ++bases;
    } else if (const std::uint32_t flag = protection_flag(word)) {
      level |= flag;
    } else {
      return std::nullopt;
    }
  }
  return bases == 1 ? std::optional(level) : std::nullopt;
}

std::optional<std::uint32_t> aosp_protection(std::string_view permission, int sdk) {
  const auto found = levels().find(permission);
  return found == levels().end() ? std::nullopt : at(found->second, in_table(sdk));
}

std::vector<std::string_view> aosp_permissions(int sdk) {
  std::vector<std::string_view> out;
  for (const auto& [name, since] : levels())
    if (at(since, in_table(sdk))) out.push_back(name);
  return out;
}

const std::vector<FixedUser>& fixed_users() {
  static const std::vector<FixedUser> all = [] {
    std::vector<FixedUser> out;
    for (const TableRow& row : rows_of(file("users.tsv")))
      if (const auto n = number<std::uint32_t>(row[0])) out.push_back({*n, row[1], row[2]});
    return out;
  }();
  return all;
}

std::optional<std::uint32_t> user_number(std::string_view name) {
  if (const auto n = number<std::uint32_t>(name)) return n;
  const auto& all = fixed_users();
  const auto user = std::ranges::find(all, name, &FixedUser::name);
  return user == all.end() ? std::nullopt : std::optional(user->number);
}

std::optional<std::uint32_t> shared_user_number(std::string_view shared_user) {
  if (shared_user.empty()) return std::nullopt;
  const auto& all = fixed_users();
  const auto user = std::ranges::find(all, shared_user, &FixedUser::shared_user);
  return user == all.end() ? std::nullopt : std::optional(user->number);
}

const std::vector<ImpliedRequest>& implied_requests() {
  static const std::vector<ImpliedRequest> all = [] {
    std::vector<ImpliedRequest> out;
    for (const TableRow& row : rows_of(file("splits.tsv")))
      out.push_back({number<int>(row[0]).value_or(0), number<int>(row[1]).value_or(0), row[2], row[3], number<int>(row[4]).value_or(0)});
    return out;
  }();
  return all;
}

const std::vector<Role>& roles() {
  static const std::vector<Role> all = [] {
    std::vector<Role> out;
    for (const TableRow& row : rows_of(file("roles.tsv"))) {
      const int from = number<int>(row[2]).value_or(0);
      Role& role = out.emplace_back(Role{std::string(row[0]), row[1] == "-" ? std::string() : "string/" + std::string(row[1]), from, {}});
      for (const std::string_view item : items_of(row[3])) {
        const auto at = item.find('@');
        const std::string_view name = item.substr(0, at);
        role.gives.push_back({(name.find('.') == name.npos ? "android.permission." : "") + std::string(name), at == item.npos ? from : number<int>(item.substr(at + 1)).value_or(from)});
      }
    }
    return out;
  }();
  return all;
}

const std::vector<NamedPackage>& named_packages() {
  static const std::vector<NamedPackage> all = [] {
    std::vector<NamedPackage> out;
    for (const TableRow& row : rows_of(file("named.tsv"))) out.push_back({row[0], row[1], items_of(row[2]), number<int>(row[3]).value_or(0)});
    return out;
  }();
  return all;
}

const std::vector<FirstBoot>& first_boot_handlers() {
  static const std::vector<FirstBoot> all = [] {
    std::vector<FirstBoot> out;
    for (const TableRow& row : rows_of(file("first_boot.tsv"))) {
      const std::vector<std::string_view> how = items_of(row[0]);
      FirstBoot f{{}, {}, {}, items_of(row[1]), number<int>(row[2]).value_or(0), number<int>(row[3]).value_or(0)};
      for (std::size_t i = 0; i + 1 < how.size(); i += 2) (how[i] == "provider" ? f.provider : how[i] == "action" ? f.action : f.category) = how[i + 1];
      out.push_back(std::move(f));
    }
    return out;
  }();
  return all;
}

std::vector<std::string_view> permission_set(std::string_view name) {
  const auto set = std::ranges::find(sets(), name, &Set::name);
  return set == sets().end() ? std::vector<std::string_view>() : set->permissions;
}

// Source: AOSP core/res/AndroidManifest.xml, permissionFlags hardRestricted and softRestricted (API 29 and later).
bool is_restricted(std::string_view permission) {
  static constexpr std::array<std::string_view, 12> kAll = {
      KLIK_P("SEND_SMS"), KLIK_P("RECEIVE_SMS"), KLIK_P("READ_SMS"), KLIK_P("RECEIVE_WAP_PUSH"), KLIK_P("RECEIVE_MMS"), KLIK_P("READ_CELL_BROADCASTS"),
      KLIK_P("READ_CALL_LOG"), KLIK_P("WRITE_CALL_LOG"), KLIK_P("PROCESS_OUTGOING_CALLS"), KLIK_P("ACCESS_BACKGROUND_LOCATION"),
      KLIK_P("READ_EXTERNAL_STORAGE"), KLIK_P("WRITE_EXTERNAL_STORAGE")};
  return std::ranges::find(kAll, permission) != kAll.end();
}
#undef KLIK_P

}  // namespace klik::data
