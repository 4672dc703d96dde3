// Branches of ARM, Thumb-2 and AArch64 that carry a displacement in bits of their code.
// Source: ARM DDI 0406C (B, BL, BLX), DDI 0487 (B, BL, B.cond, CBZ, TBZ); Chromium components/zucchini/arm_utils.h for which
// of them Zucchini corrects.
#pragma once

#include <cstdint>
#include <optional>

namespace klik::zucchini {

// By instruction set and bits of displacement. The order is that of the groups of references.
enum class Branch : std::uint8_t { a24, t8, t11, t20, t24, imm14, imm19, imm26 };

// Bytes of code. A Thumb instruction of 4 bytes is two halves; its code here has the first half in the upper 16 bits.
constexpr unsigned branch_width(Branch form) { return form == Branch::t8 || form == Branch::t11 ? 2 : 4; }
constexpr bool is_thumb(Branch form) { return form >= Branch::t8 && form <= Branch::t24; }

// Where it jumps to. Empty: `code` is no branch of this form, or `address` is not aligned for one.
std::optional<std::uint32_t> branch_target(Branch form, std::uint32_t address, std::uint32_t code);
// The same branch to `target`. Empty as above, or when the displacement does not fit.
std::optional<std::uint32_t> branch_to(Branch form, std::uint32_t address, std::uint32_t target, std::uint32_t code);

}  // namespace klik::zucchini
