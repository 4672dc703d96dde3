// Reads the input as the two ways of an HTTP/1 connection: bytes 0xfe and 0xff switch to up and down, 0xfd is a hole.
// links: klik_traffic
#include "traffic_events.h"
#include "traffic/protocol.h"

namespace klik::traffic {
extern const StreamProtocol stream_http1;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  klik::traffic::read_both_ways(klik::Bytes(data, size), [](klik::traffic::Context& context) { return klik::traffic::stream_http1.open(context); });
  return 0;
}
