#!/usr/bin/env python3
"""Writes the pages of docs/ that the program itself can tell, or with --check says which are stale.

  tools/regen_docs.py [--check] [PROGRAM]
"""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = {"docs/case-file.md": ["list", "facts", "--markdown"], "docs/formats.md": ["list", "formats", "--markdown"], "docs/rules.md": ["list", "rules", "--markdown"],
         "docs/changes.md": ["list", "changes", "--markdown"], "docs/powers.md": ["list", "powers", "--markdown"]}


def main():
    arguments = [a for a in sys.argv[1:] if a != "--check"]
    program = arguments[0] if arguments else str(ROOT / "klikspaan")
    stale = 0
    for page, command in PAGES.items():
        text = subprocess.run([program, *command], check=True, capture_output=True, text=True).stdout
        path = ROOT / page
        if path.exists() and path.read_text() == text:
            continue
        stale += 1
        if "--check" in sys.argv:
            print(f"{page} is stale: run tools/regen_docs.py")
        else:
            path.write_text(text)
            print(f"wrote {page}")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
