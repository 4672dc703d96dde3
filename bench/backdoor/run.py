#!/usr/bin/env python3
"""The back-door bench: plants changes, one at a time, in a realistic rebuild, and prints where `klikspaan diff` puts each.

  bench/backdoor/run.py BUILD_FOLDER [--work FOLDER] [--host NAME,…] [--only PATTERN] [--seed N] [--jobs N] [--smoke] [--pair] [--list] [--rows N]

A clean rebuild of each host is compared too: its rows above info are false alarms. Exit code 1 when a scored plant is not within the
first 20 rows, or a clean rebuild raises more than 3. Nothing of the evidence is stored: trees are made in the work folder.
"""
import argparse
import dataclasses
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import hosts
import plants
import rebuild
import tree

PLACES, ALARMS = 20, 3
SMOKE = ("open_command_receiver.sample", "root_certificate_added.sample", "service_becomes_root.sample")


class Bench:
    def __init__(self, arguments):
        self.program = pathlib.Path(arguments.build) / "klikspaan"
        self.work = arguments.work
        self.rows = arguments.rows
        self.seed = arguments.seed
        self.trees, self.cleans = {}, {}

    def run(self, *words):
        done = subprocess.run([str(word) for word in words], capture_output=True, check=False, env={**os.environ, "XDG_CACHE_HOME": str(self.work / "cache")})
        if done.returncode not in (0, 1, 3):           # 3: something inside could not be read, which is normal for firmware
            raise RuntimeError(f"{' '.join(str(w) for w in words[:3])}: {done.stderr.decode(errors='replace')[-400:]}")
        return done.stdout

    def scan(self, archive):
        case = archive.with_suffix(".case")
        self.run(self.program, "scan", archive, "--case", case, "--force")
        return case

    def host(self, name):
        """The clean rebuild of a host and the case of its old side."""
        if name not in self.trees:
            made = rebuild.Rebuild(hosts.HOSTS[name], self.work, self.seed)
            old, new, known, folder = made.prepared()
            self.trees[name] = (made, new, known, folder, self.scan(folder / "old.tar"))
        return self.trees[name]

    def changes(self, old_case, archive):
        case = self.scan(archive)
        raw = self.run(self.program, "diff", old_case, case, "--format", "json")
        case.unlink()
        return json.loads(raw)["changes"]

    def clean(self, name):
        _, _, _, folder, old_case = self.host(name)
        self.cleans[name] = self.changes(old_case, folder / "new.tar")
        return self.cleans[name]

    def plant(self, one):
        """A copy of the clean rebuild with one change in it, as a tar, and how its row is recognised."""
        made, new, known, folder, old_case = self.host(one.host)
        files = tree.Tree(new)
        rng = random.Random(f"{self.seed}/{one.name}")
        scratch = folder / "trials" / one.name
        scratch.mkdir(parents=True, exist_ok=True)
        site = plants.Site(made, files, known, folder, rng)
        sees = one.make(site)
        site.close()
        archive = scratch / "new.tar"
        files.save(archive)
        return archive, sees, old_case

    def trial(self, one):
        started = time.monotonic()
        try:
            archive, sees, old_case = self.plant(one)
            rows = self.changes(old_case, archive)
            archive.unlink()
            noise = next((row for row in self.cleans[one.host] if sees.matches(row)), None)
            if noise:
                raise ValueError(f"what tells of it stands in the clean rebuild too: {short(noise)}")
        except Exception as error:                      # a plant that cannot be made must not hide the others
            return {"plant": one, "error": f"{type(error).__name__}: {error}".splitlines()[0][:200]}
        place = next((index for index, row in enumerate(rows, 1) if sees.matches(row)), None)
        return {"plant": one, "place": place, "row": rows[place - 1] if place else None, "rows": rows, "seconds": time.monotonic() - started}


def above_info(rows):
    return [row for row in rows if row["severity"] != "info"]


def short(row):
    tells = " → ".join(str(row.get(key) or "–").replace("\n", " ")[:60] for key in ("before", "after"))
    return f"{row['severity']:8} {row['kind']:34} {row['subject'][:60]}  {tells}"


def show_clean(name, rows, shown):
    alarms = above_info(rows)
    print(f"clean rebuild of {name}: {len(rows)} rows, {len(alarms)} above info")
    for row in alarms[:shown]:
        print(f"      {short(row)}")
    return len(alarms)


def show_trial(result, clean, shown):
    one = result["plant"]
    mark = ("" if one.scored else " (not scored)") + (" quiet" if one.quiet else "")
    if "error" in result:
        print(f"error {one.name}{mark}: {result['error']}")
        return False
    place = result["place"]
    found = place is not None and place <= PLACES
    print(f"{place or '–':>5} {one.name}{mark} [{one.sort}]" + (f": {short(result['row'])}" if place else f"  not among {len(result['rows'])} rows"))
    if not found and shown:
        known = {(row["kind"], row["subject"]) for row in clean}
        for row in [row for row in result["rows"] if (row["kind"], row["subject"]) not in known][:shown]:
            print(f"      instead: {short(row)}")
    sys.stdout.flush()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", nargs="?", default="build")
    parser.add_argument("--work", type=pathlib.Path, default=None, help="kept between runs; BUILD/backdoor by default")
    parser.add_argument("--host", default="")
    parser.add_argument("--only", default="", help="a pattern of names")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rows", type=int, default=8, help="rows to show of a clean rebuild and beside a miss")
    parser.add_argument("--smoke", action="store_true", help="three plants on the sample phone")
    parser.add_argument("--pair", action="store_true", help="plants of the BLU in its real update of 2016 to 2017 instead; places are shown, not scored")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--trees", action="store_true", help="make the planted trees only")
    arguments = parser.parse_args()
    arguments.work = (arguments.work or pathlib.Path(arguments.build) / "backdoor").resolve()

    chosen = [one for one in plants.load() if re.search(arguments.only, one.name) and (not arguments.host or one.host in arguments.host.split(","))]
    if arguments.pair:
        chosen = [dataclasses.replace(one, host="blu-pair", scored=False) for one in chosen if one.host == "blu"]
    if arguments.smoke:
        chosen = [one for one in chosen if one.name in SMOKE]
        hosts.HOSTS["sample"] = dataclasses.replace(hosts.HOSTS["sample"], apps=("SampleTool", "SampleHelper"), limit=5)
        arguments.work /= "smoke"
    if arguments.list:
        for one in chosen:
            print(f"{one.name:44} {one.sort:30} {one.host:8} {'quiet' if one.quiet else '':6} {one.about}")
        print(f"{len(chosen)} plants of {len({one.sort for one in chosen})} sorts")
        return 0
    arguments.work.mkdir(parents=True, exist_ok=True)
    bench = Bench(arguments)
    absent = {name: hosts.present(hosts.HOSTS[name]) for name in sorted({one.host for one in chosen})}
    for name, why in absent.items():
        if why:
            print(f"{name}: left out, {why}")
    chosen = [one for one in chosen if not absent[one.host]]
    if arguments.trees:
        for one in chosen:
            try:
                print(f"{one.name}: {bench.plant(one)[0]}")
            except Exception as error:
                print(f"{one.name}: error {type(error).__name__}: {error}")
        return 0

    failed, clean = False, {}
    for name in sorted({one.host for one in chosen}):
        clean[name] = bench.clean(name)
        failed |= show_clean(name, clean[name], arguments.rows) > ALARMS and not arguments.pair
    with ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(bench.trial, chosen))
    found = {one.name: show_trial(result, clean[one.host], arguments.rows) for one, result in zip(chosen, results)}
    scored = [one for one in chosen if one.scored]
    hits = sum(found[one.name] for one in scored)
    print(f"{hits} of {len(scored)} within the first {PLACES}, {len({one.sort for one in scored})} sorts, seed {arguments.seed}")
    return 1 if failed or hits < len(scored) else 0


if __name__ == "__main__":
    sys.exit(main())
