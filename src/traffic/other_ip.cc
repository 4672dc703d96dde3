#include "traffic/other_ip.h"

#include <array>
#include <utility>

#include "traffic/protocol.h"
#include "traffic/search_windows.h"

namespace klik::traffic {
namespace {

constexpr std::uint8_t kIcmp = 1, kEsp = 50, kIcmp6 = 58;

bool is_icmp(std::uint8_t protocol) { return protocol == kIcmp || protocol == kIcmp6; }

class OtherIp final : public DatagramReader {
 public:
  explicit OtherIp(Context& context) : context_(context) { context.connection.speaks(ip_protocol_name(context.connection.ip_protocol)); }

  void read(const Piece& piece) override {
    Connection& c = context_.connection;
    if (!is_icmp(c.ip_protocol)) {
      bool& told = told_[std::to_underlying(piece.way)];
      if (!std::exchange(told, true)) context_.events.unknown(c, unknown_start(piece));
      c.hides(c.ip_protocol == kEsp ? Dark::esp : Dark::unknown_protocol, piece.way, piece.bytes.size());
    }
    // ESP may encrypt with nothing (RFC 2410), and what is unknown may still be in the clear.
    show_unread(context_, piece);
  }
  void end() override {}

 private:
  Context& context_;
  std::array<bool, 2> told_{};   // by Way
};

}  // namespace

std::string ip_protocol_name(std::uint8_t protocol) {
  switch (protocol) {
    case kIcmp: return "icmp";
    case 2: return "igmp";
    case 4: return "ipip";
    case 33: return "dccp";
    case 41: return "6in4";
    case 46: return "rsvp";
    case 47: return "gre";
    case kEsp: return "esp";
    case kIcmp6: return "icmp6";
    case 88: return "eigrp";
    case 89: return "ospf";
    case 97: return "etherip";
    case 103: return "pim";
    case 112: return "vrrp";
    case 115: return "l2tp";
    case 132: return "sctp";
    case 136: return "udplite";
    case 137: return "mpls";
    default: return "ip" + std::to_string(protocol);
  }
}

std::string_view caller_without_ports(const Packet& p, bool& sender_called) {
  // Echo and its reply: RFC 792 types 8 and 0, RFC 4443 types 128 and 129.
  if (is_icmp(p.protocol) && !p.payload.empty()) {
    const std::uint8_t type = p.payload[0];
    const bool asks = type == (p.protocol == kIcmp ? 8 : 128), answers = type == (p.protocol == kIcmp ? 0 : 129);
    if (asks || answers) return sender_called = asks, "echo";
  }
  if (is_local(p.from.address) != is_local(p.to.address)) return sender_called = is_local(p.from.address), "address";
  if (p.sent != Sent::unknown) return sender_called = p.sent == Sent::by_phone, "capture";
  return sender_called = true, "first";
}

std::unique_ptr<DatagramReader> other_ip_reader(Context& context) { return std::make_unique<OtherIp>(context); }

}  // namespace klik::traffic
