// Names on the local link as Windows asks for them. Source: RFC 4795.
#include "traffic/dns_events.h"
#include "traffic/protocol.h"

namespace klik::traffic {
namespace {

bool recognise(Bytes first, std::uint16_t port) { return port == 5355 && net::dns::is_likely(first); }
std::unique_ptr<DatagramReader> open(Context& context) { return dns_datagrams(context, "llmnr"); }

}  // namespace

extern const DatagramProtocol datagram_llmnr;
constexpr DatagramProtocol datagram_llmnr{.name = "llmnr", .title = "Link-Local Multicast Name Resolution", .spec = "RFC 4795", .recognise = recognise, .open = open};

}  // namespace klik::traffic
