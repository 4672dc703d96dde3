#include "formats/android/arsc.h"

#include <algorithm>
#include <tuple>

namespace klik::arsc {
namespace {

using namespace res;

struct TableHeader {
  ChunkHeader chunk;
  U32le package_count;
};
static_assert(sizeof(TableHeader) == 12);

struct PackageHeader {
  ChunkHeader chunk;
  U32le id;
  U16le name[128];
  U32le type_strings, last_public_type, key_strings, last_public_key;   // offsets from the chunk
};
static_assert(sizeof(PackageHeader) == 284);

struct TypeHeader {
  ChunkHeader chunk;
  std::uint8_t id, flags;
  U16le reserved;
  U32le entry_count, entries_start;
  U32le config_size;   // first word of the configuration
};
static_assert(sizeof(TypeHeader) == 24);
constexpr std::uint64_t kConfigAt = 20;   // in the type chunk

struct SparseOffset {
  U16le index, offset;   // offset in words
};
static_assert(sizeof(SparseOffset) == 4);

struct EntryHeader {
  U16le size, flags;     // of a compact entry: key, flags with the value's type in the high byte
  U32le key;             // of a compact entry: the value's data
};
static_assert(sizeof(EntryHeader) == 8);

struct BagHeader {
  EntryHeader entry;
  U32le parent, count;
};
static_assert(sizeof(BagHeader) == 16);

struct WireItem {
  U32le name;
  WireValue value;
};
static_assert(sizeof(WireItem) == 12);

constexpr std::uint8_t kSparse = 1, kShortOffsets = 2;
constexpr std::uint16_t kBag = 1, kPublic = 2, kWeak = 4, kCompact = 8;
constexpr int kMostHops = 20;                               // as the phone
constexpr std::uint64_t kMostSteps = std::uint64_t{4} << 20;   // entries read for one table

constexpr std::uint32_t type_of(std::uint32_t id) { return id >> 16 & 0xFF; }
constexpr std::uint32_t index_of(std::uint32_t id) { return id & 0xFFFF; }

}  // namespace

Result<Table> Table::open(Bytes file) {
  KLIK_TRY(const TableHeader* header, file.view<TableHeader>(0));
  if (header->chunk.type != kTable) return fail(Code::bad_magic, 0, "not a resource table");
  Table table;
  table.file_ = file;
  std::uint64_t end = header->chunk.size;
  if (end > file.size()) {
    table.oddities_.add(Code::truncated, 4, "resource table ends before its size says", true);
    end = file.size();
  }
  bool have_strings = false;
  std::uint64_t at = header->chunk.header_size;
  if (at < sizeof(TableHeader)) return fail(Code::bad_value, 2, "resource table: header size below 12");
  while (at < end && end - at >= sizeof(ChunkHeader)) {
    const ChunkHeader* chunk = *file.view<ChunkHeader>(at);
    std::uint64_t size = chunk->size;
    // A chunk that does not advance would be read for ever.
    if (size < sizeof(ChunkHeader)) {
      table.oddities_.add(Code::bad_value, at + 4, "resource table: a chunk smaller than its header; the phone stops here", true);
      break;
    }
    if (size > end - at) {
      table.oddities_.add(Code::truncated, at + 4, "resource table: a chunk past the end", true);
      size = end - at;
    }
    if (chunk->type == kStringPool) {
      if (!have_strings) {   // the first counts
        const Bytes until_end = *file.slice(0, at + size);
        if (auto pool = StringPool::open(until_end, at, table.oddities_)) table.strings_ = std::move(*pool);
        else table.oddities_.add(pool.error(), true);
      }
      have_strings = true;
    } else if (chunk->type == kTablePackage) {
      table.read_package(at, size);
    } else {
      table.oddities_.add(Code::deviation, at, "resource table: unknown chunk; the phone skips it");
    }
    at += size;
  }
  std::ranges::sort(table.types_, {}, [](const Type& t) { return std::tuple(t.package, t.type, t.other_config, t.order); });
  return table;
}

void Table::read_package(std::uint64_t package_at, std::uint64_t package_size) {
  const Bytes until_end = *file_.slice(0, package_at + package_size);
  const auto header = until_end.view<PackageHeader>(package_at);
  if (!header) return oddities_.add(header.error(), true);
  const std::uint32_t id = (*header)->id;
  if (id > 0xFF) oddities_.add(Code::bad_value, package_at + 8, "resource table: package number over 255");
  Package package{id & 0xFF, {}, {}};
  const auto pool = [&](std::uint32_t offset, StringPool& to) {
    if (offset == 0 || offset >= package_size) return;
    if (auto opened = StringPool::open(until_end, package_at + offset, oddities_)) to = std::move(*opened);
  };
  pool((*header)->type_strings, package.types);
  pool((*header)->key_strings, package.keys);
  packages_.push_back(std::move(package));

  const std::uint64_t end = package_at + package_size;
  std::uint64_t at = package_at + (*header)->chunk.header_size;
  if ((*header)->chunk.header_size < sizeof(ChunkHeader)) return oddities_.add(Code::bad_value, package_at + 2, "resource table: package header below 8", true);
  while (at < end && end - at >= sizeof(ChunkHeader)) {
    const ChunkHeader* chunk = *file_.view<ChunkHeader>(at);
    const std::uint64_t size = chunk->size;
    if (size < sizeof(ChunkHeader) || size > end - at) return oddities_.add(Code::bad_value, at + 4, "resource table: a chunk of a package has an impossible size; the phone stops here", true);
    if (chunk->type == kTableType) read_type(id & 0xFF, at, size);
    at += size;
  }
}

void Table::read_type(std::uint32_t package, std::uint64_t at, std::uint64_t size) {
  const Bytes chunk = *file_.slice(at, size);
  const auto header = chunk.view<TypeHeader>(0);
  if (!header) return oddities_.add(Code::truncated, at, "resource table: a type chunk too short for its header", true);
  const std::uint64_t header_size = (*header)->chunk.header_size;
  const std::uint32_t config_size = (*header)->config_size;
  if (header_size > size || config_size < 4 || config_size > size - kConfigAt || header_size < kConfigAt + 4)
    return oddities_.add(Code::bad_value, at + kConfigAt, "resource table: a configuration has an impossible size", true);
  const Bytes config = *chunk.slice(kConfigAt, config_size);
  const bool is_default = std::ranges::all_of(config.span().subspan(4), [](std::uint8_t b) { return b == 0; });
  types_.push_back({.package = package, .type = (*header)->id, .other_config = !is_default, .order = static_cast<std::uint32_t>(types_.size()),
                    .flags = (*header)->flags, .at = at, .size = size, .header_size = static_cast<std::uint16_t>(header_size),
                    .entry_count = (*header)->entry_count, .entries_start = (*header)->entries_start, .config_at = at + kConfigAt, .config_size = config_size});
}

std::uint32_t Table::package_of(std::uint32_t id) const {
  const std::uint32_t package = id >> 24;
  return package == 0 && !packages_.empty() ? packages_[0].id : package;
}

std::span<const Table::Type> Table::types_of(std::uint32_t id) const {
  const auto range = std::ranges::equal_range(types_, std::tuple(package_of(id), type_of(id)), {}, [](const Type& t) { return std::tuple(t.package, t.type); });
  return {range.begin(), range.end()};
}

// Where the entry lies in the chunk.
std::optional<std::uint64_t> Table::entry_offset(const Type& type, std::uint32_t index) const {
  const Bytes chunk = *file_.slice(type.at, type.size);
  std::uint64_t offset = 0;
  if (type.flags & kSparse) {
    const auto rows = chunk.array<SparseOffset>(type.header_size, type.entry_count);
    if (!rows) return std::nullopt;
    const auto row = std::ranges::lower_bound(*rows, index, {}, [](const SparseOffset& r) { return std::uint32_t{r.index}; });
    if (row == rows->end() || row->index != index) return std::nullopt;
    offset = std::uint64_t{row->offset} * 4;
  } else {
    if (index >= type.entry_count) return std::nullopt;
    if (type.flags & kShortOffsets) {
      const auto row = chunk.get<U16le>(type.header_size + std::uint64_t{index} * 2);
      if (!row || *row == 0xFFFF) return std::nullopt;
      offset = std::uint64_t{*row} * 4;
    } else {
      const auto row = chunk.get<U32le>(type.header_size + std::uint64_t{index} * 4);
      if (!row || *row == kNone) return std::nullopt;
      offset = *row;
    }
  }
  return std::uint64_t{type.entries_start} + offset;
}

std::optional<Entry> Table::entry(const Type& type, std::uint32_t index) const {
  const auto offset = entry_offset(type, index);
  if (!offset) return std::nullopt;
  const Bytes chunk = *file_.slice(type.at, type.size);
  const auto header = chunk.view<EntryHeader>(*offset);
  if (!header) return std::nullopt;
  const std::uint16_t flags = (*header)->flags;
  Entry e;
  e.at = type.at + *offset;
  e.config_at = type.config_at;
  e.config_size = type.config_size;
  e.is_default = !type.other_config;
  e.weak = flags & kWeak;
  e.is_public = flags & kPublic;
  if (flags & kCompact) {
    e.key = (*header)->size;
    e.value = {static_cast<std::uint8_t>(flags >> 8), (*header)->key};
    e.length = sizeof(EntryHeader);
    return e;
  }
  e.key = (*header)->key;
  const std::uint64_t size = (*header)->size;
  if (flags & kBag) {
    const auto bag = chunk.view<BagHeader>(*offset);
    // Its header may be longer than ours, but it lies in the chunk: it is what a fact points at.
    if (!bag || size < sizeof(BagHeader) || !chunk.slice(*offset, size)) return std::nullopt;
    e.bag = true;
    e.parent = (*bag)->parent;
    e.length = size;
    e.items_at = e.at + size;
    const std::uint64_t room = *offset + size < chunk.size() ? chunk.size() - *offset - size : 0;
    e.items = static_cast<std::uint32_t>(std::min<std::uint64_t>((*bag)->count, room / sizeof(WireItem)));
    return e;
  }
  if (size < sizeof(EntryHeader)) return std::nullopt;
  const auto value = chunk.view<WireValue>(*offset + size);
  if (!value) return std::nullopt;
  e.value = {(*value)->type, (*value)->data};
  e.length = size + sizeof(WireValue);
  return e;
}

bool Table::spend() const { return steps_ < kMostSteps && ++steps_; }

std::vector<Entry> Table::entries(std::uint32_t id) const {
  std::vector<Entry> out;
  for (const Type& type : types_of(id)) {
    if (out.size() >= kMostConfigs || !spend()) break;
    if (auto e = entry(type, index_of(id))) out.push_back(*e);
  }
  return out;
}

// The entry of the default configuration, else the first in the file.
std::optional<Entry> Table::best(std::uint32_t id) const {
  for (const Type& type : types_of(id)) {
    if (!spend()) break;
    if (auto e = entry(type, index_of(id))) return e;
  }
  return std::nullopt;
}

Resolved Table::resolve(const res::Value& value) const {
  if (value.is_theme()) return {.outcome = Outcome::theme};
  if (!value.is_reference()) return {.outcome = Outcome::found, .entry = {.value = value}};
  return resolve(value.data);
}

Resolved Table::resolve(std::uint32_t id) const {
  Resolved out;
  std::uint32_t at = id;
  for (int hop = 0; hop < kMostHops; ++hop) {
    if (steps_ >= kMostSteps) {
      out.outcome = Outcome::over_budget;
      return out;
    }
    const auto found = best(at);
    if (!found) {
      const bool here = (std::ranges::find(packages_, package_of(at), &Package::id) != packages_.end());
      out.outcome = here ? Outcome::no_entry : Outcome::no_package;
      return out;
    }
    out.entry = *found;
    for (const Entry& other : entries(at))
      if (other.bag != found->bag || (!other.bag && !(other.value == found->value))) out.varies = true;
    if (found->bag || !(found->value.is_reference() || found->value.is_theme())) {
      out.outcome = Outcome::found;
      return out;
    }
    if (found->value.is_theme()) {
      out.outcome = Outcome::theme;
      return out;
    }
    if (found->value.data == 0) {   // @null
      out.outcome = Outcome::found;
      out.entry.value = {};
      return out;
    }
    at = found->value.data;
  }
  out.outcome = Outcome::loop;
  return out;
}

std::vector<BagItem> Table::items(const Entry& bag) const {
  std::vector<BagItem> out;
  const auto wire = file_.array<WireItem>(bag.items_at, bag.items);
  if (!wire) return out;
  out.reserve(wire->size());
  std::uint64_t at = bag.items_at;
  for (const WireItem& w : *wire) {
    out.push_back({w.name, {w.value.type, w.value.data}, at});
    at += sizeof(WireItem);
  }
  return out;
}

std::string Table::name(std::uint32_t id) const {
  const auto package = std::ranges::find(packages_, package_of(id), &Package::id);
  if (package == packages_.end() || type_of(id) == 0) return {};
  const auto found = best(id);
  if (!found) return {};
  const PoolString type = package->types.get(type_of(id) - 1), key = package->keys.get(found->key);
  if (type.broken || key.broken) return {};
  return type.text + "/" + key.text;
}

}  // namespace klik::arsc
