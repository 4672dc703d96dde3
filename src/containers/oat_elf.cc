#include "containers/oat_elf.h"

#include <algorithm>

namespace klik {
namespace {

// Layouts of both widths, from the ELF specification (System V ABI).
struct Elf32 {
  struct Header {
    std::uint8_t ident[16];
    U16le type, machine;
    U32le version, entry, phoff, shoff, flags;
    U16le ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
  };
  struct Segment {
    U32le type, offset, vaddr, paddr, filesz, memsz, flags, align;
  };
  struct Dynamic {
    U32le tag, value;
  };
  struct Symbol {
    U32le name, value, size;
    std::uint8_t info, other;
    U16le section;
  };
};
struct Elf64 {
  struct Header {
    std::uint8_t ident[16];
    U16le type, machine;
    U32le version;
    U64le entry, phoff, shoff;
    U32le flags;
    U16le ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
  };
  struct Segment {
    U32le type, flags;
    U64le offset, vaddr, paddr, filesz, memsz, align;
  };
  struct Dynamic {
    U64le tag, value;
  };
  struct Symbol {
    U32le name;
    std::uint8_t info, other;
    U16le section;
    U64le value, size;
  };
};
static_assert(sizeof(Elf32::Header) == 52 && sizeof(Elf32::Segment) == 32 && sizeof(Elf32::Symbol) == 16);
static_assert(sizeof(Elf64::Header) == 64 && sizeof(Elf64::Segment) == 56 && sizeof(Elf64::Symbol) == 24);

constexpr std::uint16_t kSharedObject = 3;
constexpr std::uint32_t kLoad = 1, kDynamic = 2;
constexpr std::uint64_t kHash = 4, kStrings = 5, kSymbols = 6;
// The phone's compiler writes less than ten segments, entries and symbols each.
constexpr std::uint16_t kMostSegments = 32;
constexpr std::uint64_t kMostDynamic = 64, kMostSymbols = 64;
constexpr std::string_view kName = "oatdata";

template <class Elf>
std::optional<OatData> find(const Source& source) {
  const auto header = source.get<typename Elf::Header>(0);
  if (!header || header->type != kSharedObject || header->phnum > kMostSegments || header->phentsize != sizeof(typename Elf::Segment)) return std::nullopt;
  std::vector<typename Elf::Segment> segments;
  const typename Elf::Segment* dynamic = nullptr;
  for (unsigned i = 0; i < header->phnum; ++i) {
    const auto segment = source.get<typename Elf::Segment>(std::uint64_t{header->phoff} + i * sizeof(typename Elf::Segment));
    if (!segment) return std::nullopt;
    segments.push_back(*segment);
  }
  for (const auto& s : segments)
    if (s.type == kDynamic) dynamic = &s;
  if (!dynamic) return std::nullopt;
  const auto file_offset = [&](std::uint64_t address) -> std::optional<std::uint64_t> {
    for (const auto& s : segments)
      if (s.type == kLoad && address >= s.vaddr && address - s.vaddr < s.filesz) return s.offset + (address - s.vaddr);
    return std::nullopt;
  };
  std::optional<std::uint64_t> hash, strings, symbols;
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(dynamic->filesz / sizeof(typename Elf::Dynamic), kMostDynamic); ++i) {
    const auto entry = source.get<typename Elf::Dynamic>(std::uint64_t{dynamic->offset} + i * sizeof(typename Elf::Dynamic));
    if (!entry || entry->tag == 0) break;
    if (entry->tag == kHash) hash = file_offset(entry->value);
    if (entry->tag == kStrings) strings = file_offset(entry->value);
    if (entry->tag == kSymbols) symbols = file_offset(entry->value);
  }
  if (!hash || !strings || !symbols) return std::nullopt;
  const auto count = source.get<U32le>(*hash + 4);   // chains: one for each symbol
  if (!count || *count > kMostSymbols) return std::nullopt;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto symbol = source.get<typename Elf::Symbol>(*symbols + i * sizeof(typename Elf::Symbol));
    if (!symbol) return std::nullopt;
    std::uint8_t name[kName.size() + 1];
    if (!source.read(*strings + symbol->name, name) || Bytes(std::span<const std::uint8_t>(name)).text() != std::string_view("oatdata\0", 8)) continue;
    const auto at = file_offset(symbol->value);
    if (!at || *at >= source.size()) return std::nullopt;
    std::uint8_t magic[4];
    if (!source.read(*at, magic) || !Bytes(std::span<const std::uint8_t>(magic)).starts_with("oat\n")) return std::nullopt;
    return OatData{*at, std::min<std::uint64_t>(symbol->size, source.size() - *at)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<OatData> find_oatdata(const Source& source) {
  std::uint8_t start[6];
  if (!source.read(0, start) || !Bytes(std::span<const std::uint8_t>(start)).starts_with("\x7f" "ELF") || start[5] != 1) return std::nullopt;
  if (start[4] == 1) return find<Elf32>(source);
  if (start[4] == 2) return find<Elf64>(source);
  return std::nullopt;
}

}  // namespace klik
