#include "support/vdex_writer.h"

#include "formats/android/dex_walk.h"
#include "formats/android/oat.h"
#include "support/damage.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

using test::DexWriter;
using namespace std::string_view_literals;

constexpr std::string_view kSettings = "classpath\0&\0compiler-filter\0speed\0"sv;

std::vector<std::uint8_t> app(const std::string& name) {
  DexWriter w;
  w.classes = {{.type = "La/" + name + ";", .methods = {{.name = "go", .code = DexWriter::Code{.units = [](const DexWriter&) { return std::vector<std::uint16_t>{0x0e}; }}}}},
               {.type = "La/" + name + "2;"}};
  return w.write();
}

std::string text_of(const std::vector<std::uint8_t>& bytes) { return std::string(Bytes(std::span<const std::uint8_t>(bytes)).text()); }

TEST(Oat, DexInsideIsAChildUpToAndroid7) {
  for (const std::uint32_t version : {39u, 45u, 64u, 79u, 86u, 88u})
    for (const bool wide : {false, true}) {
      const auto one = app("One"), two = app("Two");
      const auto data = test::oat_data(version, std::string(kSettings), {{.location = "/system/app/A/A.apk", .checksum = 1, .dex = one, .classes = 2}, {.location = "/system/app/A/A.apk:classes2.dex", .checksum = 2, .dex = two, .classes = 2}});
      const auto opened = test::open("oat", test::oat_elf(data, wide));
      ASSERT_TRUE(opened.contents) << version << opened.contents.error().what;
      for (const Note& n : opened.notes) ADD_FAILURE() << version << " " << n.error.what;
      ASSERT_EQ(opened.contents->children.size(), 2u);
      EXPECT_EQ(test::content(opened, "classes.dex"), text_of(one));
      EXPECT_EQ(test::content(opened, "classes2.dex"), text_of(two));
    }
}

TEST(Oat, LaterOnesSayWhereTheDexIs) {
  for (const std::uint32_t version : {124u, 131u, 138u, 170u, 183u, 199u, 225u, 230u, 244u}) {
    const auto data = test::oat_data(version, std::string(kSettings), {{.location = "/system/app/A/A.apk", .checksum = 0xA1, .vdex_offset = 28}, {.location = "/system/app/A/A.apk!classes2.dex", .checksum = 0xA2, .vdex_offset = version >= 138 ? 0u : 99999u}});
    const auto read = oat::read(Bytes(std::span<const std::uint8_t>(data)));
    ASSERT_TRUE(read) << version;
    EXPECT_TRUE(read->complete) << version << read->broken.what;
    ASSERT_EQ(read->entries.size(), 2u);
    EXPECT_EQ(read->version, version);
    EXPECT_EQ(read->entries[0].where, oat::CodeIn::vdex);
    EXPECT_EQ(read->entries[1].where, version >= 138 ? oat::CodeIn::app : oat::CodeIn::vdex);
    EXPECT_EQ(read->entries[1].location_checksum, 0xA2u);
    ASSERT_EQ(read->settings.size(), 2u);
    EXPECT_EQ(read->settings[1].key, "compiler-filter");
    EXPECT_EQ(read->settings[1].value, "speed");
    EXPECT_EQ(Bytes(std::span<const std::uint8_t>(data)).slice(read->settings[1].at, read->settings[1].length)->text(), "compiler-filter\0speed\0"sv);
    const auto opened = test::open("oat", test::oat_elf(data, true));
    ASSERT_TRUE(opened.contents);
    EXPECT_TRUE(opened.contents->children.empty());
    EXPECT_TRUE(test::note(opened, "the DEX of this code lies in the vdex beside it"));
    if (version >= 138) { EXPECT_TRUE(test::note(opened, "the DEX of this code stays in the app")); }
  }
}

TEST(Oat, SettingsMayBePadded) {
  const auto data = test::oat_data(230, std::string("apex-versions\0/a\0\0\0\0\0requires-image\0false\0"sv), {});
  const auto read = oat::read(Bytes(std::span<const std::uint8_t>(data)));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->settings.size(), 2u);
  EXPECT_EQ(read->settings[1].key, "requires-image");
  EXPECT_EQ(read->settings[1].value, "false");
}

TEST(Oat, SeveralFilesInOneKeepTheirNames) {
  const auto data = test::oat_data(79, "", {{.location = "/system/framework/core.jar", .dex = app("Core")}, {.location = "/system/framework/ext.jar", .dex = app("Ext")}, {.location = "/system/framework/ext.jar:classes2.dex", .dex = app("Ext2")}});
  const auto opened = test::open("oat", test::oat_elf(data, false));
  ASSERT_TRUE(opened.contents);
  ASSERT_EQ(opened.contents->children.size(), 3u);
  EXPECT_EQ(opened.contents->children[0].name, "core.jar/classes.dex");
  EXPECT_EQ(opened.contents->children[1].name, "ext.jar/classes.dex");
  EXPECT_EQ(opened.contents->children[2].name, "ext.jar/classes2.dex");
}

TEST(Oat, IsRecognisedByItsSymbolAlone) {
  const auto data = test::oat_data(230, "", {});
  const auto named = [](std::vector<std::uint8_t> bytes) { return detect(*memory_source(std::move(bytes)), "anything"); };
  for (const bool wide : {false, true}) {
    ASSERT_TRUE(named(test::oat_elf(data, wide)));
    EXPECT_EQ(named(test::oat_elf(data, wide))->name, "oat");
    EXPECT_FALSE(named(test::oat_elf(data, wide, "oatdatum")));
    auto other = data;
    other[0] = 'O';
    EXPECT_FALSE(named(test::oat_elf(other, wide)));
  }
}

TEST(Oat, QuickenedCodeWithoutATableIsCounted) {
  DexWriter w;
  w.classes = {{.type = "La/A;", .methods = {{.name = "go", .code = DexWriter::Code{.registers = 1, .ins = 1, .outs = 1, .units = [](const DexWriter&) { return std::vector<std::uint16_t>{0x10e9, 7, 0, 0x00e3, 8, 0x0e}; }}}}}};
  const auto opened = test::open("oat", test::oat_elf(test::oat_data(64, "", {{.location = "/a.apk", .dex = w.write(), .classes = 1}}), true));
  ASSERT_TRUE(opened.contents);
  const Note* note = test::note(opened, "code that the phone rewrote refers to methods and fields without naming them");
  ASSERT_TRUE(note);
  EXPECT_EQ(note->detail, "classes.dex: 1 calls and 1 fields of 3 instructions");
}

TEST(Oat, HostileListsEndWithAReason) {
  auto data = test::oat_data(79, "", {{.location = "/system/a.apk", .dex = app("A")}, {.location = "/system/b.apk", .dex = app("B")}});
  DexWriter::put(data, 20, 0xFFFFFFFF);   // so many DEX files
  auto read = oat::read(Bytes(std::span<const std::uint8_t>(data)));
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->complete);
  EXPECT_EQ(read->broken.code, Code::over_budget);
  DexWriter::put(data, 20, 3);            // one more than there are
  read = oat::read(Bytes(std::span<const std::uint8_t>(data)));
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->complete);
  EXPECT_EQ(read->entries.size(), 2u);
  const auto opened = test::open("oat", test::oat_elf(data, true));
  ASSERT_TRUE(opened.contents);
  EXPECT_EQ(opened.contents->children.size(), 2u);
  EXPECT_TRUE(std::ranges::any_of(opened.notes, [](const Note& n) { return n.severity == Severity::data_loss; }));
  auto settings = test::oat_data(79, "a", {});
  DexWriter::put(settings, 68, 0xFFFFFFFF);
  EXPECT_FALSE(oat::read(Bytes(std::span<const std::uint8_t>(settings))));
  auto version = test::oat_data(79, "a", {});
  version[4] = 'x';
  EXPECT_FALSE(oat::read(Bytes(std::span<const std::uint8_t>(version))));
}

TEST(Oat, NamesFromTheListCannotLeaveTheContainer) {
  for (const std::string location : {"/a.apk:../../x", "/a.apk!", "..", "/x/..:.."}) {
    const auto opened = test::open("oat", test::oat_elf(test::oat_data(79, "", {{.location = location, .dex = app("A")}, {.location = "/..", .dex = app("B")}}), true));
    ASSERT_TRUE(opened.contents) << location;
    for (const Child& c : opened.contents->children) {
      EXPECT_FALSE(c.name.starts_with("/") || c.name.contains("..") || c.name.contains("//")) << c.name;
    }
  }
}

TEST(Oat, EveryPrefixAndBrokenBytesAreSafe) {
  for (const bool wide : {false, true}) {
    const auto bytes = test::oat_elf(test::oat_data(wide ? 64 : 88, std::string(kSettings), {{.location = "/system/a.apk", .dex = app("A"), .classes = 2}, {.location = "/system/b.apk", .dex = app("B"), .classes = 2}}), wide);
    test::every_prefix("oat", bytes);
    test::break_bytes("oat", bytes, 0, 1200, 1500, 3);
    test::break_bytes("oat", bytes, 4096, bytes.size(), 1500, 5);
  }
}

TEST(Oat, RealFilesNameTheirApp) {
  KLIK_NEEDS_EVIDENCE();
  unsigned files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test::evidence() + "/apps/vdex")) {
    if (entry.path().extension() != ".odex") continue;
    const auto opened = test::open("oat", test::read_file(entry.path()));
    ASSERT_TRUE(opened.contents) << entry.path();
    EXPECT_TRUE(opened.contents->children.empty());
    ASSERT_EQ(opened.notes.size(), 1u) << entry.path();
    // The Huawei and Xiaomi files are of Android 8, where the vdex has the code.
    const std::string name = entry.path().filename().string();
    const bool old = name.starts_with("huawei") || name.starts_with("xiaomi");
    EXPECT_STREQ(opened.notes[0].error.what, old ? "the DEX of this code lies in the vdex beside it" : "the DEX of this code stays in the app");
    EXPECT_TRUE(opened.notes[0].detail.ends_with(".apk"));
    ++files;
  }
  EXPECT_EQ(files, 20u);
}

// What code refers to, by name: pools may hold more, indexes differ.
std::map<std::string, std::uint64_t> references(Bytes bytes, std::uint64_t& quickened) {
  std::map<std::string, std::uint64_t> out;
  const auto opened = dex::DexFile::open(bytes);
  EXPECT_TRUE(opened);
  if (!opened) return out;
  const dex::DexFile& dex = *opened;
  for (std::uint32_t i = 0; i < dex.class_count(); ++i) out["class " + std::string(dex.type(dex.class_def(i).type))]++;
  dex::walk_code(dex, [&](const dex::ClassDef& def, const dex::ClassMethod& m, const dex::CodeItem& code) {
    const std::string where = " in " + std::string(dex.type(def.type)) + "->" + std::string(dex.name_of_method(m.method)) + std::string(dex.string(dex.proto(dex.method(m.method).proto).shorty));
    for (const dex::Instruction i : dex::Instructions(code.units)) {
      const std::uint32_t index = i.index();
      switch (i.info().index) {
        case dex::IndexKind::string: out["string " + std::string(dex.string(index)) + where]++; break;
        case dex::IndexKind::type: out["type " + std::string(dex.type(index)) + where]++; break;
        case dex::IndexKind::field: out["field " + std::string(dex.owner_of_field(index)) + "->" + std::string(dex.name_of_field(index)) + where]++; break;
        case dex::IndexKind::method: out["method " + std::string(dex.owner_of_method(index)) + "->" + std::string(dex.name_of_method(index)) + where]++; break;
        case dex::IndexKind::field_offset: case dex::IndexKind::vtable: ++quickened; break;
        default: break;
      }
    }
  });
  return out;
}

TEST(Oat, StockCodeRefersToTheSameThingsAsItsDeodexedTwin) {
  KLIK_NEEDS_EVIDENCE();
  const std::string pairs = test::evidence() + "/apps/odex-pairs/";
  struct Pair {
    std::string stock, twin;
    std::uint64_t classes, unresolved;
  };
  for (const Pair& p : {Pair{"stock/RomUpdate/arm64/RomUpdate.odex", "deodexed/RomUpdate/RomUpdate.apk", 210, 1}, Pair{"stock/RomUpdate/arm/RomUpdate.odex", "deodexed/RomUpdate/RomUpdate.apk", 210, 1},
                        Pair{"stock/LogKitSdService/arm64/LogKitSdService.odex", "deodexed/LogKitSdService/LogKitSdService.apk", 5, 0}}) {
    const auto stock = test::open("oat", test::read_file(pairs + p.stock));
    const auto twin = test::open("zip", test::read_file(pairs + p.twin), "a.apk");
    const Child* a = test::child(stock, "classes.dex");
    const Child* b = test::child(twin, "classes.dex");
    ASSERT_TRUE(a && b) << p.stock;
    const auto bytes_a = a->source->load(), bytes_b = b->source->load();
    ASSERT_TRUE(bytes_a && bytes_b);
    std::uint64_t quickened_a = 0, quickened_b = 0;
    auto from_a = references(bytes_a->bytes(), quickened_a), from_b = references(bytes_b->bytes(), quickened_b);
    EXPECT_EQ(quickened_a, p.unresolved);
    EXPECT_EQ(quickened_b, 0u);
    std::uint64_t classes = 0, missing = 0;
    for (const auto& [what, count] : from_b) {
      classes += what.starts_with("class ");
      const std::uint64_t there = from_a.contains(what) ? from_a[what] : 0;
      EXPECT_LE(there, count) << what;
      missing += count - std::min(count, there);
    }
    for (const auto& [what, count] : from_a) EXPECT_TRUE(from_b.contains(what)) << what;
    EXPECT_EQ(classes, p.classes);
    EXPECT_EQ(missing, p.unresolved);   // exactly the calls that the phone left without a name
  }
}

}  // namespace
}  // namespace klik
