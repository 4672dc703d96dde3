#!/usr/bin/env python3
"""Fails if a sentence about something that could not be read has no Dutch in reports/phrases/problem.*.txt, or a phrase there
has no sentence any more.

Such sentences are literals all over the source (base/result.h: Error::what), and advice beside them. What counts as one:
in modules that read, every literal of several words that is neither part of a longer text nor said about the module itself
(its title, its source); elsewhere what stands in a call or a list beside a Code::, or in a call that only takes sentences.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
READERS = ("base", "io", "containers", "formats", "apps", "engine")
OTHERS = ("extract", "traffic", "flow", "data")
TAKES_SENTENCES = {"fail", "lost", "error", "note", "lack", "tell", "problem", "tell_problem", "damaged", "failed", "drop_block", "emit", "none"}
# Fields that describe a reader in `klikspaan list` and the documentation.
DESCRIBES = {"title", "spec", "limits", "source", "reference"}
# Literals of several words that no problem says.
NO_SENTENCES = {
    "base/codes.def": None,              # said by code, with words of their own (reports/words.txt, set "code")
    "data/decoder_file.cc": None,        # about data/decoders, which a test reads
    "engine/file_kind.cc": None,         # beginnings of files
    "containers/ext4_io.cc": {"klikspaan source"},
    "containers/erofs.cc": {"packed inode"},
    "engine/folder.cc": {"klikspaan folder 1\n"},
    "engine/scan.cc": {"klikspaan build 1\n", "applied to\n"},
    "engine/recall.cc": {"klikspaan facts 1"},
    "formats/android/sepolicy_layout.cc": {"SE Linux"},
    "formats/net/tls_names.cc": None,    # names of versions
    "extract/domains.cc": {"seclabel of the service"},
    "apps/signing/jar_digests.cc": {"SHA SHA1"},
}

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|#include[^\n]*|"(?:\\.|[^"\\\n])*"(?:sv)?|\'(?:\\.|[^\'\\\n])\'|[A-Za-z_]\w*(?:::\w+)*|\d[\w\'.]*|\S', re.S)
SENTENCE = re.compile(r"\w\S* \S*\w")


def unquoted(token):
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "0": "\0"}.get(m[1], m[1]), token[1:token.rindex('"')])


def tokens_of(text):
    """Tokens without comments; literals that follow each other are one."""
    out = []
    for token in TOKEN.findall(text):
        if token.startswith(("//", "/*", "#include")):
            continue
        if token[0] == '"' and out and out[-1][0] == '"' and not token.endswith("sv"):
            out[-1] = out[-1][:-1] + token[1:]
        else:
            out.append(token)
    return out


def enclosing(tokens):
    """For every token: where the innermost bracket around it opens, or None."""
    open_at, around = [], []
    for i, token in enumerate(tokens):
        if token in (")", "]", "}") and open_at:
            open_at.pop()
        around.append(open_at[-1] if open_at else None)
        if token in ("(", "[", "{"):
            open_at.append(i)
    return around


def sentences(text, all_of_them):
    tokens = tokens_of(text)
    around = enclosing(tokens)
    with_code = {around[i] for i, t in enumerate(tokens) if re.search(r"\bCode::\w", t)}
    for i, token in enumerate(tokens):
        if token[0] != '"' or token.endswith("sv") or not SENTENCE.search(unquoted(token)):
            continue
        before, after = tokens[i - 1], tokens[i + 1] if i + 1 < len(tokens) else ""
        # A piece of a longer text: names and numbers, which are detail.
        if unquoted(token)[0] in " ,;" or unquoted(token)[-1] in " ,;" or before == "+" or after == "+" or (before == "=" and tokens[i - 2] == "+") or before == "==":
            continue
        at = around[i]
        direct = at is not None and (at in with_code and tokens[at] in "({" or tokens[at] == "(" and tokens[at - 1].split("::")[-1] in TAKES_SENTENCES)
        described = before == "=" and tokens[i - 2] in DESCRIBES
        named = (before == "=" or before == "return") and not described
        if direct or (all_of_them and not described) or (named and re.search("advice", " ".join(tokens[max(0, i - 12):i]))):
            yield unquoted(token)


phrases = {}
for path in sorted((ROOT / "reports/phrases").glob("problem.*.txt")):
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            phrases[line.split(" | ")[0]] = path.name

bad, said = 0, set()
for module in READERS + OTHERS:
    for path in sorted((ROOT / "src" / module).rglob("*")):
        name = str(path.relative_to(ROOT / "src"))
        exempt = NO_SENTENCES.get(name, set())
        if path.suffix not in (".cc", ".h", ".def") or exempt is None:
            continue
        for sentence in sentences(path.read_text(), module in READERS):
            said.add(sentence)
            if sentence not in phrases and sentence not in exempt:
                print(f"src/{name}: no Dutch in reports/phrases/problem.*.txt for: {sentence}")
                exempt = exempt | {sentence}
                bad += 1
# What SQL says stands in raw literals and in pages.
everything = "\n".join(p.read_text() for folder, ending in (("src", "*.cc"), ("src", "*.h"), ("reports", "*.sql")) for p in sorted((ROOT / folder).rglob(ending)))
for phrase, name in phrases.items():
    if phrase not in said and phrase.replace('"', '\\"') not in everything:
        print(f"reports/phrases/{name}: nothing says: {phrase}")
        bad += 1
sys.exit(1 if bad else 0)
