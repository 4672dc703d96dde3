// ELF as the dynamic linker of a phone reads it: 32 and 64 bit, little-endian, with or without section headers.
// Source: System V gABI chapters 4 and 5; AOSP bionic linker/linker.cpp; the hash table of GNU binutils (bfd/elflink.c).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::elf {

enum FileType : std::uint16_t { kRelocatable = 1, kExecutable = 2, kShared = 3, kCore = 4 };
enum SegmentType : std::uint32_t { kLoad = 1, kDynamic = 2, kInterpreter = 3, kNote = 4, kGnuStack = 0x6474e551, kGnuRelro = 0x6474e552 };
enum SegmentFlag : std::uint32_t { kExec = 1, kWrite = 2, kRead = 4 };
enum SectionType : std::uint32_t { kProgBits = 1, kSymbolTable = 2, kStringTable = 3, kNoBits = 8, kDynamicSymbols = 11 };
enum SectionFlag : std::uint64_t { kSectionWrite = 1, kSectionAlloc = 2, kSectionExec = 4 };
enum DynamicTag : std::uint64_t {
  kNeeded = 1, kHash = 4, kStrings = 5, kSymbols = 6, kRela = 7, kRelaSize = 8, kStringsSize = 10, kInit = 12, kFini = 13, kSoname = 14, kRpath = 15, kRel = 17, kRelSize = 18,
  kPltRelSize = 2, kPltRel = 20, kPltGot = 3, kTextRel = 22, kJumpRel = 23, kBindNow = 24, kInitArray = 25, kFiniArray = 26, kInitArraySize = 27, kFiniArraySize = 28,
  kRunpath = 29, kFlags = 30, kPreinitArray = 32, kPreinitArraySize = 33, kRelrSize = 35, kRelr = 36,
  kAndroidRel = 0x6000000f, kAndroidRelSize = 0x60000010, kAndroidRela = 0x60000011, kAndroidRelaSize = 0x60000012,
  kAndroidRelr = 0x6fffe000, kAndroidRelrSize = 0x6fffe001, kGnuHash = 0x6ffffef5, kFlags1 = 0x6ffffffb,
};

struct Segment {
  std::uint32_t type, flags;
  std::uint64_t offset, address, file_size, memory_size;
};

struct Section {
  std::string_view name;
  std::uint32_t type;
  std::uint64_t flags, address, offset, size;
  std::uint32_t link;
};

struct DynamicEntry {
  std::uint64_t tag, value;
  std::uint64_t at;               // in the file
};

// A name with the bytes it stands in, without the NUL.
struct Text {
  std::string_view text;
  std::uint64_t at;
};

struct Symbol {
  Text name;
  std::uint64_t value, size;      // value: an address; in a relocatable file an offset in its section
  std::uint8_t info;
  std::uint16_t section;          // 0: defined elsewhere
  std::uint64_t at, length;       // of the entry in the file

  bool imported() const { return section == 0; }
  bool local() const { return info >> 4 == 0; }
  std::uint8_t type() const { return info & 15; }   // 1 object, 2 function, 6 thread-local
};

// The entries of a symbol table with their strings, read one by one.
class SymbolTable {
 public:
  SymbolTable() = default;
  // REQUIRES: both ranges lie in the file.
  SymbolTable(Bytes file, bool wide, std::uint64_t at, std::uint64_t count, std::uint64_t strings_at, std::uint64_t strings_size)
      : file_(file), wide_(wide), at_(at), count_(count), strings_at_(strings_at), strings_size_(strings_size) {}

  std::uint64_t at() const { return at_; }
  // With the null entry at index 0.
  std::uint64_t size() const { return count_; }
  // Errors: truncated (no such entry). A name outside the string table is empty.
  Result<Symbol> get(std::uint64_t index) const;
  // The first defined, non-local symbol of this name.
  std::optional<Symbol> find(std::string_view name) const;

 private:
  Bytes file_;
  bool wide_ = false;
  std::uint64_t at_ = 0, count_ = 0, strings_at_ = 0, strings_size_ = 0;
};

// A part of a segment or section, in the file.
struct Range {
  std::uint64_t at, length;
};

// Refers to the bytes, which must outlive it.
class File {
 public:
  // Errors: bad_magic, unsupported (big-endian), truncated and bad_value (header or program headers). Damaged sections and
  // a damaged dynamic table are left out and said in damage(): the phone does without sections.
  static Result<File> read(Bytes file);

  Bytes bytes() const { return file_; }
  bool wide() const { return wide_; }                       // 64 bit
  std::uint64_t word() const { return wide_ ? 8 : 4; }      // bytes of an address
  std::uint16_t type() const { return type_; }
  std::uint16_t machine() const { return machine_; }
  std::uint64_t header_size() const { return wide_ ? 64 : 52; }

  const std::vector<Segment>& segments() const { return segments_; }
  const std::vector<Section>& sections() const { return sections_; }
  const std::vector<DynamicEntry>& dynamic() const { return dynamic_; }
  const std::vector<Error>& damage() const { return damage_; }
  const Segment* segment(std::uint32_t type) const;         // the first of this type, or null
  const Section* section(std::string_view name) const;      // the first of this name, or null
  const DynamicEntry* dynamic(std::uint64_t tag) const;     // the first with this tag, or null
  std::uint64_t dynamic_value(std::uint64_t tag) const;     // 0 when there is none

  // Symbols for the dynamic linker. Empty when there is no dynamic table.
  const SymbolTable& symbols() const { return symbols_; }
  // Symbols for debuggers and, in relocatable files, for whoever links them. Empty when stripped.
  SymbolTable static_symbols() const;
  // A string of the dynamic table, by the value of such an entry as kNeeded. Empty when it lies outside.
  Text dynamic_string(std::uint64_t offset) const;

  // Where an address lies in the file. Empty: in no loaded segment, or in a part that the file does not hold.
  std::optional<std::uint64_t> offset_of(std::uint64_t address) const;
  // As many bytes from an address on as its segment holds in the file.
  std::optional<Range> range_of(std::uint64_t address) const;
  bool executable(std::uint64_t address) const;
  // An address-sized integer of the file.
  Result<std::uint64_t> word_at(std::uint64_t at) const;

  // Of the note of type NT_GNU_BUILD_ID.
  std::optional<Range> build_id() const;
  // Where constants and initialised data lie: by sections, else all that is loaded except what the dynamic linker reads.
  std::vector<Range> data_ranges() const;

 private:
  Result<void> read_segments(std::uint64_t at, std::uint64_t count, std::uint64_t entry_size);
  Result<void> read_sections(std::uint64_t at, std::uint64_t count, std::uint64_t entry_size, std::uint64_t names);
  Result<void> read_dynamic();
  Result<void> read_symbols();
  std::uint64_t count_by_hash(std::uint64_t most) const;
  std::uint64_t count_by_gnu_hash(std::uint64_t most) const;
  std::uint64_t count_by_relocations(std::uint64_t most) const;

  Bytes file_;
  bool wide_ = false;
  std::uint16_t type_ = 0, machine_ = 0;
  std::vector<Segment> segments_, loads_;
  std::vector<Section> sections_;
  std::vector<DynamicEntry> dynamic_;
  std::vector<Error> damage_;
  std::uint64_t strings_at_ = 0, strings_size_ = 0;
  SymbolTable symbols_;
};

// "arm64", "arm", "x86_64", …; "machine-N" has no name here and gives "".
std::string_view machine_name(std::uint16_t machine);

// Calls `each(at, text)` for every run of at least `shortest` printable ASCII characters (tab and newline too) in `bytes`,
// whose first byte is byte `base` of the file.
template <class Each>
void for_each_string(Bytes bytes, std::uint64_t base, std::size_t shortest, Each&& each) {
  const std::string_view text = bytes.text();
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && ((text[end] >= ' ' && text[end] <= '~') || text[end] == '\t' || text[end] == '\n' || text[end] == '\r')) ++end;
    if (end - at >= shortest) each(base + at, text.substr(at, end - at));
    at = end + 1;   // the byte at `end` is part of no string
  }
}

// The same over all constants and initialised data of an ELF file.
template <class Each>
void for_each_string(const File& file, std::size_t shortest, Each&& each) {
  for (const Range& r : file.data_ranges())
    if (const auto bytes = file.bytes().slice(r.at, r.length)) for_each_string(*bytes, r.at, shortest, each);
}

}  // namespace klik::elf
