#include "formats/patch/zucchini/code_references.h"

#include <algorithm>

namespace klik::zucchini {
namespace {

// Bytes of an opcode that four bytes of displacement follow; 0 for none.
struct Opcode {
  std::uint32_t size = 0;
  bool anywhere = false;     // the target need not lie in the same section
};

Opcode x86_opcode(std::span<const std::uint8_t> code, std::uint64_t left, bool wide) {
  const std::uint8_t first = code[0];
  if (left < 5) return {};
  if (first == 0xE8 || first == 0xE9) return {1};                            // CALL, JMP
  if (left < 6) return {};
  const std::uint8_t second = code[1];
  if (first == 0x0F && (second & 0xF0) == 0x80) return {2};                  // Jcc
  if (!wide) return {};
  if (first == 0xFF && (second == 0x15 || second == 0x25)) return {2, true};   // CALL, JMP through [rip + …]
  if ((first == 0x89 || first == 0x8B || first == 0x8D) && (second & 0xC7) == 0x05) return {2, true};   // MOV, LEA with [rip + …]
  return {};
}

// Only branches into code count: others are data, or code of the other instruction set.
std::uint32_t code_offset(const ElfLayout& layout, std::uint32_t address) {
  const std::uint32_t offset = layout.addresses.offset_of(address);
  const auto next = std::ranges::upper_bound(layout.code, offset, {}, &ElfLayout::Code::at);
  if (offset == kNowhere || next == layout.code.begin()) return kNowhere;
  const ElfLayout::Code& section = *std::prev(next);
  return offset - section.at < section.size ? offset : kNowhere;
}

// Whether the instruction is a branch of this form; if it leads into code, it is kept.
bool take(Bytes image, const ElfLayout& layout, const CodeRange& range, std::uint32_t at, Branch form, std::vector<Reference>& out) {
  const auto target = branch_target(form, range.address_of(at), branch_code(image, at, form));
  if (!target) return false;
  if (const std::uint32_t offset = code_offset(layout, *target); offset != kNowhere) out.push_back({at, offset});
  return true;
}

}  // namespace

void find_x86(Bytes image, const ElfLayout& layout, const CodeRange& range, bool wide, std::vector<Reference>& out) {
  const auto code = image.span().subspan(range.begin, range.end - range.begin);
  for (std::size_t at = 0; at < code.size();) {
    const Opcode opcode = x86_opcode(code.subspan(at), code.size() - at, wide);
    if (opcode.size == 0) {
      ++at;
      continue;
    }
    const auto location = static_cast<std::uint32_t>(range.begin + at + opcode.size);
    const std::uint32_t target = range.address_of(location) + 4 + value_at<std::uint32_t>(image, location);
    const std::uint32_t offset = layout.addresses.offset_of(target);
    if (offset != kNowhere && (opcode.anywhere || target - range.section.address < range.section.size)) {
      out.push_back({location, offset});
      at += opcode.size + 4;
    } else {
      ++at;
    }
  }
}

void find_arm(Bytes image, const ElfLayout& layout, const CodeRange& range, bool thumb, std::span<std::vector<Reference>> out) {
  const auto list = [&](Branch form) -> std::vector<Reference>& { return out[static_cast<std::size_t>(form)]; };
  const auto is = [&](std::uint32_t at, Branch form) { return take(image, layout, range, at, form, list(form)); };
  const std::uint64_t end = range.end;
  if (!thumb) {
    for (std::uint64_t at = (std::uint64_t{range.begin} + 3) & ~std::uint64_t{3}; at + 4 <= end; at += 4) is(static_cast<std::uint32_t>(at), Branch::a24);
    return;
  }
  for (std::uint64_t at = std::uint64_t{range.begin} + (range.begin & 1); at + 2 <= end;) {
    const auto here = static_cast<std::uint32_t>(at);
    const std::uint16_t first = value_at<std::uint16_t>(image, at);
    const bool wide = (first & 0xF000) == 0xF000 || (first & 0xF800) == 0xE800;
    if (!wide) {
      if (!is(here, Branch::t8)) is(here, Branch::t11);
    } else if (at + 4 <= end) {
      if (!is(here, Branch::t20)) is(here, Branch::t24);
    }
    at += wide ? 4 : 2;
  }
}

void find_arm64(Bytes image, const ElfLayout& layout, const CodeRange& range, std::span<std::vector<Reference>> out) {
  for (std::uint64_t at = (std::uint64_t{range.begin} + 3) & ~std::uint64_t{3}; at + 4 <= range.end; at += 4) {
    const auto here = static_cast<std::uint32_t>(at);
    for (std::size_t i = 0; i < out.size(); ++i)
      if (take(image, layout, range, here, static_cast<Branch>(static_cast<std::size_t>(Branch::imm14) + i), out[i])) break;
  }
}

bool is_thumb_section(Bytes image, const ElfLayout::Code& section) {
  if (section.address % 4 || section.size % 4) return true;
  const auto bytes = image.span().subspan(section.at, section.size);
  std::size_t always = 0;
  for (std::size_t at = 3; at < bytes.size(); at += 4) always += (bytes[at] & 0xF0) == 0xE0;
  constexpr double kLeastInArmCode = 0.4;
  return static_cast<double>(always) < static_cast<double>(bytes.size() / 4) * kLeastInArmCode;
}

std::uint32_t branch_code(Bytes image, std::uint64_t at, Branch form) {
  if (branch_width(form) == 2) return value_at<std::uint16_t>(image, at);
  const std::uint32_t code = value_at<std::uint32_t>(image, at);
  return is_thumb(form) ? code << 16 | code >> 16 : code;
}

Result<void> put_branch_code(MutableBytes image, std::uint64_t at, Branch form, std::uint32_t code) {
  if (branch_width(form) == 2) return put_at(image, at, static_cast<std::uint16_t>(code));
  return put_at(image, at, is_thumb(form) ? code << 16 | code >> 16 : code);
}

}  // namespace klik::zucchini
