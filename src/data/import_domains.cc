#include <algorithm>

#include "data/import_list.h"

namespace klik::data {
namespace {

std::string_view trimmed(std::string_view s) {
  const auto from = s.find_first_not_of(" \t\r");
  return from == s.npos ? std::string_view() : s.substr(from, s.find_last_not_of(" \t\r") - from + 1);
}

// "# Title: x", "! License: y": what the head of a list says of itself.
void read_comment(std::string_view line, NameList& list) {
  const auto value = [&](std::string_view key) -> std::string_view {
    const std::string_view body = trimmed(line.substr(1));
    if (body.size() <= key.size() || !std::ranges::equal(body.substr(0, key.size()), key, [](char a, char b) { return (a | 0x20) == (b | 0x20); })) return {};
    return trimmed(body.substr(key.size()));
  };
  if (const auto title = value("Title:"); !title.empty()) list.title = title;
  for (const std::string_view key : {"License:", "Licence:"})
    if (const auto licence = value(key); !licence.empty() && list.licence.empty()) list.licence = licence;
}

bool is_address(std::string_view word) { return word == "0.0.0.0" || word == "127.0.0.1" || word == "::" || word == "::1"; }

}  // namespace

bool import_domains(std::string_view text, NameList& list) {
  list.format = "domains";
  std::size_t lines = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.empty() || line.starts_with("[Adblock")) continue;
    if (line.starts_with('#') || line.starts_with('!')) {
      read_comment(line, list);
      continue;
    }
    ++lines;
    line = trimmed(line.substr(0, std::min(line.find(" #"), line.size())));
    NameKind kind = NameKind::domain;
    if (line.starts_with("||")) {
      line = line.substr(2, line.find_first_of("^$/", 2) - 2);
    } else if (line.starts_with("full:")) {
      list.format = "v2fly";
      kind = NameKind::host;
      line = line.substr(5);
    } else if (line.starts_with("domain:")) {
      list.format = "v2fly";
      line = line.substr(7);
    } else if (line.starts_with("include:") || line.starts_with("keyword:") || line.starts_with("regexp:")) {
      list.format = "v2fly";
      ++list.unread;
      continue;
    } else if (const auto space = line.find_first_of(" \t"); space != line.npos && is_address(line.substr(0, space))) {
      line = trimmed(line.substr(space));
      kind = NameKind::host;
      if (line == "localhost" || line.find('.') == line.npos || is_address(line)) continue;
    }
    if (const auto attribute = line.find(" @"); attribute != line.npos) {
      list.format = "v2fly";
      line = trimmed(line.substr(0, attribute));
    }
    std::string domain = plain_domain(line);
    if (domain.empty()) ++list.unread;
    else if (!take(list, kind, std::move(domain), "")) return true;
  }
  // Prose and tables of other sorts have a few words that look like names.
  return lines > 0 && list.names.size() * 2 >= lines;
}

}  // namespace klik::data
