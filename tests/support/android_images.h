// Writers of Android image containers for tests: they write whatever they are told, wrong values too.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
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

// CrAU version 2 (update_engine update_metadata.proto).
inline void put_varint(ByteVector& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}
inline void put_field(ByteVector& out, unsigned number, std::uint64_t value) {
  put_varint(out, number << 3);
  put_varint(out, value);
}
inline void put_field(ByteVector& out, unsigned number, Bytes value) {
  put_varint(out, number << 3 | 2);
  put_varint(out, value.size());
  put(out, value);
}

struct PayloadOperation {
  std::uint32_t type;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> targets;   // start, count
  ByteVector data{};
  bool digest = true, wrong_digest = false;
  std::uint64_t more_data = 0;        // added to the stated length
  std::uint64_t data_at = ~std::uint64_t{0};   // another place than its own
  std::vector<std::pair<std::uint64_t, std::uint64_t>> sources{};   // of the old image
  ByteVector source_bytes{};          // for the digest of what the sources hold; none when empty
};
struct PayloadPartition {
  std::string name;
  std::uint64_t size;
  std::vector<PayloadOperation> operations;
  ByteVector image{};                 // for the new digest; none when empty
  ByteVector old_image{};             // for the old size and digest; none when empty
  std::vector<std::pair<std::uint32_t, std::pair<std::uint64_t, std::uint64_t>>> generated{};   // field 10, 11, 14 or 15 and its blocks
  std::string hash_algorithm{};
  ByteVector salt{};
  std::uint32_t fec_roots = 0;
};
struct PayloadSettings {
  std::uint32_t block_size = 4096;
  std::uint64_t version = 2;
  std::uint32_t signature_size = 0;
};

inline ByteVector payload(const std::vector<PayloadPartition>& partitions, const PayloadSettings& settings = {}) {
  ByteVector manifest, blobs;
  put_field(manifest, 3, settings.block_size);
  for (const PayloadPartition& p : partitions) {
    ByteVector message, info;
    put_field(message, 1, Bytes::of(p.name));
    put_field(info, 1, p.size);
    if (!p.image.empty()) put_field(info, 2, as_bytes(sha256(Bytes(p.image))));
    put_field(message, 7, Bytes(info));
    if (!p.old_image.empty()) {
      ByteVector before;
      put_field(before, 1, p.old_image.size());
      put_field(before, 2, as_bytes(sha256(Bytes(p.old_image))));
      put_field(message, 6, Bytes(before));
    }
    for (const PayloadOperation& o : p.operations) {
      ByteVector operation;
      put_field(operation, 1, o.type);
      put_field(operation, 2, o.data_at == ~std::uint64_t{0} ? blobs.size() : o.data_at);
      put_field(operation, 3, o.data.size() + o.more_data);
      for (const auto& [start, count] : o.targets) {
        ByteVector extent;
        put_field(extent, 1, start);
        put_field(extent, 2, count);
        put_field(operation, 6, Bytes(extent));
      }
      for (const auto& [start, count] : o.sources) {
        ByteVector extent;
        put_field(extent, 1, start);
        put_field(extent, 2, count);
        put_field(operation, 4, Bytes(extent));
      }
      if (!o.source_bytes.empty()) put_field(operation, 9, as_bytes(sha256(Bytes(o.source_bytes))));
      Sha256Digest digest = sha256(Bytes(o.data));
      if (o.wrong_digest) digest[0] ^= 1;
      if (o.digest && !o.data.empty()) put_field(operation, 8, as_bytes(digest));
      put_field(message, 8, Bytes(operation));
      put(blobs, Bytes(o.data));
    }
    for (const auto& [field, blocks] : p.generated) {
      ByteVector extent;
      put_field(extent, 1, blocks.first);
      put_field(extent, 2, blocks.second);
      put_field(message, field, Bytes(extent));
    }
    if (!p.hash_algorithm.empty()) put_field(message, 12, Bytes::of(p.hash_algorithm));
    if (!p.salt.empty()) put_field(message, 13, Bytes(p.salt));
    if (p.fec_roots != 0) put_field(message, 16, p.fec_roots);
    put_field(manifest, 13, Bytes(message));
  }
  ByteVector out;
  put(out, "CrAU");
  put_be(out, settings.version, 8);
  put_be(out, manifest.size(), 8);
  put_be(out, settings.signature_size, 4);
  put(out, Bytes(manifest));
  out.resize(out.size() + settings.signature_size);
  put(out, Bytes(blobs));
  return out;
}

}  // namespace klik::test
