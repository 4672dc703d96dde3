// A capture file from its first byte to its last: what an EventSink is told of it.
#pragma once

#include <string>
#include <vector>

#include "io/source.h"
#include "traffic/context.h"
#include "traffic/packet.h"

namespace klik::traffic {

struct CaptureSummary {
  FrameCounts frames;
  std::int64_t started_ns = 0, ended_ns = 0;   // of its frames: the earliest and the latest; 0 without times
  std::size_t secrets = 0, secrets_used = 0;   // TLS secrets that were at hand; of them, those of connections in the capture
  std::vector<ClientRandom> used_clients;      // whose secrets those are
};

// Reads in windows, whatever the size. `secrets`: from key logs beside the capture; those inside it are added.
// Errors: bad_magic, truncated (not a capture), io. What is wrong inside is told to the sink and does not end the reading.
Result<CaptureSummary> analyse_capture(const SourceRef& capture, Secrets secrets, const Limits& limits, EventSink& events);

}  // namespace klik::traffic
