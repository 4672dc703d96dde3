// A message of DNS form as Lookups: one per question, one per name and type that it answers.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "formats/net/dns.h"
#include "traffic/context.h"

namespace klik::traffic {

// Where and when the message was seen. `how`: a literal of Lookup::how.
struct Seen {
  std::string_view how;
  Way way = Way::up;
  Origin origin;
  std::int64_t time_ns = 0;
};

// An answer to a question holds what its chain of CNAME records leads to, in wire order, under the name that was asked: aliases
// and addresses. Other records follow under their own names: of the answer section with the status, of the sections beside it
// without one. A question without any answer is told with the status alone.
// An answer that was too long for a datagram has the status TRUNCATED; the whole of it follows over TCP.
void tell_lookups(const Connection& on, EventSink& events, const net::dns::Message& message, const Seen& seen);

// Reads and tells, what the lookups do not hold (options, texts, bytes behind the end) as contents. Returns what could not be read.
std::optional<Error> read_and_tell_dns(const Connection& on, EventSink& events, Bytes message, const Seen& seen);

// The reader of datagrams of DNS form; damage is told once.
std::unique_ptr<DatagramReader> dns_datagrams(Context& context, std::string_view how);

}  // namespace klik::traffic
