#include "data/host_words.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include "data/table.h"

namespace klik {
std::span<const EmbeddedFile> embedded_hosts();   // data/hosts/*
}

namespace klik::data {
namespace {

using Words = std::unordered_map<std::string_view, std::string_view>;

std::string_view text_of(std::string_view name) {
  const auto files = embedded_hosts();
  const auto at = std::ranges::find(files, name, &EmbeddedFile::name);
  return at == files.end() ? std::string_view() : at->text;
}

Words words_of(std::string_view file) {
  Words out;
  for (const TableRow& row : rows_of(text_of(file))) out.emplace(row[0], row[1]);
  return out;
}

// Ends of hosts that nothing else ends with.
bool usual_end(std::string_view label) {
  for (const std::string_view usual : {"com", "net", "org", "cn", "us", "hk", "tw", "jp", "kr", "ru", "uk", "eu", "biz"})
    if (label == usual) return true;
  return false;
}

std::size_t labels(std::string_view name) { return static_cast<std::size_t>(std::ranges::count(name, '.')) + 1; }

}  // namespace

std::string_view not_an_endpoint(std::string_view host, std::string_view path) {
  static const Words words = words_of("not_endpoints.txt");
  if (path.ends_with(".dtd") || path.ends_with(".xsd")) return "name space";
  if (path.size() > 1) {
    std::string with_path(host);
    with_path += path.substr(0, path.find('/', 1));
    if (const auto place = words.find(with_path); place != words.end()) return place->second;
  }
  if (const auto exact = words.find(host); exact != words.end()) return exact->second;
  std::string pattern(host.substr(0, host.find('.')));
  pattern += ".*";
  if (const auto first = words.find(pattern); first != words.end()) return first->second;
  for (std::string_view rest = host;;) {
    pattern = "*.";
    pattern += rest;
    if (const auto below = words.find(pattern); below != words.end()) return below->second;
    const auto dot = rest.find('.');
    if (dot == rest.npos) return {};
    rest.remove_prefix(dot + 1);
  }
}

NameWord judge_name(std::string_view name) {
  static const Words roots = words_of("package_roots.txt"), endings = words_of("file_endings.txt");
  const std::string_view first = name.substr(0, name.find('.')), last = name.substr(name.rfind('.') + 1);
  if (const auto root = roots.find(first); root != roots.end() && (root->second != "last" || !usual_end(last) || labels(name) > 4)) return NameWord::other;
  if (const auto end = endings.find(last); end != endings.end()) return end->second == "never" || labels(name) < 3 ? NameWord::other : NameWord::unsure;
  return NameWord::host;
}

}  // namespace klik::data
