// URLs inside text, and hosts that stand alone. Nothing is looked up; what a program would do with a text is not decided here.
// Source: WHATWG URL Standard; RFC 3986.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "formats/net/host.h"

namespace klik::net {

struct Found {
  std::string_view scheme;             // lower case, of the list in url.cc; "" of a host alone
  Host host;
  std::optional<std::uint16_t> port;   // as written
  std::string path;                    // with the query, without the fragment; at most kLongestPath bytes
  std::size_t at = 0, length = 0;      // in the text, scheme and path included
  bool userinfo = false;               // a name or password stood before the host and was dropped
};

inline constexpr std::size_t kLongestPath = 256;

// Every URL with a scheme that leads to a machine, also in the spellings `http:\/\/` of JSON and `http%3A%2F%2F` of queries.
void find_urls(std::string_view text, const std::function<void(const Found&)>& each);

// HOST, HOST:PORT or HOST/PATH and nothing else. Upper case is taken for a sign of an identifier, and refused.
std::optional<Found> read_bare(std::string_view text);

// A cheap look before either: whether there can be any.
bool may_hold_host(std::string_view text);

}  // namespace klik::net
