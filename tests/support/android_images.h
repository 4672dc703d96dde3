// Writers of Android image containers for tests: they write whatever they are told, wrong values too.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"

namespace klik::test {

using ByteVector = std::vector<std::uint8_t>;

inline void put(ByteVector& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}
inline void put_be(ByteVector& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = bytes; i > 0; --i) out.push_back(static_cast<std::uint8_t>(value >> (8 * (i - 1))));
}
inline void put(ByteVector& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }
inline void put(ByteVector& out, std::string_view text) { put(out, Bytes::of(text)); }
// Writes over what stands at `at`, growing the vector with zeros where needed.
inline void place(ByteVector& out, std::size_t at, Bytes bytes) {
  if (out.size() < at + bytes.size()) out.resize(at + bytes.size());
  std::ranges::copy(bytes.span(), out.begin() + static_cast<std::ptrdiff_t>(at));
}
inline void put_name(ByteVector& out, std::string_view name, std::size_t room = 36) {
  const std::size_t end = out.size() + room;
  put(out, name.substr(0, room));
  out.resize(end);
}
inline ByteVector pattern(std::size_t size, unsigned seed) {
  ByteVector out(size);
  std::uint32_t x = seed * 2654435761u + 1;
  for (auto& b : out) {
    x = x * 1664525u + 1013904223u;
    b = static_cast<std::uint8_t>(x >> 24);
  }
  return out;
}

// Logical partition metadata (liblp metadata_format.h).
struct LpExtent {
  std::uint64_t sectors;
  std::uint32_t type = 0;
  std::uint64_t target = 0;
  std::uint32_t device = 0;
};
struct LpPartition {
  std::string name;
  std::vector<LpExtent> extents;
  std::uint32_t attributes = 1;
};
struct LpSlot {
  std::vector<LpPartition> partitions;
  std::vector<std::string> devices = {"super"};
  std::uint16_t major = 10, minor = 0;
  std::uint32_t flags = 0;
  std::uint32_t partition_row = 52, extent_row = 24;   // larger rows get zeros behind
  std::uint32_t extent_rows_more = 0;                  // added to the last partition's count only
};

inline ByteVector lp_geometry(std::uint32_t max_size, std::uint32_t slots, std::uint32_t struct_size = 52) {
  ByteVector out;
  put(out, 0x616C4467, 4);
  put(out, struct_size, 4);
  out.resize(40);
  for (const std::uint32_t v : {max_size, slots, 4096u}) put(out, v, 4);
  place(out, 8, as_bytes(sha256(Bytes(out))));
  return out;
}

inline ByteVector lp_metadata(const LpSlot& slot) {
  ByteVector partitions, extents, groups, devices;
  std::uint32_t first = 0;
  for (const LpPartition& p : slot.partitions) {
    const bool last = &p == &slot.partitions.back();
    const auto count = static_cast<std::uint32_t>(p.extents.size());
    const std::size_t end = partitions.size() + slot.partition_row;
    put_name(partitions, p.name);
    for (const std::uint32_t v : {p.attributes, first, count + (last ? slot.extent_rows_more : 0), 0u}) put(partitions, v, 4);
    partitions.resize(end);
    first += count;
    for (const LpExtent& e : p.extents) {
      const std::size_t row_end = extents.size() + slot.extent_row;
      put(extents, e.sectors, 8);
      put(extents, e.type, 4);
      put(extents, e.target, 8);
      put(extents, e.device, 4);
      extents.resize(row_end);
    }
  }
  put_name(groups, "default");
  groups.resize(48);
  for (const std::string& name : slot.devices) {
    put(devices, 2048, 8);
    put(devices, 1u << 20, 4);
    put(devices, 0, 4);
    put(devices, 1u << 30, 8);
    put_name(devices, name);
    put(devices, 0, 4);
  }
  ByteVector tables, descriptors;
  const auto table = [&](const ByteVector& rows, std::uint32_t row) {
    put(descriptors, tables.size(), 4);
    put(descriptors, rows.size() / row, 4);
    put(descriptors, row, 4);
    put(tables, Bytes(rows));
  };
  table(partitions, slot.partition_row);
  table(extents, slot.extent_row);
  table(groups, 48);
  table(devices, 64);
  ByteVector out;
  put(out, 0x414C5030, 4);
  put(out, slot.major, 2);
  put(out, slot.minor, 2);
  const std::uint32_t header = slot.minor >= 2 ? 256 : 128;
  put(out, header, 4);
  out.resize(44);
  put(out, tables.size(), 4);
  put(out, as_bytes(sha256(Bytes(tables))));
  put(out, Bytes(descriptors));
  if (header > 128) put(out, slot.flags, 4);
  out.resize(header);
  place(out, 12, as_bytes(sha256(Bytes(out))));
  put(out, Bytes(tables));
  return out;
}

// Where copy `copy` (0 primary, 1 backup) of a slot lies.
inline std::size_t lp_slot_at(std::size_t slot, std::size_t slots, std::size_t copy, std::size_t max_size) {
  return 12288 + (copy * slots + slot) * max_size;
}

inline ByteVector lp_image(const std::vector<LpSlot>& slots, std::size_t size, std::uint32_t max_size = 4096) {
  ByteVector out(size);
  const ByteVector geometry = lp_geometry(max_size, static_cast<std::uint32_t>(slots.size()));
  place(out, 4096, Bytes(geometry));
  place(out, 8192, Bytes(geometry));
  for (std::size_t i = 0; i < slots.size(); ++i)
    for (std::size_t copy = 0; copy < 2; ++copy) place(out, lp_slot_at(i, slots.size(), copy, max_size), Bytes(lp_metadata(slots[i])));
  return out;
}

}  // namespace klik::test
