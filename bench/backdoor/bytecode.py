"""Bytecode of one app as smali texts: taken apart, renamed as an optimiser would, put in another order, split, put together.

What keeps its name is what a shrinker keeps: names that the manifest, resources or texts of the code say, native methods, and methods
that may override the platform's. All else gets a short new name in one package. Debug items go.
"""
import re
import shutil
import string
from pathlib import Path

from apk import JAVA, run

JARS = "/usr/share/java"
SMALI = ":".join(f"{JARS}/{name}.jar" for name in ("antlr3-runtime", "dexlib2", "guava", "failureaccess", "jcommander", "smali", "baksmali", "smali-util"))
TYPE = re.compile(r"L[\w$/\-]+;")
REFERENCE = re.compile(r"(L[\w$/\-]+;)->([\w$\-]+|<init>|<clinit>)(\(|:)([^\s,}]*)")
DECLARED = re.compile(r"^\.(method|field)\s+(.*?)([\w$<>\-]+)(\(\S*|:\S+)(.*)$", re.MULTILINE)
DROPPED = re.compile(r"\n *\.annotation system Ldalvik/annotation/(?:InnerClass|EnclosingClass|EnclosingMethod|MemberClasses|Signature|SourceDebugExtension);.*?\n *\.end annotation\n", re.DOTALL)
OF_OBJECT = {"toString", "equals", "hashCode", "finalize", "clone", "getClass", "wait", "notify", "notifyAll", "values", "valueOf"}
# Real optimisers keep these names of serialised and parcelled classes.
MAGIC = {"CREATOR", "serialVersionUID", "readObject", "writeObject", "readResolve", "writeReplace"}


def take_apart(dexes, folder, api):
    """Folder of smali texts from bytes of classes*.dex, without debug items."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for index, data in enumerate(dexes):
        dex = folder.parent / f"{folder.name}-{index}.dex"
        dex.write_bytes(data)
        run(*JAVA, "-cp", SMALI, "org.jf.baksmali.Main", "disassemble", "--debug-info", "false", "--api", api, "--jobs", "1", "-o", folder, dex)
        dex.unlink()


def put_together(folder, out, api):
    run(*JAVA, "-cp", SMALI, "org.jf.smali.Main", "assemble", "--api", api, "--jobs", "1", "-o", out, folder)
    return out.read_bytes()


def read(folder):
    return {str(p.relative_to(folder)): p.read_text(encoding="utf-8", errors="surrogateescape") for p in sorted(folder.rglob("*.smali"))}


def write(texts, folder):
    shutil.rmtree(folder, ignore_errors=True)
    for index, (name, text) in enumerate(texts.items()):
        # Smali takes files by their place, names are ours to choose; short ones survive any class name.
        path = folder / f"{index:05}.smali"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="surrogateescape")


class Class:
    def __init__(self, text):
        self.text = text
        head = re.search(r"^\.class\s+(.*?)(L[\w$/\-]+;)", text, re.MULTILINE)
        self.flags, self.type = head[1].split(), head[2]
        parent = re.search(r"^\.super\s+(\S+)", text, re.MULTILINE)
        self.parent = parent[1] if parent else None
        self.interfaces = re.findall(r"^\.implements\s+(\S+)", text, re.MULTILINE)
        self.methods, self.fields = [], []
        for kind, flags, name, shape, _ in DECLARED.findall(text):
            (self.methods if kind == "method" else self.fields).append((name, flags.split(), shape))


def short_names(taken):
    letters, width = string.ascii_lowercase, 1
    while True:
        for number in range(len(letters) ** width):
            name = ""
            for _ in range(width):
                name, number = name + letters[number % 26], number // 26
            if name not in taken and name not in ("do", "if"):
                yield name
        width += 1


class Renamer:
    def __init__(self, texts, named, rng):
        """named: texts outside the code that may name classes or methods."""
        self.classes = {}
        for text in texts.values():
            one = Class(text)
            self.classes[one.type] = one
        said = set(named)
        for text in texts.values():
            said.update(re.findall(r'const-string(?:/jumbo)? \S+, "(.*)"', text))
            said.update(re.findall(r'= "(.*)"', text))
        self.said = said
        self.types = self._types(rng)
        self.methods = self._members(rng, self._method_names())
        self.fields = self._members(rng, self._field_names())

    def _is_said(self, type_name):
        dotted = type_name[1:-1].replace("/", ".")
        return bool({dotted, dotted.replace("$", "."), type_name[1:-1], type_name, dotted.rsplit(".", 1)[-1]} & self.said)

    def _types(self, rng):
        kept = {t for t, c in self.classes.items() if self._is_said(t) or any("native" in flags for _, flags, _ in c.methods) or "annotation" in c.flags}
        movable = [t for t in self.classes if t not in kept]
        rng.shuffle(movable)
        package = rng.choice(("a/a", "b/b/a", "q", "defpackage"))
        names = short_names({t[1:-1].rsplit("/", 1)[-1].lower() for t in kept})
        return {t: f"L{package}/{next(names)};" for t in sorted(movable, key=lambda _: rng.random())}

    def _outside(self, type_name, seen=None):
        """Whether some ancestor is neither the app's own nor Object: then a method may override one that is called from outside."""
        stack, seen = [type_name], set()
        while stack:
            one = stack.pop()
            if one in seen or one == "Ljava/lang/Object;" or one is None:
                continue
            seen.add(one)
            if one not in self.classes:
                return True
            stack += [self.classes[one].parent, *self.classes[one].interfaces]
        return False

    def _method_names(self):
        own, fixed = set(), set(OF_OBJECT) | MAGIC | self.said
        for one in self.classes.values():
            outside = self._outside(one.type)
            for name, flags, _ in one.methods:
                own.add(name)
                direct = "private" in flags or "static" in flags
                if name.startswith("<") or "native" in flags or "annotation" in one.flags or outside and not direct:
                    fixed.add(name)
        return own - fixed, own | fixed

    def _field_names(self):
        own, fixed = set(), MAGIC | self.said
        for one in self.classes.values():
            for name, _, _ in one.fields:
                own.add(name)
                if "enum" in one.flags or "annotation" in one.flags:
                    fixed.add(name)
        return own - fixed, own | fixed

    def _members(self, rng, names):
        movable, taken = sorted(names[0]), names[1]
        rng.shuffle(movable)
        fresh = short_names(taken)
        return {name: next(fresh) for name in movable}

    def _is_own(self, type_name, name, which):
        """Whether a reference means a member that the app declares, looked up along parents and interfaces."""
        stack, seen = [type_name], set()
        while stack:
            one = self.classes.get(stack.pop())
            if one is None or one.type in seen:
                continue
            seen.add(one.type)
            if any(name == declared for declared, _, _ in getattr(one, which)):
                return True
            stack += [one.parent, *one.interfaces]
        return False

    def _reference(self, match):
        owner, name, mark, rest = match.groups()
        which, table = ("methods", self.methods) if mark == "(" else ("fields", self.fields)
        if name in table and self._is_own(owner, name, which):
            name = table[name]
        return f"{owner}->{name}{mark}{rest}"

    def _declared(self, match):
        kind, flags, name, shape, rest = match.groups()
        table = self.methods if kind == "method" else self.fields
        return f".{kind} {flags}{table.get(name, name)}{shape}{rest}"

    def renamed(self, text):
        lines = []
        for line in DECLARED.sub(self._declared, DROPPED.sub("\n", text)).split("\n"):
            if "const-string" not in line:
                line = REFERENCE.sub(self._reference, line)
                if '"' not in line:
                    line = TYPE.sub(lambda m: self.types.get(m[0], m[0]), line)
                else:                                  # a constant of a field, or a value of an annotation
                    head, quote, tail = line.partition('"')
                    line = TYPE.sub(lambda m: self.types.get(m[0], m[0]), head) + quote + tail
            lines.append(line)
        return "\n".join(lines)


def noisy(text, rng):
    """Encodings that compilers choose freely: wider jumps, jumbo references."""
    if rng.random() < 0.5:
        text = re.sub(r"^    goto :", "    goto/16 :", text, flags=re.MULTILINE)
    if rng.random() < 0.3:
        text = re.sub(r"^    const-string (v\d+|p\d+),", r"    const-string/jumbo \1,", text, flags=re.MULTILINE)
    return re.sub(r"^\.source .*\n", "", text, flags=re.MULTILINE)


def shuffled_members(text, rng):
    """Methods in another order; what stands before the first one stays."""
    parts = re.split(r"(?m)^(?=\.method )", text)
    head, methods = parts[0], parts[1:]
    rng.shuffle(methods)
    return head + "".join(method if method.endswith("\n") else method + "\n" for method in methods)


def rebuilt(texts, named, rng):
    """The same code under other names in another order: {file: text}."""
    renamer = Renamer(texts, named, rng)
    names = sorted(texts)
    rng.shuffle(names)
    return {f"{index:05}.smali": shuffled_members(noisy(renamer.renamed(texts[name]), rng), rng) for index, name in enumerate(names)}, renamer


def split(texts, rng):
    """Over one or two DEX files."""
    names = list(texts)
    if len(names) < 4 or rng.random() < 0.66:
        return [texts]
    cut = rng.randrange(1, len(names))
    return [{n: texts[n] for n in names[:cut]}, {n: texts[n] for n in names[cut:]}]


def assemble_all(parts, work, api):
    """DEX files from lists of texts."""
    out = []
    for index, part in enumerate(parts):
        folder = Path(work) / f"smali{index}"
        write(part, folder)
        out.append(put_together(folder, Path(work) / f"classes{index}.dex", api))
        shutil.rmtree(folder)
    return out
