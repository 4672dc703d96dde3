#include "engine/naming.h"

#include <unordered_map>

#include "base/hash.h"

namespace klik {
namespace {

// A name of kilobytes would stand in the path of everything inside: its start and its digest stand for it.
constexpr std::size_t kLongest = 512, kStart = 200;

std::string spelled(std::string_view name) {
  if (name.size() <= kLongest) return std::string(name);
  return std::string(name.substr(0, kStart)) + "…" + hex(as_bytes(sha256(Bytes::of(name)))).substr(0, 32);
}

}  // namespace

std::vector<std::string> path_parts(const std::vector<NamedChild>& children, bool inside_input) {
  std::vector<std::string> parts;
  parts.reserve(children.size());
  if (inside_input && children.size() == 1 && children[0].transform != "stored") {
    parts.emplace_back(children[0].transform);
    return parts;
  }
  std::unordered_map<std::string_view, std::size_t> seen;
  for (const NamedChild& c : children) {
    const std::size_t nth = ++seen[c.name];
    parts.push_back(nth == 1 ? spelled(c.name) : spelled(c.name) + "#" + std::to_string(nth));
  }
  return parts;
}

}  // namespace klik
