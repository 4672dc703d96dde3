#include <set>

#include "apps/attribute_ids.h"
#include "support/apks.h"
#include "support/arsc_writer.h"
#include "support/axml_writer.h"
#include "support/facts.h"
#include "support/zip_writer.h"

namespace klik {
namespace {

using apk::AttributeName;
namespace attr = apk::attr;

test::AxmlWriter::Attr text(AttributeName a, std::string value) { return test::text_attr(a.id, std::move(value)); }
std::string string_of(const std::vector<std::uint8_t>& bytes) { return std::string(Bytes(bytes).text()); }

struct App {
  std::vector<std::uint8_t> xml, table, zip;
};

App app() {
  test::ArscWriter t;
  t.types = {{.entries = {{.index = 0, .type = res::kBoolean, .data = 0}}}};
  test::AxmlWriter w;
  w.open("manifest", {test::plain_attr("package", "a.b"), test::int_attr(attr::version_code.id, 3)});
  w.leaf("uses-sdk", {test::int_attr(attr::target_sdk_version.id, 29)});
  w.leaf("uses-permission", {text(attr::name, "p")});
  w.leaf("uses-permission", {text(attr::name, "p")});
  w.leaf("permission", {text(attr::name, "d"), test::int_attr(attr::protection_level.id, 0x12)});
  w.open("application");
  w.open("receiver", {text(attr::name, ".R"), test::ref_attr(attr::enabled.id, 0x7f010000)});
  for (const std::string action : {"one", "two,three", "one"}) {
    w.open("intent-filter");
    w.leaf("action", {text(attr::name, action)});
    w.leaf("data", {text(attr::scheme, "a;b")});
    w.close("intent-filter");
  }
  w.close("receiver");
  w.leaf("activity", {text(attr::name, ".A"), test::ref_attr(attr::exported.id, 0x01110000)});
  w.leaf("meta-data", {text(attr::name, "m"), text(attr::value, "v")});
  w.close("application");
  w.close("manifest");
  App a{w.write(), t.write(), {}};
  a.zip = test::write_zip({{.name = "AndroidManifest.xml", .data = string_of(a.xml)}, {.name = "resources.arsc", .data = string_of(a.table)}});
  return a;
}

RecordingSink run(std::vector<std::uint8_t> zip, std::string_view kind = "apk") { return test::extract("manifest@2", memory_source(std::move(zip)), kind); }

TEST(ManifestFacts, SayWhatTheManifestSays) {
  const RecordingSink sink = run(app().zip);
  const auto packages = test::of_kind(sink, "app.package");
  ASSERT_EQ(packages.size(), 1u);
  EXPECT_EQ(test::column(packages[0], "name"), "a.b");
  EXPECT_EQ(test::column(packages[0], "version_code"), "3");
  EXPECT_EQ(test::column(packages[0], "target_sdk"), "29");
  EXPECT_EQ(test::column(packages[0], "cleartext"), "null");
  const auto components = test::of_kind(sink, "app.component");
  ASSERT_EQ(components.size(), 2u);
  EXPECT_EQ(test::column(components[0], "action"), "one,two%2Cthree");
  EXPECT_EQ(test::column(components[0], "exported"), "1");
  EXPECT_EQ(test::column(components[0], "enabled"), "0");
  EXPECT_EQ(test::column(components[1], "exported"), "null");
  EXPECT_EQ(test::column(components[1], "exported_why"), "unknown_reference");
  const auto filters = test::of_kind(sink, "app.intent_filter");
  ASSERT_EQ(filters.size(), 3u);
  EXPECT_EQ(test::column(filters[2], "n"), "2");
  EXPECT_EQ(test::column(filters[0], "data"), "scheme=a%3Bb");
  EXPECT_EQ(test::column(test::of_kind(sink, "app.permission_declaration").at(0), "protection"), "signature|privileged");
  EXPECT_EQ(test::column(test::of_kind(sink, "app.manifest_entry").at(0), "value"), "v");
}

// Every origin lies in the manifest's or the table's own bytes, and identities do not collide.
TEST(ManifestFacts, PointAtTheirBytesAndAreDistinct) {
  const App a = app();
  const BlobId xml(sha256(Bytes(a.xml))), table(sha256(Bytes(a.table)));
  const RecordingSink sink = run(a.zip);
  std::set<FactId> ids;
  bool from_table = false;
  for (const Fact& f : sink.facts) {
    EXPECT_TRUE(ids.insert(fact_id(f)).second) << f.kind->name;
    EXPECT_EQ(f.origins[0].blob, xml);
    EXPECT_GT(f.origins[0].length, 0u);
    for (const Place& p : f.origins) {
      const std::uint64_t size = p.blob == xml ? a.xml.size() : a.table.size();
      EXPECT_TRUE(p.blob == xml || p.blob == table);
      EXPECT_TRUE(p.at <= size && p.length <= size - p.at);
      from_table = from_table || p.blob == table;
    }
  }
  EXPECT_TRUE(from_table);   // enabled of the receiver
}

TEST(ManifestFacts, UnreadableManifestsAreProblems) {
  const auto one = [](std::vector<test::ZipMember> members) {
    const RecordingSink sink = run(test::write_zip(members));
    EXPECT_TRUE(sink.facts.empty());
    EXPECT_EQ(sink.problems.size(), 1u);
    return sink.problems.empty() ? ProblemSeverity::info : sink.problems[0].severity;
  };
  EXPECT_EQ(one({{.name = "x", .data = "y"}}), ProblemSeverity::data_loss);
  EXPECT_EQ(one({{.name = "AndroidManifest.xml", .data = "not binary XML"}}), ProblemSeverity::data_loss);
  EXPECT_EQ(one({{.name = "AndroidManifest.xml", .data = "data", .crc = 1}}), ProblemSeverity::data_loss);
}

TEST(ManifestFacts, ADamagedTableLeavesValuesUnknown) {
  const App a = app();
  const RecordingSink sink = run(test::write_zip({{.name = "AndroidManifest.xml", .data = string_of(a.xml)}, {.name = "resources.arsc", .data = "nothing like a table"}}));
  EXPECT_EQ(test::column(test::of_kind(sink, "app.component").at(0), "enabled"), "null");
  EXPECT_FALSE(sink.problems.empty());
}

TEST(ManifestFacts, TheAdupsAppsOfTwoBuildsDifferAsPublished) {
  KLIK_NEEDS_EVIDENCE();
  const auto of = [](const char* archive) {
    const test::FirmwareApks apks(archive);
    std::vector<Fact> out;
    for (const std::string& path : apks.paths()) {
      if (!path.ends_with("/AdupsFotaReboot.apk")) continue;
      const auto source = file_source(path.c_str());
      EXPECT_TRUE(source);
      if (source) out = test::extract("manifest@2", *source, "apk").facts;
    }
    return out;
  };
  const auto component = [](const std::vector<Fact>& facts, std::string_view ending) -> const Fact* {
    for (const Fact& f : facts)
      if (f.kind->name == "app.component" && test::column(f, "class").ends_with(ending)) return &f;
    return nullptr;
  };
  const auto before = of("blu-vivo5r-2016-08"), after = of("blu-vivo5r-2017-04");
  const Fact* receiver = component(before, "WriteCommandReceiver");
  ASSERT_TRUE(receiver);
  EXPECT_EQ(test::column(*receiver, "exported_why"), "default_with_filter");
  EXPECT_EQ(test::column(*receiver, "permission"), "null");
  EXPECT_EQ(test::column(*component(before, "InfoProvider"), "authorities"), "com.ad.dinfo");
  EXPECT_EQ(test::column(before.at(0), "shared_uid"), "android.uid.system");
  EXPECT_EQ(component(after, "WriteCommandReceiver"), nullptr);
  ASSERT_TRUE(component(after, "SysService"));
  EXPECT_EQ(test::column(*component(after, "SysService"), "exported"), "1");
}

TEST(ManifestFacts, ADisabledAppsReceiverIsExportedButNotEnabled) {
  KLIK_NEEDS_EVIDENCE();
  const auto source = file_source((test::evidence() + "/apps/vendor/google-pixel6a-Showcase.apk").c_str());
  ASSERT_TRUE(source);
  const RecordingSink sink = test::extract("manifest@2", *source, "apk");
  EXPECT_EQ(test::column(test::of_kind(sink, "app.package").at(0), "enabled"), "0");
  for (const Fact& f : test::of_kind(sink, "app.component")) {
    EXPECT_EQ(test::column(f, "enabled"), "0");
  }
}

}  // namespace
}  // namespace klik
