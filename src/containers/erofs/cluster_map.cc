#include "containers/erofs/cluster_map.h"

#include <algorithm>

namespace klik::erofs {
namespace {

constexpr std::uint64_t kMostEncoded = 1u << 20, kMostDecoded = 12u << 20;   // limits of the format

class Mapper {
 public:
  Mapper(const Image& image, const Inode& inode, const MapHeader& header, const ClusterIndex& index)
      : image_(image), inode_(inode), header_(header), index_(index) {}

  // One extent per head that starts before the end of the file; each ends where the next one starts.
  Result<void> run(ClusterMap& map, FsMeter& meter) {
    const auto& all = index_.clusters;
    std::uint64_t head = 0;
    for (std::uint64_t i = 0; i < all.size(); i = head) {
      KLIK_TRY(const std::uint64_t start, start_of(i));
      if (start >= inode_.size) break;   // a head at the very end only closes the extent before it
      if (start != map.decoded) return fail(Code::bad_value, inode_.at, "a cluster index that does not start with its first byte");
      KLIK_TRY(head, next_head(i));
      std::uint64_t end = inode_.size;
      if (head < all.size()) {
        KLIK_TRY(const std::uint64_t next, start_of(head));
        end = std::min(end, next);
      }
      if (end == inode_.size && header_.fragment()) {
        map.fragment_size = end - start;
        map.fragment_at = header_.fragment_at;
        if (inode_.layout == Layout::compressed_full) map.fragment_at |= std::uint64_t{all[i].block} << 32;
        return {};
      }
      KLIK_TRY(const PhysicalCluster cluster, physical(i, start, end));
      KLIK_CHECK(meter.take(sizeof(UnitRange) + sizeof(PhysicalCluster), inode_.at));
      map.units.push_back({start, end - start});
      map.clusters.push_back(cluster);
      map.decoded = end;
    }
    if (map.decoded != inode_.size) return fail(Code::bad_value, inode_.at, "a cluster index that does not start with its first byte");
    return {};
  }

 private:
  Result<std::uint64_t> start_of(std::uint64_t i) const {
    const LogicalCluster& c = index_.clusters[i];
    if (c.type == ClusterType::inside) return fail(Code::bad_value, inode_.at, "a cluster index that starts inside a cluster");
    if (c.offset >> header_.cluster_bits) return fail(Code::bad_value, inode_.at, "a cluster that starts outside its block");
    return (i << header_.cluster_bits) | c.offset;
  }

  // Entries up to the next head must all lead back to this one: another reader follows them.
  Result<std::uint64_t> next_head(std::uint64_t i) const {
    std::uint64_t n = i + 1;
    for (; n < index_.clusters.size() && index_.clusters[n].type == ClusterType::inside; ++n) {
      const LogicalCluster& c = index_.clusters[n];
      if (c.counts && !header_.big(1) && !header_.big(2)) return fail(Code::bad_value, inode_.at, "a block count in a file without big clusters");
      if (c.back_known && (c.back == 0 || c.back > n - i)) return fail(Code::bad_value, inode_.at, "a cluster index entry that leads to another cluster");
    }
    return n;
  }

  Result<PhysicalCluster> physical(std::uint64_t i, std::uint64_t start, std::uint64_t end) const {
    const LogicalCluster& c = index_.clusters[i];
    PhysicalCluster out{};
    KLIK_TRY(out.codec, codec_of(c.type));
    if (end == inode_.size && header_.tail_size > 0) {
      if (out.codec == Codec::interlaced) return fail(Code::unsupported, inode_.at, "an interlaced inline tail");
      out.at = index_.end;
      out.encoded = header_.tail_size;
      if ((out.at & (image_.block_size() - 1)) + out.encoded > image_.block_size()) return fail(Code::bad_value, inode_.at, "an inline tail that leaves its block");
    } else {
      KLIK_TRY(const std::uint64_t blocks, blocks_of(i));
      out.at = std::uint64_t{c.block} << image_.block_bits;
      if (blocks << image_.block_bits > kMostEncoded) return fail(Code::bad_value, inode_.at, "a physical cluster above 1 MiB");
      out.encoded = static_cast<std::uint32_t>(blocks << image_.block_bits);
    }
    if (end - start > kMostDecoded) return fail(Code::bad_value, inode_.at, "a cluster that decodes to more than 12 MiB");
    const bool stored = out.codec == Codec::shifted || out.codec == Codec::interlaced;
    if (stored && end - start > out.encoded) return fail(Code::bad_value, inode_.at, "an uncompressed cluster shorter than its content");
    if (out.codec == Codec::interlaced && out.encoded > image_.block_size()) return fail(Code::bad_value, inode_.at, "an interlaced cluster above one block");
    return out;
  }

  Result<std::uint64_t> blocks_of(std::uint64_t i) const {
    const ClusterType type = index_.clusters[i].type;
    if (!header_.big(type == ClusterType::head1 ? 1 : 2)) return std::uint64_t{1};
    // The entry behind a head counts the blocks; when that is a head itself, or there is none, it is one.
    if (i + 1 >= index_.clusters.size() || index_.clusters[i + 1].type != ClusterType::inside) return std::uint64_t{1};
    const LogicalCluster& next = index_.clusters[i + 1];
    if (!next.counts || next.block == 0) return fail(Code::bad_value, inode_.at, "a big cluster without its block count");
    return std::uint64_t{next.block};
  }

  Result<Codec> codec_of(ClusterType type) const {
    if (type == ClusterType::plain) return header_.interlaced() ? Codec::interlaced : Codec::shifted;
    const unsigned algorithm = header_.algorithm[type == ClusterType::head2 ? 1 : 0];
    if (algorithm >= kAlgorithms) return fail(Code::unsupported, inode_.at, "an unknown compression algorithm in a file");
    if (!(image_.algorithms >> algorithm & 1)) return fail(Code::bad_value, inode_.at, "a compression algorithm that the superblock does not announce");
    return static_cast<Codec>(algorithm);
  }

  const Image& image_;
  const Inode& inode_;
  const MapHeader& header_;
  const ClusterIndex& index_;
};

}  // namespace

Result<ClusterMap> read_cluster_map(const Image& image, const Inode& inode, FsMeter& meter) {
  ClusterMap map;
  if (inode.size == 0) return map;
  KLIK_TRY(const MapHeader header, read_map_header(image, inode));
  if (header.all_in_packed) {
    map.fragment_size = inode.size;
    map.fragment_at = header.fragment_at;
    return map;
  }
  KLIK_TRY(const ClusterIndex index, read_cluster_index(image, inode, header, meter));
  if (const auto mapped = Mapper(image, inode, header, index).run(map, meter); !mapped) map.broken = mapped.error();
  map.units.shrink_to_fit();
  map.clusters.shrink_to_fit();
  return map;
}

}  // namespace klik::erofs
