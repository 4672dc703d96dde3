// Facts between their arrival and the published case: in memory or in a scratch file the case is the same, byte for byte, and
// image extractors read the same rows.
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "ledger/case_reader.h"
#include "ledger/case_writer.h"
#include "support/files.h"

namespace klik {
namespace {

constexpr Column kOneColumns[] = {{"name", ColumnType::text, "", true}, {"count", ColumnType::integer, "", false, true}, {"raw", ColumnType::bytes, "", false, true}};
constexpr Column kOtherColumns[] = {{"on", ColumnType::boolean, "", true}};
constexpr FactKind kOne{"test.one", "", kOneColumns}, kOther{"test.other", "", kOtherColumns}, kNone{"test.none", "", kOtherColumns}, kUndeclared{"test.undeclared", "", kOtherColumns};

Declarations all() { return declarations({&kOne, &kOther, &kNone}, {}); }
BlobId blob(std::string_view text) { return BlobId(sha256(Bytes::of(text))); }

// Files that occur at several places, facts that come twice with other values and origins, and facts on the build.
std::vector<Fact> made(std::size_t count) {
  std::vector<Fact> out;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string file = "file" + std::to_string(i % 7);
    const std::string name = "name" + std::to_string(i / 3 % 50) + (i % 97 == 0 ? std::string(3'000, 'n') : "");
    Fact one{&kOne, blob(file), {name, i % 5 ? Value(static_cast<std::int64_t>(i % 11)) : Value(), i % 4 ? Value(std::string("\0\xff", 2)) : Value()}, {{blob(file), i % 13, 4}, {blob("elsewhere" + std::to_string(i % 3)), i % 5, 1}}, i % 2 ? "one@1" : "one@2"};
    Fact other{&kOther, blob(i % 2 ? "build" : file), {std::int64_t{i % 3 == 0}}, {}, "other@1"};
    other.because = {fact_id(one)};
    if (i % 4 == 0) other.because.push_back(FactId{static_cast<std::uint8_t>(i)});
    out.push_back(std::move(one));
    out.push_back(std::move(other));
  }
  return out;
}

void tree(CaseWriter& writer) {
  writer.add_build({1, blob("build"), ""});
  for (std::uint32_t id = 1; id <= 20; ++id) {
    ArtifactRecord a{};
    a.id = id;
    a.parent = id > 1 ? 1 : 0;
    a.build = 1;
    a.path = id > 1 ? "folder/" + std::to_string(id) : "";
    a.kind = "file";
    a.state = "read";
    a.blob = blob(id > 1 ? "file" + std::to_string(id % 5) : "input");
    a.transform = "stored";
    writer.add_artifact(a);
  }
}

std::string read_rows(CaseWriter& writer) {
  std::string text;
  for (const FactKind* kind : {&kOne, &kOther, &kNone, &kUndeclared})
    writer.rows_of(1)->facts(*kind, [&](const FactRow& row) {
      text += std::string(row.artifact.path) + " " + hex(Bytes(row.id));
      for (const Value& v : row.values) text += v.index() == 0 ? " -" : v.index() == 1 ? " " + std::to_string(std::get<std::int64_t>(v)) : " " + std::get<std::string>(v);
      text += '\n';
    });
  return text;
}

class Staging : public testing::Test {
 protected:
  struct Made {
    std::string digest, rows;
    std::vector<std::uint8_t> bytes;
  };
  Made write(std::vector<Fact> facts, const WriterLimits& limits) {
    const std::string path = (folder_.path() / "x.case").string();
    CaseWriter writer(path, all(), limits);
    for (Fact& f : facts) writer.add_facts({std::move(f)});
    tree(writer);
    Made out{{}, read_rows(writer), {}};
    EXPECT_TRUE(writer.publish()) << writer.error();
    out.digest = writer.digest();
    out.bytes = test::read_file(path);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1) << "nothing is left beside the case";
    CaseReader reader(path, all());
    EXPECT_EQ(hex(as_bytes(reader.recompute_digest())), out.digest) << "the digest taken while writing is that of the finished case";
    return out;
  }
  test::ScratchFolder folder_;
};

TEST_F(Staging, GivesTheSameCaseInMemoryAndFromAScratchFile) {
  const Made whole = write(made(2'000), {});
  EXPECT_GT(whole.rows.size(), 100'000u);
  for (const WriterLimits& limits : {WriterLimits{1, 1}, WriterLimits{5'000, 64}, WriterLimits{std::uint64_t{20} << 20, 100}, WriterLimits{3'000, 1'000'000}}) {
    auto facts = made(2'000);
    std::ranges::reverse(facts);
    const Made small = write(std::move(facts), limits);
    EXPECT_EQ(small.digest, whole.digest);
    EXPECT_EQ(small.rows, whole.rows);
    EXPECT_EQ(small.bytes, whole.bytes);
  }
}

TEST_F(Staging, KeepsARecordOfAnySize) {
  auto facts = made(3);
  facts.push_back({&kOne, blob("file0"), {std::string(3'000'000, 'x'), Value(), Value()}, {{blob("file0"), 0, 1}}, "one@1"});
  facts.push_back({&kOne, blob("file0"), {"after", Value(), Value()}, {{blob("file0"), 0, 1}}, "one@1"});
  EXPECT_EQ(write(facts, {}).bytes, write(facts, {1000, 10}).bytes);
}

TEST_F(Staging, ReadsRowsByPlaceEachOnceAndThoseOfTheBuildLast) {
  CaseWriter writer((folder_.path() / "x.case").string(), all());
  const Fact first{&kOne, blob("file2"), {"a", std::int64_t{9}, Value()}, {{blob("file2"), 0, 1}}, "one@1"};
  Fact again = first;
  again.values[1] = std::int64_t{3};
  writer.add_facts({first, again, {&kOne, blob("build"), {"b", Value(), Value()}, {}, "one@1"}, {&kOne, blob("nowhere"), {"c", Value(), Value()}, {}, "one@1"}});
  tree(writer);
  std::string seen;
  const auto rows = writer.rows_of(1);
  const auto note = [&](const FactRow& row) { seen += std::string(row.artifact.path) + "=" + std::get<std::string>(row.values[0]) + (row.values[1].index() ? std::to_string(std::get<std::int64_t>(row.values[1])) : "") + " "; };
  rows->facts(kOne, note);
  EXPECT_EQ(seen, "folder/2=a3 folder/7=a3 folder/12=a3 folder/17=a3 =b ");
  seen.clear();
  writer.add_build_facts(1, {{&kOne, blob("build"), {"d", std::int64_t{1}, Value()}, {}, "one@1"}}, {});
  rows->facts(kOne, note);
  EXPECT_NE(seen.find("=d1"), seen.npos) << "those that came since";
}

TEST_F(Staging, MayBeReadAndAddedToWhileItIsRead) {
  for (const WriterLimits& limits : {WriterLimits{}, WriterLimits{100, 3}}) {
    CaseWriter writer((folder_.path() / "x.case").string(), all(), limits);
    writer.add_facts(made(60));
    tree(writer);
    const auto rows = writer.rows_of(1);
    std::size_t plain = 0, nested = 0, inner = 0;
    rows->facts(kOne, [&](const FactRow&) { ++plain; });
    rows->facts(kOne, [&](const FactRow& row) {
      const std::string path(row.artifact.path);
      ++nested;
      writer.add_build_facts(1, {{&kOne, blob("build"), {"new" + std::to_string(nested), Value(), Value()}, {}, "one@1"}}, {});
      rows->facts(kOne, [&](const FactRow&) { ++inner; });
      EXPECT_EQ(row.artifact.path, path);
    });
    EXPECT_EQ(nested, plain) << "what is being read does not grow";
    EXPECT_EQ(inner, plain * plain + plain * (plain + 1) / 2);
    EXPECT_TRUE(writer.publish()) << writer.error();
  }
}

TEST_F(Staging, RefusesAValueThatItsColumnForbids) {
  const std::string path = (folder_.path() / "x.case").string();
  const Fact bad[] = {
      {&kOther, blob("build"), {std::int64_t{2}}, {}, "other@1"},
      {&kOther, blob("build"), {Value()}, {}, "other@1"},
      {&kOther, blob("build"), {"yes"}, {}, "other@1"},
      {&kOne, blob("build"), {Value(), Value(), Value()}, {}, "one@1"},
      {&kOne, blob("build"), {"a", Value(), std::int64_t{1}}, {}, "one@1"},
  };
  for (const Fact& f : bad) {
    CaseWriter writer(path, all());
    writer.add_facts({f});
    tree(writer);
    EXPECT_FALSE(writer.publish());
    EXPECT_NE(writer.error().find("cannot be written"), std::string::npos);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(Staging, TakesTheDigestOfWhatTheDatabaseMadeOfAValue) {
  write({{&kOne, blob("build"), {std::int64_t{12}, "007", Value()}, {}, "one@1"}}, {});
}

TEST_F(Staging, NumbersTheOriginsOfAFactThatCameTwice) {
  const std::string path = (folder_.path() / "x.case").string();
  CaseWriter writer(path, all());
  Fact fact{&kOne, blob("file1"), {"a", Value(), Value()}, {{blob("file1"), 0, 1}, {blob("file2"), 5, 1}}, "one@2"};
  fact.because = {FactId{7}};
  Fact again = fact;
  again.extractor = "one@1";
  again.origins[1].at = 4;
  writer.add_facts({fact, again, fact});
  tree(writer);
  ASSERT_TRUE(writer.publish()) << writer.error();
  CaseReader reader(path, all());
  const Table t = reader.query("SELECT n, at, extractor, because_fact_id IS NULL FROM origin GROUP BY n ORDER BY n");
  ASSERT_EQ(t.rows.size(), 4u) << reader.error();
  EXPECT_EQ(t.rows[0], (std::vector<Value>{0, 0, "one@1", 1}));
  EXPECT_EQ(t.rows[1], (std::vector<Value>{1, 4, "one@1", 1}));
  EXPECT_EQ(t.rows[2], (std::vector<Value>{2, 5, "one@2", 1}));
  EXPECT_EQ(t.rows[3], (std::vector<Value>{3, Value(), "one@1", 0}));
}

TEST_F(Staging, SaysThatThereIsNoRoomForAScratchFile) {
  const std::string path = (folder_.path() / "x.case").string();
  CaseWriter writer(path, all(), {1, 1});
  std::filesystem::create_directory(path + ".working-" + std::to_string(::getpid()) + ".scratch-" + std::to_string(::getpid()));
  writer.add_facts(made(5));
  tree(writer);
  EXPECT_FALSE(writer.publish());
  EXPECT_NE(writer.error().find("scratch file"), std::string::npos) << writer.error();
}

}  // namespace
}  // namespace klik
