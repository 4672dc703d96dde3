// Headers of boot, init_boot and vendor_boot images: what they say, and where their members lie.
// Source: AOSP bootimg.h; source.android.com "Boot image header", "Vendor boot partitions".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::boot_image {

// No header of any version is longer; a reader needs this much of the file, or all of it when it is shorter.
inline constexpr std::uint64_t kMaxHeader = 4096;
inline constexpr std::string_view kBootMagic = "ANDROID!";
inline constexpr std::string_view kVendorMagic = "VNDRBOOT";

// Where a member lies by the header's own account. Nothing says yet that the file is that long.
struct Member {
  std::string_view name;   // "kernel", "ramdisk", "second", "recovery_dtbo", "dt", "dtb", "signature",
                           // "ramdisk_table", "bootconfig"; a literal
  std::uint64_t at;
  std::uint64_t length;    // never 0
};

struct Header {
  bool vendor = false;                      // VNDRBOOT
  std::uint32_t version = 0;                // 0–4; an old image that keeps another size in this field is 0
  std::uint32_t page_size = 0;              // what members are padded to
  std::optional<std::string> os_version;    // "11.0.0"; absent when 0 and in vendor_boot
  std::optional<std::string> patch_level;   // "2020-10"
  std::string command_line;                 // both parts of v0–v2 joined
  std::string board;                        // raw; "" where the version has no such field
  std::uint64_t size = 0;                   // of the header as this version lays it out
  std::vector<Member> members;              // in the order of the file
  std::uint64_t recovery_dtbo_in_order = 0; // where v1 and v2 would place it by padding alone; 0 without one
  // v4 vendor_boot: how the table of ramdisks is cut.
  std::uint32_t table_entries = 0, table_entry_size = 0;

  const Member* find(std::string_view name) const;
};

// `start` is the beginning of the file: kMaxHeader bytes or all there is.
// Errors: bad_magic, truncated, bad_value (page size), unsupported (vendor_boot other than v3 and v4).
Result<Header> read(Bytes start);

enum class RamdiskType : std::uint32_t { none = 0, platform = 1, recovery = 2, dlkm = 3 };

struct VendorRamdisk {
  std::string name;        // raw, may be empty
  std::uint32_t type;      // RamdiskType where known
  std::uint64_t at;        // in the vendor ramdisk section
  std::uint64_t length;
};

// `table` holds the table_size bytes of the header. Errors: bad_value (entries shorter than their
// layout), truncated (more entries than the table holds).
Result<std::vector<VendorRamdisk>> read_ramdisk_table(Bytes table, const Header& header);

}  // namespace klik::boot_image
