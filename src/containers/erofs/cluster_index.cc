// Layout: struct z_erofs_map_header and z_erofs_lcluster_index of fs/erofs/erofs_fs.h.
#include "containers/erofs/cluster_index.h"

#include <algorithm>

namespace klik::erofs {
namespace {

struct RawHeader {
  U32le fragment;              // the upper half is the size of an inline tail
  U16le advise;
  std::uint8_t algorithms, cluster_bits;
};
static_assert(sizeof(RawHeader) == 8);

struct FullEntry {
  U16le advise, offset;
  U32le block;                 // or two distances
};
static_assert(sizeof(FullEntry) == 8);

constexpr std::uint16_t kCounts = 1u << 11;

constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t to) { return (value + to - 1) / to * to; }
std::uint64_t header_at(const Inode& inode) { return round_up(inode.body_at, 8); }

std::uint64_t cluster_count(const Inode& inode, const MapHeader& header) {
  const std::uint64_t size = std::uint64_t{1} << header.cluster_bits;
  return inode.size / size + (inode.size % size != 0);
}

// A distance with its high bit set is the block count of the physical cluster; the distance is then 1.
void set_inside(LogicalCluster& c, std::uint16_t distance, bool known) {
  c.type = ClusterType::inside;
  c.counts = (distance & kCounts) != 0;
  c.block = c.counts ? distance & (kCounts - 1u) : 0;
  c.back = c.counts ? std::uint16_t{1} : distance;
  c.back_known = known || c.counts;
}

Result<ClusterIndex> read_full(const Image& image, const Inode& inode, const MapHeader& header, FsMeter& meter) {
  const std::uint64_t at = header_at(inode) + 16;   // the header, then 8 bytes that are not used
  const std::uint64_t count = cluster_count(inode, header), size = image.source->size();
  if (at > size || count > (size - at) / sizeof(FullEntry)) return fail(Code::truncated, at, "a cluster index past the end of the image");
  KLIK_CHECK(meter.take(count * (sizeof(FullEntry) + sizeof(LogicalCluster)), at));
  KLIK_TRY(const Blob blob, image.source->load(at, count * sizeof(FullEntry)));
  KLIK_TRY(const auto raw, blob.bytes().array<FullEntry>(0, count));
  ClusterIndex index{{}, at + count * sizeof(FullEntry)};
  index.clusters.reserve(count);
  for (const FullEntry& e : raw) {
    LogicalCluster c;
    c.type = static_cast<ClusterType>(e.advise & 3);
    if (c.type == ClusterType::inside) {
      set_inside(c, static_cast<std::uint16_t>(e.block & 0xFFFF), true);
    } else {
      c.offset = e.offset;
      c.block = e.block;
    }
    index.clusters.push_back(c);
  }
  return index;
}

// A pack of 2 entries in 8 bytes or 16 in 32: bit fields from the front, the base block in the last word.
struct PackShape {
  std::uint64_t bytes;
  unsigned entries, bits;
};
constexpr PackShape kFourByte{8, 2, 16}, kTwoByte{32, 16, 14};

Result<void> read_pack(Bytes pack, const PackShape& shape, unsigned low_bits, bool big, std::uint64_t wanted, std::vector<LogicalCluster>& out) {
  KLIK_TRY(const U32le base, pack.get<U32le>(shape.bytes - 4));
  std::uint32_t blocks = big ? 0 : 1;   // of the heads so far in this pack
  bool uncounted = false;               // the last entry was a head whose size is not known yet
  for (unsigned i = 0; i < shape.entries && i < wanted; ++i) {
    KLIK_TRY(const U32le word, pack.get<U32le>(i * shape.bits / 8));
    const std::uint32_t bits = word >> (i * shape.bits % 8);
    const auto low = static_cast<std::uint16_t>(bits & ((1u << low_bits) - 1));
    LogicalCluster c;
    c.type = static_cast<ClusterType>(bits >> low_bits & 3);
    if (c.type == ClusterType::inside) {
      // The last one of a pack looks forward instead, unless it counts blocks.
      set_inside(c, low, i + 1 < shape.entries);
      if (c.counts && big) blocks += c.block;
      else if (uncounted) ++blocks;
      uncounted = false;
    } else {
      if (uncounted) ++blocks;
      c.offset = low;
      c.block = base + blocks;   // wraps like the field itself; the range is checked where it is used
      if (big) uncounted = true;
      else ++blocks;
    }
    out.push_back(c);
  }
  return {};
}

Result<ClusterIndex> read_compact(const Image& image, const Inode& inode, const MapHeader& header, FsMeter& meter) {
  const std::uint64_t start = header_at(inode) + 8;
  const std::uint64_t count = cluster_count(inode, header), size = image.source->size();
  if (header.cluster_bits > 14) return fail(Code::unsupported, start, "a compact index for blocks above 16 KiB");
  // Four-byte entries up to a multiple of 32, then whole packs of two-byte ones if advised, then four again.
  const std::uint64_t before = (32 - start % 32) / 4 % 8;
  const std::uint64_t two_byte = header.compact_2b() && before < count ? (count - before) / 16 * 16 : 0;
  if (two_byte > 0 && header.cluster_bits > 12) return fail(Code::unsupported, start, "two-byte index entries for blocks above 4 KiB");
  if (start > size || count / 2 > size - start) return fail(Code::truncated, start, "a cluster index past the end of the image");
  const std::uint64_t bytes = round_up(count - two_byte, 2) * 4 + two_byte * 2;
  KLIK_CHECK(meter.take(bytes + count * sizeof(LogicalCluster), start));
  KLIK_TRY(const Blob blob, image.source->load(start, bytes));
  const unsigned low_bits = std::max(header.cluster_bits, 12u);
  const bool big = header.big(1);
  ClusterIndex index{{}, start + bytes};
  index.clusters.reserve(count);
  for (std::uint64_t at = 0; index.clusters.size() < count;) {
    const std::uint64_t done = index.clusters.size();
    const PackShape& shape = two_byte > 0 && done >= before && done < before + two_byte ? kTwoByte : kFourByte;
    KLIK_TRY(const Bytes pack, blob.bytes().slice(at, shape.bytes));
    KLIK_CHECK(read_pack(pack, shape, low_bits, big, count - done, index.clusters));
    at += shape.bytes;
  }
  return index;
}

}  // namespace

Result<MapHeader> read_map_header(const Image& image, const Inode& inode) {
  const std::uint64_t at = header_at(inode);
  KLIK_TRY(const RawHeader raw, image.source->get<RawHeader>(at));
  MapHeader header;
  if (raw.cluster_bits & 0x80) {
    KLIK_TRY(const U64le whole, image.source->get<U64le>(at));
    header.all_in_packed = true;
    header.fragment_at = whole & ~(std::uint64_t{1} << 63);
    return header;
  }
  header.advise = raw.advise;
  if (inode.layout == Layout::compressed_full && (header.advise & 1)) return fail(Code::unsupported, at + 4, "an index of extent records");
  if (raw.cluster_bits & 0x0F) return fail(Code::unsupported, at + 7, "logical clusters larger than a block");
  header.cluster_bits = image.block_bits;
  header.algorithm[0] = raw.algorithms & 15;
  header.algorithm[1] = raw.algorithms >> 4;
  if (header.fragment()) header.fragment_at = raw.fragment;
  else if (header.inline_tail()) header.tail_size = raw.fragment >> 16;
  if (inode.layout == Layout::compressed_compact && header.big(1) != header.big(2))
    return fail(Code::bad_value, at + 4, "a compact index with big clusters for one head type only");
  return header;
}

Result<ClusterIndex> read_cluster_index(const Image& image, const Inode& inode, const MapHeader& header, FsMeter& meter) {
  return inode.layout == Layout::compressed_full ? read_full(image, inode, header, meter) : read_compact(image, inode, header, meter);
}

}  // namespace klik::erofs
