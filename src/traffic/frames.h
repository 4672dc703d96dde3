// From frames of a capture to packets of IP: link layers and tunnels taken off, fragments put together, every frame counted.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "formats/net/capture_file.h"
#include "formats/net/ip.h"
#include "formats/net/link.h"
#include "traffic/events.h"
#include "traffic/fragments.h"
#include "traffic/packet.h"
#include "traffic/wifi_fragments.h"

namespace klik::traffic {

class FrameReader {
 public:
  // `problem` may be empty. Both are called during read() and end() only, in the order of the frames.
  using Deliver = std::function<void(const Packet&)>;
  using Tell = std::function<void(const Error&, EventSink::Severity)>;
  explicit FrameReader(Deliver deliver, Tell problem = {});

  // Gives the packets of one frame: none, one, or several of an aggregated 802.11 frame. A packet inside a tunnel is given
  // instead of the outer one. "Sent" by the capturing machine is taken for "by the phone": a capture on a router, where it is
  // the other way round, shows by its first SYN.
  void read(const net::CapturedFrame& frame);
  // The capturing program's name for an Android user id, for frames that follow.
  void app(const net::AppName& app);
  void dropped(std::uint64_t frames) { counts_.dropped += frames; }
  // Nothing follows: what still waits for fragments is lost.
  void end();

  const FrameCounts& counts() const { return counts_; }

 private:
  [[gnu::cold]] void wifi_fragment(const net::CapturedFrame& frame);
  void peeled(const net::CapturedFrame& frame, const net::Peeled& link);
  void begin_packet(const net::CapturedFrame& frame, const net::Peeled& link);
  [[gnu::cold]] void name_process(const net::CapturedFrame& frame);
  void network(const net::CapturedFrame& frame, Bytes bytes);
  bool transport(const net::IpPacket& ip, Bytes base, std::uint64_t base_at);
  bool tcp(const net::IpPacket& ip);
  bool udp(const net::IpPacket& ip);
  void name_app(std::int32_t uid, std::string_view name);
  void conflict(const Error& error);

  Deliver deliver_;
  Tell problem_;
  FrameCounts counts_;
  Fragments fragments_;
  WifiFragments wifi_fragments_;
  Packet packet_;
  bool damaged_ = false;                // the frame being read
  std::uint32_t conflicts_told_ = 0;
  std::map<std::int32_t, std::string> names_;   // by user id
  std::string app_;                     // of the frame being read
};

}  // namespace klik::traffic
