// Lists of apps that a maker or carrier leaves on the phone: to install, to hide, to favour, to switch off.
#include <algorithm>
#include <array>
#include <set>

#include "base/ascii.h"
#include "base/text.h"
#include "extract/extractor.h"
#include "extract/settings.h"

namespace klik {
namespace {

constexpr std::string_view kName = "lists@1";
constexpr std::uint64_t kLargest = std::uint64_t{4} << 20;
constexpr std::size_t kMostNames = 20'000;
constexpr std::size_t kShort = 512;   // what stands in a small file without any package is told whole

struct Kind {
  std::string_view part, scope;   // of the file's name, in lower case
};
// The first that fits decides.
constexpr std::array<Kind, 27> kKinds = {{
    {"carrier", "carrier"},     {"preload", "preload"},     {"preinst", "preload"},    {"pre_inst", "preload"},   {"pre-inst", "preload"},   {"app_filter", "preload"}, {"appfilter", "preload"},
    {"third_app", "preload"},   {"thirdapp", "preload"},    {"third_part", "preload"}, {"vanward", "preload"},    {"data_app", "preload"},   {"removable", "preload"},  {"delapp", "preload"},
    {"uninstall", "preload"},   {"hide_app", "preload"},    {"hideapp", "preload"},    {"hidden_app", "preload"}, {"disableapp", "preload"}, {"disable_app", "preload"}, {"applist", "list"},
    {"app_list", "list"},       {"whitelist", "list"},      {"blacklist", "list"},     {"allowlist", "list"},     {"denylist", "list"},      {"blocklist", "list"},
}};
constexpr std::array<std::string_view, 8> kEndings = {".xml", ".txt", ".csv", ".json", ".conf", ".cfg", ".dat", ".list"};

using text::lower;

std::string_view scope_of(std::string_view name) {
  const std::string plain = lower(name);
  if (!std::ranges::any_of(kEndings, [&](std::string_view e) { return plain.ends_with(e); })) return {};
  // Rights that such files give are told by the families that read them; classes are no apps.
  for (const std::string_view other : {"privapp", "permissions", "hiddenapi", "classes"})
    if (plain.find(other) != plain.npos) return {};
  for (const Kind& k : kKinds)
    if (plain.find(k.part) != plain.npos) return k.scope;
  return {};
}

bool wants(std::string_view kind, std::string_view name) { return (kind == "file" || kind == "text" || kind == "xml" || kind == "json") && !scope_of(name).empty(); }

bool name_char(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.'; }

// com.example.app; not an action, a permission, a class or a file.
bool package_name(std::string_view word) {
  static constexpr std::array<std::string_view, 18> kFirst = {"com", "cn", "org", "net", "tv", "me", "io", "de", "jp", "kr", "ru", "uk", "in", "fr", "co", "eu", "android", "tw"};
  if (word.empty() || word.back() == '.' || word.find("..") != word.npos) return false;
  if (std::ranges::find(kFirst, word.substr(0, word.find('.'))) == kFirst.end() || word.find('.') == word.npos) return false;
  for (const std::string_view not_app : {"android.intent.", "android.permission.", "android.net.", "android.provider.", "android.app.", "android.media.", "android.os.", "com.android.server."})
    if (word.starts_with(not_app)) return false;
  const std::string_view last = word.substr(word.rfind('.') + 1);
  if (last[0] >= '0' && last[0] <= '9') return false;
  for (const std::string_view ending : {"xml", "txt", "apk", "jar", "json", "png", "html", "php", "action"})
    if (last == ending) return false;
  const bool shouts = std::ranges::none_of(last, [](char c) { return c >= 'a' && c <= 'z'; });
  return !shouts && !(last[0] >= 'A' && last[0] <= 'Z' && (last.ends_with("Activity") || last.ends_with("Service") || last.ends_with("Receiver") || last.ends_with("Provider")));
}

// className="…" and class="…" name what is in an app.
bool class_attribute(std::string_view before) { return before.ends_with("class=\"") || before.ends_with("className=\""); }

// "/system/app/Name/Name.apk": a place instead of a name.
bool app_place(std::string_view word) {
  return word.starts_with('/') && (word.find("/app/") != word.npos || word.find("/priv-app/") != word.npos || word.find("/data-app/") != word.npos || word.ends_with(".apk"));
}

void run(const FileItem& item, FactSink& sink) {
  if (item.source->size() > kLargest) return sink.problem({fail(Code::over_budget, 0, "a list of apps of more than 4 MiB").error(), ProblemSeverity::data_loss});
  const auto blob = item.source->load();
  if (!blob) return sink.problem({blob.error(), ProblemSeverity::data_loss});
  const std::string_view text = blob->bytes().text(), scope = scope_of(item.name);
  if (text.find('\0') != text.npos) return;   // binary: packed XML has its own readers
  std::set<std::string_view> seen;
  const auto tell = [&](std::string_view value, std::size_t at) {
    if (seen.size() >= kMostNames || !seen.insert(value).second) return;
    sink.fact({&settings::kSetting, item.blob, settings::values(scope, item.name, value), {{item.blob, at, value.size()}}, kName, {}});
  };
  for (std::size_t at = 0; at < text.size();) {
    if (text.compare(at, 4, "<!--") == 0) {   // what is commented out is in no list
      const std::size_t end = text.find("-->", at);
      at = end == text.npos ? text.size() : end + 3;
      continue;
    }
    if (text[at] == '/' || name_char(text[at])) {
      std::size_t end = at;
      while (end < text.size() && (name_char(text[end]) || text[end] == '/' || text[end] == '-')) ++end;
      const std::string_view word = text.substr(at, end - at);
      if (app_place(word)) tell(word, at);
      else if (const std::string_view app = word.substr(0, word.find('/')); package_name(app) && !class_attribute(text.substr(0, at))) tell(app, at);   // package/class
      at = end;
    } else {
      ++at;
    }
  }
  if (seen.size() >= kMostNames) sink.problem({fail(Code::over_budget, 0, "a list of more apps than any real one").error(), ProblemSeverity::data_loss});
  if (seen.empty() && scope == "preload" && text.size() <= kShort && text::is_clean_utf8(text)) {
    const auto from = text.find_first_not_of(" \t\r\n"), to = text.find_last_not_of(" \t\r\n");
    if (from != text.npos) tell(text.substr(from, to + 1 - from), from);
  }
}

}  // namespace

extern const Extractor extractor_lists;
constexpr Extractor extractor_lists{.name = kName, .title = "Lists of apps to install, hide, favour or switch off", .emits = {}, .wants = wants, .run = run};

}  // namespace klik
