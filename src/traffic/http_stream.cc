#include "traffic/http_stream.h"

#include <utility>

#include "traffic/protocol.h"
#include "traffic/websocket.h"

namespace klik::traffic {
namespace {

constexpr std::size_t kUdpTunnels = 64;   // of one connection: a relay has one for each of the others
constexpr std::size_t kTunnels = 8;   // of one connection; beyond that what a CONNECT carries is a body

}  // namespace

void HttpStream::begin(Way way, bool request, Origin origin, std::int64_t time_ns) {
  message_[index(way)] = std::make_unique<HttpMessage>(all_.context, all_.share, all_.protocol, request ? "request" : "response", way, id_, origin, time_ns);
}

void HttpStream::tell(Way way) {
  if (message_[index(way)]) message_[index(way)]->tell(all_.context);
  message_[index(way)].reset();
}

void HttpStream::fields(Way way, Origin origin, std::int64_t time_ns, const std::function<bool(const EachField&)>& decode) {
  auto& message = message_[index(way)];
  bool first = true;
  const bool read = decode([&](std::string_view name, std::string_view value) {
    if (std::exchange(first, false) && (!message || name.starts_with(':'))) {
      tell(way);   // a second header section without an end of the first: not allowed, but seen
      begin(way, name == ":status" ? false : name.starts_with(':') || way == Way::up, origin, time_ns);
    }
    message->field(name, value);
  });
  if (!read) {
    if (!message) begin(way, way == Way::up, origin, time_ns);
    message->damaged("its header fields cannot be read");
  }
  after_fields(way);
}

// The fields of this way are known as far as they will be, trailers apart.
void HttpStream::after_fields(Way way) {
  auto& message = message_[index(way)];
  if (!message) return;
  message->name_connection(all_.context);
  const std::uint32_t status = message->event.status;
  if (message->is_request()) {
    if (message->event.method != "CONNECT") return;
    tunnel_protocol_ = message->upgrade().empty() ? "connect" : message->upgrade();
    if (tunnel_protocol_ == kUdpTunnel) {
      message->note("a tunnel for UDP");
      tunnel_port_ = masque_port(message->event.path);
    } else if (tunnel_protocol_ == kIpTunnel) {
      message->note("a tunnel for IP");
    }
    return;
  }
  if (status >= 100 && status < 200) return tell(way);
  if (tunnel_protocol_ == kUdpTunnel && status >= 200 && status < 300 && !std::exchange(capsules_, true)) {
    tell(way);
    return tell(other(way));
  }
  if (tunnel_protocol_.empty() || status < 200 || status >= 300 || tunnel_ || all_.tunnels == kTunnels || !may_nest(all_.context.connection)) return;
  const bool websocket = tunnel_protocol_ == "websocket";
  if (!websocket && tunnel_protocol_ != "connect") return;
  ++all_.tunnels;
  const WebSocketTerms terms = websocket_terms(message->websocket_extensions());
  tell(way);
  tell(other(way));
  if (websocket) all_.context.connection.speaks("websocket");
  tunnel_ = websocket ? open_websocket(all_.context, terms) : recognising_reader(all_.context, "", all_.protocol);
}

HttpDatagrams& HttpStream::datagrams() {
  if (!datagrams_) {
    const bool tunnel = tunnel_protocol_ == kUdpTunnel && all_.udp_tunnels < kUdpTunnels;
    all_.udp_tunnels += tunnel;
    if (tunnel) all_.told.during(all_.context.connection, [&] { all_.context.connection.speaks(kUdpTunnel); });
    datagrams_ = std::make_unique<HttpDatagrams>(all_.context, all_.told, HttpDatagrams::Setup{.carrier = all_.protocol, .stream = id_, .tunnel = tunnel, .port = tunnel_port_});
  }
  return *datagrams_;
}

void HttpStream::datagram(Way way, Bytes bytes, Origin origin, std::int64_t time_ns) { datagrams().datagram({way, bytes, origin, time_ns}); }

void HttpStream::data(Way way, Bytes bytes, Origin origin, std::int64_t time_ns) {
  if (capsules_) {
    if (!bytes.empty()) datagrams().read({way, bytes, origin, time_ns});
    return;
  }
  if (tunnel_) {
    if (!bytes.empty()) tunnel_->read({way, bytes, origin, time_ns});
    return;
  }
  auto& message = message_[index(way)];
  if (!message) {
    if (done_[index(way)] || bytes.empty()) return;
    begin(way, way == Way::up, origin, time_ns);
    message->damaged("its header fields are not in the capture");
  }
  message->body().add(bytes);
}

void HttpStream::missing(Way way, std::uint64_t bytes) {
  if (tunnel_) tunnel_->gap(way, bytes);
  else if (capsules_) datagrams().gap(way, bytes);
  else if (message_[index(way)]) message_[index(way)]->body().missing(bytes);
}

void HttpStream::note(Way way, std::string_view words) {
  if (message_[index(way)]) message_[index(way)]->note(words);
}

bool HttpStream::finish(Way way) {
  tell(way);
  done_[index(way)] = true;
  if (!done_[index(other(way))]) return false;
  close("");
  return true;
}

void HttpStream::close(std::string_view words) {
  if (tunnel_) tunnel_->end();
  tunnel_.reset();
  if (datagrams_) datagrams_->end();
  datagrams_.reset();
  for (const Way way : {Way::up, Way::down}) {
    if (message_[index(way)] && !words.empty()) message_[index(way)]->damaged(words);
    tell(way);
  }
}

void HttpStream::reset() {
  for (const Way way : {Way::up, Way::down}) note(way, "reset");
  close("");
  done_ = {true, true};
}

}  // namespace klik::traffic
