#include "compare/old_names.h"

#include <algorithm>

namespace klik::compare {
namespace {

bool class_character(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || c == '-' || static_cast<unsigned char>(c) >= 0x80; }

std::string dotted(std::string_view name) {
  std::string out(name);
  std::ranges::replace(out, '/', '.');
  return out;
}

void new_named(sqlite3_context* context, int, sqlite3_value** values) {
  const auto* names = static_cast<const OldNames*>(sqlite3_user_data(context));
  const auto text = [&](int i) {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(values[i]));
    return bytes ? std::string_view(bytes, static_cast<std::size_t>(sqlite3_value_bytes(values[i]))) : std::string_view();
  };
  if (sqlite3_value_type(values[1]) == SQLITE_NULL) return sqlite3_result_null(context);
  const std::string out = names->in(text(0), text(1));
  sqlite3_result_text64(context, out.data(), out.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void old_named(sqlite3_context* context, int, sqlite3_value** values) { sqlite3_result_value(context, values[1]); }

// "/system/framework/pm" for "/system/framework/pm.jar": code goes by its place, without ending.
std::string_view without_ending(std::string_view app) {
  for (const std::string_view ending : {".jar", ".apk"})
    if (app.starts_with('/') && app.ends_with(ending)) return app.substr(0, app.size() - ending.size());
  return app;
}

}  // namespace

OldNames::OldNames(sqlite3* db) {
  sqlite3_stmt* raw = nullptr;
  // A class that was merged into another, or split off one, is not that other: the name would be somebody else's.
  if (sqlite3_prepare_v2(db, "SELECT app, old_class, new_class FROM class_pair WHERE how NOT IN ('merged', 'split') AND app IS NOT NULL AND old_class IS NOT NULL AND new_class IS NOT NULL", -1, &raw, nullptr) != SQLITE_OK) return;
  const auto text = [&](int i) { return std::string(reinterpret_cast<const char*>(sqlite3_column_text(raw, i)), static_cast<std::size_t>(sqlite3_column_bytes(raw, i))); };
  while (sqlite3_step(raw) == SQLITE_ROW) apps_[text(0)].emplace(dotted(text(2)), dotted(text(1)));
  sqlite3_finalize(raw);
}

std::string OldNames::in(std::string_view app, std::string_view text) const {
  const auto names = apps_.find(without_ending(app));
  if (names == apps_.end()) return std::string(text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (!class_character(text[at])) {
      out += text[at++];
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && (class_character(text[end]) || ((text[end] == '.' || text[end] == '/') && end + 1 < text.size() && class_character(text[end + 1])))) ++end;
    std::string word(text.substr(at, end - at));
    // The name may be followed by a member: the longest part that is a class counts.
    std::string key = dotted(word);
    for (auto cut = key.size(); cut != std::string::npos && cut > 0; cut = key.rfind('.', cut - 1)) {
      const auto found = names->second.find(std::string_view(key).substr(0, cut));
      if (found == names->second.end()) continue;
      std::string old = found->second;
      if (word.substr(0, cut).contains('/')) std::ranges::replace(old, '.', '/');
      word = old + word.substr(cut);
      break;
    }
    out += word;
    at = end;
  }
  return out;
}

bool OldNames::register_functions(sqlite3* db) const {
  constexpr int kPure = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  return sqlite3_create_function_v2(db, "new_named", 2, kPure, const_cast<OldNames*>(this), new_named, nullptr, nullptr, nullptr) == SQLITE_OK &&
         sqlite3_create_function_v2(db, "old_named", 2, kPure, nullptr, old_named, nullptr, nullptr, nullptr) == SQLITE_OK;
}

}  // namespace klik::compare
