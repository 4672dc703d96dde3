// One reader per published format; name_list.cc decides which.
#pragma once

#include <nlohmann/json.hpp>

#include "data/name_list.h"

namespace klik::data {

// Exodus Privacy, "trackers" as its API gives them: code_signature and network_signature are alternatives between '|'.
bool is_exodus(const nlohmann::json& json);
void import_exodus(const nlohmann::json& json, NameList& list);

// Universal Android Debloater NG, resources/assets/uad_lists.json.
bool is_uad(const nlohmann::json& json);
void import_uad(const nlohmann::json& json, NameList& list);

// LibChecker-Rules: one file per library, or the rows of its rules_table as `sqlite3 -json` prints them.
bool is_libchecker(std::string_view file_name, const nlohmann::json& json);
void import_libchecker(std::string_view file_name, const nlohmann::json& json, NameList& list);

// STIX 2 bundles as the Mobile Verification Toolkit reads them.
bool is_stix(const nlohmann::json& json);
void import_stix(const nlohmann::json& json, NameList& list);

// Lines: host files, plain domains, adblock rules (||host^), and domain-list-community (domain:, full:).
// False when the text is none of these.
bool import_domains(std::string_view text, NameList& list);

// A text member, "" when it is missing or no text.
inline std::string text_of(const nlohmann::json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

// False when the list is full.
inline bool take(NameList& list, NameKind kind, std::string value, std::string label) {
  if (value.empty() || value.size() > 512) {
    ++list.unread;
    return true;
  }
  if (list.names.size() >= kMostListedNames) return false;
  list.names.push_back({kind, std::move(value), std::move(label)});
  return true;
}

// A signature that is plain text with escaped dots; "" when it is a real regular expression.
std::string plain_pattern(std::string_view pattern);
// Lower case, without leading dots and "*."; "" when it is no name of a host.
std::string plain_domain(std::string_view text);

}  // namespace klik::data
