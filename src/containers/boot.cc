// Boot and init_boot images: a header page, then kernel, ramdisk and what else a version knows, padded to pages.
#include <algorithm>
#include <array>

#include "containers/container.h"
#include "containers/image_member.h"
#include "formats/android/boot_image.h"

namespace klik {
namespace {

constexpr Magic kMagics[] = {{0, boot_image::kBootMagic}};

// Formats that a device tree behind an old image begins with: Qualcomm's and Samsung's tables, Unisoc's, and a bare tree.
constexpr std::array<std::string_view, 4> kDeviceTreeMagics = {"QCDT", "DTBH", "SPRD", "\xd0\x0d\xfe\xed"};

void note_odd_device_tree(const Source& image, const boot_image::Header& header, OpenContext& context) {
  const boot_image::Member* tree = header.find("dt");
  if (!tree) return;
  std::array<std::uint8_t, 4> magic{};
  if (image.read(tree->at, magic) && std::ranges::find(kDeviceTreeMagics, Bytes(magic).text()) != kDeviceTreeMagics.end()) return;
  context.note(Severity::info, Code::deviation, 40, "a header version above 4 was taken for the size of a device tree, but no tree is there",
               std::to_string(tree->length));
}

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  KLIK_TRY(const Blob start, source->load(0, std::min(source->size(), boot_image::kMaxHeader)));
  KLIK_TRY(const boot_image::Header header, boot_image::read(start.bytes()));
  Contents contents{.kind = "", .children = {}};
  for (const boot_image::Member& member : header.members) {
    // The recovery reads the overlay where the offset says, other readers where the sizes put it.
    if (member.name == "recovery_dtbo" && member.at != header.recovery_dtbo_in_order)
      context.note(Severity::error, Code::conflict, 1636, "recovery_dtbo does not stand where the sizes before it put it");
    add_member(source, std::string(member.name), member.at, member.length, context, contents);
  }
  note_odd_device_tree(*source, header, context);
  add_footer_vbmeta(source, "vbmeta", context, contents);
  return contents;
}

}  // namespace

extern const Container container_boot;
constexpr Container container_boot{
    .name = "boot",
    .title = "Android boot image",
    .spec = "AOSP system/tools/mkbootimg bootimg.h; source.android.com \"Boot image header\"",
    .limits = "the SHA-1 id in headers 0 to 2 is not verified; a header version above 4 is read as an old image with a device tree",
    .magics = kMagics,
    .open = open,
};

}  // namespace klik
