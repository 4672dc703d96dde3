// Peers find a way to each other, or to a relay, and then send something else between the same ports.
// Sources: RFC 8489; RFC 7983 (which first byte is whose).
#include "formats/net/stun.h"

#include <set>
#include <utility>

#include "traffic/protocol.h"
#include "traffic/search_windows.h"

namespace klik::traffic {
extern const DatagramProtocol datagram_stun;
namespace {

constexpr std::uint16_t kPort = 3478;
constexpr unsigned kTries = 4;   // datagrams of something else that are offered to the protocols

bool is_stun(Bytes bytes, std::uint16_t port) {
  const auto read = net::stun::read(bytes);
  return read && !read->method.empty() && (read->cookie || port == kPort);
}

class Stun final : public DatagramReader {
 public:
  explicit Stun(Context& context) : context_(context) {}

  void read(const Piece& piece) override {
    const auto message = net::stun::read(piece.bytes);
    if (message && is_stun(piece.bytes, context_.connection.called.port)) return tell(*message, piece);
    if (inner_) return inner_->read(piece);
    if (tried_++ < kTries)
      for (const DatagramProtocol* p : datagram_protocols()) {
        if (p == &datagram_stun || !p->recognise(piece.bytes, context_.connection.called.port)) continue;
        context_.connection.speaks(p->name);
        inner_ = p->open(context_);
        return inner_->read(piece);
      }
    context_.connection.hides(Dark::unknown_protocol, piece.way, piece.bytes.size());
    show_unread(context_, piece);
  }

  void end() override {
    if (inner_) inner_->end();
  }

 private:
  // Keep-alives come by the hundred: each kind is told once.
  void tell(const net::stun::Message& m, const Piece& piece) {
    show_part(context_, piece, "stun.message");
    if (!told_.insert({piece.way, m.form, m.method}).second) return;
    Message event;
    event.protocol = "stun";
    event.what = m.form;
    event.way = piece.way;
    event.host = m.realm;
    event.agent = m.software;
    event.detail = "method=" + std::string(m.method) + "; repeats are not told";
    event.origin = piece.origin;
    event.time_ns = piece.time_ns;
    context_.events.message(context_.connection, std::move(event));
  }

  Context& context_;
  std::unique_ptr<DatagramReader> inner_;
  unsigned tried_ = 0;
  std::set<std::tuple<Way, std::string_view, std::string_view>> told_;
};

std::unique_ptr<DatagramReader> open(Context& context) { return std::make_unique<Stun>(context); }

}  // namespace

constexpr DatagramProtocol datagram_stun{.name = "stun", .title = "STUN and TURN", .spec = "RFC 8489, RFC 8656", .recognise = is_stun, .open = open};

}  // namespace klik::traffic
