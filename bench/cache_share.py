#!/usr/bin/env python3
"""What a second build costs that shares 90 % of its files with one that was scanned before.

  bench/cache_share.py BUILD_FOLDER OLD.tar.zst [NEW.tar.zst] [--threads N] [--share PERCENT] [--seed TEXT] [--rounds N]
                       [--ota BYTES]

Makes a build of OLD in which one file in ten is NEW's (or, without NEW, is changed: every
DEX in another byte of its signature, every other file in one byte more, apps packed anew). Prints CPU and wall time of scanning it with an empty cache and with OLD's facts in the cache, and of
decoding and hashing it alone. The best of the rounds counts. With --ota, both builds are what an update is: an EROFS image
in a payload of XZ operations, with made content up to so many bytes around the phone's own files, because an archive of the
evidence holds a tenth of a phone's bytes, and all of what is slow to write down."""
import argparse
import hashlib
import io
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


def members(archive):
    data = subprocess.run(["zstd", "-dcq", archive], check=True, stdout=subprocess.PIPE).stdout
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return {m.name.split("/", 1)[-1]: (m, tar.extractfile(m).read() if m.isfile() else None) for m in tar}


def changed_file(data):
    if data[:4] in (b"dex\n", b"\x03\x00\x08\x00", b"\x02\x00\x0c\x00"):
        # A byte of the signature of a DEX, and nothing of a binary XML: what they say stays.
        return data[:12] + bytes([data[12] ^ 1]) + data[13:] if data[:4] == b"dex\n" else data
    return data + b"\n"


def changed(data):
    if data[:4] != b"PK\x03\x04":
        return changed_file(data)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(info, changed_file(old.read(info)), compress_type=info.compress_type)
    return out.getvalue()


def chosen(name, percent, seed):
    return int(hashlib.sha256(f"{seed}{name}".encode()).hexdigest(), 16) % 100 < percent


def second_build(old, new, percent, to, seed=""):
    shared = total = files = differ = 0
    with tarfile.open(to, "w") as tar:
        for name, (info, data) in sorted(old.items()):
            if data is None:
                tar.addfile(info)
                continue
            mine = data
            if chosen(name, percent, seed):
                try:
                    mine = new[name][1] if name in new and new[name][1] is not None else changed(data)
                except zipfile.BadZipFile:
                    mine = data + b"\n"
            files += 1
            differ += mine != data
            total += len(mine)
            shared += len(mine) if mine == data else 0
            info = tarfile.TarInfo(info.name)
            info.size = len(mine)
            tar.addfile(info, io.BytesIO(mine))
    return f"{files} files, {differ} differ; {100 * shared / max(total, 1):.1f} % of {total / 1e6:.1f} MB shared"


def with_content(build, old, size, work):
    """The files of a phone, and made ones up to `size` bytes."""
    tree = work / "content"
    files = {name: (tarfile.TarInfo(name), data) for name, (_, data) in old.items() if name.startswith("system/") and data is not None}
    mine = sum(len(data) for _, data in files.values())
    subprocess.run([build / "make_content", tree, str(max(size - mine, 1)), "1"], check=True)
    for path in sorted(p for p in tree.rglob("*") if p.is_file()):
        name = "system/made/" + str(path.relative_to(tree))
        files[name] = (tarfile.TarInfo(name), path.read_bytes())
    shutil.rmtree(tree)
    return files


def as_payload(archive, work):
    """The tar's files as the system partition of a full payload, the tar's place taken."""
    tree, image, payload = work / "tree", work / "system.img", archive.with_suffix(".bin")
    with tarfile.open(archive) as tar:
        tar.extractall(tree, filter="tar")
    subprocess.run(["mkfs.erofs", "--quiet", "-T0", image, tree / "system"], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(tree)
    subprocess.run([sys.executable, ROOT / "tools/make_images.py", "payload", payload, "--compress", "xz", f"system={image}"], check=True)
    image.unlink()
    archive.unlink()
    return payload


def measured(build, arguments):
    out = subprocess.run([build / "cache_bench", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout
    return {k: v for k, v in (line.split(maxsplit=1) for line in out.splitlines() if " " in line)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("old")
    parser.add_argument("new", nargs="?")
    parser.add_argument("--threads", default="2")
    parser.add_argument("--share", type=int, default=90)
    parser.add_argument("--seed", default="", help="another choice of files")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ota", type=int, default=0, metavar="BYTES", help="as an update of so many bytes")
    a = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="klik-cache-", dir="/var/tmp") as work:
        work = pathlib.Path(work)
        first, second = work / "first.tar", work / "second.tar"
        old = members(a.old)
        if a.ota:
            old = with_content(a.build, old, a.ota, work)
        second_build(old, {}, 0, first)
        print(second_build(old, members(a.new) if a.new else {}, 100 - a.share, second, a.seed))
        if a.ota:
            first, second = as_payload(first, work), as_payload(second, work)
        runs = {"floor": [], "cold": [], "warm": []}
        for _ in range(a.rounds):
            cache = work / "cache"
            shutil.rmtree(cache, ignore_errors=True)
            base = ["--threads", a.threads, "--work", work]
            measured(a.build, [first, *base, "--cache", cache])
            runs["cold"].append(measured(a.build, [second, *base]))
            runs["warm"].append(measured(a.build, [second, *base, "--cache", cache]))
            runs["floor"].append(measured(a.build, [second, *base, "--floor"]))
        if len({r["digest"] for r in runs["cold"] + runs["warm"]}) != 1:
            raise SystemExit("the cache changed the result")
        best = lambda which, key: min(float(r[key]) for r in runs[which])
        floor = best("floor", "floor_cpu")
        print(f"{'CPU seconds':26} {'cold':>8} {'warm':>8}   ratio")
        for key in ("walk_cpu", "image_cpu", "staging_cpu", "unfold_cpu", "image_staging_cpu", "publish_cpu", "whole_cpu"):
            cold, warm = best("cold", key), best("warm", key)
            print(f"{key:26} {cold:8.3f} {warm:8.3f}   {warm / max(cold, 1e-9):.2f}")
        local = best("cold", "walk_cpu") - floor, max(best("warm", "walk_cpu") - floor, 0)
        both = local[0] + best("cold", "image_cpu"), local[1] + best("warm", "image_cpu")
        print(f"{'local extraction':26} {local[0]:8.3f} {local[1]:8.3f}   {local[1] / local[0]:.2f}   (walk without decoding and hashing, {floor:.3f} s)")
        print(f"{'extraction in all':26} {both[0]:8.3f} {both[1]:8.3f}   {both[1] / both[0]:.2f}   (with what is derived for the build)")
        floor_wall = best("floor", "floor_wall")
        for key in ("walk_wall", "scan_wall", "whole_wall"):
            print(f"{key:26} {best('cold', key):8.3f} {best('warm', key):8.3f}   {best('warm', key) / floor_wall:.2f} times decoding and hashing ({floor_wall:.3f} s)")
        print("cache", sum(f.stat().st_size for f in (work / "cache").iterdir()) // 1000, "kB; same digest cold and warm")


if __name__ == "__main__":
    main()
