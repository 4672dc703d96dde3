// The streams of one opened QUIC connection: each put in order, and read by HTTP/3 or by the protocol that it turns out to speak; and its
// datagrams.
// Source: RFC 9000 §2 and §3, RFC 9114, RFC 9250 (DNS), RFC 9221 (datagrams).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "traffic/context.h"
#include "traffic/http3.h"
#include "traffic/inner_datagrams.h"
#include "traffic/quic_reorder.h"
#include "traffic/stream.h"
#include "traffic/told_protocols.h"

namespace klik::traffic {

class QuicStreams {
 public:
  explicit QuicStreams(Context& context) : context_(context) {}

  // The application protocol (ALPN). What was opened before keeps the reader that it has.
  void set_protocol(std::string_view alpn) { alpn_ = alpn; }
  // Bytes of a STREAM frame; `way`: up is from the side that is QUIC's client.
  void data(std::uint64_t id, Way way, std::uint64_t offset, Bytes bytes, bool fin, Origin origin, std::int64_t time_ns);
  // The sender gave this way up (RESET_STREAM).
  void reset(std::uint64_t id, Way way, Origin origin, std::int64_t time_ns);
  // What a DATAGRAM frame holds (RFC 9221), told of the same sender once.
  void datagram(Way way, Bytes bytes, Origin origin, std::int64_t time_ns);
  // Nothing follows. Called once.
  void end();

 private:
  struct OneWay {
    QuicReorder order;
    std::uint64_t end = ~std::uint64_t{0};   // where it ends, once that is known
    bool finished = false, fin_told = false;
    bool lost = false;                       // HTTP/3 cannot go on behind a hole
  };
  struct Stream {
    std::array<OneWay, 2> ways;              // by Way
    std::unique_ptr<StreamReader> reader;    // none under HTTP/3
  };
  using Open = std::map<std::uint64_t, Stream>;

  Stream* find_or_open(std::uint64_t id, Origin origin);
  void deliver(std::uint64_t id, Stream& stream, Way way, Bytes bytes, Origin origin, std::int64_t time_ns);
  void drain(std::uint64_t id, Stream& stream, Way way);
  void give_up(std::uint64_t id, Stream& stream, Way way, std::uint64_t offset);
  void finish_way(std::uint64_t id, Stream& stream, Way way, Origin origin, std::int64_t time_ns);
  void close(std::uint64_t id);
  bool was_closed(std::uint64_t id) const;
  void remember_closed(std::uint64_t id);
  template <class Read>
  void reading(Read read);

  Context& context_;
  std::string alpn_;
  Open open_;
  std::array<std::map<std::uint64_t, std::uint64_t>, 4> closed_;   // of each kind of id: first number to the one behind the last
  std::array<std::uint64_t, 2> held_{};                            // by Way, of all streams
  std::unique_ptr<Http3> http3_;
  std::unique_ptr<InnerDatagrams> datagrams_;                      // where HTTP/3 does not give them a meaning
  ToldProtocols told_;                                             // that streams and datagrams turned out to speak
  std::uint32_t unknown_ = 0;                                      // streams whose protocol nobody knew
  bool too_many_told_ = false;
};

}  // namespace klik::traffic
