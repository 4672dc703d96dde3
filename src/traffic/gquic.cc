// Google's QUIC up to Q049: the hellos of clients are in the clear, the rest is dark.
// Source: see formats/net/gquic.h.
#include "formats/net/gquic.h"

#include <algorithm>

#include "traffic/gquic_hello.h"
#include "traffic/host_name.h"
#include "traffic/protocol.h"

namespace klik::traffic {

void tell_gquic_hello(Context& context, const gquic::HandshakeMessage& hello, std::string_view version, Opened state, Way way, Origin origin, std::int64_t time_ns) {
  Message event;
  event.protocol = "gquic";
  event.what = "CHLO";
  event.way = way;
  event.host = host_name(hello.find({"SNI\0", 4}).text());
  event.agent = hello.find("UAID").text();
  event.state = state;
  event.detail = version;
  event.origin = origin;
  event.time_ns = time_ns;
  if (!event.host.empty()) context.connection.named(event.host, "gquic");
  context.events.message(context.connection, std::move(event));
}

namespace {

// A client that knows the server's configuration says hello once, others twice; repeats are not told.
constexpr unsigned kMostHellos = 2;

class Reader final : public DatagramReader {
 public:
  explicit Reader(Context& context) : context_(context) {}

  void read(const Piece& datagram) override {
    if (hellos_ >= kMostHellos || !told(datagram)) context_.connection.hides(Dark::quic, datagram.way, datagram.bytes.size());
  }
  void end() override {}

 private:
  bool told(const Piece& datagram) {
    const auto header = gquic::parse_versioned_header(datagram.bytes);
    if (!header) return false;
    const auto frames = datagram.bytes.from(header->frames_at);
    if (!frames) return false;
    const auto hello = gquic::find_client_hello(*frames);
    if (!hello) return false;
    ++hellos_;
    tell_gquic_hello(context_, *hello, header->version, Opened::clear, datagram.way, datagram.origin, datagram.time_ns);
    return true;
  }

  Context& context_;
  unsigned hellos_ = 0;
};

bool recognise(Bytes first, std::uint16_t) { return gquic::parse_versioned_header(first).has_value(); }
std::unique_ptr<DatagramReader> open(Context& context) { return std::make_unique<Reader>(context); }

}  // namespace

extern const DatagramProtocol datagram_gquic;
const DatagramProtocol datagram_gquic{
    .name = "gquic",
    .title = "QUIC of Google, to Q049",
    .spec = "draft-hamilton-quic-transport-protocol-01; QUIC Crypto (Langley, Chang)",
    .recognise = recognise,
    .open = open,
};

}  // namespace klik::traffic
