#include <algorithm>
#include <deque>
#include <memory>

#include "quic_end.h"

namespace made {
namespace {

class Talk {
 public:
  Talk(Wire& wire, Flow flow, const std::string& host, const QuicPlan& plan, const std::vector<Exchange>& exchanges, KeyLog& keys)
      : wire_(wire), flow_(flow), host_(host), plan_(plan), exchanges_(exchanges), sockets_(Loopback::Kind::udp, flow.v6),
        client_({true, host_, exchanges, wire.random(), &keys, wire.now()}) {}

  void run() {
    std::size_t asked = 0;
    // Each turn sends, or lets the time pass until a timer runs out; the idle timer ends what hangs.
    for (std::size_t turn = 0; client_.answered() < exchanges_.size(); ++turn) {
      need_quic(turn < 100'000, "no end");
      if (client_.ready() && asked < exchanges_.size() && asked < client_.answered() + 8) {
        for (const std::size_t until = std::min(exchanges_.size(), asked + 1 + wire_.random()() % 5); asked < until;) client_.ask(asked++);
        if (plan_.update_keys && asked > exchanges_.size() / 3 && !updated_) updated_ = client_.update_keys(wire_.now());
      }
      bool moved = flush(Way::up);
      if (server_) moved |= flush(Way::down);
      if (moved) continue;
      std::uint64_t until = client_.expiry();
      if (server_) until = std::min(until, server_->expiry());
      wire_.wait_until(until);
      client_.expire(wire_.now());
      if (server_) server_->expire(wire_.now());
    }
    for (const auto& [stream, number] : client_.numbers())
      need_quic(server_->got(stream) == exchanges_[number].body && client_.got(stream) == exchanges_[number].answer, "lost words");
    if (const std::string last = client_.closing(wire_.now()); !last.empty()) udp_packet(wire_, flow_, Way::up, last);
  }

 private:
  bool flush(Way way) {
    QuicEnd& from = way == Way::up ? client_ : *server_;
    std::deque<std::string> flight;
    for (std::string datagram; flight.size() < 16 && !(datagram = from.write(wire_.now())).empty();) flight.push_back(std::move(datagram));
    if (flight.empty()) return false;
    auto& random = wire_.random();
    for (std::size_t i = 0; plan_.lossy && i + 1 < flight.size(); ++i)
      if (random() % 12 == 0) std::swap(flight[i], flight[i + 1]);
    for (const std::string& datagram : flight) {
      const unsigned fate = plan_.lossy ? static_cast<unsigned>(random() % 40) : 10;
      if (fate == 0) continue;                        // lost before the capture saw it
      const std::string arrived = sockets_.carry(way, datagram);
      udp_packet(wire_, flow_, way, arrived);
      if (fate == 1) continue;                        // lost behind
      if (fate == 2) udp_packet(wire_, flow_, way, arrived);
      deliver(way, arrived);
    }
    return true;
  }

  void deliver(Way way, const std::string& datagram) {
    if (way == Way::down) return client_.read(datagram, wire_.now());
    if (!server_) {
      ngtcp2_pkt_hd first{};
      // What overtook the first packet cannot be read yet; it will be sent again.
      if (ngtcp2_accept(&first, reinterpret_cast<const std::uint8_t*>(datagram.data()), datagram.size()) != 0) return;
      server_ = std::make_unique<QuicEnd>(QuicEnd::Setup{false, host_, exchanges_, wire_.random(), nullptr, wire_.now(), &first});
    }
    server_->read(datagram, wire_.now());
  }

  Wire& wire_;
  Flow flow_;
  std::string host_;
  QuicPlan plan_;
  const std::vector<Exchange>& exchanges_;
  Loopback sockets_;
  QuicEnd client_;
  std::unique_ptr<QuicEnd> server_;
  bool updated_ = false;
};

}  // namespace

void talk_http3(Wire& wire, Flow flow, const std::string& host, const QuicPlan& plan, const std::vector<Exchange>& exchanges, KeyLog& keys) {
  Talk(wire, flow, host, plan, exchanges, keys).run();
}

}  // namespace made
