#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "support/apk_signer.h"
#include "support/evidence.h"
#include "support/facts.h"

namespace klik {
namespace {

using test::ApkSigner;
using test::column;
using Vector = std::vector<std::uint8_t>;

constexpr std::string_view kExtractor = "signature@1";

RecordingSink extract(const Vector& apk, std::string_view name = "App.apk") { return test::extract(kExtractor, memory_source(apk), "apk", name); }

const Vector& sample(const std::string& schemes) {
  static std::map<std::string, Vector> all;
  auto found = all.find(schemes);
  if (found == all.end()) {
    auto& signer = test::apk_signer();
    found = all.emplace(schemes, signer.sign(test::unsigned_apk(), ApkSigner::by(signer.key("maker")) + " --min-sdk-version 18" + schemes).apk).first;
  }
  return found->second;
}
constexpr const char* kV1 = " --v2-signing-enabled false --v3-signing-enabled false --v4-signing-enabled false";
constexpr const char* kAll = " --v2-signing-enabled true --v3-signing-enabled true";

std::string row(const Fact& f) {
  return column(f, "scheme") + " " + column(f, "sdk_from") + "-" + column(f, "sdk_to") + " " + column(f, "verdict") + " " + column(f, "reason");
}

TEST(SignatureFacts, OneVerdictPerRangeWithItsSigner) {
  const std::string sha256_of_certificate = hex(as_bytes(sha256(Bytes(test::apk_signer().certificate("maker")))));
  const auto sink = extract(sample(kAll));
  const auto verdicts = test::of_kind(sink, "app.signature");
  ASSERT_GE(verdicts.size(), 3u);
  const std::size_t n = verdicts.size();
  EXPECT_EQ(row(verdicts[n - 3]), "v1 18-23 verified null");
  EXPECT_EQ(row(verdicts[n - 2]), "v2 24-27 verified null");
  EXPECT_EQ(row(verdicts[n - 1]), "v3 28-10000 verified null");
  for (std::size_t i = n - 3; i < n; ++i) EXPECT_EQ(column(verdicts[i], "signer"), sha256_of_certificate);
  const auto signers = test::of_kind(sink, "app.signer");
  ASSERT_EQ(signers.size(), 3u);
  for (const Fact& s : signers) {
    EXPECT_EQ(column(s, "sha256"), sha256_of_certificate);
    EXPECT_EQ(column(s, "role"), "signer");
    EXPECT_EQ(column(s, "subject"), "O=Sample,CN=maker");
    EXPECT_EQ(column(s, "key"), "RSA 2048");
    EXPECT_EQ(column(s, "known_as"), "null");
  }
}

// A fact is checked against its own bytes: in the APK, or in the unpacked entry of META-INF.
TEST(SignatureFacts, EveryCertificateStandsWhereItsFactPoints) {
  const Vector& apk = sample(kAll);
  std::vector<Note> notes;
  const auto zip = ZipArchive::open(memory_source(apk), {}, notes);
  ASSERT_TRUE(zip);
  std::map<BlobId, Vector> blobs{{BlobId(sha256(Bytes(apk))), apk}};
  for (const ZipEntry& e : zip->entries()) {
    const auto bytes = zip->load(e, 1u << 20);
    ASSERT_TRUE(bytes);
    blobs.emplace(BlobId(sha256(bytes->bytes())), Vector(bytes->bytes().begin(), bytes->bytes().end()));
  }
  std::set<BlobId> used;
  for (const Fact& f : test::of_kind(extract(apk), "app.signer")) {
    ASSERT_EQ(f.origins.size(), 1u);
    const Place& p = f.origins[0];
    ASSERT_TRUE(blobs.contains(p.blob));
    const auto bytes = Bytes(blobs.at(p.blob)).slice(p.at, p.length);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(hex(as_bytes(sha256(*bytes))), column(f, "sha256"));
    used.insert(p.blob);
  }
  EXPECT_EQ(used.size(), 2u);
}

TEST(SignatureFacts, AnUnsignedFileIsSaidToBeUnsigned) {
  const auto sink = extract(test::unsigned_apk());
  ASSERT_EQ(sink.facts.size(), 1u);
  EXPECT_EQ(row(sink.facts[0]), "none 1-10000 unsigned no signature");
  EXPECT_EQ(column(sink.facts[0], "signer"), "null");
  EXPECT_EQ(sink.facts[0].origins.at(0).length, 22u);   // the end record
}

TEST(SignatureFacts, ARejectedSignatureNamesNoSigner) {
  auto& signer = test::apk_signer();
  Vector bad = signer.sign(test::unsigned_apk(), ApkSigner::by(signer.key("maker")) + " --min-sdk-version 28 --v1-signing-enabled false --v2-signing-enabled false --v4-signing-enabled false").apk;
  bad[70] ^= 1;   // content
  const auto sink = extract(bad);
  const auto verdicts = test::of_kind(sink, "app.signature");
  EXPECT_EQ(row(verdicts.back()), "v3 28-10000 rejected the content was changed");
  EXPECT_EQ(column(verdicts.back(), "signer"), "null");
  const auto signers = test::of_kind(sink, "app.signer");
  ASSERT_EQ(signers.size(), 1u);
  EXPECT_EQ(column(signers[0], "role"), "refused");
}

TEST(SignatureFacts, ACertificateThatSomeVersionTakesIsNotRefusedAsWell) {
  Vector bad = sample(kAll);
  bad[10] ^= 1;   // the time of an entry: v1 does not cover it
  std::multiset<std::string> roles;
  for (const Fact& f : test::of_kind(extract(bad), "app.signer")) roles.insert(column(f, "scheme") + " " + column(f, "role"));
  EXPECT_EQ(roles, (std::multiset<std::string>{"v1 signer"}));
}

TEST(SignatureFacts, TheFileBesideTheAppIsReadUnderItsName) {
  auto& signer = test::apk_signer();
  const auto made = signer.sign(test::unsigned_apk(9000), ApkSigner::by(signer.key("maker")) + " --min-sdk-version 28 --v4-signing-enabled true");
  ASSERT_FALSE(made.idsig.empty());
  const auto source = memory_source(made.apk);
  const Budget budget;
  RecordingSink sink;
  std::string asked;
  test::extractor(kExtractor).run({BlobId(sha256(Bytes(made.apk))), source, "apk", "A.apk", budget, [&](std::string_view name) {
                                     asked = name;
                                     return memory_source(made.idsig);
                                   }},
                                  sink);
  EXPECT_EQ(asked, "A.apk.idsig");
  EXPECT_EQ(row(test::of_kind(sink, "app.signature").back()), "v4 30-10000 verified null");
  const Fact last = test::of_kind(sink, "app.signer").back();
  EXPECT_EQ(column(last, "scheme"), "v4");
  EXPECT_TRUE(last.origins.at(0).blob == BlobId(sha256(Bytes(made.idsig))));
  EXPECT_EQ(hex(as_bytes(sha256(*Bytes(made.idsig).slice(last.origins[0].at, last.origins[0].length)))), column(last, "sha256"));
}

TEST(SignatureFacts, ADexBeforeAV1SignedArchiveIsAProblemWithAdvice) {
  Vector apk = sample(kV1);
  const std::string dex("dex\n035\0", 8);
  apk.insert(apk.begin(), dex.begin(), dex.end());
  const auto found = [&](const RecordingSink& sink) {
    return std::ranges::find_if(sink.problems, [](const Problem& p) { return std::string_view(p.error.what).starts_with("a DEX file stands before"); }) != sink.problems.end();
  };
  const auto sink = extract(apk);
  ASSERT_TRUE(found(sink));
  for (const Problem& p : sink.problems)
    if (std::string_view(p.error.what).starts_with("a DEX file")) {
      EXPECT_EQ(p.severity, ProblemSeverity::error);
      EXPECT_FALSE(p.advice.empty());
    }
  EXPECT_FALSE(found(extract(sample(kV1))));
}

TEST(SignatureFacts, AFileThatIsNoArchiveIsAProblem) {
  const auto sink = extract({'n', 'o'});
  EXPECT_TRUE(sink.facts.empty());
  ASSERT_EQ(sink.problems.size(), 1u);
  EXPECT_EQ(sink.problems[0].severity, ProblemSeverity::data_loss);
}

TEST(SignatureFacts, RealStampAndLineageHaveTheirRoles) {
  KLIK_NEEDS_EVIDENCE();
  const auto roles = [](const char* file) {
    std::multiset<std::string> out;
    for (const Fact& f : test::of_kind(extract(test::read_file(test::evidence() + "/containers/apk-signing/" + file)), "app.signer"))
      out.insert(column(f, "scheme") + " " + column(f, "role") + " " + column(f, "n"));
    return out;
  };
  EXPECT_EQ(roles("valid-stamp.apk").count("none stamp 0"), 1u);
  const auto lineage = roles("v1v2v3-with-rsa-2048-lineage-3-signers.apk");
  EXPECT_EQ(lineage, (std::multiset<std::string>{"v1 signer 0", "v2 signer 0", "v3 lineage 0", "v3 lineage 1", "v3 signer 0"}));
}

// The facts' last range against the table of all test files: the manifest must have been understood for that.
TEST(SignatureFacts, RealFilesEndWithTheVerdictOfTheTable) {
  KLIK_NEEDS_EVIDENCE();
  std::map<std::string, std::string> last;   // rows are in order of ranges
  std::ifstream in(KLIK_SOURCE_DIR "/tests/apps/apk_signing_verdicts.tsv");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    std::vector<std::string> cells;
    std::istringstream fields(line);
    for (std::string cell; std::getline(fields, cell, '\t');) cells.push_back(cell);
    ASSERT_GE(cells.size(), 6u);
    last[cells[0]] = cells[4] + " " + cells[3] + " " + (cells[5].empty() ? "null" : cells[5]);
  }
  EXPECT_EQ(last.size(), 357u);
  for (const auto& [file, expected] : last) {
    const auto verdicts = test::of_kind(extract(test::read_file(test::evidence() + "/containers/apk-signing/" + file), file), "app.signature");
    ASSERT_FALSE(verdicts.empty()) << file;
    const Fact& f = verdicts.back();
    EXPECT_EQ(column(f, "scheme") + " " + column(f, "verdict") + " " + column(f, "reason"), expected) << file;
    EXPECT_EQ(column(f, "sdk_to"), "10000") << file;
  }
}

// The published test key signs the shim of Android's own compatibility tests, as it should.
TEST(SignatureFacts, RealPublicTestKeyIsNamed) {
  KLIK_NEEDS_EVIDENCE();
  test::ScratchFolder folder;
  ASSERT_EQ(test::run("tar -I zstd -xf '" + test::evidence() + "/firmware/oneplus-5-china-10.0.3.tar.zst' -C " + folder.path().string() + " --wildcards '*CtsShim*.apk'").status, 0);
  std::size_t known = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
    if (!entry.is_regular_file()) continue;
    for (const Fact& f : test::of_kind(extract(test::read_file(entry.path())), "app.signer"))
      if (column(f, "known_as") == "aosp-testkey") {
        EXPECT_EQ(column(f, "sha1"), "61ed377e85d386a8dfee6b864bd85b0bfaa5af81");
        ++known;
      }
  }
  EXPECT_EQ(known, 2u);   // CtsShimPrebuilt under v2, CtsShimPrivPrebuilt under a refused v1
}

}  // namespace
}  // namespace klik
