// A zip written field by field, so that a test can state any of them wrongly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <libdeflate.h>

#include "base/hash.h"

namespace klik::test {

using ByteVector = std::vector<std::uint8_t>;

inline void put(ByteVector& v, std::uint64_t x, int bytes) {
  for (int i = 0; i < bytes; ++i) v.push_back(static_cast<std::uint8_t>(x >> (8 * i)));
}
inline void put(ByteVector& v, std::string_view text) { v.insert(v.end(), text.begin(), text.end()); }

inline ByteVector deflated(std::string_view text) {
  libdeflate_compressor* c = libdeflate_alloc_compressor(6);
  ByteVector out(libdeflate_deflate_compress_bound(c, text.size()));
  out.resize(libdeflate_deflate_compress(c, text.data(), text.size(), out.data(), out.size()));
  libdeflate_free_compressor(c);
  return out;
}

struct ZipMember {
  std::string name, data;
  std::uint16_t method = 8;                  // what the directory says
  bool packed = true;                        // whether the data really is deflated
  std::uint16_t flags = 0;                   // of both headers
  std::optional<std::string> local_name{};
  std::optional<std::uint32_t> crc{}, local_crc{}, size{}, descriptor_crc{};
  std::optional<std::uint64_t> local_at{};   // where the directory says the local header is
  std::optional<std::uint64_t> packed_size{};   // of the directory
  bool zip64 = false;                        // sizes and offset only in the zip64 extra
  int zip64_extra = 24;                      // its length
  bool descriptor_magic = true;              // with bit 3
  std::string local_extra{}, gap_before{};
};

struct ZipLayout {
  std::string prefix{};
  bool offsets_ignore_prefix = false;
  std::optional<std::uint64_t> count{};
  std::string before_end{}, behind_end{}, comment{};
  bool zip64 = false;
};

inline ByteVector write_zip(const std::vector<ZipMember>& members, const ZipLayout& layout = {}) {
  ByteVector v, directory;
  put(v, layout.prefix);
  const std::uint64_t base = layout.offsets_ignore_prefix ? layout.prefix.size() : 0;
  for (const ZipMember& m : members) {
    put(v, m.gap_before);
    const ByteVector packed = m.packed ? deflated(m.data) : ByteVector(m.data.begin(), m.data.end());
    const std::uint32_t crc = m.crc.value_or(crc32(Bytes::of(m.data)));
    const std::uint32_t size = m.size.value_or(static_cast<std::uint32_t>(m.data.size()));
    const bool later = m.flags & 8;
    const std::uint64_t at = m.local_at.value_or(v.size() - base);
    const std::string& local_name = m.local_name ? *m.local_name : m.name;
    put(v, 0x04034b50, 4);
    for (const unsigned x : {20u, unsigned{m.flags}, unsigned{m.method}, 0u, 0x21u}) put(v, x, 2);
    put(v, later ? 0 : m.local_crc.value_or(crc), 4);
    put(v, later ? 0 : m.zip64 ? 0xFFFFFFFF : packed.size(), 4);
    put(v, later ? 0 : m.zip64 ? 0xFFFFFFFF : size, 4);
    put(v, local_name.size(), 2);
    put(v, m.local_extra.size(), 2);
    put(v, local_name);
    put(v, m.local_extra);
    v.insert(v.end(), packed.begin(), packed.end());
    if (later) {
      if (m.descriptor_magic) put(v, 0x08074b50, 4);
      put(v, m.descriptor_crc.value_or(crc), 4);
      put(v, packed.size(), 4);
      put(v, size, 4);
    }
    put(directory, 0x02014b50, 4);
    for (const unsigned x : {20u, 20u, unsigned{m.flags}, unsigned{m.method}, 0u, 0x21u}) put(directory, x, 2);
    put(directory, crc, 4);
    put(directory, m.zip64 ? 0xFFFFFFFF : m.packed_size.value_or(packed.size()), 4);
    put(directory, m.zip64 ? 0xFFFFFFFF : size, 4);
    put(directory, m.name.size(), 2);
    put(directory, m.zip64 ? static_cast<unsigned>(m.zip64_extra) + 4 : 0, 2);
    for (int i = 0; i < 3; ++i) put(directory, 0, 2);
    put(directory, 0, 4);
    put(directory, m.zip64 ? 0xFFFFFFFF : at, 4);
    put(directory, m.name);
    if (m.zip64) {
      put(directory, 1, 2);
      put(directory, static_cast<unsigned>(m.zip64_extra), 2);
      ByteVector extra;
      put(extra, size, 8);
      put(extra, packed.size(), 8);
      put(extra, at, 8);
      extra.resize(static_cast<std::size_t>(m.zip64_extra));
      directory.insert(directory.end(), extra.begin(), extra.end());
    }
  }
  const std::uint64_t directory_at = v.size() - base, count = layout.count.value_or(members.size());
  v.insert(v.end(), directory.begin(), directory.end());
  put(v, layout.before_end);
  if (layout.zip64) {
    const std::uint64_t at = v.size() - base;
    put(v, 0x06064b50, 4);
    put(v, 44, 8);
    put(v, 45, 2);
    put(v, 45, 2);
    put(v, 0, 8);
    for (const std::uint64_t x : {count, count, directory.size(), directory_at}) put(v, x, 8);
    put(v, 0x07064b50, 4);
    put(v, 0, 4);
    put(v, at, 8);
    put(v, 1, 4);
  }
  put(v, 0x06054b50, 4);
  put(v, 0, 4);
  put(v, layout.zip64 ? 0xFFFF : count, 2);
  put(v, layout.zip64 ? 0xFFFF : count, 2);
  put(v, layout.zip64 ? 0xFFFFFFFF : directory.size(), 4);
  put(v, layout.zip64 ? 0xFFFFFFFF : directory_at, 4);
  put(v, layout.comment.size(), 2);
  put(v, layout.comment);
  put(v, layout.behind_end);
  return v;
}

}  // namespace klik::test
