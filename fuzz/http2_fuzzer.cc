// Reads the input as the two ways of an HTTP/2 connection: records of way, length and bytes.
// links: klik_traffic
#include "traffic/protocol.h"
#include "traffic_events.h"

namespace klik::traffic {
extern const StreamProtocol stream_http2;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  klik::traffic::read_records(klik::Bytes(data, size), [](klik::traffic::Context& context) { return klik::traffic::stream_http2.open(context); });
  return 0;
}
