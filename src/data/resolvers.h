// Resolvers that take names under encryption: the table of data/resolvers. Traffic to one is names that could not be read.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace klik::data {

struct Resolver {
  std::string_view host, operated_by;
  std::vector<std::string_view> addresses;   // as usually written; may be empty
  std::vector<std::string_view> ways;        // "doh", "dot", "doq", "odoh"
  std::string_view source;
};

std::span<const Resolver> resolvers();
// The longest host of the table that `host` is, or lies under: people have hosts of their own at some. Null when there is none.
const Resolver* resolver_of_host(std::string_view host);
// The first of the table with that address; only a hint, since the same machine answers plain DNS. Null when there is none.
const Resolver* resolver_of_address(std::string_view address);

}  // namespace klik::data
