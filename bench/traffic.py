#!/usr/bin/env python3
"""Reading captures beside tshark and nDPI: MB of capture per CPU second, one thread each, in one run.

  bench/traffic.py BUILD_FOLDER [--size BYTES] [--rounds N] [--big BYTES] [--work FOLDER]

The input is made from the captures of the evidence, again and again with other addresses (bench/traffic_mix.cc), so nobody takes two copies for one
connection. klikspaan's figure holds the writing of the case, and the digest of the input; what the others print is thrown away. tshark needs a second before its
first packet, so the input must not be small. Before the figures stands what each found: a faster answer with fewer names is no win.
--big: also the memory of klikspaan on a capture of so many bytes."""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
EVIDENCE = pathlib.Path(os.environ.get("KLIK_EVIDENCE", ROOT / "../shared/evidence"))


def measure(command):
    child = subprocess.Popen([str(c) for c in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def names_of_klikspaan(build, case):
    sql = "SELECT DISTINCT lower(sni) FROM tls_hello WHERE client = 1 AND sni IS NOT NULL"
    out = subprocess.run([build / "klikspaan", "query", case, sql, "--format", "json"], check=True, stdout=subprocess.PIPE, text=True).stdout
    found = json.loads(out)
    rows = found["rows"] if isinstance(found, dict) else found
    return {row[0] if isinstance(row, list) else next(iter(row.values())) for row in rows}


def names_of_tshark(capture):
    out = subprocess.run(["tshark", "-n", "-r", capture, "-T", "fields", "-e", "tls.handshake.extensions_server_name"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return {name.strip().lower() for line in out.splitlines() for name in line.split(",") if name.strip()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--size", type=int, default=300_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--big", type=int, default=0)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("/var/tmp"))
    a = parser.parse_args()
    captures = sorted(p for folder in ("phones", "protocols") for p in (EVIDENCE / "traffic" / folder).glob("*.pcap*") if p.suffix != ".out") if EVIDENCE.exists() else []
    if not captures:
        raise SystemExit("the captures of the evidence are absent")
    with tempfile.TemporaryDirectory(prefix="klik-traffic-", dir=a.work) as work:
        work = pathlib.Path(work)
        mix, case = work / "mix.pcap", work / "mix.case"
        made = subprocess.run([a.build / "traffic_mix", mix, str(a.size), *captures], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        print("small packets, no secrets:", made)
        scan = [a.build / "klikspaan", "scan", mix, "--case", case, "--force", "--no-cache", "--threads", "1"]
        commands = {"klikspaan, case written": scan}
        if shutil.which("tshark"):
            commands["tshark, SNI"] = ["tshark", "-n", "-r", mix, "-T", "fields", "-e", "tls.handshake.extensions_server_name"]
        if shutil.which("ndpiReader"):
            commands["ndpiReader -q"] = ["ndpiReader", "-q", "-i", mix]
        measure(scan)
        mine = names_of_klikspaan(a.build, case)
        if shutil.which("tshark"):
            theirs = names_of_tshark(mix)
            print(f"names in hellos: klikspaan {len(mine)}, tshark {len(theirs)}; only tshark: {len(theirs - mine)}")
        runs = {name: [] for name in commands}
        for _ in range(a.rounds):
            for name, command in commands.items():
                runs[name].append(measure(command))
        size = mix.stat().st_size / 1e6
        own = statistics.median(r[0] for r in runs["klikspaan, case written"])
        for name, results in runs.items():
            seconds = [r[0] for r in results]
            middle = statistics.median(seconds)
            print(f"  {name:26} {middle:8.2f} CPU-s ({min(seconds):.2f} … {max(seconds):.2f})  {size / middle:7.0f} MB/CPU-s  {max(r[1] for r in results):6.0f} MB  klikspaan is {middle / own:.1f} times as fast")
        for name in ("tshark", "ndpiReader"):
            if not shutil.which(name):
                print(f"  {name}: absent")
        if a.big:
            big = work / "big.pcap"
            made = subprocess.run([a.build / "traffic_mix", big, str(a.big), *captures], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
            seconds, memory, code = measure([a.build / "klikspaan", "scan", big, "--case", case, "--force", "--no-cache", "--threads", "1"])
            print(f"large: {made}; {seconds:.1f} CPU-s, {memory:.0f} MB, exit {code} (goal: 100 MiB)")


if __name__ == "__main__":
    main()
