// Which packets of an interface belong to the phone that is watched: an expression for libpcap (pcap-filter(7)) made from
// addresses, so that nobody else's packets are kept.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace klik::live {

inline constexpr std::size_t kMostAddresses = 16;

// `addresses`: one or more of a MAC address ("02:00:5e:00:53:01", also with '-'), an IPv4 or an IPv6 address, with commas
// between. Only addresses, never names: libpcap would look a name up, and that is contact with others.
// Errors: bad_value for anything else, and for addresses that stand for many devices or for none.
Result<std::string> phone_filter(std::string_view addresses);

}  // namespace klik::live
