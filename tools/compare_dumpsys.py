#!/usr/bin/env python3
"""Compares a case with a running phone: prints where effective rights differ from what `dumpsys package` says.

    adb shell dumpsys package > phone.txt
    tools/compare_dumpsys.py CASE phone.txt

Reads the forms of Android 5 (plain lists), 6 to 9 and 10 and later. Packages that only one of both has are counted, not compared.
A permission that the case calls on_request may be held or not. Exit code 0 when nothing differs, 1 when something does, 2 when the
input cannot be read.
"""
import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECTION = re.compile(r"^\s*(declared|requested|install|runtime|granted)[ _]?[pP]ermissions:\s*$|^\s*(grantedPermissions):\s*$")
STATE = re.compile(r"^\s*([A-Za-z0-9_.$-]+)(?::\s*(.*))?$")


def indent(line):
    return len(line) - len(line.lstrip(" "))


class Phone:
    """held: package → permission → granted; shared: name of a shared user → the same; users: package → its shared user."""

    def __init__(self):
        self.held, self.shared, self.users, self.asked = {}, {}, {}, {}

    def of(self, package):
        rights = dict(self.held[package])
        rights.update({name: granted for name, granted in self.shared.get(self.users.get(package), {}).items() if granted or name not in rights})
        return rights


def parse(text):
    """What the sections `Packages:` and `Shared users:` say. `Hidden system packages:` are the replaced copies: passed over."""
    phone = Phone()
    part, rights, package, section, level = "", None, None, "", 0
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped:
            section = ""
            continue
        if indent(line) == 0:
            part = stripped.rstrip(":")
            rights, section = None, ""
            continue
        if part not in ("Packages", "Shared users"):
            continue
        if found := re.match(r"^\s+Package \[(\S+)\]", line):
            package = found[1]
            rights = phone.held.setdefault(package, {})
            section = ""
            continue
        if found := re.match(r"^\s+SharedUser \[(\S+)\]", line):
            package, rights, section = None, phone.shared.setdefault(found[1], {}), ""
            continue
        if rights is None:
            continue
        if package and (found := re.search(r"\bsharedUser=SharedUserSetting\{\S+ ([^/}\s]+)", line)):
            phone.users[package] = found[1]
        if found := SECTION.match(line):
            section = found[1] or "granted"
            level = indent(line)
            continue
        if section and indent(line) <= level:
            section = ""
        if not section or not (found := STATE.match(line)):
            continue
        name, state = found[1], found[2] or ""
        if section == "requested":
            if package:
                phone.asked.setdefault(package, set()).add(name)
        elif section in ("install", "runtime"):
            granted = re.search(r"granted=(true|false)", state)
            # Several users of the phone each have a section; the first one, the owner, counts.
            if granted and name not in rights:
                rights[name] = granted[1] == "true"
        elif section == "granted":
            rights.setdefault(name, True)
    return phone


def query(binary, case, sql):
    done = subprocess.run([str(binary), "query", str(case), sql, "--format", "json"], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"compare_dumpsys: {done.stderr.strip()}")
    return json.loads(done.stdout)


def rights_of_case(rows):
    """rows with package, permission, effective, why → package → permission → (effective, why); of copies the most is held."""
    order = ("denied", "unknown", "on_request", "pregranted", "granted")
    out = {}
    for row in rows:
        held = out.setdefault(row["package"], {})
        if row["permission"] not in held or order.index(row["effective"]) > order.index(held[row["permission"]][0]):
            held[row["permission"]] = (row["effective"], row["why"])
    return out


def differences(case, phone):
    """(package, permission, what the case says, what the phone says, why) of every contradiction, and three counts."""
    found, agreed, open_ = [], 0, 0
    common = sorted(set(case) & set(phone.held))
    for package in common:
        rights = phone.of(package)
        for permission, (effective, why) in sorted(case[package].items()):
            granted = rights.get(permission, False)
            if effective in ("on_request", "unknown"):
                open_ += 1
            elif granted == (effective != "denied"):
                agreed += 1
            else:
                found.append((package, permission, effective, "granted" if granted else "not granted", why))
        for permission in sorted(set(name for name, granted in rights.items() if granted) - set(case[package])):
            found.append((package, permission, "not in the case", "granted", ""))
    return found, {"packages": len(common), "agreed": agreed, "open": open_}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case")
    parser.add_argument("dumpsys")
    parser.add_argument("--klikspaan", default=os.environ.get("KLIK_BINARY", ROOT / "klikspaan"), help="the program that reads the case")
    arguments = parser.parse_args()
    try:
        phone = parse(Path(arguments.dumpsys).read_text(errors="replace"))
    except OSError as error:
        print(f"compare_dumpsys: {error}", file=sys.stderr)
        return 2
    if not phone.held:
        print("compare_dumpsys: no `Packages:` section in it", file=sys.stderr)
        return 2
    rows = query(arguments.klikspaan, arguments.case, "SELECT p.name AS package, g.permission, g.effective, g.why FROM permission_grant g JOIN package p USING(package_id)")
    found, counts = differences(rights_of_case(rows), phone)
    for package, permission, says, is_, why in found:
        print(f"{package}\t{permission}\tcase: {says}\tphone: {is_}" + (f"\t{why}" if why else ""))
    print(f"{counts['packages']} packages in both; {counts['agreed']} rights agree, {len(found)} differ, {counts['open']} are left open by the case")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
