#include "support/damage.h"
#include "support/dex_code.h"
#include "support/facts.h"

namespace klik {
namespace {

using test::CodeMaker;
using test::column;
using test::DexWriter;

const DexWriter::MethodRef kExec{"Ljava/lang/Runtime;", "exec", "Ljava/lang/Process;", {"Ljava/lang/String;"}};
const DexWriter::MethodRef kQuery{"Landroid/content/ContentResolver;", "query", "Landroid/database/Cursor;", {"Landroid/net/Uri;"}};
const DexWriter::MethodRef kForName{"Ljava/lang/Class;", "forName", "Ljava/lang/Class;", {"Ljava/lang/String;"}};

std::vector<std::uint8_t> spy() {
  DexWriter d;
  const auto exec = CodeMaker().text(1, "pm install -r /sdcard/a.apk").call(0x6e, kExec, {0, 1}).in(d);
  const auto query = CodeMaker().text(1, "content://sms/inbox").call(0x6e, kQuery, {0, 1}).text(1, "content://media").call(0x6e, kQuery, {0, 1}).in(d);
  const auto by_name = CodeMaker().text(0, "com.hidden.Thing").call(0x71, kForName, {0}).in(d);
  const auto own = CodeMaker().call(0x6e, {"La/Act;", "checkCallingPermission", "I", {"Ljava/lang/String;"}}, {0, 1}).in(d);
  d.classes.push_back({.type = "La/Act;", .superclass = "Landroid/app/Activity;", .methods = {{.name = "own", .flags = 1, .code = own}}});
  d.classes.push_back({.type = "La/Spy;", .methods = {{.name = "exec", .flags = 9, .code = exec}, {.name = "query", .flags = 9, .code = query}, {.name = "byName", .flags = 9, .code = by_name}}});
  return d.write();
}

RecordingSink run(const std::vector<std::uint8_t>& bytes) { return test::extract("code@3", memory_source(bytes), "dex", "classes.dex"); }

TEST(Code, FindsCallsThatPowersNameWithWhatTheyAreGiven) {
  std::vector<std::string> found;
  for (const Fact& f : test::of_kind(run(spy()), "code.call_site")) found.push_back(column(f, "power") + " " + column(f, "class") + "." + column(f, "method") + " " + column(f, "argument"));
  std::ranges::sort(found);
  // content://media is files, not messages; a call on `this` of a subclass is the platform's.
  EXPECT_EQ(found, (std::vector<std::string>{"install_silently a.Spy.exec pm install -r /sdcard/a.apk", "permission_check a.Act.own null", "read_files a.Spy.query content://media", "read_messages a.Spy.query content://sms/inbox",
                                             "run_commands a.Spy.exec pm install -r /sdcard/a.apk"}));
}

// The instruction's own bytes: invoke-virtual of the method that the row names.
TEST(Code, PointsAtTheInstruction) {
  const auto bytes = spy();
  for (const Fact& f : test::of_kind(run(bytes), "code.call_site")) {
    const auto at = Bytes(bytes).slice(f.origins.at(0).at, f.origins.at(0).length);
    ASSERT_TRUE(at);
    EXPECT_EQ(at->size(), 6u);
    EXPECT_EQ((*at)[0], 0x6e);
  }
}

TEST(Code, ListsPlatformMethodsAndNamesLookedUp) {
  const RecordingSink sink = run(spy());
  std::vector<std::string> references;
  for (const Fact& f : test::of_kind(sink, "code.method_reference")) references.push_back(column(f, "class") + "." + column(f, "name") + " " + column(f, "calls"));
  std::ranges::sort(references);
  EXPECT_EQ(references, (std::vector<std::string>{"android.content.ContentResolver.query 2", "java.lang.Class.forName 1", "java.lang.Runtime.exec 1"}));
  const auto dynamic = test::of_kind(sink, "code.dynamic");
  ASSERT_EQ(dynamic.size(), 1u);
  EXPECT_EQ(column(dynamic[0], "kind"), "reflection");
  EXPECT_EQ(column(dynamic[0], "what"), "com.hidden.Thing");
  const auto dex = test::of_kind(sink, "code.dex");
  ASSERT_EQ(dex.size(), 1u);
  EXPECT_EQ(column(dex[0], "version"), "035");
  EXPECT_EQ(column(dex[0], "classes"), "2");
  EXPECT_EQ(column(dex[0], "checksum_ok"), "1");
}

TEST(Code, SaysWhenChecksumsAreWrongAndReadsOn) {
  auto bytes = spy();
  bytes[8] ^= 1;    // Adler-32
  bytes[12] ^= 1;   // SHA-1
  const RecordingSink sink = run(bytes);
  EXPECT_EQ(column(test::of_kind(sink, "code.dex").at(0), "checksum_ok"), "0");
  EXPECT_EQ(column(test::of_kind(sink, "code.dex").at(0), "signature_ok"), "0");
  EXPECT_EQ(test::of_kind(sink, "code.call_site").size(), 5u);
}

// A name of a megabyte in every row would make the case a thousand times the file.
TEST(Code, BoundsWhatLongNamesCost) {
  DexWriter d;
  CodeMaker maker;
  for (int i = 0; i < 300; ++i) maker.call(0x6e, kExec, {0, 1});
  const auto code = maker.in(d);
  d.classes.push_back({.type = "La/" + std::string(1 << 20, 'x') + ";", .methods = {{.name = "run", .flags = 9, .code = code}}});
  const RecordingSink sink = run(d.write());
  std::size_t text = 0;
  for (const Fact& f : sink.facts)
    if (f.kind->name == "code.call_site")
      for (const Value& v : f.values)
        if (const auto* s = std::get_if<std::string>(&v)) text += s->size();
  EXPECT_GT(text, 0u);
  EXPECT_LT(text, std::size_t{80} << 20);
  EXPECT_TRUE(std::ranges::any_of(sink.problems, [](const Problem& p) { return p.error.code == Code::over_budget; }));
}

TEST(Code, ReadsEveryDexOfAContainer) {
  DexWriter one, two;
  one.classes.push_back({.type = "La/One;"});
  two.classes.push_back({.type = "La/Two;"});
  const RecordingSink sink = run(DexWriter::write_container({one, two}));
  const auto dex = test::of_kind(sink, "code.dex");
  ASSERT_EQ(dex.size(), 2u);
  EXPECT_EQ(column(dex[1], "n"), "1");
  EXPECT_EQ(column(dex[1], "version"), "041");
  EXPECT_EQ(test::of_kind(sink, "code.graph").size(), 2u);
}

TEST(Code, GivesProblemsNotFactsForEveryPrefix) {
  const auto bytes = spy();
  for (std::size_t n = 1; n < bytes.size(); n += 7) {
    const RecordingSink sink = run(std::vector<std::uint8_t>(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n)));
    EXPECT_TRUE(!sink.problems.empty() || !sink.facts.empty()) << n;
  }
}

}  // namespace
}  // namespace klik
