// Devices seek and announce services on the local network, and name their software. Source: UPnP Device Architecture 2.0 §1.
#include "formats/net/ssdp.h"

#include "traffic/protocol.h"
#include "traffic/search_windows.h"

namespace klik::traffic {
namespace {

namespace ssdp = net::ssdp;

// "192.0.2.1" of "http://192.0.2.1:49152/description.xml" and of "192.0.2.1:1900".
std::string host_in(std::string_view text) {
  if (const auto scheme = text.find("://"); scheme != text.npos) text.remove_prefix(scheme + 3);
  if (text.starts_with('[')) return std::string(text.substr(1, std::min(text.find(']'), text.size()) - 1));
  return std::string(text.substr(0, text.find_first_of(":/")));
}

class Ssdp final : public DatagramReader {
 public:
  explicit Ssdp(Context& context) : context_(context) {}

  void read(const Piece& piece) override {
    const auto message = ssdp::read(piece.bytes);
    if (!message) {
      context_.connection.hides(Dark::unknown_protocol, piece.way, piece.bytes.size());
      return show_unread(context_, piece);
    }
    Message event;
    event.protocol = "ssdp";
    event.what = message->what;
    event.way = piece.way;
    const std::string_view location = ssdp::field(*message, "LOCATION"), server = ssdp::field(*message, "SERVER");
    event.host = host_in(location.empty() ? ssdp::field(*message, "HOST") : location);
    event.agent = server.empty() ? ssdp::field(*message, "USER-AGENT") : server;
    event.origin = piece.origin;
    event.time_ns = piece.time_ns;
    const std::uint64_t number = context_.events.message(context_.connection, std::move(event));
    if (!context_.events.wants_content()) return;
    for (const ssdp::Field& f : message->fields)
      context_.events.content(context_.connection, {.message = number, .place = "ssdp.field", .name = f.name, .type = {}, .way = piece.way, .bytes = Bytes::of(f.value), .coding = {}, .origin = piece.origin, .time_ns = piece.time_ns});
  }
  void end() override {}

 private:
  Context& context_;
};

bool recognise(Bytes first, std::uint16_t) { return ssdp::read(first).has_value(); }
std::unique_ptr<DatagramReader> open(Context& context) { return std::make_unique<Ssdp>(context); }

}  // namespace

extern const DatagramProtocol datagram_ssdp;
constexpr DatagramProtocol datagram_ssdp{.name = "ssdp", .title = "Simple Service Discovery Protocol", .spec = "UPnP Device Architecture 2.0", .recognise = recognise, .open = open};

}  // namespace klik::traffic
