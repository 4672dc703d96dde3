// References in machine code, found by looks: instructions that carry a displacement and would jump to, or read, some place of
// the file. Data between instructions may look so too; what counts is that the maker of a patch saw the same.
// Source: Chromium components/zucchini/rel32_finder.cc.
#pragma once

#include <span>

#include "formats/patch/zucchini/arm_branch.h"
#include "formats/patch/zucchini/elf_layout.h"

namespace klik::zucchini {

// A range of one code section that no absolute address lies in.
struct CodeRange {
  std::uint32_t begin, end;
  ElfLayout::Code section;

  std::uint32_t address_of(std::uint32_t offset) const { return offset - section.at + section.address; }
};

// `out`: the location is that of the displacement.
void find_x86(Bytes image, const ElfLayout& layout, const CodeRange& range, bool wide, std::vector<Reference>& out);
// `out` has one list for each form, from a24 on. `thumb`: of the whole section.
void find_arm(Bytes image, const ElfLayout& layout, const CodeRange& range, bool thumb, std::span<std::vector<Reference>> out);
// `out` has one list for each form, from imm14 on.
void find_arm64(Bytes image, const ElfLayout& layout, const CodeRange& range, std::span<std::vector<Reference>> out);

// Whether a section holds Thumb code: in ARM code most instructions are executed always, which their last byte says.
bool is_thumb_section(Bytes image, const ElfLayout::Code& section);

// The code of one instruction as branch_target takes it. REQUIRES: it lies in the image.
std::uint32_t branch_code(Bytes image, std::uint64_t at, Branch form);
Result<void> put_branch_code(MutableBytes image, std::uint64_t at, Branch form, std::uint32_t code);

}  // namespace klik::zucchini
