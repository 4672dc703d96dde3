#include "formats/android/dex_values.h"

namespace klik::dex {
namespace {

constexpr std::uint32_t kDeepest = 64;
// Sets may be shared, so a small file could ask for the same annotation without end. One class of real software has
// thousands of values; this is far above.
constexpr std::uint64_t kMostItems = std::uint64_t{1} << 20;

struct DirectoryHeader {
  U32le class_set, fields, methods, parameters;
};
struct DirectoryEntry {
  U32le target, set;
};
static_assert(sizeof(DirectoryHeader) == 16 && sizeof(DirectoryEntry) == 8);

class Reader {
 public:
  Reader(const DexFile& dex, ValueVisitor& visitor) : dex_(dex), window_(dex.window()), visitor_(visitor) {}

  Result<void> array(LebReader& in, std::uint32_t depth) {
    KLIK_TRY(const std::uint32_t count, in.unsigned_value());
    return elements(in, count, depth);
  }

  // Elements of an array; every one takes at least a byte, so a count cannot outrun the file.
  Result<void> elements(LebReader& in, std::uint32_t count, std::uint32_t depth) {
    for (std::uint32_t i = 0; i < count; ++i) KLIK_CHECK(value(in, {.depth = depth, .position = i}));
    return {};
  }

  // Named elements of an annotation.
  Result<void> named_elements(LebReader& in, std::uint32_t count, std::uint32_t depth) {
    for (std::uint32_t i = 0; i < count; ++i) {
      KLIK_TRY(const std::uint32_t name, in.unsigned_value());
      KLIK_CHECK(value(in, {.depth = depth, .position = i, .element_name = name}));
    }
    return {};
  }

  Result<void> value(LebReader& in, EncodedValue v) {
    if (v.depth > kDeepest) return fail(Code::over_budget, in.at(), "values are nested deeper than any compiler does");
    if (++items_ > kMostItems) return fail(Code::over_budget, in.at(), "more values than any class has");
    v.at = in.at();
    KLIK_TRY(const std::uint8_t head, window_.get<std::uint8_t>(v.at));
    const std::uint8_t argument = head >> 5;
    v.type = static_cast<ValueType>(head & 0x1F);
    in = LebReader(window_, v.at + 1);
    if (v.type == ValueType::array) {
      KLIK_TRY(v.count, in.unsigned_value());
      v.length = in.at() - v.at;
      visitor_.value(v);
      return elements(in, v.count, v.depth + 1);
    }
    if (v.type == ValueType::annotation) {
      KLIK_TRY(v.index, in.unsigned_value());
      KLIK_TRY(v.count, in.unsigned_value());
      v.length = in.at() - v.at;
      visitor_.value(v);
      return named_elements(in, v.count, v.depth + 1);
    }
    KLIK_TRY(const std::uint64_t size, read_scalar(v, argument));
    v.length = 1 + size;
    in = LebReader(window_, v.at + v.length);
    visitor_.value(v);
    return {};
  }

  Result<void> annotation_set(std::uint32_t offset, Annotation about) {
    if (offset == 0) return {};
    const std::uint64_t at = dex_.data_at(offset);
    KLIK_TRY(const U32le count, window_.get<U32le>(at));
    KLIK_TRY(const auto items, window_.array<U32le>(at + 4, count));
    for (const U32le item : items) {
      if (++items_ > kMostItems) return fail(Code::over_budget, at, "more annotations than any class has");
      about.at = dex_.data_at(item);
      KLIK_TRY(about.visibility, window_.get<std::uint8_t>(about.at));
      LebReader in(window_, about.at + 1);
      KLIK_TRY(about.type, in.unsigned_value());
      KLIK_TRY(const std::uint32_t elements, in.unsigned_value());
      visitor_.annotation(about);
      KLIK_CHECK(named_elements(in, elements, 0));
    }
    return {};
  }

  Result<void> directory(const ClassDef& def) {
    KLIK_TRY(const DirectoryHeader* header, window_.view<DirectoryHeader>(def.annotations_at));
    KLIK_CHECK(annotation_set(header->class_set, {.on = AnnotatedKind::type, .target = def.type}));
    std::uint64_t at = def.annotations_at + sizeof(DirectoryHeader);
    const auto entries = [&](std::uint32_t count) -> Result<std::span<const DirectoryEntry>> {
      auto list = window_.array<DirectoryEntry>(at, count);
      at += sizeof(DirectoryEntry) * std::uint64_t{count};
      return list;
    };
    KLIK_TRY(const auto fields, entries(header->fields));
    KLIK_TRY(const auto methods, entries(header->methods));
    KLIK_TRY(const auto parameters, entries(header->parameters));
    for (const DirectoryEntry& e : fields) KLIK_CHECK(annotation_set(e.set, {.on = AnnotatedKind::field, .target = e.target}));
    for (const DirectoryEntry& e : methods) KLIK_CHECK(annotation_set(e.set, {.on = AnnotatedKind::method, .target = e.target}));
    for (const DirectoryEntry& e : parameters) {
      const std::uint64_t list = dex_.data_at(e.set);
      KLIK_TRY(const U32le count, window_.get<U32le>(list));
      KLIK_TRY(const auto sets, window_.array<U32le>(list + 4, count));
      for (std::uint32_t i = 0; i < sets.size(); ++i) {
        if (++items_ > kMostItems) return fail(Code::over_budget, list, "more annotations than any class has");
        KLIK_CHECK(annotation_set(sets[i], {.on = AnnotatedKind::parameter, .target = e.target, .parameter = i}));
      }
    }
    return {};
  }

 private:
  // Fills number or index; gives the bytes behind the head.
  Result<std::uint64_t> read_scalar(EncodedValue& v, std::uint8_t argument) const {
    if (v.type == ValueType::null) return std::uint64_t{0};
    if (v.type == ValueType::boolean) {
      v.number = argument & 1;
      return std::uint64_t{0};
    }
    const std::uint64_t size = std::uint64_t{argument} + 1;
    KLIK_TRY(const Bytes raw, window_.slice(v.at + 1, size));
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < size; ++i) bits |= static_cast<std::uint64_t>(raw[i]) << (8 * i);
    const auto spare = static_cast<unsigned>(64 - 8 * size);
    const auto at_most = [&](std::uint64_t most) { return size <= most; };
    bool fits = true;
    switch (v.type) {
      case ValueType::byte_value: fits = at_most(1); v.number = static_cast<std::int64_t>(bits << spare) >> spare; break;
      case ValueType::short_value: fits = at_most(2); v.number = static_cast<std::int64_t>(bits << spare) >> spare; break;
      case ValueType::int_value: fits = at_most(4); v.number = static_cast<std::int64_t>(bits << spare) >> spare; break;
      case ValueType::long_value: v.number = static_cast<std::int64_t>(bits << spare) >> spare; break;
      case ValueType::char_value: fits = at_most(2); v.number = static_cast<std::int64_t>(bits); break;
      // Missing bytes of floating point are the low ones.
      case ValueType::float_value:
        fits = at_most(4);
        if (fits) v.number = static_cast<std::int64_t>(bits << (32 - 8 * size));
        break;
      case ValueType::double_value: v.number = static_cast<std::int64_t>(bits << spare); break;
      case ValueType::method_type: case ValueType::method_handle: case ValueType::string: case ValueType::type: case ValueType::field:
      case ValueType::method: case ValueType::enum_value:
        fits = at_most(4);
        v.index = static_cast<std::uint32_t>(bits);
        break;
      default: return fail(Code::bad_value, v.at, "a value of a type that does not exist");
    }
    if (!fits) return fail(Code::bad_value, v.at, "a value is wider than its type");
    return size;
  }

  const DexFile& dex_;
  Bytes window_;
  ValueVisitor& visitor_;
  std::uint64_t items_ = 0;
};

}  // namespace

Result<void> read_values(const DexFile& dex, std::uint64_t at, ValueVisitor& visitor) {
  LebReader in(dex.window(), at);
  return Reader(dex, visitor).array(in, 0);
}

Result<void> read_annotations(const DexFile& dex, const ClassDef& def, ValueVisitor& visitor) {
  if (def.annotations_at == 0) return {};
  return Reader(dex, visitor).directory(def);
}

}  // namespace klik::dex
