#!/usr/bin/env python3
"""Measures klikspaan beside its peers and prints one table. Run on a quiet machine.

  bench/run.py BUILD_FOLDER [--size BYTES] [--work FOLDER] [--only NAME,...]

CPU and memory are the operating system's account of each finished process; times are medians of interleaved runs.
A peer that is not installed is said to be absent.
"""
import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
EVIDENCE = pathlib.Path(os.environ.get("KLIK_EVIDENCE", ROOT / "../shared/evidence"))


def measure(command):
    """One run: wall and CPU seconds, peak memory in MB, exit code."""
    start = time.monotonic()
    child = subprocess.Popen([str(c) for c in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    return {"wall": time.monotonic() - start, "cpu": usage.ru_utime + usage.ru_stime, "mb": usage.ru_maxrss / 1024, "exit": os.waitstatus_to_exitcode(status)}


def interleaved(commands, runs):
    """{name: command} → {name: medians}; A B A B …, so that a drifting machine touches all alike."""
    seen = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            seen[name].append(measure(command))
    return {name: {k: statistics.median(r[k] for r in rows) for k in ("wall", "cpu", "mb", "exit")} for name, rows in seen.items()}


def show(title, results, against=None):
    print(f"\n{title}")
    print(f"  {'':34} {'wall s':>8} {'CPU s':>8} {'peak MB':>8}  exit" + ("  CPU ratio" if against else ""))
    for name, r in results.items():
        ratio = f"  {r['cpu'] / results[against]['cpu']:9.2f}" if against else ""
        print(f"  {name:34} {r['wall']:8.2f} {r['cpu']:8.2f} {r['mb']:8.0f}  {r['exit']:4.0f}{ratio}")


def archives(build, work):
    if not EVIDENCE.exists():
        print("\nfirmware archives: absent (no evidence here)")
        return
    commands = {}
    for archive in sorted((EVIDENCE / "firmware").glob("*.tar.zst")):
        commands[archive.name] = [build / "klikspaan", "scan", archive, "--case", work / "bench.case", "--force", "--threads", "2"]
        commands["  zstd and sha256sum of " + archive.name[:10] + archive.name[-14:-8]] = ["sh", "-c", f"zstd -dcq '{archive}' | sha256sum"]
    show("firmware archives, 2 threads (goal: OnePlus 5 ≤ 4 s, ≤ 300 MB)", interleaved(commands, 5))


def make_ota(build, work, size):
    """A system of non-repeating content in ext4 and EROFS images, as payload.bin in an OTA zip."""
    stamp = work / f"ota-{size}.done"
    if stamp.exists():
        return
    parts = {"system": 0.5, "product": 0.3, "vendor": 0.2}
    named = []
    for seed, (name, share) in enumerate(parts.items(), 1):
        tree, image = work / name, work / f"{name}.img"
        shutil.rmtree(tree, ignore_errors=True)
        subprocess.run([build / "make_content", tree, str(int(size * share)), str(seed)], check=True)
        image.unlink(missing_ok=True)
        if name == "vendor":
            blocks = int(size * share * 1.2) // 4096 + 8192
            subprocess.run(["mke2fs", "-q", "-t", "ext4", "-b", "4096", "-O", "^has_journal", "-m", "0", "-d", tree, image, str(blocks)], check=True)
        else:
            subprocess.run(["mkfs.erofs", "--quiet", image, tree], check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(tree)
        named.append(f"{name}={image}")
    tool = ROOT / "tools/make_images.py"
    subprocess.run([sys.executable, tool, "payload", work / "payload.bin", "--compress", "xz", *named], check=True)
    subprocess.run([sys.executable, tool, "ota", work / "ota.zip", work / "payload.bin", "--metadata", "post-build=made/bench/bench:13/X/1:user/release-keys"], check=True)
    for _, image in (n.split("=", 1) for n in named):
        os.unlink(image)
    stamp.touch()


def ota(build, work, size):
    make_ota(build, work, size)
    commands = {
        "klikspaan scan ota.zip": [build / "klikspaan", "scan", work / "ota.zip", "--case", work / "bench.case", "--force", "--threads", "2", "--tmp", work],
        "decode once and hash (floor)": [build / "ota_floor", work / "payload.bin", "2"],
    }
    dumper = shutil.which("payload-dumper-go") or shutil.which("payload-dumper-go", path=os.path.expanduser("~/go/bin"))
    if dumper:
        commands["payload-dumper-go, writes images"] = [dumper, "-c", "2", "-o", work / "dumped", work / "payload.bin"]
    results = interleaved(commands, 1 if size > 1 << 30 else 3)
    show(f"OTA of {size / 1e9:.1f} GB, payload of {(work / 'payload.bin').stat().st_size / 1e9:.2f} GB, 2 threads (goal: ≤ 1.3 × floor, ≤ 1024 MB)", results, "decode once and hash (floor)")
    if not dumper:
        print("  payload-dumper-go: absent")
    shutil.rmtree(work / "dumped", ignore_errors=True)


def manifests(build, work):
    folder = work / "apks"
    if not EVIDENCE.exists():
        print("\nmanifests: absent (no evidence here)")
        return
    if not folder.exists():
        folder.mkdir()
        archive = EVIDENCE / "firmware/oneplus-5-china-10.0.3.tar.zst"
        subprocess.run(f"zstd -dcq '{archive}' | tar xf - -C '{folder}' --wildcards '*.apk'", shell=True, check=True)
    print(f"\nmanifests of the OnePlus 5 archive (goal: ≥ 100 × `aapt dump` as a process)", flush=True)
    subprocess.run([build / "manifest_bench", "--folder", folder], check=True)


def has_androguard():
    return subprocess.run([sys.executable, "-c", "import androguard.misc"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def apps(build, work):
    """One large app: all facts and references, beside what others need to read the same code."""
    found = sorted((ROOT / "sample/out/npm").glob("**/appium-uiautomator2-server-v*.apk"))
    if not found:
        print("\nan app of 14.4 MB of DEX: absent (make sample fetches it)")
        return
    apk = found[0]
    commands = {"klikspaan scan, one thread": [build / "klikspaan", "scan", apk, "--case", work / "app.case", "--force", "--threads", "1"]}
    if shutil.which("dexdump"):
        commands["dexdump -d"] = ["dexdump", "-d", apk]
    show(f"{apk.name}: 14.4 MB of DEX, 86,000 methods (goal: ≤ 0.5 s CPU, ≤ 100 MB)", interleaved(commands, 5), "klikspaan scan, one thread")
    if has_androguard():
        commands = {"androguard AnalyzeAPK": [sys.executable, "-c", "import sys\nfrom androguard.misc import AnalyzeAPK\nAnalyzeAPK(sys.argv[1])", apk]}
        show("  the same", interleaved(commands, 1))
    else:
        print("  androguard: absent (python3 -m pip install androguard)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--size", type=int, default=4_000_000_000)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("/var/tmp/klikspaan-bench"))
    parser.add_argument("--only", default="archives,manifests,apps,ota")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    build = arguments.build.resolve()
    for name in arguments.only.split(","):
        if name == "archives":
            archives(build, arguments.work)
        elif name == "manifests":
            manifests(build, arguments.work)
        elif name == "apps":
            apps(build, arguments.work)
        elif name == "ota":
            ota(build, arguments.work, arguments.size)


if __name__ == "__main__":
    main()
