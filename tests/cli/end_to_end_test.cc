// The program as its user runs it: exit codes, equal facts from equal bytes, hostile input, the way back to the bytes.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <filesystem>

#include "cli/case_access.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

namespace fs = std::filesystem;

std::string quoted(const std::string& s) { return "'" + s + "'"; }

class EndToEnd : public testing::Test {
 protected:
  std::string path(const std::string& name) { return (folder_.path() / name).string(); }
  void write(const std::string& name, std::string_view content) {
    fs::create_directories(fs::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << content;
  }
  int klik(const std::string& arguments) {
    const test::Ran ran = test::run("cd " + quoted(folder_.path().string()) + " && " + KLIK_BINARY + " " + arguments + " 2>&1");
    output_ = ran.output;
    return WEXITSTATUS(ran.status);
  }
  int shell(const std::string& command) { return test::run("cd " + quoted(folder_.path().string()) + " && " + command + " >/dev/null 2>&1").status; }
  std::string digest() {
    const auto at = output_.find("digest ");
    return at == output_.npos ? "none in: " + output_ : output_.substr(at + 7, 64);
  }
  std::string one(const std::string& file, const std::string& sql) {
    CaseReader reader(path(file), cli::all_declarations());
    const Table t = reader.query(sql);
    if (t.rows.empty() || t.rows[0].empty()) return reader.error();
    if (const auto* n = std::get_if<std::int64_t>(&t.rows[0][0])) return std::to_string(*n);
    const auto* words = std::get_if<std::string>(&t.rows[0][0]);
    return words ? *words : "null";
  }
  // A small phone: properties, text, an archive in an archive in an archive.
  void make_phone() {
    write("phone/system/build.prop", "# made for a test\nro.product.manufacturer=Nobody\nro.product.model=Test phone\nro.build.fingerprint=nobody/test/test:13/X/1:user/release-keys\nro.build.date.utc=1700000000\n");
    write("phone/system/app/one.txt", std::string(5000, 'x') + "needle");
    write("phone/system/app/two.txt", "two");
    ASSERT_EQ(shell("cd phone/system/app && zip -q in.zip one.txt two.txt && tar cf in.tar in.zip two.txt && gzip -n in.tar && cp in.tar.gz copy.tar.gz"), 0);
  }
  std::string output_;

 private:
  test::ScratchFolder folder_;
};

TEST_F(EndToEnd, EqualBytesGiveEqualFactsOverRunsThreadsAndNames) {
  make_phone();
  ASSERT_EQ(shell("tar cf phone.tar phone && zstd -q phone.tar && cp phone.tar.zst other-name.tar.zst"), 0);
  ASSERT_EQ(klik("scan phone.tar.zst --case a.case --threads 1"), 0) << output_;
  const std::string first = digest();
  for (const char* n : {"1", "2", "8", "8", "8"}) {
    ASSERT_EQ(klik(std::string("scan other-name.tar.zst --case b.case --force --threads ") + n), 0);
    EXPECT_EQ(digest(), first) << n << " threads";
  }
  EXPECT_EQ(one("a.case", "SELECT group_concat(fact_id) FROM (SELECT fact_id FROM artifact ORDER BY fact_id)"), one("b.case", "SELECT group_concat(fact_id) FROM (SELECT fact_id FROM artifact ORDER BY fact_id)"));
  EXPECT_EQ(one("a.case", "SELECT maker || '|' || model || '|' || fingerprint || '|' || built_at FROM build"), "Nobody|Test phone|nobody/test/test:13/X/1:user/release-keys|2023-11-14T22:13:20Z");
  EXPECT_EQ(one("a.case", "SELECT count(*) FROM artifact WHERE path LIKE '%in.tar.gz!in.tar!in.zip!one.txt' AND state = 'read'"), "1");
  EXPECT_EQ(one("a.case", "SELECT count(DISTINCT sha256) || ' of ' || count(*) FROM artifact WHERE path LIKE '%one.txt'"), "1 of 4");
  EXPECT_EQ(one("a.case", "SELECT device_path FROM artifact WHERE path LIKE '%phone/system/app/two.txt'"), "/system/app/two.txt");
}

TEST_F(EndToEnd, WhyLeadsFromAFactToItsBytesInTheInput) {
  make_phone();
  ASSERT_EQ(klik("scan phone --case a.case"), 0) << output_;
  const std::string id = one("a.case", "SELECT fact_id FROM setting WHERE name = 'ro.product.model'");
  ASSERT_EQ(klik("why a.case " + id), 0);
  EXPECT_NE(output_.find("value = Test phone"), std::string::npos) << output_;
  EXPECT_NE(output_.find("system/build.prop"), std::string::npos);
  EXPECT_NE(output_.find("the digest is the same"), std::string::npos);
  EXPECT_NE(output_.find("ro.produ"), std::string::npos) << "hexdump";
  const std::string deep = one("a.case", "SELECT fact_id FROM artifact WHERE path LIKE '%in.tar.gz!in.tar!in.zip!one.txt'");
  ASSERT_EQ(klik("why a.case " + deep.substr(0, 12)), 0) << output_;
  EXPECT_NE(output_.find("deflate"), std::string::npos);
  EXPECT_NE(output_.find("|xxxxxxxxxxxxxxxx|"), std::string::npos) << output_;
  write("phone/system/build.prop", "ro.product.model=Another\n");
  ASSERT_EQ(klik("why a.case " + id), 0);
  EXPECT_NE(output_.find("WARNING"), std::string::npos) << "changed since the scan";
  EXPECT_EQ(klik("why a.case 0000000000"), 2);
  EXPECT_EQ(klik("why a.case xyz"), 2);
}

TEST_F(EndToEnd, ExitCodesAreTheContract) {
  make_phone();
  EXPECT_EQ(klik("scan phone --case a.case"), 0);
  EXPECT_EQ(klik("scan phone --case a.case"), 2) << "is there already";
  EXPECT_EQ(klik("scan phone --case a.case --force"), 0);
  EXPECT_EQ(klik("scan nothing-here --case b.case"), 2);
  EXPECT_EQ(klik("scan phone --case /proc/nowhere/b.case"), 2);
  EXPECT_EQ(klik("scan phone --case b.case --threads 0"), 2);
  EXPECT_EQ(klik("scan"), 2);
  EXPECT_EQ(klik("frobnicate"), 2);
  EXPECT_EQ(klik("--version"), 0);
  EXPECT_EQ(klik("scan --help"), 0);
  ASSERT_EQ(shell("head -c 3000 phone/system/app/in.zip > cut.zip; tar cf - phone | gzip | head -c 400 > cut.tar.gz"), 0);
  EXPECT_EQ(klik("scan cut.tar.gz --case c.case"), 3) << output_;
  EXPECT_NE(one("c.case", "SELECT count(*) FROM problem WHERE severity = 'data_loss'"), "0");
  write("noise.bin", std::string(100, '\x17'));
  EXPECT_EQ(klik("scan noise.bin --case d.case"), 3);
  EXPECT_EQ(one("d.case", "SELECT state FROM input"), "unsupported");
  write("empty.bin", "");
  EXPECT_EQ(klik("scan empty.bin --case e.case"), 3);
}

TEST_F(EndToEnd, AnOptionWithAValueMayStandBeforeTheInputs) {
  make_phone();
  EXPECT_EQ(klik("scan --threads 1 phone --case a.case"), 0) << output_;
  EXPECT_EQ(klik("scan --force --case a.case --data off phone"), 0) << output_;
  EXPECT_EQ(klik("scan --force --threads 1 --threads 2 phone --case a.case"), 2) << output_;
}

TEST_F(EndToEnd, DiffSaysThatSomethingWasLostWhoeverMadeTheCase) {
  make_phone();
  ASSERT_EQ(shell("cp -r phone cut && truncate -s 100 cut/system/app/in.tar.gz"), 0);
  ASSERT_EQ(klik("scan phone --case whole.case"), 0) << output_;
  ASSERT_EQ(klik("scan cut --case cut.case"), 3) << output_;
  EXPECT_EQ(klik("diff phone phone --format json"), 0) << output_;
  EXPECT_EQ(klik("diff whole.case whole.case --format json"), 0) << output_;
  EXPECT_EQ(klik("diff phone cut --format json"), 3) << output_;
  EXPECT_EQ(klik("diff whole.case cut.case --format json"), 3) << output_;
  EXPECT_EQ(klik("diff cut.case whole.case --format json"), 3) << output_;
}

TEST_F(EndToEnd, DiffAgainstAListWritesWhereItIsTold) {
  make_phone();
  ASSERT_EQ(shell("cp -r phone cut && truncate -s 100 cut/system/app/in.tar.gz"), 0);
  ASSERT_EQ(klik("scan phone --case whole.case"), 0) << output_;
  ASSERT_EQ(klik("scan cut --case cut.case"), 3) << output_;
  ASSERT_EQ(klik("export whole.case --format digests -o others.digests"), 0) << output_;
  ASSERT_EQ(klik("diff whole.case others.digests --format json -o answer.json"), 0) << output_;
  EXPECT_EQ(output_, "answer.json\n");
  std::ifstream file(path("answer.json"));
  const std::string answer{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(answer.starts_with("{\"build\":")) << answer;
  EXPECT_EQ(klik("diff whole.case others.digests -o /nowhere/answer"), 2) << output_;
  EXPECT_EQ(klik("diff cut.case others.digests --format json"), 3) << output_;
}

TEST_F(EndToEnd, QueryIsReadOnlyAndEscapesWhatItPrints) {
  write("phone/system/build.prop", "ro.product.model=\x1b]0;owned\x07<b>=1+1\n");
  ASSERT_EQ(klik("scan phone --case a.case"), 0) << output_;
  EXPECT_EQ(output_.find('\x1b'), std::string::npos);
  for (const char* format : {"table", "csv", "json"}) {
    ASSERT_EQ(klik(std::string("query a.case 'SELECT value FROM setting' --format ") + format), 0);
    EXPECT_EQ(output_.find('\x1b'), std::string::npos) << format;
    EXPECT_NE(output_.find("owned"), std::string::npos) << format;
  }
  EXPECT_EQ(klik("query a.case 'DELETE FROM _meta'"), 2);
  EXPECT_EQ(klik("query a.case 'SELECT 1' --format xml"), 2);
}

TEST_F(EndToEnd, TheCaseItselfIsNoEvidence) {
  make_phone();
  ASSERT_EQ(klik("scan phone --case elsewhere.case"), 0) << output_;
  const std::string first = digest();
  ASSERT_EQ(klik("scan phone --case phone/inside.case"), 0) << output_;
  EXPECT_EQ(digest(), first);
  ASSERT_EQ(klik("scan phone --case phone/inside.case --force"), 0) << output_;
  EXPECT_EQ(digest(), first);
}

TEST_F(EndToEnd, AListBesideAnArchiveNamesWhatIsNotInIt) {
  make_phone();
  ASSERT_EQ(shell("tar cf phone.tar phone"), 0);
  write("phone.LISTED.tsv", "path\tsize\tsha256\nsystem/priv-app/Gone/Gone.apk\t1234\t" + std::string(64, 'c') + "\nsystem/app/two.txt\t3\t\n");
  ASSERT_EQ(klik("scan phone.tar --case a.case"), 0) << output_;
  EXPECT_EQ(one("a.case", "SELECT group_concat(device_path || ' ' || size || ' ' || substr(sha256, 1, 4)) FROM artifact WHERE state = 'listed'"), "/system/priv-app/Gone/Gone.apk 1234 cccc");
  EXPECT_EQ(one("a.case", "SELECT files_listed - files_read FROM coverage WHERE what = 'all'"), "1");
}

TEST_F(EndToEnd, NestedArchivesEndByBudgetNotByPatience) {
  write("seed", std::string(1 << 20, '\0'));
  ASSERT_EQ(shell("zip -q 0.zip seed; for i in $(seq 1 30); do zip -q $i.zip $((i-1)).zip; done"), 0);
  EXPECT_EQ(klik("scan 30.zip --case deep.case"), 3) << output_;
  EXPECT_EQ(one("deep.case", "SELECT state FROM artifact ORDER BY length(path) DESC LIMIT 1"), "over_budget");
}

TEST_F(EndToEnd, ATimeLimitMarksTheCaseIncompleteAndTakesItsDigest) {
  // Three gigabytes to hash take longer than a second.
  ASSERT_EQ(shell("for i in 1 2 3 4 5 6 7 8; do head -c 400000000 /dev/zero | gzip -1 > $i.gz; done; mkdir many; mv *.gz many"), 0);
  EXPECT_EQ(klik("scan many --case a.case --threads 1 --time-limit 1"), 3) << output_;
  EXPECT_NE(output_.find("INCOMPLETE"), std::string::npos) << output_;
  EXPECT_EQ(output_.find("\ndigest "), output_.npos);
  EXPECT_EQ(klik("scan many --case b.case --time-limit x"), 2);
}

TEST_F(EndToEnd, ConflictingBuildsAreSaidAndNamedBuildsAreKeptApart) {
  write("one/system/build.prop", "ro.build.fingerprint=a\n");
  write("two/system/build.prop", "ro.build.fingerprint=b\n");
  ASSERT_EQ(klik("scan one two --case a.case"), 0);
  EXPECT_EQ(one("a.case", "SELECT count(*) FROM problem WHERE code = 'conflict'"), "1");
  const std::string swapped = [&] {
    klik("scan two one --case b.case");
    return digest();
  }();
  ASSERT_EQ(klik("scan one two --case a.case --force"), 0);
  EXPECT_EQ(digest(), swapped) << "the order of inputs does not matter";
  ASSERT_EQ(klik("scan one two --build old=one --build new=two --case c.case"), 0);
  EXPECT_EQ(one("c.case", "SELECT group_concat(label || '=' || fingerprint, ' ') FROM (SELECT * FROM build ORDER BY label)"), "new=b old=a");
  EXPECT_EQ(one("c.case", "SELECT count(*) FROM problem"), "0");
}

TEST_F(EndToEnd, ReportsComeInThreeFormatsAndTwoLanguagesWithoutAProblem) {
  make_phone();
  write("phone/system/app/<img src=x onerror=alert(1)>.txt", "x");
  ASSERT_EQ(klik("scan phone --case a.case"), 0);
  ASSERT_EQ(klik("report a.case"), 0) << output_;
  ASSERT_EQ(klik("report a.case --format json -o -"), 0) << output_;
  EXPECT_NE(output_.find("\"pages\""), std::string::npos);
  ASSERT_EQ(klik("report a.case --format text --lang nl"), 0) << output_;
  EXPECT_NE(output_.find("Test phone"), std::string::npos);
  const auto html = test::read_file(path("a.html"));
  const std::string text(html.begin(), html.end());
  EXPECT_EQ(text.find("<img src=x"), std::string::npos);
  EXPECT_NE(text.find("Content-Security-Policy"), std::string::npos);
  ASSERT_EQ(klik("report a.case -o named.json"), 0) << output_;   // the name says which format is meant
  EXPECT_EQ(test::read_file(path("named.json")).at(0), '{');
  ASSERT_EQ(klik("diff a.case a.case -o named.html"), 0) << output_;
  EXPECT_EQ(test::read_file(path("named.html")).at(0), '<');
  EXPECT_EQ(klik("report a.case -o /proc/nowhere/x.html"), 2);
  EXPECT_EQ(klik("report phone"), 2);
}

TEST_F(EndToEnd, ListsComeFromTheRegistries) {
  for (const char* what : {"formats", "facts", "rules", "claims", "powers"}) {
    EXPECT_EQ(klik(std::string("list ") + what), 0);
    EXPECT_FALSE(output_.empty());
  }
  klik("list formats");
  for (const char* name : {"zip", "tar", "zstd", "android_sparse"}) EXPECT_NE(output_.find(std::string(name) + "  "), std::string::npos) << name;
  EXPECT_EQ(klik("list nonsense"), 2);
  klik("--man");
  EXPECT_NE(output_.find(".TH KLIKSPAAN 1"), std::string::npos);
}

}  // namespace
}  // namespace klik
