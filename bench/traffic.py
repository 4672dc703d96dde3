#!/usr/bin/env python3
"""Reading captures beside tshark and nDPI: MB of capture per CPU second, one thread each, in one run.

  bench/traffic.py BUILD_FOLDER [--size BYTES] [--bulk BYTES] [--rounds N] [--big BYTES] [--work FOLDER]

Two inputs. Small packets without secrets: made from the captures of the evidence, again and again with other addresses (bench/traffic_mix.cc), so nobody takes two copies for one
connection. klikspaan's figure holds the writing of the case, and the digest of the input; what the others print is thrown away. tshark needs a second before its
first packet, so the input must not be small. Before the figures stands what each found: a faster answer with fewer names is no win.
Bulk of HTTP/2 with its secrets, made in the same way: klikspaan decrypts, opens and searches every body for 500 made identifiers, tshark decrypts to the bodies.
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


def made_identifiers(path, count):
    """Of every fifth kind one, none of which is anybody's: IMEIs of a test allocation, names of the documentation domain."""
    random_digits = lambda n, digits: "".join(str((n * 7919 + i * i * 31 + i * 17) % 10) for i in range(digits))
    lines = []
    for n in range(count):
        lines.append((f"imei 00101061{random_digits(n, 7)}", f"android_id {n * 2654435761 % 2**63:016x}", f"email test.{n:06d}@example.com", f"serial TEST{n:08d}", f"canary made-canary-{n:06d}")[n % 5])
    path.write_text("\n".join(lines) + "\n")


def table(commands, rounds, size):
    runs = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(measure(command))
    own = statistics.median(r[0] for r in next(iter(runs.values())))
    for name, results in runs.items():
        seconds = [r[0] for r in results]
        middle = statistics.median(seconds)
        print(f"  {name:26} {middle:8.2f} CPU-s ({min(seconds):.2f} … {max(seconds):.2f})  {size / middle:7.0f} MB/CPU-s  {max(r[1] for r in results):6.0f} MB  klikspaan is {middle / own:.1f} times as fast")


def bulk(a, work, scan):
    capture, keys = (EVIDENCE / "traffic" / "tls-keys" / f"http2-data-reassembly.{kind}" for kind in ("pcap", "keys"))
    big, own, case = work / "bulk.pcap", work / "identifiers.txt", work / "bulk.case"
    made = subprocess.run([a.build / "traffic_mix", big, str(a.bulk), capture], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    made_identifiers(own, 500)
    print("bulk of HTTP/2 with secrets and 500 identifiers:", made)
    commands = {"klikspaan, case written": [*scan, big, keys, "--identifiers", own, "--case", case]}
    if shutil.which("tshark"):
        commands["tshark, bodies"] = ["tshark", "-n", "-o", f"tls.keylog_file:{keys}", "-r", big, "-T", "fields", "-e", "http2.data.data"]
    measure(commands["klikspaan, case written"])
    bodies = subprocess.run([a.build / "klikspaan", "query", case, "SELECT sum(body_bytes) FROM message WHERE state = 'decrypted'", "--format", "json"], check=True, stdout=subprocess.PIPE, text=True).stdout
    print("bytes of bodies that klikspaan opened:", "".join(c for c in bodies.split("rows")[-1] if c.isdigit()))
    table(commands, a.rounds, big.stat().st_size / 1e6)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--size", type=int, default=300_000_000)
    parser.add_argument("--bulk", type=int, default=200_000_000)
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
        scan = [a.build / "klikspaan", "scan", "--force", "--no-cache", "--threads", "1"]
        commands = {"klikspaan, case written": [*scan, mix, "--case", case]}
        if shutil.which("tshark"):
            commands["tshark, SNI"] = ["tshark", "-n", "-r", mix, "-T", "fields", "-e", "tls.handshake.extensions_server_name"]
        if shutil.which("ndpiReader"):
            commands["ndpiReader -q"] = ["ndpiReader", "-q", "-i", mix]
        measure(commands["klikspaan, case written"])
        mine = names_of_klikspaan(a.build, case)
        if shutil.which("tshark"):
            theirs = names_of_tshark(mix)
            print(f"names in hellos: klikspaan {len(mine)}, tshark {len(theirs)}; only tshark: {len(theirs - mine)}")
        table(commands, a.rounds, mix.stat().st_size / 1e6)
        for name in ("tshark", "ndpiReader"):
            if not shutil.which(name):
                print(f"  {name}: absent")
        if a.bulk:
            bulk(a, work, scan)
        if a.big:
            big = work / "big.pcap"
            made = subprocess.run([a.build / "traffic_mix", big, str(a.big), *captures], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
            seconds, memory, code = measure([*scan, big, "--case", case])
            print(f"large: {made}; {seconds:.1f} CPU-s, {memory:.0f} MB, exit {code} (goal: 100 MiB)")


if __name__ == "__main__":
    main()
