#include "traffic/protocol.h"

#include <vector>

namespace klik::traffic {

#define KLIK_STREAM(name) extern const StreamProtocol stream_##name;
#define KLIK_DATAGRAM(name) extern const DatagramProtocol datagram_##name;
#include "traffic/protocols.def"
#undef KLIK_STREAM
#undef KLIK_DATAGRAM

std::span<const StreamProtocol* const> stream_protocols() {
  static const std::vector<const StreamProtocol*> all = {
#define KLIK_STREAM(name) &stream_##name,
#define KLIK_DATAGRAM(name)
#include "traffic/protocols.def"
#undef KLIK_STREAM
#undef KLIK_DATAGRAM
  };
  return all;
}

std::span<const DatagramProtocol* const> datagram_protocols() {
  static const std::vector<const DatagramProtocol*> all = {
#define KLIK_STREAM(name)
#define KLIK_DATAGRAM(name) &datagram_##name,
#include "traffic/protocols.def"
#undef KLIK_STREAM
#undef KLIK_DATAGRAM
  };
  return all;
}

}  // namespace klik::traffic
