"""Builds the sample's own apps: manifest, resources and smali in; a signed, aligned APK out, kept by the digest of what went in."""
import hashlib
import json
import os
import shutil
import struct
import tempfile
import zipfile
from pathlib import Path

from . import tools

SAMPLE = Path(__file__).resolve().parent.parent
APPS, KEYS, FRAMEWORK = SAMPLE / "apps", SAMPLE / "keys", SAMPLE / "framework"
ALIGNMENT_FIELD = 0xD935      # extra field by which apksigner keeps an alignment; layout: apksig ApkSigner


def truths():
    """What is true about each own app, by folder name."""
    return {path.parent.name: json.loads(path.read_text()) for path in sorted(APPS.glob("*/truth.json"))}


def certificate(name):
    return KEYS / f"{name}.x509.pem"


def merged(app, version, into):
    """Files of one version: the app's own, those of v2/ over them, minus those v2/REMOVED names."""
    source = APPS / app
    shutil.copytree(source, into, dirs_exist_ok=True, ignore=shutil.ignore_patterns("v2", "truth.json"))
    if version == 2 and (source / "v2").is_dir():
        shutil.copytree(source / "v2", into, dirs_exist_ok=True, ignore=shutil.ignore_patterns("REMOVED"))
        removed = source / "v2" / "REMOVED"
        for name in removed.read_text().split() if removed.exists() else []:
            (into / name).unlink()


def digest_of(folder, *more):
    digest = hashlib.sha256(repr(more).encode())
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def write_archive(out, entries):
    """entries: (name, bytes, alignment). Alignment 0 means deflated. One order, one time: the bytes depend on the content only."""
    with zipfile.ZipFile(out, "w") as archive:
        for name, content, alignment in entries:
            info = zipfile.ZipInfo(name, tools.ZIP_TIME)
            info.external_attr = 0o100644 << 16
            info.compress_type = zipfile.ZIP_STORED if alignment else zipfile.ZIP_DEFLATED
            if alignment:
                start = archive.start_dir + 30 + len(name.encode()) + 6
                info.extra = struct.pack("<HHH", ALIGNMENT_FIELD, 2 + -start % alignment, alignment) + bytes(-start % alignment)
            archive.writestr(info, content, compresslevel=9)


def sign(unsigned, out, signers, lineage=None):
    """signers: names of keys, oldest first. With more than one, lineage is the file that ties them."""
    words = []
    for index, name in enumerate(signers):
        words += (["--next-signer"] if index else []) + ["--key", KEYS / f"{name}.pk8", "--cert", certificate(name)]
    if lineage:
        words += ["--lineage", lineage]
    tools.run("apksigner", "sign", "--v1-signing-enabled", "true", "--v1-signer-name", "SAMPLE", "--v4-signing-enabled", "false", *words,
              "--in", unsigned, "--out", out)


def make_lineage(out, old, new):
    tools.run("apksigner", "rotate", "--out", out, "--old-signer", "--key", KEYS / f"{old}.pk8", "--cert", certificate(old),
              "--new-signer", "--key", KEYS / f"{new}.pk8", "--cert", certificate(new))


def assemble(files, work, framework, version_code):
    """aapt and smali over merged files; gives the path of an unsigned APK with entries in the usual order."""
    words = ["aapt", "package", "-f", "-M", files / "AndroidManifest.xml", "-F", work / "aapt.zip"]
    if version_code:
        words += ["--version-code", version_code, "--version-name", f"{version_code}.0-made-sample"]
    if (files / "res").is_dir():
        words += ["-S", files / "res"]
    # The platform package is compiled against itself, with ids of its own that others refer to.
    words += ["-I", framework] if framework else ["-x"]
    tools.run(*words)
    with zipfile.ZipFile(work / "aapt.zip") as archive:
        entries = [(name, archive.read(name), 4 if name == "resources.arsc" else 0) for name in sorted(archive.namelist())]
    if (files / "smali").is_dir():
        # --api 26 gives DEX 038, what an app for Android 8 and later carries.
        tools.run("smali", "assemble", "--api", "26", "--jobs", "1", "-o", work / "classes.dex", files / "smali")
        entries.append(("classes.dex", (work / "classes.dex").read_bytes(), 0))
    write_archive(work / "unsigned.apk", entries)
    return work / "unsigned.apk"


def build(cache, files, signers, framework, version_code):
    """One signed APK in the cache, named by all that it is made of."""
    keys = [certificate(name).read_bytes() for name in signers]
    recipe = Path(__file__).read_bytes()
    base = framework.stem if framework else ""
    out = cache / f"{digest_of(files, signers, keys, base, version_code, recipe)}.apk"
    if out.exists():
        return out
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        work = Path(folder)
        unsigned = assemble(files, work, framework, version_code)
        lineage = None
        if len(signers) > 1:
            lineage = work / "lineage"
            make_lineage(lineage, *signers)
        sign(unsigned, work / "signed.apk", signers, lineage)
        os.replace(work / "signed.apk", out)
    return out


def build_framework(cache):
    return build(cache, FRAMEWORK, ["platform"], None, None)


def build_app(cache, framework, app, truth, version):
    """The APK of one version, or None where that version of the phone does not have the app."""
    key = str(version)
    if key not in truth["version_code"]:
        return None
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        files = Path(folder)
        merged(app, version, files)
        signers = truth.get("lineage", {}).get(key, [truth["signer"][key]])
        return build(cache, files, signers, framework, truth["version_code"][key])
