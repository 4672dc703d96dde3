// The functions of native code, packed for comparison, and what about its shape is out of the ordinary: code that runs when it
// is loaded, memory that is writable and executable, data as dense as if it were encrypted.
#include <algorithm>
#include <array>

#include "containers/oat_elf.h"
#include "extract/native_file.h"
#include "extract/native_rest.h"
#include "flow/native_graph.h"
#include "flow/packing.h"

namespace klik {
namespace {

constexpr std::string_view kName = "native_code@5";

constexpr Column kCodeColumns[] = {
    {"functions", ColumnType::integer, "Functions found, by symbols, unwind tables, calls and addresses in data."},
    {"named", ColumnType::integer, "Those with a name."},
    {"code_bytes", ColumnType::integer, "Bytes of executable sections without the procedure linkage."},
    {"covered_bytes", ColumnType::integer, "Those that lie in a function."},
    {"writable_code", ColumnType::boolean, "Whether a segment is both writable and executable."},
    {"dense_bytes", ColumnType::integer, "Bytes of data, in pieces of 4 KiB, that are with nearly all values about equally often, as in compressed or encrypted data."},
    {"digest", ColumnType::text, "Over the functions, without their addresses and their order: equal for code that was only linked anew."},
    {"rest", ColumnType::text, "Over constants, initialised data and code outside of functions, words that hold addresses left out: other where a key or a table is."},
    {"code", ColumnType::bytes, "The functions, packed (src/flow/native_graph.h) and compressed with zstd."},
};
constexpr FactKind kCode{"native.code", "The machine code of an ELF file as functions: what each is, calls and names.", kCodeColumns};
constexpr Column kInitColumns[] = {
    {"kind", ColumnType::text, "The table: preinit_array, init, init_array, fini_array or fini.", true},
    {"n", ColumnType::integer, "Its number in the table, from 0.", true},
    {"function", ColumnType::text, "Name of the function; null when it has none.", false, true},
    {"address", ColumnType::integer, "Where the function lies when the file is loaded at 0."},
    {"hash", ColumnType::text, "Of its instructions, addresses left out; null when it is no function that could be read.", false, true},
};
constexpr FactKind kInit{"native.init", "A function that the dynamic linker runs when it loads or unloads an ELF file.", kInitColumns};
constexpr const FactKind* kEmits[] = {&kCode, &kInit};

constexpr std::uint64_t kPiece = 4096;

std::uint64_t dense_bytes(const elf::File& file) {
  std::uint64_t out = 0;
  for (const elf::Range& r : file.data_ranges())
    for (std::uint64_t at = r.at; at + kPiece <= r.at + r.length; at += kPiece) {
      const auto bytes = file.bytes().slice(at, kPiece);
      if (!bytes) break;
      std::array<std::uint32_t, 256> counts{};
      for (const std::uint8_t b : *bytes) ++counts[b];
      // Of random bytes the sum of squares is 1/256 of the whole, and code and tables are far above. No logarithm: integers are the same everywhere.
      std::uint64_t squares = 0;
      unsigned different = 0;
      for (const std::uint32_t c : counts) squares += std::uint64_t{c} * c, different += c != 0;
      if (different >= 240 && squares < kPiece * kPiece / 180) out += kPiece;
    }
  return out;
}

std::string digest_of(const elf::Functions& all) {
  std::uint64_t sum = 0, product = 1;
  for (const elf::Function& f : all.list) {
    std::uint64_t h = f.hash * 0x9e3779b97f4a7c15 + f.uses.size();
    const auto mix = [&h](std::string_view text) {
      for (const char c : text) h = (h ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
    };
    mix(f.name);
    for (const elf::Use& u : f.uses) {
      // Another function called is another thing done, wherever either of them lies.
      if (u.kind == elf::UseKind::function) h = (h ^ all.list[u.index].hash) * 0x100000001b3;
      else mix(u.kind == elf::UseKind::import ? all.imports[u.index] : all.texts[u.index]);
      h ^= h >> 31;
    }
    sum += h;
    product *= h | 1;
  }
  std::array<std::uint8_t, 16> bytes{};
  for (unsigned i = 0; i < 8; ++i) bytes[i] = static_cast<std::uint8_t>(sum >> (8 * i)), bytes[8 + i] = static_cast<std::uint8_t>(product >> (8 * i));
  return hex(Bytes(bytes.data(), bytes.size()));
}

void run(const FileItem& item, FactSink& sink) {
  const auto native = open_native(item, nullptr);
  // Compiled Java code lies in ELF files too; what such a file holds is read as DEX.
  // The symbol alone is no reason to look away: anybody can write it.
  if (!native || !elf::has_functions(native->elf) || find_oatdata(*item.source)) return;
  const elf::File& file = native->elf;
  const elf::Functions all = elf::read_functions(file);
  for (const Error& e : all.damage) sink.problem({e, ProblemSeverity::data_loss, {}, {}});
  const bool has_code = std::ranges::any_of(file.segments(), [](const elf::Segment& s) { return s.type == elf::kLoad && (s.flags & elf::kExec) && s.file_size > 0; });
  if (all.list.empty() && has_code) sink.problem({fail(Code::unsupported, 0, "no function was found in this file's code, so changes of it are not seen").error(), ProblemSeverity::info});
  if (all.list.empty() && all.initial.empty()) return;

  std::string small = flow::squeezed(flow::packed(all));
  if (small.empty()) return sink.problem({fail(Code::over_budget, 0, "no memory to keep the functions of this file").error(), ProblemSeverity::data_loss});
  std::int64_t named = 0;
  for (const elf::Function& f : all.list) named += !f.name.empty();
  bool writable_code = false;
  std::vector<Place> places;
  for (const elf::Segment& s : file.segments()) {
    if (s.type != elf::kLoad || !(s.flags & elf::kExec)) continue;
    writable_code |= (s.flags & elf::kWrite) != 0;
    if (s.offset < file.bytes().size()) places.push_back({item.blob, s.offset, std::min(s.file_size, file.bytes().size() - s.offset)});
  }
  if (places.empty()) places.push_back({item.blob, 0, file.header_size()});
  std::vector<Value> values{static_cast<std::int64_t>(all.list.size()), named, static_cast<std::int64_t>(all.code_bytes), static_cast<std::int64_t>(all.covered_bytes), std::int64_t{writable_code},
                            static_cast<std::int64_t>(dense_bytes(file)), digest_of(all), digest_of_rest(file, all), std::move(small)};
  sink.fact({&kCode, item.blob, std::move(values), std::move(places), kName});

  std::string_view table;
  std::int64_t n = 0;
  for (const elf::Initial& i : all.initial) {
    n = i.table == table ? n + 1 : 0;
    table = i.table;
    Row row(kInit);
    row.set("kind", i.table).set("n", n).set("address", static_cast<std::int64_t>(i.target));
    const auto f = std::ranges::lower_bound(all.list, i.target, {}, &elf::Function::address);
    if (f != all.list.end() && f->address == i.target) {
      if (!f->name.empty()) row.set("function", f->name);
      std::array<std::uint8_t, 8> hash{};
      for (unsigned k = 0; k < 8; ++k) hash[7 - k] = static_cast<std::uint8_t>(f->hash >> (8 * k));
      row.set("hash", hex(Bytes(hash.data(), hash.size())));
    }
    sink.fact({&kInit, item.blob, row.values(), {{item.blob, i.at, i.length}}, kName});
  }
}

constexpr ViewColumn kCodeViewColumns[] = {
    {"build_id", "The build."},
    {"artifact_id", "The file."},
    {"functions", "Functions found."},
    {"named", "Those with a name."},
    {"code_bytes", "Bytes of code."},
    {"covered_bytes", "Those that lie in a function."},
    {"writable_code", "Whether a segment is both writable and executable."},
    {"dense_bytes", "Bytes of data as dense as compressed or encrypted ones."},
    {"digest", "Equal for code that was only linked anew."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kCodeView{"native_code", "ELF files by their machine code: how many functions, and what about its shape is out of the ordinary.", kCodeViewColumns,
                         R"(SELECT a.build_id, a.artifact_id, c.functions, c.named, c.code_bytes, c.covered_bytes, c.writable_code, c.dense_bytes, c.digest, lower(hex(c.fact_id)) FROM _native_code c JOIN _artifact a ON a.blob_id = c.blob_id)"};
constexpr ViewColumn kInitViewColumns[] = {
    {"artifact_id", "The file."},
    {"kind", "preinit_array, init, init_array, fini_array or fini."},
    {"n", "Its number in the table, from 0."},
    {"function", "Its name; null when it has none."},
    {"address", "Where it lies when the file is loaded at 0."},
    {"hash", "Of its instructions, addresses left out."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kInitView{"native_init", "What runs when native code is loaded or unloaded, before anybody calls it.", kInitViewColumns,
                         R"(SELECT a.artifact_id, i.kind, i.n, i.function, i.address, i.hash, lower(hex(i.fact_id)) FROM _native_init i JOIN _artifact a ON a.blob_id = i.blob_id)"};
constexpr const View* kViews[] = {&kCodeView, &kInitView};

}  // namespace

extern const Extractor extractor_native_code;
constexpr Extractor extractor_native_code{.name = kName, .title = "Functions of native code", .emits = kEmits, .wants = is_elf, .run = run, .views = kViews};

}  // namespace klik
