#include "data/import_list.h"

namespace klik::data {
namespace {

bool is_entry(const nlohmann::json& e) { return e.is_object() && e.contains("removal") && e.contains("list"); }

std::string label_of(const nlohmann::json& e) {
  std::string label = text_of(e, "list");
  if (const std::string removal = text_of(e, "removal"); !removal.empty()) label += (label.empty() ? "" : ", ") + removal;
  return label;
}

}  // namespace

bool is_uad(const nlohmann::json& json) { return (json.is_object() || json.is_array()) && !json.empty() && is_entry(*json.begin()); }

void import_uad(const nlohmann::json& json, NameList& list) {
  list.format = "uad";
  list.title = "Universal Android Debloater (" + list.title + ")";
  if (json.is_array()) {
    for (const nlohmann::json& e : json)
      if (is_entry(e)) take(list, NameKind::package, text_of(e, "id"), label_of(e));
  } else {
    for (const auto& [package, e] : json.items())
      if (is_entry(e)) take(list, NameKind::package, package, label_of(e));
  }
}

}  // namespace klik::data
