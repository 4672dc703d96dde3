// Resource tables of one package, with the encodings of types and entries chosen by the test.
#pragma once

#include <string>
#include <vector>

#include "support/axml_writer.h"

namespace klik::test {

class ArscWriter {
 public:
  struct Entry {
    std::uint16_t index = 0;
    std::uint8_t type = res::kNull;
    std::uint32_t data = 0;
    bool compact = false;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> bag{};   // name, integer
    std::uint16_t flags = 0;
    std::uint16_t bag_size = 16;       // what its header says of itself
  };
  struct Type {
    std::uint8_t id = 1;
    std::vector<Entry> entries;
    std::uint8_t flags = 0;            // 1 sparse, 2 short offsets
    std::uint16_t sdk = 0;             // of the configuration
    std::string language{};
    std::optional<std::uint32_t> chunk_size{}, entry_count{};
  };
  std::vector<std::string> strings, type_names{"bool"}, key_names{"one"};
  std::vector<Type> types;
  std::uint32_t package = 0x7f;

  std::vector<std::uint8_t> write() const {
    Writer out;
    out.u16(res::kTable).u16(12).u32(0).u32(1).append(write_pool(strings));
    const std::size_t package_at = out.bytes.size();
    const auto type_pool = write_pool(type_names), key_pool = write_pool(key_names);
    out.u16(res::kTablePackage).u16(288).u32(0).u32(package).zeros(256);
    out.u32(288).u32(0).u32(288 + type_pool.size()).u32(0).u32(0).append(type_pool).append(key_pool);
    for (const Type& t : types) out.append(type_chunk(t));
    out.patch(package_at + 4, out.bytes.size() - package_at, 4);
    out.patch(4, out.bytes.size(), 4);
    return out.bytes;
  }

 private:
  static std::vector<std::uint8_t> type_chunk(const Type& t) {
    Writer body, offsets;
    std::uint32_t count = 0;
    for (const Entry& e : t.entries) count = std::max<std::uint32_t>(count, e.index + 1u);
    std::vector<std::uint32_t> at(count, res::kNone);
    for (const Entry& e : t.entries) {
      at[e.index] = static_cast<std::uint32_t>(body.bytes.size());
      if (e.compact) {
        body.u16(0).u16(8u | static_cast<unsigned>(e.type) << 8).u32(e.data);
      } else if (!e.bag.empty()) {
        body.u16(e.bag_size).u16(1u | e.flags).u32(0).u32(0x7f020000).u32(e.bag.size());
        for (const auto& [name, value] : e.bag) body.u32(name).u16(8).le(0, 1).le(res::kFirstInteger, 1).u32(value);
      } else {
        body.u16(8).u16(e.flags).u32(0).u16(8).le(0, 1).le(e.type, 1).u32(e.data);
      }
    }
    if (t.flags & 1) {
      count = static_cast<std::uint32_t>(t.entries.size());
      for (const Entry& e : t.entries) offsets.u16(e.index).u16(at[e.index] / 4);
    } else {
      for (const std::uint32_t a : at) {
        if (t.flags & 2) offsets.u16(a == res::kNone ? 0xFFFF : a / 4);
        else offsets.u32(a);
      }
      offsets.align(4);
    }
    Writer w;
    w.u16(res::kTableType).u16(20 + 28).u32(0).le(t.id, 1).le(t.flags, 1).u16(0).u32(t.entry_count.value_or(count)).u32(48 + offsets.bytes.size());
    w.u32(28).u32(0).field(t.language, 2).zeros(14).u16(t.sdk).u16(0);
    w.append(offsets.bytes).append(body.bytes);
    w.patch(4, t.chunk_size.value_or(static_cast<std::uint32_t>(w.bytes.size())), 4);
    return w.bytes;
  }
};

}  // namespace klik::test
