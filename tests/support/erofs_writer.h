// Makes EROFS images that Debian's mkfs.erofs cannot: other algorithms, fragments, shared clusters, two head
// types, interlaced blocks. The superblock comes first, then data, then inodes.
#pragma once

#include <lz4hc.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "base/hash.h"

namespace klik::test {

enum class ErofsCodec { lz4, lzma, deflate, zstd };

struct ErofsOptions {
  unsigned block_bits = 12;
  bool compact = true, two_byte = true;
  unsigned cluster_blocks = 1;      // above 1: big physical clusters
  ErofsCodec head1 = ErofsCodec::lz4, head2 = ErofsCodec::lz4;
  bool alternate = false;           // every second compressed extent is of head type 2
  bool interlaced = false;
  std::uint32_t dictionary = 65536; // LZMA
};

class ErofsWriter {
 public:
  explicit ErofsWriter(const ErofsOptions& options) : o_(options), image_(std::max<std::uint64_t>(block(), 2048), 0) {}

  struct Extent {
    std::uint64_t start, length;
    unsigned type;                  // 0 plain, 1, 3
    std::uint32_t block, blocks;
    bool partial = false;
  };

  // A file as it should be: cut into clusters, compressed where that helps.
  void add_compressed(const std::string& name, const std::string& content) { add(name, compressed_inode(content, cut(content))); }
  // At least the last `tail` bytes go to the packed inode.
  void add_with_fragment(const std::string& name, const std::string& content, std::uint64_t tail) {
    std::uint64_t front = content.size() - tail;
    auto extents = cut(content.substr(0, front));
    // One block has one head: a cluster that starts where the tail would goes with it.
    while (!extents.empty() && extents.back().start >> o_.block_bits == front >> o_.block_bits) {
      front = extents.back().start;
      extents.pop_back();
    }
    tail = content.size() - front;
    const std::uint64_t at = packed_.size();
    packed_ += content.substr(front);
    incompat_ |= 0x20;
    if (front == 0) {   // the whole file
      std::vector<std::uint8_t> header;
      put(header, at | std::uint64_t{1} << 63, 8);
      return add(name, inode(0100644, layout(), content.size(), 0, header));
    }
    extents.push_back({front, tail, 1, 0, 0});
    add(name, compressed_inode(content, extents, 0x20, static_cast<std::uint32_t>(at)));
  }
  // Uses the first bytes of the clusters of a file written before. Full index only.
  void add_sharing(const std::string& name, const std::string& of, std::uint64_t length) {
    std::vector<Extent> extents;
    for (Extent e : extents_.at(of)) {
      if (e.start >= length) break;
      e.length = std::min(e.length, length - e.start);
      e.partial = true;
      extents.push_back(e);
    }
    incompat_ |= 0x20;
    add(name, compressed_inode(std::string(length, '\0'), extents));
  }
  void add_raw(const std::string& name, std::uint64_t nid) { add(name, nid); }
  void keep_extents(const std::string& name, const std::string& content) {
    extents_[name] = cut(content);
    add(name, compressed_inode(content, extents_[name]));
  }
  // Any inode: the given body follows it. `xattrs` is a whole inline area.
  std::uint64_t inode(unsigned mode, unsigned layout, std::uint64_t size, std::uint32_t data, const std::vector<std::uint8_t>& body = {},
                      const std::vector<std::uint8_t>& xattrs = {}) {
    meta_.resize((meta_.size() + 31) / 32 * 32);
    // Nothing here is longer than a block's rest or needs to stay in one, except folders, which are plain.
    const std::uint64_t nid = meta_.size() / 32;
    put(meta_, 1 | layout << 1, 2);
    put(meta_, xattrs.empty() ? 0 : 1 + (xattrs.size() - 12) / 4, 2);
    put(meta_, mode, 2);
    put(meta_, 0, 2);
    put(meta_, size, 8);
    put(meta_, data, 4);
    put(meta_, nid, 4);
    put(meta_, 1000, 4);
    put(meta_, 2000, 4);
    put(meta_, 0, 8);
    put(meta_, 0, 4);
    put(meta_, 1, 4);
    meta_.resize(meta_.size() + 16);
    meta_.insert(meta_.end(), xattrs.begin(), xattrs.end());
    meta_.insert(meta_.end(), body.begin(), body.end());
    return nid;
  }
  std::uint32_t add_blocks(const std::string& data) {   // returns the first block
    const auto first = static_cast<std::uint32_t>(image_.size() / block());
    image_.insert(image_.end(), data.begin(), data.end());
    image_.resize((image_.size() + block() - 1) / block() * block());
    return first;
  }
  void set_packed(std::uint64_t nid) { packed_nid_ = nid, incompat_ |= 0x20; }

  // Plain packed inode or a compressed one.
  std::vector<std::uint8_t> finish(bool compress_packed = true) {
    if (!packed_.empty() && packed_nid_ == 0)
      packed_nid_ = compress_packed ? compressed_inode(packed_, cut(packed_)) : inode(0100600, 0, packed_.size(), add_blocks(packed_));
    const std::uint64_t root = add_root();
    const auto meta_block = static_cast<std::uint32_t>(image_.size() / block());
    image_.insert(image_.end(), meta_.begin(), meta_.end());
    image_.resize((image_.size() + block() - 1) / block() * block());
    std::vector<std::uint8_t> super;
    put(super, 0xE0F5E1E2, 4);
    put(super, 0, 4);
    put(super, 1, 4);
    put(super, o_.block_bits, 1);
    put(super, 0, 1);
    put(super, root, 2);
    put(super, entries_.size() + 1, 8);
    super.resize(36);
    put(super, image_.size() / block(), 4);
    put(super, meta_block, 4);
    super.resize(80);
    const unsigned algorithms = 1u << unsigned(o_.head1) | (o_.alternate ? 1u << unsigned(o_.head2) : 0);
    const bool configs = algorithms != 1 || o_.cluster_blocks > 1;
    put(super, incompat_ | 1 | (configs ? 2 : 0) | (o_.alternate ? 8 : 0), 4);
    put(super, configs ? algorithms : 0, 2);
    super.resize(96);
    put(super, packed_nid_, 8);
    super.resize(128);
    if (configs) {
      for (unsigned a = 0; a < 4; ++a) {
        if (!(algorithms >> a & 1)) continue;
        const std::size_t size = a < 2 ? 14 : 6, from = super.size();
        put(super, size, 2);
        if (a == 0) put(super, 0, 2), put(super, o_.cluster_blocks, 2);
        if (a == 1) put(super, o_.dictionary, 4);
        if (a == 2) put(super, 15, 1);
        if (a == 3) put(super, 0, 1), put(super, 10, 1);
        super.resize(from + 2 + size);
      }
    }
    std::ranges::copy(super, image_.begin() + 1024);
    const std::size_t span = block() > 1024 ? block() - 1024 : block();
    const std::uint32_t sum = crc32c(Bytes(image_.data() + 1024, span), ~0u);
    for (unsigned i = 0; i < 4; ++i) image_[1028 + i] = static_cast<std::uint8_t>(sum >> 8 * i);
    return image_;
  }

  static void put(std::vector<std::uint8_t>& out, std::uint64_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> 8 * i));
  }
  std::uint64_t block() const { return std::uint64_t{1} << o_.block_bits; }
  unsigned layout() const { return o_.compact ? 3 : 1; }
  void add(const std::string& name, std::uint64_t nid) { entries_[name] = nid; }

 private:
  ErofsCodec codec(unsigned type) const { return type == 3 ? o_.head2 : o_.head1; }

  // Compresses the start of `in` into at most `room` bytes. Sets `used`; empty when it does not pay.
  std::string compress(ErofsCodec codec, const std::string& in, std::size_t room, std::size_t& used) const {
    if (codec == ErofsCodec::lzma) {   // takes as much as fits
      std::string out(room, '\0');
      lzma_options_lzma options;
      lzma_lzma_preset(&options, 6);
      options.dict_size = o_.dictionary;
      lzma_stream stream = LZMA_STREAM_INIT;
      if (lzma_microlzma_encoder(&stream, &options) != LZMA_OK) std::abort();
      stream.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
      stream.avail_in = in.size();
      stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
      stream.avail_out = out.size();
      if (lzma_code(&stream, LZMA_FINISH) != LZMA_STREAM_END) std::abort();
      used = stream.total_in;
      out.resize(stream.total_out);
      lzma_end(&stream);
      return used > room ? out : std::string();
    }
    for (used = in.size(); used > room; used = used * 3 / 4) {
      std::string out(used + used / 8 + 1024, '\0');
      std::size_t n = 0;
      switch (codec) {
        case ErofsCodec::lz4: n = static_cast<std::size_t>(LZ4_compress_HC(in.data(), out.data(), int(used), int(out.size()), 9)); break;
        case ErofsCodec::zstd: n = ZSTD_compress(out.data(), out.size(), in.data(), used, 10); break;
        default: {
          z_stream stream{};
          deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
          stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
          stream.avail_in = uInt(used);
          stream.next_out = reinterpret_cast<Bytef*>(out.data());
          stream.avail_out = uInt(out.size());
          deflate(&stream, Z_FINISH);
          n = stream.total_out;
          deflateEnd(&stream);
        }
      }
      if (n > room) continue;
      out.resize(n);
      if (out[0] != 0) return out;
    }
    return {};
  }

  // Clusters as mkfs would make them: each ends in a later block than it starts in.
  std::vector<Extent> cut(const std::string& content) {
    std::vector<Extent> extents;
    bool second = false;
    for (std::uint64_t at = 0; at < content.size();) {
      const unsigned type = o_.alternate && second ? 3 : 1;
      second = !second;
      // Not more than two big clusters' worth at once: so that a file has several.
      const std::string piece = content.substr(at, std::uint64_t{o_.cluster_blocks} * block() * 6 + 777);
      std::size_t used = 0;
      std::string out = compress(codec(type), piece, o_.cluster_blocks * block(), used);
      // The count of a big cluster needs an entry of its own behind the head.
      const bool room_for_count = ((at + used - 1) >> o_.block_bits) > at >> o_.block_bits;
      if (!out.empty() && (out.size() <= block() || room_for_count)) {
        const auto blocks = static_cast<std::uint32_t>((out.size() + block() - 1) / block());
        out.insert(0, blocks * block() - out.size(), '\0');
        extents.push_back({at, used, type, add_blocks(out), blocks});
        at += used;
        continue;
      }
      std::string plain = content.substr(at, block());
      const std::uint64_t length = plain.size();
      plain.resize(block());
      if (o_.interlaced) std::ranges::rotate(plain, plain.end() - static_cast<std::ptrdiff_t>(at & (block() - 1)));
      extents.push_back({at, length, 0, add_blocks(plain), 1});
      at += length;
    }
    return extents;
  }

  struct Entry {
    unsigned type = 2;
    std::uint32_t low = 0, forward = 0, block = 0;   // low: offset or distance
    bool counts = false, partial = false;
  };

  std::uint64_t compressed_inode(const std::string& content, const std::vector<Extent>& extents, unsigned advise = 0, std::uint32_t fragment = 0) {
    const std::uint64_t count = (content.size() + block() - 1) >> o_.block_bits;
    std::vector<Entry> entries(count);
    std::uint32_t total = 0;
    for (std::size_t i = 0; i < extents.size(); ++i) {
      const Extent& e = extents[i];
      const std::uint64_t head = e.start >> o_.block_bits;
      const std::uint64_t next = i + 1 < extents.size() ? extents[i + 1].start >> o_.block_bits : count;
      entries[head] = {e.type, static_cast<std::uint32_t>(e.start & (block() - 1)), 0, e.block, false, e.partial};
      for (std::uint64_t l = head + 1; l < next; ++l) {
        const bool counts = l == head + 1 && o_.cluster_blocks > 1 && e.blocks > 0;
        entries[l] = {2, counts ? 0x800 | e.blocks : static_cast<std::uint32_t>(l - head), static_cast<std::uint32_t>(next - l), 0, counts};
      }
      total += e.blocks;
    }
    if (o_.compact && o_.two_byte) advise |= 1;
    if (o_.cluster_blocks > 1) advise |= 6;
    if (o_.interlaced) advise |= 0x10;
    std::vector<std::uint8_t> body;
    put(body, fragment, 4);
    put(body, advise, 2);
    put(body, unsigned(o_.head1) | unsigned(o_.head2) << 4, 1);
    put(body, 0, 1);
    if (o_.compact) {
      meta_.resize((meta_.size() + 31) / 32 * 32);
      put_compact(body, entries, meta_.size() + 64 + 8);
    } else {
      put(body, 0, 8);
      for (const Entry& e : entries) {
        put(body, e.type | (e.partial ? 0x8000u : 0), 2);
        put(body, e.type == 2 ? 0 : e.low, 2);
        put(body, e.type == 2 ? e.low | e.forward << 16 : e.block, 4);
      }
    }
    return inode(0100644, layout(), content.size(), total, body);
  }

  // `at`: of the first pack, relative to a multiple of 32.
  void put_compact(std::vector<std::uint8_t>& body, const std::vector<Entry>& entries, std::uint64_t at) {
    std::uint64_t lead = (32 - at % 32) / 4 & 7;
    std::uint64_t wide = advised_2b() && lead < entries.size() ? (entries.size() - lead) / 16 * 16 : 0;
    for (std::size_t i = 0; i < entries.size();) {
      const bool two = wide > 0 && i >= lead && i < lead + wide;
      put_pack(body, entries, i, two ? 16 : 2, two ? 14 : 16, two ? 32 : 8);
      i += two ? 16 : 2;
    }
  }
  bool advised_2b() const { return o_.two_byte; }

  void put_pack(std::vector<std::uint8_t>& body, const std::vector<Entry>& entries, std::size_t from, std::size_t n, unsigned bits, std::size_t bytes) {
    const unsigned low_bits = std::max(o_.block_bits, 12u);
    std::vector<std::uint8_t> pack(bytes, 0);
    std::vector<std::uint32_t> lows(n);
    std::uint32_t base = 0;
    bool have_base = false;
    for (std::size_t i = 0; i < n && from + i < entries.size(); ++i) {
      const Entry& e = entries[from + i];
      lows[i] = e.type == 2 && i + 1 == n && !e.counts ? std::min(e.forward, 0x7FFu) : e.low;
      const std::uint64_t value = lows[i] | std::uint64_t{e.type} << low_bits;
      for (unsigned b = 0; b < bits; ++b)
        if (value >> b & 1) pack[(i * bits + b) / 8] |= static_cast<std::uint8_t>(1u << (i * bits + b) % 8);
      if (e.type != 2 && !have_base && e.block != 0) {
        base = e.block - blocks_before(entries, from, i);
        have_base = true;
      }
    }
    for (unsigned i = 0; i < 4; ++i) pack[bytes - 4 + i] = static_cast<std::uint8_t>(base >> 8 * i);
    body.insert(body.end(), pack.begin(), pack.end());
  }

  // As the kernel counts: backwards from the head, jumping over what belongs to one cluster.
  std::uint32_t blocks_before(const std::vector<Entry>& entries, std::size_t from, std::size_t head) const {
    const bool big = o_.cluster_blocks > 1;
    std::uint32_t blocks = big ? 0 : 1;
    for (auto i = static_cast<std::ptrdiff_t>(head); i > 0;) {
      --i;
      const Entry& e = entries[from + static_cast<std::size_t>(i)];
      if (!big) {
        if (e.type == 2) i -= static_cast<std::ptrdiff_t>(e.low);
        if (i >= 0) ++blocks;
      } else if (e.type != 2) {
        ++blocks;
      } else if (e.counts) {
        --i;
        blocks += e.low & 0x7FF;
      } else {
        i -= static_cast<std::ptrdiff_t>(e.low) - 2;
      }
    }
    return blocks;
  }

  std::uint64_t add_root() {
    const std::uint64_t root = (meta_.size() + 31) / 32;
    std::map<std::string, std::uint64_t> all = entries_;
    all["."] = all[".."] = root;
    std::vector<std::uint8_t> records;
    std::string names;
    for (const auto& [name, nid] : all) {
      put(records, nid, 8);
      put(records, all.size() * 12 + names.size(), 2);
      put(records, name.starts_with('.') ? 2 : 1, 1);
      put(records, 0, 1);
      names += name;
    }
    const std::string data = std::string(records.begin(), records.end()) + names;
    if (data.size() > block()) std::abort();   // one block is enough for what tests make
    return inode(040755, 0, data.size(), add_blocks(data));
  }

  ErofsOptions o_;
  std::vector<std::uint8_t> image_, meta_;
  std::string packed_;
  std::uint64_t packed_nid_ = 0;
  std::uint32_t incompat_ = 0;
  std::map<std::string, std::uint64_t> entries_;
  std::map<std::string, std::vector<Extent>> extents_;
};

}  // namespace klik::test
