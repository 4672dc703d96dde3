#!/usr/bin/env python3
"""The made images hold the made tree, judged by fsck.erofs, debugfs, 7zz, simg2img, unpack_bootimg, unzip, openssl and apksigner."""
import filecmp
import hashlib
import lzma
import re
import struct
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path

from sample_phone import VERSIONS, certificate_sha256, made, on_phone, say

SBIN = {"env": {"PATH": "/usr/sbin:/sbin:/usr/bin:/bin", "LC_ALL": "C"}}


def tree(root):
    """{relative path: digest, link target or None for a folder}."""
    out = {}
    for path in root.rglob("*"):
        name = str(path.relative_to(root))
        if path.is_symlink():
            out[name] = str(path.readlink())
        else:
            out[name] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
    return out


def protobuf(message):
    """[(field, value)] of one message with varint and length-delimited fields, all that a payload manifest has here."""
    at, out = 0, []

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(message):
        key = varint()
        value = varint()
        if key & 7 == 2:
            at, value = at + value, message[at:at + value]
        out.append((key >> 3, value))
    return out


class Partitions(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.work = Path(self.folder.name)

    def test_fsck_erofs_takes_out_exactly_the_made_files(self):
        for version in VERSIONS:
            for name in ("system", "product"):
                with self.subTest(version=version, partition=name):
                    out = self.work / f"{name}{version}"
                    say("fsck.erofs", f"--extract={out}", "--no-preserve", made(version) / f"images/{name}.img")
                    self.assertEqual(tree(out), tree(made(version) / "partitions" / name))

    def test_system_is_compressed_and_product_is_not(self):
        stored = {}
        for name in ("system", "product"):
            said = say("dump.erofs", "-S", made(1) / f"images/{name}.img")
            stored[name] = int(re.search(r"Filesystem compressed files: +(\d+)", said)[1])
        self.assertGreater(stored["system"], 0)
        self.assertEqual(stored["product"], 0)

    def test_debugfs_takes_out_exactly_the_vendor_files_and_e2fsck_is_content(self):
        for version in VERSIONS:
            image = made(version) / "images/vendor.img"
            out = self.work / f"vendor{version}"
            out.mkdir()
            say("debugfs", "-R", f"rdump / {out}", image, **SBIN)
            (out / "lost+found").rmdir()
            self.assertEqual(tree(out), tree(made(version) / "partitions/vendor"))
            say("e2fsck", "-fn", image, **SBIN)

    def test_files_carry_selinux_labels(self):
        said = say("debugfs", "-R", "ea_get /bin/sample_agent security.selinux", made(1) / "images/vendor.img", **SBIN)
        self.assertIn("u:object_r:sample_agent_exec:s0", said)
        for name, label in (("system", b"u:object_r:system_hosts_file:s0"), ("product", b"u:object_r:system_file:s0")):
            self.assertIn(label, (made(1) / f"images/{name}.img").read_bytes())

    def test_7zip_finds_the_three_partitions_in_super(self):
        for version in VERSIONS:
            listed = say("7zz", "l", "-slt", made(version) / "super.img")
            for name in ("system", "product", "vendor"):
                size = (made(version) / f"images/{name}.img").stat().st_size
                self.assertRegex(listed, rf"Path = {name}_a\.\w+\nSize = {size}\n")
                self.assertRegex(listed, rf"Path = {name}_b\S*\nSize = 0\n")

    def test_simg2img_makes_super_of_the_sparse_one(self):
        say("simg2img", made(1) / "super.sparse.img", self.work / "super.img")
        self.assertTrue(filecmp.cmp(self.work / "super.img", made(1) / "super.img", shallow=False))
        self.assertLess((made(1) / "super.sparse.img").stat().st_size, (made(1) / "super.img").stat().st_size)


class Payload(unittest.TestCase):
    def partitions(self, version):
        raw = (made(version) / "payload.bin").read_bytes()
        magic, major, size, signature = struct.unpack(">4sQQI", raw[:24])
        self.assertEqual((magic, major, signature), (b"CrAU", 2, 0))
        blobs = raw[24 + size:]
        kinds = set()
        for field, partition in protobuf(raw[24:24 + size]):
            if field != 13:
                continue
            image, name, digest = b"", None, None
            for key, value in protobuf(partition):
                if key == 1:
                    name = value.decode()
                elif key == 7:
                    digest = dict(protobuf(value))[2]
                elif key == 8:
                    operation = dict(protobuf(value))
                    kinds.add(operation[1])
                    blob = blobs[operation.get(2, 0):operation.get(2, 0) + operation.get(3, 0)]
                    blocks = dict(protobuf(operation[6]))[2] * 4096
                    image += {0: lambda: blob, 8: lambda: lzma.decompress(blob), 6: lambda: bytes(blocks)}[operation[1]]()
            yield name, image, digest
        self.assertIn(8, kinds)         # REPLACE_XZ

    def test_operations_give_back_every_image(self):
        for version in VERSIONS:
            names = []
            for name, image, digest in self.partitions(version):
                self.assertEqual(image, (made(version) / f"images/{name}.img").read_bytes(), name)
                self.assertEqual(digest, hashlib.sha256(image).digest())
                names.append(name)
            self.assertEqual(names, ["system", "product", "vendor", "boot", "init_boot", "vendor_boot", "vbmeta"])

    def test_ota_zip_is_whole_and_says_that_it_is_made(self):
        for version in VERSIONS:
            ota = made(version) / "ota.zip"
            say("unzip", "-tq", ota)
            with zipfile.ZipFile(ota) as archive:
                self.assertEqual(archive.read("payload.bin"), (made(version) / "payload.bin").read_bytes())
                metadata = archive.read("META-INF/com/android/metadata").decode()
            self.assertIn(f"post-build=klikspaan/made_sample/made_sample:13/SAMPLE.{version}/{version}:user/release-keys", metadata)
            self.assertIn("made-sample=no real device", metadata)


class BootSide(unittest.TestCase):
    def test_unpack_bootimg_reads_all_three(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, header, ramdisk in (("boot", 3, None), ("init_boot", 4, "ramdisk"), ("vendor_boot", 3, "vendor_ramdisk")):
                said = say("unpack_bootimg", "--boot_img", made(1) / f"images/{name}.img", "--out", folder)
                self.assertRegex(said, rf"header version: {header}\b")
                if ramdisk:
                    raw = subprocess.run(["gzip", "-dc", f"{folder}/{ramdisk}"], check=True, capture_output=True).stdout
                    listed = subprocess.run(["cpio", "-t", "--quiet"], input=raw, check=True, capture_output=True).stdout.decode()
                    self.assertRegex(listed, "MADE-SAMPLE.txt|fstab.made_sample")

    def test_vbmeta_is_unsigned_and_describes_the_boot_images(self):
        meta = (made(1) / "images/vbmeta.img").read_bytes()
        magic, _, _, authentication, auxiliary, algorithm = struct.unpack(">4sIIQQI", meta[:32])
        self.assertEqual((magic, authentication, algorithm), (b"AVB0", 0, 0))
        at, size = struct.unpack(">QQ", meta[96:112])
        described, found, end = meta[256 + at:256 + at + size], {}, 0
        self.assertLessEqual(at + size, auxiliary)
        while end < len(described):
            tag, length = struct.unpack(">QQ", described[end:end + 16])
            body, end = described[end + 16:end + 16 + length], end + 16 + length
            if tag == 2:
                image_size, _, name, salt, digest = struct.unpack(">Q32sIII", body[:52])
                rest = body[116:]
                found[rest[:name].decode()] = (image_size, rest[name:name + salt], rest[name + salt:name + salt + digest])
        self.assertEqual(set(found), {"boot", "init_boot", "vendor_boot"})
        for name, (image_size, salt, digest) in found.items():
            image = (made(1) / f"images/{name}.img").read_bytes()
            self.assertEqual((image_size, digest), (len(image), hashlib.sha256(salt + image).digest()))


class SystemTree(unittest.TestCase):
    def test_apex_is_signed_and_its_payload_is_a_sound_file_system(self):
        for version in VERSIONS:
            apex = on_phone(version, "system/apex/nl.klikspaan.sample.apex.apex")
            self.assertIn(certificate_sha256("apex"), say("apksigner", "verify", "--print-certs", "--min-sdk-version", "29", apex))
            with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(apex) as archive:
                info = archive.getinfo("apex_payload.img")
                self.assertEqual(info.compress_type, zipfile.ZIP_STORED)
                with open(apex, "rb") as raw:
                    raw.seek(info.header_offset + 26)
                    name, extra = struct.unpack("<HH", raw.read(4))
                self.assertEqual((info.header_offset + 30 + name + extra) % 4096, 0)
                archive.extract(info, folder)
                say("e2fsck", "-fn", f"{folder}/apex_payload.img", **SBIN)
                self.assertIn(f"version={version}", say("debugfs", "-R", "cat /etc/sample.conf", f"{folder}/apex_payload.img", **SBIN))

    def test_root_certificates_are_named_by_their_subject(self):
        for version, count in ((1, 2), (2, 3)):
            names = sorted(on_phone(version, "system/etc/security/cacerts").iterdir())
            self.assertEqual(len(names), count)
            for path in names:
                said = say("openssl", "x509", "-in", path, "-noout", "-subject_hash_old", "-subject")
                self.assertEqual(path.stem, said.split()[0])
                self.assertIn("made sample root", said)

    def test_mac_permissions_names_the_signer_of_the_platform_package(self):
        text = on_phone(1, "system/etc/selinux/plat_mac_permissions.xml").read_text()
        digest = hashlib.sha256(bytes.fromhex(re.search(r'signer signature="([0-9a-f]+)"', text)[1])).hexdigest()
        said = say("apksigner", "verify", "--print-certs", "--min-sdk-version", "33", on_phone(1, "system/framework/framework-res.apk"))
        self.assertIn(f"certificate SHA-256 digest: {digest}", said)

    def test_every_partition_says_that_it_is_a_made_sample(self):
        for version in VERSIONS:
            for path in ("system/build.prop", "product/etc/build.prop", "vendor/build.prop"):
                text = on_phone(version, path).read_text()
                self.assertIn("brand=Made sample\n", text)
                self.assertIn("(not a real device)\n", text)
                self.assertIn(f":13/SAMPLE.{version}/{version}:user/release-keys\n", text)
                self.assertNotRegex(text, r"@[A-Z]+@")
            self.assertIn("no real device", (made(version) / "MADE-SAMPLE.txt").read_text())


if __name__ == "__main__":
    unittest.main()
