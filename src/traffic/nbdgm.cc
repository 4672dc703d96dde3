// Datagrams of NetBIOS: each names its sender, and browsers of networks send them to all. Source: RFC 1002 §4.4.
#include "formats/net/netbios.h"
#include "traffic/protocol.h"
#include "traffic/search_windows.h"

namespace klik::traffic {
namespace {

class Nbdgm final : public DatagramReader {
 public:
  explicit Nbdgm(Context& context) : context_(context) {}

  void read(const Piece& piece) override {
    show_part(context_, piece, "nbdgm.message");
    const auto datagram = net::netbios::read_datagram(piece.bytes);
    if (!datagram) return;   // an error or a piece of a long one: it names nobody
    Lookup sender;
    sender.how = "nbdgm";
    sender.answer = true;
    sender.name = datagram->from;
    sender.type = "NB";
    sender.values = {datagram->address};
    sender.way = piece.way;
    sender.origin = piece.origin;
    sender.time_ns = piece.time_ns;
    Lookup receiver = sender;
    receiver.answer = false;
    receiver.name = datagram->to;
    receiver.values.clear();
    context_.events.lookup(context_.connection, std::move(sender));
    context_.events.lookup(context_.connection, std::move(receiver));
  }
  void end() override {}

 private:
  Context& context_;
};

bool recognise(Bytes first, std::uint16_t port) { return port == 138 && net::netbios::read_datagram(first).has_value(); }
std::unique_ptr<DatagramReader> open(Context& context) { return std::make_unique<Nbdgm>(context); }

}  // namespace

extern const DatagramProtocol datagram_nbdgm;
constexpr DatagramProtocol datagram_nbdgm{.name = "nbdgm", .title = "NetBIOS datagram service", .spec = "RFC 1002", .recognise = recognise, .open = open};

}  // namespace klik::traffic
