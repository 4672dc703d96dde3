// Reads the input as the two ways of a WebSocket connection that compresses: records of way, length and bytes.
// links: klik_traffic
#include "traffic/websocket.h"
#include "traffic_events.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  klik::traffic::read_records(klik::Bytes(data, size), [](klik::traffic::Context& context) {
    return klik::traffic::open_websocket(context, klik::traffic::websocket_terms("permessage-deflate; server_no_context_takeover"));
  });
  return 0;
}
