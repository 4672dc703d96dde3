#include "ledger/result_row.h"

namespace klik {

ResultRow::ResultRow(sqlite3_stmt* row) : row_(row) {
  for (int i = 0; i < sqlite3_column_count(row); ++i) columns_.emplace(sqlite3_column_name(row, i), i);
}

bool ResultRow::is_null(std::string_view column) const {
  const auto at = columns_.find(column);
  return at == columns_.end() || sqlite3_column_type(row_, at->second) == SQLITE_NULL;
}

std::optional<std::int64_t> ResultRow::number(std::string_view column) const {
  const auto at = columns_.find(column);
  if (at == columns_.end() || sqlite3_column_type(row_, at->second) != SQLITE_INTEGER) return std::nullopt;
  return sqlite3_column_int64(row_, at->second);
}

std::string ResultRow::text(std::string_view column) const {
  const auto at = columns_.find(column);
  const auto* bytes = at == columns_.end() ? nullptr : reinterpret_cast<const char*>(sqlite3_column_text(row_, at->second));
  return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(row_, at->second))) : std::string();
}

std::string ResultRow::filled(std::string_view sentence) const {
  return filled(sentence, [this](std::string_view column) { return text(column); });
}

std::string ResultRow::filled(std::string_view sentence, const std::function<std::string(std::string_view column)>& said) const {
  std::string out;
  for (;;) {
    const auto open = sentence.find('{'), close = open == sentence.npos ? open : sentence.find('}', open);
    out += sentence.substr(0, close == sentence.npos ? close : open);
    if (close == sentence.npos) return out;
    const std::string_view name = sentence.substr(open + 1, close - open - 1);
    out += columns_.contains(name) ? said(name) : std::string(sentence.substr(open, close - open + 1));
    sentence.remove_prefix(close + 1);
  }
}

}  // namespace klik
