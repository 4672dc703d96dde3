"""Resource ids numbered anew, in the table, in all binary XML and in code: what adding one resource does to all others of its type.

Layout: AOSP frameworks/base ResourceTypes.h. Names of resources stay; an app whose table is written in a way that is not known here keeps its ids.
"""
import re
import struct

REFERENCES = (1, 2)                  # Res_value: reference, attribute
NO_ENTRY = 0xFFFFFFFF


def chunks(data, at, end):
    """(type, header size, start, end) of the chunks in a range."""
    while at + 8 <= end:
        kind, header, size = struct.unpack_from("<HHI", data, at)
        if size < 8 or at + size > end:
            raise ValueError("a chunk that leaves its place")
        yield kind, header, at, at + size
        at += size


def renumber(entries, rng):
    """Changes resources.arsc and binary XML in a table of entries; the map of old ids to new ones, empty when nothing was changed."""
    table = entries.get("resources.arsc")
    if not table:
        return {}
    data = bytearray(table)
    try:
        types = _types(data)
        new_id = {}
        for type_id, parts in sorted(types.items()):
            count = max(number for _, _, number in parts)
            order = list(range(count))
            # Mostly a shift, as when one resource was added or removed near the start.
            cut = rng.randrange(count) if count else 0
            order = order[cut:] + order[:cut]
            for old, new in enumerate(order):
                new_id[0x7F000000 | type_id << 16 | old] = 0x7F000000 | type_id << 16 | new
            for kind, at, number in parts:
                _permute(data, kind, at, number, order)
        _map_values(data, types, new_id)
    except (ValueError, struct.error, IndexError):
        return {}
    changed = {"resources.arsc": bytes(data)}
    for name, content in entries.items():
        if name.endswith(".xml") and content[:4] == b"\x03\0\x08\0":
            changed[name] = _mapped_xml(bytearray(content), new_id)
    entries.update(changed)
    return new_id


def _packages(data):
    if struct.unpack_from("<H", data)[0] != 2:
        raise ValueError("not a table of resources")
    header, size = struct.unpack_from("<HI", data, 2)
    for kind, inner, at, end in chunks(data, header, size):
        if kind == 0x0200 and struct.unpack_from("<I", data, at + 8)[0] == 0x7F:
            yield at + inner, end


def _types(data):
    """{type id: [(chunk kind, start, entries)]} of the app's own package."""
    types = {}
    for start, end in _packages(data):
        for kind, _, at, _ in chunks(data, start, end):
            if kind not in (0x0201, 0x0202):
                continue
            type_id, flags, _, number = struct.unpack_from("<BBHI", data, at + 8)
            if kind == 0x0201 and flags:
                raise ValueError("sparse or short offsets")
            types.setdefault(type_id, []).append((kind, at, number))
    for parts in types.values():
        if len({number for _, _, number in parts}) != 1:
            raise ValueError("types of several lengths")
    return types


def _permute(data, kind, at, number, order):
    start = at + struct.unpack_from("<H", data, at + 2)[0]
    words = struct.unpack_from(f"<{number}I", data, start)
    moved = [0] * number
    for old, word in enumerate(words):
        moved[order[old]] = word
    struct.pack_into(f"<{number}I", data, start, *moved)


def _map_values(data, types, new_id):
    def word(at):
        struct.pack_into("<I", data, at, new_id.get(struct.unpack_from("<I", data, at)[0], struct.unpack_from("<I", data, at)[0]))

    def value(at):
        if data[at + 3] in REFERENCES:
            word(at + 4)

    for parts in types.values():
        for kind, at, number in parts:
            if kind != 0x0201:
                continue
            header, base = struct.unpack_from("<H", data, at + 2)[0], struct.unpack_from("<I", data, at + 16)[0]
            for offset in struct.unpack_from(f"<{number}I", data, at + header):
                if offset == NO_ENTRY:
                    continue
                entry = at + base + offset
                size, flags = struct.unpack_from("<HH", data, entry)
                if not flags & 1:
                    value(entry + size)
                    continue
                word(entry + 8)                                   # parent
                for index in range(struct.unpack_from("<I", data, entry + 12)[0]):
                    word(entry + size + 12 * index)               # attribute
                    value(entry + size + 12 * index + 4)


def _mapped_xml(data, new_id):
    for kind, header, at, end in chunks(data, 8, len(data)):
        if kind == 0x0180:
            places = range(at + header, end, 4)
        elif kind == 0x0102:
            start, width, count = struct.unpack_from("<HHH", data, at + header + 8)
            first = at + header + start
            places = [first + width * i + 16 for i in range(count) if data[first + width * i + 15] in REFERENCES]
        else:
            continue
        for place in places:
            old = struct.unpack_from("<I", data, place)[0]
            struct.pack_into("<I", data, place, new_id.get(old, old))
    return bytes(data)


def in_code(text, new_id):
    """Constants of code that are ids, in a text of smali."""
    if not new_id or "0x7f" not in text:
        return text
    text = re.sub(r"const/high16 (\w+), (0x7f[0-9a-f]{2}0000)\b", lambda m: f"const {m[1]}, {m[2]}" if int(m[2], 16) in new_id else m[0], text)
    return re.sub(r"\b0x7f[0-9a-f]{6}\b", lambda m: f"0x{new_id.get(int(m[0], 16), int(m[0], 16)):x}", text)
