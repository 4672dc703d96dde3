// One stream of HTTP/2 or HTTP/3: a message each way, or what a CONNECT turned it into. The framing around it is its owner's.
// Source: RFC 9113 §8, RFC 9114 §4, RFC 8441 and RFC 9220 (CONNECT with :protocol), RFC 9298 (UDP).
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "traffic/http_datagrams.h"
#include "traffic/http_message.h"

namespace klik::traffic {

// What the streams of one connection share. Outlives them.
struct HttpStreams {
  HttpStreams(Context& in, std::string_view named) : context(in), share(in), protocol(named) {}
  Context& context;
  CollectedBytes share;
  std::string_view protocol;      // of their messages: "h2", "h3"; a literal
  std::size_t tunnels = 0;        // CONNECTs whose insides are read
  std::size_t udp_tunnels = 0;    // the same of CONNECT for UDP
  ToldProtocols told;             // that datagrams turned out to speak
};

class HttpStream {
 public:
  HttpStream(HttpStreams& all, std::uint64_t id) : all_(all), id_(id) {}

  using EachField = std::function<void(std::string_view name, std::string_view value)>;
  // A header section or trailers. `decode` calls its argument for each field, and returns false when the section is broken.
  void fields(Way way, Origin origin, std::int64_t time_ns, const std::function<bool(const EachField&)>& decode);
  void data(Way way, Bytes bytes, Origin origin, std::int64_t time_ns);
  // A datagram that belongs to this stream, without the stream's number.
  void datagram(Way way, Bytes bytes, Origin origin, std::int64_t time_ns);
  // Data of the way are not in the capture; 0: it is not known how many.
  void missing(Way way, std::uint64_t bytes);
  void note(Way way, std::string_view words);
  // The way ends as it should. True when the other one has ended too.
  bool finish(Way way);
  // Tells what is open, as damaged unless `words` is "".
  void close(std::string_view words);
  // One side gave it up: what is open is told, and what is still on its way passes.
  void reset();
  // This way carries nothing: the request was made elsewhere.
  void skip(Way way) { done_[index(way)] = true; }

 private:
  static std::size_t index(Way way) { return static_cast<std::size_t>(way); }
  void begin(Way way, bool request, Origin origin, std::int64_t time_ns);
  void tell(Way way);
  void after_fields(Way way);
  HttpDatagrams& datagrams();

  HttpStreams& all_;
  std::uint64_t id_;
  std::array<std::unique_ptr<HttpMessage>, 2> message_;
  std::array<bool, 2> done_{};
  std::string tunnel_protocol_;   // of a CONNECT: its :protocol, or "connect"
  std::uint16_t tunnel_port_ = 0; // that a CONNECT for UDP leads to; 0: not known
  std::unique_ptr<StreamReader> tunnel_;
  bool capsules_ = false;         // once a CONNECT for UDP was granted: what the stream carries
  std::unique_ptr<HttpDatagrams> datagrams_;
};

}  // namespace klik::traffic
