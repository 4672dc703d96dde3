#include "traffic/frames.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "formats/net/pktap.h"
#include "traffic/attribution.h"

namespace klik::traffic {
namespace {

constexpr unsigned kDeepest = 8;                // packets of IP inside each other
constexpr std::uint32_t kMostConflicts = 32;    // that are told one by one
constexpr std::size_t kMostNames = 4'096;

struct TcpHeader {
  U16be from, to;
  U32be sequence, acknowledged;
  std::uint8_t words, flags;
  U16be window, checksum, urgent;
};
static_assert(sizeof(TcpHeader) == 20);

struct UdpHeader {
  U16be from, to, length, checksum;
};
static_assert(sizeof(UdpHeader) == 8);

Sent sent_by(net::FrameSide side) { return side == net::FrameSide::sent ? Sent::by_phone : side == net::FrameSide::received ? Sent::to_phone : Sent::unknown; }

}  // namespace

FrameReader::FrameReader(Deliver deliver, Tell problem) : deliver_(std::move(deliver)), problem_(std::move(problem)) {}

inline void FrameReader::begin_packet(const net::CapturedFrame& frame, const net::Peeled& link) {
  packet_ = Packet{};
  packet_.frame = {.at = frame.at, .length = frame.data.size()};
  packet_.time_ns = frame.time_ns;
  packet_.interface = frame.interface;
  packet_.sent = sent_by(frame.side != net::FrameSide::unknown ? frame.side : link.side);
  if (!frame.comment.empty()) [[unlikely]] {
    if (const auto uid = uid_in_comment(frame.comment)) name_app(*uid, {});
    else packet_.comment = frame.comment;
  }
  if (link.uid >= 0) [[unlikely]] name_app(link.uid, {});
  if (!frame.process.empty() || frame.link_type == net::kPktap || frame.link_type == net::kPktapAsUser2) [[unlikely]] name_process(frame);
}

void FrameReader::read(const net::CapturedFrame& frame) {
  ++counts_.frames;
  counts_.bytes += frame.stored;
  if (frame.wire_length > frame.data.size()) {
    ++counts_.cut_frames;
    counts_.cut_bytes += frame.wire_length - frame.data.size();
  }
  damaged_ = false;
  const net::Peeled link = net::peel_link(frame.link_type, frame.data);
  switch (link.what) {
    case net::Carried::ip: peeled(frame, link); break;
    case net::Carried::other: ++counts_.not_ip; break;
    case net::Carried::protected_frame: ++counts_.protected_frames; break;
    case net::Carried::damaged: damaged_ = true; break;
    case net::Carried::unsupported: ++counts_.unsupported_link; break;
    case net::Carried::fragment: wifi_fragment(frame); break;
    case net::Carried::aggregate:
      for (net::SubFrames frames(link.bytes); !frames.empty();) {
        const net::Peeled inner = frames.next();
        if (inner.what == net::Carried::ip) peeled(frame, inner);
        if (inner.what == net::Carried::damaged) damaged_ = true;
      }
      break;
  }
  if (damaged_) ++counts_.damaged;
}

void FrameReader::wifi_fragment(const net::CapturedFrame& frame) {
  ++counts_.fragments;
  const auto part = net::read_wifi_fragment(frame.link_type, frame.data);
  if (!part) {
    damaged_ = true;
    return;
  }
  const std::uint64_t at = frame.at + net::offset_in(frame.data, part->body);
  const auto added = wifi_fragments_.add(*part, frame.wire_length == frame.data.size(), frame.interface, {.at = frame.at, .length = frame.data.size()}, at, frame.time_ns);
  counts_.fragments_lost += added.lost;
  if (added.conflict) conflict(fail(Code::conflict, at, "parts of an 802.11 frame contradict each other: all are dropped").error());
  if (!added.whole) return;
  net::CapturedFrame whole = frame;
  whole.data = added.whole->bytes;
  whole.at = added.whole->at;
  whole.wire_length = static_cast<std::uint32_t>(whole.data.size());
  const auto deliver = [&](const net::Peeled& msdu) {
    if (msdu.what == net::Carried::damaged) damaged_ = true;
    if (msdu.what != net::Carried::ip) return;
    begin_packet(frame, msdu);
    packet_.frame = added.whole->frame;
    network(whole, msdu.bytes);
  };
  const net::Peeled msdu = net::peel_msdu(whole.data, added.whole->aggregate);
  if (msdu.what == net::Carried::other) ++counts_.not_ip;
  if (msdu.what != net::Carried::aggregate) return deliver(msdu);
  for (net::SubFrames frames(msdu.bytes); !frames.empty();) deliver(frames.next());
}

void FrameReader::peeled(const net::CapturedFrame& frame, const net::Peeled& link) {
  begin_packet(frame, link);
  network(frame, link.bytes);
}

// What stands with the packet itself holds.
void FrameReader::name_process(const net::CapturedFrame& frame) {
  packet_.app = frame.process;
  if (frame.link_type != net::kPktap && frame.link_type != net::kPktapAsUser2) return;
  const auto tap = net::read_pktap(frame.data);
  if (!tap) return;
  if (const std::string_view name = net::pktap_process(tap->header); !name.empty()) packet_.app = name;
}

void FrameReader::network(const net::CapturedFrame& frame, Bytes bytes) {
  // What offsets in the file are computed from: the frame, or the first fragment's payload.
  Bytes base = frame.data;
  std::uint64_t base_at = frame.at;
  for (unsigned depth = 0; depth < kDeepest; ++depth) {
    auto ip = net::read_ip(bytes);
    if (!ip) {
      damaged_ = true;
      return;
    }
    if (depth == 0) {
      if (ip->cut != 0 && frame.wire_length == frame.data.size()) damaged_ = true;   // promises more than the wire carried
      const std::uint64_t behind = bytes.size() - ip->end;
      if (behind >= kSmallestTrailer) [[unlikely]]
        if (const auto app = app_trailer(frame.data)) name_app(app->uid, app->name);
    }
    if (ip->fragment) [[unlikely]] {
      ++counts_.fragments;
      const std::uint64_t at = base_at + net::offset_in(base, ip->payload);
      const auto added = fragments_.add(*ip, frame.interface, packet_.frame, at, frame.time_ns);
      counts_.fragments_lost += added.lost;
      if (added.conflict) conflict(fail(Code::conflict, at, "fragment overlaps another one: both are dropped").error());
      if (!added.whole) return;
      base = ip->payload = added.whole->payload;
      base_at = added.whole->payload_at;
      packet_.frame = added.whole->frame;
      const auto upper = net::skip_extensions(added.whole->protocol, ip->payload);
      if (!upper) {
        damaged_ = true;
        return;
      }
      ip->protocol = *upper;
    }
    if (ip->protocol != 6) {
      const net::Peeled inner = net::peel_tunnel(ip->protocol, ip->payload);
      if (inner.what == net::Carried::ip) {
        bytes = inner.bytes;
        continue;
      }
    }
    if (!transport(*ip, base, base_at)) damaged_ = true;
    return;
  }
  damaged_ = true;   // deeper than any real tunnel
}

// False when the transport's header contradicts the length that IP gives it.
bool FrameReader::transport(const net::IpPacket& ip, Bytes base, std::uint64_t base_at) {
  packet_.from.address.bytes = ip.from;
  packet_.to.address.bytes = ip.to;
  packet_.protocol = ip.protocol;
  packet_.payload = ip.payload;
  packet_.cut = ip.cut;
  if (ip.protocol == 6 && !tcp(ip)) return false;
  if (ip.protocol == 17 && !udp(ip)) return false;
  packet_.payload_at = base_at + net::offset_in(base, packet_.payload);
  deliver_(packet_);
  return true;
}

bool FrameReader::tcp(const net::IpPacket& ip) {
  const auto header = ip.payload.view<TcpHeader>(0);
  if (!header) return false;
  const TcpHeader& h = **header;
  packet_.from.port = h.from;
  packet_.to.port = h.to;
  packet_.sequence = h.sequence;
  packet_.acknowledged = h.acknowledged;
  packet_.flags = h.flags;
  const std::uint64_t length = (h.words >> 4) * std::uint64_t{4};
  if (length < sizeof(TcpHeader) || length > ip.payload.size() + ip.cut) return false;
  const std::uint64_t present = std::min(length, ip.payload.size());
  packet_.payload = Bytes(ip.payload.span().subspan(present));
  packet_.cut = static_cast<std::uint32_t>(ip.cut - (length - present));
  return true;
}

bool FrameReader::udp(const net::IpPacket& ip) {
  const auto header = ip.payload.view<UdpHeader>(0);
  if (!header) return false;
  const UdpHeader& h = **header;
  packet_.from.port = h.from;
  packet_.to.port = h.to;
  const std::uint64_t carried = ip.payload.size() + ip.cut;
  const std::uint64_t length = h.length == 0 ? carried : std::uint16_t{h.length};   // 0: larger than the field, or to be divided
  if (length < sizeof(UdpHeader) || length > carried) return false;
  const std::uint64_t present = std::min(length, ip.payload.size());
  packet_.payload = Bytes(ip.payload.span().subspan(sizeof(UdpHeader), present - sizeof(UdpHeader)));
  packet_.cut = static_cast<std::uint32_t>(length - present);
  return true;
}

void FrameReader::app(const net::AppName& app) {
  if (names_.size() >= kMostNames && !names_.contains(app.uid)) return;
  names_[app.uid] = app.name.empty() ? app.package : app.name;
}

void FrameReader::name_app(std::int32_t uid, std::string_view name) {
  if (uid < 0) return;   // the capturing program does not know
  if (name.empty() && !names_.empty())
    if (const auto known = names_.find(uid); known != names_.end()) name = known->second;
  app_ = "uid " + std::to_string(uid);
  if (!name.empty()) app_.append(" ").append(name);
  packet_.app = app_;
}

void FrameReader::conflict(const Error& error) {
  if (problem_ && conflicts_told_++ < kMostConflicts) problem_(error, EventSink::Severity::data_loss);
}

void FrameReader::end() { counts_.fragments_lost += fragments_.end() + wifi_fragments_.end(); }

}  // namespace klik::traffic
