#include "traffic/analysis.h"

#include <algorithm>

#include "traffic/capture_reader.h"
#include "traffic/conversations.h"
#include "traffic/httpdns.h"

namespace klik::traffic {

Result<CaptureSummary> analyse_capture(const SourceRef& capture, Secrets secrets, const Limits& limits, EventSink& events) {
  // Secrets may stand behind the packets that they open, so they are gathered first.
  KLIK_CHECK(collect_secrets(*capture, secrets));
  CaptureSummary summary;
  summary.secrets = secrets.size();
  HttpDns with_names(events);
  Conversations conversations(with_names, secrets, limits, [&](std::uint64_t at, MutableBytes out) { return capture->read(at, out).has_value(); });
  CaptureVisitor visitor;
  visitor.problem = [&](const Error& error, EventSink::Severity severity) { events.problem(error, severity); };
  visitor.packet = [&](const Packet& packet) {
    if (packet.time_ns != 0) {
      if (summary.started_ns == 0) events.began(packet.time_ns);
      if (summary.started_ns == 0 || packet.time_ns < summary.started_ns) summary.started_ns = packet.time_ns;
      summary.ended_ns = std::max(summary.ended_ns, packet.time_ns);
    }
    conversations.packet(packet);
  };
  const auto counts = read_capture(*capture, visitor);
  conversations.end();
  summary.secrets_used = secrets.used();
  summary.used_clients = secrets.used_clients();
  KLIK_TRY(summary.frames, counts);
  return summary;
}

}  // namespace klik::traffic
