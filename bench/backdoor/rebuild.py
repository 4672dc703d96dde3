"""A clean, realistic rebuild of a system tree: nothing means anything else afterwards, and most bytes differ.

Makers' private keys are not here, so both sides are signed with made keys, one for each original signer: old() and new() give trees that
differ by a rebuild alone. New code of each rebuilt app is kept as smali texts beside the tree, for plants to change.
"""
import hashlib
import io
import json
import random
import re
import shutil
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import apk
import axml
import bytecode
import hosts
import native
import policy
import resources
import tree

VERSION = 2                          # of this program's work: another number makes kept trees stale
COMPILED = re.compile(r"(.*/)(?:oat|arm64|arm)?(?:/?(?:arm64|arm))?/?([^/]+)\.(odex|vdex|oat|art)$")


class Rebuild:
    def __init__(self, host, work, seed, jobs=2):
        self.host, self.seed, self.jobs = host, seed, jobs
        self.work = Path(work) / host.name
        self.work.mkdir(parents=True, exist_ok=True)
        self.keys = apk.Keys(Path(work) / "keys")

    def rng(self, *words):
        return random.Random("/".join(str(word) for word in (self.seed, self.host.name, *words)))

    def prepared(self):
        """(old tree, new tree, what is known of the rebuilt apps); made once and kept."""
        folder = self.work / f"seed{self.seed}"
        stamp = folder / "made.json"
        want = {"version": VERSION, "host": repr(self.host)}
        if not stamp.exists() or json.loads(stamp.read_text())["want"] != want:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            self.make(folder)
            stamp.write_text(json.dumps({"want": want, "apps": self.known}))
        known = json.loads(stamp.read_text())["apps"]
        return tree.load(folder / "old.tar"), tree.load(folder / "new.tar"), known, folder

    def make(self, folder):
        source = hosts.original(self.host)
        old = hosts.original(self.host, self.host.before) if self.host.before else source
        chosen = self.choose(source)
        for side in (source, old):
            self.drop_others(side, chosen)
        if self.host.policy and self.host.policy[1] in old:
            # Both sides by one compiler: another one leaves out attributes that nothing uses.
            old.write(self.host.policy[1], policy.reordered(old[self.host.policy[1]].data, random.Random(0)))
        new = source.copy()
        if self.host.policy and self.host.policy[1] in new:
            new[self.host.policy[1]] = old[self.host.policy[1]]
        self.known, signers = {}, {}

        def one(path):
            try:
                return path, self.app(path, old[path].data if path in old else None, source[path].data, folder)
            except (ValueError, KeyError, IndexError, UnicodeError, apk.Failed, zipfile.BadZipFile) as error:
                return path, str(error)

        with ThreadPoolExecutor(self.jobs) as pool:
            for path, result in pool.map(one, chosen):
                if isinstance(result, str):
                    print(f"  {self.host.name}: {path} is left out: {result.splitlines()[0][:120]}")
                    old.pop(path, None)
                    del new[path]
                    continue
                old_apk, new_apk, known, certificates = result
                if old_apk:
                    old.write(path, old_apk)
                new.write(path, new_apk)
                self.known[path] = known
                signers |= certificates
        self.map_certificates(old, signers)
        self.map_certificates(new, signers)
        self.system(new)
        if "boot.img" in old:
            for version, files in ((1, old), (2, new)):
                files.write("vbmeta.img", boot_metadata(self, files, version))
        old.save(folder / "old.tar")
        new.save(folder / "new.tar")

    def choose(self, old):
        """APKs with code in them; those of the host first, then small ones."""
        candidates = []
        for path in old.matching(".apk"):
            data = old[path].data
            named = Path(path).stem in self.host.apps
            try:
                has_code = "classes.dex" in zipfile.ZipFile(io.BytesIO(data)).namelist()
            except zipfile.BadZipFile:
                continue
            if named or len(data) <= self.host.largest and (has_code or not self.host.archive):
                candidates.append((not named, self.rng("choose", path).random(), path))
        return [path for _, _, path in sorted(candidates)[:self.host.limit]]

    def drop_others(self, old, chosen):
        stems = {Path(path).stem for path in chosen}
        for path in list(old):
            match = COMPILED.match(path)
            if path.endswith(".apk") and path not in chosen and not self.host.others_stay:
                del old[path]
            elif match and match[2] in stems and "/framework/" not in path:
                del old[path]        # compiled from code that is not there any more

    def signer(self, data):
        certificate = apk.certificate_of(data)
        if certificate is None:
            raise ValueError("no signer found")
        return hashlib.sha256(certificate).hexdigest(), certificate

    def signed_again(self, data, scratch):
        """The app as it was, with the made key of its signer; and that signer's certificate."""
        original = apk.Apk(data)
        original.drop_signature()
        signer, certificate = self.signer(data)
        return self.keys.sign(original.pack(random.Random(0)), signer, self.host.sdk, scratch), {signer: certificate}

    def app(self, path, old_data, data, folder):
        original = apk.Apk(data)
        signer, certificate = self.signer(data)
        rng = self.rng("app", path)
        manifest = axml.decode(original["AndroidManifest.xml"])
        known = {"signer": signer, "package": manifest.root.get("package"), "shared": manifest.root.get("sharedUserId"), "has_code": bool(original.dex_names()), "smali": []}
        with tempfile.TemporaryDirectory() as scratch:
            scratch = Path(scratch)
            before, certificates = self.signed_again(old_data, scratch) if old_data else (None, {})
            changed = apk.Apk(data)
            changed.drop_signature()
            ids = resources.renumber(changed, rng)
            manifest = axml.decode(changed["AndroidManifest.xml"])
            if original.dex_names():
                known["smali"] = self.code(path, changed, ids, folder, scratch, rng)
            changed["AndroidManifest.xml"] = self.manifest(manifest, rng)
            after = self.keys.sign(changed.pack(rng), signer, self.host.sdk, scratch)
        return before, after, known, certificates | {signer: certificate}

    def api(self):
        return min(self.host.sdk, 29)

    def code(self, path, changed, ids, folder, scratch, rng):
        bytecode.take_apart([changed[name] for name in changed.dex_names()], scratch / "smali", self.api())
        named = set()
        for name, data in changed.items():
            if name.endswith((".xml", ".arsc")):
                named |= {part for text in axml.strings_of(data) for part in (text, text.lstrip("."))}
        before = {name: resources.in_code(text, ids) for name, text in bytecode.read(scratch / "smali").items()}
        texts, _ = bytecode.rebuilt(before, named, rng)
        parts = bytecode.split(texts, rng)
        for name in changed.dex_names():
            del changed[name]
        for index, data in enumerate(bytecode.assemble_all(parts, scratch, self.api())):
            changed[f"classes{index + 1 if index else ''}.dex"] = data
        kept = []
        for index, part in enumerate(parts):
            place = f"smali/{path.replace('/', '+')}/{index}"
            bytecode.write(part, folder / place)
            kept.append(place)
        return kept

    def manifest(self, document, rng):
        for element in document.root.walk():
            for attribute in element.attributes:
                if attribute.kind == axml.STRING and attribute.name in ("versionName", "platformBuildVersionName"):
                    attribute.value = self.other_build(attribute.value)
        return axml.encode(document)

    def other_build(self, text):
        number = self.host.incremental
        last = re.search(r"\d+", number[::-1])[0][::-1]
        return text.replace(number, number.replace(last, str(int(last) + 40 + self.seed)))

    def map_certificates(self, files, signers):
        """Files that name a signer by its certificate name the made one."""
        for path in files.matching("mac_permissions.xml"):
            text = files.text(path)
            for signer, certificate in sorted(signers.items()):
                made = self.keys.certificate(signer)
                text = re.sub(certificate.hex(), made.hex(), text, flags=re.IGNORECASE)
            files.write_text(path, text)
        for path in files.matching(".xml"):
            if "/default-permissions/" not in path and "/sysconfig/" not in path:
                continue
            text = files.text(path)
            for signer in sorted(signers):
                made = hashlib.sha256(self.keys.certificate(signer)).hexdigest().upper()
                text = re.sub(signer, made, text, flags=re.IGNORECASE)
            files.write_text(path, text)

    def system(self, new):
        rng = self.rng("system")
        days = 30 + rng.randrange(20)
        for path in sorted(new):
            entry = new[path]
            if path.endswith((".prop", "prop.default")):
                text = self.other_build(new.text(path))
                text = re.sub(r"(date\.utc=)(\d+)", lambda m: m[1] + str(int(m[2]) + days * 86400), text)
                text = re.sub(r"(build\.date=).*", r"\1Mon Jan 15 08:00:00 CST 2018", text)
                new.write_text(path, re.sub(r"(ro\.build\.(?:host|user)=).*", r"\1builder" + str(rng.randrange(100)), text))
            elif path.endswith(".rc"):
                new.write_text(path, shuffled_services(new.text(path), rng))
            elif "/etc/permissions/" in path and path.endswith(".xml"):
                new.write_text(path, new.text(path).replace("</permissions>", "<!-- built again -->\n</permissions>"))
            elif entry.data[:4] == b"\x7fELF" and rng.random() < 0.6:
                new.write(path, native.with_build_id(entry.data, rng))
        for path in self.framework_jars(new):
            new.write(path, self.jar(new[path].data, rng))
        if self.host.policy and self.host.policy[1] in new:
            place = self.host.policy[1]
            new.write(place, policy.reordered(new[place].data, rng))

    def framework_jars(self, new):
        small = [path for path in new.matching(".jar") if "/framework/" in path and 3000 < len(new[path].data) < 60_000]
        self.rng("jars").shuffle(small)
        return small[:self.host.jars]

    def jar(self, data, rng):
        """A library that others use keeps its names: only the order and debug items differ."""
        jar = apk.Apk(data)
        if not jar.dex_names():
            return data
        with tempfile.TemporaryDirectory() as scratch:
            scratch = Path(scratch)
            try:
                bytecode.take_apart([jar[name] for name in jar.dex_names()], scratch / "smali", self.api())
                texts = {name: bytecode.shuffled_members(bytecode.noisy(text, rng), rng) for name, text in bytecode.read(scratch / "smali").items()}
                jar["classes.dex"] = bytecode.assemble_all([texts], scratch, self.api())[0]
            except apk.Failed:
                return data
        return jar.pack(rng)


def boot_metadata(rebuild, files, version):
    from plants.boot import metadata
    return metadata(rebuild, files, version)


def shuffled_services(text, rng):
    """Sections of an init script; services in another order, comments other than before. The order of actions means something and stays."""
    parts = re.split(r"(?m)^(?=(?:service|on|import)\s)", text)
    places = [i for i, part in enumerate(parts) if part.startswith("service")]
    services = [parts[i] for i in places]
    rng.shuffle(services)
    for place, part in zip(places, services):
        parts[place] = part if part.endswith("\n") else part + "\n"
    return "# built again\n" + "".join(part if part.endswith("\n") or not part else part + "\n" for part in parts)


class App:
    """One app of a new tree, open for a plant: entries, manifest, code; signed again when it is closed."""

    def __init__(self, rebuild, files, known, folder, path):
        self.rebuild, self.files, self.path, self.folder = rebuild, files, path, folder
        self.known = known[path]
        self.entries = apk.Apk(files[path].data)
        self.entries.drop_signature()
        self.manifest = axml.decode(self.entries["AndroidManifest.xml"])
        self.package = self.known["package"]
        self.signer = self.known["signer"]
        self.texts = [bytecode.read(folder / place) for place in self.known["smali"]]
        self.code_changed = False

    @property
    def application(self):
        return self.manifest.root.first("application")

    def component(self, tag, class_name):
        for element in self.application.find(tag):
            if self.full(element.get("name")) == class_name:
                return element
        raise KeyError(f"{self.package} has no {tag} {class_name}")

    def full(self, name):
        return self.package + name if name.startswith(".") else name if "." in name else f"{self.package}.{name}"

    def add_class(self, text):
        if not self.texts:
            self.texts.append({})
        self.texts[0][f"z{len(self.texts[0]):05}.smali"] = text
        self.code_changed = True

    def class_text(self, class_name):
        """(part, file, text) of a class that kept its name."""
        wanted = re.compile(rf"^\.class .*L{re.escape(class_name.replace('.', '/'))};", re.MULTILINE)
        for part in self.texts:
            for name, text in part.items():
                if wanted.search(text):
                    return part, name, text
        raise KeyError(f"no class {class_name}")

    def edit(self, class_name, change):
        part, name, text = self.class_text(class_name)
        changed = change(text)
        if changed == text:
            raise KeyError(f"nothing to change in {class_name}")
        part[name] = changed
        self.code_changed = True

    def close(self, key=None):
        """Signs; key: (key, certificate) of another signer."""
        with tempfile.TemporaryDirectory() as scratch:
            scratch = Path(scratch)
            if self.code_changed:
                for name in self.entries.dex_names():
                    del self.entries[name]
                for index, data in enumerate(bytecode.assemble_all(self.texts, scratch, self.rebuild.api())):
                    self.entries[f"classes{index + 1 if index else ''}.dex"] = data
            self.entries["AndroidManifest.xml"] = axml.encode(self.manifest)
            packed = self.entries.pack(self.rebuild.rng("plant", self.path))
            signed = apk.sign(packed, *(key or self.rebuild.keys.made(self.signer)), self.rebuild.host.sdk, scratch)
        self.files[self.path] = replace(self.files[self.path], data=signed) if self.path in self.files else tree.Entry(signed)
