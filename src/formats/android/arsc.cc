#include "formats/android/arsc.h"

#include <algorithm>

namespace klik::android {
namespace {

constexpr std::uint16_t kTable = 0x0002, kStringPoolChunk = 0x0001, kPackage = 0x0200, kType = 0x0201;
constexpr std::uint8_t kSparse = 1, kOffset16 = 2;
constexpr std::uint16_t kComplex = 1, kCompact = 8;

struct PackageHeader {
  ChunkHeader chunk;
  U32le id;
};

struct TypeHeader {
  ChunkHeader chunk;
  std::uint8_t id, flags;
  U16le reserved;
  U32le entry_count, entries_start;
  U32le config_size;   // then the rest of the configuration
};
static_assert(sizeof(TypeHeader) == 24);

struct EntryHeader {
  U16le size, flags;
  U32le key;
};

struct Value {
  U16le size;
  std::uint8_t zero, type;
  U32le data;
};

}  // namespace

Result<ResourceTable> ResourceTable::read(Bytes file) {
  KLIK_TRY(const ChunkHeader* root, file.view<ChunkHeader>(0));
  if (root->type != kTable || root->header_size < sizeof(ChunkHeader) || root->header_size > root->size) return fail(Code::bad_magic, 0, "not a resource table");
  ResourceTable table;
  table.file_ = file;
  const auto odd = [&](Code code, std::uint64_t at, const char* what) { table.oddities_.push_back(fail(code, at, what).error()); };
  const std::uint64_t end = std::min<std::uint64_t>(root->size, file.size());
  if (end < root->size) odd(Code::truncated, 4, "the resource table is shorter than it says");
  bool have_strings = false;
  for (std::uint64_t at = root->header_size; at < end;) {
    const auto chunk = file.view<ChunkHeader>(at);
    // A chunk that does not advance would be read for ever.
    if (!chunk || (*chunk)->size < sizeof(ChunkHeader) || (*chunk)->size > end - at) {
      odd(Code::bad_value, at, "a chunk of the resource table has an impossible size");
      break;
    }
    if ((*chunk)->type == kStringPoolChunk && !have_strings) {
      KLIK_TRY(const Bytes body, file.slice(at, (*chunk)->size));
      if (auto pool = StringPool::read(body)) table.strings_ = *pool;
      else odd(pool.error().code, at, "the string pool of the resource table is broken");
      have_strings = true;
    } else if ((*chunk)->type == kPackage) {
      table.read_package(at, (*chunk)->size);
    }
    at += (*chunk)->size;
  }
  return table;
}

void ResourceTable::read_package(std::uint64_t at, std::uint64_t size) {
  const auto header = file_.view<PackageHeader>(at);
  if (!header) return;
  TypesById& types = packages_[static_cast<std::uint8_t>(std::uint32_t{(*header)->id})];
  for (std::uint64_t inner = (*header)->chunk.header_size; inner < size;) {
    const auto chunk = file_.view<ChunkHeader>(at + inner);
    if (!chunk || (*chunk)->size < sizeof(ChunkHeader) || (*chunk)->size > size - inner) {
      oddities_.push_back(fail(Code::bad_value, at + inner, "a chunk of a resource package has an impossible size").error());
      return;
    }
    if ((*chunk)->type == kType) {
      if (const auto type = file_.view<TypeHeader>(at + inner)) types[(*type)->id].push_back({at + inner, (*chunk)->size});
    }
    inner += (*chunk)->size;
  }
}

Result<ResourceValue> ResourceTable::entry(const Type& type, std::uint16_t index) const {
  KLIK_TRY(const Bytes chunk, file_.slice(type.at, type.size));
  KLIK_TRY(const TypeHeader* header, chunk.view<TypeHeader>(0));
  const std::uint64_t offsets = header->chunk.header_size, count = header->entry_count;
  std::uint64_t at = 0;
  const auto none = [] { return fail(Code::absent, 0, "no such entry"); };
  if ((header->flags & kSparse) != 0) {   // pairs of index and offset / 4, sorted by index
    struct Pair {
      U16le index, offset;
    };
    KLIK_TRY(const auto pairs, chunk.array<Pair>(offsets, count));
    const auto found = std::ranges::lower_bound(pairs, index, {}, [](const Pair& p) { return std::uint16_t{p.index}; });
    if (found == pairs.end() || found->index != index) return none();
    at = std::uint64_t{found->offset} * 4;
  } else if (index >= count) {
    return none();
  } else if ((header->flags & kOffset16) != 0) {
    KLIK_TRY(const U16le offset, chunk.get<U16le>(offsets + std::uint64_t{2} * index));
    if (offset == 0xFFFF) return none();
    at = std::uint64_t{offset} * 4;
  } else {
    KLIK_TRY(const U32le offset, chunk.get<U32le>(offsets + std::uint64_t{4} * index));
    if (offset == 0xFFFFFFFF) return none();
    at = offset;
  }
  at += header->entries_start;
  KLIK_TRY(const EntryHeader* head, chunk.view<EntryHeader>(at));
  ResourceValue value;
  const std::uint16_t flags = head->flags;
  if ((flags & kCompact) != 0) {   // the key sits in `size`, the type in the high byte of the flags
    value.type = static_cast<ValueType>(flags >> 8);
    value.data = head->key;
    value.at = type.at + at;
    value.length = sizeof(EntryHeader);
  } else {
    if ((flags & kComplex) != 0) return none();
    KLIK_TRY(const Value* raw, chunk.view<Value>(at + head->size));
    value.type = static_cast<ValueType>(raw->type);
    value.data = raw->data;
    value.at = type.at + at + head->size;
    value.length = sizeof(Value);
  }
  if (value.type == ValueType::string) value.text = strings_.get(value.data);
  // The default configuration is all zeros behind its size.
  const std::uint64_t config = std::uint64_t{header->config_size};
  const auto rest = config >= 4 ? chunk.slice(sizeof(TypeHeader), std::min(config - 4, chunk.size() - sizeof(TypeHeader))) : chunk.slice(0, 0);
  value.default_configuration = rest && std::ranges::all_of(rest->span(), [](std::uint8_t b) { return b == 0; });
  return value;
}

std::vector<ResourceValue> ResourceTable::values(std::uint32_t id) const {
  std::vector<ResourceValue> out;
  const auto package = packages_.find(static_cast<std::uint8_t>(id >> 24));
  if (package == packages_.end()) return out;
  const auto types = package->second.find(static_cast<std::uint8_t>(id >> 16));
  if (types == package->second.end()) return out;
  for (const Type& type : types->second)
    if (auto value = entry(type, static_cast<std::uint16_t>(id))) out.push_back(std::move(*value));
  return out;
}

ResourceValue ResourceTable::resolve(std::uint32_t id) const {
  for (int step = 0; step < 8; ++step) {
    std::vector<ResourceValue> all = values(id);
    if (all.empty()) return {};
    const auto chosen = std::ranges::find(all, true, &ResourceValue::default_configuration);
    ResourceValue value = chosen == all.end() ? std::move(all.front()) : std::move(*chosen);
    if (value.type != ValueType::reference && value.type != ValueType::dynamic_reference) return value;
    id = value.data;
  }
  return {};
}

}  // namespace klik::android
