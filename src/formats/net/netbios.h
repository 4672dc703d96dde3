// NetBIOS names as the name service writes them into messages of DNS form. Source: RFC 1001 §14.1, RFC 1002 §4.1, §4.2, §4.4.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::net::netbios {

enum Type : std::uint16_t { kName = 32, kStatus = 33 };

// The name behind the letters "A" to "P" of a DNS name's first label: without padding and without the byte for its use, lower
// case, odd bytes as dns::Record::name writes them; a dot is one of the name's own characters. Nothing when the label is no such name. "*" asks for whoever is there.
std::optional<std::string> decoded_name(std::string_view dns_name);

// Addresses that a record of type kName gives. What does not divide by six at the end is left out.
std::vector<std::string> addresses(Bytes data);

// Names in the answer to a request for status (kStatus), each once. The hardware address behind them is not read.
// Errors: truncated; names before that are kept in `names`.
Result<void> status_names(Bytes data, std::vector<std::string>& names);

// Who sends a datagram to whom, by name.
struct Datagram {
  std::string from, to;      // as decoded_name
  std::string address;       // of `from`, in its own word: other than the packet's behind a router
};
// Errors: truncated, bad_value (no datagram with names, RFC 1002 §4.4.1).
Result<Datagram> read_datagram(Bytes bytes);

}  // namespace klik::net::netbios
