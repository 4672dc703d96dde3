// Builds boot and vendor boot images of every header version.
#pragma once

#include <string>

#include "support/writer.h"

namespace klik::test {

struct BootParts {
  std::string kernel = "kernel bytes", ramdisk = "ramdisk bytes", second = "second bytes", recovery_dtbo = "recovery overlay", dtb = "tree bytes",
              signature = "signature bytes", device_tree;
  std::string command_line = "console=null", board = "board", bootconfig = "androidboot.a=b\n";
  std::uint32_t os = 0, page = 2048;
};

inline Writer& member(Writer& w, std::string_view bytes, std::size_t page) { return bytes.empty() ? w : w.text(bytes).align(page); }

// With `device_tree` its size stands where the version would.
inline std::vector<std::uint8_t> boot_v0_to_v2(std::uint32_t version, const BootParts& p) {
  Writer w;
  w.text("ANDROID!").u32(p.kernel.size()).u32(0x8000).u32(p.ramdisk.size()).u32(0).u32(p.second.size()).u32(0).u32(0).u32(p.page);
  w.u32(p.device_tree.empty() ? version : p.device_tree.size()).u32(p.os).field(p.board, 16).field(p.command_line, 512).zeros(32);
  w.field(p.command_line.size() > 512 ? p.command_line.substr(512) : "", 1024);
  const auto padded = [&](std::size_t n) { return (n + p.page - 1) / p.page * p.page; };
  if (version >= 1)
    w.u32(p.recovery_dtbo.size()).u64(p.page + padded(p.kernel.size()) + padded(p.ramdisk.size()) + padded(p.second.size())).u32(version == 1 ? 1648 : 1660);
  if (version >= 2) w.u32(p.dtb.size()).u64(0);
  w.align(p.page);
  for (const std::string& m : {p.kernel, p.ramdisk, p.second, p.device_tree}) member(w, m, p.page);
  if (version >= 1) member(w, p.recovery_dtbo, p.page);
  if (version >= 2) member(w, p.dtb, p.page);
  return w.bytes;
}

inline std::vector<std::uint8_t> boot_v3_and_v4(std::uint32_t version, const BootParts& p) {
  Writer w;
  w.text("ANDROID!").u32(p.kernel.size()).u32(p.ramdisk.size()).u32(p.os).u32(version == 3 ? 1580 : 1584).zeros(16).u32(version).field(p.command_line, 1536);
  if (version >= 4) w.u32(p.signature.size());
  w.align(4096);
  member(w, p.kernel, 4096);
  member(w, p.ramdisk, 4096);
  if (version >= 4) member(w, p.signature, 4096);
  return w.bytes;
}

struct RamdiskEntry {
  std::string name;
  std::uint32_t size, at, type = 1;
};

// For version 4, `table` cuts p.ramdisk.
inline std::vector<std::uint8_t> vendor_boot(std::uint32_t version, const BootParts& p, const std::vector<RamdiskEntry>& table = {}, std::uint32_t entry_size = 108) {
  Writer w;
  w.text("VNDRBOOT").u32(version).u32(p.page).u32(0).u32(0).u32(p.ramdisk.size()).field(p.command_line, 2048).u32(0).field(p.board, 16);
  w.u32(version == 3 ? 2112 : 2128).u32(p.dtb.size()).u64(0);
  if (version >= 4) w.u32(table.size() * entry_size).u32(table.size()).u32(entry_size).u32(p.bootconfig.size());
  w.align(p.page);
  member(w, p.ramdisk, p.page);
  member(w, p.dtb, p.page);
  if (version >= 4) {
    for (const RamdiskEntry& e : table) w.u32(e.size).u32(e.at).u32(e.type).field(e.name, 32).zeros(64).zeros(entry_size - 108);
    w.align(p.page);
    member(w, p.bootconfig, p.page);
  }
  return w.bytes;
}

}  // namespace klik::test
