#include "formats/android/boot_image.h"

#include <algorithm>
#include <bit>

namespace klik::boot_image {
namespace {

using Text16 = std::uint8_t[16];

struct HeaderV0 {
  std::uint8_t magic[8];
  U32le kernel_size, kernel_address;
  U32le ramdisk_size, ramdisk_address;
  U32le second_size, second_address;
  U32le tags_address, page_size;
  U32le version;         // of the header; device-tree size in images older than the field
  U32le os;
  Text16 board;
  std::uint8_t command_line[512];
  std::uint8_t id[32];
  std::uint8_t more_command_line[1024];
};
static_assert(sizeof(HeaderV0) == 1632);

struct HeaderV1 {
  HeaderV0 v0;
  U32le recovery_dtbo_size;
  U64le recovery_dtbo_at;
  U32le header_size;
};
static_assert(sizeof(HeaderV1) == 1648);

struct HeaderV2 {
  HeaderV1 v1;
  U32le dtb_size;
  U64le dtb_address;
};
static_assert(sizeof(HeaderV2) == 1660);

struct HeaderV3 {
  std::uint8_t magic[8];
  U32le kernel_size, ramdisk_size;
  U32le os;
  U32le header_size;     // makers write other numbers; nothing depends on it
  U32le reserved[4];
  U32le version;
  std::uint8_t command_line[1536];
};
static_assert(sizeof(HeaderV3) == 1580);

struct HeaderV4 {
  HeaderV3 v3;
  U32le signature_size;
};
static_assert(sizeof(HeaderV4) == 1584);

struct VendorHeaderV3 {
  std::uint8_t magic[8];
  U32le version, page_size;
  U32le kernel_address, ramdisk_address;
  U32le ramdisk_size;
  std::uint8_t command_line[2048];
  U32le tags_address;
  Text16 board;
  U32le header_size;     // mkbootimg of Android 10 writes 2108
  U32le dtb_size;
  U64le dtb_address;
};
static_assert(sizeof(VendorHeaderV3) == 2112);

struct VendorHeaderV4 {
  VendorHeaderV3 v3;
  U32le table_size, table_entries, table_entry_size;
  U32le bootconfig_size;
};
static_assert(sizeof(VendorHeaderV4) == 2128);

struct TableEntry {
  U32le size, at, type;
  std::uint8_t name[32];
  U32le board_id[16];
};
static_assert(sizeof(TableEntry) == 108);

// v3 and v4 have no page size field.
constexpr std::uint32_t kFixedPage = 4096;
constexpr std::uint32_t kSmallestPage = 2048;   // the smallest that holds every header of v0–v2

std::string until_nul(Bytes field) {
  const std::string_view text = field.text();
  return std::string(text.substr(0, text.find('\0')));
}

// 7 bits each of A, B and C, then the year from 2000 (7) and the month (4).
void read_os(std::uint32_t os, Header& header) {
  if (const std::uint32_t version = os >> 11)
    header.os_version = std::to_string(version >> 14) + "." + std::to_string((version >> 7) & 0x7F) + "." + std::to_string(version & 0x7F);
  if (const std::uint32_t patch = os & 0x7FF) {
    const std::string month = std::to_string(patch & 0xF);
    header.patch_level = std::to_string(2000 + (patch >> 4)) + (month.size() < 2 ? "-0" : "-") + month;
  }
}

// Lays members behind each other, each padded to a page. Sizes are 32 bits wide, so 64-bit sums cannot wrap.
class Layout {
 public:
  Layout(Header& header, std::uint64_t first) : header_(header), at_(first) {}
  std::uint64_t at() const { return at_; }
  void add(std::string_view name, std::uint32_t length) {
    if (length == 0) return;
    header_.members.push_back({name, at_, length});
    skip(length);
  }
  void skip(std::uint32_t length) { at_ += padded(length); }
  std::uint64_t padded(std::uint64_t length) const {
    const std::uint64_t page = header_.page_size;
    return (length + page - 1) / page * page;
  }

 private:
  Header& header_;
  std::uint64_t at_;
};

Result<void> check_page(std::uint32_t page, std::uint64_t at) {
  if (!std::has_single_bit(page) || page < kSmallestPage) return fail(Code::bad_value, at, "page size is not a power of two from 2048 on");
  return {};
}

Result<Header> read_v0_to_v2(Bytes start, std::uint32_t version_field) {
  KLIK_TRY(const HeaderV0* v0, start.view<HeaderV0>(0));
  KLIK_CHECK(check_page(v0->page_size, 36));
  Header header;
  // Qualcomm's images of Android 4 to 8 keep the size of a device tree here: no version, but far larger.
  const bool device_tree = version_field > 4;
  header.version = device_tree ? 0 : version_field;
  header.page_size = v0->page_size;
  header.size = sizeof(HeaderV0);
  header.command_line = until_nul(Bytes(v0->command_line)) + until_nul(Bytes(v0->more_command_line));
  header.board = until_nul(Bytes(v0->board));
  read_os(v0->os, header);

  Layout layout(header, header.page_size);
  layout.add("kernel", v0->kernel_size);
  layout.add("ramdisk", v0->ramdisk_size);
  layout.add("second", v0->second_size);
  if (device_tree) layout.add("dt", version_field);
  if (header.version >= 1) {
    KLIK_TRY(const HeaderV1* v1, start.view<HeaderV1>(0));
    header.size = sizeof(HeaderV1);
    if (v1->recovery_dtbo_size != 0) {
      header.recovery_dtbo_in_order = layout.at();
      header.members.push_back({"recovery_dtbo", v1->recovery_dtbo_at, v1->recovery_dtbo_size});
      layout.skip(v1->recovery_dtbo_size);   // what follows is placed by size, wherever the offset points
    }
  }
  if (header.version == 2) {
    KLIK_TRY(const HeaderV2* v2, start.view<HeaderV2>(0));
    header.size = sizeof(HeaderV2);
    layout.add("dtb", v2->dtb_size);
  }
  return header;
}

Result<Header> read_v3_and_v4(Bytes start) {
  KLIK_TRY(const HeaderV3* v3, start.view<HeaderV3>(0));
  Header header;
  header.version = v3->version;
  header.page_size = kFixedPage;
  header.size = sizeof(HeaderV3);
  header.command_line = until_nul(Bytes(v3->command_line));
  read_os(v3->os, header);
  Layout layout(header, kFixedPage);
  layout.add("kernel", v3->kernel_size);
  layout.add("ramdisk", v3->ramdisk_size);
  if (header.version == 4) {
    KLIK_TRY(const HeaderV4* v4, start.view<HeaderV4>(0));
    header.size = sizeof(HeaderV4);
    layout.add("signature", v4->signature_size);
  }
  return header;
}

Result<Header> read_vendor(Bytes start) {
  KLIK_TRY(const U32le version, start.get<U32le>(8));
  if (version != 3 && version != 4) return fail(Code::unsupported, 8, "vendor_boot header version is not 3 or 4");
  KLIK_TRY(const VendorHeaderV3* v3, start.view<VendorHeaderV3>(0));
  KLIK_CHECK(check_page(v3->page_size, 12));
  Header header;
  header.vendor = true;
  header.version = version;
  header.page_size = v3->page_size;
  header.size = sizeof(VendorHeaderV3);
  header.command_line = until_nul(Bytes(v3->command_line));
  header.board = until_nul(Bytes(v3->board));
  const VendorHeaderV4* v4 = nullptr;
  if (version == 4) {
    KLIK_TRY(v4, start.view<VendorHeaderV4>(0));
    header.size = sizeof(VendorHeaderV4);
  }
  Layout layout(header, 0);
  layout.skip(static_cast<std::uint32_t>(header.size));   // with pages of 2048 the header takes two
  layout.add("ramdisk", v3->ramdisk_size);
  layout.add("dtb", v3->dtb_size);
  if (v4) {
    header.table_entries = v4->table_entries;
    header.table_entry_size = v4->table_entry_size;
    layout.add("ramdisk_table", v4->table_size);
    layout.add("bootconfig", v4->bootconfig_size);
  }
  return header;
}

}  // namespace

const Member* Header::find(std::string_view name) const {
  const auto at = std::ranges::find(members, name, &Member::name);
  return at == members.end() ? nullptr : &*at;
}

Result<Header> read(Bytes start) {
  if (start.starts_with(kVendorMagic)) return read_vendor(start);
  if (!start.starts_with(kBootMagic)) return fail(Code::bad_magic, 0, "not a boot image");
  KLIK_TRY(const U32le version, start.get<U32le>(40));   // the same place in every version
  return version == 3 || version == 4 ? read_v3_and_v4(start) : read_v0_to_v2(start, version);
}

Result<std::vector<VendorRamdisk>> read_ramdisk_table(Bytes table, const Header& header) {
  if (header.table_entry_size < sizeof(TableEntry)) return fail(Code::bad_value, 0, "entries of the ramdisk table are shorter than 108 bytes");
  if (header.table_entries > table.size() / header.table_entry_size) return fail(Code::truncated, 0, "more ramdisks than the table holds");
  std::vector<VendorRamdisk> ramdisks;
  ramdisks.reserve(header.table_entries);
  for (std::uint64_t i = 0; i < header.table_entries; ++i) {
    KLIK_TRY(const TableEntry* entry, table.view<TableEntry>(i * header.table_entry_size));
    ramdisks.push_back({until_nul(Bytes(entry->name)), entry->type, entry->at, entry->size});
  }
  return ramdisks;
}

}  // namespace klik::boot_image
