// Datagrams that a layer opened: records of DTLS, DATAGRAM frames of QUIC, what HTTP carries for a tunnel. They are read by the protocol
// that they turn out to speak. Of others the start is told, as of any that nobody knows, and beyond that they are messages by the
// handful, which identifiers are searched in.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "traffic/body.h"
#include "traffic/context.h"
#include "traffic/told_protocols.h"

namespace klik::traffic {

class InnerDatagrams final : public DatagramReader {
 public:
  struct Setup {
    std::string_view carrier;        // Message::protocol: "dtls", "quic", "h2", "h3"; a literal
    std::uint64_t stream = 0;        // of the carrier, where it has streams
    bool recognise = true;           // whether they may speak a protocol of their own
    std::uint16_t port = 0;          // that they would go to; 0: not known
  };
  // `told` is shared by all that the connection carries, and outlives this.
  InnerDatagrams(const Context& context, ToldProtocols& told, const Setup& setup);
  ~InnerDatagrams() override;
  InnerDatagrams(const InnerDatagrams&) = delete;   // what is inside refers to this
  InnerDatagrams& operator=(const InnerDatagrams&) = delete;
  void read(const Piece& datagram) override;
  void end() override;

 private:
  struct Held {
    std::vector<std::uint8_t> bytes;
    Origin origin;
    std::int64_t time_ns;
  };
  // Those of one way that become one message.
  struct Handful {
    std::uint64_t count = 0, bytes = 0, held_bytes = 0;
    Origin origin;                   // of the first
    std::int64_t time_ns = 0;
    std::vector<Held> held;
  };

  bool recognised(const Piece& datagram);
  void gather(const Piece& datagram);
  void tell(Way way);
  std::uint64_t message(Way way, const Handful& all);
  void content(std::uint64_t message, const Piece& datagram);

  Context context_;                  // without a place for ids: what is inside has no addresses
  ToldProtocols& told_;
  Setup setup_;
  CollectedBytes share_;
  std::unique_ptr<DatagramReader> reader_;
  unsigned tried_ = 0;
  std::array<bool, 2> start_told_{};
  std::array<Handful, 2> handfuls_;  // by Way
};

}  // namespace klik::traffic
