// A case file gives back what was put in, in one order whatever the order of arrival, and nothing else.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>

#include "ledger/case_reader.h"
#include "ledger/case_writer.h"
#include "support/files.h"

namespace klik {
namespace {

constexpr Column kColumns[] = {
    {"name", ColumnType::text, "A name.", true},
    {"count", ColumnType::integer, "A number.", false, true},
    {"on", ColumnType::boolean, "A switch.", false, true},
};
constexpr FactKind kKind{"test.thing", "A thing.", kColumns};
constexpr ViewColumn kViewColumns[] = {{"name", "A name."}, {"count", "A number."}, {"fact_id", "For why."}};
constexpr View kView{"thing", "Things.", kViewColumns, "SELECT name, count, lower(hex(fact_id)) FROM _test_thing"};

Declarations all() { return declarations({&kKind}, {&kView}); }

BlobId blob(std::string_view text) { return BlobId(sha256(Bytes::of(text))); }

Fact thing(std::string_view name, std::int64_t count, std::uint64_t at) {
  return {&kKind, blob("file"), Row(kKind).set("name", name).set("count", count).set("on", true).values(), {{blob("file"), at, 4}}, "test@1"};
}

ArtifactRecord artifact(std::uint32_t id, std::uint32_t parent, const char* path, std::optional<BlobId> bytes) {
  ArtifactRecord a{};
  a.id = id;
  a.parent = parent;
  a.build = 1;
  a.path = path;
  a.kind = "file";
  a.state = "read";
  a.size = 100;
  a.blob = bytes;
  a.transform = "stored";
  a.ranges = {{0, 100}};
  return a;
}

void fill(CaseWriter& writer, std::vector<Fact> facts) {
  for (Fact& f : facts) writer.add_facts({std::move(f)});
  writer.add_build({1, blob("build"), ""});
  writer.add_artifact(artifact(1, 0, "", blob("input")));
  writer.add_artifact(artifact(2, 1, "a/file", blob("file")));
  writer.add_input({1, 1, "phone.zip", "/nowhere/phone.zip"});
  writer.add_problem({2, {fail(Code::truncated, 7, "cut short").error(), ProblemSeverity::data_loss, "detail\x1b[31m", "fetch it again"}});
}

class CaseFile : public testing::Test {
 protected:
  std::string path(const char* name) { return (folder_.path() / name).string(); }
  std::string write(const char* name, std::vector<Fact> facts) {
    CaseWriter writer(path(name), all());
    fill(writer, std::move(facts));
    EXPECT_TRUE(writer.publish()) << writer.error();
    return writer.digest();
  }
  // A hostile hand at work on a case file.
  void tamper(const char* name, const char* sql) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path(name).c_str(), &db), SQLITE_OK);
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(db, sql, nullptr, nullptr, &message), SQLITE_OK) << (message ? message : "");
    sqlite3_close(db);
  }

 private:
  test::ScratchFolder folder_;
};

TEST_F(CaseFile, IsTheSameWhateverTheOrderOfArrival) {
  std::vector<Fact> facts{thing("a", 1, 0), thing("b", 2, 10), thing("c", 3, 20), thing("a", 1, 0)};
  const std::string first = write("one.case", facts);
  std::ranges::reverse(facts);
  EXPECT_EQ(first, write("two.case", facts));
  EXPECT_EQ(test::read_file(path("one.case")).size(), test::read_file(path("two.case")).size());
  EXPECT_NE(first, write("three.case", {thing("a", 1, 0), thing("b", 2, 11), thing("c", 3, 20)}));
}

TEST_F(CaseFile, GivesBackFactsWithTheirOrigins) {
  write("x.case", {thing("a", 1, 0), thing("b", 2, 10)});
  CaseReader reader(path("x.case"), all());
  ASSERT_TRUE(reader.valid()) << reader.error();
  const Table t = reader.query("SELECT t.name, t.count, o.at, o.length, o.extractor, f.path FROM thing t JOIN origin o USING(fact_id) JOIN artifact f USING(artifact_id) WHERE t.name = 'b'");
  ASSERT_EQ(t.rows.size(), 1u) << reader.error();
  EXPECT_EQ(t.rows[0], (std::vector<Value>{"b", 2, 10, 4, "test@1", "a/file"}));
  const Table p = reader.query("SELECT code, severity, detail, at FROM problem");
  ASSERT_EQ(p.rows.size(), 1u);
  EXPECT_EQ(p.rows[0], (std::vector<Value>{"truncated", "data_loss", "detail\x1b[31m", 7}));
}

TEST_F(CaseFile, RecomputesItsDigestAndSeesAChange) {
  const std::string digest = write("x.case", {thing("a", 1, 0)});
  {
    CaseReader reader(path("x.case"), all());
    EXPECT_EQ(hex(as_bytes(reader.recompute_digest())), digest);
  }
  tamper("x.case", "UPDATE _test_thing SET count = 2");
  CaseReader reader(path("x.case"), all());
  EXPECT_NE(hex(as_bytes(reader.recompute_digest())), digest);
}

TEST_F(CaseFile, LeavesNothingBehindWhenNotPublished) {
  { CaseWriter writer(path("x.case"), all()); }
  EXPECT_TRUE(std::filesystem::is_empty(std::filesystem::path(path("x.case")).parent_path()));
}

TEST_F(CaseFile, SaysWhyItCannotBeMade) {
  CaseWriter writer("/proc/nowhere/x.case", all());
  EXPECT_FALSE(writer.publish());
  EXPECT_NE(writer.error().find("cannot be written"), std::string::npos);
}

TEST_F(CaseFile, QueriesCannotWriteAttachOrRunForever) {
  write("x.case", {thing("a", 1, 0)});
  CaseReader reader(path("x.case"), all());
  for (const char* sql : {"DELETE FROM _test_thing", "CREATE TABLE x(a)", "ATTACH 'y' AS y", "PRAGMA journal_mode=DELETE", "PRAGMA writable_schema=1", "SELECT load_extension('x')",
                          "DROP VIEW thing", "SELECT 1; SELECT 2", "VACUUM INTO 'z'", "", "SELEKT", "BEGIN"}) {
    EXPECT_TRUE(reader.query(sql).rows.empty()) << sql;
    EXPECT_FALSE(reader.error().empty()) << sql;
  }
  reader.query("WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r", {}, {.steps = 1'000'000});
  EXPECT_EQ(reader.error(), "the query does more work than it may; narrow it");
  reader.query("SELECT a.name FROM thing a, thing b", {}, {.rows = 0});
  EXPECT_EQ(reader.error(), "more rows than this query may give");
  EXPECT_EQ(reader.query("SELECT name FROM thing WHERE name = ?", {Value("a")}).rows.size(), 1u) << "still usable afterwards";
}

TEST_F(CaseFile, RefusesAForeignSchema) {
  const char* kTricks[] = {
      "CREATE VIEW evil AS SELECT 1",
      "CREATE TRIGGER evil AFTER INSERT ON _meta BEGIN SELECT 1; END",
      "CREATE TABLE evil(a)",
      "DROP TABLE _test_thing; CREATE VIEW _test_thing AS SELECT 1 AS row_id, x'00' AS fact_id, 1 AS blob_id, 1 AS build_id, load_extension('x') AS name, 1 AS count, 1 AS \"on\"",
      "DROP INDEX _artifact_path",
      "PRAGMA user_version = 99",
      "PRAGMA application_id = 1",
  };
  for (const char* trick : kTricks) {
    std::filesystem::remove(path("x.case"));
    write("x.case", {thing("a", 1, 0)});
    tamper("x.case", trick);
    CaseReader reader(path("x.case"), all());
    EXPECT_FALSE(reader.valid()) << trick;
    EXPECT_FALSE(reader.error().empty()) << trick;
  }
}

TEST_F(CaseFile, ADamagedFileIsRefusedOrAnsweredNeverACrash) {
  write("x.case", {thing("a", 1, 0), thing("b", 2, 10)});
  const auto good = test::read_file(path("x.case"));
  std::uint32_t seed = 1;
  for (int round = 0; round < 300; ++round) {
    auto bad = good;
    for (int i = 0; i < 20; ++i) {
      seed = seed * 1664525 + 1013904223;
      bad[(seed >> 3) % bad.size()] = static_cast<std::uint8_t>(seed >> 24);
    }
    if (round % 10 == 0) bad.resize(seed % bad.size());
    std::ofstream(path("bad.case"), std::ios::binary).write(reinterpret_cast<const char*>(bad.data()), static_cast<std::streamsize>(bad.size()));
    CaseReader reader(path("bad.case"), all());
    if (!reader.valid()) continue;
    for (const char* sql : {"SELECT * FROM thing", "SELECT * FROM origin", "SELECT * FROM artifact", "SELECT * FROM problem"}) (void)reader.query(sql);
  }
}

TEST(FactId, DependsOnKindKeyBlobAndPlaceOnly) {
  const FactId base = fact_id(thing("a", 1, 0));
  EXPECT_EQ(base, fact_id(thing("a", 99, 0))) << "count is no key";
  Fact other = thing("a", 1, 0);
  other.extractor = "test@2";
  EXPECT_EQ(base, fact_id(other)) << "the extractor's version is not part of it";
  EXPECT_NE(base, fact_id(thing("b", 1, 0)));
  EXPECT_NE(base, fact_id(thing("a", 1, 1)));
  other = thing("a", 1, 0);
  other.about = blob("elsewhere");
  EXPECT_NE(base, fact_id(other));
}

}  // namespace
}  // namespace klik
