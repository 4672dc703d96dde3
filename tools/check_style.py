#!/usr/bin/env python3
"""Rules of the house that a compiler does not know. Prints each breach; exit code 1 when there is one."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
# Where untrusted offsets become pointers, and where C interfaces of libraries demand a cast.
CASTS = {"src/base/bytes.h"}
LIBRARY = re.compile(r"sqlite3|z_stream|Bytef|bz_stream|const char\*>\(|unsigned char|text_from|EVP|BIO|X509|lzma|unsigned_char|next_in|next_out|avail")
LONGEST = 1200
bad = 0


def breach(path, line, what):
    global bad
    bad += 1
    print(f"{path}:{line}: {what}")


for path in sorted((ROOT / "src").rglob("*")):
    if path.suffix not in (".cc", ".h"):
        continue
    name = str(path.relative_to(ROOT))
    lines = path.read_text().splitlines()
    if len(lines) > LONGEST:
        breach(name, len(lines), f"longer than {LONGEST} lines")
    if path.suffix == ".h" and "#pragma once" not in lines:
        breach(name, 1, "no #pragma once")
    if path.stem in ("utils", "util", "misc", "common", "helpers"):
        breach(name, 1, "a name that says nothing")
    for number, line in enumerate(lines, 1):
        if re.search(r"\bmemcpy\b", line) and name not in CASTS:
            breach(name, number, "memcpy outside base/bytes.h")
        if "reinterpret_cast" in line and name not in CASTS and not LIBRARY.search(line):
            breach(name, number, "reinterpret_cast outside base/bytes.h")
        if "std::expected" in line and name != "src/base/result.h":
            breach(name, number, "std::expected spelled outside base/result.h")
        if re.search(r"\b(TODO|FIXME|XXX)\b", line):
            breach(name, number, "unfinished work belongs in an issue")
        if re.search(r"\bstd::cout\b|\bprintf\(|\bfmt::print\(", line) and not name.startswith(("src/cli/", "src/ledger/sqlite.cc")):
            breach(name, number, "only the command line prints")
sys.exit(1 if bad else 0)
