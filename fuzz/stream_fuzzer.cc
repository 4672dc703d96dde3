// Reads the input as the two ways of a stream whose protocol is to be recognised: records of way, length and bytes.
// links: klik_traffic
#include "traffic/protocol.h"
#include "traffic_events.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  klik::traffic::read_records(klik::Bytes(data, size), [](klik::traffic::Context& context) { return klik::traffic::recognising_reader(context, "", ""); });
  return 0;
}
