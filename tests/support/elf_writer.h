// A small 64-bit ELF library without section headers, field by field, so that a test can state any of them wrongly.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/writer.h"

namespace klik::test {

struct ElfSymbol {
  std::string name;
  std::uint64_t value = 0;      // 0: imported
  std::uint8_t info = 0x12;     // global function
};

// One segment holds the whole file, at address 0, so that addresses are offsets.
struct ElfParts {
  std::vector<ElfSymbol> symbols;
  std::string data;                                       // behind the tables, at kData
  std::vector<std::pair<std::uint64_t, std::uint64_t>> more_dynamic;   // tag, value
  std::string table;                                      // packed relocations or RELR words, at kTable
  std::vector<std::pair<std::uint64_t, std::uint64_t>> relative;       // address, target: as RELA
  std::uint64_t hash_count = ~std::uint64_t{0};           // what DT_HASH says; else the truth
  std::uint16_t machine = 183;
};

inline constexpr std::uint64_t kElfTable = 0x800, kElfData = 0x1000;

inline std::vector<std::uint8_t> elf_library(const ElfParts& parts) {
  Writer strings, symbols, w;
  strings.zeros(1);
  symbols.zeros(24);
  for (const ElfSymbol& s : parts.symbols) {
    symbols.u32(strings.bytes.size()).le(s.info, 1).le(0, 1).u16(s.value ? 1 : 0).u64(s.value).u64(0);
    strings.text(s.name).zeros(1);
  }
  constexpr std::uint64_t kHash = 0x100, kSymbols = 0x110, kDynamic = 0xc00, kStrings = 0x500, kRela = 0xa00;
  w.text("\x7f" "ELF").le(2, 1).le(1, 1).le(1, 1).zeros(9).u16(3).u16(parts.machine).u32(1).u64(0).u64(64).u64(0).u32(0);
  w.u16(64).u16(56).u16(2).u16(64).u16(0).u16(0);
  const std::uint64_t size = kElfData + parts.data.size();
  w.u32(1).u32(7).u64(0).u64(0).u64(0).u64(size).u64(size).u64(4096);
  Writer dynamic;
  const auto tag = [&](std::uint64_t t, std::uint64_t v) { dynamic.u64(t).u64(v); };
  tag(4, kHash), tag(5, kStrings), tag(6, kSymbols), tag(10, strings.bytes.size());
  if (!parts.relative.empty()) tag(7, kRela), tag(8, parts.relative.size() * 24);
  for (const auto& [t, v] : parts.more_dynamic) tag(t, v);
  tag(0, 0);
  w.u32(2).u32(6).u64(kDynamic).u64(kDynamic).u64(kDynamic).u64(dynamic.bytes.size()).u64(dynamic.bytes.size()).u64(8);
  const auto at = [&](std::uint64_t offset, const std::vector<std::uint8_t>& bytes) {
    w.zeros(offset - w.bytes.size());
    w.append(bytes);
  };
  Writer hash, rela, table, data;
  const std::uint64_t count = parts.symbols.size() + 1;
  at(kHash, hash.u32(1).u32(parts.hash_count == ~std::uint64_t{0} ? count : parts.hash_count).bytes);
  at(kSymbols, symbols.bytes);
  at(kStrings, strings.bytes);
  at(kElfTable, table.text(parts.table).bytes);
  for (const auto& [address, target] : parts.relative) rela.u64(address).u64(1027).u64(target);
  at(kRela, rela.bytes);
  at(kDynamic, dynamic.bytes);
  at(kElfData, data.text(parts.data).bytes);
  return w.bytes;
}

// Sixteen-byte aligned texts and zeroed words behind kElfData: where each lies is what the caller counts on.
inline std::string elf_words(std::initializer_list<std::uint64_t> words) {
  Writer w;
  for (const std::uint64_t x : words) w.u64(x);
  return {w.bytes.begin(), w.bytes.end()};
}

}  // namespace klik::test
