// Code items: the sixteen bytes of plain DEX, and the packed form of compact DEX.
#include "formats/android/dex.h"

namespace klik::dex {
namespace {

struct CodeHeader {
  U16le registers, ins, outs, tries;
  U32le debug, units;
};
static_assert(sizeof(CodeHeader) == 16);

struct CompactHeader {
  U16le fields;   // four bits each: registers, ins, outs, tries
  U16le rest;     // the lowest five bits say which of these continue in front of the item; the others are the size
};
static_assert(sizeof(CompactHeader) == 4);

constexpr unsigned kFlagBits = 5;
constexpr unsigned kMoreRegisters = 1, kMoreIns = 2, kMoreOuts = 4, kMoreTries = 8, kMoreUnits = 16;

// Instructions, then tries at a multiple of four from `base`, then handlers.
Result<void> fill(CodeItem& code, Bytes window, std::uint64_t base, std::uint32_t units, std::uint32_t tries) {
  KLIK_TRY(code.units, window.array<U16le>(code.units_at, units));
  if (tries == 0) return {};
  const std::uint64_t end = code.units_at + std::uint64_t{2} * units;
  const std::uint64_t tries_at = end + (base - end) % 4;
  KLIK_TRY(code.tries, window.array<TryItem>(tries_at, tries));
  code.handlers_at = tries_at + sizeof(TryItem) * std::uint64_t{tries};
  return {};
}

}  // namespace

Result<CodeItem> DexFile::code(std::uint64_t code_at) const {
  if (compact_) return compact_code(code_at);
  KLIK_TRY(const CodeHeader* header, window_.view<CodeHeader>(code_at));
  CodeItem code;
  code.at = code_at;
  code.registers = header->registers;
  code.ins = header->ins;
  code.outs = header->outs;
  code.units_at = code_at + sizeof(CodeHeader);
  if (code.ins > code.registers) return fail(Code::bad_value, code_at, "a method has more arguments than registers");
  KLIK_CHECK(fill(code, window_, data_base_, header->units, header->tries));
  return code;
}

Result<CodeItem> DexFile::compact_code(std::uint64_t code_at) const {
  KLIK_TRY(const CompactHeader* header, window_.view<CompactHeader>(code_at));
  const std::uint16_t fields = header->fields, rest = header->rest;
  CodeItem code;
  code.at = code_at;
  code.registers = (fields >> 12) & 0xFu;
  code.ins = (fields >> 8) & 0xFu;
  code.outs = (fields >> 4) & 0xFu;
  std::uint32_t tries = fields & 0xFu;
  std::uint32_t units = static_cast<std::uint32_t>(rest) >> kFlagBits;
  std::uint64_t before = code_at;
  // The next sixteen bits in front of the item. Errors: truncated when the file begins there.
  const auto more = [&]() -> Result<std::uint32_t> {
    if (before < 2) return fail(Code::truncated, code_at, "what continues a code item would lie before the file");
    before -= 2;
    KLIK_TRY(const U16le word, window_.get<U16le>(before));
    return std::uint32_t{word};
  };
  if (rest & kMoreUnits) {
    KLIK_TRY(const std::uint32_t low, more());
    KLIK_TRY(const std::uint32_t high, more());
    units += low + (high << 16);
  }
  if (rest & kMoreRegisters) {
    KLIK_TRY(const std::uint32_t extra, more());
    code.registers += extra;
  }
  if (rest & kMoreIns) {
    KLIK_TRY(const std::uint32_t extra, more());
    code.ins += extra;
  }
  if (rest & kMoreOuts) {
    KLIK_TRY(const std::uint32_t extra, more());
    code.outs += extra;
  }
  if (rest & kMoreTries) {
    KLIK_TRY(const std::uint32_t extra, more());
    tries += extra;
  }
  code.registers += code.ins;   // stored without the arguments
  code.units_at = code_at + sizeof(CompactHeader);
  KLIK_CHECK(fill(code, window_, data_base_, units, tries));
  return code;
}

}  // namespace klik::dex
