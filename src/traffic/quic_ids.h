// Which connection a QUIC packet with a short header may belong to when its addresses do not tell: by the connection id that its
// receiver chose. Shared by all connections of a capture; their readers add what they learn (Context::ids).
// Source: RFC 9000 §5.1 and §5.2, §9 (migration).
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "formats/net/quic.h"

namespace klik::traffic {

class QuicIds {
 public:
  // `owner`: as in Context::slot. Ids of no bytes tell nothing and are not taken; nor is anything beyond kMost ids of all connections.
  void add(Bytes id, std::uint32_t owner);
  void remove(Bytes id, std::uint32_t owner);
  bool empty() const { return owned_.empty(); }
  // The owners of ids that stand behind the first byte, those of the longest first, each once. At most kMostOwners: ids that more share
  // tell nothing.
  std::vector<std::uint32_t> owners(Bytes packet) const;

 private:
  static constexpr std::size_t kMost = 65'536, kMostOwners = 4;
  using Id = std::array<std::uint8_t, quic::kLongestId + 1>;   // its length first
  static Id id_of(Bytes id);

  std::set<std::pair<Id, std::uint32_t>> owned_;   // ordered, so that nobody can write ids that all fall together
  std::array<std::uint32_t, quic::kLongestId + 1> of_length_{};
};

}  // namespace klik::traffic
