#include "formats/patch/zucchini/patch.h"

namespace klik::zucchini {
namespace {

struct Header {
  U32le magic;
  U16le major, minor;
  U32le old_size, old_crc, new_size, new_crc, element_count;
};
static_assert(sizeof(Header) == 28);

struct ElementHeader {
  U32le old_at, old_length, new_at, new_length, kind;
  U16le version;
};
static_assert(sizeof(ElementHeader) == 22);

constexpr std::uint32_t kMagic = 0x6363755A;   // "Zucc"
// Version 2 reads as version 1; only the maker orders equivalences of one start in a defined way, as we do for both.
constexpr std::uint16_t kOldest = 1, kNewest = 2;
constexpr std::uint16_t kElementVersion = 1;
// A maker takes a block only when it saves more than this; each block costs a search in every group of references.
constexpr std::uint64_t kLeastBytesPerBlock = 4, kBlocksOfSmallImages = 64;

Result<Kind> kind_of(std::uint32_t value, std::uint64_t at) {
  for (const Kind k : {Kind::no_op, Kind::elf_x86, Kind::elf_x64, Kind::elf_arm, Kind::elf_arm64, Kind::dex})
    if (static_cast<std::uint32_t>(k) == value) return k;
  return fail(Code::unsupported, at, "Zucchini element for a kind of executable that is not read");
}

class Reader {
 public:
  explicit Reader(Bytes bytes) : bytes_(bytes) {}

  std::uint64_t at() const { return at_; }
  bool done() const { return at_ == bytes_.size(); }

  template <Wire T>
  Result<const T*> next() {
    KLIK_TRY(const T* value, bytes_.view<T>(at_));
    at_ += sizeof(T);
    return value;
  }
  // A stream stands behind its length.
  Result<Stream> stream() {
    KLIK_TRY(const U32le* length, next<U32le>());
    KLIK_TRY(const Bytes part, bytes_.slice(at_, *length));
    const Stream out(part, at_);
    at_ += part.size();
    return out;
  }

 private:
  Bytes bytes_;
  std::uint64_t at_ = 0;
};

// REQUIRES: the lengths of the element are set.
Result<void> read_equivalences(Reader& reader, Element& element) {
  KLIK_TRY(Stream sources, reader.stream());
  KLIK_TRY(Stream destinations, reader.stream());
  KLIK_TRY(Stream lengths, reader.stream());
  std::int64_t source = 0, destination = 0;      // 33 bits at most
  std::uint64_t total = 0;
  while (!sources.done()) {
    const std::uint64_t at = sources.at();
    KLIK_TRY(const std::int32_t source_skip, sources.signed_number());
    KLIK_TRY(const std::uint32_t destination_skip, destinations.number());
    KLIK_TRY(const std::uint32_t length, lengths.number());
    source += source_skip;
    destination += destination_skip;
    if (source < 0 || source >= element.old_length || length > element.old_length - source)
      return fail(Code::bad_value, at, "equivalence outside the old element");
    if (destination >= element.new_length || length > element.new_length - destination)
      return fail(Code::bad_value, at, "equivalence outside the new element");
    if (element.equivalences.size() > element.new_length / kLeastBytesPerBlock + kBlocksOfSmallImages)
      return fail(Code::over_budget, at, "too many equivalences for the size of the image");
    element.equivalences.push_back({static_cast<std::uint32_t>(source), static_cast<std::uint32_t>(destination), length});
    source += length;
    destination += length;
    total += length;
  }
  if (!destinations.done() || !lengths.done()) return fail(Code::bad_value, destinations.at(), "streams of equivalences of different length");
  KLIK_TRY(element.extra, reader.stream());
  if (element.extra.size() != element.new_length - total) return fail(Code::bad_value, element.extra.at(), "extra data does not fill what equivalences leave");
  return {};
}

Result<Element> read_element(Reader& reader, const Patch& patch) {
  Element element{};
  element.at = reader.at();
  KLIK_TRY(const ElementHeader* header, reader.next<ElementHeader>());
  KLIK_TRY(element.kind, kind_of(header->kind, element.at + 16));
  if (header->version != kElementVersion) return fail(Code::unsupported, element.at + 20, "Zucchini element of another version");
  element.old_at = header->old_at, element.old_length = header->old_length;
  element.new_at = header->new_at, element.new_length = header->new_length;
  if (element.old_length == 0 || element.new_length == 0) return fail(Code::bad_value, element.at, "empty element");
  if (element.old_at > patch.old_size || element.old_length > patch.old_size - element.old_at)
    return fail(Code::bad_value, element.at, "element outside the old image");
  if (element.new_at > patch.new_size || element.new_length > patch.new_size - element.new_at)
    return fail(Code::bad_value, element.at + 8, "element outside the new image");
  KLIK_CHECK(read_equivalences(reader, element));
  KLIK_TRY(element.delta_skips, reader.stream());
  KLIK_TRY(element.delta_bytes, reader.stream());
  KLIK_TRY(element.reference_deltas, reader.stream());
  KLIK_TRY(const U32le* pools, reader.next<U32le>());
  for (std::uint32_t i = 0; i < *pools; ++i) {
    const std::uint64_t at = reader.at();
    // A pool has a number of one byte, so the loop ends after 256 rounds at the latest.
    KLIK_TRY(const std::uint8_t* pool, reader.next<std::uint8_t>());
    KLIK_TRY(const Stream targets, reader.stream());
    if (*pool == 0xFF || !element.extra_targets.emplace(*pool, targets).second) return fail(Code::bad_value, at, "no pool, or the same pool again");
  }
  return element;
}

}  // namespace

Result<Patch> read_patch(Bytes bytes) {
  Reader reader(bytes);
  KLIK_TRY(const Header* header, reader.next<Header>());
  if (header->magic != kMagic) return fail(Code::bad_magic, 0, "not a Zucchini patch");
  if (header->major < kOldest || header->major > kNewest) return fail(Code::unsupported, 4, "Zucchini patch of another major version");
  Patch patch{.old_size = header->old_size, .old_crc = header->old_crc, .new_size = header->new_size, .new_crc = header->new_crc, .elements = {}};
  std::uint32_t next = 0;
  // Each element takes at least its header, so the loop ends with the patch.
  for (std::uint32_t i = 0; i < header->element_count; ++i) {
    const std::uint64_t at = reader.at();
    KLIK_TRY(Element element, read_element(reader, patch));
    if (element.new_at != next) return fail(Code::bad_value, at + 8, "gap or overlap between elements of the new image");
    next = element.new_at + element.new_length;
    patch.elements.push_back(std::move(element));
  }
  if (next != patch.new_size) return fail(Code::bad_value, 16, "elements do not cover the new image");
  if (!reader.done()) return fail(Code::bad_value, reader.at(), "bytes behind the last element");
  return patch;
}

}  // namespace klik::zucchini
