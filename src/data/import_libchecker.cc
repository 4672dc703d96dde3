#include <algorithm>

#include "data/import_list.h"

namespace klik::data {
namespace {

// The columns of its table: type 0 native library, 1 service, 2 activity, 3 receiver, 4 provider, 5 and above other things.
void take_rule(NameList& list, std::string name, std::int64_t type, bool regex, std::string label) {
  if (regex) name = plain_pattern(name);
  if (type == 0) take(list, NameKind::file, std::move(name), std::move(label));
  else if (type >= 1 && type <= 4) take(list, NameKind::component, std::move(name), std::move(label));
  else if (type == 5) {
    std::ranges::replace(name, '.', '/');
    take(list, NameKind::class_prefix, std::move(name), std::move(label));
  } else ++list.unread;
}

bool is_row(const nlohmann::json& row) { return row.is_object() && row.contains("name") && row.contains("label") && row.contains("type"); }

}  // namespace

bool is_libchecker(std::string_view file_name, const nlohmann::json& json) {
  if (json.is_array()) return !json.empty() && is_row(*json.begin());
  return file_name.ends_with(".json") && json.is_object() && json.contains("uuid") && json.contains("data") && json["data"].is_array();
}

void import_libchecker(std::string_view file_name, const nlohmann::json& json, NameList& list) {
  list.format = "libchecker";
  list.title = "LibChecker rules (" + list.title + ")";
  if (json.is_array()) {
    for (const nlohmann::json& row : json) {
      if (!is_row(row)) continue;
      const auto number = [&](const char* key) { return row.contains(key) && row[key].is_number_integer() ? row[key].get<std::int64_t>() : -1; };
      take_rule(list, text_of(row, "name"), number("type"), number("isRegexRule") == 1, text_of(row, "label"));
    }
    return;
  }
  // The file's name is the rule: "libBugly.so.json", "com.tencent.bugly.beta.ui.BetaActivity.json".
  std::string label;
  for (const nlohmann::json& translation : json["data"])
    if (translation.is_object() && translation.contains("data") && (label.empty() || text_of(translation, "locale") == "en")) label = text_of(translation["data"], "label");
  const std::string name(file_name.substr(0, file_name.size() - 5));
  take_rule(list, name, name.ends_with(".so") ? 0 : 1, false, label);
}

}  // namespace klik::data
