#!/usr/bin/env python3
"""Makes the sample phone, two versions of it, into sample/out. A made sample: no real device, no real maker.

Quick when nothing changed: a digest over the sources, the tools' versions and the fetched apps decides.
  sample/out/sample-phone-{1,2}/ota.zip        what an update server would hand out
                                super.img, super.sparse.img, payload.bin, images/*.img
                                partitions/    the same files as folders
"""
import argparse
import concurrent.futures
import fcntl
import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from making import apps, npm, phone, tools

OUT = apps.SAMPLE / "out"
STAMP = OUT / "made.json"
MAKERS = ["aapt", "apksigner", "libapksig-java", "libsmali-java", "erofs-utils", "e2fsprogs", "android-sdk-libsparse-utils", "mkbootimg", "liblzma5", "python3"]


def sources_digest():
    digest = hashlib.sha256()
    roots = [apps.SAMPLE / name for name in ("make_sample.py", "package.json", "making", "apps", "keys", "framework", "phone")]
    files = [p for root in roots for p in ([root] if root.is_file() else root.rglob("*")) if p.is_file()]
    files.append(apps.SAMPLE.parent / "tools" / "make_images.py")
    for path in sorted(files):
        if "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(apps.SAMPLE.parent)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    versions = subprocess.run(["dpkg-query", "-W", "-f=${Package} ${Version}\n", *MAKERS], capture_output=True, check=False).stdout
    digest.update(versions)
    return digest.hexdigest()


def state_of(folder):
    """Size and time of every made file: cheap to ask, and a missing or touched one is seen."""
    return {str(p.relative_to(OUT)): [p.stat().st_size, p.stat().st_mtime_ns]
            for p in sorted(folder.rglob("*")) if p.is_file() and not p.is_symlink()}


def made_state():
    return {name: entry for version in (1, 2) for name, entry in state_of(OUT / f"sample-phone-{version}").items()}


def is_made(digest):
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return None
    return stamp if stamp["digest"] == digest and stamp["files"] == made_state() else None


def build_apps():
    """{version: [(place, APK)]} and the framework. Two at a time: each step starts a Java machine of its own."""
    cache = OUT / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    framework = apps.build_framework(cache)
    truths = apps.truths()
    jobs = [(version, name) for version in (1, 2) for name in truths]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        # An app that is equal in both versions has one cache entry; building it twice at once is harmless.
        built = list(pool.map(lambda job: apps.build_app(cache, framework, job[1], truths[job[1]], job[0]), jobs))
    placed = {1: [], 2: []}
    for (version, name), path in zip(jobs, built):
        if path:
            placed[version].append((truths[name]["place"], path))
    used = {framework, *built}
    for old in cache.glob("*.apk"):
        if old not in used:
            old.unlink()
    return placed, framework


def make(digest, missing):
    placed, framework = build_apps()
    real = [] if missing else [(place, OUT / "npm" / "node_modules" / source) for source, place in npm.REAL_APPS]
    said = f"none, because {missing}" if missing else "ApiDemos, Appium Settings, Appium UiAutomator2 server (Apache-2.0, from npm)"
    for version in (1, 2):
        phone.make(OUT / f"sample-phone-{version}", version, placed[version] + real, framework, said)
    stamp = {"label": "made sample, no real device", "digest": digest, "without_real_apps": missing, "files": made_state()}
    STAMP.write_text(json.dumps(stamp, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offline", action="store_true", help="do not ask npm; use its packages only if they are already there")
    arguments = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with open(OUT / ".lock", "w") as lock:          # two tests may ask at the same time
        fcntl.flock(lock, fcntl.LOCK_EX)
        digest = sources_digest()
        stamp = is_made(digest)
        pins = apps.SAMPLE / "package.json"
        missing = ""
        if not npm.present(OUT / "npm", pins):
            missing = "nobody asked npm" if arguments.offline else npm.fetch(OUT / "npm", pins)
        if missing:
            print(f"sample: made without the three real apps: {missing}")
        if stamp and bool(stamp["without_real_apps"]) == bool(missing):
            print(f"sample: up to date in {OUT} (made sample, not a real phone)")
            return
        make(digest, missing)
    print(f"sample: made two versions in {OUT} in {time.monotonic() - started:.1f} s (made sample, not a real phone)")


if __name__ == "__main__":
    try:
        main()
    except tools.Failed as error:
        sys.exit(f"sample: {error}")
