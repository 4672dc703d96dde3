"""Native libraries: another build id, and code grafted into a library of a real system (64-bit ARM).

A graft adds two segments behind the file: one with code and grown tables (symbols, strings, versions, relocations, program headers), one with
slots for addresses. An instruction `bl X` of an existing function then goes to the new code, which ends in X. Layout: ELF specification,
AArch64 ELF ABI. The result is a library that a phone could load.
"""
import re
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

from apk import run

PAGE = 0x10000
LOAD, DYNAMIC, PHDR = 1, 2, 6
STRTAB, SYMTAB, RELA, RELASZ, STRSZ, JMPREL, PLTRELSZ, INIT_ARRAY, INIT_ARRAYSZ, NEEDED, VERSYM = 5, 6, 7, 8, 10, 23, 2, 25, 27, 1, 0x6FFFFFF0
GLOB_DAT, RELATIVE = 1025, 1027

HOOK = """
.section .text.entry,"ax"
.globl entry
entry:
    stp x29, x30, [sp, #-96]!
    stp x0, x1, [sp, #16]
    stp x2, x3, [sp, #32]
    stp x4, x5, [sp, #48]
    stp x6, x7, [sp, #64]
    mov x29, sp
    bl planted
    ldp x0, x1, [sp, #16]
    ldp x2, x3, [sp, #32]
    ldp x4, x5, [sp, #48]
    ldp x6, x7, [sp, #64]
    ldp x29, x30, [sp], #96
    b original
"""
LINKER = """SECTIONS {{ . = {at:#x}; .text : {{ *(.text.entry) *(.text .text.*) *(.rodata .rodata.*) }}
 /DISCARD/ : {{ *(.eh_frame* .comment .note* .ARM* .data* .bss*) }} }}"""


def with_build_id(data, rng):
    """Another GNU build id; the file as it was when it has none."""
    if data[:4] != b"\x7fELF":
        return data
    match = re.search(rb"\x04\0\0\0(\x14|\x10|\x08)\0\0\0\x03\0\0\0GNU\0", data[:0x1000])
    if not match:
        return data
    size = match[1][0]
    return data[:match.end()] + rng.randbytes(size) + data[match.end() + size:]


class Elf64:
    def __init__(self, data):
        if data[:5] != b"\x7fELF\x02" or struct.unpack_from("<H", data, 18)[0] != 183:
            raise ValueError("not a 64-bit ARM library")
        self.data = bytearray(data)
        self.phoff, self.shoff = struct.unpack_from("<QQ", data, 32)
        self.phnum, self.shnum = struct.unpack_from("<H", data, 56)[0], struct.unpack_from("<H", data, 60)[0]
        self.segments = [list(struct.unpack_from("<IIQQQQQQ", data, self.phoff + 56 * i)) for i in range(self.phnum)]
        dynamic = next(s for s in self.segments if s[0] == DYNAMIC)
        self.dynamic_at, self.dynamic_size = dynamic[2], dynamic[5]
        self.tags = [list(struct.unpack_from("<QQ", data, self.dynamic_at + 16 * i)) for i in range(self.dynamic_size // 16)]

    def tag(self, wanted, default=None):
        return next((value for tag, value in self.tags if tag == wanted), default)

    def offset(self, address):
        for kind, _, offset, start, _, size, _, _ in self.segments:
            if kind == LOAD and start <= address < start + size:
                return address - start + offset
        raise ValueError("address outside of the file")

    def table(self, start, size):
        at = self.offset(self.tag(start))
        return bytes(self.data[at:at + size])

    def symbols(self):
        """[(name, address, size, defined)] of the dynamic table."""
        count = (self.tag(STRTAB) - self.tag(SYMTAB)) // 24         # strings follow symbols in what linkers write
        names, rows = self.table(STRTAB, self.tag(STRSZ)), []
        for index in range(count):
            name, info, _, section, value, size = struct.unpack_from("<IBBHQQ", self.data, self.offset(self.tag(SYMTAB)) + 24 * index)
            rows.append((names[name:names.index(b"\0", name)].decode(), value, size, section != 0 and info & 15 == 2))
        return rows


def a_call(elf, function=None):
    """A `bl` inside an exported function: (offset of the instruction, its target, name of the function)."""
    for name, value, size, defined in sorted(elf.symbols(), key=lambda row: (-row[2], row[0])):
        if not defined or size < 32 or function and name != function:
            continue
        at = elf.offset(value)
        for step in range(0, size - 3, 4):
            word = struct.unpack_from("<I", elf.data, at + step)[0]
            if word >> 26 == 0b100101:
                jump = word & 0x3FFFFFF
                jump -= (jump & 0x2000000) << 1
                return at + step, value + step, value + step + 4 * jump, name
    raise ValueError("no call in an exported function")


def compiled(source, at, symbols, hooked):
    """Bytes of a C text laid out at an address; symbols: where its outside names are."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "planted.c").write_text(source)
        (work / "hook.s").write_text(HOOK)
        (work / "layout.ld").write_text(LINKER.format(at=at))
        compiler = [shutil.which("clang-16") or "clang", "--target=aarch64-linux-android", "-Os", "-fPIC", "-ffreestanding", "-fno-builtin", "-fno-stack-protector", "-c"]
        run(*compiler, work / "planted.c", "-o", work / "planted.o")
        objects = [work / "planted.o"]
        if hooked:
            run(*compiler, work / "hook.s", "-o", work / "hook.o")
            objects.insert(0, work / "hook.o")
        names = [f"--defsym={name}={address:#x}" for name, address in symbols.items()]
        run("ld.lld", "-T", work / "layout.ld", "--oformat=binary", *names, "-o", work / "code.bin", *objects)
        run("ld.lld", "-T", work / "layout.ld", *names, "-o", work / "code.elf", *objects)
        listing = subprocess.run(["nm", work / "code.elf"], capture_output=True, text=True, check=False).stdout
        where = {line.split()[2]: int(line.split()[0], 16) for line in listing.splitlines() if len(line.split()) == 3}
        return (work / "code.bin").read_bytes(), where


def graft(data, source, imports, hook=True, function=None, initialiser=False):
    """The library with `planted` of a C text in it, called from an existing function (hook) or when it is loaded (initialiser).

    In the text an outside function f is called through a pointer named slot_f.
    """
    elf = Elf64(data)
    symbols, strings = elf.table(SYMTAB, elf.tag(STRTAB) - elf.tag(SYMTAB)), elf.table(STRTAB, elf.tag(STRSZ))
    count = len(symbols) // 24
    versions = elf.table(VERSYM, 2 * count) if elf.tag(VERSYM) is not None else None
    relocations = elf.table(RELA, elf.tag(RELASZ, 0)) if elf.tag(RELA) is not None else b""
    top = max(s[3] + s[6] for s in elf.segments if s[0] == LOAD)
    offset = -(-len(elf.data) // PAGE) * PAGE
    base = -(-top // PAGE) * PAGE                     # congruent with the offset: both are whole pages
    slots_base = base + 0x4 * PAGE

    slot_of, known = {}, [name for name, _, _, _ in elf.symbols()]
    for index, name in enumerate(imports):
        slot_of[f"slot_{name}"] = slots_base + 8 * index
        if name in known:
            number = known.index(name)
        else:
            number, count = count, count + 1
            symbols += struct.pack("<IBBHQQ", len(strings), 0x12, 0, 0, 0, 0)
            strings += name.encode() + b"\0"
            versions = versions + struct.pack("<H", 1) if versions is not None else None
        relocations += struct.pack("<QQq", slots_base + 8 * index, number << 32 | GLOB_DAT, 0)
    slots = bytearray(8 * len(imports))

    # Tables first, code behind them; the number of relocations is settled before addresses are.
    old_array = elf.table(INIT_ARRAY, elf.tag(INIT_ARRAYSZ)) if elf.tag(INIT_ARRAY) is not None else b""
    array_at = slots_base + len(slots)
    if initialiser:
        for index in range(len(old_array) // 8 + 1):
            relocations += struct.pack("<QQq", array_at + 8 * index, RELATIVE, 0)
    headers = len(elf.segments) + 3
    layout, at = {}, base + 56 * headers
    for name, table in (("symbols", symbols), ("strings", strings), ("versions", versions or b""), ("relocations", relocations)):
        at = -(-at // 16) * 16
        layout[name], at = at, at + len(table)
    code_at = -(-at // 16) * 16
    if hook:
        place, call_address, target, hooked_name = a_call(elf, function)
        slot_of["original"] = target
    code, where = compiled(source, code_at, slot_of, hook)
    if initialiser:
        values = [*struct.unpack(f"<{len(old_array) // 8}Q", old_array), where["planted"]]
        fixed = bytearray(relocations)
        first = len(relocations) // 24 - len(values)
        for index, value in enumerate(values):
            struct.pack_into("<q", fixed, 24 * (first + index) + 16, value)
        relocations = bytes(fixed)
        slots += struct.pack(f"<{len(values)}Q", *values)
    if hook:
        struct.pack_into("<I", elf.data, place, 0b100101 << 26 | (where["entry"] - call_address) // 4 & 0x3FFFFFF)

    image = bytearray(code_at - base + len(code))
    for name, table in (("symbols", symbols), ("strings", strings), ("versions", versions or b""), ("relocations", relocations)):
        image[layout[name] - base:layout[name] - base + len(table)] = table
    image[code_at - base:] = code
    slots_offset = offset + 0x4 * PAGE
    segments = [[PHDR, 4, offset, base, base, 56 * headers, 56 * headers, 8]] + [list(s) for s in elf.segments]
    last = max(i for i, s in enumerate(segments) if s[0] == LOAD)
    segments[last + 1:last + 1] = [[LOAD, 5, offset, base, base, len(image), len(image), PAGE], [LOAD, 6, slots_offset, slots_base, slots_base, len(slots), len(slots), PAGE]]
    image[:56 * headers] = b"".join(struct.pack("<IIQQQQQQ", *s) for s in segments)

    changed = {STRTAB: layout["strings"], STRSZ: len(strings), SYMTAB: layout["symbols"], RELA: layout["relocations"], RELASZ: len(relocations)}
    if versions is not None:
        changed[VERSYM] = layout["versions"]
    if initialiser:
        changed |= {INIT_ARRAY: array_at, INIT_ARRAYSZ: len(slots) - (array_at - slots_base)}
    _set_tags(elf, changed)
    _move_sections(elf, base, offset, {b".dynsym": (layout["symbols"], len(symbols)), b".dynstr": (layout["strings"], len(strings)),
                                       b".gnu.version": (layout["versions"], len(versions or b"")), b".rela.dyn": (layout["relocations"], len(relocations))})
    out = elf.data + bytes(offset - len(elf.data)) + image
    out += bytes(slots_offset - len(out)) + slots
    struct.pack_into("<Q", out, 32, offset)
    struct.pack_into("<H", out, 56, headers)
    return bytes(out)


def _set_tags(elf, changed):
    for index, (tag, value) in enumerate(elf.tags):
        if tag in changed:
            struct.pack_into("<Q", elf.data, elf.dynamic_at + 16 * index + 8, changed.pop(tag))
        elif tag == 0:                                # linkers leave spare entries behind the end
            for new in sorted(changed):
                if index + 1 >= len(elf.tags):
                    raise ValueError("no spare entry in the dynamic table")
                struct.pack_into("<QQ", elf.data, elf.dynamic_at + 16 * index, new, changed[new])
                index += 1
            return


def _move_sections(elf, base, offset, moved):
    if not elf.shnum:
        return
    names_index = struct.unpack_from("<H", elf.data, 62)[0]
    names_at = struct.unpack_from("<Q", elf.data, elf.shoff + 64 * names_index + 24)[0]
    for index in range(elf.shnum):
        at = elf.shoff + 64 * index
        start = names_at + struct.unpack_from("<I", elf.data, at)[0]
        name = bytes(elf.data[start:elf.data.index(0, start)])
        if name in moved:
            address, size = moved[name]
            struct.pack_into("<QQQ", elf.data, at + 16, address, address - base + offset, size)
