#!/usr/bin/env python3
"""The smallest form of the back-door bench: three plants on a part of the sample phone, and its clean rebuild."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench/backdoor"))
import apk
import axml
import bytecode
import plants


class Bench(unittest.TestCase):
    def test_finds_three_plants(self):
        build = Path(os.environ.get("KLIK_BINARY", ROOT / "build/klikspaan")).parent
        with tempfile.TemporaryDirectory() as work:
            done = subprocess.run([sys.executable, ROOT / "bench/backdoor/run.py", build, "--smoke", "--work", work], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("3 of 3 within the first 20", done.stdout)


class Recogniser(unittest.TestCase):
    def test_wants_kind_subject_and_words(self):
        sees = plants.Sees("door_open", r"com\.a", "Receiver")
        row = {"kind": "door_open", "subject": "com.a", "before": None, "after": "StatReceiver", "title": ""}
        self.assertTrue(sees.matches(row))
        self.assertFalse(sees.matches({**row, "kind": "code"}))
        self.assertFalse(sees.matches({**row, "subject": "com.b"}))
        self.assertFalse(sees.matches({**row, "after": "other"}))

    def test_names_are_unique(self):
        names = [one.name for one in plants.load()]
        self.assertEqual(len(names), len(set(names)))
        self.assertGreaterEqual(len([one for one in plants.load() if one.scored]), 30)
        self.assertGreaterEqual(len({one.sort for one in plants.load()}), 15)


class Rebuild(unittest.TestCase):
    def test_manifest_comes_back(self):
        root = axml.Element("manifest").put("versionName", "1").put("versionCode", 7)
        root.attributes.append(axml.Attribute("package", "com.a", space=None))
        root.add("application").add("receiver", name=".R", exported=True)
        document = axml.decode(axml.encode(axml.Document(root, [("android", axml.ANDROID)], {})))
        self.assertEqual(document.root.get("package"), "com.a")
        receiver = document.root.first("application").first("receiver")
        self.assertEqual((receiver.get("name"), receiver.get("exported")), (".R", 0xFFFFFFFF))

    def test_renaming_keeps_what_is_named_outside(self):
        import random
        texts = {"0": ".class public Lcom/a/R;\n.super Landroid/content/BroadcastReceiver;\n.method public onReceive()V\n    .registers 1\n    invoke-static {}, Lcom/a/H;->help()V\n    return-void\n.end method\n",
                 "1": ".class public Lcom/a/H;\n.super Ljava/lang/Object;\n.method public static help()V\n    .registers 1\n    return-void\n.end method\n"}
        new, renamer = bytecode.rebuilt(texts, {"com.a.R"}, random.Random(1))
        joined = "\n".join(new.values())
        self.assertIn("Lcom/a/R;", joined)
        self.assertIn("onReceive()V", joined)
        self.assertNotIn("Lcom/a/H;", joined)
        self.assertNotIn("help", joined)
        self.assertIn(f"{renamer.types['Lcom/a/H;']}->{renamer.methods['help']}()V", joined)

    def test_archive_keeps_entries(self):
        import io
        import random
        import zipfile
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("a", b"1")
            archive.writestr("META-INF/CERT.RSA", b"2")
        one = apk.Apk(made.getvalue())
        one.drop_signature()
        self.assertEqual(dict(apk.Apk(one.pack(random.Random(1)))), {"a": b"1"})


if __name__ == "__main__":
    unittest.main()
