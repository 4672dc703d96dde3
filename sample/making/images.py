"""Packs the made partitions: EROFS, ext4, an APEX, verified-boot metadata, super and OTA."""
import re
import uuid
import zipfile
from pathlib import Path

from . import apps, avb, boot, tools

MAKE_IMAGES = Path(__file__).resolve().parents[2] / "tools" / "make_images.py"
NAMESPACE = uuid.UUID("6b6c696b-7370-4161-8e00-6d6164652073")
PARTITIONS = ("system", "product", "vendor", "boot", "init_boot", "vendor_boot", "vbmeta")
LOGICAL = ("system", "product", "vendor")
MIB = 1 << 20


def fixed_uuid(*words):
    return str(uuid.uuid5(NAMESPACE, "/".join(str(word) for word in words)))


def contexts_for(source, partition):
    """Label rules as the partition's own root sees them: /product/app becomes /app. Order is kept, the last match wins."""
    rules = []
    for line in source.read_text().splitlines():
        words = line.split()
        if len(words) != 2 or line.startswith("#"):
            continue
        prefix = f"/{partition}"
        if partition == "system":
            rules.append(tuple(words))
        elif words[0].startswith(prefix):
            rest = words[0][len(prefix):]
            rules += [("/", words[1]), ("/.*", words[1])] if rest == "(/.*)?" else [(rest, words[1])]
    return rules


def make_erofs(out, root, contexts, identity, compression=None):
    listed = out.with_suffix(".contexts")
    listed.write_text("".join(f"{pattern} {label}\n" for pattern, label in contexts))
    words = [f"-z{compression}"] if compression else []
    tools.run("mkfs.erofs", "-d0", f"-T{tools.EPOCH}", f"-U{identity}", "--all-root", f"--file-contexts={listed}", *words, out, root)
    listed.unlink()


def make_ext4(out, root, identity, labels=None):
    """mke2fs -d takes change times and owners from this machine, so debugfs sets them afterwards, and the labels with them."""
    used = sum(-(-path.lstat().st_size // 4096) * 4096 + 4096 for path in root.rglob("*"))
    size = -(-(used + used // 8 + MIB) // MIB) * MIB
    out.unlink(missing_ok=True)
    tools.run("mke2fs", "-q", "-F", "-t", "ext4", "-b", "4096", "-m", "0", "-I", "256", "-U", identity, "-L", out.stem[:16],
              "-O", "^has_journal,^metadata_csum,uninit_bg,^resize_inode", "-E", f"hash_seed={identity},root_owner=0:0,lazy_itable_init=0",
              "-d", root, out, f"{size // 1024}k")
    names = ["/", "/lost+found"] + ["/" + str(path.relative_to(root)) for path in sorted(root.rglob("*"))]
    script = []
    for name in names:
        for field in ("atime", "ctime", "mtime", "crtime"):
            script.append(f'set_inode_field "{name}" {field} @{tools.EPOCH}')
        for field in ("uid", "gid", "atime_extra", "ctime_extra", "mtime_extra", "crtime_extra"):
            script.append(f'set_inode_field "{name}" {field} 0')
        if labels:
            script.append(f'ea_set "{name}" security.selinux "{labels(name)}"')
    tools.run("debugfs", "-w", "-f", "-", out, stdin="\n".join(script).encode() + b"\n")


def label_by_rules(rules):
    compiled = [(re.compile(pattern + r"\Z"), label) for pattern, label in rules]

    def label(path):
        return [found for pattern, found in compiled if pattern.match(path)][-1]
    return label


def apex_manifest(name, version):
    """apex_manifest.pb: name = 1, version = 2; message: AOSP system/apex apex_manifest.proto."""
    raw = name.encode()
    return bytes([0x0A, len(raw)]) + raw + bytes([0x10, version])


def make_apex(out, root, work, framework, version):
    """root becomes the payload file system; the outer zip is signed like an app."""
    name = "nl.klikspaan.sample.apex"
    manifest = apex_manifest(name, version)
    (root / "apex_manifest.pb").write_bytes(manifest)
    tools.settle(root)
    make_ext4(work / "apex_payload.img", root, fixed_uuid("apex", version))
    payload = (work / "apex_payload.img").read_bytes()
    footed = avb.with_footer(payload, [avb.property_descriptor("apex.key", name), avb.property_descriptor("made.sample", "unsigned")])
    text = (f'<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="{name}">\n'
            '  <uses-sdk android:minSdkVersion="29" android:targetSdkVersion="33"/>\n'
            '  <application android:hasCode="false" android:label="Made sample: APEX"/>\n</manifest>\n')
    (work / "apex").mkdir()
    (work / "apex" / "AndroidManifest.xml").write_text(text)
    tools.run("aapt", "package", "-f", "-M", work / "apex" / "AndroidManifest.xml", "-I", framework, "--version-code", version,
              "-F", work / "apex.zip")
    with zipfile.ZipFile(work / "apex.zip") as archive:
        binary = archive.read("AndroidManifest.xml")
    modulus = tools.run("openssl", "x509", "-in", apps.certificate("apex"), "-noout", "-modulus").decode().strip().split("=")[1]
    apps.write_archive(work / "unsigned.apex", [
        ("apex_manifest.pb", manifest, 4), ("AndroidManifest.xml", binary, 0), ("apex_payload.img", footed, 4096),
        ("apex_pubkey", avb.public_key(int(modulus, 16)), 4)])
    apps.sign(work / "unsigned.apex", out, ["apex"])


def make_vbmeta(out, images, properties):
    descriptors = [avb.property_descriptor(key, value) for key, value in properties]
    descriptors += [avb.hash_descriptor(name, (images / f"{name}.img").read_bytes(), fixed_uuid("salt", name).encode()[:32])
                    for name in ("boot", "init_boot", "vendor_boot")]
    meta = avb.vbmeta(descriptors)
    out.write_bytes(meta + bytes(-len(meta) % 4096))


def pack(out, partitions, version, patch_level, fingerprint):
    """All images, super in both forms, payload.bin and ota.zip, from the three staged roots below partitions."""
    images = tools.fresh_folder(out / "images")
    rules = partitions / "system" / "system/etc/selinux/plat_file_contexts"
    make_erofs(images / "system.img", partitions / "system", contexts_for(rules, "system"), fixed_uuid("system", version), "lz4hc")
    make_erofs(images / "product.img", partitions / "product", contexts_for(rules, "product"), fixed_uuid("product", version))
    make_ext4(images / "vendor.img", partitions / "vendor", fixed_uuid("vendor", version), label_by_rules(contexts_for(rules, "vendor")))
    boot.make(images, partitions / "ramdisk", partitions / "vendor_ramdisk", version, patch_level)
    make_vbmeta(images / "vbmeta.img", images, [
        ("com.android.build.system.fingerprint", fingerprint), ("com.android.build.system.security_patch", patch_level),
        ("made.sample", "unsigned, no real device")])

    logical = [f"{name}={images / name}.img" for name in LOGICAL]
    size = 4 * MIB + sum(-(-(images / f"{name}.img").stat().st_size // MIB) * MIB for name in LOGICAL)
    tools.run(MAKE_IMAGES, "super", out / "super.img", "--size", size, *logical)
    tools.run("img2simg", out / "super.img", out / "super.sparse.img")
    tools.run(MAKE_IMAGES, "payload", out / "payload.bin", "--compress", "xz", "--max-timestamp", tools.EPOCH, "--patch-level", patch_level,
              *[f"{name}={images / name}.img" for name in PARTITIONS])
    tools.run(MAKE_IMAGES, "ota", out / "ota.zip", out / "payload.bin", "--metadata",
              f"post-build={fingerprint}", f"post-build-incremental={version}", f"post-security-patch-level={patch_level}",
              f"post-timestamp={tools.EPOCH}", "post-sdk-level=33", "pre-device=made_sample", "ota-type=AB", "ota-required-cache=0",
              "made-sample=no real device, no real maker")
