// vdex and OAT files for tests.
#pragma once

#include <string>
#include <vector>

#include "support/dex_writer.h"
#include "support/writer.h"

namespace klik::test {

struct VdexParts {
  std::vector<std::vector<std::uint8_t>> dex;
  std::vector<std::uint32_t> checksums;
  std::vector<std::uint8_t> deps = {1, 2, 3, 4};
  std::vector<std::uint8_t> quickening;
  std::vector<std::uint32_t> quicken_tables;   // 019 and later: one for each DEX
  std::vector<std::uint8_t> shared;            // data of compact DEX
};

// Versions 006 and 010.
inline std::vector<std::uint8_t> vdex_old(const std::string& version, const VdexParts& parts) {
  Writer w;
  std::size_t dex_size = 0;
  for (const auto& d : parts.dex) dex_size = ((dex_size + 3) & ~std::size_t{3}) + d.size();
  w.text("vdex").field(version, 4).u32(parts.checksums.size()).u32(dex_size).u32(parts.deps.size()).u32(parts.quickening.size());
  for (const std::uint32_t c : parts.checksums) w.u32(c);
  for (const auto& d : parts.dex) w.align(4).append(d);
  w.append(parts.deps).append(parts.quickening);
  return w.bytes;
}

// Versions 019 and 021; without DEX the section is absent.
inline std::vector<std::uint8_t> vdex_middle(const std::string& version, const VdexParts& parts) {
  Writer w;
  w.text("vdex").field(version, 4).field(parts.dex.empty() ? "000" : "002", 4).u32(parts.checksums.size()).u32(parts.deps.size());
  if (version == "021") w.u32(0).u32(0);
  for (const std::uint32_t c : parts.checksums) w.u32(c);
  if (!parts.dex.empty()) {
    const std::size_t sizes = w.bytes.size();
    w.u32(0).u32(parts.shared.size()).u32(parts.quickening.size());
    const std::size_t start = w.bytes.size();
    for (std::size_t i = 0; i < parts.dex.size(); ++i) w.align(4).u32(i < parts.quicken_tables.size() ? parts.quicken_tables[i] : 0).append(parts.dex[i]);
    w.align(4).patch(sizes, w.bytes.size() - start, 4);
    w.append(parts.shared);
  }
  w.append(parts.deps).append(parts.quickening);
  return w.bytes;
}

// Version 027.
inline std::vector<std::uint8_t> vdex_sections(const VdexParts& parts) {
  Writer w;
  w.text("vdex").field("027", 4).u32(4);
  const std::size_t rows = w.bytes.size();
  w.zeros(48);
  const auto row = [&](std::uint32_t kind, std::size_t at) {
    w.patch(rows + 12 * kind, kind, 4).patch(rows + 12 * kind + 4, at, 4).patch(rows + 12 * kind + 8, w.bytes.size() - at, 4);
  };
  std::size_t at = w.bytes.size();
  for (const std::uint32_t c : parts.checksums) w.u32(c);
  row(0, at);
  at = w.bytes.size();
  for (const auto& d : parts.dex) w.align(4).append(d);
  row(1, parts.dex.empty() ? 0 : at);
  if (parts.dex.empty()) w.patch(rows + 12 + 8, 0, 4);
  at = w.bytes.size();
  w.append(parts.deps);
  row(2, at);
  at = w.bytes.size();
  row(3, at);
  return w.bytes;
}

struct OatDex {
  std::string location;
  std::uint32_t checksum = 0;
  std::vector<std::uint8_t> dex;    // inside the OAT; empty: elsewhere
  std::uint32_t vdex_offset = 0;    // 0: in the app
  std::size_t classes = 0;          // words behind the entry up to version 074
};

// What the symbol oatdata points to. `settings` are text with NULs: "key\0value\0".
inline std::vector<std::uint8_t> oat_data(std::uint32_t version, const std::string& settings, const std::vector<OatDex>& dex) {
  const std::size_t text_at = version >= 225 ? 68 : version >= 190 ? 64 : version >= 180 ? 60 : version >= 170 ? 56 : version >= 166 ? 64 : version >= 162 ? 68 : version >= 127 ? 76 : version >= 56 ? 72 : 84;
  const std::size_t tail = version >= 244 ? 9 : version >= 190 ? 8 : version >= 135 ? 6 : version >= 131 ? 4 : version >= 127 ? 3 : 2;
  Writer w;
  std::string digits = std::to_string(version);
  digits.insert(0, 3 - digits.size(), '0');
  w.text("oat\n").field(digits, 4).u32(0x11223344).u32(1).u32(0).u32(dex.size());
  w.zeros(text_at - 4 - w.bytes.size()).u32(settings.size()).text(settings);
  if (version >= 127) w.patch(24, w.bytes.size(), 4);
  std::vector<std::size_t> places;
  for (const OatDex& d : dex) {
    w.u32(d.location.size()).text(d.location);
    if (version >= 233) w.text("dex\n035").zeros(1);
    w.u32(d.checksum);
    if (version >= 232) w.zeros(20);
    places.push_back(w.bytes.size());
    w.u32(d.vdex_offset).zeros(4 * (version <= 74 ? d.classes : tail));
  }
  for (std::size_t i = 0; i < dex.size(); ++i) {
    if (dex[i].dex.empty()) continue;
    w.align(4).patch(places[i], w.bytes.size(), 4).append(dex[i].dex);
  }
  return w.bytes;
}

// A shared object whose dynamic symbol oatdata points to `data`, at offset 4096 as the phone's compiler puts it.
inline std::vector<std::uint8_t> oat_elf(const std::vector<std::uint8_t>& data, bool wide, const std::string& symbol = "oatdata") {
  const std::size_t word = wide ? 8 : 4, header = wide ? 64 : 52, segment = wide ? 56 : 32, size_of_symbol = wide ? 24 : 16;
  const std::size_t strings = 512, hash_at = 640, symbols = 768, dynamic = 1024, at = 4096;
  Writer w;
  w.text("\x7f" "ELF").u16(wide ? 0x0102 : 0x0101).u16(1).zeros(8).u16(3).u16(wide ? 183 : 40).u32(1).le(0, word).le(header, word).le(0, word).u32(0);
  w.u16(header).u16(segment).u16(2).u16(0).u16(0).u16(0);
  const auto program_header = [&](std::uint32_t type, std::size_t offset, std::size_t size) {
    w.u32(type);
    if (wide) w.u32(4);
    w.le(offset, word).le(offset, word).le(offset, word).le(size, word).le(size, word);
    if (!wide) w.u32(4);
    w.le(4096, word);
  };
  program_header(1, 0, at + data.size());
  program_header(2, dynamic, 4 * 2 * word);
  w.zeros(strings - w.bytes.size()).zeros(1).text(symbol).zeros(1);
  w.zeros(hash_at - w.bytes.size()).u32(1).u32(2).u32(1).u32(0).u32(0);
  w.zeros(symbols - w.bytes.size()).zeros(size_of_symbol);
  w.u32(1);
  if (wide) w.u16(0x11).u16(1).u64(at).u64(data.size());
  else w.u32(at).u32(data.size()).u16(0x11).u16(1);
  w.zeros(dynamic - w.bytes.size());
  for (const auto& [tag, value] : {std::pair<std::size_t, std::size_t>{4, hash_at}, {5, strings}, {6, symbols}, {0, 0}}) w.le(tag, word).le(value, word);
  w.zeros(at - w.bytes.size()).append(data);
  return w.bytes;
}

}  // namespace klik::test
