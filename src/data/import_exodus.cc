#include <algorithm>

#include "data/import_list.h"

namespace klik::data {
namespace {

template <class Each>
void alternatives(std::string_view signature, Each&& each) {
  while (!signature.empty()) {
    const auto bar = signature.find('|');
    if (const auto part = signature.substr(0, bar); !part.empty()) each(part);
    signature.remove_prefix(bar == signature.npos ? signature.size() : bar + 1);
  }
}

}  // namespace

bool is_exodus(const nlohmann::json& json) {
  const nlohmann::json* trackers = json.is_object() && json.contains("trackers") ? &json["trackers"] : &json;
  return (trackers->is_object() || trackers->is_array()) && !trackers->empty() && trackers->begin()->is_object() && trackers->begin()->contains("code_signature");
}

void import_exodus(const nlohmann::json& json, NameList& list) {
  list.format = "exodus";
  list.title = "Exodus trackers (" + list.title + ")";
  const nlohmann::json& trackers = json.is_object() && json.contains("trackers") ? json["trackers"] : json;
  for (const nlohmann::json& t : trackers) {
    const std::string name = text_of(t, "name");
    alternatives(text_of(t, "code_signature"), [&](std::string_view part) {
      // Class names with or without a dot at the end; "com.a.B" is a prefix of "com.a.Bc" there, here it ends at a name.
      std::string prefix = plain_pattern(part);
      while (prefix.ends_with('.')) prefix.pop_back();
      std::ranges::replace(prefix, '.', '/');
      take(list, NameKind::class_prefix, prefix, name);
    });
    alternatives(text_of(t, "network_signature"), [&](std::string_view part) { take(list, NameKind::domain, plain_domain(plain_pattern(part)), name); });
  }
}

}  // namespace klik::data
