#include "support/vdex_writer.h"

#include "formats/android/dex.h"
#include "formats/android/dex_walk.h"
#include "support/damage.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

using test::DexWriter;
using Units = std::vector<std::uint16_t>;

// A class whose method reads a field, casts, calls and writes.
DexWriter plain_app() {
  DexWriter w;
  DexWriter::Code run{.registers = 4, .ins = 1, .outs = 2};
  run.units = [](const DexWriter& d) {
    const auto field = static_cast<std::uint16_t>(d.field_index({"La/A;", "f", "I"}));
    const auto call = static_cast<std::uint16_t>(d.method_index({"La/A;", "call", "V", {}}));
    const auto type = static_cast<std::uint16_t>(d.type_index("La/A;"));
    return Units{0x3052, field, 0x3154, field, 0x0000, 0x021f, type, 0x106e, call, 0x0003, 0x0174, call, 0x0003, 0x305c, field, 0x000e};
  };
  DexWriter::Code second{.registers = 2, .ins = 1, .outs = 1};
  second.units = [](const DexWriter& d) { return Units{0x106e, static_cast<std::uint16_t>(d.method_index({"La/A;", "call", "V", {}})), 0x0001, 0x000e}; };
  w.classes = {{.type = "La/A;", .fields = {{.name = "f", .type = "I"}},
                .methods = {{.name = "call", .code = second}, {.name = "go", .flags = 0x10001, .code = run}, {.name = "none", .flags = 0x401}}}};
  return w;
}

// The quickened form of both methods, and what undoes it.
struct Quick {
  DexWriter writer;
  std::vector<std::uint8_t> original, quickened;
  Units go_values, call_values;   // in the order of instructions, for the versions without places
};
Quick quick() {
  Quick q;
  q.writer = plain_app();
  q.original = q.writer.write();
  DexWriter changed = plain_app();
  auto& methods = changed.classes[0].methods;
  methods[1].code->units = [](const DexWriter&) {
    return Units{0x30e3, 0x0008, 0x31e5, 0x000c, 0x0000, 0x0000, 0x0000, 0x10e9, 0x0005, 0x0003, 0x01ea, 0x0005, 0x0003, 0x30eb, 0x0010, 0x0073};
  };
  methods[0].code->units = [](const DexWriter&) { return Units{0x10e9, 0x0005, 0x0001, 0x0073}; };
  q.quickened = changed.write();
  // The compiler changed the code alone: the header still has the sums of the original.
  std::copy(q.original.begin(), q.original.begin() + 32, q.quickened.begin());
  const auto field = static_cast<std::uint16_t>(q.writer.field_index({"La/A;", "f", "I"}));
  const auto call = static_cast<std::uint16_t>(q.writer.method_index({"La/A;", "call", "V", {}}));
  const auto type = static_cast<std::uint16_t>(q.writer.type_index("La/A;"));
  q.go_values = {field, field, 0xFFFF, 2, type, call, call, field};
  q.call_values = {call};
  return q;
}

void leb(std::vector<std::uint8_t>& out, std::uint32_t v) {
  for (; v >= 0x80; v >>= 7) out.push_back(static_cast<std::uint8_t>(v | 0x80));
  out.push_back(static_cast<std::uint8_t>(v));
}

// Direct methods first: go, then call; none has no code.
std::vector<std::uint8_t> table_006(const Quick& q) {
  test::Writer w;
  const auto method = [&](const std::vector<std::pair<std::uint32_t, std::uint16_t>>& pairs) {
    std::vector<std::uint8_t> data;
    for (const auto& [pc, value] : pairs) {
      leb(data, pc);
      leb(data, value);
    }
    w.u32(data.size()).append(data);
  };
  const auto& v = q.go_values;   // a plain nop has no entry in this version
  method({{0, v[0]}, {2, v[1]}, {5, v[3]}, {5, v[4]}, {7, v[5]}, {10, v[6]}, {13, v[7]}});
  method({{0, q.call_values[0]}});
  return w.bytes;
}

std::map<std::string, std::uint32_t> code_offsets(const std::vector<std::uint8_t>& bytes) {
  std::map<std::string, std::uint32_t> out;
  const auto dex = dex::DexFile::open(Bytes(std::span<const std::uint8_t>(bytes)));
  if (!dex) return out;
  dex::walk_code(*dex, [&](const dex::ClassDef&, const dex::ClassMethod& m, const dex::CodeItem&) { out[std::string(dex->name_of_method(m.method))] = static_cast<std::uint32_t>(m.code_at); });
  return out;
}

// Version 010, for `count` equal DEX files.
std::vector<std::uint8_t> table_010(const Quick& q, std::size_t count = 1) {
  test::Writer w;
  const auto values = [&](const Units& units) {
    const std::size_t at = w.bytes.size();
    w.u32(2 * units.size());
    for (const std::uint16_t u : units) w.u16(u);
    return at;
  };
  const std::size_t go = values(q.go_values), call = values(q.call_values);
  const auto offsets = code_offsets(q.quickened);
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < count; ++i) {
    starts.push_back(w.bytes.size());
    w.u32(offsets.at("go")).u32(go).u32(offsets.at("call")).u32(call);
  }
  for (const std::size_t s : starts) w.u32(s);
  return w.bytes;
}

// Version 019 and later: the table stands behind the data, at the returned offset.
std::pair<std::vector<std::uint8_t>, std::uint32_t> table_019(const Quick& q) {
  test::Writer w;
  const auto values = [&](const Units& units) {
    const std::size_t at = w.bytes.size();
    leb(w.bytes, static_cast<std::uint32_t>(units.size()));
    for (const std::uint16_t u : units) w.u16(u);
    return static_cast<std::uint32_t>(at + 1);
  };
  const std::uint32_t call = values(q.call_values), go = values(q.go_values);
  const std::uint32_t call_index = q.writer.method_index({"La/A;", "call", "V", {}}), go_index = q.writer.method_index({"La/A;", "go", "V", {}});
  w.align(4);
  const auto table = static_cast<std::uint32_t>(w.bytes.size());
  // The least offset, where the block offsets are, one block of sixteen methods.
  w.u32(call).u32(8).be((1u << call_index) | (1u << go_index), 2);
  leb(w.bytes, 0);            // call comes first: the least itself
  leb(w.bytes, go - call);
  w.zeros(table + 8 + 8 - w.bytes.size()).u32(0);
  return {w.bytes, table};
}

void expect_restored(const test::Opened& opened, const Quick& q, std::size_t count = 1) {
  ASSERT_TRUE(opened.contents);
  ASSERT_EQ(opened.contents->children.size(), count);
  for (const Note& n : opened.notes) ADD_FAILURE() << n.error.what << " " << n.detail;
  for (std::size_t i = 0; i < count; ++i) {
    const Child& c = opened.contents->children[i];
    EXPECT_EQ(c.name, i == 0 ? "classes.dex" : "classes" + std::to_string(i + 1) + ".dex");
    EXPECT_EQ(c.transform, "vdex-unquickened");
    const auto bytes = c.source->load();
    ASSERT_TRUE(bytes);
    EXPECT_TRUE(std::ranges::equal(bytes->bytes().span(), q.original));
    ASSERT_EQ(c.extents.size(), 1u);
    EXPECT_EQ(c.extents[0].length, q.original.size());
  }
}

TEST(Vdex, Version006IsRestored) {
  const Quick q = quick();
  expect_restored(test::open("vdex", test::vdex_old("006", {.dex = {q.quickened}, .checksums = {1}, .quickening = table_006(q)})), q);
}

TEST(Vdex, Version006GoesOnFromOneDexToTheNext) {
  const Quick q = quick();
  auto table = table_006(q);
  const auto once = table;
  table.insert(table.end(), once.begin(), once.end());
  expect_restored(test::open("vdex", test::vdex_old("006", {.dex = {q.quickened, q.quickened}, .checksums = {1, 2}, .quickening = table})), q, 2);
}

TEST(Vdex, Version010IsRestored) {
  const Quick q = quick();
  expect_restored(test::open("vdex", test::vdex_old("010", {.dex = {q.quickened}, .checksums = {1}, .quickening = table_010(q)})), q);
  expect_restored(test::open("vdex", test::vdex_old("010", {.dex = {q.quickened, q.quickened}, .checksums = {1, 2}, .quickening = table_010(q, 2)})), q, 2);
}

TEST(Vdex, Versions019And021AreRestored) {
  const Quick q = quick();
  const auto [table, at] = table_019(q);
  for (const std::string version : {"019", "021"})
    expect_restored(test::open("vdex", test::vdex_middle(version, {.dex = {q.quickened, q.quickened}, .checksums = {1, 2}, .quickening = table, .quicken_tables = {at, at}})), q, 2);
}

TEST(Vdex, DexThatNobodyChangedStaysWhereItLies) {
  const auto dex = plain_app().write();
  const auto bytes = test::vdex_sections({.dex = {dex, dex}, .checksums = {1, 2}});
  const auto opened = test::open("vdex", bytes);
  ASSERT_TRUE(opened.contents);
  ASSERT_EQ(opened.contents->children.size(), 2u);
  EXPECT_TRUE(opened.notes.empty());
  EXPECT_EQ(opened.contents->children[1].transform, "stored");
  EXPECT_EQ(test::content(opened, "classes2.dex"), Bytes(std::span<const std::uint8_t>(dex)).text());
}

TEST(Vdex, WithoutDexItPointsToTheApp) {
  for (const auto& bytes : {test::vdex_sections({.checksums = {0x0A0B0C0D, 0xFFFFFFFF}}), test::vdex_middle("021", {.checksums = {0x0A0B0C0D, 0xFFFFFFFF}}), test::vdex_old("010", {.checksums = {0x0A0B0C0D, 0xFFFFFFFF}})}) {
    const auto opened = test::open("vdex", bytes);
    ASSERT_TRUE(opened.contents);
    EXPECT_TRUE(opened.contents->children.empty());
    const Note* note = test::note(opened, "this vdex holds no DEX: the code is in the app whose classes.dex has this CRC-32");
    ASSERT_TRUE(note);
    EXPECT_EQ(note->severity, Severity::info);
    EXPECT_EQ(note->detail, "0a0b0c0d ffffffff");
  }
}

// Data of compact DEX lies behind all DEX files; each child reaches to its end and can be read alone.
TEST(Vdex, CompactDexIsReadWithItsSharedData) {
  DexWriter w = plain_app();
  const auto compact = w.write_compact();
  const std::size_t data = w.data_start();
  std::vector<std::uint8_t> main(compact.begin(), compact.begin() + static_cast<std::ptrdiff_t>(data)), shared(compact.begin() + static_cast<std::ptrdiff_t>(data), compact.end());
  main.resize((main.size() + 3) & ~std::size_t{3});
  auto first = main, second = main;
  const std::size_t second_to_data = main.size(), first_to_data = 2 * main.size() + 4;   // a word stands in front of each
  for (auto* d : {&first, &second}) DexWriter::put(*d, 32, main.size());
  DexWriter::put(first, 108, first_to_data);
  DexWriter::put(second, 108, second_to_data);
  const auto bytes = test::vdex_middle("021", {.dex = {first, second}, .checksums = {1, 2}, .shared = shared});
  const auto opened = test::open("vdex", bytes);
  ASSERT_TRUE(opened.contents);
  for (const Note& n : opened.notes) ADD_FAILURE() << n.error.what;
  ASSERT_EQ(opened.contents->children.size(), 2u);
  for (const Child& c : opened.contents->children) {
    const auto blob = c.source->load();
    ASSERT_TRUE(blob);
    const auto dex = dex::DexFile::open(blob->bytes());
    ASSERT_TRUE(dex) << dex.error().what;
    EXPECT_TRUE(dex->is_compact());
    EXPECT_EQ(dex->type(dex->class_def(0).type), "La/A;");
    const auto walked = dex::walk_code(*dex, [](const dex::ClassDef&, const dex::ClassMethod&, const dex::CodeItem&) {});
    EXPECT_EQ(walked.methods, 2u);
    EXPECT_EQ(walked.broken, 0u);
  }
  EXPECT_EQ(opened.contents->children[1].extents[0].length, main.size() + shared.size());
}

TEST(Vdex, ATableThatDoesNotFitIsSaidAndTheProofFails) {
  const Quick q = quick();
  auto table = table_010(q);
  table[0] = 2;   // only one value for the first method
  const auto opened = test::open("vdex", test::vdex_old("010", {.dex = {q.quickened}, .checksums = {1}, .quickening = table}));
  ASSERT_TRUE(opened.contents);
  ASSERT_EQ(opened.contents->children.size(), 1u);
  EXPECT_TRUE(test::note(opened, "the quickening table has no entry for an instruction"));
  EXPECT_TRUE(test::note(opened, "the DEX does not have the Adler-32 that its header states"));
  EXPECT_TRUE(test::note(opened, "the DEX does not have the SHA-1 that its header states"));
  // The other method is restored all the same.
  const auto bytes = opened.contents->children[0].source->load();
  ASSERT_TRUE(bytes);
  const auto dex = dex::DexFile::open(bytes->bytes());
  ASSERT_TRUE(dex);
  const dex::Quickened left = dex::count_quickened(*dex);
  EXPECT_EQ(left.invokes, 2u);
}

TEST(Vdex, ASha1ThatABuildStepForgotIsNoError) {
  auto dex = plain_app().write();
  dex[12] ^= 1;
  DexWriter::put(dex, 8, adler32(Bytes(std::span<const std::uint8_t>(dex)).from(12).value()));
  const auto opened = test::open("vdex", test::vdex_sections({.dex = {dex}, .checksums = {1}}));
  ASSERT_EQ(opened.notes.size(), 1u);
  EXPECT_EQ(opened.notes[0].severity, Severity::info);
  EXPECT_STREQ(opened.notes[0].error.what, "the DEX does not have the SHA-1 that its header states");
}

TEST(Vdex, HostileHeadersAreRefused) {
  const Quick q = quick();
  const auto good = test::vdex_old("010", {.dex = {q.quickened}, .checksums = {1}, .quickening = table_010(q)});
  struct Case {
    std::size_t at;
    std::uint32_t value;
    Code code;
  };
  for (const Case& c : {Case{4, 0x00393939, Code::unsupported}, Case{8, 0xFFFFFFFF, Code::over_budget}, Case{12, 0xFFFFFFFF, Code::truncated}}) {
    auto bytes = good;
    DexWriter::put(bytes, c.at, c.value);
    const auto opened = test::open("vdex", bytes);
    ASSERT_FALSE(opened.contents) << c.at;
    EXPECT_EQ(opened.contents.error().code, c.code);
  }
  auto bytes = test::vdex_sections({.checksums = {1}});
  DexWriter::put(bytes, 8, 0xFFFFFFFF);
  EXPECT_FALSE(test::open("vdex", bytes).contents);
}

TEST(Vdex, EveryPrefixAndBrokenBytesAreSafe) {
  const Quick q = quick();
  const auto [table, at] = table_019(q);
  for (const auto& bytes : {test::vdex_old("006", {.dex = {q.quickened}, .checksums = {1}, .quickening = table_006(q)}),
                            test::vdex_old("010", {.dex = {q.quickened}, .checksums = {1}, .quickening = table_010(q)}),
                            test::vdex_middle("021", {.dex = {q.quickened}, .checksums = {1}, .quickening = table, .quicken_tables = {at}}), test::vdex_sections({.dex = {q.original}, .checksums = {1}})}) {
    test::every_prefix("vdex", bytes);
    test::break_bytes("vdex", bytes, 0, bytes.size(), 1500, 11);
  }
}

// Of the real ones, ten hold DEX, which the sums of their own headers prove; the others point to their app.
TEST(Vdex, RealFilesAreProvenByTheirOwnSums) {
  KLIK_NEEDS_EVIDENCE();
  unsigned with_dex = 0, without = 0;
  std::uint64_t restored_kinds = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test::evidence() + "/apps/vdex")) {
    if (entry.path().extension() != ".vdex") continue;
    const auto opened = test::open("vdex", test::read_file(entry.path()));
    ASSERT_TRUE(opened.contents) << entry.path();
    if (opened.contents->children.empty()) {
      EXPECT_TRUE(test::note(opened, "this vdex holds no DEX: the code is in the app whose classes.dex has this CRC-32")) << entry.path();
      ++without;
      continue;
    }
    EXPECT_TRUE(opened.notes.empty()) << entry.path() << " " << opened.notes[0].error.what;
    for (const Child& c : opened.contents->children) {
      restored_kinds += c.transform == "vdex-unquickened";
      const auto bytes = c.source->load();
      ASSERT_TRUE(bytes);
      const auto dex = dex::DexFile::open(bytes->bytes());
      ASSERT_TRUE(dex);
      EXPECT_TRUE(dex->checksum_ok()) << entry.path();
      EXPECT_TRUE(dex->signature_ok()) << entry.path();
      const dex::Quickened left = dex::count_quickened(*dex);
      EXPECT_EQ(left.invokes + left.fields, 0u);
    }
    ++with_dex;
  }
  EXPECT_EQ(with_dex, 10u);
  EXPECT_EQ(without, 10u);
  EXPECT_EQ(restored_kinds, 10u);
}

}  // namespace
}  // namespace klik
