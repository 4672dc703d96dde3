"""Boot-side images of the made phone. There is no real kernel: a labelled filler stands in its place."""
import gzip
import struct

from . import tools

PAGE = 4096
OS_VERSION = "13.0.0"


def cpio(folder):
    """newc archive of a folder; layout: Linux Documentation/driver-api/early-userspace/buffer-format.rst."""
    out = bytearray()

    def member(name, mode, content, number):
        raw = name.encode() + b"\0"
        fields = (number, mode, 0, 0, 1, tools.EPOCH if number else 0, len(content), 0, 0, 0, 0, len(raw), 0)
        out.extend(b"070701" + b"".join(b"%08X" % value for value in fields) + raw)
        out.extend(bytes(-len(out) % 4) + content)
        out.extend(bytes(-len(out) % 4))

    for number, path in enumerate(sorted(folder.rglob("*")), 1):
        name = str(path.relative_to(folder))
        if path.is_dir():
            member(name, 0o40755, b"", number)
        else:
            member(name, 0o100644, path.read_bytes(), number)
    member("TRAILER!!!", 0, b"", 0)
    return bytes(out)


def device_tree(model):
    """Flattened tree with one root node that has one property; layout: Devicetree Specification v0.4, chapter 5."""
    value = model.encode() + b"\0"
    structure = struct.pack(">II", 1, 0) + struct.pack(">III", 3, len(value), 0) + value + bytes(-len(value) % 4) + struct.pack(">II", 2, 9)
    strings = b"model\0"
    at = 40 + 16
    header = struct.pack(">10I", 0xD00DFEED, at + len(structure) + len(strings), at, at + len(structure), 40, 17, 16, 0, len(strings), len(structure))
    return header + bytes(16) + structure + strings


def init_boot(ramdisk, patch_level):
    """Header version 4 without a kernel, which Debian's mkbootimg does not write; layout: AOSP bootimg.h."""
    year, month = (int(part) for part in patch_level.split("-")[:2])
    version = 13 << 25 | (year - 2000) << 4 | month
    header = b"ANDROID!" + struct.pack("<IIII16xI", 0, len(ramdisk), version, 1584, 4) + bytes(1536) + struct.pack("<I", 0)
    return b"".join(part + bytes(-len(part) % PAGE) for part in (header, ramdisk))


def make(out, ramdisk_folder, vendor_ramdisk_folder, version, patch_level):
    """Writes boot.img, init_boot.img and vendor_boot.img into out."""
    kernel = f"made sample: no kernel. Linux version 5.15.0-made-sample-{version}\n".encode().ljust(64, b"\0") * 512
    ramdisk = gzip.compress(cpio(ramdisk_folder), mtime=0)
    vendor_ramdisk = gzip.compress(cpio(vendor_ramdisk_folder), mtime=0)
    parts = {"kernel": kernel, "empty": b"", "vendor_ramdisk": vendor_ramdisk, "dtb": device_tree("made sample phone")}
    for name, content in parts.items():
        (out / name).write_bytes(content)
    versions = ["--header_version", "3", "--os_version", OS_VERSION, "--os_patch_level", patch_level]
    tools.run("mkbootimg", *versions, "--kernel", out / "kernel", "--ramdisk", out / "empty", "--cmdline", "made.sample=1", "-o", out / "boot.img")
    # The header is longer than a page of 2048, mkbootimg's default.
    tools.run("mkbootimg", *versions, "--pagesize", PAGE, "--vendor_ramdisk", out / "vendor_ramdisk", "--vendor_cmdline", "androidboot.hardware=made_sample",
              "--dtb", out / "dtb", "--vendor_boot", out / "vendor_boot.img")
    (out / "init_boot.img").write_bytes(init_boot(ramdisk, patch_level))
    for name in parts:
        (out / name).unlink()
