// Binary property lists: what Apple's programs archive and send. Objects stand anywhere and name one another by number.
// Source: Apple, CoreFoundation, CFBinaryPList.c (the comment on the format, and the trailer of ForFoundationOnly.h).
#include <algorithm>
#include <bit>
#include <vector>

#include "traffic/outline.h"

namespace klik::traffic {
namespace {

constexpr std::size_t kDeepest = 128;

struct Trailer {
  std::uint8_t unused[5];
  std::uint8_t sort_version, offset_size, reference_size;
  U64be objects, top, offsets_at;
};
static_assert(sizeof(Trailer) == 32 && alignof(Trailer) == 1);

enum class Kind : std::uint8_t { integer = 1, real = 2, data = 4, ascii = 5, utf16 = 6, array = 10, ordered_set = 11, set = 12, dictionary = 13 };

Result<std::uint64_t> big_endian(Bytes bytes, std::uint64_t at, std::uint64_t size) {
  KLIK_TRY(const Bytes raw, bytes.slice(at, size));
  std::uint64_t value = 0;
  for (const std::uint8_t b : raw) value = value << 8 | b;
  return value;
}

struct Object {
  std::uint8_t kind;             // high half of the marker
  std::uint64_t at;              // of the content
  std::uint64_t count;           // bytes of data and text in ASCII, units of UTF-16, items
};

class Reader {
 public:
  Reader(Bytes bytes, std::uint32_t shortest) : bytes_(bytes) {
    out_.shortest = shortest;
    out_.format = "bplist";
  }

  Result<Outline> read() {
    if (!bytes_.starts_with("bplist0")) return fail(Code::bad_magic, 0, "not a binary property list");
    if (bytes_.size() < 8 + sizeof(Trailer)) return fail(Code::truncated, bytes_.size(), "shorter than the end of a property list");
    const std::uint64_t end = bytes_.size() - sizeof(Trailer);
    KLIK_TRY(trailer_, bytes_.view<Trailer>(end));
    const unsigned width = trailer_->offset_size, reference = trailer_->reference_size;
    if (width == 0 || width > 8 || reference == 0 || reference > 8) return fail(Code::bad_value, end + 6, "numbers of no bytes or more than eight");
    if (trailer_->offsets_at > end || trailer_->objects > (end - trailer_->offsets_at) / width) return fail(Code::truncated, end + 8, "more objects than their table holds");
    if (trailer_->top >= trailer_->objects) return fail(Code::bad_value, end + 16, "the object that holds all is none of them");
    objects_ = bytes_.slice(0, trailer_->offsets_at).value();
    seen_.resize(trailer_->objects);
    // Each number of an object takes a byte or more in an honest list, so there are no more of them than bytes.
    numbers_left_ = bytes_.size();
    KLIK_CHECK(visit(trailer_->top, 0, {0, 0, UINT32_MAX}, true));
    while (!stack_.empty()) {   // each turn takes one of numbers_left_, or a frame off
      Frame& top = stack_.back();
      if (top.next == top.object.count) {
        stack_.pop_back();
        continue;
      }
      const std::uint64_t n = top.next++;
      const std::uint32_t container = top.container;
      const Object object = top.object;
      if (numbers_left_-- == 0) return fail(Code::over_budget, object.at, "objects that are listed over and over");
      PartName name{0, 0, static_cast<std::uint32_t>(n)};
      const bool map = object.kind == static_cast<std::uint8_t>(Kind::dictionary);
      if (map) {
        KLIK_TRY(const std::uint64_t key, number_of(object, n));
        KLIK_TRY(name, key_name(key));
      }
      KLIK_TRY(const std::uint64_t item, number_of(object, map ? object.count + n : n));
      KLIK_CHECK(visit(item, container, name, false));
    }
    out_.settle();
    return std::move(out_);
  }

 private:
  struct Frame {
    Object object;
    std::uint32_t container;
    std::uint64_t next = 0;      // pair or item
  };

  Result<std::uint64_t> number_of(const Object& list, std::uint64_t n) const { return big_endian(objects_, list.at + n * trailer_->reference_size, trailer_->reference_size); }

  Result<Object> object_at(std::uint64_t number) const {
    if (number >= trailer_->objects) return fail(Code::bad_value, 0, "a number of no object");
    KLIK_TRY(std::uint64_t at, big_endian(bytes_, trailer_->offsets_at + number * trailer_->offset_size, trailer_->offset_size));
    KLIK_TRY(const std::uint8_t marker, objects_.get<std::uint8_t>(at));
    Object object{static_cast<std::uint8_t>(marker >> 4), at + 1, marker & 15u};
    if (object.count == 15 && object.kind >= 4) {   // the count is a whole number of its own
      KLIK_TRY(const std::uint8_t size, objects_.get<std::uint8_t>(at + 1));
      if (size >> 4 != 1 || (size & 15) > 3) return fail(Code::bad_value, at + 1, "a count that is no number");
      KLIK_TRY(object.count, big_endian(objects_, at + 2, 1u << (size & 15)));
      object.at = at + 2 + (1u << (size & 15));
    }
    return object;
  }

  // A key is a text. One in UTF-16 is masked in paths; a list with others is none that Apple's programs write.
  Result<PartName> key_name(std::uint64_t number) const {
    KLIK_TRY(const Object key, object_at(number));
    if (key.kind == static_cast<std::uint8_t>(Kind::ascii) && key.at <= objects_.size() && key.count <= objects_.size() - key.at && key.count > 0)
      return PartName{key.at, static_cast<std::uint32_t>(std::min<std::uint64_t>(key.count, 256)), 0};
    if (key.kind == static_cast<std::uint8_t>(Kind::utf16) && key.count > 0) return PartName{key.at, 2, 0};
    return PartName{0, 0, static_cast<std::uint32_t>(number)};
  }

  Result<void> leaf(const Object& object, std::uint64_t length, std::uint32_t container, PartName name, LeafKind kind, std::uint64_t value = 0) {
    if (object.at > objects_.size() || length > objects_.size() - object.at) return fail(Code::truncated, object.at, "an object past the end");
    if (length > 0) out_.add({object.at, length, container, name, kind, value});
    return {};
  }

  // An object that several name is listed where it is met first; that also ends cycles.
  Result<void> visit(std::uint64_t number, std::uint32_t container, PartName name, bool top) {
    KLIK_TRY(const Object object, object_at(number));
    if (seen_[number]) return {};
    seen_[number] = true;
    switch (static_cast<Kind>(object.kind)) {
      case Kind::integer: return integer(object, container, name);
      case Kind::real: {
        if (object.count != 2 && object.count != 3) return fail(Code::bad_value, object.at, "a number of an odd size");
        KLIK_TRY(const std::uint64_t bits, big_endian(objects_, object.at, 1u << object.count));
        const double value = object.count == 2 ? std::bit_cast<float>(static_cast<std::uint32_t>(bits)) : std::bit_cast<double>(bits);
        return leaf(object, 1u << object.count, container, name, LeafKind::real, std::bit_cast<std::uint64_t>(value));
      }
      case Kind::data: return leaf(object, object.count, container, name, LeafKind::bytes);
      case Kind::ascii: return leaf(object, object.count, container, name, LeafKind::text);
      case Kind::utf16:
        if (object.count > objects_.size() / 2) return fail(Code::truncated, object.at, "a text past the end");
        return leaf(object, object.count * 2, container, name, LeafKind::utf16be_text);
      case Kind::array:
      case Kind::ordered_set:
      case Kind::set:
      case Kind::dictionary: {
        const std::uint64_t numbers = object.kind == static_cast<std::uint8_t>(Kind::dictionary) ? 2 : 1;
        if (object.at > objects_.size() || object.count > (objects_.size() - object.at) / (numbers * trailer_->reference_size)) return fail(Code::truncated, object.at, "more items than bytes");
        if (stack_.size() >= kDeepest) return fail(Code::over_budget, object.at, "nested too deeply");
        stack_.push_back({object, top ? 0 : out_.open(container, name)});
        return {};
      }
      default: return {};   // null, true, false, a date, the number of another object
    }
  }

  Result<void> integer(const Object& object, std::uint32_t container, PartName name) {
    if (object.count > 4) return fail(Code::bad_value, object.at, "a number of an odd size");
    const std::uint64_t size = std::uint64_t{1} << object.count;
    // Of sixteen bytes the lower half: the upper one holds the sign, or nothing.
    KLIK_TRY(const std::uint64_t value, big_endian(objects_, object.at + (size == 16 ? 8 : 0), std::min<std::uint64_t>(size, 8)));
    return leaf(object, size, container, name, LeafKind::integer, value);
  }

  Bytes bytes_, objects_;        // objects_: what stands before the table of offsets
  const Trailer* trailer_ = nullptr;
  Outline out_;
  std::vector<bool> seen_;
  std::vector<Frame> stack_;
  std::uint64_t numbers_left_ = 0;
};

}  // namespace

Result<Outline> read_bplist(Bytes bytes, std::uint32_t shortest) { return Reader(bytes, shortest).read(); }

}  // namespace klik::traffic
