#include "formats/android/dex.h"

#include <algorithm>

#include "base/hash.h"

namespace klik::dex {
namespace {

struct Header {
  std::uint8_t magic[8];
  U32le checksum;
  std::uint8_t signature[20];
  U32le file_size, header_size, endian_tag, link_size, link_off, map_off;
  U32le strings, strings_off, types, types_off, protos, protos_off, fields, fields_off, methods, methods_off, classes, classes_off;
  U32le data_size, data_off;
};
static_assert(sizeof(Header) == 0x70);

struct MapItem {
  U16le type, unused;
  U32le count, offset;
};
static_assert(sizeof(MapItem) == 12);

constexpr std::uint32_t kLittleEndian = 0x12345678, kBigEndian = 0x78563412;
constexpr std::uint32_t kCompactHeaderSize = 136;
constexpr std::uint32_t kContainerHeaderSize = 0x78;
constexpr std::uint64_t kContainerSizeAt = 112, kHeaderOffsetAt = 116;
constexpr std::uint32_t kMostTypes = 65536;          // the phone refuses more: instructions count them in 16 bits
constexpr std::uint16_t kMapCallSites = 7, kMapMethodHandles = 8;
constexpr std::uint64_t kMostContainers = 4096;      // of version 041 in one file

// 0: no version that exists.
std::uint32_t version_of(std::string_view magic) {
  if (!magic.starts_with("dex\n0") || magic[7] != 0) return 0;
  const int tens = magic[5] - '0', ones = magic[6] - '0';
  if (tens < 0 || tens > 9 || ones < 0 || ones > 9) return 0;
  return static_cast<std::uint32_t>(tens * 10 + ones);
}

// All that a DEX of version 041 says about the file it shares with others.
struct ContainerFields {
  U32le container_size, header_offset;
};

}  // namespace

Result<std::uint32_t> LebReader::long_value() {
  std::uint32_t value = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {
    if (at_ >= bytes_.size()) return fail(Code::truncated, at_, "a number of variable length runs past the end");
    const std::uint32_t byte = bytes_[at_++];
    value |= (byte & 0x7F) << shift;   // of the fifth byte only four bits count, as on the phone
    if (byte < 0x80) return value;
  }
  return fail(Code::bad_value, at_, "a number of variable length takes more than five bytes");
}

Result<std::int32_t> LebReader::signed_value() {
  std::uint32_t value = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {
    if (at_ >= bytes_.size()) return fail(Code::truncated, at_, "a number of variable length runs past the end");
    const std::uint32_t byte = bytes_[at_++];
    value |= (byte & 0x7F) << shift;
    if (byte >= 0x80) continue;
    if (shift < 28 && (byte & 0x40)) value |= ~std::uint32_t{0} << (shift + 7);
    return static_cast<std::int32_t>(value);
  }
  return fail(Code::bad_value, at_, "a number of variable length takes more than five bytes");
}

// Fills a DexFile step by step; each step checks what the accessors rely on.
struct Opener {
  DexFile dex;
  const Header* header = nullptr;
  std::uint64_t ids_base = 0;   // what offsets of tables count from

  Result<void> read_header(Bytes file, std::uint64_t at) {
    KLIK_TRY(header, file.view<Header>(at));
    dex.file_ = file;
    dex.header_at_ = at;
    const std::string_view magic = Bytes(std::span<const std::uint8_t>(header->magic)).text();
    dex.compact_ = magic.starts_with("cdex");
    if (dex.compact_) {
      if (magic.substr(4, 3) != "001" || magic[7] != 0) return fail(Code::unsupported, at + 4, "this version of compact DEX is not known");
      dex.version_ = 1;
    } else {
      if (!magic.starts_with("dex\n")) return fail(Code::bad_magic, at, "not a DEX file");
      dex.version_ = version_of(magic);
      if (dex.version_ != 35 && (dex.version_ < 37 || dex.version_ > 41)) return fail(Code::unsupported, at + 4, "no Android release loads this version of DEX");
    }
    if (header->endian_tag == kBigEndian) return fail(Code::unsupported, at + 40, "DEX in big-endian byte order, which no phone loads");
    if (header->endian_tag != kLittleEndian) return fail(Code::bad_value, at + 40, "the byte order mark is wrong");
    dex.checksum_ = header->checksum;
    dex.signature_ = Bytes(std::span<const std::uint8_t>(header->signature));
    dex.size_ = header->file_size;
    const std::uint32_t expected = dex.compact_ ? kCompactHeaderSize : dex.version_ >= 41 ? kContainerHeaderSize : std::uint32_t{sizeof(Header)};
    // Of compact DEX the phone does not look at the size of the header, and writers before the owned range was added made it smaller.
    if (dex.compact_ ? header->header_size < sizeof(Header) : header->header_size != expected) return fail(Code::bad_value, at + 36, "the size of the header is wrong");
    if (dex.size_ < header->header_size) return fail(Code::bad_value, at + 32, "the file is smaller than its header says the header is");
    if (dex.size_ > file.size() - at) return fail(Code::truncated, at + 32, "the DEX ends before its size says");
    return {};
  }

  // Sets where offsets count from and what they may reach.
  Result<void> place() {
    const std::uint64_t at = dex.header_at_;
    std::uint64_t end = at + dex.size_;
    ids_base = dex.data_base_ = at;
    if (dex.compact_) {
      dex.data_base_ = at + header->data_off;
      const std::uint64_t data_end = dex.data_base_ + header->data_size;
      if (data_end > dex.file_.size()) return fail(Code::truncated, at + 104, "the data section lies past the end");
      end = std::max(end, data_end);
    } else if (dex.version_ >= 41) {
      KLIK_TRY(const ContainerFields* fields, dex.file_.view<ContainerFields>(at + kContainerSizeAt));
      if (fields->header_offset > at) return fail(Code::bad_value, at + kHeaderOffsetAt, "the container would begin before the file");
      ids_base = dex.data_base_ = at - fields->header_offset;
      if (fields->container_size > dex.file_.size() - ids_base) return fail(Code::truncated, at + kContainerSizeAt, "the container ends before its size says");
      end = ids_base + fields->container_size;
      if (end < at || dex.size_ > end - at) return fail(Code::bad_value, at + kContainerSizeAt, "the DEX does not lie in its container");
    }
    KLIK_TRY(dex.window_, dex.file_.slice(0, end));
    dex.trailing_ = dex.file_.size() - end;
    return {};
  }

  template <class T>
  Result<void> table(std::uint32_t count, std::uint32_t offset, std::uint64_t count_at, std::span<const T>& items, std::uint64_t& items_at) {
    items_at = ids_base + offset;
    if (count == 0) return {};
    if (offset % 4 != 0) return fail(Code::bad_value, dex.header_at_ + count_at + 4, "a table does not stand at a multiple of four");
    auto read = dex.window_.array<T>(items_at, count);
    if (!read) return fail(Code::truncated, dex.header_at_ + count_at, "a table lies past the end");
    items = *read;
    return {};
  }

  Result<void> read_tables() {
    const Header& h = *header;
    KLIK_CHECK(table(h.strings, h.strings_off, 56, dex.strings_, dex.ids_at_.strings));
    KLIK_CHECK(table(h.types, h.types_off, 64, dex.types_, dex.ids_at_.types));
    KLIK_CHECK(table(h.protos, h.protos_off, 72, dex.protos_, dex.ids_at_.protos));
    KLIK_CHECK(table(h.fields, h.fields_off, 80, dex.fields_, dex.ids_at_.fields));
    KLIK_CHECK(table(h.methods, h.methods_off, 88, dex.methods_, dex.ids_at_.methods));
    KLIK_CHECK(table(h.classes, h.classes_off, 96, dex.classes_, dex.ids_at_.classes));
    if (h.types > kMostTypes) return fail(Code::bad_value, dex.header_at_ + 64, "more types than instructions can name");
    if (h.protos > kMostTypes) return fail(Code::bad_value, dex.header_at_ + 72, "more prototypes than instructions can name");
    return {};
  }

  // Call sites and method handles are known by the map alone. A map that does not fit gives none of them.
  void read_map() {
    if (header->map_off == 0) return;
    const std::uint64_t at = dex.data_at(header->map_off);
    const auto count = dex.window_.get<U32le>(at);
    if (!count) return;
    const auto items = dex.window_.array<MapItem>(at + 4, *count);
    if (!items) return;
    for (const MapItem& item : *items) {
      if (item.type == kMapCallSites) {
        if (const auto read = dex.window_.array<U32le>(ids_base + item.offset, item.count)) dex.call_sites_ = *read;
      } else if (item.type == kMapMethodHandles) {
        if (const auto read = dex.window_.array<DexFile::RawHandle>(ids_base + item.offset, item.count)) dex.method_handles_ = *read;
      }
    }
  }

  Result<void> check_strings() const {
    const std::string_view text = dex.window_.text();
    std::uint64_t read = 0;
    for (std::size_t i = 0; i < dex.strings_.size(); ++i) {
      LebReader in(dex.window_, dex.data_at(dex.strings_[i]));
      const std::uint64_t place = dex.ids_at_.strings + 4 * i;
      const auto units = in.unsigned_value();
      if (!units) return fail(Code::truncated, place, "a string lies past the end");
      const std::size_t end = text.find('\0', in.at());
      if (end == text.npos) return fail(Code::truncated, place, "a string has no end");
      // Strings may share bytes. Many long ones that do would make reading them once cost the square of the file.
      read += end - in.at();
      if (read > dex.window_.size()) return fail(Code::over_budget, place, "the strings overlap and are longer than the file together");
    }
    return {};
  }

  Result<void> check_ids() const {
    const std::uint32_t strings = dex.string_count(), types = dex.type_count(), protos = dex.proto_count();
    const auto place = [](std::uint64_t table, std::uint64_t size, std::size_t i) { return table + size * i; };
    for (std::size_t i = 0; i < dex.types_.size(); ++i)
      if (dex.types_[i] >= strings) return fail(Code::bad_value, place(dex.ids_at_.types, 4, i), "a type names a string that does not exist");
    for (std::size_t i = 0; i < dex.fields_.size(); ++i) {
      const auto& f = dex.fields_[i];
      if (f.owner >= types || f.type >= types || f.name >= strings) return fail(Code::bad_value, place(dex.ids_at_.fields, 8, i), "a field names something that does not exist");
    }
    for (std::size_t i = 0; i < dex.methods_.size(); ++i) {
      const auto& m = dex.methods_[i];
      if (m.owner >= types || m.proto >= protos || m.name >= strings) return fail(Code::bad_value, place(dex.ids_at_.methods, 8, i), "a method names something that does not exist");
    }
    return {};
  }

  // Lists of types are shared on purpose, but never so much that they are larger than the file together.
  Result<void> check_lists() const {
    std::uint64_t listed = 0;
    const auto check = [&](std::uint32_t offset, std::uint64_t place) -> Result<void> {
      KLIK_TRY(const TypeList list, dex.type_list(offset));
      listed += list.size();
      if (listed > dex.window_.size()) return fail(Code::over_budget, place, "the lists of types overlap and are longer than the file together");
      return {};
    };
    for (std::size_t i = 0; i < dex.protos_.size(); ++i) {
      const auto& p = dex.protos_[i];
      const std::uint64_t place = dex.ids_at_.protos + 12 * i;
      if (p.shorty >= dex.string_count() || p.return_type >= dex.type_count()) return fail(Code::bad_value, place, "a prototype names something that does not exist");
      KLIK_CHECK(check(p.parameters, place));
    }
    for (std::size_t i = 0; i < dex.classes_.size(); ++i) {
      const auto& c = dex.classes_[i];
      const std::uint64_t place = dex.ids_at_.classes + 32 * i;
      if (c.type >= dex.type_count()) return fail(Code::bad_value, place, "a class is of a type that does not exist");
      if (c.superclass != kNoIndex && c.superclass >= dex.type_count()) return fail(Code::bad_value, place + 8, "a superclass is a type that does not exist");
      if (c.source_file != kNoIndex && c.source_file >= dex.string_count()) return fail(Code::bad_value, place + 16, "a source file is a string that does not exist");
      KLIK_CHECK(check(c.interfaces, place + 12));
    }
    return {};
  }
};

Result<DexFile> DexFile::open(Bytes file, std::uint64_t header_at) {
  Opener opener;
  KLIK_CHECK(opener.read_header(file, header_at));
  KLIK_CHECK(opener.place());
  KLIK_CHECK(opener.read_tables());
  opener.read_map();
  KLIK_CHECK(opener.check_strings());
  KLIK_CHECK(opener.check_ids());
  KLIK_CHECK(opener.check_lists());
  return opener.dex;
}

Result<std::vector<DexFile>> DexFile::open_all(Bytes file) {
  std::vector<DexFile> all;
  for (std::uint64_t at = 0;;) {
    KLIK_TRY(const DexFile dex, open(file, at));
    all.push_back(dex);
    if (dex.version() < 41) return all;
    at += dex.size();   // at least a header, so the loop advances
    if (at >= dex.window().size()) return all;
    if (all.size() >= kMostContainers) return fail(Code::over_budget, at, "more DEX in one container than any build makes");
  }
}

bool DexFile::looks_like(Bytes start) { return start.starts_with("dex\n0") || start.starts_with("cdex"); }

bool DexFile::checksum_ok() const {
  const auto covered = file_.slice(header_at_ + 12, size_ - 12);
  return covered && adler32(*covered) == checksum_;
}

bool DexFile::signature_ok() const {
  const auto covered = file_.slice(header_at_ + 32, size_ - 32);
  if (!covered) return false;
  const auto digest = hash(HashAlgorithm::sha1, *covered);
  return std::ranges::equal(digest, signature_.span());
}

std::string_view DexFile::string(std::uint32_t index) const {
  if (index >= strings_.size()) return {};
  LebReader in(window_, data_at(strings_[index]));
  if (!in.unsigned_value()) return {};
  const std::string_view text = window_.text();
  return text.substr(in.at(), text.find('\0', in.at()) - in.at());
}

Result<TypeList> DexFile::type_list(std::uint32_t offset) const {
  if (offset == 0) return TypeList();
  const std::uint64_t at = data_at(offset);
  KLIK_TRY(const U32le count, window_.get<U32le>(at));
  return window_.array<U16le>(at + 4, count);
}

Proto DexFile::proto(std::uint32_t index) const {
  if (index >= protos_.size()) return {};
  const RawProto& raw = protos_[index];
  return {raw.shorty, raw.return_type, type_list(raw.parameters).value_or(TypeList())};
}

Field DexFile::field(std::uint32_t index) const {
  if (index >= fields_.size()) return {};
  return {fields_[index].owner, fields_[index].type, fields_[index].name};
}

Method DexFile::method(std::uint32_t index) const {
  if (index >= methods_.size()) return {};
  return {methods_[index].owner, methods_[index].proto, methods_[index].name};
}

ClassDef DexFile::class_def(std::uint32_t index) const {
  if (index >= classes_.size()) return {};
  const RawClass& raw = classes_[index];
  const auto there = [this](std::uint32_t offset) { return offset == 0 ? 0 : data_at(offset); };
  return {.type = raw.type,
          .access_flags = raw.access_flags,
          .superclass = raw.superclass,
          .source_file = raw.source_file,
          .interfaces = type_list(raw.interfaces).value_or(TypeList()),
          .annotations_at = there(raw.annotations),
          .class_data_at = there(raw.class_data),
          .static_values_at = there(raw.static_values)};
}

MethodHandle DexFile::method_handle(std::uint32_t index) const {
  if (index >= method_handles_.size()) return {};
  return {method_handles_[index].type, method_handles_[index].target};
}

std::uint64_t DexFile::call_site_at(std::uint32_t index) const { return index < call_sites_.size() ? data_at(call_sites_[index]) : 0; }

}  // namespace klik::dex
