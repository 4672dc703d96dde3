#include "formats/patch/zucchini/dex_layout.h"

#include <algorithm>

namespace klik::zucchini {
namespace {

constexpr std::uint64_t kHeaderSize = 0x70;
constexpr std::uint32_t kMostMapItems = 21;
constexpr std::uint64_t kEntryOfDirectory = 8;

struct MapItem {
  U16le type, unused;
  U32le count, at;
};
static_assert(sizeof(MapItem) == 12);

struct MapType {
  std::uint16_t type;
  DexItem item;
};
constexpr MapType kMapTypes[] = {
    {0x0001, DexItem::string_id}, {0x0002, DexItem::type_id}, {0x0003, DexItem::proto_id}, {0x0004, DexItem::field_id},
    {0x0005, DexItem::method_id}, {0x0006, DexItem::class_def}, {0x0007, DexItem::call_site_id}, {0x0008, DexItem::method_handle},
    {0x1001, DexItem::type_list}, {0x1002, DexItem::annotation_set_refs}, {0x1003, DexItem::annotation_set},
    {0x2001, DexItem::code}, {0x2006, DexItem::annotation_directory},
};

// The least that an item of the map takes. A list starts with a number of entries.
std::uint64_t least_size(DexItem item) {
  const bool list = item == DexItem::type_list || item == DexItem::annotation_set_refs || item == DexItem::annotation_set;
  return list ? 4 : dex_item_size(item);
}

// Walks over variable-length items, each four bytes aligned.
class Walker {
 public:
  Walker(Bytes image, std::uint64_t at) : image_(image), at_(at) {}

  std::uint32_t at() const { return static_cast<std::uint32_t>(at_); }
  Result<void> align() {
    at_ = (at_ + 3) & ~std::uint64_t{3};
    return skip(0, 0);
  }
  Result<void> skip(std::uint64_t count, std::uint64_t size) {
    if (at_ > image_.size() || (size && count > (image_.size() - at_) / size)) return fail(Code::bad_value, at_, "list past the end of the DEX file");
    at_ += count * size;
    return {};
  }
  template <class T>
  Result<T> take() {
    const T value = value_at<T>(image_, at_);
    KLIK_CHECK(skip(1, sizeof(T)));
    return value;
  }
  // The places of `count` entries of `size` bytes.
  Result<void> list(std::uint64_t count, std::uint64_t size, std::vector<std::uint32_t>& places) {
    const std::uint64_t begin = at_;
    KLIK_CHECK(skip(count, size));
    for (std::uint64_t i = 0; i < count; ++i) places.push_back(static_cast<std::uint32_t>(begin + i * size));
    return {};
  }
  // LEB128, in at most five bytes.
  Result<std::uint32_t> leb() {
    std::uint32_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      KLIK_TRY(const std::uint8_t byte, take<std::uint8_t>());
      value |= static_cast<std::uint32_t>(byte & 0x7F) << shift;
      last_shift_ = shift;
      if (byte < 0x80) return value;
    }
    return fail(Code::bad_value, at_, "LEB128 of more than five bytes");
  }
  Result<std::int64_t> signed_leb() {
    KLIK_TRY(const std::uint32_t value, leb());
    if (last_shift_ == 28) return std::int64_t{static_cast<std::int32_t>(value)};
    const std::uint32_t sign = std::uint32_t{0x40} << last_shift_;
    return std::int64_t{static_cast<std::int32_t>((value ^ sign) - sign)};
  }
  std::uint64_t left() const { return image_.size() - at_; }

 private:
  Bytes image_;
  std::uint64_t at_;
  unsigned last_shift_ = 0;
};

std::vector<std::uint32_t>& places(DexLayout& layout, DexItem item) { return layout.places[static_cast<std::size_t>(item)]; }

Result<void> read_list(Bytes image, DexItem item, DexLayout& layout) {
  Walker walker(image, layout[item].at);
  for (std::uint32_t i = 0; i < layout[item].count; ++i) {
    KLIK_CHECK(walker.align());
    KLIK_TRY(const std::uint32_t count, walker.take<std::uint32_t>());
    KLIK_CHECK(walker.list(count, dex_item_size(item), places(layout, item)));
  }
  return {};
}

Result<void> read_directories(Bytes image, DexLayout& layout) {
  const DexTables::Table& table = layout[DexItem::annotation_directory];
  Walker walker(image, table.at);
  for (std::uint32_t i = 0; i < table.count; ++i) {
    KLIK_CHECK(walker.align());
    places(layout, DexItem::annotation_directory).push_back(walker.at());
    KLIK_CHECK(walker.skip(1, 4));
    KLIK_TRY(const std::uint32_t fields, walker.take<std::uint32_t>());
    KLIK_TRY(const std::uint32_t methods, walker.take<std::uint32_t>());
    KLIK_TRY(const std::uint32_t parameters, walker.take<std::uint32_t>());
    KLIK_CHECK(walker.list(fields, kEntryOfDirectory, places(layout, DexItem::field_annotation)));
    KLIK_CHECK(walker.list(methods, kEntryOfDirectory, places(layout, DexItem::method_annotation)));
    KLIK_CHECK(walker.list(parameters, kEntryOfDirectory, places(layout, DexItem::parameter_annotation)));
  }
  return {};
}

Result<void> skip_handlers(Walker& walker) {
  KLIK_TRY(const std::uint32_t lists, walker.leb());
  // Each takes a byte at least, so the loops end with the file.
  for (std::uint32_t i = 0; i < lists; ++i) {
    KLIK_TRY(const std::int64_t size, walker.signed_leb());
    const std::uint64_t typed = static_cast<std::uint64_t>(size < 0 ? -size : size);
    for (std::uint64_t j = 0; j < 2 * typed + (size <= 0 ? 1 : 0); ++j) KLIK_CHECK(walker.leb());
  }
  return {};
}

Result<void> read_code(Bytes image, DexLayout& layout) {
  Walker walker(image, layout[DexItem::code].at);
  std::vector<std::uint32_t>& out = places(layout, DexItem::code);
  for (std::uint32_t i = 0; i < layout[DexItem::code].count; ++i) {
    KLIK_CHECK(walker.align());
    out.push_back(walker.at());
    KLIK_CHECK(walker.skip(3, 2));
    KLIK_TRY(const std::uint16_t tries, walker.take<std::uint16_t>());
    KLIK_CHECK(walker.skip(1, 4));
    KLIK_TRY(const std::uint32_t units, walker.take<std::uint32_t>());
    KLIK_CHECK(walker.skip(units, 2));
    if (tries == 0) continue;
    KLIK_CHECK(walker.align());
    KLIK_CHECK(walker.skip(tries, 8));
    KLIK_CHECK(skip_handlers(walker));
  }
  if (out.empty()) return fail(Code::bad_value, 0, "DEX file without code");
  return {};
}

}  // namespace

std::uint32_t dex_item_size(DexItem item) {
  switch (item) {
    case DexItem::type_list: return 2;
    case DexItem::string_id: case DexItem::type_id: case DexItem::call_site_id: case DexItem::annotation_set_refs: case DexItem::annotation_set: return 4;
    case DexItem::proto_id: return 12;
    case DexItem::class_def: return 32;
    case DexItem::annotation_directory: case DexItem::code: return 16;
    default: return 8;
  }
}

Result<DexTables> read_dex_tables(Bytes image) {
  const std::string_view text = image.text();
  const std::string_view version = text.substr(0, 8);
  if (image.size() < kHeaderSize || (version != std::string_view("dex\n035\0", 8) && version != std::string_view("dex\n037\0", 8) &&
                                     version != std::string_view("dex\n038\0", 8) && version != std::string_view("dex\n039\0", 8)))
    return fail(Code::bad_value, 0, "not a DEX file of a version that patches know");
  if (value_at<std::uint32_t>(image, 0x20) != image.size()) return fail(Code::bad_value, 0x20, "the DEX file does not end where the element does");
  const std::uint32_t map_at = value_at<std::uint32_t>(image, 0x34);
  if (map_at < kHeaderSize || map_at > image.size() - 4) return fail(Code::bad_value, 0x34, "map outside the DEX file");
  const std::uint32_t count = value_at<std::uint32_t>(image, map_at);
  const auto map = image.array<MapItem>(std::uint64_t{map_at} + 4, count);
  if (!map || count > kMostMapItems) return fail(Code::bad_value, map_at, "map past the end of the DEX file, or too long");
  DexTables out;
  std::uint64_t table_bytes = 0;
  for (std::size_t i = 0; i < map->size(); ++i) {
    const MapItem& m = (*map)[i];
    for (std::size_t before = 0; before < i; ++before)
      if ((*map)[before].type == m.type) return fail(Code::bad_value, map_at, "map with the same type twice");
    const auto known = std::ranges::find(kMapTypes, m.type, &MapType::type);
    const std::uint64_t least = known == std::end(kMapTypes) ? 1 : least_size(known->item);
    if (m.at > image.size() || m.count > (image.size() - m.at) / least) return fail(Code::bad_value, map_at, "items past the end of the DEX file");
    if (known == std::end(kMapTypes)) continue;
    out.tables[static_cast<std::size_t>(known->item)] = {m.at, m.count};
    table_bytes += m.count * least;
  }
  // Tables may lie on top of each other, so the same bytes could be read as references of every kind.
  if (table_bytes > image.size()) return fail(Code::over_budget, map_at, "more bytes in tables than in the DEX file");
  return out;
}

Result<DexLayout> read_dex_layout(Bytes image) {
  KLIK_TRY(const DexTables tables, read_dex_tables(image));
  DexLayout layout{tables, {}};
  for (const DexItem item : {DexItem::type_list, DexItem::annotation_set_refs, DexItem::annotation_set}) KLIK_CHECK(read_list(image, item, layout));
  KLIK_CHECK(read_directories(image, layout));
  KLIK_CHECK(read_code(image, layout));
  return layout;
}

}  // namespace klik::zucchini
