#include <algorithm>
#include <map>

#include "base/ascii.h"

#include "data/import_list.h"

namespace klik::data {
namespace {

// "[domain-name:value = 'x.com']": the object path and the value between quotes. Several tests in one pattern are not
// taken apart: they hold together only.
struct Test {
  std::string path, value;
};

Test test_of(std::string_view pattern) {
  const auto equals = pattern.find('=');
  const auto from = pattern.find('\'', equals == pattern.npos ? pattern.size() : equals);
  const auto to = from == pattern.npos ? from : pattern.find('\'', from + 1);
  if (to == pattern.npos || !pattern.starts_with('[') || pattern.find('=', to) != pattern.npos) return {};
  Test t{std::string(pattern.substr(1, equals - 1)), std::string(pattern.substr(from + 1, to - from - 1))};
  std::erase_if(t.path, [](char c) { return c == ' ' || c == '\''; });
  return t;
}

using text::lower;

}  // namespace

bool is_stix(const nlohmann::json& json) { return json.is_object() && text_of(json, "type") == "bundle" && json.contains("objects") && json["objects"].is_array(); }

void import_stix(const nlohmann::json& json, NameList& list) {
  list.format = "stix";
  std::map<std::string, std::string> names, indicates;   // id → name of a malware; indicator → malware
  std::string only;
  for (const nlohmann::json& o : json["objects"]) {
    const std::string type = text_of(o, "type");
    if (type == "malware" || type == "tool" || type == "campaign" || type == "threat-actor") only = names[text_of(o, "id")] = text_of(o, "name");
    if (type == "relationship" && text_of(o, "relationship_type") == "indicates") indicates[text_of(o, "source_ref")] = text_of(o, "target_ref");
  }
  if (names.size() != 1) only.clear();
  if (!only.empty()) list.title = only + " (" + list.title + ")";
  for (const nlohmann::json& o : json["objects"]) {
    if (text_of(o, "type") != "indicator") continue;
    const Test t = test_of(text_of(o, "pattern"));
    const auto target = indicates.find(text_of(o, "id"));
    const auto named = target == indicates.end() ? names.end() : names.find(target->second);
    const std::string label = named != names.end() ? named->second : !only.empty() ? only : text_of(o, "name");
    const std::string path = lower(t.path);
    if (path == "domain-name:value") take(list, NameKind::domain, plain_domain(t.value), label);
    else if (path == "url:value") {
      const auto from = t.value.find("://");
      const std::string host = from == t.value.npos ? t.value : t.value.substr(from + 3);
      take(list, NameKind::host, plain_domain(host.substr(0, host.find_first_of("/:?#"))), label);
    } else if (path == "app:id") take(list, NameKind::package, t.value, label);
    else if (path == "file:name" || path == "process:name") take(list, NameKind::file, t.value, label);
    else if (path == "file:path") take(list, NameKind::file, t.value.substr(t.value.rfind('/') + 1), label);
    else if (path == "file:hashes.sha256" || path == "file:hashes.sha-256" || path == "app:cert.sha256") take(list, NameKind::sha256, lower(t.value), label);
    else ++list.unread;
  }
}

}  // namespace klik::data
