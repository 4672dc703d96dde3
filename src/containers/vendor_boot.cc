// Vendor boot images: vendor ramdisks (from version 4 on cut by a table), device tree and boot configuration.
#include <algorithm>

#include "containers/container.h"
#include "containers/image_member.h"
#include "containers/unique_names.h"
#include "formats/android/boot_image.h"

namespace klik {
namespace {

using boot_image::Header;
using boot_image::Member;
using boot_image::VendorRamdisk;

constexpr Magic kMagics[] = {{0, boot_image::kVendorMagic}};

// The boot loader picks entries one by one, so overlap and bytes without an entry are both things to know.
void note_odd_table(const std::vector<VendorRamdisk>& table, const Member& section, OpenContext& context) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
  ranges.reserve(table.size());
  for (const VendorRamdisk& entry : table) ranges.emplace_back(entry.at, entry.at + entry.length);   // 32-bit fields: no wrap
  std::ranges::sort(ranges);
  std::uint64_t end = 0;
  bool overlap = false, gap = false;
  for (const auto& [from, to] : ranges) {
    overlap = overlap || from < end;
    gap = gap || from > end;
    end = std::max(end, to);
  }
  if (overlap) context.note(Severity::error, Code::conflict, section.at, "vendor ramdisks overlap");
  if (gap || end < section.length) context.note(Severity::info, Code::deviation, section.at, "bytes of the vendor ramdisks belong to no entry");
}

Result<std::vector<VendorRamdisk>> read_table(const Source& source, const Header& header, const Member& table, const Budget& budget) {
  if (table.length > budget.metadata_bytes) return fail(Code::over_budget, 2112, "the ramdisk table is larger than its budget");
  KLIK_TRY(const Blob bytes, source.load(table.at, table.length));
  auto entries = boot_image::read_ramdisk_table(bytes.bytes(), header);
  if (entries) return entries;
  Error error = entries.error();
  error.at += table.at;
  return fail(error);
}

void add_ramdisks(const SourceRef& source, const std::vector<VendorRamdisk>& table, const Member& section, UniqueNames& names,
                  OpenContext& context, Contents& contents) {
  // A few bytes of table can name the same hundred megabytes again and again.
  std::uint64_t left = context.budget.expansion(source->size());
  std::uint64_t count = 0;
  for (const VendorRamdisk& entry : table) {
    const std::uint64_t at = section.at + entry.at;   // 32-bit fields: no wrap
    const std::uint64_t there = at < source->size() ? std::min(entry.length, source->size() - at) : 0;
    if (there > left || count == context.budget.children) {
      context.note(Severity::data_loss, Code::over_budget, section.at, "the ramdisk table names more bytes than its budget", entry.name);
      return;
    }
    left -= there;
    ++count;
    if (entry.at > section.length || entry.length > section.length - entry.at)
      context.note(Severity::error, Code::bad_value, section.at, "a vendor ramdisk leaves the ramdisk section", entry.name);
    std::string name = entry.name;
    name.erase(0, name.find_first_not_of('/'));   // npos, all slashes, erases everything
    add_member(source, names.take(name.empty() ? "ramdisk" : name), at, entry.length, context, contents);
  }
}

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  KLIK_TRY(const Blob start, source->load(0, std::min(source->size(), boot_image::kMaxHeader)));
  KLIK_TRY(const Header header, boot_image::read(start.bytes()));
  if (!header.vendor) return fail(Code::bad_magic, 0, "not a vendor boot image");
  Contents contents{.kind = "", .children = {}};
  UniqueNames names;
  for (const char* fixed : {"dtb", "bootconfig", "vbmeta"}) names.take(fixed);   // an entry may carry such a name

  const Member* section = header.find("ramdisk");
  const Member* table = header.find("ramdisk_table");
  if (section) {
    bool by_table = false;
    if (table && header.table_entries > 0) {
      const auto entries = read_table(*source, header, *table, context.budget);
      if (entries) {
        add_ramdisks(source, *entries, *section, names, context, contents);
        note_odd_table(*entries, *section, context);
        by_table = true;
      } else {
        context.note(Severity::error, entries.error(), {}, "the vendor ramdisks are read as one");
      }
    }
    if (!by_table) add_member(source, "ramdisk", section->at, section->length, context, contents);
  }
  for (const std::string_view name : {"dtb", "bootconfig"})
    if (const Member* member = header.find(name)) add_member(source, std::string(name), member->at, member->length, context, contents);
  add_footer_vbmeta(source, "vbmeta", context, contents);
  return contents;
}

}  // namespace

extern const Container container_vendor_boot;
constexpr Container container_vendor_boot{
    .name = "vendor_boot",
    .title = "Android vendor boot image",
    .spec = "AOSP system/tools/mkbootimg bootimg.h; source.android.com \"Vendor boot partitions\"",
    .limits = "",
    .magics = kMagics,
    .open = open,
};

}  // namespace klik
