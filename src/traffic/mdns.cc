// Names on the local link without a server, by multicast. A device tells its own name here. Source: RFC 6762.
#include "traffic/dns_events.h"
#include "traffic/protocol.h"

namespace klik::traffic {
namespace {

bool recognise(Bytes first, std::uint16_t port) { return port == 5353 && net::dns::is_likely(first); }
std::unique_ptr<DatagramReader> open(Context& context) { return dns_datagrams(context, "mdns"); }

}  // namespace

extern const DatagramProtocol datagram_mdns;
constexpr DatagramProtocol datagram_mdns{.name = "mdns", .title = "Multicast DNS", .spec = "RFC 6762", .recognise = recognise, .open = open};

}  // namespace klik::traffic
