// By its first byte: 0: datagrams (way, length in two bytes, bytes) for the readers of QUIC and gQUIC; else the payload of opened packets,
// whose frames go to the streams and the handshake.
// links: klik_traffic
#include "formats/net/quic_frames.h"
#include "traffic/protocol.h"
#include "traffic/quic_crypto.h"
#include "traffic/quic_streams.h"
#include "traffic_events.h"

namespace {

using namespace klik;
using namespace klik::traffic;

void datagrams(Bytes input) {
  for (const DatagramProtocol* protocol : datagram_protocols()) {
    if (!protocol->name.ends_with("quic")) continue;
    FuzzedConnection fuzzed(input.size());
    const auto reader = protocol->open(fuzzed.context);
    net::Cursor in(input);
    while (in.left() > 3) {
      const Way way = (*in.u8() & 1) != 0 ? Way::down : Way::up;
      const std::uint64_t high = *in.u8(), low = *in.u8(), at = in.at(), length = std::min(in.left(), high << 8 | low);
      const Bytes datagram = *in.take(length);
      (void)protocol->recognise(datagram, 443);
      (void)protocol->recognise(datagram, 9);
      if (!datagram.empty()) reader->read({way, datagram, {at, length}, 0});
    }
    reader->end();
  }
}

void frames(Bytes payload, bool google) {
  FuzzedConnection fuzzed(payload.size());
  QuicStreams streams(fuzzed.context);
  if (payload[0] & 1) streams.set_protocol("h3");
  QuicCrypto crypto(4096);
  quic::Frames all(payload, google);
  for (std::uint64_t n = 0; !all.done(); ++n) {
    if (n > payload.size()) __builtin_trap();   // a frame takes a byte at least
    const auto f = all.next();
    if (!f) break;
    if (f->data.size() > 0 && (f->data.begin() < payload.begin() || f->data.end() > payload.end())) __builtin_trap();
    if (f->kind == quic::FrameKind::crypto) crypto.take(f->offset, f->data, {}, 0);
    if (f->kind == quic::FrameKind::stream) streams.data(f->stream, (f->stream & 4) != 0 ? Way::down : Way::up, f->offset, f->data, f->fin, {}, 0);
    if (f->kind == quic::FrameKind::datagram) streams.datagram((f->type & 1) != 0 ? Way::down : Way::up, f->data, {}, 0);
    if (f->kind == quic::FrameKind::reset_stream) streams.reset(f->stream, Way::up, {}, 0);
    while (const auto message = crypto.next())
      if (message->message.body.size() > 4096) __builtin_trap();
  }
  streams.end();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const Bytes rest = *Bytes(data, size).from(1);
  if (data[0] == 0) datagrams(rest);
  else frames(rest, (data[0] & 2) != 0);
  return 0;
}
