// Writers of the patches inside incremental updates, simple and honest: what they write makes the new file of the old one.
#pragma once

#include <lz4.h>
#include <lz4hc.h>
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "containers/patch/puff.h"
#include "support/android_images.h"
#include "support/compress.h"

namespace klik::test {

// A brotli stream that stores its bytes (RFC 7932, 9.2): window of 2^16, uncompressed meta-blocks, an empty last one.
inline ByteVector brotli(const ByteVector& in) {
  patch::BitWriter out;
  out.put(0, 1);
  for (std::size_t at = 0; at < in.size();) {
    const std::size_t n = std::min<std::size_t>(in.size() - at, 0x10000);
    out.put(0, 3);
    out.put(static_cast<std::uint32_t>(n - 1), 16);
    out.put(1, 1);
    out.put(0, static_cast<unsigned>((8 - out.position() % 8) % 8));
    out.put_bytes(Bytes(std::span(in).subspan(at, n)));
    at += n;
  }
  out.put(3, 2);
  return std::move(out).finish();
}

// One step of a bsdiff patch: bytes to add to, to insert, and how far to move in the old file then.
struct BsdiffStep {
  std::int64_t add, copy, seek;
};

inline void put_offset(ByteVector& out, std::int64_t value) {
  put(out, value < 0 ? (std::uint64_t{1} << 63) | static_cast<std::uint64_t>(-value) : static_cast<std::uint64_t>(value), 8);
}

// A patch with these steps. `compressors` empty: BSDIFF40; else one per stream: 0 none, 1 bzip2, 2 brotli.
inline ByteVector bsdiff(const ByteVector& before, const ByteVector& after, const std::vector<BsdiffStep>& steps, const std::vector<std::uint8_t>& compressors = {}) {
  ByteVector control, difference, extra;
  std::size_t new_at = 0;
  std::int64_t old_at = 0;
  for (const BsdiffStep& s : steps) {
    for (const std::int64_t v : {s.add, s.copy, s.seek}) put_offset(control, v);
    for (std::int64_t i = 0; i < s.add && new_at < after.size(); ++i, ++new_at) {
      const auto at = static_cast<std::int64_t>(static_cast<std::uint64_t>(old_at) + static_cast<std::uint64_t>(i));
      difference.push_back(static_cast<std::uint8_t>(after[new_at] - (at >= 0 && at < static_cast<std::int64_t>(before.size()) ? before[static_cast<std::size_t>(at)] : 0)));
    }
    for (std::int64_t i = 0; i < s.copy && new_at < after.size(); ++i, ++new_at) extra.push_back(after[new_at]);
    // Hostile steps may leave every range.
    old_at = static_cast<std::int64_t>(static_cast<std::uint64_t>(old_at) + static_cast<std::uint64_t>(s.add) + static_cast<std::uint64_t>(s.seek));
  }
  const auto packed = [&](const ByteVector& stream, std::size_t i) {
    const std::uint8_t how = compressors.empty() ? 1 : compressors[i];
    return how == 1 ? bzip2(stream) : how == 2 ? brotli(stream) : stream;
  };
  const ByteVector c = packed(control, 0), d = packed(difference, 1), e = packed(extra, 2);
  ByteVector out;
  put(out, compressors.empty() ? "BSDIFF40" : "BSDF2");
  for (const std::uint8_t how : compressors) out.push_back(how);
  put(out, c.size(), 8);
  put(out, d.size(), 8);
  put(out, after.size(), 8);
  for (const ByteVector* stream : {&c, &d, &e}) put(out, Bytes(*stream));
  return out;
}

inline ByteVector bsdiff(const ByteVector& before, const ByteVector& after, const std::vector<std::uint8_t>& compressors = {}) {
  const auto common = static_cast<std::int64_t>(std::min(before.size(), after.size()));
  return bsdiff(before, after, {{common, static_cast<std::int64_t>(after.size()) - common, 0}}, compressors);
}

// A raw deflate stream.
inline ByteVector deflated(const ByteVector& in, int level = 6, int strategy = Z_DEFAULT_STRATEGY) {
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, -15, 8, strategy) != Z_OK) return {};
  ByteVector out(deflateBound(&stream, in.size()) + 64), from = in;
  stream.next_in = from.data();
  stream.avail_in = static_cast<unsigned>(from.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<unsigned>(out.size());
  const int code = ::deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return code == Z_STREAM_END ? out : ByteVector();
}

// A file with deflate streams in it, at bits.
struct PuffinFile {
  ByteVector bytes;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> deflates;   // first bit, bits
};

// The file puffed, and the description of that for a patch's header.
inline ByteVector puffed(const PuffinFile& file, ByteVector& message) {
  ByteVector out;
  std::uint64_t end = 0;
  ByteVector puffs;
  const auto take = [&](std::uint64_t next) {
    if (next == end) return;
    const std::uint64_t first = end / 8, last = (next + 7) / 8;
    for (std::uint64_t i = first; i < last; ++i) {
      std::uint8_t byte = file.bytes[i];
      if (i + 1 == last && next % 8) byte = static_cast<std::uint8_t>(byte & ((1u << next % 8) - 1));
      if (i == first) byte = static_cast<std::uint8_t>(byte >> end % 8);
      out.push_back(byte);
    }
  };
  for (const auto& [at, bits] : file.deflates) {
    take(at);
    const std::uint64_t first = at / 8, last = (at + bits + 7) / 8;
    const auto one = patch::puff(Bytes(std::span(file.bytes).subspan(first, last - first)), at % 8, 1u << 28, bits);
    ByteVector deflate, range;
    put_field(deflate, 1, at);
    put_field(deflate, 2, bits);
    put_field(message, 1, Bytes(deflate));
    put_field(range, 1, out.size() * 8);
    put_field(range, 2, (one ? one->size() : 0) * 8);
    put_field(message, 2, Bytes(range));
    if (one) put(out, Bytes(*one));
    end = at + bits;
  }
  take(file.bytes.size() * 8);
  put_field(message, 3, out.size());
  return out;
}

// `kind`: of the inner patch, which `inner` makes of the two puffed files.
template <class Inner>
ByteVector puffin(const PuffinFile& before, const PuffinFile& after, std::uint64_t kind, Inner inner) {
  ByteVector old_message, new_message, header, out;
  const ByteVector old_puffed = puffed(before, old_message), new_puffed = puffed(after, new_message);
  put_field(header, 1, 1);
  put_field(header, 2, Bytes(old_message));
  put_field(header, 3, Bytes(new_message));
  if (kind) put_field(header, 4, kind);
  put(out, "PUF1");
  put_be(out, header.size(), 4);
  put(out, Bytes(header));
  put(out, Bytes(inner(old_puffed, new_puffed)));
  return out;
}
inline ByteVector puffin(const PuffinFile& before, const PuffinFile& after) {
  return puffin(before, after, 0, [](const ByteVector& a, const ByteVector& b) { return bsdiff(a, b, {2, 2, 1}); });
}

// A file of LZ4 blocks of 4096 bytes, the data at each block's end, as EROFS lays them.
struct Lz4File {
  ByteVector plain, packed;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> blocks;   // decompressed length, compressed length
};
inline Lz4File lz4_file(const ByteVector& plain, int level = 9) {
  Lz4File file{plain, {}, {}};
  LZ4_streamHC_t* state = LZ4_createStreamHC();
  for (std::size_t at = 0; at < plain.size();) {
    ByteVector block(4096);
    int taken = static_cast<int>(plain.size() - at);
    const int made = level > 0 ? LZ4_compress_HC_destSize(state, reinterpret_cast<const char*>(&plain[at]), reinterpret_cast<char*>(block.data()), &taken, 4096, level)
                               : LZ4_compress_destSize(reinterpret_cast<const char*>(&plain[at]), reinterpret_cast<char*>(block.data()), &taken, 4096);
    if (made <= 0 || taken <= 0) break;
    if (taken <= 4096) {   // does not shrink: as it is
      taken = static_cast<int>(std::min<std::size_t>(4096, plain.size() - at));
      block.assign(plain.begin() + static_cast<std::ptrdiff_t>(at), plain.begin() + static_cast<std::ptrdiff_t>(at) + taken);
      block.resize(static_cast<std::size_t>(taken));
    } else {
      std::rotate(block.begin(), block.begin() + made, block.end());
      std::fill_n(block.begin(), 4096 - made, std::uint8_t{0});
    }
    file.blocks.emplace_back(taken, block.size());
    put(file.packed, Bytes(block));
    at += static_cast<std::size_t>(taken);
  }
  LZ4_freeStreamHC(state);
  return file;
}

struct Lz4Settings {
  std::uint64_t algorithm = 2;   // 1 LZ4, 2 LZ4HC
  std::uint64_t level = 9;
  std::uint64_t kind = 0;        // of the inner patch: 0 bsdiff, 1 Puffin
  bool digests = false, wrong_digest = false;
  ByteVector correct_to{};       // what the first block is corrected to
};

inline ByteVector lz4diff(const Lz4File& before, const Lz4File& after, const ByteVector& inner, const Lz4Settings& settings = {}) {
  ByteVector header, out;
  const auto describe_file = [&](const Lz4File& file, bool target) {
    ByteVector message, algorithm;
    put_field(algorithm, 1, settings.algorithm);
    put_field(algorithm, 2, settings.level);
    put_field(message, 1, Bytes(algorithm));
    std::uint64_t at = 0, packed_at = 0;
    for (const auto& [length, packed] : file.blocks) {
      ByteVector block;
      put_field(block, 1, at);
      put_field(block, 2, length);
      put_field(block, 3, packed);
      const ByteVector made(file.packed.begin() + static_cast<std::ptrdiff_t>(packed_at), file.packed.begin() + static_cast<std::ptrdiff_t>(packed_at + packed));
      if (target && settings.digests && packed < length) {
        Sha256Digest digest = sha256(Bytes(made));
        if (settings.wrong_digest) digest[3] ^= 4;
        put_field(block, 4, as_bytes(digest));
      }
      if (target && at == 0 && !settings.correct_to.empty()) put_field(block, 5, Bytes(bsdiff(made, settings.correct_to)));
      put_field(message, 2, Bytes(block));
      at += length;
      packed_at += packed;
    }
    put_field(message, 3, 1);
    return message;
  };
  put_field(header, 1, Bytes(describe_file(before, false)));
  put_field(header, 2, Bytes(describe_file(after, true)));
  if (settings.kind) put_field(header, 3, settings.kind);
  put(out, "LZ4DIFF");
  put_be(out, 1, 4);
  put_be(out, header.size(), 4);
  out.push_back(0);
  put(out, Bytes(header));
  put(out, Bytes(inner));
  return out;
}

// A Zucchini patch that holds the new file whole, in its stream.
inline ByteVector zucchini_of_nothing(const ByteVector& before, const ByteVector& after) {
  ByteVector out;
  put(out, "Zucc");
  put(out, 1, 2);
  put(out, 0, 2);
  for (const ByteVector* file : {&before, &after}) {
    put(out, file->size(), 4);
    put(out, crc32(Bytes(*file)), 4);
  }
  put(out, 1, 4);   // elements
  for (const std::uint64_t n : {std::uint64_t{0}, std::uint64_t{before.size()}, std::uint64_t{0}, std::uint64_t{after.size()}}) put(out, n, 4);
  put(out, "NoOp");
  put(out, 1, 2);
  for (int i = 0; i < 3; ++i) put(out, 0, 4);   // no equivalences
  put(out, after.size(), 4);
  put(out, Bytes(after));
  for (int i = 0; i < 3; ++i) put(out, 0, 4);   // no raw or reference deltas
  put(out, 0, 4);                               // no pools
  return brotli(out);
}

}  // namespace klik::test
