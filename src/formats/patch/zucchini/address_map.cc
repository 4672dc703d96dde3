#include "formats/patch/zucchini/address_map.h"

#include <algorithm>
#include <tuple>

namespace klik::zucchini {
namespace {

constexpr std::uint32_t kBound = 0x7FFFFFFF;

std::uint32_t offset_end(const AddressMap::Unit& u) { return u.offset + u.size; }
std::uint32_t address_end(const AddressMap::Unit& u) { return u.address + u.size; }

}  // namespace

Result<AddressMap> AddressMap::make(std::vector<Unit> units) {
  std::erase_if(units, [](const Unit& u) { return u.size == 0; });
  for (const Unit& u : units)
    if (u.offset >= kBound || u.size > kBound - u.offset || u.address >= kBound || u.size > kBound - u.address)
      return fail(Code::bad_value, u.offset, "section beyond 31 bits");
  std::ranges::sort(units, [](const Unit& a, const Unit& b) {
    return std::tuple(a.address, a.size, a.offset) < std::tuple(b.address, b.size, b.offset);
  });
  std::vector<Unit> merged;
  for (const Unit& u : units) {
    if (merged.empty() || address_end(merged.back()) < u.address) {
      merged.push_back(u);
      continue;
    }
    Unit& last = merged.back();
    if (u.offset < last.offset || u.offset - last.offset != u.address - last.address) {
      // Side by side in memory, but not in the file: they stay apart.
      if (address_end(last) != u.address) return fail(Code::bad_value, u.offset, "two offsets for one address");
      merged.push_back(u);
      continue;
    }
    last.size = std::max(last.size, address_end(u) - last.address);
  }
  AddressMap map;
  map.by_address_ = merged;
  std::ranges::sort(merged, {}, &Unit::offset);
  std::uint32_t offsets = 0, addresses = 0;
  for (const Unit& u : merged) {
    if (u.offset < offsets) return fail(Code::bad_value, u.offset, "two addresses for one offset");
    offsets = offset_end(u);
    addresses = std::max(addresses, address_end(u));
  }
  if (offsets >= kBound || addresses > kBound - offsets) return fail(Code::bad_value, 0, "sections beyond 31 bits");
  map.by_offset_ = std::move(merged);
  return map;
}

std::uint32_t AddressMap::offset_of(std::uint32_t address) const {
  const auto next = std::ranges::upper_bound(by_address_, address, {}, &Unit::address);
  if (next == by_address_.begin()) return kNowhere;
  const Unit& u = *std::prev(next);
  return address - u.address < u.size ? address - u.address + u.offset : kNowhere;
}

std::uint32_t AddressMap::address_of(std::uint32_t offset) const {
  const auto next = std::ranges::upper_bound(by_offset_, offset, {}, &Unit::offset);
  if (next == by_offset_.begin()) return kNowhere;
  const Unit& u = *std::prev(next);
  return offset - u.offset < u.size ? offset - u.offset + u.address : kNowhere;
}

}  // namespace klik::zucchini
