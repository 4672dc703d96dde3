#include "formats/patch/zucchini/arm_branch.h"

namespace klik::zucchini {
namespace {

struct Displacement {
  std::int32_t value;
  std::uint32_t align;      // of the target
};

constexpr std::uint32_t bits(std::uint32_t code, unsigned low, unsigned high) { return (code >> low) & ((std::uint32_t{1} << (high - low + 1)) - 1); }
constexpr std::int32_t sign_extended(std::uint32_t value, unsigned width) {
  const std::uint32_t sign = std::uint32_t{1} << (width - 1);
  return static_cast<std::int32_t>((value ^ sign) - sign);
}
constexpr std::int32_t times(std::int32_t value, std::int32_t factor) { return value * factor; }   // 26 bits times 4 at most
constexpr bool fits(std::int32_t value, unsigned width) { return sign_extended(static_cast<std::uint32_t>(value) & ((std::uint32_t{1} << width) - 1), width) == value; }

constexpr bool is_a24(std::uint32_t code) { return bits(code, 24, 27) == 0xA || bits(code, 24, 27) == 0xB; }
constexpr bool is_t8(std::uint32_t code) { return (code & 0xF000) == 0xD000 && (code & 0x0F00) != 0x0F00; }
constexpr bool is_t20(std::uint32_t code) { return (code & 0xF800D000) == 0xF0008000 && (code & 0x03C00000) != 0x03C00000; }
constexpr bool is_t24(std::uint32_t code) {
  const std::uint32_t b = code & 0xF800D000;
  return b == 0xF0009000 || b == 0xF000D000 || b == 0xF000C000;
}
constexpr bool is_t24_to_arm(std::uint32_t code) { return (code & 0xF800D000) == 0xF000C000; }   // BLX
constexpr bool is_imm14(std::uint32_t code) { return (code & 0x7E000000) == 0x36000000; }
constexpr bool is_imm19(std::uint32_t code) { return (code & 0xFF000010) == 0x54000000 || (code & 0x7E000000) == 0x34000000; }
constexpr bool is_imm26(std::uint32_t code) { return (code & 0x7C000000) == 0x14000000; }

std::optional<Displacement> decode(Branch form, std::uint32_t code) {
  switch (form) {
    case Branch::a24: {
      if (!is_a24(code)) return std::nullopt;
      const std::int32_t value = times(sign_extended(bits(code, 0, 23), 24), 4);
      if (bits(code, 28, 31) != 0xF) return Displacement{value, 4};
      return Displacement{value | static_cast<std::int32_t>(bits(code, 24, 24) << 1), 2};   // BLX, to Thumb
    }
    case Branch::t8:
      if (!is_t8(code)) return std::nullopt;
      return Displacement{times(sign_extended(bits(code, 0, 7), 8), 2), 2};
    case Branch::t11:
      if ((code & 0xF800) != 0xE000) return std::nullopt;
      return Displacement{times(sign_extended(bits(code, 0, 10), 11), 2), 2};
    case Branch::t20: {
      if (!is_t20(code)) return std::nullopt;
      const std::uint32_t raw = bits(code, 26, 26) << 20 | bits(code, 11, 11) << 19 | bits(code, 13, 13) << 18 | bits(code, 16, 21) << 12 | bits(code, 0, 10) << 1;
      return Displacement{sign_extended(raw, 21), 2};
    }
    case Branch::t24: {
      if (!is_t24(code)) return std::nullopt;
      // In BLX the lowest bit must be 0: the target is ARM code, four bytes aligned.
      if (is_t24_to_arm(code) && (code & 1)) return std::nullopt;
      const std::uint32_t sign = bits(code, 26, 26), j1 = bits(code, 13, 13), j2 = bits(code, 11, 11);
      const std::uint32_t raw = sign << 24 | (j1 ^ sign ^ 1) << 23 | (j2 ^ sign ^ 1) << 22 | bits(code, 16, 25) << 12 | bits(code, 0, 10) << 1;
      return Displacement{sign_extended(raw, 25), is_t24_to_arm(code) ? 4u : 2u};
    }
    case Branch::imm14:
      if (!is_imm14(code)) return std::nullopt;
      return Displacement{times(sign_extended(bits(code, 5, 18), 14), 4), 4};
    case Branch::imm19:
      if (!is_imm19(code)) return std::nullopt;
      return Displacement{times(sign_extended(bits(code, 5, 23), 19), 4), 4};
    case Branch::imm26:
      if (!is_imm26(code)) return std::nullopt;
      return Displacement{times(sign_extended(bits(code, 0, 25), 26), 4), 4};
  }
  return std::nullopt;
}

// REQUIRES: decode(form, code).
std::optional<std::uint32_t> encode(Branch form, std::uint32_t code, std::int32_t displacement) {
  const auto d = static_cast<std::uint32_t>(displacement);
  switch (form) {
    case Branch::a24: {
      const bool to_thumb = bits(code, 28, 31) == 0xF;
      if (!fits(displacement, 26) || d % (to_thumb ? 2 : 4)) return std::nullopt;
      const std::uint32_t kept = to_thumb ? (code & 0xFE000000) | bits(d, 1, 1) << 24 : code & 0xFF000000;
      return kept | bits(d, 2, 25);
    }
    case Branch::t8:
      if (!fits(displacement, 9) || d % 2) return std::nullopt;
      return (code & 0xFF00) | bits(d, 1, 8);
    case Branch::t11:
      if (!fits(displacement, 12) || d % 2) return std::nullopt;
      return (code & 0xF800) | bits(d, 1, 11);
    case Branch::t20:
      if (!fits(displacement, 21) || d % 2) return std::nullopt;
      return (code & 0xFBC0D000) | bits(d, 20, 20) << 26 | bits(d, 12, 17) << 16 | bits(d, 18, 18) << 13 | bits(d, 19, 19) << 11 | bits(d, 1, 11);
    case Branch::t24: {
      if (!fits(displacement, 25) || d % 2 || (is_t24_to_arm(code) && bits(d, 1, 1))) return std::nullopt;
      const std::uint32_t sign = bits(d, 24, 24), i1 = bits(d, 23, 23), i2 = bits(d, 22, 22);
      return (code & 0xF800D000) | sign << 26 | bits(d, 12, 21) << 16 | (i1 ^ sign ^ 1) << 13 | (i2 ^ sign ^ 1) << 11 | bits(d, 1, 11);
    }
    case Branch::imm14:
      if (!fits(displacement, 16) || d % 4) return std::nullopt;
      return (code & 0xFFF8001F) | bits(d, 2, 15) << 5;
    case Branch::imm19:
      if (!fits(displacement, 21) || d % 4) return std::nullopt;
      return (code & 0xFF00001F) | bits(d, 2, 20) << 5;
    case Branch::imm26:
      if (!fits(displacement, 28) || d % 4) return std::nullopt;
      return (code & 0xFC000000) | bits(d, 2, 27);
  }
  return std::nullopt;
}

constexpr std::uint32_t code_align(Branch form) { return is_thumb(form) ? 2 : 4; }
// The program counter is ahead of the instruction.
constexpr std::uint32_t ahead(Branch form) { return form == Branch::a24 ? 8 : is_thumb(form) ? 4 : 0; }

}  // namespace

std::optional<std::uint32_t> branch_target(Branch form, std::uint32_t address, std::uint32_t code) {
  if (address % code_align(form)) return std::nullopt;
  const auto displacement = decode(form, code);
  if (!displacement) return std::nullopt;
  const std::uint32_t target = address + ahead(form) + static_cast<std::uint32_t>(displacement->value);
  return target - target % displacement->align;
}

std::optional<std::uint32_t> branch_to(Branch form, std::uint32_t address, std::uint32_t target, std::uint32_t code) {
  if (address % code_align(form)) return std::nullopt;
  const auto old = decode(form, code);
  if (!old || target % old->align) return std::nullopt;
  const std::uint32_t exact = target - (address + ahead(form));
  const std::uint32_t rounded = exact + ((0u - exact) & (old->align - 1));   // up, as reading rounds down
  return encode(form, code, static_cast<std::int32_t>(rounded));
}

}  // namespace klik::zucchini
