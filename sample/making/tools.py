"""Runs programs and writes files so that the same inputs give the same bytes: fixed time, fixed modes, sorted names."""
import os
import shutil
import stat
import subprocess

EPOCH = 1230768000            # 2009-01-01, what Android's build gives to entries of its archives
ZIP_TIME = (2009, 1, 1, 0, 0, 0)
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "SOURCE_DATE_EPOCH": str(EPOCH), "E2FSPROGS_FAKE_TIME": str(EPOCH)}


class Failed(Exception):
    """A program said no; the text is what to show."""


def run(*command, stdin=None, **more):
    environment = {**os.environ, **ENVIRONMENT, **more.pop("env", {})}
    # mke2fs and debugfs live where an ordinary user's PATH does not look.
    environment["PATH"] = environment.get("PATH", "") + ":/usr/sbin:/sbin"
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, input=stdin, capture_output=True, env=environment, check=False, **more)
    except FileNotFoundError:
        raise Failed(f"{words[0]} is not installed: run tools/setup.sh") from None
    if done.returncode:
        said = (done.stdout + done.stderr).decode(errors="replace").strip()
        raise Failed(f"{' '.join(words)}\n{said}")
    return done.stdout


def fresh_folder(path):
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def settle(root):
    """Gives every file below root the one time and its usual mode: programs in bin/ may run, the rest may be read."""
    for folder, folders, files in os.walk(root, topdown=False):
        for name in files:
            path = os.path.join(folder, name)
            if not stat.S_ISLNK(os.lstat(path).st_mode):
                os.chmod(path, 0o755 if os.path.basename(folder) == "bin" else 0o644)
            os.utime(path, (EPOCH, EPOCH), follow_symlinks=False)
        folders.sort()
        os.chmod(folder, 0o755)
        os.utime(folder, (EPOCH, EPOCH))
