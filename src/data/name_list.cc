#include "data/name_list.h"

#include <algorithm>

#include "base/hash.h"
#include "data/import_list.h"

namespace klik::data {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string_view name_kind_text(NameKind kind) {
  switch (kind) {
    case NameKind::domain: return "domain";
    case NameKind::host: return "host";
    case NameKind::package: return "package";
    case NameKind::class_prefix: return "class";
    case NameKind::component: return "component";
    case NameKind::file: return "file";
    case NameKind::sha256: return "sha256";
  }
  return "";
}

std::string plain_pattern(std::string_view pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size()) {
      c = pattern[++i];
      if (c != '.' && c != '-' && c != '/') return {};
    } else if (std::string_view("*+?()[]{}^$|\\").find(c) != std::string_view::npos) {
      return {};
    }
    out += c;
  }
  return out;
}

std::string plain_domain(std::string_view text) {
  if (text.starts_with("*.")) text.remove_prefix(2);
  while (text.starts_with('.')) text.remove_prefix(1);
  if (text.ends_with('.')) text.remove_suffix(1);
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  const bool name = out.size() <= 253 && out.find('.') != out.npos &&
                    std::ranges::all_of(out, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_'; });
  return name ? out : std::string();
}

Result<NameList> read_name_list(std::string_view file_name, Bytes file) {
  if (file.size() > kLargestList) return fail(Code::over_budget, 0, "a list of more than 256 MiB");
  NameList list;
  list.title = file_name;
  list.sha256 = hex(as_bytes(sha256(file)));
  std::string_view text = file.text();
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return fail(Code::unsupported, 0, "an empty list");
  if (text[first] == '{' || (text[first] == '[' && text.substr(first).find_first_of("{\"") != text.npos && !text.substr(first).starts_with("[Adblock"))) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_discarded()) return fail(Code::bad_value, 0, "begins like JSON and is none");
    if (is_stix(json)) import_stix(json, list);
    else if (is_exodus(json)) import_exodus(json, list);
    else if (is_libchecker(file_name, json)) import_libchecker(file_name, json, list);
    else if (is_uad(json)) import_uad(json, list);
    else return fail(Code::unsupported, 0, "JSON, but no list that klikspaan knows");
  } else if (!import_domains(text, list)) {
    return fail(Code::unsupported, 0, "no list that klikspaan knows");
  }
  if (list.names.size() >= kMostListedNames) return fail(Code::over_budget, 0, "a list of more than four million names");
  return list;
}

}  // namespace klik::data
