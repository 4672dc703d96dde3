#!/usr/bin/env python3
"""The two versions differ in exactly the files that sample/CHANGES.md lists, and the making is repeatable."""
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from sample_phone import ROOT, SAMPLE, TRUTHS, made, on_phone


def phone_files(version):
    """{path on the phone: digest}, the ramdisks left out."""
    out = {}
    for partition in ("system", "product", "vendor"):
        root = made(version) / "partitions" / partition
        for path in root.rglob("*"):
            if path.is_file() and not path.is_symlink():
                name = str(path.relative_to(root))
                out[name if partition == "system" else f"{partition}/{name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    return out


class Changes(unittest.TestCase):
    def test_files_that_differ_are_the_listed_ones(self):
        old, new = phone_files(1), phone_files(2)
        differing = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
        listed = re.findall(r"^\| `([^`]+)` \|", (SAMPLE / "CHANGES.md").read_text(), re.M)
        self.assertEqual(len(listed), len(set(listed)))
        self.assertEqual(differing, set(listed))

    def test_each_apps_truth_says_whether_it_changes(self):
        old, new = phone_files(1), phone_files(2)
        for name, truth in TRUTHS.items():
            same = old.get(truth["place"]) == new.get(truth["place"])
            self.assertEqual(same, truth["change"].startswith("none"), name)

    def test_the_daemon_behind_the_telltale_becomes_root(self):
        users = [re.search(r"^ +user (\w+)", on_phone(version, "vendor/etc/init/sample_agent.rc").read_text(), re.M)[1] for version in (1, 2)]
        self.assertEqual(users, ["system", "root"])


class Making(unittest.TestCase):
    """On a copy of the sources elsewhere, with the apps already built: what is asked here is the packing and the memory of it."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.root = Path(cls.folder.name)
        (cls.root / "tools").mkdir()
        shutil.copy2(ROOT / "tools/make_images.py", cls.root / "tools")
        shutil.copytree(SAMPLE, cls.root / "sample", ignore=shutil.ignore_patterns("out", "__pycache__"))
        shutil.copytree(SAMPLE / "out/cache", cls.root / "sample/out/cache")
        cls.said = cls.make()

    @classmethod
    def make(cls):
        done = subprocess.run([sys.executable, cls.root / "sample/make_sample.py", "--offline"], capture_output=True, text=True, check=False)
        if done.returncode:
            raise AssertionError(done.stdout + done.stderr)
        return done.stdout

    def up_to_date(self):
        program = "import make_sample as m; print(m.is_made(m.sources_digest()) is not None)"
        return subprocess.run([sys.executable, "-c", program], cwd=self.root / "sample", capture_output=True, text=True, check=True).stdout.strip() == "True"

    def test_without_npm_the_phone_is_made_and_says_what_it_lacks(self):
        self.assertIn("made without the three real apps", self.said)
        out = self.root / "sample/out/sample-phone-1"
        self.assertIn("Real apps in it: none", (out / "MADE-SAMPLE.txt").read_text())
        self.assertFalse((out / "partitions/system/system/app/ApiDemos").exists())
        self.assertTrue((out / "ota.zip").is_file())
        self.assertTrue(json.loads((self.root / "sample/out/made.json").read_text())["without_real_apps"])

    def test_the_same_sources_give_the_same_bytes_elsewhere(self):
        for name in ("images/vendor.img", "images/boot.img", "images/init_boot.img", "images/vbmeta.img",
                     "partitions/system/system/apex/nl.klikspaan.sample.apex.apex", "partitions/system/system/etc/security/otacerts.zip"):
            self.assertEqual((self.root / "sample/out/sample-phone-2" / name).read_bytes(), (made(2) / name).read_bytes(), name)

    def test_the_second_run_makes_nothing(self):
        before = (self.root / "sample/out/made.json").stat().st_mtime_ns
        self.assertIn("up to date", self.make())
        self.assertEqual((self.root / "sample/out/made.json").stat().st_mtime_ns, before)

    def test_a_touched_product_or_source_is_noticed(self):
        self.assertTrue(self.up_to_date())
        for path in (self.root / "sample/out/sample-phone-2/ota.zip", self.root / "sample/apps/clock/smali/ClockActivity.smali"):
            whole, times = path.read_bytes(), path.stat()
            path.write_bytes(whole + b"\n")
            self.assertFalse(self.up_to_date(), path.name)
            path.write_bytes(whole)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
            self.assertTrue(self.up_to_date(), path.name)


if __name__ == "__main__":
    unittest.main()
