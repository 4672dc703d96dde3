"""Android's binary XML as elements that can be changed, and back. Layout: AOSP frameworks/base ResourceTypes.h.

Made for honest files of real apps: what it does not know raises, and the caller leaves such an app alone.
"""
import struct
from dataclasses import dataclass, field

ANDROID = "http://schemas.android.com/apk/res/android"
STRING, REFERENCE, INTEGER, HEX, BOOLEAN = 3, 1, 0x10, 0x11, 0x12
# Public ids of the attributes that plants set. AOSP frameworks/base public.xml; they never change.
IDS = {"label": 0x01010001, "icon": 0x01010002, "name": 0x01010003, "permission": 0x01010006, "readPermission": 0x01010007,
       "writePermission": 0x01010008, "protectionLevel": 0x01010009, "sharedUserId": 0x0101000B, "enabled": 0x0101000E,
       "debuggable": 0x0101000F, "exported": 0x01010010, "authorities": 0x01010018, "priority": 0x0101001C, "value": 0x01010024,
       "resource": 0x01010025, "scheme": 0x01010027, "host": 0x01010028, "versionName": 0x0101021C, "allowBackup": 0x01010280, "usesCleartextTraffic": 0x010104EC,
       "networkSecurityConfig": 0x01010527, "versionCode": 0x0101021B}


@dataclass
class Attribute:
    name: str
    value: object                    # str for STRING, else an int
    kind: int = STRING
    space: str = ANDROID
    raw: str | None = None           # the text that aapt keeps beside a typed value


@dataclass
class Element:
    tag: str
    attributes: list = field(default_factory=list)
    children: list = field(default_factory=list)
    space: str | None = None
    text: str | None = None          # character data instead of an element

    def find(self, tag):
        return [child for child in self.children if child.tag == tag]

    def first(self, tag):
        return self.find(tag)[0]

    def get(self, name):
        return next((a.value for a in self.attributes if a.name == name), None)

    def put(self, name, value, kind=None):
        if kind is None:
            kind = BOOLEAN if isinstance(value, bool) else INTEGER if isinstance(value, int) else STRING
        if kind == BOOLEAN:
            value = 0xFFFFFFFF if value else 0
        self.drop(name)
        self.attributes.append(Attribute(name, value, kind, raw=value if kind == STRING else None))
        return self

    def drop(self, name):
        self.attributes = [a for a in self.attributes if a.name != name]
        return self

    def add(self, tag, **attributes):
        child = Element(tag)
        for name, value in attributes.items():
            child.put(name, value)
        self.children.append(child)
        return child

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class Document:
    root: Element
    prefixes: list                   # (prefix, address) declared around the root
    ids: dict                        # attribute name → resource id, as the file had them


def read_pool(data, at):
    """Strings of the pool at `at`, and where it ends."""
    _, _, size, count, _, flags, start, _ = struct.unpack_from("<HHIIIIII", data, at)
    strings = []
    for index in range(count):
        p = at + start + struct.unpack_from("<I", data, at + 28 + 4 * index)[0]
        if flags & 0x100:
            p += 2 if data[p] & 0x80 else 1                       # length in characters: not needed
            length, p = (((data[p] & 0x7F) << 8) | data[p + 1], p + 2) if data[p] & 0x80 else (data[p], p + 1)
            strings.append(data[p:p + length].decode("utf-8", errors="surrogateescape"))
        else:
            length, p = struct.unpack_from("<H", data, p)[0], p + 2
            if length & 0x8000:
                length, p = ((length & 0x7FFF) << 16) | struct.unpack_from("<H", data, p)[0], p + 2
            strings.append(data[p:p + 2 * length].decode("utf-16-le", errors="surrogatepass"))
    return strings, at + size


def decode(data):
    if struct.unpack_from("<H", data)[0] != 3:
        raise ValueError("not binary XML")
    strings, at = read_pool(data, 8)
    name_of = lambda index: None if index == 0xFFFFFFFF else strings[index]
    ids, prefixes, stack = {}, [], [Element("")]
    while at + 8 <= len(data):
        kind, header, size = struct.unpack_from("<HHI", data, at)
        if size < 8:
            raise ValueError("chunk without a size")
        body = at + header
        if kind == 0x0180:
            ids = {strings[i]: n for i, n in enumerate(struct.unpack_from(f"<{(size - header) // 4}I", data, body))}
        elif kind == 0x0100:
            prefixes.append((name_of(struct.unpack_from("<I", data, body)[0]), name_of(struct.unpack_from("<I", data, body + 4)[0])))
        elif kind == 0x0102:
            space, name, start, width, count = struct.unpack_from("<IIHHH", data, body)
            element = Element(name_of(name), space=name_of(space))
            for index in range(count):
                where = body + start + index * width
                a_space, a_name, raw, _, _, a_kind, value = struct.unpack_from("<IIIHBBI", data, where)
                element.attributes.append(Attribute(name_of(a_name), name_of(value) if a_kind == STRING else value, a_kind, name_of(a_space), name_of(raw)))
            stack[-1].children.append(element)
            stack.append(element)
        elif kind == 0x0103:
            stack.pop()
        elif kind == 0x0104:
            stack[-1].children.append(Element("", text=name_of(struct.unpack_from("<I", data, body)[0])))
        at += size
    return Document(stack[0].children[0], prefixes, ids)


class _Pool:
    def __init__(self, names):
        self.strings, self.index = [], {}
        for name in names:                            # attribute names with ids come first: the resource map goes by position
            self.index.setdefault(("id", name), len(self.strings))
            self.strings.append(name)

    def of(self, text, named=False):
        if text is None:
            return 0xFFFFFFFF
        if named and ("id", text) in self.index:
            return self.index[("id", text)]
        if text not in self.index:
            self.index[text] = len(self.strings)
            self.strings.append(text)
        return self.index[text]

    def pack(self):
        body, offsets = b"", []
        for text in self.strings:
            raw = text.encode("utf-16-le", errors="surrogatepass")
            offsets.append(len(body))
            units = len(raw) // 2
            body += (struct.pack("<H", units) if units < 0x8000 else struct.pack("<HH", 0x8000 | units >> 16, units & 0xFFFF)) + raw + b"\0\0"
        body += bytes(-len(body) % 4)
        start = 28 + 4 * len(offsets)
        return struct.pack("<HHIIIIII", 1, 28, start + len(body), len(offsets), 0, 0, start, 0) + struct.pack(f"<{len(offsets)}I", *offsets) + body


def encode(document):
    known = {**IDS, **document.ids}
    used = {a.name for e in document.root.walk() for a in e.attributes if a.space == ANDROID and a.name in known}
    names = sorted(used, key=lambda name: known[name])
    pool, chunks = _Pool(names), []

    def node(kind, body):
        chunks.append(struct.pack("<HHIII", kind, 16, 16 + len(body), 1, 0xFFFFFFFF) + body)

    def write(element):
        if element.text is not None:
            node(0x0104, struct.pack("<IHBBI", pool.of(element.text), 8, 0, STRING, pool.of(element.text)))
            return
        # The framework searches attributes by id, in rising order.
        attributes = sorted(element.attributes, key=lambda a: (known.get(a.name, 1 << 40) if a.space == ANDROID else 1 << 40, a.name))
        body = struct.pack("<IIHHHHHH", pool.of(element.space), pool.of(element.tag), 20, 20, len(attributes), 0, 0, 0)
        for a in attributes:
            value = pool.of(a.value) if a.kind == STRING else a.value & 0xFFFFFFFF
            raw = a.value if a.kind == STRING else a.raw
            body += struct.pack("<IIIHBBI", pool.of(a.space), pool.of(a.name, named=a.space == ANDROID), pool.of(raw), 8, 0, a.kind, value)
        node(0x0102, body)
        for child in element.children:
            write(child)
        node(0x0103, struct.pack("<II", pool.of(element.space), pool.of(element.tag)))

    for prefix, address in document.prefixes:
        node(0x0100, struct.pack("<II", pool.of(prefix), pool.of(address)))
    write(document.root)
    for prefix, address in reversed(document.prefixes):
        node(0x0101, struct.pack("<II", pool.of(prefix), pool.of(address)))
    table = struct.pack("<HHI", 0x0180, 8, 8 + 4 * len(names)) + struct.pack(f"<{len(names)}I", *(known[n] for n in names))
    body = pool.pack() + table + b"".join(chunks)
    return struct.pack("<HHI", 3, 8, 8 + len(body)) + body


def strings_of(data):
    """All texts of a binary XML file or a resource table: what may name a class."""
    kind = struct.unpack_from("<H", data)[0] if len(data) > 8 else 0
    return set(read_pool(data, 8 if kind == 3 else 12)[0]) if kind in (2, 3) else set()
