// MessagePack. Source: msgpack.org, spec.md ("Formats").
#include <bit>

#include "traffic/outline.h"

namespace klik::traffic {
namespace {

constexpr std::size_t kDeepest = 128;

struct Item {
  enum class Kind : std::uint8_t { map, array, text, bytes, integer, real, nothing } kind;
  std::uint64_t count = 0;       // of a map: pairs; of a text: bytes
  std::uint64_t value = 0;
  std::uint64_t head = 1;        // bytes before the content
};
using Kind = Item::Kind;

Result<std::uint64_t> big_endian(Bytes bytes, std::uint64_t at, unsigned size) {
  switch (size) {
    case 1: return bytes.get<std::uint8_t>(at);
    case 2: return bytes.get<U16be>(at);
    case 4: return bytes.get<U32be>(at);
    default: return bytes.get<U64be>(at);
  }
}

Result<Item> item_at(Bytes bytes, std::uint64_t at) {
  KLIK_TRY(const std::uint8_t b, bytes.get<std::uint8_t>(at));
  if (b < 0x80) return Item{Kind::integer, 0, b};
  if (b < 0x90) return Item{Kind::map, b & 15u};
  if (b < 0xa0) return Item{Kind::array, b & 15u};
  if (b < 0xc0) return Item{Kind::text, b & 31u};
  if (b >= 0xe0) return Item{Kind::integer, 0, static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int8_t>(b)))};
  if (b == 0xc0 || b == 0xc2 || b == 0xc3) return Item{Kind::nothing};
  if (b == 0xc1) return fail(Code::bad_value, at, "0xc1 is never used");
  const auto sized = [&](Kind kind, unsigned size, std::uint64_t extra = 0) -> Result<Item> {
    KLIK_TRY(const std::uint64_t count, big_endian(bytes, at + 1, size));
    return Item{kind, count, 0, 1 + size + extra};
  };
  switch (b) {
    case 0xc4: return sized(Kind::bytes, 1);
    case 0xc5: return sized(Kind::bytes, 2);
    case 0xc6: return sized(Kind::bytes, 4);
    case 0xc7: return sized(Kind::bytes, 1, 1);   // ext: a type byte stands before the content
    case 0xc8: return sized(Kind::bytes, 2, 1);
    case 0xc9: return sized(Kind::bytes, 4, 1);
    case 0xd4: return Item{Kind::bytes, 1, 0, 2};
    case 0xd5: return Item{Kind::bytes, 2, 0, 2};
    case 0xd6: return Item{Kind::bytes, 4, 0, 2};
    case 0xd7: return Item{Kind::bytes, 8, 0, 2};
    case 0xd8: return Item{Kind::bytes, 16, 0, 2};
    case 0xd9: return sized(Kind::text, 1);
    case 0xda: return sized(Kind::text, 2);
    case 0xdb: return sized(Kind::text, 4);
    case 0xdc: return sized(Kind::array, 2);
    case 0xdd: return sized(Kind::array, 4);
    case 0xde: return sized(Kind::map, 2);
    case 0xdf: return sized(Kind::map, 4);
    default: break;
  }
  const unsigned size = 1u << ((b - 0xca) < 2 ? (b - 0xca) + 2 : (b - 0xcc) % 4);   // ca float32, cb float64, cc–cf uint, d0–d3 int
  KLIK_TRY(std::uint64_t value, big_endian(bytes, at + 1, size));
  if (b == 0xca) return Item{Kind::real, 0, std::bit_cast<std::uint64_t>(static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(value)))), 5};
  if (b == 0xcb) return Item{Kind::real, 0, value, 9};
  if (b >= 0xd0 && size < 8 && (value >> (8 * size - 1)) != 0) value |= ~std::uint64_t{0} << (8 * size);
  return Item{Kind::integer, 0, value, 1 + size};
}

}  // namespace

Result<Outline> read_msgpack(Bytes bytes, std::uint32_t shortest) {
  struct Frame {
    std::uint64_t left;          // items, of a map two for each pair
    std::uint32_t container, number;
    bool map;
    PartName name;
  };
  Outline out;
  out.shortest = shortest;
  out.format = "msgpack";
  std::vector<Frame> stack;
  std::uint64_t at = 0;
  do {   // each turn takes a byte at least
    while (!stack.empty() && stack.back().left == 0) stack.pop_back();
    if (stack.empty() && at > 0) break;
    KLIK_TRY(const Item item, item_at(bytes, at));
    const bool nested = item.kind == Kind::map || item.kind == Kind::array;
    if (at == 0 && (!nested || item.count == 0)) return fail(Code::bad_magic, 0, "not a map or an array");
    const std::uint64_t content = at + item.head, length = nested ? 0 : item.count;
    if (content > bytes.size() || length > bytes.size() - content) return fail(Code::truncated, at, "an item past the end");
    std::uint32_t container = 0;
    PartName name{0, 0, UINT32_MAX};
    if (!stack.empty()) {
      Frame& top = stack.back();
      container = top.container;
      --top.left;
      if (top.map && top.left % 2 == 1) {   // a key
        if (nested) return fail(Code::bad_value, at, "a key that is no text or number");
        top.name = item.kind == Kind::text ? PartName{content, static_cast<std::uint32_t>(std::min<std::uint64_t>(length, 256)), 0} : PartName{0, 0, static_cast<std::uint32_t>(item.value)};
        at = content + length;
        continue;
      }
      name = top.map ? top.name : PartName{0, 0, top.number++};
    }
    at = content + length;
    if (nested) {
      const std::uint64_t items = item.kind == Kind::map ? item.count * 2 : item.count;
      if (items > bytes.size() - at) return fail(Code::truncated, at, "more items than bytes");
      if (stack.size() >= kDeepest) return fail(Code::over_budget, at, "nested too deeply");
      stack.push_back({items, at == item.head ? 0 : out.open(container, name), 0, item.kind == Kind::map, {}});
    } else if (item.kind == Kind::integer || item.kind == Kind::real) {
      out.add({content - (item.head - 1), item.head - 1, container, name, item.kind == Kind::integer ? LeafKind::integer : LeafKind::real, item.value});
    } else if (length > 0) {
      out.add({content, length, container, name, item.kind == Kind::text ? LeafKind::text : LeafKind::bytes});
    }
  } while (true);
  if (at != bytes.size()) return fail(Code::bad_magic, at, "bytes after the end");
  return out;
}

}  // namespace klik::traffic
