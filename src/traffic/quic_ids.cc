#include "traffic/quic_ids.h"

#include <algorithm>

namespace klik::traffic {

QuicIds::Id QuicIds::id_of(Bytes id) {
  Id out{};
  out[0] = static_cast<std::uint8_t>(id.size());
  copy_bytes(out, 1, id);
  return out;
}

void QuicIds::add(Bytes id, std::uint32_t owner) {
  if (id.empty() || id.size() > quic::kLongestId || owned_.size() >= kMost) return;
  of_length_[id.size()] += owned_.emplace(id_of(id), owner).second;
}

void QuicIds::remove(Bytes id, std::uint32_t owner) {
  if (id.empty() || id.size() > quic::kLongestId) return;
  of_length_[id.size()] -= static_cast<std::uint32_t>(owned_.erase({id_of(id), owner}));
}

std::vector<std::uint32_t> QuicIds::owners(Bytes packet) const {
  std::vector<std::uint32_t> out;
  for (std::size_t length = quic::kLongestId; length > 0; --length) {
    const auto there = packet.slice(1, length);
    if (of_length_[length] == 0 || !there) continue;
    const Id id = id_of(*there);
    for (auto at = owned_.lower_bound({id, 0}); at != owned_.end() && at->first == id; ++at) {
      if (std::ranges::find(out, at->second) != out.end()) continue;
      if (out.size() == kMostOwners) return {};
      out.push_back(at->second);
    }
  }
  return out;
}

}  // namespace klik::traffic
