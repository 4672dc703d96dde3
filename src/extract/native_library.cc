// What an ELF file is, needs, takes from others and offers, and which of the usual protections it was built with.
// Source: System V gABI chapter 5; AOSP "Android Linker Changes for NDK developers"; the symbols of bionic's fortify and stack protector.
#include <algorithm>

#include "base/hash.h"
#include "extract/native_file.h"

namespace klik {
namespace {

constexpr std::string_view kName = "native_library@1";
// Of one file and one direction. Larger libraries of real phones import a few thousand names.
constexpr std::size_t kMostSymbols = 20'000;
// A library that offers more is one that many parts of the system use; its names are its maker's headers. They are counted and digested.
constexpr std::size_t kFewExports = 500;

constexpr Column kLibraryColumns[] = {
    {"type", ColumnType::text, "program, library, module (relocatable: kernel modules) or core."},
    {"machine", ColumnType::text, "arm64, arm, x86_64, x86, …, or its ELF number.", true},
    {"bits", ColumnType::integer, "32 or 64."},
    {"soname", ColumnType::text, "The name it gives itself to others.", true, true},
    {"gnu_build_id", ColumnType::text, "GNU build id, in hex.", true, true},
    {"interpreter", ColumnType::text, "The dynamic linker that a program asks for.", false, true},
    {"needed", ColumnType::text, "The libraries it asks for, one a line, in its order.", false, true},
    {"runpath", ColumnType::text, "Where else its libraries are looked for.", false, true},
    {"pie", ColumnType::boolean, "Whether a program can be loaded at any address; null for what is no program.", false, true},
    {"nx_stack", ColumnType::boolean, "Whether it asks for a stack that is not executable; null for modules.", false, true},
    {"relro", ColumnType::text, "none, partial or full: what is read-only after loading; null for modules.", false, true},
    {"text_relocations", ColumnType::boolean, "Whether code is changed when it is loaded."},
    {"stack_protector", ColumnType::boolean, "Whether it takes __stack_chk_fail from libc. No such import is no proof of absence in a static program.", false},
    {"fortified", ColumnType::integer, "How many checked functions (__…_chk) it takes from libc."},
    {"imports", ColumnType::integer, "How many names it takes from others."},
    {"exports", ColumnType::integer, "How many names it offers to others."},
    {"exports_digest", ColumnType::text, "SHA-256 over the sorted names it offers, one a line; null when none.", false, true},
    {"sections", ColumnType::boolean, "Whether it has section headers: linkers write them, hiding tools strip them."},
};
constexpr FactKind kLibrary{"native.library", "An ELF file: program, library or kernel module.", kLibraryColumns};

constexpr Column kNameColumn[] = {{"name", ColumnType::text, "Of the symbol, without version; a name of more than 4,096 bytes is cut.", true}};
constexpr FactKind kImport{"native.import", "A name that an ELF file takes from others.", kNameColumn};
constexpr FactKind kExport{"native.export", "A name that an ELF file offers to others; files that offer more than 500 are counted and digested in native.library only.", kNameColumn};
constexpr const FactKind* kEmits[] = {&kLibrary, &kImport, &kExport};

struct Names {
  std::vector<elf::Text> imports, exports;   // sorted by name, each name once
  bool stack_protector = false;
  std::int64_t fortified = 0;
};

void sort_by_name(std::vector<elf::Text>& names) {
  std::ranges::sort(names, [](const elf::Text& a, const elf::Text& b) { return a.text != b.text ? a.text < b.text : a.at < b.at; });
  const auto twice = std::ranges::unique(names, {}, &elf::Text::text);
  names.erase(twice.begin(), twice.end());
}

Names names_of(const elf::File& file) {
  Names out;
  // A relocatable file has no dynamic symbols: what it leaves open stands in the other table.
  const elf::SymbolTable table = file.type() == elf::kRelocatable ? file.static_symbols() : file.symbols();
  for (std::uint64_t i = 1; i < table.size(); ++i) {
    const auto symbol = table.get(i);
    if (!symbol) break;
    if (symbol->local() || symbol->name.text.empty()) continue;
    (symbol->imported() ? out.imports : out.exports).push_back(symbol->name);
  }
  sort_by_name(out.imports);
  sort_by_name(out.exports);
  for (const elf::Text& name : out.imports) {
    if (name.text.starts_with("__stack_chk_")) {
      out.stack_protector = true;
    } else if (name.text.starts_with("__") && name.text.ends_with("_chk")) {
      ++out.fortified;
    }
  }
  return out;
}

std::string_view type_of(const elf::File& file) {
  constexpr std::uint64_t kPieFlag = 0x08000000;
  switch (file.type()) {
    case elf::kRelocatable: return "module";
    case elf::kExecutable: return "program";
    case elf::kShared: return file.segment(elf::kInterpreter) || (file.dynamic_value(elf::kFlags1) & kPieFlag) ? "program" : "library";
    case elf::kCore: return "core";
    default: return "unknown";
  }
}

std::string_view relro_of(const elf::File& file) {
  if (!file.segment(elf::kGnuRelro)) return "none";
  const bool now = file.dynamic(elf::kBindNow) || (file.dynamic_value(elf::kFlags) & 8) || (file.dynamic_value(elf::kFlags1) & 1);
  return now ? "full" : "partial";
}

std::string digest_of(const std::vector<elf::Text>& names) {
  std::string lines;
  for (const elf::Text& n : names) lines.append(n.text) += '\n';
  return hex(as_bytes(sha256(Bytes::of(lines))));
}

void emit_names(const FactKind& kind, const std::vector<elf::Text>& names, const FileItem& item, FactSink& sink) {
  std::size_t left = kMostSymbols;
  for (const elf::Text& name : names) {
    if (left-- == 0) {
      sink.problem({fail(Code::over_budget, name.at, "more than 20,000 names of one kind in an ELF file").error(), ProblemSeverity::data_loss, std::to_string(names.size()), {}});
      return;
    }
    sink.fact({&kind, item.blob, Row(kind).set("name", name.text).values(), {{item.blob, name.at, name.text.size()}}, kName});
  }
}

void run(const FileItem& item, FactSink& sink) {
  const auto native = open_native(item, &sink);
  if (!native) return;
  const elf::File& file = native->elf;
  for (const Error& e : file.damage()) sink.problem({e, ProblemSeverity::error, {}, {}});
  const Names names = names_of(file);

  Row row(kLibrary);
  std::vector<Place> origins{{item.blob, 0, file.header_size()}};
  const auto text = [&](std::string_view column, const elf::Text& value) {
    if (value.text.empty()) return;
    row.set(column, value.text);
    origins.push_back({item.blob, value.at, value.text.size()});
  };
  const std::string_view type = type_of(file), machine = elf::machine_name(file.machine());
  row.set("type", type).set("machine", machine.empty() ? std::to_string(file.machine()) : std::string(machine)).set("bits", std::int64_t{file.wide() ? 64 : 32});
  if (const auto id = file.build_id()) {
    row.set("gnu_build_id", hex(*file.bytes().slice(id->at, id->length)));
    origins.push_back({item.blob, id->at, id->length});
  }
  if (const elf::DynamicEntry* e = file.dynamic(elf::kSoname)) text("soname", file.dynamic_string(e->value));
  if (const elf::DynamicEntry* e = file.dynamic(elf::kRunpath) ? file.dynamic(elf::kRunpath) : file.dynamic(elf::kRpath)) text("runpath", file.dynamic_string(e->value));
  if (const elf::Segment* s = file.segment(elf::kInterpreter))
    if (const auto path = file.bytes().slice(s->offset, std::min<std::uint64_t>(s->file_size, 256))) text("interpreter", {path->text().substr(0, path->text().find('\0')), s->offset});
  std::string needed;
  for (const elf::DynamicEntry& e : file.dynamic()) {
    if (e.tag != elf::kNeeded) continue;
    const elf::Text name = file.dynamic_string(e.value);
    needed.append(needed.empty() ? "" : "\n").append(name.text);
    if (!name.text.empty()) origins.push_back({item.blob, name.at, name.text.size()});
  }
  if (!needed.empty()) row.set("needed", needed);
  if (type == "program") row.set("pie", file.type() == elf::kShared);
  if (file.type() == elf::kExecutable || file.type() == elf::kShared) {
    const elf::Segment* stack = file.segment(elf::kGnuStack);
    row.set("nx_stack", stack && !(stack->flags & elf::kExec)).set("relro", relro_of(file));
  }
  row.set("text_relocations", file.dynamic(elf::kTextRel) != nullptr || (file.dynamic_value(elf::kFlags) & 4) != 0);
  row.set("stack_protector", names.stack_protector).set("fortified", names.fortified);
  row.set("imports", static_cast<std::int64_t>(names.imports.size())).set("exports", static_cast<std::int64_t>(names.exports.size()));
  if (!names.exports.empty()) row.set("exports_digest", digest_of(names.exports));
  row.set("sections", !file.sections().empty());
  sink.fact({&kLibrary, item.blob, row.values(), std::move(origins), kName});

  emit_names(kImport, names.imports, item, sink);
  if (names.exports.size() <= kFewExports) emit_names(kExport, names.exports, item, sink);
}

constexpr ViewColumn kLibraryViewColumns[] = {
    {"build_id", "The build."},
    {"artifact_id", "The file."},
    {"type", "program, library, module (kernel) or core."},
    {"machine", "arm64, arm, x86_64, x86, …"},
    {"bits", "32 or 64."},
    {"soname", "The name it gives itself."},
    {"gnu_build_id", "GNU build id, in hex."},
    {"needed", "The libraries it asks for, one a line."},
    {"runpath", "Where else its libraries are looked for."},
    {"pie", "Whether a program can be loaded at any address; null for what is no program."},
    {"nx_stack", "Whether its stack is not executable."},
    {"relro", "none, partial or full."},
    {"text_relocations", "Whether code is changed when it is loaded."},
    {"stack_protector", "Whether it takes __stack_chk_fail from libc."},
    {"fortified", "How many checked functions it takes from libc."},
    {"imports", "How many names it takes from others."},
    {"exports", "How many names it offers."},
    {"exports_digest", "SHA-256 over the sorted names it offers."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kLibraryView{"native_library", "ELF files: programs, libraries and kernel modules, with the protections they were built with.", kLibraryViewColumns,
                            R"(SELECT a.build_id, a.artifact_id, n.type, n.machine, n.bits, n.soname, n.gnu_build_id, n.needed, n.runpath, n.pie, n.nx_stack, n.relro, n.text_relocations, n.stack_protector, n.fortified,
n.imports, n.exports, n.exports_digest, lower(hex(n.fact_id)) FROM _native_library n JOIN _artifact a ON a.blob_id = n.blob_id)"};
constexpr ViewColumn kSymbolViewColumns[] = {
    {"artifact_id", "The file."},
    {"direction", "import: taken from others; export: offered to others."},
    {"name", "Of the symbol."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kSymbolView{"native_symbol", "Names that ELF files take and offer. The exports of a file that offers more than 500 are counted in native_library only.", kSymbolViewColumns,
                           R"(SELECT a.artifact_id, 'import', n.name, lower(hex(n.fact_id)) FROM _native_import n JOIN _artifact a ON a.blob_id = n.blob_id
UNION ALL SELECT a.artifact_id, 'export', n.name, lower(hex(n.fact_id)) FROM _native_export n JOIN _artifact a ON a.blob_id = n.blob_id)"};
constexpr const View* kViews[] = {&kLibraryView, &kSymbolView};

}  // namespace

extern const Extractor extractor_native_library;
constexpr Extractor extractor_native_library{.name = kName, .title = "ELF files: what they are, take and offer", .emits = kEmits, .wants = is_elf, .run = run, .views = kViews};

}  // namespace klik
