"""Binary SELinux policies taken apart into CIL and compiled again (checkpolicy, secilc)."""
import struct
import tempfile
from pathlib import Path

from apk import Failed, run


def version_of(data):
    return struct.unpack_from("<I", data, 8 + struct.unpack_from("<I", data, 4)[0])[0]


def to_cil(data):
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "policy").write_bytes(data)
        run("checkpolicy", "-M", "-b", "-C", "-o", work / "policy.cil", work / "policy")
        return (work / "policy.cil").read_text()


def to_binary(text, version):
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "policy.cil").write_text(text)
        run("secilc", "-M", "true", "-c", version, "-o", work / "policy", "-f", work / "contexts", work / "policy.cil")
        return (work / "policy").read_bytes()


def reordered(data, rng):
    """The same rules compiled from another order; the bytes as they were when these programs do not read the policy."""
    try:
        lines = to_cil(data).splitlines()
        places = [i for i, line in enumerate(lines) if line.startswith(("(allow ", "(allowx ", "(dontaudit ", "(auditallow ", "(genfscon ", "(typetransition "))]
        moved = [lines[i] for i in places]
        rng.shuffle(moved)
        for place, line in zip(places, moved):
            lines[place] = line
        return to_binary("\n".join(lines) + "\n", version_of(data))
    except Failed:
        return data


def with_rules(data, *rules):
    return to_binary(to_cil(data) + "\n".join(rules) + "\n", version_of(data))
