// Puts MSDUs of 802.11 together that were sent in parts. Source: IEEE 802.11-2020 §10.4 and §10.5 (fragmentation, reassembly), §10.3.2.14
// (what is sent again is recognised by its sequence number and the Retry flag).
#pragma once

#include <array>
#include <list>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "formats/net/link.h"
#include "traffic/stream.h"

namespace klik::traffic {

class WifiFragments {
 public:
  static constexpr std::int64_t kPatience_ns = 1'000'000'000;   // of capture time; receivers wait half a second
  static constexpr std::size_t kMostOpen = 256;                 // MSDUs that wait for more, or that are remembered
  static constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 20;
  static constexpr std::size_t kLargest = 11'454;               // the largest A-MSDU

  struct Whole {
    Bytes bytes;                 // of the MSDU; valid until the next call
    bool aggregate = false;
    Origin frame;                // of its first part
    std::uint64_t at = 0;        // of its first part's body in the capture file
  };
  struct Added {
    std::optional<Whole> whole;
    bool conflict = false;       // the part contradicts what came before: all of the MSDU is given up
    std::uint64_t lost = 0;      // parts given up by this call
  };

  // `whole_part` false when the capture cut it. `at`: of its body in the capture file.
  Added add(const net::WifiFragment& part, bool whole_part, std::uint32_t interface, Origin frame, std::uint64_t at, std::int64_t time_ns);
  // Gives up what still waits; returns how many parts that are.
  std::uint64_t end();

 private:
  using Address = std::array<std::uint8_t, 6>;
  using Key = std::tuple<Address, Address, std::uint8_t, std::uint16_t, std::uint32_t>;
  struct Msdu {
    Key key;
    std::int64_t started_ns = 0;
    std::array<std::vector<std::uint8_t>, 16> parts;   // empty: not yet there
    std::optional<std::uint8_t> last;                  // number of the last part, once it is there
    std::uint64_t size = 0;                            // of all parts
    bool aggregate = false;
    enum class State : std::uint8_t { open, done, given_up } state = State::open;   // the last two stay, so that repeats are known
    Origin frame;
    std::uint64_t at = 0;
    std::uint64_t waiting = 0;                         // parts in it that are not yet counted as lost
  };
  using Place = std::list<Msdu>::iterator;

  std::uint64_t drop(Place place);
  std::uint64_t close(Msdu& msdu, Msdu::State state);
  Added store(Msdu& msdu, const net::WifiFragment& part, Origin frame, std::uint64_t at);

  std::list<Msdu> open_;         // oldest first
  std::map<Key, Place> by_key_;
  std::uint64_t bytes_ = 0;
  std::vector<std::uint8_t> finished_;
};

}  // namespace klik::traffic
