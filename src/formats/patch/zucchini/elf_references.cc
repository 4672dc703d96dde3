// References of ELF files: from relocations to the words they relocate, from those words to what they point at, and in code.
#include <algorithm>

#include "formats/patch/zucchini/code_references.h"

namespace klik::zucchini {
namespace {

enum Pool : std::uint8_t { kRelocationPool, kWordPool, kCodePool };
enum Group : std::size_t { kRelocationGroup, kWordGroup, kFirstCodeGroup };
constexpr std::uint32_t kAddressBound = 0x7FFFFFFF;

bool is_arm(Kind kind) { return kind == Kind::elf_arm || kind == Kind::elf_arm64; }

// The relocation that only adds the address where the file is loaded.
std::uint32_t relative_type(Kind kind) {
  switch (kind) {
    case Kind::elf_arm: return 23;
    case Kind::elf_arm64: return 1027;
    default: return 8;
  }
}

// First and number of the forms of branches.
std::pair<Branch, std::size_t> branches(Kind kind) { return kind == Kind::elf_arm ? std::pair(Branch::a24, 5u) : std::pair(Branch::imm14, 3u); }

std::uint64_t word_at(Bytes image, const ElfLayout& layout, std::uint64_t at) { return layout.wide ? value_at<std::uint64_t>(image, at) : value_at<std::uint32_t>(image, at); }

std::vector<Reference> read_relocations(Kind kind, Bytes image, const ElfLayout& layout) {
  std::vector<Reference> out;
  const std::uint32_t word = layout.word();
  for (const ElfLayout::Relocations& section : layout.relocations) {
    const std::uint64_t end = std::uint64_t{section.at} + section.size;
    for (std::uint64_t at = section.at; at < end && at + section.entry_size <= image.size(); at += section.entry_size) {
      const std::uint64_t info = word_at(image, layout, at + word);
      if ((layout.wide ? info & 0xFFFFFFFF : info & 0xFF) != relative_type(kind)) continue;
      const std::uint64_t address = word_at(image, layout, at);
      const std::uint32_t target = address <= 0xFFFFFFFF ? layout.addresses.offset_of(static_cast<std::uint32_t>(address)) : kNowhere;
      if (target == kNowhere || target > image.size() || word > image.size() - target) continue;
      out.push_back({static_cast<std::uint32_t>(at), target});
    }
  }
  return out;
}

// The relocated words themselves, those whose value is an address of the file. Of two that overlap, the first.
std::vector<Reference> read_words(Bytes image, const ElfLayout& layout, const std::vector<Reference>& relocations) {
  std::vector<std::uint32_t> locations;
  locations.reserve(relocations.size());
  for (const Reference& r : relocations) locations.push_back(r.target);
  std::ranges::sort(locations);
  std::vector<Reference> out;
  for (const std::uint32_t at : locations) {
    const std::uint64_t value = word_at(image, layout, at);
    const std::uint32_t target = value < kAddressBound ? layout.addresses.offset_of(static_cast<std::uint32_t>(value)) : kNowhere;
    if (target == kNowhere || (!out.empty() && at - out.back().location < layout.word())) continue;
    out.push_back({at, target});
  }
  return out;
}

// Calls `each` with what lies between words, in one section.
template <class Each>
void for_each_gap(const ElfLayout& layout, const std::vector<Reference>& words, const ElfLayout::Code& section, Each&& each) {
  const std::uint32_t section_end = section.at + section.size;
  auto word = std::ranges::lower_bound(words, section.at, {}, &Reference::location);
  std::uint32_t begin = section.at;
  if (word != words.begin()) begin = std::max(begin, std::prev(word)->location + layout.word());
  for (; word != words.end() && word->location < section_end; ++word) {
    if (begin < word->location) each(CodeRange{begin, word->location, section});
    begin = word->location + layout.word();
  }
  if (begin < section_end) each(CodeRange{begin, section_end, section});
}

void read_code(Kind kind, Bytes image, const ElfLayout& layout, const std::vector<Reference>& words, std::span<std::vector<Reference>> out) {
  for (const ElfLayout::Code& section : layout.code) {
    const bool thumb = kind == Kind::elf_arm && is_thumb_section(image, section);
    for_each_gap(layout, words, section, [&](const CodeRange& range) {
      if (kind == Kind::elf_arm) find_arm(image, layout, range, thumb, out);
      else if (kind == Kind::elf_arm64) find_arm64(image, layout, range, out);
      else find_x86(image, layout, range, kind == Kind::elf_x64, out[0]);
    });
  }
  for (std::vector<Reference>& list : out) std::ranges::stable_sort(list, {}, &Reference::location);
}

class ElfWriter : public ReferenceWriter {
 public:
  ElfWriter(Kind kind, AddressMap addresses) : kind_(kind), addresses_(std::move(addresses)) {}

  Result<void> write(std::size_t group, Reference r, MutableBytes image) const override {
    const std::uint32_t target = addresses_.address_of(r.target);
    if (group == kRelocationGroup) return put_word(image, r.location, target);
    if (group == kWordGroup) return target == kNowhere ? Result<void>() : put_word(image, r.location, target);
    if (!is_arm(kind_)) return put_at(image, r.location, target - (addresses_.address_of(r.location) + 4));
    const auto form = static_cast<Branch>(static_cast<std::size_t>(branches(kind_).first) + group - kFirstCodeGroup);
    if (branch_width(form) > image.size() || r.location > image.size() - branch_width(form))
      return fail(Code::bad_value, r.location, "reference outside the new image");
    const auto code = branch_to(form, addresses_.address_of(r.location), target, branch_code(Bytes(image), r.location, form));
    return code ? put_branch_code(image, r.location, form, *code) : Result<void>();
  }

 private:
  Result<void> put_word(MutableBytes image, std::uint32_t at, std::uint32_t value) const {
    return kind_ == Kind::elf_x64 || kind_ == Kind::elf_arm64 ? put_at(image, at, std::uint64_t{value}) : put_at(image, at, value);
  }

  Kind kind_;
  AddressMap addresses_;
};

}  // namespace

Result<std::vector<ReferenceGroup>> read_elf_references(Kind kind, Bytes image) {
  KLIK_TRY(const ElfLayout layout, read_elf_layout(kind, image));
  std::vector<ReferenceGroup> groups(2);
  groups[kRelocationGroup] = {kRelocationPool, read_relocations(kind, image, layout)};
  groups[kWordGroup] = {kWordPool, read_words(image, layout, groups[kRelocationGroup].references)};
  std::vector<std::vector<Reference>> code(is_arm(kind) ? branches(kind).second : 1);
  read_code(kind, image, layout, groups[kWordGroup].references, code);
  for (std::vector<Reference>& list : code) groups.push_back({kCodePool, std::move(list)});
  return groups;
}

Result<std::unique_ptr<ReferenceWriter>> elf_writer(Kind kind, Bytes image) {
  KLIK_TRY(ElfLayout layout, read_elf_layout(kind, image));
  return std::make_unique<ElfWriter>(kind, std::move(layout.addresses));
}

}  // namespace klik::zucchini
