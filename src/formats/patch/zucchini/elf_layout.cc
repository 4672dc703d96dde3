#include "formats/patch/zucchini/elf_layout.h"

#include <algorithm>

#include "formats/native/elf_wire.h"

namespace klik::zucchini {
namespace {

constexpr std::uint64_t kSizeBound = 0x7FFF0000;
constexpr std::uint32_t kProgBits = 1, kRela = 4, kNoBits = 8, kRel = 9;
constexpr std::uint64_t kExec = 4, kThreadLocal = 0x400;

struct Wire32 {
  using Header = elf::Header32;
  using Section = elf::Section32;
  using Segment = elf::Segment32;
  static constexpr std::uint8_t kClass = 1;
  static constexpr std::uint64_t kRelSize = sizeof(elf::Rel32), kRelaSize = sizeof(elf::Rela32);
};
struct Wire64 {
  using Header = elf::Header64;
  using Section = elf::Section64;
  using Segment = elf::Segment64;
  static constexpr std::uint8_t kClass = 2;
  static constexpr std::uint64_t kRelSize = sizeof(elf::Rel64), kRelaSize = sizeof(elf::Rela64);
};

std::uint16_t machine_of(Kind kind) {
  switch (kind) {
    case Kind::elf_x86: return 3;
    case Kind::elf_arm: return 40;
    case Kind::elf_x64: return 62;
    default: return 183;
  }
}

bool fits(std::uint64_t at, std::uint64_t size, std::uint64_t bound) { return at <= bound && size <= bound - at; }

template <class W>
Result<const typename W::Header*> read_header(Kind kind, Bytes image) {
  const auto header = image.view<typename W::Header>(0);
  if (!header) return fail(Code::bad_value, 0, "too short for an ELF file");
  const typename W::Header& h = **header;
  const bool good = image.starts_with("\x7f" "ELF") && h.ident[4] == W::kClass && h.ident[5] == 1 && h.ident[6] == 1 && (h.type == 2 || h.type == 3) &&
                    h.version == 1 && h.machine == machine_of(kind) && h.section_size == sizeof(typename W::Section);
  if (!good) return fail(Code::bad_value, 0, "not an ELF file of the kind that the patch names");
  return &h;
}

// The section of names is not used, but a file without one is none.
template <class W>
Result<void> check_names(Bytes image, const typename W::Header& header, std::span<const typename W::Section> sections) {
  if (header.section_names >= sections.size()) return fail(Code::bad_value, 0, "ELF file without section names");
  const auto& names = sections[header.section_names];
  if (names.size == 0) return {};
  if (!fits(names.offset, names.size, image.size()) || image[names.offset + names.size - 1] != 0)
    return fail(Code::bad_value, names.offset, "section names without an end");
  return {};
}

template <class W>
Result<std::uint64_t> end_of_segments(Bytes image, const typename W::Header& header) {
  const std::uint64_t at = std::min<std::uint64_t>(header.segments_at, image.size());
  const auto segments = image.array<typename W::Segment>(at, header.segment_count);
  if (!segments) return fail(Code::bad_value, at, "program headers outside the file");
  std::uint64_t end = at + segments->size_bytes();
  for (const auto& s : *segments) {
    if (!fits(s.offset, s.file_size, image.size())) return fail(Code::bad_value, at, "segment outside the file");
    end = std::max<std::uint64_t>(end, s.offset + s.file_size);
  }
  return end;
}

// Sections that are not loaded repeat addresses of others, and thread-local ones have addresses of their own.
template <class S>
bool has_address(const S& s) {
  if (s.size == 0 || s.address == 0) return false;
  return s.type != kNoBits || (s.offset != 0 && !(s.flags & kThreadLocal));
}

void drop_overlapping(std::vector<ElfLayout::Relocations>& all) {
  std::ranges::sort(all, [](const auto& a, const auto& b) { return a.at != b.at ? a.at < b.at : a.size > b.size; });
  std::uint32_t end = 0;
  std::erase_if(all, [&](const ElfLayout::Relocations& r) {
    if (r.at < end) return true;
    end = r.at + r.size;
    return false;
  });
}

template <class W>
Result<ElfLayout> read(Kind kind, Bytes image) {
  using Section = typename W::Section;
  KLIK_TRY(const auto* header, read_header<W>(kind, image));
  const auto sections = image.array<Section>(header->sections_at, header->section_count);
  if (!sections) return fail(Code::bad_value, header->sections_at, "section headers outside the file");
  KLIK_CHECK(check_names<W>(image, *header, *sections));
  KLIK_TRY(std::uint64_t end, end_of_segments<W>(image, *header));
  end = std::max<std::uint64_t>(end, header->sections_at + sections->size_bytes());

  ElfLayout layout;
  layout.wide = W::kClass == 2;
  std::vector<AddressMap::Unit> units;
  std::uint64_t code_bytes = 0;
  for (const Section& s : *sections) {
    if (!fits(s.address, s.size, kSizeBound) || !fits(s.offset, s.size, s.type == kNoBits ? kSizeBound : image.size()))
      return fail(Code::bad_value, s.offset, "section outside the file");
    if (!has_address(s)) continue;
    const auto at = static_cast<std::uint32_t>(s.offset), size = static_cast<std::uint32_t>(s.size), address = static_cast<std::uint32_t>(s.address);
    units.push_back({.offset = at, .address = address, .size = size});
    if (s.type == kNoBits) continue;
    end = std::max<std::uint64_t>(end, std::uint64_t{at} + size);
    if ((s.type == kRel && s.entry_size == W::kRelSize) || (s.type == kRela && s.entry_size == W::kRelaSize)) {
      layout.relocations.push_back({at, size, static_cast<std::uint32_t>(s.entry_size)});
    } else if (s.type == kProgBits && (s.flags & kExec)) {
      layout.code.push_back({at, size, address});
      code_bytes += size;
    }
  }
  // Sections may overlap, so a file of many could name the same code thousands of times.
  if (code_bytes > image.size()) return fail(Code::over_budget, 0, "more code in sections than bytes in the file");
  if (end != image.size()) return fail(Code::bad_value, end, "the ELF file does not end where the element does");
  KLIK_TRY(layout.addresses, AddressMap::make(std::move(units)));
  drop_overlapping(layout.relocations);
  std::ranges::stable_sort(layout.code, {}, &ElfLayout::Code::at);
  return layout;
}

}  // namespace

Result<ElfLayout> read_elf_layout(Kind kind, Bytes image) {
  return kind == Kind::elf_x86 || kind == Kind::elf_arm ? read<Wire32>(kind, image) : read<Wire64>(kind, image);
}

}  // namespace klik::zucchini
