// From the two ends of a connection to its slot, and the order in which connections fell idle.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

#include "traffic/packet.h"

namespace klik::traffic {

// The two ends and the protocol, the lesser end first, so that both ways give one key.
struct FlowKey {
  std::array<std::uint8_t, 16> low, high;
  std::uint16_t low_port, high_port;
  std::uint8_t protocol;
  bool swapped;                // the packet goes from high to low; no part of the key

  explicit FlowKey(const Packet& p) {
    const int order = std::memcmp(p.from.address.bytes.data(), p.to.address.bytes.data(), 16);
    swapped = order > 0 || (order == 0 && p.from.port > p.to.port);
    const Endpoint& a = swapped ? p.to : p.from;
    const Endpoint& b = swapped ? p.from : p.to;
    low = a.address.bytes, high = b.address.bytes, low_port = a.port, high_port = b.port, protocol = p.protocol;
  }
  bool operator==(const FlowKey& o) const {
    return low_port == o.low_port && high_port == o.high_port && protocol == o.protocol && std::memcmp(low.data(), o.low.data(), 16) == 0 && std::memcmp(high.data(), o.high.data(), 16) == 0;
  }
  // Seeded, so that nobody can write a capture whose connections all fall together.
  std::uint64_t hash(std::uint64_t seed) const {
    const auto a = std::bit_cast<std::array<std::uint64_t, 2>>(low), b = std::bit_cast<std::array<std::uint64_t, 2>>(high);
    std::uint64_t h = seed ^ (std::uint64_t{low_port} << 40 | std::uint64_t{high_port} << 16 | protocol);
    for (const std::uint64_t x : {a[0], a[1], b[0], b[1]}) {
      h = (h ^ x) * 0x9e3779b97f4a7c15;
      h ^= h >> 32;
    }
    return h;
  }
};

// Open addressing with linear probing over indices of slots; the slots are the caller's.
class FlowTable {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  FlowTable() : cells_(1024) {}

  // The slot for which `same(slot)` holds among those of this hash, or kNone.
  template <class Same>
  std::uint32_t find(std::uint64_t hash, Same same) const {
    for (std::size_t i = hash & (cells_.size() - 1);; i = (i + 1) & (cells_.size() - 1)) {
      const Cell& c = cells_[i];
      if (c.slot == kNone) return kNone;
      if (c.tag == static_cast<std::uint32_t>(hash >> 32) && same(c.slot)) return c.slot;
    }
  }
  void insert(std::uint64_t hash, std::uint32_t slot) {
    if ((count_ + 1) * 2 > cells_.size()) grow();
    place(cells_, hash, slot);
    ++count_;
  }
  // REQUIRES: the slot was inserted with this hash.
  void erase(std::uint64_t hash, std::uint32_t slot) {
    const std::size_t mask = cells_.size() - 1;
    std::size_t i = hash & mask;
    while (cells_[i].slot != slot) i = (i + 1) & mask;
    // Move back what was pushed past the freed cell.
    for (std::size_t j = i;;) {
      j = (j + 1) & mask;
      if (cells_[j].slot == kNone) break;
      const std::size_t home = cells_[j].hash & mask;
      if (((j - home) & mask) >= ((j - i) & mask)) cells_[i] = cells_[j], i = j;
    }
    cells_[i].slot = kNone;
    --count_;
  }

 private:
  struct Cell {
    std::uint32_t tag = 0, slot = kNone;
    std::uint64_t hash = 0;
  };
  static void place(std::vector<Cell>& cells, std::uint64_t hash, std::uint32_t slot) {
    std::size_t i = hash & (cells.size() - 1);
    while (cells[i].slot != kNone) i = (i + 1) & (cells.size() - 1);
    cells[i] = {static_cast<std::uint32_t>(hash >> 32), slot, hash};
  }
  void grow() {
    std::vector<Cell> wider(cells_.size() * 2);
    for (const Cell& c : cells_)
      if (c.slot != kNone) place(wider, c.hash, c.slot);
    cells_ = std::move(wider);
  }

  std::vector<Cell> cells_;
  std::size_t count_ = 0;
};

}  // namespace klik::traffic
