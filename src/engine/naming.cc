#include "engine/naming.h"

#include <unordered_map>

namespace klik {

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
    parts.push_back(nth == 1 ? std::string(c.name) : std::string(c.name) + "#" + std::to_string(nth));
  }
  return parts;
}

}  // namespace klik
