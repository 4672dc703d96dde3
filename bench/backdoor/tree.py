"""A system tree as a table of entries: path on the phone's files → mode, owner, bytes. Read from a folder or an archive, written as a tar.

A tar keeps what a folder of an ordinary user cannot: set-uid bits, owners and file capabilities.
"""
import io
import subprocess
import tarfile
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Entry:
    data: bytes = b""
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    link: str = ""
    extended: dict = field(default_factory=dict)      # extended attributes by name, bytes


class Tree(dict):
    """{path: Entry}. Files and symbolic links only; folders follow from paths."""

    def copy(self):
        return Tree(self)                             # entries are values: changing one makes a new one

    def write(self, path, data):
        self[path] = replace(self[path], data=data) if path in self else Entry(data)

    def text(self, path):
        return self[path].data.decode("utf-8", errors="surrogateescape")

    def write_text(self, path, text):
        self.write(path, text.encode("utf-8", errors="surrogateescape"))

    def matching(self, *endings):
        return [path for path in sorted(self) if path.endswith(endings)]

    def save(self, out):
        with tarfile.open(out, "w", format=tarfile.PAX_FORMAT) as archive:
            for path in sorted(self):
                entry = self[path]
                info = tarfile.TarInfo(path)
                info.mode, info.uid, info.gid, info.size = entry.mode, entry.uid, entry.gid, len(entry.data)
                if entry.link:
                    info.type, info.linkname, info.size = tarfile.SYMTYPE, entry.link, 0
                # tarfile writes a header's text as UTF-8; these bytes pass through it unharmed.
                info.pax_headers = {f"SCHILY.xattr.{name}": value.decode("utf-8", errors="surrogateescape") for name, value in entry.extended.items()}
                archive.addfile(info, io.BytesIO(entry.data))


def load(path, strip=0):
    """From a .tar or .tar.zst; strip: leading parts of each name to leave out, as tar's own option."""
    raw = path.read_bytes() if path.suffix == ".tar" else subprocess.run(["zstd", "-dcq", path], check=True, stdout=subprocess.PIPE).stdout
    tree = Tree()
    with tarfile.open(fileobj=io.BytesIO(raw), errors="surrogateescape") as archive:
        for member in archive:
            name = "/".join(member.name.split("/")[strip:])
            if member.isfile():
                tree[name] = Entry(archive.extractfile(member).read(), member.mode, member.uid, member.gid)
            elif member.issym():
                tree[name] = Entry(b"", member.mode, member.uid, member.gid, member.linkname)
    return tree


def from_folder(root):
    tree = Tree()
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if path.is_symlink():
            tree[name] = Entry(link=str(path.readlink()))
        elif path.is_file():
            tree[name] = Entry(path.read_bytes(), path.stat().st_mode & 0o7777)
    return tree
