// Datagrams that belong to one request of HTTP: of the connection below, or in capsules on the request's own stream. A request with
// connect-udp makes them a tunnel for UDP.
// Source: RFC 9297 (§2.1 HTTP/3 datagrams, §3 capsules), RFC 9298 (§3 targets, §5 context ids).
#pragma once

#include <memory>
#include <string_view>

#include "traffic/inner_datagrams.h"
#include "traffic/pending.h"

namespace klik::traffic {

inline constexpr std::string_view kUdpTunnel = "connect-udp", kIpTunnel = "connect-ip";   // :protocol, or Upgrade

class HttpDatagrams final : public StreamReader {
 public:
  struct Setup {
    std::string_view carrier;    // "http1", "h2" or "h3"; a literal
    std::uint64_t stream = 0;
    bool tunnel = false;         // for UDP, and its insides are to be read
    std::uint16_t port = 0;      // that it leads to; 0: not known
  };
  HttpDatagrams(Context& context, ToldProtocols& told, const Setup& setup);
  // One datagram of the request, without the stream's number.
  void datagram(const Piece& piece);
  // The request's stream: capsules.
  void read(const Piece& piece) override;
  void gap(Way way, std::uint64_t bytes) override;
  void end() override;

 private:
  struct Side {
    Pending pending;
    std::uint64_t skip = 0;      // bytes of a capsule that is not read
    bool lost = false;           // it is not known where capsules begin
  };
  bool step(Side& side, Way way);

  Context& context_;
  bool tunnel_;
  InnerDatagrams payloads_, others_;   // others: under context ids that nobody explains
  std::array<Side, 2> sides_;
};

// The port of a target in the path that RFC 9298 §2 proposes, /.well-known/masque/udp/HOST/PORT/; 0 in any other.
std::uint16_t masque_port(std::string_view path);

}  // namespace klik::traffic
