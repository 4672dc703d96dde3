// One QUIC connection: its first packets opened with the keys that everybody can make, the rest with secrets where there are any.
// Source: RFC 9000, RFC 9001, RFC 9368 (a server that answers in another version), RFC 9369.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "formats/net/quic.h"
#include "formats/net/quic_frames.h"
#include "traffic/context.h"
#include "traffic/quic_crypto.h"
#include "traffic/quic_protection.h"
#include "traffic/quic_streams.h"
#include "traffic/seen_numbers.h"
#include "traffic/stream.h"

namespace klik::traffic {

class QuicConnection final : public DatagramReader {
 public:
  explicit QuicConnection(Context& context);
  ~QuicConnection() override;
  void read(const Piece& datagram) override;
  Claim claim(Bytes datagram) override;
  void end() override;

 private:
  enum class Level : std::uint8_t { initial, early, handshake, application };
  static constexpr std::size_t kLevels = 4, kSpaces = 3;

  struct Packet {
    Way way;
    Level level;
    std::uint32_t version = 0;       // of long headers
    Bytes bytes;                     // from its first byte to its end
    std::uint64_t number_at = 0;     // 0: a short header, whose length the ids tell
    Bytes destination, source;       // of long headers
    Origin origin;
    std::int64_t time_ns = 0;
  };
  // A packet that came before its keys.
  struct Held {
    Packet packet;                   // its windows are empty
    std::vector<std::uint8_t> bytes;
  };
  struct Id {
    std::uint8_t size = 0;
    std::array<std::uint8_t, quic::kLongestId> bytes{};
    Bytes view() const { return *Bytes(bytes).slice(0, size); }
    friend bool operator==(const Id&, const Id&) = default;
  };
  static Id id_of(Bytes bytes);

  // All that begins anew when another connection starts between the same ports.
  struct State {
    explicit State(const Limits& limits);
    Way client_way = Way::up;
    const quic::Version* version = nullptr;           // of the keys of Initial packets; null before there are any
    const quic::Version* traffic_version = nullptr;   // of the keys of the rest
    Id first_destination;                             // what the keys of Initial packets are made of
    bool starts_again = false;                        // Retry or Version Negotiation: the client repeats its hello under other keys
    std::array<std::array<std::unique_ptr<QuicProtection>, 2>, kLevels> keys;   // by Level and QuicSide
    std::array<std::array<NumberSpace, 2>, kSpaces> numbers;
    std::array<std::vector<QuicCrypto>, 2> crypto;    // by QuicSide: of Initial, of Handshake
    std::array<std::vector<Id>, 2> ids;               // by Way: that packets of this way may be sent to
    std::vector<Held> held;
    std::uint64_t held_bytes = 0;

    bool client_seen = false, server_seen = false, retry_asked = false;
    bool readable = false;                            // secrets of this client are known
    bool settled = false;                             // the hellos are told and nothing more can be read: keys are gone
    ClientRandom random{};
    std::vector<AeadKind> kinds;                      // that the traffic may be protected with
    std::uint32_t failures = 0;                       // packets in a row that no key opened, of the levels that need secrets
    std::string alpn;
    std::optional<Hello> server_event;                // waits for EncryptedExtensions
    std::unique_ptr<QuicStreams> streams;             // once there is one
    std::array<SeenNumbers, 2> seen;                  // by QuicSide: of packets with datagrams
  };

  QuicSide side(Way way) const { return way == state_.client_way ? QuicSide::client : QuicSide::server; }
  // As the protocols inside see it, whoever the capture takes for the caller.
  static Way way_of(QuicSide side) { return side == QuicSide::client ? Way::up : Way::down; }
  static NumberSpace& space(State& state, Level level, QuicSide side);

  void packet(const Packet& packet);
  bool read_initial(const Packet& packet);
  bool begin(const Packet& packet);
  void settle();
  bool is_known_id(Way way, Bytes id) const;
  bool open_initial(QuicProtection& keys, const Packet& packet, QuicSide side);
  bool read_protected(const Packet& packet);
  bool can_open(Way way) const;
  bool open_protected(const Packet& packet, std::uint64_t number_at);
  std::uint64_t short_number_at(const Packet& packet) const;
  bool hold(const Packet& packet);
  void hide(const Packet& packet);

  void frames(const Packet& packet, bool google_frames);
  void handshake(const Packet& packet, const quic::Frame& frame);
  void google_hello(const Packet& packet, const QuicCrypto& crypto);
  void client_hello(Bytes body, const QuicCrypto::Message& at);
  void server_hello(Bytes body, const QuicCrypto::Message& at);
  void tell_server_hello();
  void agreed(std::string_view alpn);
  void learn_id(Way way, Bytes id);
  void forget_ids();
  void problem(Code code, const char* what, Origin origin, EventSink::Severity severity);

  QuicStreams& streams();
  void finish();

  Context& context_;
  State state_;
  std::vector<std::uint8_t> plain_;                   // of the packet at hand
  bool keys_came_ = false;                            // what is held may open now
  unsigned problems_ = 0;                             // told
};

}  // namespace klik::traffic
