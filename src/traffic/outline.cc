#include "traffic/outline.h"

#include <algorithm>

namespace klik::traffic {

std::uint32_t Outline::open(std::uint32_t parent, PartName name) {
  if (containers.size() >= kMostContainers) {
    cut = true;
    return parent;
  }
  containers.push_back({parent, name});
  return static_cast<std::uint32_t>(containers.size() - 1);
}

bool Outline::add(Leaf leaf) {
  if (leaf.length < shortest && leaf.kind != LeafKind::integer && leaf.kind != LeafKind::real) return true;
  if (leaves.size() >= kMostLeaves) {
    cut = true;
    return false;
  }
  leaves.push_back(leaf);
  return true;
}

void Outline::settle() {
  std::ranges::stable_sort(leaves, {}, &Leaf::at);
  std::uint64_t end = 0;
  const std::size_t before = leaves.size();
  std::erase_if(leaves, [&](const Leaf& leaf) {
    if (leaf.at < end) return true;
    end = leaf.at + leaf.length;
    return false;
  });
  if (leaves.size() != before) cut = true;
}

std::optional<std::uint32_t> Outline::leaf_at(std::uint64_t at, std::uint64_t length) const {
  auto after = std::ranges::upper_bound(leaves, at, {}, &Leaf::at);
  if (after == leaves.begin()) return std::nullopt;
  const auto leaf = after - 1;
  if (at - leaf->at > leaf->length || length > leaf->length - (at - leaf->at)) return std::nullopt;
  return static_cast<std::uint32_t>(leaf - leaves.begin());
}

std::string Outline::path(std::uint32_t leaf, Bytes of) const {
  std::vector<PartName> names{leaves[leaf].name};
  for (std::uint32_t c = leaves[leaf].container; c != 0 && names.size() < 64; c = containers[c].parent) names.push_back(containers[c].name);
  std::string out(format);
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    const auto raw = of.slice(name->at, name->length);
    if (name->length > 0 && raw) out.append(".").append(path_name(raw->text()));
    else if (name->number == UINT32_MAX) continue;   // a value that is the whole of its container
    else out.append(dotted_numbers ? "." : "[").append(std::to_string(name->number)).append(dotted_numbers ? "" : "]");
  }
  return out;
}

std::string path_name(std::string_view raw) {
  if (raw.empty() || raw.size() > 64) return "*";
  std::size_t digits = 0, hexadecimal = 0;
  for (const char c : raw) {
    const bool digit = c >= '0' && c <= '9', letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!digit && !letter && std::string_view("_.-$[]").find(c) == std::string_view::npos) return "*";
    digits = digit ? digits + 1 : 0;
    hexadecimal = digit || ((c | 32) >= 'a' && (c | 32) <= 'f' && letter) ? hexadecimal + 1 : 0;
    if (digits > 4 || hexadecimal > 10) return "*";
  }
  return std::string(raw);
}

}  // namespace klik::traffic
