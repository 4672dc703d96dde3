#include "data/table.h"

namespace klik::data {
namespace {

std::string_view trimmed(std::string_view s) {
  const auto from = s.find_first_not_of(" \t\r");
  if (from == s.npos) return {};
  return s.substr(from, s.find_last_not_of(" \t\r") - from + 1);
}

}  // namespace

std::vector<TableRow> rows_of(std::string_view text) {
  std::vector<TableRow> rows;
  for (unsigned line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    std::string_view rest = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (trimmed(rest).empty() || rest.starts_with('#')) continue;
    TableRow& row = rows.emplace_back(TableRow{{}, line});
    for (;;) {
      const std::size_t tab = rest.find('\t');
      row.fields.push_back(trimmed(rest.substr(0, tab)));
      if (tab == rest.npos) break;
      rest.remove_prefix(tab + 1);
    }
  }
  return rows;
}

std::vector<std::string_view> items_of(std::string_view field) {
  std::vector<std::string_view> items;
  while (!field.empty()) {
    const std::size_t from = field.find_first_not_of(" ,");
    if (from == field.npos) break;
    field.remove_prefix(from);
    const std::size_t end = field.find_first_of(" ,");
    items.push_back(field.substr(0, end));
    field.remove_prefix(end == field.npos ? field.size() : end);
  }
  return items;
}

}  // namespace klik::data
