#include "ledger/sql_file.h"

#include <algorithm>

namespace klik {
namespace {

class Reader {
 public:
  Reader(std::span<const SqlFileKey> keys, std::vector<std::string>& wrong) : keys_(keys), wrong_(wrong) {}

  std::string read(std::string_view text) {
    while (!text.empty()) {
      const auto end = text.find('\n');
      take(text.substr(0, end));
      text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    finish();
    while (!sql_.empty() && (sql_.back() == '\n' || sql_.back() == ';' || sql_.back() == ' ')) sql_.pop_back();
    if (sql_.empty()) wrong_.emplace_back("has no SQL");
    return std::move(sql_);
  }

 private:
  void take(std::string_view line) {
    if (!line.starts_with("--")) {
      finish();
      if (sql_.empty() && trimmed(line).empty()) return;
      sql_.append(line).append("\n");
      return;
    }
    if (line.starts_with("--   ") && !key_.empty()) {
      value_.append(" ").append(trimmed(line.substr(2)));
      return;
    }
    finish();
    const auto colon = line.find(':');
    if (!sql_.empty() || !line.starts_with("-- ") || colon == line.npos) return;
    key_ = line.substr(3, colon - 3);
    value_ = trimmed(line.substr(colon + 1));
  }

  void finish() {
    if (key_.empty()) return;
    const auto slot = std::ranges::find(keys_, std::string_view(key_), &SqlFileKey::key);
    if (slot == keys_.end()) wrong_.push_back("unknown key '" + key_ + "'");
    else if (!slot->to->empty()) wrong_.push_back("'" + key_ + "' is said twice");
    else *slot->to = value_;
    key_.clear();
    value_.clear();
  }

  std::span<const SqlFileKey> keys_;
  std::vector<std::string>& wrong_;
  std::string key_, value_, sql_;
};

}  // namespace

std::string read_sql_file(std::string_view text, std::span<const SqlFileKey> keys, std::vector<std::string>& wrong) { return Reader(keys, wrong).read(text); }

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\r')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\r')) s.remove_suffix(1);
  return s;
}

bool is_plain_name(std::string_view s) {
  return !s.empty() && std::ranges::all_of(s, [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9'); });
}

std::vector<std::string> comma_list(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto comma = text.find(',');
    parts.emplace_back(trimmed(text.substr(0, comma)));
    text.remove_prefix(comma == text.npos ? text.size() : comma + 1);
  }
  return parts;
}

}  // namespace klik
