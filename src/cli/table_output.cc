#include "cli/table_output.h"

#include <algorithm>

#include "base/text.h"

namespace klik::cli {
namespace {

std::string cell(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* words = std::get_if<std::string>(&value)) return text::escaped(*words);
  return {};
}

// Characters, not bytes; wide enough for lining up columns.
std::size_t width(std::string_view s) {
  return static_cast<std::size_t>(std::ranges::count_if(s, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

}  // namespace

std::string as_text(const Table& table) {
  constexpr std::size_t kMost = 60;   // a longer cell does not push the others away
  std::vector<std::size_t> widths;
  for (const std::string& name : table.columns) widths.push_back(width(text::escaped(name)));
  for (const auto& row : table.rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], std::min(kMost, width(cell(row[i]))));
  std::string out;
  const auto line = [&](const auto& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      out += cells[i];
      if (i + 1 < cells.size()) out.append(widths[i] > width(cells[i]) ? widths[i] - width(cells[i]) : 0, ' ').append("  ");
    }
    out += '\n';
  };
  std::vector<std::string> cells;
  for (const std::string& name : table.columns) cells.push_back(text::escaped(name));
  line(cells);
  for (const auto& row : table.rows) {
    cells.clear();
    for (const Value& v : row) cells.push_back(cell(v));
    line(cells);
  }
  return out;
}

std::string as_csv(const Table& table) {
  std::string out;
  const auto field = [&](std::string text, bool last) {
    // A spreadsheet would run a cell that starts like a formula.
    if (!text.empty() && std::string_view("=+-@").find(text[0]) != std::string_view::npos && text.find_first_not_of("-0123456789") != text.npos) text.insert(0, "'");
    if (text.find_first_of(",\"\n") != text.npos) {
      std::string quoted = "\"";
      for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
      text = quoted + "\"";
    }
    out += text + (last ? "\r\n" : ",");
  };
  for (std::size_t i = 0; i < table.columns.size(); ++i) field(text::escaped(table.columns[i]), i + 1 == table.columns.size());
  for (const auto& row : table.rows)
    for (std::size_t i = 0; i < row.size(); ++i) field(cell(row[i]), i + 1 == row.size());
  return out;
}

std::string as_json(const Table& table) {
  std::string out = "[";
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    out += r ? ",\n{" : "\n{";
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const Value& v = table.rows[r][i];
      out += (i ? ", " : "") + text::json_string(table.columns[i]) + ": ";
      if (const auto* number = std::get_if<std::int64_t>(&v)) out += std::to_string(*number);
      else if (const auto* words = std::get_if<std::string>(&v)) out += text::json_string(*words);
      else out += "null";
    }
    out += "}";
  }
  return out + "\n]\n";
}

}  // namespace klik::cli
