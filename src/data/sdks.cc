#include "data/sdks.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "data/powers.h"
#include "data/table.h"

namespace klik {
std::span<const EmbeddedFile> embedded_sdks();   // data/sdks/*
}

namespace klik::data {
namespace {

std::string_view text_of(std::string_view name) {
  const auto files = embedded_sdks();
  const auto at = std::ranges::find(files, name, &EmbeddedFile::name);
  return at == files.end() ? std::string_view() : at->text;
}

struct ByPrefix {
  const Sdk* sdk;
  std::string_view prefix;
};

const ByPrefix* by_prefix(std::string_view descriptor) {
  static const std::unordered_map<std::string_view, ByPrefix> prefixes = [] {
    std::unordered_map<std::string_view, ByPrefix> out;
    for (const Sdk& s : sdks())
      for (const std::string_view p : s.prefixes) out.emplace(p, ByPrefix{&s, p});
    return out;
  }();
  if (!descriptor.starts_with('L')) return nullptr;
  descriptor.remove_prefix(1);
  if (descriptor.ends_with(';')) descriptor.remove_suffix(1);
  while (!descriptor.empty()) {
    if (const auto at = prefixes.find(descriptor); at != prefixes.end()) return &at->second;
    const auto cut = descriptor.rfind('/');
    if (cut == descriptor.npos) break;
    descriptor = descriptor.substr(0, cut);
  }
  return nullptr;
}

}  // namespace

std::span<const Sdk> sdks() {
  static const std::vector<Sdk> all = [] {
    std::vector<Sdk> out;
    for (const TableRow& r : rows_of(text_of("sdks.tsv"))) out.push_back({r[0], r[1] == "-" ? std::string_view() : r[1], r[2], items_of(r[3])});
    std::ranges::sort(out, {}, &Sdk::name);
    return out;
  }();
  return all;
}

const Sdk* find_sdk(std::string_view name) {
  const auto at = std::ranges::lower_bound(sdks(), name, {}, &Sdk::name);
  return at != sdks().end() && at->name == name ? &*at : nullptr;
}

const Sdk* sdk_of_class(std::string_view descriptor) {
  const ByPrefix* found = by_prefix(descriptor);
  return found ? found->sdk : nullptr;
}

std::string_view sdk_prefix_of_class(std::string_view descriptor) {
  const ByPrefix* found = by_prefix(descriptor);
  return found ? found->prefix : std::string_view();
}

std::span<const SdkMarker> sdk_markers() {
  static const std::vector<SdkMarker> all = [] {
    std::vector<SdkMarker> out;
    for (const TableRow& r : rows_of(text_of("markers.tsv")))
      if (const Sdk* sdk = find_sdk(r[0]))
        for (const std::string_view pattern : items_of(r[2])) out.push_back({sdk, r[1], pattern});
    return out;
  }();
  return all;
}

const SdkMarker* sdk_of_string(std::string_view text) {
  static const std::unordered_map<std::string_view, const SdkMarker*> strings = [] {
    std::unordered_map<std::string_view, const SdkMarker*> out;
    for (const SdkMarker& m : sdk_markers())
      if (m.kind == "string") out.emplace(m.pattern, &m);
    return out;
  }();
  // Most strings of a program are shorter or longer than any marker.
  if (text.size() < 6 || text.size() > 160) return nullptr;
  const auto at = strings.find(text);
  return at == strings.end() ? nullptr : at->second;
}

const SdkMarker* sdk_of_name(std::string_view kind, std::string_view text) {
  for (const SdkMarker& m : sdk_markers())
    if (m.kind == kind && glob_matches(m.pattern, text)) return &m;
  return nullptr;
}

std::span<const SdkStructure> sdk_structures() {
  static const std::vector<SdkStructure> all = [] {
    std::vector<SdkStructure> out;
    for (const TableRow& r : rows_of(text_of("structures.tsv"))) {
      const Sdk* sdk = find_sdk(r[0]);
      if (!sdk) continue;
      SdkStructure s{sdk, r[1], {}};
      for (const std::string_view item : items_of(r[2])) {
        std::uint32_t hash = 0;
        if (std::from_chars(item.data(), item.data() + item.size(), hash, 16).ec == std::errc()) s.calls.push_back(hash);
      }
      std::ranges::sort(s.calls);
      out.push_back(std::move(s));
    }
    return out;
  }();
  return all;
}

std::uint32_t shape_hash(std::string_view owner, std::string_view method) {
  std::uint32_t hash = 2166136261u;
  for (const std::string_view part : {owner, std::string_view("->"), method})
    for (const char c : part) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

}  // namespace klik::data
