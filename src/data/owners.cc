#include "data/owners.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "data/table.h"

namespace klik {
std::span<const EmbeddedFile> embedded_owners();   // data/owners/*
}

namespace klik::data {
namespace {

std::string_view text_of(std::string_view name) {
  const auto files = embedded_owners();
  const auto at = std::ranges::find(files, name, &EmbeddedFile::name);
  return at == files.end() ? std::string_view() : at->text;
}

constexpr unsigned kLongestChain = 8;   // a slip in the table must not become a loop

}  // namespace

std::span<const Owner> owners() {
  static const std::vector<Owner> all = [] {
    std::vector<Owner> out;
    for (const TableRow& r : rows_of(text_of("owners.tsv"))) out.push_back({r[0], r[1], r[2] == "-" ? std::string_view() : r[2], r[3], r[4]});
    std::ranges::sort(out, {}, &Owner::name);
    return out;
  }();
  return all;
}

const Owner* find_owner(std::string_view name) {
  const auto at = std::ranges::lower_bound(owners(), name, {}, &Owner::name);
  return at != owners().end() && at->name == name ? &*at : nullptr;
}

const Owner& last_owner(const Owner& owner) {
  const Owner* at = &owner;
  for (unsigned step = 0; step < kLongestChain && !at->group.empty(); ++step) {
    const Owner* next = find_owner(at->group);
    if (!next) break;
    at = next;
  }
  return *at;
}

std::span<const HostOwner> host_owners() {
  static const std::vector<HostOwner> all = [] {
    std::vector<HostOwner> out;
    for (const TableRow& r : rows_of(text_of("hosts.tsv"))) out.push_back({r[0], r[1], r[2], r[3]});
    std::ranges::sort(out, {}, &HostOwner::suffix);
    return out;
  }();
  return all;
}

const HostOwner* owner_of_host(std::string_view host) {
  static const std::unordered_map<std::string_view, const HostOwner*> by_suffix = [] {
    std::unordered_map<std::string_view, const HostOwner*> out;
    for (const HostOwner& h : host_owners()) out.emplace(h.suffix, &h);
    return out;
  }();
  if (const auto blank = host.rfind('*'); blank != host.npos) host = host.substr(std::min(blank + 2, host.size()));
  while (!host.empty()) {
    if (const auto at = by_suffix.find(host); at != by_suffix.end()) return at->second;
    const auto dot = host.find('.');
    if (dot == host.npos) break;
    host.remove_prefix(dot + 1);
  }
  return nullptr;
}

std::span<const Law> laws() {
  static const std::vector<Law> all = [] {
    std::vector<Law> out;
    for (const TableRow& r : rows_of(text_of("jurisdictions.tsv"))) out.push_back({r[0], r[1], r[2], r[3], r[4]});
    return out;
  }();
  return all;
}

}  // namespace klik::data
