#!/usr/bin/env python3
"""Writes Android image containers around given content, for tests and benchmarks: super.img, payload.bin, OTA zip.

  make_images.py super OUT --size BYTES NAME=FILE...
  make_images.py payload OUT --compress xz|bz2|zstd|none NAME=FILE...
  make_images.py ota OUT.zip PAYLOAD.bin --metadata KEY=VALUE...

The same arguments give the same bytes. Layouts: AOSP liblp/metadata_format.h, update_engine
update_metadata.proto, and "OTA packages for A/B devices" (property files).
"""
import argparse
import base64
import bz2
import collections
import hashlib
import lzma
import multiprocessing
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile

BLOCK = 4096
SECTOR = 512
CHUNK = 2 << 20            # output of one operation, as the usual generator chooses it
ALIGNMENT = 1 << 20        # of partitions inside super


# ---- super: logical partition metadata ----

METADATA_MAX, SLOTS = 65536, 2
GEOMETRY_AT = 4096
VIRTUAL_AB = 1
READONLY = 1


def _padded_name(name):
    raw = name.encode()
    if len(raw) > 35:
        raise ValueError(f"partition name too long: {name}")
    return raw.ljust(36, b"\0")


def lp_geometry():
    def pack(digest):
        return struct.pack("<II32sIII", 0x616C4467, 52, digest, METADATA_MAX, SLOTS, BLOCK)

    return pack(hashlib.sha256(pack(bytes(32))).digest()).ljust(4096, b"\0")


def lp_metadata(partitions, device_size, first_sector):
    """partitions: [(name, group index, [(sectors, target sector)])]."""
    rows, extents = b"", b""
    for name, group, pieces in partitions:
        rows += _padded_name(name) + struct.pack("<IIII", READONLY, len(extents) // 24, len(pieces), group)
        for sectors, target in pieces:
            extents += struct.pack("<QIQI", sectors, 0, target, 0)
    groups = b"".join(
        _padded_name(name) + struct.pack("<IQ", 0, most)
        for name, most in (("default", 0), ("main_a", device_size), ("main_b", device_size))
    )
    devices = struct.pack("<QIIQ36sI", first_sector, ALIGNMENT, 0, device_size, _padded_name("super"), 0)
    tables, descriptors = b"", b""
    for table, entry in ((rows, 52), (extents, 24), (groups, 48), (devices, 64)):
        descriptors += struct.pack("<III", len(tables), len(table) // entry, entry)
        tables += table

    def header(digest):
        head = struct.pack("<IHHI32sI32s", 0x414C5030, 10, 2, 256, digest, len(tables), hashlib.sha256(tables).digest())
        return (head + descriptors + struct.pack("<I", VIRTUAL_AB)).ljust(256, b"\0")

    image = header(hashlib.sha256(header(bytes(32))).digest()) + tables
    if len(image) > METADATA_MAX:
        raise ValueError("too many partitions for one metadata slot")
    return image.ljust(METADATA_MAX, b"\0")


def make_super(out, size, files):
    """files: [(name, path)]. A name without slot suffix becomes NAME_a with the content and an empty NAME_b."""
    at = -(-(GEOMETRY_AT + 2 * 4096 + 2 * SLOTS * METADATA_MAX) // ALIGNMENT) * ALIGNMENT
    first_sector, partitions, places = at // SECTOR, [], []
    for name, path in files:
        length = -(-os.path.getsize(path) // BLOCK) * BLOCK
        pieces = [(length // SECTOR, at // SECTOR)] if length else []
        if name.endswith(("_a", "_b")):
            partitions.append((name, 1 if name.endswith("_a") else 2, pieces))
        else:
            partitions.append((name + "_a", 1, pieces))
            partitions.append((name + "_b", 2, []))
        places.append((at, path))
        at = -(-(at + length) // ALIGNMENT) * ALIGNMENT
    if size % BLOCK or at > size:
        raise ValueError(f"--size must be a multiple of {BLOCK} and at least {at}")
    metadata = lp_metadata(partitions, size, first_sector)
    with open(out, "wb") as image:
        image.truncate(size)
        image.seek(GEOMETRY_AT)
        image.write(lp_geometry() * 2 + metadata * (2 * SLOTS))
        for at, path in places:
            image.seek(at)
            with open(path, "rb") as content:
                for block in iter(lambda: content.read(1 << 20), b""):
                    if block.count(0) == len(block):
                        image.seek(len(block), os.SEEK_CUR)   # stays a hole on disk
                    else:
                        image.write(block)


# ---- payload.bin: CrAU version 2, full updates ----

REPLACE, REPLACE_BZ, ZERO, REPLACE_XZ, REPLACE_ZSTD = 0, 1, 6, 8, 14


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number, value):
    """One protobuf field: integers as varints, bytes and text length-delimited."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    raw = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(raw)) + raw


def _xz(raw):
    chain = [{"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": max(4096, min(len(raw), 8 << 20))}]
    return lzma.compress(raw, format=lzma.FORMAT_XZ, check=lzma.CHECK_NONE, filters=chain)


def _zstd(raw):
    return subprocess.run(["zstd", "-q", "-c", "-12", "--single-thread"], input=raw, stdout=subprocess.PIPE, check=True).stdout


COMPRESSORS = {
    "xz": (REPLACE_XZ, _xz),
    "bz2": (REPLACE_BZ, lambda raw: bz2.compress(raw, 9)),
    "zstd": (REPLACE_ZSTD, _zstd),
    "none": (REPLACE, None),
}


def _operation(job):
    path, at, length, how = job
    with open(path, "rb") as content:
        content.seek(at)
        raw = content.read(length)
    raw += bytes(-len(raw) % BLOCK)
    if raw.count(0) == len(raw):
        return ZERO, b"", len(raw)
    code, compress = COMPRESSORS[how]
    blob = compress(raw) if compress else raw
    if len(blob) >= len(raw):
        code, blob = REPLACE, raw
    return code, blob, len(raw)


def _padded_sha256(path):
    digest, size = hashlib.sha256(), 0
    with open(path, "rb") as content:
        for block in iter(lambda: content.read(1 << 20), b""):
            digest.update(block)
            size += len(block)
    digest.update(bytes(-size % BLOCK))
    return size + -size % BLOCK, digest.digest()


def make_payload(out, files, compress="xz", jobs=None, max_timestamp=0, patch_level="", chunk=CHUNK):
    """files: [(partition name, path)]. Content is padded with zeros to whole blocks. Unsigned."""
    work, owner = [], []
    for index, (_, path) in enumerate(files):
        for at in range(0, os.path.getsize(path), chunk):
            work.append((path, at, chunk, compress))
            owner.append((index, at // BLOCK))
    operations = collections.defaultdict(list)
    with tempfile.TemporaryFile(dir=os.path.dirname(os.path.abspath(out))) as blobs:
        with multiprocessing.Pool(jobs) as pool:
            for (index, start), (code, blob, length) in zip(owner, pool.imap(_operation, work)):
                message = field(1, code)
                if blob:
                    message += field(2, blobs.tell()) + field(3, len(blob))
                extent = (field(1, start) if start else b"") + field(2, length // BLOCK)
                message += field(6, extent)
                if blob:
                    message += field(8, hashlib.sha256(blob).digest())
                operations[index].append(message)
                blobs.write(blob)
        manifest = field(3, BLOCK) + field(12, 0)
        for index, (name, path) in enumerate(files):
            size, digest = _padded_sha256(path)
            manifest += field(13, field(1, name) + field(7, field(1, size) + field(2, digest)) +
                              b"".join(field(8, message) for message in operations[index]))
        if max_timestamp:
            manifest += field(14, max_timestamp)
        names = b"".join(field(3, name) for name, _ in files)
        manifest += field(15, field(1, field(1, "main") + names) + field(2, 1))
        if patch_level:
            manifest += field(18, patch_level)
        blobs.seek(0)
        with open(out, "wb") as payload:
            payload.write(b"CrAU" + struct.pack(">QQI", 2, len(manifest), 0) + manifest)
            shutil.copyfileobj(blobs, payload, 1 << 20)


# ---- OTA zip ----

def _entry(name):
    info = zipfile.ZipInfo(name, (2009, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_STORED
    info.external_attr = 0o100644 << 16
    return info


def payload_properties(path):
    size = os.path.getsize(path)
    whole = hashlib.sha256()
    with open(path, "rb") as payload:
        head = payload.read(24)
        if head[:4] != b"CrAU" or len(head) != 24:
            raise ValueError(f"{path} is not a payload")
        metadata_size = 24 + struct.unpack(">Q", head[12:20])[0]
        payload.seek(0)
        metadata = hashlib.sha256(payload.read(metadata_size))
        payload.seek(0)
        for block in iter(lambda: payload.read(1 << 20), b""):
            whole.update(block)
    text = (f"FILE_HASH={base64.b64encode(whole.digest()).decode()}\nFILE_SIZE={size}\n"
            f"METADATA_HASH={base64.b64encode(metadata.digest()).decode()}\nMETADATA_SIZE={metadata_size}\n")
    return text.encode(), metadata_size


def make_ota(out, payload, metadata):
    """metadata: [(key, value)] for META-INF/com/android/metadata; ota-property-files is added."""
    properties, metadata_size = payload_properties(payload)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        def data_start(info):   # the local header has no name or extra but what zipfile just wrote
            archive.fp.seek(info.header_offset + 26)
            name, extra = struct.unpack("<HH", archive.fp.read(4))
            archive.fp.seek(archive.start_dir)
            return info.header_offset + 30 + name + extra

        info = _entry("payload.bin")
        info.file_size = os.path.getsize(payload)   # so that zipfile chooses zip64 when, and only when, needed
        with open(payload, "rb") as source, archive.open(info, "w") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        at = data_start(info)
        places = [("payload_metadata.bin", at, metadata_size), ("payload.bin", at, info.file_size)]
        info = _entry("payload_properties.txt")
        archive.writestr(info, properties)
        places.append((info.filename, data_start(info), len(properties)))
        # The list names its own file, so it is padded to a length that is known beforehand.
        name = "META-INF/com/android/metadata"
        listed = ",".join(f"{n}:{a}:{s}" for n, a, s in places)
        room = len(listed) + 64
        rest = "".join(f"{key}={value}\n" for key, value in sorted(metadata))
        size = len(f"ota-property-files={' ' * room}\n".encode()) + len(rest.encode())
        listed += f",metadata:{archive.start_dir + 30 + len(name)}:{size}"
        lines = sorted(metadata + [("ota-property-files", listed.ljust(room))])
        archive.writestr(_entry(name), "".join(f"{key}={value}\n" for key, value in lines).encode())


def _pairs(words):
    for word in words:
        if "=" not in word:
            sys.exit(f"make_images.py: '{word}' is not NAME=VALUE")
    return [tuple(word.split("=", 1)) for word in words]


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("super", help="logical partitions in one image, two metadata slots")
    one.add_argument("out")
    one.add_argument("--size", type=int, required=True, help="bytes of the block device")
    one.add_argument("files", nargs="+", metavar="NAME=FILE")
    one = commands.add_parser("payload", help="full CrAU payload, unsigned")
    one.add_argument("out")
    one.add_argument("--compress", choices=sorted(COMPRESSORS), default="xz")
    one.add_argument("--jobs", type=int, default=None, help="processes; one per processor when not given")
    one.add_argument("--max-timestamp", type=int, default=0)
    one.add_argument("--patch-level", default="")
    one.add_argument("files", nargs="+", metavar="NAME=FILE")
    one = commands.add_parser("ota", help="zip with a stored payload.bin, its properties and metadata")
    one.add_argument("out")
    one.add_argument("payload")
    one.add_argument("--metadata", nargs="*", default=[], metavar="KEY=VALUE")
    args = parser.parse_args(argv)
    try:
        if args.command == "super":
            make_super(args.out, args.size, _pairs(args.files))
        elif args.command == "payload":
            make_payload(args.out, _pairs(args.files), args.compress, args.jobs, args.max_timestamp, args.patch_level)
        else:
            make_ota(args.out, args.payload, _pairs(args.metadata))
    except (OSError, ValueError) as error:
        sys.exit(f"make_images.py: {error}")


if __name__ == "__main__":
    main()
