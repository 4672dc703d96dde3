// Puts packets of IP together that came in fragments. Sources: RFC 791 §3.2, RFC 8200 §4.5; RFC 5722: what overlaps is dropped
// whole, since two readers would put it together differently. An exact repeat is no overlap: RFC 8200 allows to ignore it.
#pragma once

#include <list>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "formats/net/ip.h"
#include "traffic/packet.h"

namespace klik::traffic {

class Fragments {
 public:
  static constexpr std::int64_t kPatience_ns = std::int64_t{30} * 1'000'000'000;   // of capture time
  static constexpr std::size_t kMostOpen = 1'024;          // datagrams that wait for more
  static constexpr std::uint64_t kMostBytes = std::uint64_t{8} << 20;   // in them, bookkeeping included

  // What a fragment leads to.
  struct Whole {
    Bytes payload;               // of the datagram; valid until the next call
    std::uint8_t protocol = 0;   // of its first fragment
    Origin frame;                // of its first fragment
    std::uint64_t payload_at = 0;
  };
  struct Added {
    std::optional<Whole> whole;
    // Something contradicts what came before; `conflict_at` is the place of the earlier fragment.
    bool conflict = false;
    std::uint64_t conflict_at = 0;
    std::uint64_t lost = 0;      // fragments given up by this call
  };

  // `at`: of the fragment's payload in the capture file.
  Added add(const net::IpPacket& fragment, std::uint32_t interface, Origin frame, std::uint64_t at, std::int64_t time_ns);
  // Gives up what still waits; returns how many fragments that are.
  std::uint64_t end();

 private:
  using Key = std::tuple<std::array<std::uint8_t, 16>, std::array<std::uint8_t, 16>, std::uint32_t, std::uint32_t, std::uint8_t>;
  struct Part {
    std::uint32_t end = 0;
    std::uint64_t at = 0;        // in the capture file
  };
  struct Datagram {
    Key key;
    std::int64_t started_ns = 0;
    std::map<std::uint32_t, Part> parts;   // by offset; never overlapping
    std::vector<std::uint8_t> data;
    std::uint64_t received = 0;
    std::optional<std::uint32_t> length;   // known once the last fragment is there
    std::optional<Whole> first;
    bool rejected = false;       // stays, so that later fragments of it are not taken for a new datagram
    std::uint64_t count = 0;     // fragments in it that are not yet counted as lost
  };
  using Place = std::list<Datagram>::iterator;

  std::uint64_t drop(Place place);
  std::uint64_t reject(Datagram& datagram);
  std::uint64_t cost(const Datagram& datagram) const;

  std::list<Datagram> open_;     // oldest first
  std::map<Key, Place> by_key_;
  std::uint64_t bytes_ = 0;
  std::vector<std::uint8_t> finished_;
};

}  // namespace klik::traffic
