// Reads the input as a datagram of each protocol that tells names, and as the two ways of DNS over TCP (see traffic_events.h).
// links: klik_traffic
#include "formats/net/dhcp.h"
#include "formats/net/dns.h"
#include "formats/net/httpdns.h"
#include "formats/net/ssdp.h"
#include "formats/net/stun.h"
#include "traffic_events.h"
#include "traffic/protocol.h"

namespace klik::traffic {
extern const StreamProtocol stream_dns;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace klik;
  const Bytes bytes(data, size);
  if (const auto m = net::dns::read(bytes)) {
    if (m->end > size) __builtin_trap();
    for (const net::dns::Record& r : m->records) {
      if (r.data.size() > 0 && (r.data.begin() < data || r.data.end() > data + size)) __builtin_trap();   // data lies in the message
      if (r.name.contains('\n') || r.name.empty()) __builtin_trap();
    }
    if (net::dns::is_surely(bytes) && m->damage) __builtin_trap();
  }
  (void)net::dhcp::read_v4(bytes);
  (void)net::dhcp::read_v6(bytes);
  (void)net::stun::read(bytes);
  (void)net::ssdp::read(bytes);
  const std::string asked[] = {"www.example.org"};
  for (const net::httpdns::Answer& a : net::httpdns::read_answers(bytes, asked))
    if (a.addresses.empty()) __builtin_trap();
  (void)net::httpdns::read_question("192.0.2.1", bytes.text());
  traffic::Connection connection;
  connection.called.port = size > 0 ? (data[0] % 2 ? std::uint16_t{137} : std::uint16_t{53}) : std::uint16_t{67};
  traffic::CheckedEvents events(size);
  const traffic::Secrets secrets;
  const traffic::Limits limits;
  events.limit = size;
  traffic::Context context{connection, events, secrets, limits};
  for (const traffic::DatagramProtocol* p : traffic::datagram_protocols()) {
    if (p->name == "quic" || p->name == "gquic" || p->name == "dtls") continue;   // they have targets of their own
    const auto reader = p->open(context);
    for (int i = 0; i < 3; ++i) reader->read({traffic::Way::up, bytes, {0, size}, 0});
    reader->end();
  }
  traffic::read_both_ways(bytes, [](traffic::Context& c) { return traffic::stream_dns.open(c); });
  return 0;
}
