#include "formats/android/lp_metadata.h"

#include <algorithm>

#include "base/hash.h"

namespace klik::lp {
namespace {

struct WireGeometry {
  U32le magic, struct_size;
  std::uint8_t checksum[32];   // of struct_size bytes with this field zero
  U32le metadata_max_size, slot_count, logical_block_size;
};
static_assert(sizeof(WireGeometry) == 52);

struct Table {
  U32le offset, count, entry_size;   // offset from the end of the header
};

struct WireHeader {
  U32le magic;
  U16le major, minor;
  U32le header_size;
  std::uint8_t header_checksum[32];   // of header_size bytes with this field zero
  U32le tables_size;
  std::uint8_t tables_checksum[32];
  Table partitions, extents, groups, devices;
};
static_assert(sizeof(WireHeader) == 128);

struct WirePartition {
  char name[36];
  U32le attributes, first_extent, extent_count, group;
};
static_assert(sizeof(WirePartition) == 52);

struct WireExtent {
  U64le sectors;
  U32le type;
  U64le target;
  U32le device;
};
static_assert(sizeof(WireExtent) == 24);

struct WireDevice {
  U64le first_sector;
  U32le alignment, alignment_offset;
  U64le size;
  char name[36];
  U32le flags;
};
static_assert(sizeof(WireDevice) == 64);

constexpr std::uint32_t kGeometryMagic = 0x616C4467, kHeaderMagic = 0x414C5030;
// A sane writer uses 64 KiB; what is larger than this is no metadata.
constexpr std::uint32_t kMaxMetadata = 1u << 20;

// The digest of `bytes` as if `length` of them from `at` were zero.
Sha256Digest digest_without(Bytes bytes, std::uint64_t at, std::uint64_t length) {
  static constexpr std::uint8_t kZeros[32] = {};
  Hasher hasher;
  const auto before = bytes.slice(0, at), after = bytes.from(at + length);
  hasher.update(before ? *before : Bytes());
  hasher.update(Bytes(kZeros, length));
  hasher.update(after ? *after : Bytes());
  return hasher.finish_sha256();
}

bool equal(const Sha256Digest& digest, const std::uint8_t (&stored)[32]) { return std::ranges::equal(digest, stored); }

std::string text_of(const char (&field)[36]) { return std::string(field, std::ranges::find(field, '\0')); }

// Row `i` of a table that has been checked by check_table().
template <Wire T>
Result<const T*> row(Bytes tables, const Table& table, std::uint64_t i) {
  return tables.view<T>(table.offset + i * table.entry_size);
}

template <Wire T>
Result<void> check_table(Bytes tables, const Table& table, std::uint64_t at) {
  if (table.entry_size < sizeof(T)) return fail(Code::bad_value, at + 8, "table rows shorter than the format's");
  if (table.offset > tables.size() || table.count > (tables.size() - table.offset) / table.entry_size)
    return fail(Code::bad_value, at, "a table leaves the metadata");
  return {};
}

Result<void> read_tables(Bytes tables, const WireHeader& header, Metadata& out) {
  KLIK_CHECK(check_table<WirePartition>(tables, header.partitions, 80));
  KLIK_CHECK(check_table<WireExtent>(tables, header.extents, 92));
  KLIK_CHECK(check_table<WireDevice>(tables, header.devices, 116));
  const std::uint64_t base = header.header_size;
  out.extents.reserve(header.extents.count);
  for (std::uint32_t i = 0; i < header.extents.count; ++i) {
    KLIK_TRY(const WireExtent* e, row<WireExtent>(tables, header.extents, i));
    out.extents.push_back({e->sectors, static_cast<ExtentType>(std::uint32_t{e->type}), e->target, e->device});
  }
  for (std::uint32_t i = 0; i < header.devices.count; ++i) {
    KLIK_TRY(const WireDevice* d, row<WireDevice>(tables, header.devices, i));
    out.devices.push_back({text_of(d->name), d->first_sector, d->size});
  }
  out.partitions.reserve(header.partitions.count);
  for (std::uint32_t i = 0; i < header.partitions.count; ++i) {
    KLIK_TRY(const WirePartition* p, row<WirePartition>(tables, header.partitions, i));
    const std::uint64_t at = base + header.partitions.offset + std::uint64_t{i} * header.partitions.entry_size;
    if (p->first_extent > out.extents.size() || p->extent_count > out.extents.size() - p->first_extent)
      return fail(Code::bad_value, at + 40, "a partition's extents leave the extent table");
    out.partitions.push_back({text_of(p->name), p->attributes, p->first_extent, p->extent_count, p->group, at});
  }
  return {};
}

}  // namespace

Result<Geometry> read_geometry(Bytes bytes) {
  KLIK_TRY(const WireGeometry* wire, bytes.view<WireGeometry>(0));
  if (wire->magic != kGeometryMagic) return fail(Code::bad_magic, 0, "no geometry of logical partitions");
  if (wire->struct_size < sizeof(WireGeometry) || wire->struct_size > kGeometryBlock) return fail(Code::bad_value, 4, "geometry size out of range");
  KLIK_TRY(const Bytes whole, bytes.slice(0, wire->struct_size));
  if (!equal(digest_without(whole, 8, 32), wire->checksum)) return fail(Code::bad_checksum, 8, "the geometry's checksum does not match");
  const Geometry geometry{wire->metadata_max_size, wire->slot_count, wire->logical_block_size};
  if (geometry.metadata_max_size == 0 || geometry.metadata_max_size % kSector != 0 || geometry.metadata_max_size > kMaxMetadata)
    return fail(Code::bad_value, 40, "metadata size out of range");
  if (geometry.slot_count == 0 || geometry.slot_count > kMaxSlots) return fail(Code::bad_value, 44, "slot count out of range");
  return geometry;
}

Result<Metadata> read_metadata(Bytes slot) {
  KLIK_TRY(const WireHeader* header, slot.view<WireHeader>(0));
  if (header->magic != kHeaderMagic) return fail(Code::bad_magic, 0, "no metadata of logical partitions");
  if (header->major != 10) return fail(Code::unsupported, 4, "metadata major version is not 10");
  if (header->header_size < sizeof(WireHeader)) return fail(Code::bad_value, 8, "metadata header shorter than the format's");
  KLIK_TRY(const Bytes head, slot.slice(0, header->header_size));
  if (!equal(digest_without(head, 12, 32), header->header_checksum)) return fail(Code::bad_checksum, 12, "the metadata header's checksum does not match");
  KLIK_TRY(const Bytes tables, slot.slice(header->header_size, header->tables_size));
  if (!equal(sha256(tables), header->tables_checksum)) return fail(Code::bad_checksum, 48, "the metadata tables' checksum does not match");
  Metadata metadata{header->major, header->minor, 0, header->header_size + std::uint64_t{header->tables_size}, {}, {}, {}};
  // The flags came with minor version 2, in the first four bytes after the older header.
  if (header->header_size >= sizeof(WireHeader) + 4) {
    KLIK_TRY(metadata.flags, head.get<U32le>(sizeof(WireHeader)));
  }
  KLIK_CHECK(read_tables(tables, *header, metadata));
  return metadata;
}

}  // namespace klik::lp
