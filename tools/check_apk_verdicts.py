#!/usr/bin/env python3
"""Compares tests/apps/apk_signing_verdicts.tsv with what file names state and with apksigner.

Usage: check_apk_verdicts.py FOLDER_WITH_APKS [--points 9,17,18,...]

The table is what the program's own answers are tested against, so the three views are: the name of a file, an
independent program, and the table. A row may differ from one of them only with a reason in its `note`.
Needs: libapksig-java, a JDK. Exit code 1 when a difference has no note, or a file no row or no name rule.
"""
import argparse
import collections
import pathlib
import re
import subprocess
import sys
import tempfile

POINTS = "9,17,18,19,21,22,23,24,27,28,30,32,33,34,35"

# One Java process for all files: apksigner itself would start one for each.
JUDGE = """
import com.android.apksig.ApkVerifier;
import java.io.*;
import java.util.*;
public class Judge {
  public static void main(String[] args) throws Exception {
    PrintStream out = System.out;
    System.setOut(System.err);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String path; (path = in.readLine()) != null;)
      for (String point : args[0].split(",")) {
        int sdk = Integer.parseInt(point);
        String answer;
        try {
          ApkVerifier.Result r = new ApkVerifier.Builder(new File(path)).setMinCheckedPlatformVersion(sdk).setMaxCheckedPlatformVersion(sdk).build().verify();
          answer = !r.isVerified() ? "rejected" : r.isVerifiedUsingV3Scheme() ? "v3" : r.isVerifiedUsingV2Scheme() ? "v2" : "v1";
        } catch (Throwable t) { answer = "exception"; }
        out.println(new File(path).getName() + "\\t" + sdk + "\\t" + answer);
      }
  }
}
"""

BAD_NAME = (r"does-not-verify|digest-mismatch|mismatch\.apk$|no-certs-in-sig|no-supported-sig|second-signer-no-sig|wrong-apk-sig-block|size-mismatch"
            r"|garbage-between|truncated-cd|11-signers|block-stripped|-empty\.apk$|unsigned|invalid-zip|invalid-lineage|without-apk-signature|v2-broken")

# First match counts: name, then {Android version: what the name promises there}. "no" is anything but verified.
NAME_RULES = [
    (r"^v1-only-11-signers|^v1-only-empty|-with-(cr|lf|nul)-in-entry-name", {24: "no", 33: "no"}),
    (r"^v1-only-with-dsa-sha(384|512)", {23: "no", 34: "no"}),           # the platform has no such algorithm
    (r"signerInfo1-(wrong-digest|wrong-signature)-signerInfo2-good", {23: "no", 24: "v1"}),
    (r"signerInfo1-(good|wrong-order|wrong-content-type)-signerInfo2-good", {18: "no", 23: "v1", 24: "v1"}),
    (r"signed-attrs.*missing-content-type|signed-attrs-wrong-content-type", {18: "no", 23: "v1", 24: "no"}),
    (r"signed-attrs.*(missing-digest|multiple-good-digests)|signed-attrs-wrong-(digest|signature)", {18: "no", 23: "no", 24: "no"}),
    (r"^v1-only-with-signed-attrs", {18: "no", 19: "v1", 24: "v1"}),
    (r"with-sha1-wrong-in", {17: "no", 18: "v1", 33: "v1"}),
    (r"with-sha256-wrong-in", {17: "v1", 18: "no", 33: "no"}),
    (r"^v1-sha1-sha256", {17: "v1", 18: "v1", 33: "v1"}),
    (r"^v1-only-targetSandboxVersion-2", {24: "v1", 26: "no"}),
    (r"^v1-ec-p256-targetSdk-30", {29: "v1", 30: "no"}),
    (r"^v1-only|^v1-with-apk-sig-block", {22: "v1", 24: "v1", 33: "v1"}),
    (r"^v2-stripped", {23: "v1", 24: "no", 33: "no"}),
    (r"^(v3-stripped|v2v3-signed-v3-block-stripped)", {24: "v2", 28: "no", 33: "no"}),
    (r"^v2(-only|-ec).*(" + BAD_NAME + ")", {23: "no", 24: "no", 28: "no"}),
    (r"^v3(-only|-ec).*(" + BAD_NAME + ")", {24: "no", 28: "no", 33: "no"}),
    (r"^v2-only|^v2-ec|-v2-out\.apk$", {23: "no", 24: "v2", 33: "v2"}),
    (r"^v3-only|^v3-ec|-v3(-lineage)?-out\.apk$(?<!v2v3-out\.apk)(?<!v2v3-lineage-out\.apk)", {27: "no", 28: "v3", 33: "v3"}),
    (r"^v31-tgt-33-no-v3-block", {28: "no", 32: "no", 33: "no"}),
    (r"^v31-block-stripped", {28: "v3", 33: "no", 34: "no"}),
    (r"^v31-tgt-34-v3-attr-value-33", {28: "v3", 33: "no"}),
    (r"^v31-rsa-2048_2-tgt-34-dev-release", {28: "v3", 34: "v3", 35: "v3.1"}),
    (r"^v31-.*tgt-34", {28: "v3", 33: "v3", 34: "v3.1"}),
    (r"^v31-", {28: "v3", 32: "v3", 33: "v3.1"}),
    (r"-in\.apk$|unsigned|without-apk-signature", {18: "no", 24: "no", 33: "no"}),
    (r"no-sig-block|invalid-lineage|invalid-zip", {28: "no", 33: "no"}),
    (r"second-signer-v2-broken", {23: "v1", 24: "no"}),
    (r"-v1-out\.apk$", {23: "v1", 28: "v1"}),
    (r"-v1v2-out\.apk$|^two-signers|^targetSandboxVersion-2|^v2-rsa-2048-with-extra", {23: "v1", 24: "v2", 33: "v2"}),
    (r"-v2v3(-lineage)?-out\.apk$|^v2v3-", {23: "no", 24: "v2", 28: "v3"}),
    # A stamp says who distributed an app; phones do not look at it, so a broken one changes nothing.
    (r"^v1v2v3|^stamp-|-v1v2v3(-lineage)?-out\.apk$|^golden-.*-out\.apk$|^golden-pinsapp|^v3-rsa-2048_2", {23: "v1", 24: "v2", 28: "v3"}),
    (r"^original|^debuggable|^valid-stamp|compression-method", {23: "v1", 28: "any"}),
]


def read_table(path):
    table = collections.defaultdict(list)
    for line in path.read_text().splitlines():
        if line.startswith("#"):
            continue
        file, start, end, verdict, scheme, reason, _, _, note = line.split("\t")
        table[file].append((int(start), int(end), verdict, scheme, reason, note))
    return table


def row_at(rows, sdk):
    return next(r for r in rows if r[0] <= sdk <= r[1])


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--points", default=POINTS)
    options = arguments.parse_args()
    table = read_table(pathlib.Path(__file__).resolve().parent.parent / "tests/apps/apk_signing_verdicts.tsv")
    files = sorted(options.folder.glob("*.apk"))
    bad, explained = [], collections.Counter()

    def differ(file, sdk, row, other, what):
        if row[5]:
            explained[(file, row[5])] += 1
        else:
            bad.append(f"{file} at {sdk}: table {row[2]} {row[3]}, {other}: {what}")

    for path in files:
        rows = table.get(path.name)
        if not rows:
            bad.append(f"{path.name}: no row")
            continue
        if rows[0][0] != 1 or rows[-1][1] != 10000 or any(a[1] + 1 != b[0] for a, b in zip(rows, rows[1:])):
            bad.append(f"{path.name}: the rows leave Android versions out")
        rule = next((expected for pattern, expected in NAME_RULES if re.search(pattern, path.name)), None)
        if rule is None:
            bad.append(f"{path.name}: no name rule")
            continue
        for sdk, expected in rule.items():
            row = row_at(rows, sdk)
            found = row[3] if row[2] == "verified" else "no"
            if found != expected and not (expected == "any" and found != "no"):
                differ(path.name, sdk, row, "name", expected)

    with tempfile.TemporaryDirectory() as scratch:
        source = pathlib.Path(scratch) / "Judge.java"
        source.write_text(JUDGE)
        judge = subprocess.run(["java", "-cp", "/usr/share/java/apksig.jar", str(source), options.points],
                               input="".join(f"{p.resolve()}\n" for p in files), capture_output=True, text=True, check=True)
    answers = [line.split("\t") for line in judge.stdout.splitlines()]
    for file, sdk, answer in answers:
        if file not in table:
            continue
        row = row_at(table[file], int(sdk))
        found = row[3] if row[2] == "verified" else "rejected"
        if found != ("rejected" if answer == "exception" and row[2] != "verified" else answer):
            differ(file, sdk, row, "apksigner", answer)

    print(f"{len(files)} files, {len(answers)} answers of apksigner")
    for (file, note), count in sorted(explained.items()):
        print(f"explained, {count} times: {file}: {note}")
    for line in bad:
        print("DIFFERS", line)
    return 1 if bad or len(answers) != len(files) * len(options.points.split(",")) else 0


if __name__ == "__main__":
    sys.exit(main())
