#include "support/containers.h"
#include "support/evidence.h"
#include "support/files.h"
#include "support/zip_writer.h"

namespace klik {
namespace {

using test::write_zip;

std::string kind(const std::vector<std::string>& names) {
  std::vector<test::ZipMember> members;
  for (const auto& n : names) members.push_back({.name = n, .data = "x"});
  const auto o = test::open("zip", write_zip(members));
  return o.contents ? std::string(o.contents->kind) : "(error)";
}

const Child* child(const test::Opened& o, std::string_view name) {
  for (const Child& c : o.contents->children)
    if (c.name == name) return &c;
  return nullptr;
}

TEST(Zip, SaysWhatTheArchiveIs) {
  EXPECT_EQ(kind({"AndroidManifest.xml", "classes.dex"}), "apk");
  EXPECT_EQ(kind({"AndroidManifest.xml", "META-INF/MANIFEST.MF", "classes.dex"}), "apk");
  EXPECT_EQ(kind({"apex_manifest.pb", "apex_payload.img", "AndroidManifest.xml"}), "apex");
  EXPECT_EQ(kind({"apex_manifest.json", "apex_payload.img"}), "apex");
  EXPECT_EQ(kind({"apex_manifest.pb", "original_apex", "AndroidManifest.xml"}), "capex");
  EXPECT_EQ(kind({"META-INF/MANIFEST.MF", "classes.dex"}), "jar");
  EXPECT_EQ(kind({"payload.bin"}), "ota");
  EXPECT_EQ(kind({"META-INF/com/android/metadata", "META-INF/MANIFEST.MF"}), "ota");
  EXPECT_EQ(kind({"META-INF/com/google/android/updater-script"}), "ota");
  EXPECT_EQ(kind({"Payload/App.app/Info.plist"}), "ipa");
  EXPECT_EQ(kind({"Payload/a/b.app/Info.plist"}), "zip");
  EXPECT_EQ(kind({"readme"}), "zip");
}

TEST(Zip, ChildrenSayWhereTheirBytesLie) {
  const auto bytes = write_zip({{.name = "dir/", .data = "", .method = 0, .packed = false}, {.name = "dir/a", .data = std::string(300, 'a')}, {.name = "b", .data = "plain", .method = 0, .packed = false}});
  const auto o = test::open("zip", bytes);
  ASSERT_TRUE(o.contents);
  ASSERT_EQ(o.contents->children.size(), 3u);
  EXPECT_EQ(o.contents->children[0].name, "dir");
  EXPECT_EQ(o.contents->children[0].type, ChildType::folder);
  const Child& a = o.contents->children[1];
  EXPECT_EQ(a.transform, "deflate");
  ASSERT_EQ(a.extents.size(), 1u);
  const auto packed = Bytes(bytes).slice(a.extents[0].at, a.extents[0].length);
  ASSERT_TRUE(packed);
  EXPECT_EQ(hex(*packed), hex(Bytes(test::deflated(std::string(300, 'a')))));
  EXPECT_EQ(a.source->load()->bytes().text(), std::string(300, 'a'));
  const Child& b = o.contents->children[2];
  EXPECT_EQ(b.transform, "stored");
  EXPECT_EQ(b.source->load()->bytes().text(), "plain");
}

TEST(Zip, NothingIsDecodedUntilItIsRead) {
  const auto o = test::open("zip", write_zip({{.name = "bad", .data = std::string(99, 'x'), .crc = 1}, {.name = "good", .data = "y"}}));
  ASSERT_TRUE(o.contents);
  EXPECT_TRUE(o.notes.empty());
  const auto bad = child(o, "bad")->source->load();
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, Code::bad_checksum);
  EXPECT_TRUE(child(o, "good")->source->load());
}

TEST(Zip, LargeEntriesAreSpilledAndCheckedAsTheyAreRead) {
  Budget budget;
  budget.unit_bytes = 1000;
  const std::string large(100000, 'z');
  const auto o = test::open("zip", memory_source(write_zip({{.name = "good", .data = large}, {.name = "bad", .data = large, .crc = 1}, {.name = "stored", .data = large, .method = 0, .packed = false},
                                                            {.name = "badstored", .data = large, .method = 0, .packed = false, .crc = 2}, {.name = "short", .data = large, .size = 99999}, {.name = "long", .data = large, .size = 100001}})),
                            "", {}, budget);
  ASSERT_TRUE(o.contents);
  for (const char* name : {"good", "stored"}) {
    const auto read = child(o, name)->source->load();
    ASSERT_TRUE(read) << name;
    EXPECT_EQ(read->bytes().text(), large);
  }
  for (const char* name : {"bad", "badstored"}) {
    const auto read = child(o, name)->source->load();
    ASSERT_FALSE(read) << name;
    EXPECT_EQ(read.error().code, Code::bad_checksum);
  }
  for (const char* name : {"short", "long"}) EXPECT_FALSE(child(o, name)->source->load()) << name;
}

TEST(Zip, ABombOfSharedBytesIsCutAtTheBudget) {
  Budget budget;
  budget.floor_bytes = 1 << 20;
  budget.ratio = 4;
  const std::string zeros(200000, '\0');
  std::vector<test::ZipMember> members{{.name = "first", .data = zeros}};
  for (int i = 0; i < 500; ++i) members.push_back({.name = std::to_string(i), .data = zeros, .local_at = 0});
  const auto o = test::open("zip", memory_source(write_zip(members)), "", {}, budget);
  ASSERT_TRUE(o.contents);
  std::uint64_t read = 0;
  int over = 0;
  for (const Child& c : o.contents->children) {
    if (c.state == State::over_budget) ++over;
    else if (c.source && c.source->load()) read += c.size;
  }
  EXPECT_GT(over, 400);
  EXPECT_LE(read, budget.expansion(write_zip(members).size()));
  EXPECT_NE(test::describe(o).find("entries that would expand past the archive's budget"), std::string::npos);
}

TEST(Zip, ManySmallEntriesOverOneLargeStreamAreCutAtTheBudgetToo) {
  Budget budget;
  budget.floor_bytes = 1 << 20;
  budget.ratio = 1;
  std::vector<test::ZipMember> members{{.name = "first", .data = std::string(500000, 'r'), .method = 0, .packed = false}};
  for (int i = 0; i < 20; ++i) members.push_back({.name = std::to_string(i), .data = "", .method = 8, .packed = false, .size = 1, .local_at = 0, .packed_size = 500000});
  const auto o = test::open("zip", memory_source(write_zip(members)), "", {}, budget);
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(o.contents->children.back().state, State::over_budget);
}

TEST(Zip, AThousandToOneInsideItselfStaysWithinItsBudgetAtEachLevel) {
  const auto inner = write_zip({{.name = "zeros", .data = std::string(4 << 20, '\0')}});
  const auto outer = write_zip({{.name = "inner.zip", .data = std::string(Bytes(inner).text())}});
  const auto o = test::open("zip", outer);
  ASSERT_TRUE(o.contents);
  const auto in = test::open("zip", o.contents->children.at(0).source);
  ASSERT_TRUE(in.contents);
  EXPECT_EQ(in.contents->children.at(0).state, State::read);
  Budget tight;
  tight.floor_bytes = 1 << 20;
  const auto cut = test::open("zip", o.contents->children.at(0).source, "", {}, tight);
  ASSERT_TRUE(cut.contents);
  EXPECT_EQ(cut.contents->children.at(0).state, State::over_budget);
}

TEST(Zip, FolderEntriesWithDataAreTold) {
  const auto o = test::open("zip", write_zip({{.name = "d/", .data = "payload"}}));
  EXPECT_NE(test::describe(o).find("a folder entry with data"), std::string::npos);
}

TEST(Zip, IsRecognisedBehindAPrefixAndNotInNoise) {
  const auto detected = [](std::vector<std::uint8_t> bytes) {
    const Container* c = detect(*memory_source(std::move(bytes)), "x");
    return c ? std::string(c->name) : "";
  };
  EXPECT_EQ(detected(write_zip({{.name = "a", .data = "1"}})), "zip");
  EXPECT_EQ(detected(write_zip({{.name = "a", .data = "1"}}, {.prefix = std::string("dex\n035\0", 8)})), "zip");
  EXPECT_EQ(detected(write_zip({})), "zip");
  EXPECT_EQ(detected(write_zip({{.name = "a", .data = "1"}}, {.prefix = "x", .comment = std::string(70, 'c')})), "zip");
  EXPECT_EQ(detected(std::vector<std::uint8_t>(1000, 'P')), "");
  EXPECT_EQ(detected({}), "");
}

TEST(Zip, EveryPrefixIsSafe) {
  test::every_prefix("zip", write_zip({{.name = "a", .data = std::string(300, 'a'), .flags = 8}, {.name = "b", .data = "bb", .method = 0, .packed = false, .zip64 = true}}, {.comment = "end", .zip64 = true}));
}

TEST(Zip, EveryChangedByteIsSafe) {
  const auto good = write_zip({{.name = "a", .data = "abc", .flags = 8}, {.name = "b", .data = "bb", .method = 0, .packed = false, .zip64 = true}}, {.zip64 = true});
  for (std::size_t i = 0; i < good.size(); ++i)
    for (const int x : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
      auto bad = good;
      bad[i] = static_cast<std::uint8_t>(x);
      const auto o = test::open("zip", bad);
      test::check_promises(o, bad.size());
    }
}

TEST(Zip, RealApexFilesAreApex) {
  KLIK_NEEDS_EVIDENCE();
  int seen = 0;
  for (const auto& file : std::filesystem::directory_iterator(test::evidence() + "/containers/apex")) {
    if (file.path().extension() != ".apex") continue;
    const auto o = test::open("zip", *file_source(file.path().c_str()));
    ASSERT_TRUE(o.contents) << file.path();
    EXPECT_TRUE(o.contents->kind == "apex" || o.contents->kind == "capex") << file.path();
    for (const Child& c : o.contents->children) {
      if (!c.source) continue;
      EXPECT_TRUE(c.source->load()) << file.path() << " " << c.name;
      EXPECT_EQ(c.source->load()->bytes().size(), c.size);
    }
    ++seen;
  }
  EXPECT_GE(seen, 4);
}

TEST(Zip, RealIpaFilesAreIpa) {
  KLIK_NEEDS_EVIDENCE();
  const auto o = test::open("zip", *file_source((test::evidence() + "/ios/UnCrackable-Level1.ipa").c_str()));
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(o.contents->kind, "ipa");
}

}  // namespace
}  // namespace klik
