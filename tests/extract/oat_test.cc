#include "support/evidence.h"
#include "support/facts.h"
#include "support/files.h"
#include "support/vdex_writer.h"

namespace klik {
namespace {

using namespace std::string_view_literals;
using test::column;

TEST(OatFacts, AnOatNamesItsDexFilesAndSettings) {
  const auto bytes = test::oat_elf(test::oat_data(199, std::string("compiler-filter\0verify\0classpath\0PCL[]\0"sv), {{.location = "/system/app/A/A.apk", .checksum = 0x00A1B2C3}, {.location = "/system/app/A/A.apk!classes2.dex", .checksum = 2, .vdex_offset = 7}}), true);
  const auto sink = test::extract("oat@1", memory_source(bytes), "oat", "A.odex");
  const auto entries = test::of_kind(sink, "code.oat_entry"), settings = test::of_kind(sink, "code.oat_setting");
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(column(entries[0], "location"), "/system/app/A/A.apk");
  EXPECT_EQ(column(entries[0], "location_checksum"), "00a1b2c3");
  EXPECT_EQ(column(entries[0], "dex_count"), "2");
  EXPECT_EQ(column(entries[0], "dex_in"), "app");
  EXPECT_EQ(column(entries[1], "dex_in"), "vdex");
  EXPECT_EQ(column(entries[1], "number"), "1");
  EXPECT_EQ(column(entries[1], "format_version"), "199");
  // A fact points at its bytes.
  const Place place = entries[0].origins[0];
  EXPECT_TRUE(Bytes(std::span<const std::uint8_t>(bytes)).slice(place.at, place.length)->text().contains("/system/app/A/A.apk"));
  ASSERT_EQ(settings.size(), 2u);
  EXPECT_EQ(column(settings[1], "name"), "classpath");
  EXPECT_EQ(column(settings[1], "value"), "PCL[]");
  EXPECT_EQ(Bytes(std::span<const std::uint8_t>(bytes)).slice(settings[1].origins[0].at, settings[1].origins[0].length)->text(), "classpath\0PCL[]\0"sv);
}

TEST(OatFacts, AVdexKnowsChecksumsOnly) {
  const auto sink = test::extract("oat@1", memory_source(test::vdex_sections({.checksums = {0xDEADBEEF}})), "vdex", "A.vdex");
  ASSERT_EQ(sink.facts.size(), 1u);
  EXPECT_EQ(column(sink.facts[0], "location"), "null");
  EXPECT_EQ(column(sink.facts[0], "location_checksum"), "deadbeef");
  EXPECT_EQ(column(sink.facts[0], "dex_in"), "app");
}

// vdex and odex of one app agree on the checksum, whatever the release.
TEST(OatFacts, RealPairsAgree) {
  KLIK_NEEDS_EVIDENCE();
  unsigned pairs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test::evidence() + "/apps/vdex")) {
    if (entry.path().extension() != ".odex") continue;
    auto other = entry.path();
    other.replace_extension(".vdex");
    const auto odex = test::of_kind(test::extract("oat@1", memory_source(test::read_file(entry.path())), "oat"), "code.oat_entry");
    const auto vdex = test::of_kind(test::extract("oat@1", memory_source(test::read_file(other)), "vdex"), "code.oat_entry");
    ASSERT_EQ(odex.size(), vdex.size()) << entry.path();
    for (std::size_t i = 0; i < odex.size(); ++i) {
      EXPECT_EQ(column(odex[i], "location_checksum"), column(vdex[i], "location_checksum"));
      EXPECT_EQ(column(odex[i], "dex_in"), column(vdex[i], "dex_in"));
      EXPECT_TRUE(column(odex[i], "location").ends_with(".apk"));
    }
    ++pairs;
  }
  EXPECT_EQ(pairs, 20u);
}

}  // namespace
}  // namespace klik
