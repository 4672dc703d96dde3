// Reads the input as a stream of Xiaomi's push channel; its first byte says how long the pieces are and which way they go.
// links: klik_traffic
#include "formats/net/xiaomi_push.h"
#include "traffic_events.h"
#include "traffic/protocol.h"

namespace klik::traffic {
extern const StreamProtocol stream_xiaomi_push;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace klik;
  using namespace klik::traffic;
  if (size == 0) return 0;
  const Bytes bytes(data + 1, size - 1);
  Connection connection;
  CheckedEvents events(size);
  events.limit = size;
  const Secrets secrets;
  const Limits limits;
  Context context{connection, events, secrets, limits};
  const auto reader = stream_xiaomi_push.open(context);
  const std::uint64_t step = data[0] / 2 + 1;
  const Way way = data[0] % 2 ? Way::down : Way::up;
  for (std::uint64_t at = 0; at < bytes.size(); at += step) {
    const std::uint64_t length = std::min(step, bytes.size() - at);
    reader->read({way, *bytes.slice(at, length), {at, length}, 0});
  }
  reader->end();
  if (connection.dark_up + connection.dark_down > bytes.size()) __builtin_trap();   // no byte is dark twice
  if (const auto body = net::xiaomi_push::read_body(bytes); body && *body && (*body)->payload.size() > bytes.size()) __builtin_trap();
  (void)net::xiaomi_push::read_connect(bytes);
  (void)net::xiaomi_push::read_challenge(bytes);
  return 0;
}
