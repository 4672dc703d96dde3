"""What the tests of the made sample share: where things are, and what Debian's aapt, apksigner and dexdump say about an APK."""
import functools
import hashlib
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sample"
sys.path.insert(0, str(SAMPLE))

from making import apps, phone  # noqa: E402  (found through the line above)

VERSIONS = (1, 2)
TRUTHS = apps.truths()


def made(version):
    return SAMPLE / "out" / f"sample-phone-{version}"


def on_phone(version, path):
    return phone.place_on(made(version) / "partitions", path)


def own_apps():
    """(name, truth, version, APK) of every own app in every version that has it."""
    for name, truth in TRUTHS.items():
        for version in VERSIONS:
            if str(version) in truth["version_code"]:
                yield name, truth, version, on_phone(version, truth["place"])


def say(*command, **more):
    """Standard output of a judge; a judge that fails fails the test."""
    return subprocess.run([str(word) for word in command], capture_output=True, check=True, text=True, **more).stdout


class Element:
    def __init__(self, name):
        self.name, self.attributes, self.children = name, {}, []

    def all(self, name):
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.all(name)


@functools.cache
def manifest(apk):
    """Tree of AndroidManifest.xml as `aapt dump xmltree` prints it: indentation is depth."""
    top = Element("")
    stack = [(-1, top)]
    for line in say("aapt", "dump", "xmltree", apk, "AndroidManifest.xml").splitlines():
        depth = len(line) - len(line.lstrip())
        if element := re.match(r"\s*E: (\S+)", line):
            while stack[-1][0] >= depth:
                stack.pop()
            stack[-1][1].children.append(Element(element[1]))
            stack.append((depth, stack[-1][1].children[-1]))
        elif attribute := re.match(r'\s*A: (?:android:)?(\w+)(?:\(0x\w+\))?=(?:"([^"]*)"|\(type 0x\w+\)(0x\w+))', line):
            while stack[-1][0] >= depth:
                stack.pop()
            stack[-1][1].attributes[attribute[1]] = attribute[2] if attribute[3] is None else int(attribute[3], 16)
    return top.children[0]


def exported(apk):
    """Short class names of components that others can reach, by Android's rule for target 17 and later."""
    names = []
    for kind in ("activity", "service", "receiver", "provider"):
        for component in manifest(apk).all(kind):
            explicit = component.attributes.get("exported")
            if bool(explicit) if explicit is not None else any(component.all("intent-filter")):
                names.append(component.attributes["name"].rsplit(".", 1)[-1])
    return names


@functools.cache
def code(apk):
    return say("dexdump", "-d", apk) if "classes.dex" in say("unzip", "-Z1", apk).split() else ""


def certificate_sha256(name):
    der = phone.certificate_der(name)
    return hashlib.sha256(der).hexdigest()
