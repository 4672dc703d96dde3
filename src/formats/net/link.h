// Takes the packet of IP out of what a link layer, or a tunnel inside IP, wraps it in. Never recursive; depth is bounded.
// Sources: tcpdump.org/linktypes.html for the link types; IEEE 802.1Q, 802.3, 802.11; RFC 1662 and 1332 (PPP), 2516 (PPPoE),
// 3032 (MPLS), 1042 (LLC and SNAP), 2784 and 2890 (GRE), 2637 (PPTP), 7348 (VXLAN), 8926 (Geneve), 2661 and 3931 (L2TP), 4380 (Teredo), 3GPP TS 29.281 (GTP-U);
// pktap.h for Apple's.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "formats/net/capture_file.h"

namespace klik::net {

enum class Carried : std::uint8_t {
  ip,               // `bytes` begin with a header of IP, and may go on behind its end
  other,            // something that is not IP: ARP, management of a link, …
  protected_frame,  // 802.11 under link encryption
  aggregate,        // an 802.11 A-MSDU: `bytes` are its subframes, for SubFrames
  fragment,         // a part of an 802.11 MSDU: for read_wifi_fragment()
  damaged,          // the headers contradict themselves or the length
  unsupported,      // a link type that is not read
};

struct Peeled {
  Carried what = Carried::other;
  Bytes bytes;
  FrameSide side = FrameSide::unknown;   // of link types that say it
  std::int32_t uid = -1;                 // of NFLOG: the Android user that the packet belongs to
};

Peeled peel_link(std::uint32_t link_type, Bytes frame);

// By EtherType, through any number of tags, PPPoE, MPLS and inner Ethernet, up to a bound.
Peeled peel_ethertype(std::uint16_t type, Bytes payload);

// What a packet of IP carries when that is another packet of IP; `other` when it carries none. `protocol`: of IP.
Peeled peel_tunnel(std::uint8_t protocol, Bytes payload);

// 802.11 without what a capture program puts before it. `padded`: the body begins at a multiple of four bytes.
Peeled peel_wifi(Bytes frame, bool padded);
// With a header that a capture program puts before it: link types 119, 127, 163, 192.
Peeled peel_wifi_capture(std::uint32_t link_type, Bytes frame);

// What puts the parts of an MSDU together: IEEE 802.11-2020 §9.2.4.1, §9.2.4.4 and §10.5.
struct WifiFragment {
  std::array<std::uint8_t, 6> from{}, to{};   // transmitter and receiver
  std::uint8_t category = kNoCategory;        // of traffic (TID): sequence numbers count in each one
  std::uint16_t sequence = 0;                 // of the MSDU, 12 bits
  std::uint8_t number = 0;                    // of the part, 0 … 15
  bool more = false;                          // it is not the last
  bool retry = false;                         // it was sent before
  bool aggregate = false;                     // the MSDU is an A-MSDU
  Bytes body;

  static constexpr std::uint8_t kNoCategory = 16;   // of frames without quality of service
};
// Of a frame whose link was peeled to a fragment. Errors: truncated, unsupported.
Result<WifiFragment> read_wifi_fragment(std::uint32_t link_type, Bytes frame);

// A whole MSDU, or A-MSDU.
Peeled peel_msdu(Bytes body, bool aggregate);

// Subframes of an A-MSDU, one at a time: IEEE 802.11-2020 §9.3.2.2.2.
class SubFrames {
 public:
  explicit SubFrames(Bytes bytes) : rest_(bytes) {}
  bool empty() const { return rest_.empty(); }
  Peeled next();   // advances always

 private:
  Bytes rest_;
};

// Where `part`, a slice of `whole`, begins in it.
inline std::uint64_t offset_in(Bytes whole, Bytes part) { return static_cast<std::uint64_t>(part.data() - whole.data()); }

}  // namespace klik::net
