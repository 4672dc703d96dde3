"""Lays the made phone out as the partitions of a system-as-root device with a product and a vendor partition."""
import base64
import hashlib
import re
import shutil
import tempfile
from pathlib import Path

from . import apps, images, tools

PHONE = apps.SAMPLE / "phone"
PATCH_LEVELS = {1: "2023-06-05", 2: "2023-07-05"}
MOUNT_POINTS = ("apex", "data", "dev", "mnt", "proc", "product", "sys", "vendor")
SYMLINKS = {"etc": "/system/etc", "bin": "/system/bin", "init": "/system/bin/init", "sdcard": "/storage/self/primary"}


def fingerprint(version):
    return f"klikspaan/made_sample/made_sample:13/SAMPLE.{version}/{version}:user/release-keys"


def certificate_der(name):
    lines = apps.certificate(name).read_text().splitlines()
    return base64.b64decode("".join(lines[1:-1]))


def placeholders(version, real_apps):
    return {
        "VERSION": str(version),
        "PATCH": PATCH_LEVELS[version],
        "PLATFORM_HEX": certificate_der("platform").hex(),
        "RELEASE_SHA256": hashlib.sha256(certificate_der("release")).hexdigest().upper(),
        "REAL_APPS": real_apps,
    }


def place_on(partitions, path):
    """Where a path of the running phone lies in the staged roots: /system is a folder of the system partition's root."""
    first, rest = path.split("/", 1)
    return partitions / "system" / "system" / rest if first == "system" else partitions / first / rest


def stage_texts(partitions, values):
    for layer in ("base", "v2") if values["VERSION"] == "2" else ("base",):
        for source in sorted(p for p in (PHONE / layer).rglob("*") if p.is_file()):
            target = place_on(partitions, str(source.relative_to(PHONE / layer)))
            target.parent.mkdir(parents=True, exist_ok=True)
            text = re.sub(r"@([A-Z0-9_]+)@", lambda m: values[m[1]], source.read_text())
            target.write_text(text)


def stage_root(partitions):
    root = partitions / "system"
    for name in MOUNT_POINTS:
        (root / name).mkdir()
    for name, target in SYMLINKS.items():
        (root / name).symlink_to(target)


def stage_apps(partitions, built):
    for place, source in built:
        target = place_on(partitions, place)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def make(out, version, built, framework, real_apps):
    """built: [(place on the phone, APK)]. real_apps: the sentence that says which real apps are in it."""
    tools.fresh_folder(out)
    partitions = tools.fresh_folder(out / "partitions")
    stage_texts(partitions, placeholders(version, real_apps))
    stage_root(partitions)
    stage_apps(partitions, [("system/framework/framework-res.apk", framework), *built])
    certificates = place_on(partitions, "system/etc/security/otacerts.zip")
    apps.write_archive(certificates, [("made-sample-ota.x509.pem", apps.certificate("ota").read_bytes(), 0)])
    with tempfile.TemporaryDirectory(dir=out) as folder:
        apex = place_on(partitions, "system/apex/nl.klikspaan.sample.apex.apex")
        apex.parent.mkdir()
        images.make_apex(apex, partitions / "apex", Path(folder), framework, version)
    shutil.rmtree(partitions / "apex")
    tools.settle(partitions)
    images.pack(out, partitions, version, PATCH_LEVELS[version], fingerprint(version))
    (out / "MADE-SAMPLE.txt").write_text(place_on(partitions, "system/etc/NOTICE-made-sample.txt").read_text())
