#include "engine/naming.h"

#include <unordered_map>
#include <unordered_set>

#include "base/hash.h"
#include "base/text.h"

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
  // Compared as the case spells them: two names of odd bytes may become one there. What bears a name by itself keeps it,
  // and a repetition takes the next number that nothing else is called by.
  std::unordered_set<std::string> taken;
  std::vector<std::size_t> repeated;
  for (const NamedChild& c : children) {
    parts.push_back(spelled(c.name));
    if (!taken.insert(text::storable(parts.back())).second) repeated.push_back(parts.size() - 1);
  }
  std::unordered_map<std::string, std::size_t> last;   // kept per name, so that many equal ones cost no more than their number
  for (const std::size_t i : repeated) {
    std::size_t& nth = last.try_emplace(text::storable(parts[i]), 1).first->second;
    std::string numbered;
    do numbered = parts[i] + "#" + std::to_string(++nth);
    while (!taken.insert(text::storable(numbered)).second);
    parts[i] = std::move(numbered);
  }
  return parts;
}

}  // namespace klik
