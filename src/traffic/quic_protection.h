// The keys that protect QUIC packets of one way at one stage: header masks, packet numbers, and the packets themselves.
// Source: RFC 9001 §5 (protection), §6 (key updates), RFC 9369 §3.3 (labels of version 2).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/hash.h"
#include "formats/net/quic.h"
#include "traffic/aead.h"

namespace klik::traffic {

// Packet numbers of one way: Initial, Handshake, and 0-RTT together with 1-RTT each have their own (RFC 9000 §12.3).
struct NumberSpace {
  bool any = false;
  std::uint64_t largest = 0;
  std::uint64_t opened = 0;    // of the packet that was opened last
};

class QuicProtection {
 public:
  // `secret`: a traffic secret of TLS 1.3. `v2`: the labels of version 2. None when the AEAD refuses the key.
  static std::optional<QuicProtection> make(Bytes secret, AeadKind kind, bool v2);

  // Opens a packet, header included, whose masked number stands at `number_at`; its payload goes to `plain`. With a short header the keys
  // follow their updates. False, and nothing changes, when the tag does not verify.
  bool open(Bytes packet, std::uint64_t number_at, NumberSpace& space, std::vector<std::uint8_t>& plain);

  AeadKind kind() const { return kind_; }

 private:
  struct Keys {
    Aead aead;
    std::vector<std::uint8_t> secret, iv;
  };
  QuicProtection(HeaderMask mask, Keys keys, AeadKind kind, bool v2) : mask_(std::move(mask)), now_(std::move(keys)), kind_(kind), v2_(v2) {}

  static std::optional<Keys> keys_of(std::vector<std::uint8_t> secret, AeadKind kind, bool v2);
  bool open_with(Keys& keys, std::uint64_t number, Bytes sealed, std::vector<std::uint8_t>& plain);
  bool open_short(std::uint64_t number, bool phase, Bytes sealed, const NumberSpace& space, std::vector<std::uint8_t>& plain);

  HeaderMask mask_;
  Keys now_;
  std::optional<Keys> before_, next_;      // of the key phases beside this one
  AeadKind kind_;
  bool v2_;
  bool phase_ = false;                     // the bit that goes with `now_`
  std::uint64_t phase_from_ = 0;           // the number of the first packet seen under `now_`
  std::vector<std::uint8_t> header_;       // unmasked, of the packet at hand
};

HashAlgorithm hash_of(AeadKind kind);

// The secrets that everyone can make: out of the id that a client sends its first packet to.
enum class QuicSide : std::uint8_t { client, server };
std::optional<QuicProtection> initial_protection(const quic::Version& version, Bytes first_destination, QuicSide side);

}  // namespace klik::traffic
