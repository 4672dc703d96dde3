#include "formats/android/dex_instructions.h"

#include <algorithm>

namespace klik::dex {
namespace {

constexpr std::uint16_t kPackedSwitch = 0x0100, kSparseSwitch = 0x0200, kArrayData = 0x0300;

std::uint32_t high_byte(std::uint16_t unit) { return static_cast<std::uint32_t>(unit) >> 8; }
std::uint32_t low_nibble(std::uint16_t unit) { return (static_cast<std::uint32_t>(unit) >> 8) & 0xF; }
std::uint32_t high_nibble(std::uint16_t unit) { return static_cast<std::uint32_t>(unit) >> 12; }
std::uint32_t word(std::span<const U16le> units, std::size_t at) { return units[at] | static_cast<std::uint32_t>(units[at + 1]) << 16; }
std::int32_t signed_word(std::span<const U16le> units, std::size_t at) { return static_cast<std::int32_t>(word(units, at)); }
std::int16_t signed_unit(std::uint16_t unit) { return static_cast<std::int16_t>(unit); }

}  // namespace

std::uint32_t Instructions::payload_length(std::span<const U16le> units) {
  constexpr std::uint32_t kNever = 0xFFFFFFFF;
  const std::uint16_t ident = units[0];
  if (ident != kPackedSwitch && ident != kSparseSwitch && ident != kArrayData) return 1;
  if (units.size() < 4) return kNever;
  if (ident == kPackedSwitch) return 4 + std::uint32_t{units[1]} * 2;
  if (ident == kSparseSwitch) return 2 + std::uint32_t{units[1]} * 4;
  const std::uint64_t bytes = std::uint64_t{units[1]} * word(units, 2);
  const std::uint64_t length = 4 + (bytes + 1) / 2;
  return length < kNever ? static_cast<std::uint32_t>(length) : kNever;
}

std::uint32_t Instructions::whole_until() const {
  Iterator i = begin();
  while (i != end()) ++i;
  return i.at();
}

std::uint32_t Instruction::index() const {
  switch (info().format) {
    case Format::k21c: case Format::k22c: case Format::k35c: case Format::k3rc: case Format::k45cc: case Format::k4rcc: return units_[1];
    case Format::k31c: return word(units_, 1);
    default: return kNoIndex;
  }
}

std::uint32_t Instruction::proto() const {
  const Format format = info().format;
  return format == Format::k45cc || format == Format::k4rcc ? std::uint32_t{units_[3]} : kNoIndex;
}

std::uint32_t Instruction::a() const {
  const std::uint16_t first = units_[0];
  switch (info().format) {
    case Format::k12x: case Format::k11n: case Format::k22t: case Format::k22s: case Format::k22c: return low_nibble(first);
    case Format::k11x: case Format::k22x: case Format::k21t: case Format::k21s: case Format::k21h: case Format::k21c: case Format::k23x:
    case Format::k22b: case Format::k31t: case Format::k31i: case Format::k31c: case Format::k51l: return high_byte(first);
    case Format::k32x: return units_[1];
    default: return 0;
  }
}

std::uint32_t Instruction::b() const {
  switch (info().format) {
    case Format::k12x: case Format::k22t: case Format::k22s: case Format::k22c: return high_nibble(units_[0]);
    case Format::k22x: return units_[1];
    case Format::k23x: case Format::k22b: return units_[1] & 0xFFu;
    case Format::k32x: return units_[2];
    default: return 0;
  }
}

std::uint32_t Instruction::c() const { return info().format == Format::k23x ? high_byte(units_[1]) : 0; }

std::int64_t Instruction::literal() const {
  switch (info().format) {
    case Format::k11n: return static_cast<std::int16_t>(units_[0]) >> 12;
    case Format::k21s: case Format::k22s: return signed_unit(units_[1]);
    case Format::k22b: return signed_unit(units_[1]) >> 8;
    case Format::k31i: return signed_word(units_, 1);
    case Format::k21h:   // the upper half of 32 bits, or of 64 for const-wide/high16
      return opcode() == 0x15 ? std::int64_t{static_cast<std::int32_t>(static_cast<std::uint32_t>(units_[1]) << 16)}
                              : static_cast<std::int64_t>(static_cast<std::uint64_t>(units_[1]) << 48);
    case Format::k51l: return static_cast<std::int64_t>(word(units_, 1) | static_cast<std::uint64_t>(word(units_, 3)) << 32);
    default: return 0;
  }
}

std::int64_t Instruction::target() const {
  switch (info().format) {
    case Format::k10t: return std::int64_t{at_} + (signed_unit(units_[0]) >> 8);
    case Format::k20t: case Format::k21t: case Format::k22t: return std::int64_t{at_} + signed_unit(units_[1]);
    case Format::k30t: case Format::k31t: return std::int64_t{at_} + signed_word(units_, 1);
    default: return at_;
  }
}

std::uint32_t Instruction::argument_count() const {
  switch (info().format) {
    case Format::k35c: case Format::k45cc: return std::min(high_nibble(units_[0]), 5u);
    case Format::k3rc: case Format::k4rcc: return high_byte(units_[0]);
    default: return 0;
  }
}

std::uint32_t Instruction::argument(std::uint32_t n) const {
  const Format format = info().format;
  if (format == Format::k3rc || format == Format::k4rcc) return units_[2] + n;
  if (n == 4) return low_nibble(units_[0]);
  return (static_cast<std::uint32_t>(units_[2]) >> (4 * n)) & 0xF;
}

Result<SwitchPayload> SwitchPayload::read(std::span<const U16le> units) {
  if (units.size() < 2 || (units[0] != kPackedSwitch && units[0] != kSparseSwitch)) return fail(Code::bad_value, 0, "no table of a switch is here");
  SwitchPayload payload;
  payload.packed_ = units[0] == kPackedSwitch;
  payload.count_ = units[1];
  const std::size_t length = payload.packed_ ? 4 + std::size_t{2} * payload.count_ : 2 + std::size_t{4} * payload.count_;
  if (length > units.size()) return fail(Code::truncated, 0, "the table of a switch runs past the code");
  payload.units_ = units.first(length);
  return payload;
}

SwitchCase SwitchPayload::at(std::uint32_t n) const {
  if (packed_) return {static_cast<std::int32_t>(word(units_, 2) + n), signed_word(units_, 4 + std::size_t{2} * n)};
  return {signed_word(units_, 2 + std::size_t{2} * n), signed_word(units_, 2 + std::size_t{2} * (count_ + n))};
}

Result<ArrayPayload> ArrayPayload::read(std::span<const U16le> units) {
  if (units.size() < 4 || units[0] != kArrayData) return fail(Code::bad_value, 0, "no array data is here");
  ArrayPayload payload;
  payload.element_size = units[1];
  payload.count = word(units, 2);
  if (payload.element_size != 1 && payload.element_size != 2 && payload.element_size != 4 && payload.element_size != 8)
    return fail(Code::bad_value, 1, "elements of array data have no known size");
  const std::uint64_t bytes = std::uint64_t{payload.element_size} * payload.count;
  if ((bytes + 1) / 2 > units.size() - 4) return fail(Code::truncated, 2, "array data runs past the code");
  payload.data = units.subspan(4, (bytes + 1) / 2);
  return payload;
}

std::uint64_t ArrayPayload::element(std::uint32_t n) const {
  const std::uint64_t at = std::uint64_t{element_size} * n;
  if (element_size == 1) return (data[at / 2] >> (8 * (at % 2))) & 0xFFu;
  std::uint64_t value = 0;
  for (std::uint32_t i = 0; i < element_size / 2; ++i) value |= static_cast<std::uint64_t>(data[at / 2 + i]) << (16 * i);
  return value;
}

}  // namespace klik::dex
