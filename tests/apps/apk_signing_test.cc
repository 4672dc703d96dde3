#include "apps/signing/verify.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>

#include "support/apk_signer.h"
#include "support/evidence.h"

namespace klik::apk {
namespace {

using Vector = std::vector<std::uint8_t>;
using test::ApkSigner;

constexpr const char* kV1 = " --v1-signing-enabled true --v2-signing-enabled false --v3-signing-enabled false --v4-signing-enabled false";
constexpr const char* kV2 = " --v1-signing-enabled false --v2-signing-enabled true --v3-signing-enabled false --v4-signing-enabled false";
constexpr const char* kV3 = " --v1-signing-enabled false --v2-signing-enabled false --v3-signing-enabled true --v4-signing-enabled false";
constexpr const char* kAll = " --v1-signing-enabled true --v2-signing-enabled true --v3-signing-enabled true --v4-signing-enabled true";

ApkSignatures verify(const Vector& bytes, const SdkRange& sdk = {}, const Vector& idsig = {}) {
  std::vector<Note> notes;
  const Budget budget;
  const auto zip = ZipArchive::open(memory_source(bytes), budget, notes);
  if (!zip) return {};
  auto result = verify_apk(*zip, sdk, budget, idsig.empty() ? IdSig{} : IdSig{memory_source(idsig), "x.idsig"});
  EXPECT_TRUE(result);
  return result ? *std::move(result) : ApkSignatures{};
}

// "1-23 v1 verified; 24-10000 none unsigned (no signature)"
std::string describe(const ApkSignatures& s) {
  std::string out;
  for (const RangeVerdict& r : s.ranges) {
    if (!out.empty()) out += "; ";
    out += std::to_string(r.from) + "-" + std::to_string(r.to) + " " + std::string(r.scheme) + " " + std::string(verdict_name(r.verdict));
    if (*r.reason) out += std::string(" (") + r.reason + ")";
  }
  return out;
}
const RangeVerdict* at(const ApkSignatures& s, int sdk) {
  for (const RangeVerdict& r : s.ranges)
    if (r.from <= sdk && sdk <= r.to) return &r;
  return nullptr;
}
bool verified_at(const ApkSignatures& s, int sdk) {
  const RangeVerdict* r = at(s, sdk);
  return r && r->verdict == Verdict::verified;
}

std::string sign_arguments(const std::string& key, const std::string& schemes, int min_sdk = 24) {
  return ApkSigner::by(test::apk_signer().key(key)) + " --min-sdk-version " + std::to_string(min_sdk) + schemes;
}
// Signed once per kind for all tests that only read it.
const ApkSigner::Signed& sample(const std::string& schemes) {
  static std::map<std::string, ApkSigner::Signed> all;
  auto found = all.find(schemes);
  if (found == all.end()) found = all.emplace(schemes, test::apk_signer().sign(test::unsigned_apk(), sign_arguments("first", schemes, schemes == kV1 || schemes == kAll ? 18 : 28))).first;
  return found->second;
}

TEST(ApkSigning, EachSchemeAnswersForItsAndroidVersions) {
  EXPECT_EQ(describe(verify(sample(kV1).apk, {.min_sdk = 18})), "18-10000 v1 verified");
  EXPECT_EQ(describe(verify(sample(kV2).apk, {.min_sdk = 18})), "18-23 none unsigned (no signature); 24-10000 v2 verified");
  EXPECT_EQ(describe(verify(sample(kV3).apk, {.min_sdk = 18})), "18-27 none unsigned (no signature); 28-10000 v3 verified");
  EXPECT_EQ(describe(verify(sample(kAll).apk, {.min_sdk = 18})), "18-23 v1 verified; 24-27 v2 verified; 28-10000 v3 verified");
  EXPECT_EQ(describe(verify(test::unsigned_apk())), "1-10000 none unsigned (no signature)");
}

TEST(ApkSigning, RangesRespectWhatTheManifestAllows) {
  EXPECT_EQ(describe(verify(sample(kAll).apk, {.min_sdk = 26, .max_sdk = 27})), "26-27 v2 verified");
  EXPECT_EQ(describe(verify(sample(kV1).apk, {.min_sdk = 24, .target_sdk = 30})),
            "24-29 v1 verified; 30-10000 v1 rejected (apps for Android 11 and later need scheme v2 or newer)");
  EXPECT_EQ(describe(verify(sample(kV1).apk, {.min_sdk = 24, .target_sandbox = 2})),
            "24-25 v1 verified; 26-10000 v1 rejected (apps for sandbox version 2 need scheme v2 or newer)");
}

TEST(ApkSigning, CertificatesPointAtTheirBytes) {
  const Vector der = test::apk_signer().certificate("first");
  const Vector& apk = sample(kAll).apk;
  const ApkSignatures s = verify(apk, {.min_sdk = 18});
  ASSERT_EQ(s.ranges.size(), 3u);
  std::vector<Note> notes;
  const auto zip = ZipArchive::open(memory_source(apk), {}, notes);
  ASSERT_TRUE(zip);
  for (const RangeVerdict& r : s.ranges) {
    ASSERT_EQ(r.signers.size(), 1u);
    const PlacedCertificate& c = r.signers[0];
    EXPECT_EQ(c.der, der);
    if (r.scheme == "v1") {
      const ZipEntry* entry = zip->find(c.entry);
      ASSERT_TRUE(entry) << c.entry;
      const auto bytes = zip->load(*entry, 1u << 20);
      ASSERT_TRUE(bytes);
      EXPECT_EQ(bytes->bytes().slice(c.at, der.size())->text(), Bytes(der).text());
    } else {
      EXPECT_TRUE(c.entry.empty());
      EXPECT_EQ(Bytes(apk).slice(c.at, der.size())->text(), Bytes(der).text());
    }
  }
}

TEST(ApkSigning, KeysOfEveryKindVerify) {
  auto& signer = test::apk_signer();
  for (const auto& [name, kind] : {std::pair{"ec", "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1"}, {"big", "-newkey rsa:4096"}, {"p521", "-newkey ec -pkeyopt ec_paramgen_curve:secp521r1"}}) {
    signer.key(name, kind);
    const auto s = signer.sign(test::unsigned_apk(), sign_arguments(name, kAll, 21));
    EXPECT_EQ(describe(verify(s.apk, {.min_sdk = 21}, s.idsig)), "21-23 v1 verified; 24-27 v2 verified; 28-10000 v3 verified") << name;
  }
}

TEST(ApkSigning, LineageNamesTheOlderKeyAndOldSchemesUseIt) {
  auto& signer = test::apk_signer();
  const std::string lineage = signer.lineage("first", "second");
  const auto s = signer.sign(test::unsigned_apk(), ApkSigner::by(signer.key("first")) + " --next-signer" + ApkSigner::by(signer.key("second")) + " --lineage " + lineage + " --min-sdk-version 24");
  const ApkSignatures v = verify(s.apk, {.min_sdk = 24});
  EXPECT_EQ(describe(v), "24-27 v2 verified; 28-10000 v3 verified");
  EXPECT_EQ(at(v, 24)->signers.at(0).der, signer.certificate("first"));
  EXPECT_EQ(at(v, 28)->signers.at(0).der, signer.certificate("second"));
  ASSERT_EQ(at(v, 28)->lineage.size(), 2u);
  EXPECT_EQ(at(v, 28)->lineage[0].der, signer.certificate("first"));
  EXPECT_TRUE(v.notes.empty());
}

TEST(ApkSigning, SeveralSignersAreAllReported) {
  auto& signer = test::apk_signer();
  const auto s = signer.sign(test::unsigned_apk(), ApkSigner::by(signer.key("first")) + " --next-signer" + ApkSigner::by(signer.key("second")) +
                                                       " --min-sdk-version 18 --v3-signing-enabled false --v4-signing-enabled false");
  const ApkSignatures v = verify(s.apk, {.min_sdk = 18});
  EXPECT_EQ(describe(v), "18-23 v1 verified; 24-10000 v2 verified");
  EXPECT_EQ(at(v, 18)->signers.size(), 2u);
  EXPECT_EQ(at(v, 24)->signers.size(), 2u);
}

// Where parts of a signed APK lie.
struct Places {
  SigningBlockSearch search;
  Part block(std::uint32_t id) const { return *search.block->find(id); }
};
Places places(const Vector& apk) {
  auto search = find_signing_block(*memory_source(apk), {});
  EXPECT_TRUE(search && search->block);
  return {*std::move(search)};
}

TEST(ApkSigning, EveryChangedByteOfContentDirectoryAndEndIsNoticed) {
  const Vector& apk = sample(kV2).apk;
  const ApkLayout layout = *places(apk).search.layout;
  std::mt19937 random(7);
  for (std::uint64_t i = 0; i < apk.size(); i += i >= layout.directory_at ? 1 : 1 + random() % 40) {
    if (i >= layout.covered_end && i < layout.directory_at) continue;   // the block: next test
    Vector bad = apk;
    bad[i] = static_cast<std::uint8_t>(bad[i] ^ (1u << random() % 8));
    ASSERT_FALSE(verified_at(verify(bad, {.min_sdk = 28}), 28)) << i;
  }
}

TEST(ApkSigning, EveryChangedByteOfASignersRecordIsNoticed) {
  for (const auto& [schemes, id] : {std::pair{kV2, kSchemeV2Id}, {kV3, kSchemeV3Id}}) {
    const Vector& apk = sample(schemes).apk;
    const Part block = places(apk).block(id);
    for (std::uint64_t i = 0; i < block.bytes.size(); ++i) {
      Vector bad = apk;
      bad[block.at + i] ^= 0x10;
      ASSERT_FALSE(verified_at(verify(bad, {.min_sdk = 28}), 28)) << schemes << " at " << i;
    }
  }
}

TEST(ApkSigning, ABrokenBlockIsNotFoundAndTheReasonIsNoted) {
  const Vector& apk = sample(kAll).apk;
  const ApkLayout layout = *places(apk).search.layout;
  struct Case {
    std::uint64_t at;
    const char* note;
  };
  for (const Case c : {Case{layout.directory_at - 1, "the signing block's magic is damaged: the phone does not see it"},
                       Case{layout.directory_at - 24, "the signing block states two sizes: the phone does not see it"},
                       Case{layout.directory_at - 17, "the signing block's size is impossible: the phone does not see it"},
                       Case{layout.covered_end, "the signing block states two sizes: the phone does not see it"}}) {
    Vector bad = apk;
    bad[c.at] ^= 0x01;
    const ApkSignatures s = verify(bad, {.min_sdk = 18});
    // Falls to v1, whose .SF file says that newer schemes were there.
    EXPECT_EQ(describe(s), "18-23 v1 verified; 24-10000 v1 rejected (signed with a newer scheme as well, but that signature is gone)");
    ASSERT_EQ(s.notes.size(), 1u) << c.at;
    EXPECT_STREQ(s.notes[0].error.what, c.note);
  }
}

TEST(ApkSigning, AStrippedNewerSchemeRejects) {
  Vector bad = sample(kAll).apk;
  bad[places(bad).block(kSchemeV3Id).at - 4] ^= 0x01;   // another id, so v3 is gone
  EXPECT_EQ(describe(verify(bad, {.min_sdk = 18})),
            "18-23 v1 verified; 24-27 v2 verified; 28-10000 v2 rejected (signed with scheme v3 as well, but that signature is gone)");
}

TEST(ApkSigning, BytesBetweenDirectoryAndEndHideTheBlock) {
  Vector bad = sample(kV2).apk;
  const ApkLayout layout = *places(bad).search.layout;
  bad.insert(bad.begin() + static_cast<std::ptrdiff_t>(layout.end_record_at), {'x', 'y'});
  const ApkSignatures s = verify(bad, {.min_sdk = 24});
  EXPECT_EQ(describe(s), "24-10000 none unsigned (no signature)");
  ASSERT_EQ(s.notes.size(), 1u);
  EXPECT_STREQ(s.notes[0].error.what, "bytes between directory and end record: the phone does not see the signing block");
}

TEST(ApkSigning, V1NoticesChangedFilesButNotNewOnesInMetaInf) {
  auto& signer = test::apk_signer();
  const std::string changed = (signer.folder() / "changed.zip").string();
  const auto after = [&](const std::string& command) {
    ApkSigner::write(changed, sample(kV1).apk);
    EXPECT_EQ(test::run("cd " + signer.folder().string() + " && mkdir -p META-INF && echo other > classes.dex && echo new > new.txt && echo free > META-INF/free.txt && " + command + " >/dev/null").status, 0);
    return describe(verify(test::read_file(changed), {.min_sdk = 24}));
  };
  EXPECT_EQ(after("zip -q changed.zip META-INF/free.txt"), "24-10000 v1 verified");
  EXPECT_EQ(after("zip -q changed.zip classes.dex"), "24-10000 v1 rejected (a file was changed)");
  EXPECT_EQ(after("zip -q changed.zip new.txt"), "24-10000 v1 rejected (a file that MANIFEST.MF does not name)");
  EXPECT_EQ(after("zip -q -d changed.zip res/a.txt"), "24-10000 v1 rejected (MANIFEST.MF names a file that is not there)");
  EXPECT_EQ(after("zip -q -d changed.zip 'META-INF/*.SF'"), "24-10000 none unsigned (no signature)");
}

TEST(ApkSigning, V4BelongsToItsApkAndSigner) {
  const auto& good = sample(kAll);
  ASSERT_FALSE(good.idsig.empty());
  const auto v4 = [](const Vector& apk, const Vector& idsig) {
    const ApkSignatures s = verify(apk, {.min_sdk = 24}, idsig);
    EXPECT_TRUE(s.v4);
    return std::string(verdict_name(s.v4->verdict)) + (*s.v4->reason ? std::string(": ") + s.v4->reason : "");
  };
  EXPECT_EQ(v4(good.apk, good.idsig), "verified");
  auto& signer = test::apk_signer();
  const auto other = signer.sign(test::unsigned_apk(), sign_arguments("second", kAll, 18));
  EXPECT_EQ(v4(other.apk, good.idsig).substr(0, 9), "rejected:");
  const auto longer = signer.sign(test::unsigned_apk(40000), sign_arguments("first", kAll, 18));
  EXPECT_EQ(v4(longer.apk, good.idsig), "rejected: the signature does not verify");
  EXPECT_EQ(v4(longer.apk, longer.idsig), "verified");
  Vector tree = longer.idsig;
  tree.back() ^= 1;
  EXPECT_EQ(v4(longer.apk, tree), "rejected: the stored hash tree is not the content's");
  Vector content = longer.apk;
  content[100] ^= 1;
  EXPECT_EQ(v4(content, longer.idsig), "rejected: no v2 or v3 signature that verifies beside it");
  EXPECT_EQ(v4(sample(kV1).apk, good.idsig).substr(0, 9), "rejected:");
  for (std::size_t n = 0; n < good.idsig.size(); n += n < 200 ? 1 : 97) {   // every prefix, thinned
    if (n == 0) continue;
    const std::string verdict = v4(good.apk, Vector(good.idsig.begin(), good.idsig.begin() + static_cast<std::ptrdiff_t>(n)));
    EXPECT_EQ(verdict.substr(0, 8), "rejected") << n;
  }
}

// A DEX file in front, with all offsets moved: valid for the zip reader and for v1.
Vector with_dex_in_front(const Vector& apk) {
  std::vector<Note> notes;
  const auto zip = ZipArchive::open(memory_source(apk), {}, notes);
  Vector out = apk;
  const std::string dex("dex\n035\0 and more", 16);
  const auto move = [&](std::uint64_t field) {
    std::uint32_t value = *Bytes(apk).get<U32le>(field) + static_cast<std::uint32_t>(dex.size());
    for (unsigned i = 0; i < 4; ++i) out[field + i] = static_cast<std::uint8_t>(value >> (8 * i));
  };
  for (const ZipEntry& e : zip->entries()) move(e.header_at + 42);
  move(zip->end_record_at() + 16);
  out.insert(out.begin(), dex.begin(), dex.end());
  return out;
}

TEST(ApkSigning, ADexInFrontPassesV1AndIsNamed) {
  const ApkSignatures s = verify(with_dex_in_front(sample(kV1).apk), {.min_sdk = 18});
  EXPECT_EQ(describe(s), "18-10000 v1 verified");
  EXPECT_TRUE(s.dex_before_archive);
  EXPECT_FALSE(verify(sample(kV1).apk).dex_before_archive);
  EXPECT_EQ(describe(verify(with_dex_in_front(sample(kV2).apk), {.min_sdk = 24})), "24-10000 v2 rejected (the content was changed)");
}

TEST(ApkSigning, EveryPrefixIsSafeAndNeverVerified) {
  const Vector& apk = sample(kAll).apk;
  for (std::size_t n = 0; n < apk.size(); n += n + 2000 > apk.size() ? 1 : 13)
    for (const RangeVerdict& r : verify(Vector(apk.begin(), apk.begin() + static_cast<std::ptrdiff_t>(n)), {.min_sdk = 18}).ranges)
      ASSERT_NE(r.verdict, Verdict::verified) << n;
}

TEST(ApkSigning, BlocksFullOfNonsenseEnd) {
  const Vector& apk = sample(kAll).apk;
  const SigningBlockSearch search = places(apk).search;
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    Vector bad = apk;
    for (int i = 0; i < 6; ++i) bad[search.block->at + 8 + random() % (search.block->size - 32)] = static_cast<std::uint8_t>(random() % 3 ? random() : 0xFF);
    (void)verify(bad, {.min_sdk = 18});
  }
}

TEST(ApkSigning, EndlessListsAreOverBudgetNotEndless) {
  const Vector& apk = sample(kAll).apk;
  const SigningBlockSearch found = places(apk).search;
  const auto number = [](std::uint64_t x, unsigned n) {
    Vector v;
    test::put(v, x, static_cast<int>(n));
    return v;
  };
  const auto add = [](Vector& to, const Vector& more) { to.insert(to.end(), more.begin(), more.end()); };
  // A v3 block of 100,000 empty signers in place of the old block.
  Vector value = number(100000 * 4, 4), pair;
  value.resize(4 + 100000 * 4);
  add(pair, number(value.size() + 4, 8));
  add(pair, number(kSchemeV3Id, 4));
  add(pair, value);
  Vector block = number(pair.size() + 24, 8);
  add(block, pair);
  add(block, number(pair.size() + 24, 8));
  test::put(block, std::string_view("APK Sig Block 42"));
  Vector bad(apk.begin(), apk.begin() + static_cast<std::ptrdiff_t>(found.layout->covered_end));
  const std::size_t directory_at = bad.size() + block.size();
  add(bad, block);
  bad.insert(bad.end(), apk.begin() + static_cast<std::ptrdiff_t>(found.layout->directory_at), apk.end());
  const Vector at = number(directory_at, 4);
  std::copy(at.begin(), at.end(), bad.end() - 6);
  const ApkSignatures s = verify(bad, {.min_sdk = 28});
  EXPECT_TRUE(s.ranges.empty());
  ASSERT_FALSE(s.notes.empty());
  EXPECT_EQ(s.notes[0].error.code, Code::over_budget);
  EXPECT_EQ(s.notes[0].severity, Severity::data_loss);
}

TEST(ApkSigning, WhatV1UnpacksIsBudgetedTogether) {
  const Vector apk = test::apk_signer().sign(test::unsigned_apk(200000), sign_arguments("first", kV1, 18)).apk;
  Budget budget;
  budget.floor_bytes = budget.item_bytes = 150000;
  std::vector<Note> notes;
  const auto zip = ZipArchive::open(memory_source(apk), budget, notes);
  ASSERT_TRUE(zip);
  const auto s = verify_apk(*zip, {.min_sdk = 24}, budget);
  ASSERT_TRUE(s);
  EXPECT_TRUE(s->ranges.empty());
  ASSERT_FALSE(s->notes.empty());
  EXPECT_EQ(s->notes[0].error.code, Code::over_budget);
}

// file, ranges as in the table, and the parameters of the manifest.
struct Row {
  std::string verdict;
  int target_sdk = 1, target_sandbox = 1;
};
std::map<std::string, Row> table() {
  std::map<std::string, Row> out;
  std::ifstream in(KLIK_SOURCE_DIR "/tests/apps/apk_signing_verdicts.tsv");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    std::vector<std::string> cells;
    std::istringstream fields(line + "\t");
    for (std::string cell; std::getline(fields, cell, '\t');) cells.push_back(cell);
    if (cells.size() < 8) {
      ADD_FAILURE() << "a row without eight cells: " << line;
      continue;
    }
    Row& row = out[cells[0]];
    row.verdict += (row.verdict.empty() ? "" : "; ") + cells[1] + "-" + cells[2] + " " + cells[4] + " " + cells[3] + (cells[5].empty() ? "" : " (" + cells[5] + ")");
    row.target_sdk = std::stoi(cells[6]);
    row.target_sandbox = std::stoi(cells[7]);
  }
  return out;
}
std::string corpus() { return test::evidence() + "/containers/apk-signing/"; }

TEST(ApkSigning, RealFilesOfTheTestSetGetTheirVerdict) {
  KLIK_NEEDS_EVIDENCE();
  const auto rows = table();
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(corpus())) {
    if (entry.path().extension() != ".apk") continue;
    ++files;
    const auto row = rows.find(entry.path().filename().string());
    if (row == rows.end()) {
      ADD_FAILURE() << "no row for " << entry.path().filename();
      continue;
    }
    const SdkRange sdk{.min_sdk = 1, .target_sdk = row->second.target_sdk, .target_sandbox = row->second.target_sandbox};
    EXPECT_EQ(describe(verify(test::read_file(entry.path()), sdk)), row->second.verdict) << entry.path().filename();
  }
  EXPECT_EQ(files, rows.size());
  EXPECT_EQ(files, 357u);
}

// A sample only: one Java process per question. tools/check_apk_verdicts.py asks about all.
TEST(ApkSigning, RealFilesGetTheVerdictOfApksigner) {
  KLIK_NEEDS_EVIDENCE();
  const auto rows = table();
  for (const char* file : {"original.apk", "v1-only-with-rsa-1024-cert-not-der.apk", "v1-only-with-rsa-pkcs1-md5-1.2.840.113549.1.1.4-2048.apk", "v1-only-with-ecdsa-sha512-1.2.840.10045.4.3.4-p521.apk",
                           "v1-only-with-signed-attrs-signerInfo1-wrong-digest-signerInfo2-good.apk", "v1-sha1-sha256-manifest-and-sf-with-sha1-wrong-in-sf.apk", "v2-stripped.apk", "v2-only-no-certs-in-sig.apk",
                           "v2-only-with-dsa-sha256-2048.apk", "v2-only-with-rsa-pkcs1-sha512-8192.apk", "v2-only-with-ecdsa-sha256-p256-digest-mismatch.apk", "v3-stripped.apk", "v3-only-with-ecdsa-sha512-p384.apk",
                           "v3-only-no-supported-sig-algs.apk", "v1v2v3-with-rsa-2048-lineage-3-signers.apk", "golden-rsa-verity-out.apk", "two-signers.apk", "two-signers-second-signer-v2-broken.apk",
                           "weird-compression-method.apk", "v1-only-targetSandboxVersion-2.apk"}) {
    const Row& row = rows.at(file);
    const ApkSignatures ours = verify(test::read_file(corpus() + file), {.min_sdk = 1, .target_sdk = row.target_sdk, .target_sandbox = row.target_sandbox});
    for (const int sdk : {23, 28}) {
      const std::string n = std::to_string(sdk);
      const auto judge = test::run("apksigner verify --min-sdk-version " + n + " --max-sdk-version " + n + " '" + corpus() + file + "' 2>/dev/null");
      EXPECT_EQ(verified_at(ours, sdk), judge.status == 0) << file << " at " << sdk;
    }
  }
}

// How many APKs of a firmware archive have which blocks; all that carry one verify with it.
std::map<std::string, int> schemes_of(const std::string& archive) {
  test::ScratchFolder folder;
  EXPECT_EQ(test::run("tar -I zstd -xf '" + test::evidence() + "/firmware/" + archive + ".tar.zst' -C " + folder.path().string() + " --wildcards '*.apk'").status, 0);
  std::map<std::string, int> counts;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
    if (!entry.is_regular_file() || entry.path().extension() != ".apk") continue;
    const Vector bytes = test::read_file(entry.path());
    const auto search = find_signing_block(*memory_source(bytes), {});
    const bool v2 = search && search->block && search->block->find(kSchemeV2Id), v3 = search && search->block && search->block->find(kSchemeV3Id);
    ++counts[v2 && v3 ? "v2+v3" : v2 ? "v2" : v3 ? "v3" : "none"];
    const ApkSignatures s = verify(bytes, {.min_sdk = 23, .target_sdk = 23});
    if (v2) { EXPECT_TRUE(verified_at(s, 24)) << entry.path() << " " << describe(s); }
    if (v3) { EXPECT_TRUE(verified_at(s, 28)) << entry.path() << " " << describe(s); }
    if (verified_at(s, 23)) ++counts["v1 verifies"];
  }
  for (const auto& [what, n] : counts) std::printf("%s: %s %d\n", archive.c_str(), what.c_str(), n);
  return counts;
}

TEST(ApkSigning, RealFirmwareVerifies) {
  KLIK_NEEDS_EVIDENCE();
  EXPECT_EQ(schemes_of("oneplus-5-china-10.0.3"), (std::map<std::string, int>{{"none", 3}, {"v1 verifies", 195}, {"v2", 24}, {"v2+v3", 169}}));
  EXPECT_EQ(schemes_of("blu-vivo5r-2016-08"), (std::map<std::string, int>{{"none", 66}, {"v1 verifies", 66}}));
}

}  // namespace
}  // namespace klik::apk
