#include "support/evidence.h"
#include "support/facts.h"
#include "support/files.h"
#include "support/writer.h"
#include "support/zip_writer.h"

#include "containers/zip_archive.h"
#include "extract/update_claims.h"

namespace klik {
namespace {

using test::column;

SourceRef text_source(std::string_view text) {
  const Bytes bytes = Bytes::of(text);
  return memory_source(std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
}

TEST(UpdateScriptFacts, PointAtTheCallInTheScript) {
  const std::string script = "ui_print(\"a\");\nset_metadata(\"/system/bin/x\", \"uid\", 0, \"gid\", 2000, \"mode\", 04755, \"capabilities\", 0x1000);\ndelete(\"/system/a\", \"/system/b\");\n";
  const auto sink = test::extract("update_script@2", text_source(script), "file", "updater-script");
  ASSERT_EQ(sink.facts.size(), 3u);
  EXPECT_TRUE(sink.problems.empty());
  const Fact& f = sink.facts[0];
  EXPECT_EQ(column(f, "what"), "attribute");
  EXPECT_EQ(column(f, "target"), "/system/bin/x");
  EXPECT_EQ(column(f, "uid"), "0");
  EXPECT_EQ(column(f, "gid"), "2000");
  EXPECT_EQ(column(f, "mode"), "04755");
  EXPECT_EQ(column(f, "capabilities"), "net_admin");
  EXPECT_EQ(column(f, "selabel"), "null");
  EXPECT_TRUE(script.substr(f.origins[0].at, f.origins[0].length).starts_with("set_metadata("));
  EXPECT_EQ(script[f.origins[0].at + f.origins[0].length], ';');
  EXPECT_NE(fact_id(sink.facts[1]), fact_id(sink.facts[2]));   // one call, two files
}

TEST(UpdateScriptFacts, AScriptThatStopsIsALoss) {
  const auto sink = test::extract("update_script@2", text_source("delete(\"/a\"); run_program("), "file", "updater-script");
  EXPECT_EQ(sink.facts.size(), 1u);
  ASSERT_EQ(sink.problems.size(), 1u);
  EXPECT_EQ(sink.problems[0].severity, ProblemSeverity::data_loss);
}

TEST(UpdateMetadataFacts, TextIsReadOnlyWhenItIsOfAnUpdate) {
  const auto sink = test::extract("update_metadata@2", text_source("ota-type=AB\r\npost-build=a/b:c\nnothing\n=x\n"), "file", "metadata");
  ASSERT_EQ(sink.facts.size(), 2u);
  EXPECT_EQ(column(sink.facts[0], "key"), "ota-type");
  EXPECT_EQ(column(sink.facts[0], "value"), "AB");
  EXPECT_EQ(column(sink.facts[1], "value"), "a/b:c");
  EXPECT_EQ(sink.facts[1].origins[0].at, 13u);
  EXPECT_TRUE(test::extract("update_metadata@2", text_source("name=value\n"), "file", "metadata").facts.empty());
  EXPECT_TRUE(test::extract("update_metadata@2", text_source(""), "file", "metadata").facts.empty());
}

// Fields of a protocol buffer: numbers up to 15, then those above.
std::string wire(unsigned field, std::string_view bytes) { return std::string({static_cast<char>(field << 3 | 2), static_cast<char>(bytes.size())}) + std::string(bytes); }
std::string wire(unsigned field, int value) { return {static_cast<char>(field << 3), static_cast<char>(value)}; }

std::string metadata_pb() {
  return wire(1, 1) + wire(3, 1) + wire(4, wire(1, "ota-property-files") + wire(2, "a:1:2")) + wire(5, wire(1, "phone") + wire(2, "old")) +
         wire(6, wire(2, "new") + wire(4, 7) + wire(6, "2023-01-01") + wire(7, wire(1, "system") + wire(3, "x") + wire(3, "y"))) + wire(9, 1) + wire(12, "later");
}

TEST(UpdateMetadataFacts, ProtocolBufferHasTheKeysOfTheText) {
  const auto sink = test::extract("update_metadata@2", text_source(metadata_pb()), "file", "metadata.pb");
  std::string all;
  for (const Fact& f : sink.facts) all += column(f, "key") + "=" + column(f, "value") + "\n";
  EXPECT_EQ(all,
            "ota-type=AB\nota-downgrade=yes\nota-property-files=a:1:2\npre-device=phone\npre-build=old\npost-build=new\npost-timestamp=7\n"
            "post-security-patch-level=2023-01-01\npost-partition-build:system=x|y\nspl-downgrade=yes\n");
}

TEST(UpdateMetadataFacts, EveryPrefixOfTheProtocolBufferIsSafe) {
  const std::string pb = metadata_pb();
  for (std::size_t n = 0; n < pb.size(); ++n) {
    const std::vector<std::uint8_t> exact(pb.begin(), pb.begin() + static_cast<std::ptrdiff_t>(n));
    const auto claims = update_claims::read_pb(Bytes(exact));
    if (!claims) continue;
    for (const auto& c : claims->list) EXPECT_TRUE(c.at <= n && c.length <= n - c.at) << n;
  }
  const std::string wrong = wire(1, "text");
  EXPECT_EQ(update_claims::read_pb(Bytes::of(wrong)).error().code, Code::bad_value);
}

// Whoever puts thousands of lines before the one that matters is told of.
TEST(UpdateMetadataFacts, WhatIsNotToldIsSaid) {
  std::string filler = "ota-type=AB\n";
  for (int i = 0; i < 4095; ++i) filler += "a=b\n";
  const auto problems = [](const std::string& text, std::string_view name) {
    const auto sink = test::extract("update_metadata@2", text_source(text), "file", name);
    for (const Problem& p : sink.problems) EXPECT_EQ(p.error.code, Code::over_budget);
    return sink.problems.size();
  };
  EXPECT_EQ(problems(filler + "no statement\n", "metadata"), 0u);
  EXPECT_EQ(problems(filler + "ota-downgrade=yes\n", "metadata"), 1u);
  EXPECT_EQ(problems(filler + "ota-downgrade=yes\n", "payload_properties.txt"), 1u);
  std::string pb;
  for (int i = 0; i < 4097; ++i) pb += wire(3, 1);
  EXPECT_EQ(problems(pb, "metadata.pb"), 1u);
  const std::string long_text(std::size_t{1} << 20, '#');
  EXPECT_EQ(problems("ota-type=AB\n" + long_text + "\nota-downgrade=yes\n", "metadata"), 1u);
  EXPECT_EQ(problems("FILE_SIZE=1\n" + long_text, "payload_properties.txt"), 1u);
  EXPECT_EQ(problems(long_text + "\nother=file\n", "metadata"), 0u);   // none of an update
}

TEST(UpdateMetadataFacts, AnotherProtocolBufferIsNoLoss) {
  const auto sink = test::extract("update_metadata@2", text_source(wire(1, "text")), "file", "metadata.pb");
  ASSERT_EQ(sink.problems.size(), 1u);
  EXPECT_EQ(sink.problems[0].severity, ProblemSeverity::info);
}

TEST(UpdateMetadataFacts, PropertiesCarryTheirDigestInHex) {
  const auto sink = test::extract("update_metadata@2", text_source("FILE_HASH=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nFILE_SIZE=12\nMETADATA_HASH=zz\nodd_switch=0\n"), "text", "payload_properties.txt");
  ASSERT_EQ(sink.facts.size(), 4u);
  EXPECT_EQ(column(sink.facts[0], "sha256"), "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  EXPECT_EQ(column(sink.facts[1], "sha256"), "null");
  EXPECT_EQ(column(sink.facts[2], "sha256"), "null");
  EXPECT_EQ(column(sink.facts[3], "key"), "odd_switch");
}

TEST(UpdatePlaces, ListsOfPlacesAreReadWithCare) {
  const auto shown = [](std::string_view text) {
    std::string out;
    for (const auto& f : update_claims::read_property_files(text).list) out += f.name + "@" + std::to_string(f.at) + "+" + std::to_string(f.size) + " ";
    return out;
  };
  EXPECT_EQ(shown("payload.bin:41:2658,metadata:1:2    "), "payload.bin@41+2658 metadata@1+2 ");
  EXPECT_EQ(shown("a:b:1:2"), "a:b@1+2 ");
  EXPECT_EQ(shown("a:1,b,c:,:,::,d:1:x,e:-1:2,f:1:99999999999999999999,,g:3:4,"), "g@3+4 ");
}

// A zip whose metadata says where its payload lies.
std::vector<std::uint8_t> update_zip(std::uint64_t at, std::uint64_t size, std::uint64_t start_size, std::uint16_t method = 0) {
  test::Writer payload;
  payload.text("CrAU").be(2, 8).be(4, 8).be(3, 4).text("....sigDATA");
  const std::string bytes(payload.bytes.begin(), payload.bytes.end());
  const std::string metadata = "ota-type=AB\nota-property-files=payload_metadata.bin:" + std::to_string(at) + ":" + std::to_string(start_size) + ",payload.bin:" + std::to_string(at) + ":" + std::to_string(size) + "\n";
  return test::write_zip({{.name = "payload.bin", .data = bytes, .method = method, .packed = method != 0}, {.name = "META-INF/com/android/metadata", .data = metadata}});
}
constexpr std::uint64_t kPayloadAt = 30 + 11;

std::string places_of(std::vector<std::uint8_t> zip) {
  std::string out;
  for (const Fact& f : test::extract("update_places@1", memory_source(std::move(zip)), "ota").facts) out += column(f, "name") + " " + column(f, "holds") + "; ";
  return out;
}

TEST(UpdatePlaces, HoldOnlyWhereTheEntryLies) {
  EXPECT_EQ(places_of(update_zip(kPayloadAt, 35, 31)), "payload_metadata.bin 1; payload.bin 1; ");
  EXPECT_EQ(places_of(update_zip(kPayloadAt, 36, 32)), "payload_metadata.bin 0; payload.bin 0; ");
  EXPECT_EQ(places_of(update_zip(kPayloadAt + 1, 35, 31)), "payload_metadata.bin 0; payload.bin 0; ");
  EXPECT_EQ(places_of(update_zip(kPayloadAt, 35, 31, 8)), "payload_metadata.bin 0; payload.bin 0; ");   // compressed
  EXPECT_EQ(places_of(update_zip(~std::uint64_t{0}, 35, 31)), "");
}

TEST(UpdatePlaces, AreFoundAmongMany) {
  std::vector<test::ZipMember> members;
  for (int i = 0; i < 300; ++i) members.push_back({.name = "f" + std::to_string(i % 10) + "/e" + std::to_string(i), .data = "0123456789", .method = 0, .packed = false});
  const auto without = test::write_zip(members);
  std::vector<Note> notes;
  static constexpr Budget budget;
  const auto zip = ZipArchive::open(memory_source(without), budget, notes);
  ASSERT_TRUE(zip);
  std::string metadata = "ota-type=AB\nota-property-files=";
  for (const ZipEntry& e : zip->entries()) metadata += e.name.substr(3) + ":" + std::to_string(e.data_at) + ":10," + e.name.substr(3) + ":" + std::to_string(e.data_at) + ":11,";
  members.push_back({.name = "META-INF/com/android/metadata", .data = metadata + "\n"});
  const std::string told = places_of(test::write_zip(members));
  for (int i = 0; i < 300; ++i) {
    const std::string name = "e" + std::to_string(i);
    EXPECT_NE(told.find(name + " 1; " + name + " 0; "), told.npos) << name;
  }
}

TEST(UpdatePlaces, SayWhatTheyLeaveOut) {
  const auto problems = [](const std::string& name, const std::string& data) {
    const auto sink = test::extract("update_places@1", memory_source(test::write_zip({{.name = "META-INF/com/android/" + name, .data = data}})), "ota");
    for (const Problem& p : sink.problems) EXPECT_EQ(p.severity, ProblemSeverity::data_loss);
    return sink.problems.size();
  };
  EXPECT_EQ(problems("metadata", "ota-type=AB\n"), 0u);
  EXPECT_EQ(problems("metadata", "ota-type=AB\n" + std::string(std::size_t{1} << 20, '#')), 1u);
  EXPECT_EQ(problems("metadata.pb", wire(1, "text")), 1u);
  std::string many = "ota-property-files=";
  for (int i = 0; i < 4096; ++i) many += "a:1:2,";
  EXPECT_EQ(problems("metadata", many), 0u);
  EXPECT_EQ(problems("metadata", many + "b:1:2"), 1u);
  std::string filler = "ota-type=AB\n";
  for (int i = 0; i < 4096; ++i) filler += "a=b\n";
  EXPECT_EQ(problems("metadata", filler), 1u);
}

// A manifest with every statement that is read.
std::vector<std::uint8_t> payload(const std::string& manifest) {
  test::Writer w;
  w.text("CrAU").be(2, 8).be(manifest.size(), 8).be(0, 4).text(manifest);
  return w.bytes;
}
std::string wire2(unsigned field, std::string_view bytes) { return std::string({static_cast<char>((field << 3 | 2) | 0x80), static_cast<char>(field >> 4)}) + static_cast<char>(bytes.size()) + std::string(bytes); }
std::string wire2(unsigned field, int value) { return {static_cast<char>((field << 3) | 0x80), static_cast<char>(field >> 4), static_cast<char>(value)}; }

std::string manifest() {
  const std::string digest(32, '\x11');
  const std::string image = wire(1, 5) + wire(2, digest);
  const std::string system = wire(1, "system") + wire(2, 1) + wire(3, "/bin/after") + wire(4, "ext4") + wire(6, image) + wire(7, image) + wire(8, "") + wire(9, 1) + wire2(17, "v2");
  return wire(5, 9) + wire(12, 6) + wire(13, system) + wire(13, wire(1, "boot")) + wire(14, 100) + wire2(16, 1) + wire2(17, wire(1, "com.mod") + wire(2, 3) + wire(3, 1) + wire(4, 8)) + wire2(18, "2023-08-05");
}

TEST(UpdatePayloadFacts, TellGuardsPartitionsProgramsAndModules) {
  const auto sink = test::extract("update_payload@1", memory_source(payload(manifest())), "payload");
  ASSERT_TRUE(sink.problems.empty());
  const auto whole = test::of_kind(sink, "update.payload");
  ASSERT_EQ(whole.size(), 1u);
  EXPECT_EQ(column(whole[0], "minor_version"), "6");
  EXPECT_EQ(column(whole[0], "max_timestamp"), "100");
  EXPECT_EQ(column(whole[0], "partial_update"), "1");
  EXPECT_EQ(column(whole[0], "security_patch_level"), "2023-08-05");
  EXPECT_EQ(column(whole[0], "signed"), "1");
  EXPECT_EQ(column(whole[0], "metadata_size"), std::to_string(24 + manifest().size()));
  const auto partitions = test::of_kind(sink, "update.partition");
  ASSERT_EQ(partitions.size(), 2u);
  EXPECT_EQ(column(partitions[0], "version"), "v2");
  EXPECT_EQ(column(partitions[0], "new_size"), "5");
  EXPECT_EQ(column(partitions[0], "new_sha256"), std::string(64, '1'));
  EXPECT_EQ(column(partitions[0], "operations"), "1");
  EXPECT_EQ(column(partitions[1], "old_size"), "null");
  const auto programs = test::of_kind(sink, "update.post_install");
  ASSERT_EQ(programs.size(), 1u);
  EXPECT_EQ(column(programs[0], "partition"), "system");
  EXPECT_EQ(column(programs[0], "program"), "bin/after");
  EXPECT_EQ(column(programs[0], "runs"), "1");
  EXPECT_EQ(column(programs[0], "optional"), "1");
  const auto modules = test::of_kind(sink, "update.apex");
  ASSERT_EQ(modules.size(), 1u);
  EXPECT_EQ(column(modules[0], "name"), "com.mod");
  EXPECT_EQ(column(modules[0], "decompressed_size"), "8");
}

TEST(UpdatePayloadFacts, EveryPrefixIsSafe) {
  const auto whole = payload(manifest());
  for (std::size_t n = 1; n < whole.size(); ++n)
    (void)test::extract("update_payload@1", memory_source(std::vector<std::uint8_t>(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n))), "payload");
  const auto bad = test::extract("update_payload@1", memory_source(payload(wire(13, wire(3, 1)))), "payload");
  ASSERT_EQ(bad.problems.size(), 1u);
  EXPECT_EQ(bad.problems[0].error.at, 24u + 2 + 1);
  auto other = whole;
  other[11] = 1;   // version 1 has another header
  EXPECT_TRUE(test::extract("update_payload@1", memory_source(other), "payload").facts.empty());
}

TEST(UpdatePayloadFacts, RealPayloadsSayWhichPartitionsTheyMake) {
  KLIK_NEEDS_EVIDENCE();
  const auto read = [](const std::string& name) { return test::extract("update_payload@1", memory_source(test::read_file(test::evidence() + "/containers/payload/" + name)), "payload"); };
  const auto full = test::of_kind(read("full_payload.bin"), "update.partition"), delta = test::of_kind(read("delta_payload.bin"), "update.partition");
  ASSERT_EQ(full.size(), 2u);
  ASSERT_EQ(delta.size(), 2u);
  EXPECT_EQ(column(full[0], "name"), "kernel");
  EXPECT_EQ(column(full[0], "new_sha256"), column(delta[0], "new_sha256"));
  EXPECT_EQ(column(full[0], "old_sha256"), "null");
  EXPECT_EQ(column(delta[0], "old_size"), "4194304");
}

}  // namespace
}  // namespace klik
