#include "data/resolvers.h"

#include <algorithm>

#include "data/table.h"

namespace klik {
std::span<const EmbeddedFile> embedded_resolvers();   // data/resolvers/*
}

namespace klik::data {

std::span<const Resolver> resolvers() {
  static const std::vector<Resolver> all = [] {
    std::vector<Resolver> out;
    for (const EmbeddedFile& file : embedded_resolvers())
      for (const TableRow& r : rows_of(file.text)) out.push_back({r[0], r[1], r[2] == "-" ? std::vector<std::string_view>() : items_of(r[2]), items_of(r[3]), r[4]});
    return out;
  }();
  return all;
}

const Resolver* resolver_of_host(std::string_view host) {
  const Resolver* best = nullptr;
  for (const Resolver& r : resolvers()) {
    const bool under = host == r.host || (host.size() > r.host.size() && host.ends_with(r.host) && host[host.size() - r.host.size() - 1] == '.');
    if (under && (!best || r.host.size() > best->host.size())) best = &r;
  }
  return best;
}

const Resolver* resolver_of_address(std::string_view address) {
  for (const Resolver& r : resolvers())
    if (std::ranges::find(r.addresses, address) != r.addresses.end()) return &r;
  return nullptr;
}

}  // namespace klik::data
