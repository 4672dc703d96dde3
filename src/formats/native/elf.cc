#include "formats/native/elf.h"

#include <algorithm>

#include "formats/native/elf_wire.h"

namespace klik::elf {
namespace {

// The linker of a phone takes at most a page or two of program headers; real files have about ten, kernels and cores more.
constexpr std::uint64_t kMostSegments = 1024;
constexpr std::uint64_t kMostSections = 1 << 16;
constexpr std::uint64_t kMostDynamic = 4096;

}  // namespace

Result<File> File::read(Bytes bytes) {
  if (!bytes.starts_with("\x7f" "ELF")) return fail(Code::bad_magic, 0, "not an ELF file");
  KLIK_TRY(const Bytes ident, bytes.slice(0, 16));
  if (ident[4] != 1 && ident[4] != 2) return fail(Code::bad_value, 4, "ELF class is neither 32 nor 64 bit");
  if (ident[5] == 2) return fail(Code::unsupported, 5, "big-endian ELF");
  if (ident[5] != 1) return fail(Code::bad_value, 5, "ELF byte order is neither little nor big");
  File file;
  file.file_ = bytes;
  file.wide_ = ident[4] == 2;
  const auto with = [&]<class Header>(const Header* h) -> Result<void> {
    file.type_ = h->type;
    file.machine_ = h->machine;
    KLIK_CHECK(file.read_segments(h->segments_at, h->segment_count, h->segment_size));
    if (const auto read = file.read_sections(h->sections_at, h->section_count, h->section_size, h->section_names); !read) {
      file.sections_.clear();
      file.damage_.push_back(read.error());
    }
    return {};
  };
  if (file.wide_) {
    KLIK_TRY(const Header64* header, bytes.view<Header64>(0));
    KLIK_CHECK(with(header));
  } else {
    KLIK_TRY(const Header32* header, bytes.view<Header32>(0));
    KLIK_CHECK(with(header));
  }
  if (const auto read = file.read_dynamic(); !read) file.damage_.push_back(read.error());
  if (const auto read = file.read_symbols(); !read) file.damage_.push_back(read.error());
  return file;
}

Result<void> File::read_segments(std::uint64_t at, std::uint64_t count, std::uint64_t entry_size) {
  if (count == 0) return {};
  if (count > kMostSegments) return fail(Code::over_budget, at, "more than 1024 program headers");
  const auto with = [&]<class Entry>(const Entry*) -> Result<void> {
    if (entry_size != sizeof(Entry)) return fail(Code::bad_value, at, "size of a program header is not that of its class");
    KLIK_TRY(const auto all, file_.array<Entry>(at, count));
    for (const Entry& e : all) segments_.push_back({e.type, e.flags, e.offset, e.address, e.file_size, e.memory_size});
    return {};
  };
  KLIK_CHECK(wide_ ? with(static_cast<const Segment64*>(nullptr)) : with(static_cast<const Segment32*>(nullptr)));
  for (const Segment& s : segments_) {
    if (s.type != kLoad) continue;
    // What the file does not hold cannot be read; the rest of a cut segment can.
    if (s.offset > file_.size()) continue;
    loads_.push_back(s);
    loads_.back().file_size = std::min(s.file_size, file_.size() - s.offset);
  }
  return {};
}

Result<void> File::read_sections(std::uint64_t at, std::uint64_t count, std::uint64_t entry_size, std::uint64_t names) {
  if (at == 0) return {};
  const auto with = [&]<class Entry>(const Entry*) -> Result<void> {
    if (entry_size != sizeof(Entry)) return fail(Code::bad_value, at, "size of a section header is not that of its class");
    // More sections than fit in 16 bits: the first header holds the count and the index of the names.
    KLIK_TRY(const Entry* first, file_.view<Entry>(at));
    const std::uint64_t all_count = count ? count : std::uint64_t{first->size};
    const std::uint64_t names_index = names == 0xffff ? std::uint64_t{first->link} : names;
    if (all_count > kMostSections) return fail(Code::over_budget, at, "more than 65536 sections");
    KLIK_TRY(const auto all, file_.array<Entry>(at, all_count));
    std::uint64_t names_at = 0, names_size = 0;
    if (names_index < all.size()) {
      names_at = all[names_index].offset;
      names_size = all[names_index].size;
    }
    for (const Entry& e : all) sections_.push_back({text_in(file_, names_at, names_size, e.name).text, e.type, e.flags, e.address, e.offset, e.size, e.link});
    return {};
  };
  return wide_ ? with(static_cast<const Section64*>(nullptr)) : with(static_cast<const Section32*>(nullptr));
}

Result<void> File::read_dynamic() {
  const Segment* s = segment(kDynamic);
  if (!s) return {};
  const auto with = [&]<class Entry>(const Entry*) -> Result<void> {
    KLIK_TRY(const Bytes table, file_.from(s->offset));
    const std::uint64_t count = std::min(s->file_size, table.size()) / sizeof(Entry);
    KLIK_TRY(const auto all, table.array<Entry>(0, count));
    for (std::uint64_t i = 0; i < all.size() && all[i].tag != 0; ++i) {
      if (i >= kMostDynamic) return fail(Code::over_budget, s->offset, "more than 4096 entries in the dynamic table");
      dynamic_.push_back({all[i].tag, all[i].value, s->offset + i * sizeof(Entry)});
    }
    return {};
  };
  return wide_ ? with(static_cast<const Dynamic64*>(nullptr)) : with(static_cast<const Dynamic32*>(nullptr));
}

const Segment* File::segment(std::uint32_t type) const {
  const auto found = std::ranges::find(segments_, type, &Segment::type);
  return found == segments_.end() ? nullptr : &*found;
}

const Section* File::section(std::string_view name) const {
  const auto found = std::ranges::find(sections_, name, &Section::name);
  return found == sections_.end() ? nullptr : &*found;
}

const DynamicEntry* File::dynamic(std::uint64_t tag) const {
  const auto found = std::ranges::find(dynamic_, tag, &DynamicEntry::tag);
  return found == dynamic_.end() ? nullptr : &*found;
}

std::uint64_t File::dynamic_value(std::uint64_t tag) const {
  const DynamicEntry* e = dynamic(tag);
  return e ? e->value : 0;
}

Text File::dynamic_string(std::uint64_t offset) const { return text_in(file_, strings_at_, strings_size_, offset); }

std::optional<Range> File::range_of(std::uint64_t address) const {
  for (const Segment& s : loads_)
    if (address >= s.address && address - s.address < s.file_size) return Range{s.offset + (address - s.address), s.file_size - (address - s.address)};
  return std::nullopt;
}

std::optional<std::uint64_t> File::offset_of(std::uint64_t address) const {
  const auto range = range_of(address);
  return range ? std::optional(range->at) : std::nullopt;
}

bool File::executable(std::uint64_t address) const {
  return std::ranges::any_of(loads_, [&](const Segment& s) { return (s.flags & kExec) && address >= s.address && address - s.address < s.file_size; });
}

Result<std::uint64_t> File::word_at(std::uint64_t at) const {
  if (wide_) {
    KLIK_TRY(const U64le value, file_.get<U64le>(at));
    return value;
  }
  KLIK_TRY(const U32le value, file_.get<U32le>(at));
  return value;
}

std::optional<Range> File::build_id() const {
  for (const Segment& s : segments_) {
    if (s.type != kNote || s.offset > file_.size()) continue;
    const std::uint64_t end = s.offset + std::min(s.file_size, file_.size() - s.offset);
    for (std::uint64_t at = s.offset; at < end;) {
      const auto header = file_.view<NoteHeader>(at);
      if (!header) break;
      const NoteHeader& note = **header;
      // Both parts are padded to four bytes; widened, so the sums cannot wrap, and each step advances by the header at least.
      const std::uint64_t name_at = at + sizeof(NoteHeader), data_at = name_at + ((std::uint64_t{note.name_size} + 3) & ~std::uint64_t{3});
      if (note.type == 3 && note.name_size == 4)
        if (const auto name = file_.slice(name_at, 4); name && name->text() == std::string_view("GNU\0", 4))
          if (note.data_size > 0 && note.data_size <= 64 && file_.slice(data_at, note.data_size)) return Range{data_at, note.data_size};
      at = data_at + ((std::uint64_t{note.data_size} + 3) & ~std::uint64_t{3});
    }
  }
  return std::nullopt;
}

std::vector<Range> File::data_ranges() const {
  std::vector<Range> out;
  const auto add = [&](std::uint64_t at, std::uint64_t size) {
    if (at < file_.size() && size > 0) out.push_back({at, std::min(size, file_.size() - at)});
  };
  for (const Section& s : sections_)
    if (s.type == kProgBits && (s.flags & kSectionAlloc) && !(s.flags & kSectionExec) && !s.name.starts_with(".eh_frame") && !s.name.starts_with(".ARM.") &&
        !s.name.starts_with(".got") && s.name != ".interp" && !s.name.starts_with(".gcc_except"))
      add(s.offset, s.size);
  if (out.empty())
    for (const Segment& s : loads_) add(s.offset, s.file_size);
  // Overlapping parts of a hostile file would be read once each, which multiplies the work.
  std::ranges::sort(out, {}, &Range::at);
  std::vector<Range> apart;
  std::uint64_t end = 0;
  for (const Range& r : out) {
    const std::uint64_t from = std::max(r.at, end), to = std::max(from, r.at + r.length);
    if (to > from) apart.push_back({from, to - from});
    end = to;
  }
  // Without sections the names of symbols lie among the data.
  if (sections_.empty() && strings_size_ > 0) {
    std::vector<Range> rest;
    for (const Range& r : apart) {
      const std::uint64_t to = r.at + r.length, cut_from = std::clamp(strings_at_, r.at, to), cut_to = std::clamp(strings_at_ + strings_size_, r.at, to);
      if (cut_from > r.at) rest.push_back({r.at, cut_from - r.at});
      if (to > cut_to) rest.push_back({cut_to, to - cut_to});
    }
    return rest;
  }
  return apart;
}

std::string_view machine_name(std::uint16_t machine) {
  switch (machine) {
    case 3: return "x86";
    case 8: return "mips";
    case 40: return "arm";
    case 62: return "x86_64";
    case 164: return "hexagon";
    case 183: return "arm64";
    case 243: return "riscv";
    case 247: return "bpf";
    default: return {};
  }
}

}  // namespace klik::elf
