// Cutting the report's own data files into lines and fields.
#pragma once

#include <string_view>
#include <vector>

namespace klik::views {

inline std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t' || s.front() == '\r')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t' || s.back() == '\r')) s.remove_suffix(1);
  return s;
}

inline std::vector<std::string_view> cut(std::string_view text, char at) {
  std::vector<std::string_view> pieces;
  for (;;) {
    const auto end = text.find(at);
    pieces.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

inline std::vector<std::string_view> lines_of(std::string_view text) { return cut(text, '\n'); }

// "a | b | c", each without the blanks around it.
inline std::vector<std::string_view> fields_of(std::string_view line) {
  auto fields = cut(line, '|');
  for (auto& field : fields) field = trimmed(field);
  return fields;
}

}  // namespace klik::views
