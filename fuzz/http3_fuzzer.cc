// Reads the input as streams of HTTP/3: records of stream and way, length and bytes.
// links: klik_traffic
#include "traffic/http3.h"
#include "traffic_events.h"

namespace {
// Bit 0 and 1 of `way_byte` as of a stream record; the rest is the stream.
class Streams final : public klik::traffic::StreamReader {
 public:
  explicit Streams(klik::traffic::Context& context) : http3_(context) {}
  void read(const klik::traffic::Piece& piece) override {
    const std::uint8_t id = piece.bytes[0];
    http3_.stream_data(id & 0x1f, piece.way, klik::Bytes(piece.bytes.span().subspan(1)), (id & 0x80) != 0, piece.origin, piece.time_ns);
  }
  void gap(klik::traffic::Way way, std::uint64_t bytes) override { http3_.stream_gap(bytes & 0x1f, way); }
  void end() override { http3_.end(); }

 private:
  klik::traffic::Http3 http3_;
};
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  klik::traffic::read_records(klik::Bytes(data, size), [](klik::traffic::Context& context) { return std::make_unique<Streams>(context); });
  return 0;
}
