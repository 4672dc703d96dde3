#!/usr/bin/env python3
"""tools/compare_dumpsys.py reads each form of `dumpsys package`; the fixtures are written by us after the forms of AOSP."""
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tools"))

import compare_dumpsys as tool  # noqa: E402  (found through the line above)

P = "android.permission."


def phone(name):
    return tool.parse((HERE / "dumpsys" / f"{name}.txt").read_text())


class Forms(unittest.TestCase):
    def test_plain_lists_of_android_5_and_the_shared_user(self):
        said = phone("android5")
        self.assertEqual(said.of("made.up.one"), {P + "INTERNET": True, P + "READ_SMS": True})
        self.assertEqual(said.of("made.up.shared"), {P + "REBOOT": True})

    def test_android_6_with_two_users_the_first_counts(self):
        self.assertEqual(phone("android6").of("made.up.one"), {P + "INTERNET": True, P + "WRITE_SETTINGS": False, P + "READ_SMS": True, P + "CAMERA": False})

    def test_android_13_with_flags_declarations_and_a_shared_user(self):
        said = phone("android13")
        self.assertEqual(said.of("made.up.one"), {P + "INTERNET": True, "made.up.permission.OWN": True, P + "READ_SMS": False})
        self.assertEqual(said.of("made.up.shared"), {P + "REBOOT": True, P + "CALL_PHONE": True})
        self.assertEqual(said.asked["made.up.one"], {P + "INTERNET", P + "READ_SMS", "made.up.permission.OWN"})

    def test_what_is_no_dumpsys_holds_nothing(self):
        self.assertEqual(tool.parse("nothing\n  of the kind\n").held, {})


class Differences(unittest.TestCase):
    def rows(self, **effective):
        return tool.rights_of_case([{"package": "made.up.one", "permission": P + name, "effective": e, "why": "w"} for name, e in effective.items()])

    def test_agreement_is_counted_and_open_questions_are_not_differences(self):
        found, counts = tool.differences(self.rows(INTERNET="granted", READ_SMS="pregranted", CAMERA="on_request", WRITE_SETTINGS="denied"), phone("android6"))
        self.assertEqual((found, counts), ([], {"packages": 1, "agreed": 3, "open": 1}))

    def test_each_contradiction_is_told(self):
        found, _ = tool.differences(self.rows(INTERNET="denied", CAMERA="granted"), phone("android6"))
        self.assertEqual([row[:4] for row in found], [
            ("made.up.one", P + "CAMERA", "granted", "not granted"), ("made.up.one", P + "INTERNET", "denied", "granted"),
            ("made.up.one", P + "READ_SMS", "not in the case", "granted")])


if __name__ == "__main__":
    unittest.main()
