#!/usr/bin/env python3
"""Fails if a module includes one that the layer table does not allow. The table IS the architecture."""
import pathlib, re, sys

MAY_USE = {
    "base": [],
    "io": ["base"],
    "cache": ["base", "io"],
    "facts": ["base"],
    "formats": ["base"],
    "containers": ["base", "io", "formats"],
    # An app lies in a zip that may be gigabytes behind decoders, so apps read through containers' ZipArchive.
    "apps": ["base", "io", "formats", "containers"],
    "data": ["base"],
    "flow": ["base", "formats"],
    "traffic": ["base", "io", "formats", "data"],
    # Takes packets from an interface into a file and reads nothing of them: the scan reads the file.
    "live": ["base"],
    "extract": ["base", "io", "cache", "facts", "formats", "containers", "apps", "data", "flow", "traffic"],
    "engine": ["base", "io", "cache", "facts", "formats", "containers", "extract"],
    "ledger": ["base", "facts"],
    "compare": ["base", "io", "facts", "formats", "data", "flow", "ledger"],
    "views": ["base", "facts", "ledger", "compare"],
    "cli": ["base", "io", "cache", "facts", "containers", "data", "live", "extract", "engine", "ledger", "compare", "views"],
}

root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "src")
bad = 0
for path in sorted(p for p in root.rglob("*") if p.suffix in (".cc", ".h", ".def")):
    module = path.relative_to(root).parts[0]
    if module not in MAY_USE:
        print(f"{path}: module '{module}' is not in the layer table")
        bad += 1
        continue
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = re.match(r'\s*#\s*include\s+"([a-z_]+)/', line)
        if found and found[1] != module and found[1] not in MAY_USE[module]:
            print(f"{path}:{number}: {module} may not include {found[1]}")
            bad += 1
sys.exit(1 if bad else 0)
