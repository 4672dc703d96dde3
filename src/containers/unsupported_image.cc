// Formats that are recognised but not read, so that a report names them instead of calling them unknown bytes.
#include <algorithm>
#include <array>

#include "containers/container.h"

namespace klik {
namespace {

struct Known {
  Magic magic;
  const char* what;
  Code code = Code::unsupported;
};

using namespace std::literals::string_view_literals;

constexpr Known kKnown[] = {
    // File systems
    {{0, "hsqs"sv}, "a squashfs file system is not read"},
    {{0, "sqsh"sv}, "a big-endian squashfs file system is not read"},
    {{1024, "\x10\x20\xf5\xf2"sv}, "an F2FS file system is not read"},
    {{0, "\x45\x3d\xcd\x28"sv}, "a cramfs file system is not read"},
    {{0, "\x28\xcd\x3d\x45"sv}, "a big-endian cramfs file system is not read"},
    {{0, "UBI#"sv}, "a UBI image is not read"},
    {{0, "\x31\x18\x10\x06"sv}, "a UBIFS file system is not read"},
    {{0, "\x85\x19\x03\x20"sv}, "a JFFS2 file system is not read"},
    {{0, "\x85\x19\x01\xe0"sv}, "a JFFS2 file system is not read"},
    {{0, "\x85\x19\x02\xe0"sv}, "a JFFS2 file system is not read"},
    {{0, "-rom1fs-"sv}, "a romfs file system is not read"},
    {{3, "EXFAT   "sv}, "an exFAT file system is not read"},
    {{3, "NTFS    "sv}, "an NTFS file system is not read"},
    {{54, "FAT12   "sv}, "a FAT12 file system is not read"},
    {{54, "FAT16   "sv}, "a FAT16 file system is not read"},
    {{82, "FAT32   "sv}, "a FAT32 file system is not read"},
    {{0, "XFSB"sv}, "an XFS file system is not read"},
    {{65600, "_BHRfS_M"sv}, "a btrfs file system is not read"},
    {{32769, "CD001"sv}, "an ISO 9660 image is not read"},
    {{32, "NXSB"sv}, "an APFS container is not read"},
    {{1024, "H+\0\x04"sv}, "an HFS+ file system is not read"},
    {{1024, "HX\0\x05"sv}, "an HFSX file system is not read"},
    // Archives and compressed streams
    {{0, "7z\xbc\xaf\x27\x1c"sv}, "a 7z archive is not read"},
    {{0, "Rar!\x1a\x07\0"sv}, "a RAR archive is not read"},
    {{0, "Rar!\x1a\x07\x01\0"sv}, "a RAR 5 archive is not read"},
    {{0, "MSCF\0\0\0\0"sv}, "a cabinet archive is not read"},
    {{0, "LZIP\x01"sv}, "an lzip stream is not read"},
    {{0, "\x89LZO\0\r\n\x1a\n"sv}, "an lzop stream is not read"},
    // Disk images and makers' packages
    {{0, "QFI\xfb"sv}, "a qcow2 disk image is not read"},
    {{0, "vhdxfile"sv}, "a VHDX disk image is not read"},
    {{0, "RKFW"sv}, "a Rockchip update image is not read"},
    {{0, "RKAF"sv}, "a Rockchip update image is not read"},
    {{0, "IMAGEWTY"sv}, "an Allwinner update image is not read"},
    {{0, "LUKS\xba\xbe"sv}, "a LUKS volume is encrypted", Code::encrypted},
};

constexpr std::array<Magic, std::size(kKnown)> magics_of_table() {
  std::array<Magic, std::size(kKnown)> magics{};
  std::ranges::transform(kKnown, magics.begin(), &Known::magic);
  return magics;
}
constexpr auto kMagics = magics_of_table();

Result<Contents> open(const SourceRef& source, OpenContext&) {
  for (const Known& known : kKnown) {
    std::vector<std::uint8_t> there(known.magic.bytes.size());
    if (source->read(known.magic.at, there) && Bytes(there).text() == known.magic.bytes) return fail(known.code, known.magic.at, known.what);
  }
  return fail(Code::bad_magic, 0, "none of the formats that are recognised without being read");
}

}  // namespace

extern const Container container_unsupported_image;
constexpr Container container_unsupported_image{
    .name = "unsupported_image",
    .title = "File systems and archives that are recognised only",
    .spec = "the magic numbers of the formats' own documentation",
    .limits = "nothing inside is read",
    .magics = kMagics,
    .open = open,
};

}  // namespace klik
