// A device asks a network for an address, and tells its name. Sources: RFC 2131 §4.1 (ports), RFC 8415 §7.2.
#include "formats/net/dhcp.h"

#include "traffic/protocol.h"
#include "traffic/search_windows.h"

namespace klik::traffic {
namespace {

namespace dhcp = net::dhcp;

constexpr bool is_v4_port(std::uint16_t port) { return port == 67 || port == 68; }
constexpr bool is_v6_port(std::uint16_t port) { return port == 546 || port == 547; }

class Dhcp final : public DatagramReader {
 public:
  explicit Dhcp(Context& context) : context_(context) {}

  void read(const Piece& piece) override {
    const auto read = is_v6_port(context_.connection.called.port) ? dhcp::read_v6(piece.bytes) : dhcp::read_v4(piece.bytes);
    if (!read) {
      context_.connection.hides(Dark::damaged, piece.way, piece.bytes.size());
      return show_unread(context_, piece);
    }
    show_part(context_, piece, "dhcp.message");
    const dhcp::Message& m = *read;
    Message event;
    event.protocol = "dhcp";
    event.what = m.type;
    event.way = piece.way;
    event.agent = m.vendor_class;
    if (m.asked_options > 0) event.detail = "asks for " + std::to_string(m.asked_options) + " options";
    event.origin = piece.origin;
    event.time_ns = piece.time_ns;
    context_.events.message(context_.connection, std::move(event));
    name(piece, m.from_server, m.host_name, "HOSTNAME");
    name(piece, m.from_server, m.full_name, "FQDN");
    if (m.from_server && !m.name_servers.empty()) {
      Lookup servers = made(piece, true, m.domain, "NAME_SERVER");
      servers.values = m.name_servers;
      context_.events.lookup(context_.connection, std::move(servers));
    } else if (m.from_server) {
      name(piece, true, m.domain, "DOMAIN");
    }
  }
  void end() override {}

 private:
  static Lookup made(const Piece& piece, bool answer, const std::string& name, std::string_view type) {
    Lookup out;
    out.how = "dhcp";
    out.answer = answer;
    out.name = name;
    out.type = type;
    out.way = piece.way;
    out.origin = piece.origin;
    out.time_ns = piece.time_ns;
    return out;
  }
  void name(const Piece& piece, bool answer, const std::string& name, std::string_view type) {
    if (!name.empty()) context_.events.lookup(context_.connection, made(piece, answer, name, type));
  }

  Context& context_;
};

bool recognise(Bytes first, std::uint16_t port) { return (is_v4_port(port) && dhcp::read_v4(first)) || (is_v6_port(port) && dhcp::read_v6(first)); }
std::unique_ptr<DatagramReader> open(Context& context) { return std::make_unique<Dhcp>(context); }

}  // namespace

extern const DatagramProtocol datagram_dhcp;
constexpr DatagramProtocol datagram_dhcp{.name = "dhcp", .title = "DHCP and DHCPv6", .spec = "RFC 2131, RFC 8415", .recognise = recognise, .open = open};

}  // namespace klik::traffic
