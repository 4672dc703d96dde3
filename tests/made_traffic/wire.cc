#include "wire.h"

#include <algorithm>

namespace made {
namespace {

constexpr std::size_t kSegment = 1'220;
constexpr std::uint8_t kFin = 1, kSyn = 2, kPush = 8, kAck = 16;

void big(std::string& out, std::uint64_t value, unsigned bytes) {
  while (bytes-- > 0) out += static_cast<char>(value >> (8 * bytes));
}
std::uint16_t phone_port(const Flow& flow) { return static_cast<std::uint16_t>(30'000 + flow.number % 30'000); }

std::string ip(const Flow& flow, Way way, std::uint8_t protocol, std::string_view payload) {
  std::string out, phone, server;
  if (flow.v6) {
    big(out, 0x60000000, 4), big(out, payload.size(), 2), big(out, protocol, 1), big(out, 64, 1);
    big(phone, 0x20010db8'00010000, 8), big(phone, 1, 8);
    big(server, 0x20010db8'00020000, 8), big(server, 1 + flow.number, 8);
  } else {
    big(out, 0x4500, 2), big(out, 20 + payload.size(), 2), big(out, 0, 2), big(out, 0x4000, 2), big(out, 64, 1), big(out, protocol, 1), big(out, 0, 2);
    big(phone, 0xC0000205, 4);                                // 192.0.2.5
    big(server, 0xC6336400 + 1 + flow.number % 250, 4);       // 198.51.100.x
  }
  return out + (way == Way::up ? phone + server : server + phone) + std::string(payload);
}

std::string ports(const Flow& flow, Way way) {
  std::string out;
  big(out, way == Way::up ? phone_port(flow) : flow.port, 2);
  big(out, way == Way::up ? flow.port : phone_port(flow), 2);
  return out;
}

}  // namespace

void Wire::frame(std::string_view ip_packet, bool v6) {
  now_ += 50'000 + random_() % 400'000;
  ++packets_;
  std::string ethernet(12, '\0');
  big(ethernet, v6 ? 0x86dd : 0x0800, 2);
  append_record(records_, now_, ethernet.append(ip_packet));
  if (tap_) tap_->drain();
}

TcpWire::TcpWire(Wire& wire, Flow flow) : wire_(wire), flow_(flow) {
  for (std::uint32_t& next : next_) next = static_cast<std::uint32_t>(wire.random()());   // some wrap around
  packet(Way::up, next_[0]++, kSyn, {});
  packet(Way::down, next_[1]++, kSyn | kAck, {});
  packet(Way::up, next_[0], kAck, {});
}

void TcpWire::packet(Way way, std::uint32_t sequence, std::uint8_t flags, std::string_view payload) {
  std::string tcp = ports(flow_, way);
  big(tcp, sequence, 4), big(tcp, (flags & kAck) ? next_[index(other(way))] : 0, 4), big(tcp, 0x50, 1), big(tcp, flags, 1), big(tcp, 65'000, 2), big(tcp, 0, 4);
  wire_.frame(ip(flow_, way, 6, tcp.append(payload)), flow_.v6);
}

void TcpWire::sent(Way way, std::string_view bytes) {
  struct Segment {
    std::size_t at, size;
  };
  std::vector<Segment> segments;
  auto& random = wire_.random();
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t most = random() % 10 ? kSegment : 1 + random() % kSegment;
    const std::size_t size = std::min(most, bytes.size() - at);
    segments.push_back({at, size});
    at += size;
  }
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const Segment s = segments[i];
    switch (random() % 25) {
      case 0:   // overtaken by the next
        if (i + 1 < segments.size()) std::swap(segments[i], segments[i + 1]), packet(way, next_[index(way)] + static_cast<std::uint32_t>(segments[i].at), kAck, bytes.substr(segments[i].at, segments[i].size));
        else packet(way, next_[index(way)] + static_cast<std::uint32_t>(s.at), kAck | kPush, bytes.substr(s.at, s.size));
        continue;
      case 1:   // lost before it came here, and sent again after what followed
        if (const std::size_t later = std::min(i + 4, segments.size()); later > i + 1) {
          std::rotate(segments.begin() + static_cast<std::ptrdiff_t>(i), segments.begin() + static_cast<std::ptrdiff_t>(i) + 1, segments.begin() + static_cast<std::ptrdiff_t>(later));
          packet(way, next_[index(way)] + static_cast<std::uint32_t>(segments[i].at), kAck, bytes.substr(segments[i].at, segments[i].size));
          continue;
        }
        break;
      case 2:   // lost behind here: seen twice
        packet(way, next_[index(way)] + static_cast<std::uint32_t>(s.at), kAck, bytes.substr(s.at, s.size));
        break;
      case 3:   // sent again together with bytes before it
        if (const std::size_t before = std::min<std::size_t>(s.at, 200); before > 0) {
          packet(way, next_[index(way)] + static_cast<std::uint32_t>(s.at - before), kAck, bytes.substr(s.at - before, before + s.size));
          continue;
        }
        break;
      default: break;
    }
    packet(way, next_[index(way)] + static_cast<std::uint32_t>(s.at), kAck | kPush, bytes.substr(s.at, s.size));
  }
  next_[index(way)] += static_cast<std::uint32_t>(bytes.size());
  packet(other(way), next_[index(other(way))], kAck, {});
}

void TcpWire::close() {
  packet(Way::up, next_[0]++, kFin | kAck, {});
  packet(Way::down, next_[1]++, kFin | kAck, {});
  packet(Way::up, next_[0], kAck, {});
}

void udp_packet(Wire& wire, const Flow& flow, Way way, std::string_view payload) {
  std::string udp = ports(flow, way);
  big(udp, 8 + payload.size(), 2), big(udp, 0, 2);
  wire.frame(ip(flow, way, 17, udp.append(payload)), flow.v6);
}

}  // namespace made
