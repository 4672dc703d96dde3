// Signed updates made with openssl, whole and broken.
#include <map>

#include "formats/android/update_signature.h"
#include "formats/cert/x509.h"
#include "support/evidence.h"
#include "support/facts.h"
#include "support/made_rows.h"
#include "support/update_maker.h"

namespace klik {
namespace {

using Data = std::vector<std::uint8_t>;
using test::column;

class Update : public testing::Test {
 protected:
  static void SetUpTestSuite() { maker_ = new test::UpdateMaker; }
  static void TearDownTestSuite() { delete maker_; }

  static RecordingSink read(const Data& bytes, std::string_view kind = "ota") { return test::extract("update_signature@2", memory_source(bytes), kind, "update.zip"); }
  static std::map<std::string, std::string> coverage(const RecordingSink& sink) {
    std::map<std::string, std::string> out;
    for (const Fact& f : test::of_kind(sink, "update.coverage")) out[column(f, "part")] = column(f, "bytes") + " " + column(f, "covered_by");
    return out;
  }

  // The answer of a build that holds this update and these keys.
  static std::string checked(const RecordingSink& update, const std::vector<std::string>& keys, const std::string& otacerts = "system/etc/security/otacerts.zip") {
    test::MadeRows rows;
    rows.file("update.zip");
    for (const Fact& f : test::of_kind(update, "update.signature")) rows.fact(f);
    rows.file(otacerts);
    if (!keys.empty())
      for (const Fact& f : test::extract("update_key@2", memory_source(maker_->otacerts(keys)), "zip", "otacerts.zip").facts) rows.fact(f);
    std::string out;
    for (const Fact& f : test::run_image("update_check@2", rows).facts) out += column(f, "place") + " " + column(f, "result") + (column(f, "detail") == "null" ? "" : ": " + column(f, "detail")) + ";";
    return out;
  }

  static test::UpdateMaker* maker_;
};
test::UpdateMaker* Update::maker_;

TEST_F(Update, WholeFileSignaturesHold) {
  for (const std::string how : {"-noattr -md sha256", "-noattr -md sha1", "-md sha256"}) {
    const Data bytes = maker_->signed_zip("release", how);
    const auto sink = read(bytes);
    EXPECT_TRUE(sink.problems.empty());
    const auto found = test::of_kind(sink, "update.signature");
    ASSERT_EQ(found.size(), 1u) << how;
    EXPECT_EQ(column(found[0], "place"), "whole_file");
    EXPECT_EQ(column(found[0], "holds"), "1") << how;
    EXPECT_EQ(column(found[0], "digest_algorithm"), how.substr(how.size() - 6) == "sha256" ? "sha256" : "sha1");
    EXPECT_EQ(column(found[0], "attributes") == "null", how.starts_with("-noattr"));
    EXPECT_EQ(column(found[0], "known_as"), "null");
    EXPECT_EQ(std::stoul(column(found[0], "signed_bytes")), maker_->zip().size() - 2);
    EXPECT_EQ(std::stoul(column(found[0], "outside_bytes")), bytes.size() - maker_->zip().size() + 2);
    EXPECT_EQ(coverage(sink).at("archive"), std::to_string(maker_->zip().size() - 2) + " whole_file");
    // The certificate is signed with SHA-256. Recovery takes that digest and no attributes, whatever the signer stated.
    EXPECT_EQ(checked(sink, {"other", "release"}), how == "-noattr -md sha256" ? "whole_file verified;"
                                                   : how == "-noattr -md sha1" ? "whole_file failed: recovery takes another digest with this key;"
                                                                               : "whole_file failed: recovery refuses a signature that stands over attributes;");
    EXPECT_EQ(checked(sink, {"other"}), "whole_file failed;");
    EXPECT_EQ(checked(sink, {}), "whole_file absent;");
  }
}

TEST_F(Update, AChangedByteIsNotSigned) {
  Data bytes = maker_->signed_zip("release");
  bytes[100] ^= 1;
  EXPECT_EQ(column(test::of_kind(read(bytes), "update.signature").at(0), "holds"), "0");
  EXPECT_EQ(checked(read(bytes), {"release"}), "whole_file failed;");
  bytes = maker_->signed_zip("release", "-md sha256");
  bytes[100] ^= 1;
  EXPECT_EQ(column(test::of_kind(read(bytes), "update.signature").at(0), "holds"), "0");
}

TEST_F(Update, ASecondEndRecordIsRefused) {
  const auto sink = read(maker_->signed_zip("release", "-noattr -md sha256", std::string("another archive PK\5\6 here", 25)));
  EXPECT_TRUE(test::of_kind(sink, "update.signature").empty());
  ASSERT_EQ(sink.problems.size(), 1u);
  EXPECT_EQ(sink.problems[0].error.code, Code::conflict);
  EXPECT_TRUE(coverage(sink).at("archive").ends_with("nothing"));
}

TEST_F(Update, AnUnsignedUpdateIsCoveredByNothingAndAPlainZipIsNoUpdate) {
  EXPECT_EQ(coverage(read(maker_->zip())).at("archive"), std::to_string(maker_->zip().size()) + " nothing");
  EXPECT_TRUE(read(maker_->zip(), "zip").facts.empty());
}

TEST_F(Update, EveryPrefixIsUnsigned) {
  const Data whole = maker_->signed_zip("release");
  for (std::size_t n = 0; n < whole.size(); ++n) EXPECT_TRUE(test::of_kind(read(Data(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n))), "update.signature").empty()) << n;
}

TEST_F(Update, BrokenFootersAndMessagesAreProblems) {
  const Data whole = maker_->signed_zip("release");
  for (std::size_t back = 1; back <= 6; ++back)
    for (const unsigned bit : {0x01u, 0x80u}) {
      Data broken = whole;
      broken[broken.size() - back] = static_cast<std::uint8_t>(broken[broken.size() - back] ^ bit);
      for (const Fact& f : test::of_kind(read(broken), "update.signature")) EXPECT_EQ(column(f, "holds"), "0") << back;
    }
  for (std::size_t at = maker_->zip().size(); at + 6 < whole.size(); at += 7) {
    Data broken = whole;
    broken[at] ^= 0x20;
    (void)read(broken);   // some bytes of a certificate do not matter: the key still verifies
  }
  const std::uint8_t footer[] = {9, 0, 0xFF, 0xFF, 8, 0};
  EXPECT_EQ(update::read_footer(Bytes(footer)).error().code, Code::bad_value);
  const std::uint8_t empty[] = {6, 0, 0xFF, 0xFF, 8, 0};
  EXPECT_EQ(update::read_footer(Bytes(empty)).error().code, Code::bad_value);
  const std::uint8_t none[] = {9, 0, 0xFF, 0xFE, 8, 0};
  EXPECT_EQ(update::read_footer(Bytes(none)).error().code, Code::absent);
}

TEST_F(Update, PayloadSignaturesAreTriedOneByOne) {
  const test::UpdateMaker::Payload p = maker_->payload({"release"}, {"ec", "release"});
  ASSERT_FALSE(p.bytes.empty());
  const auto sink = read(p.bytes, "payload");
  EXPECT_TRUE(sink.problems.empty());
  EXPECT_EQ(test::of_kind(sink, "update.signature").size(), 3u);
  EXPECT_EQ(checked(sink, {"release"}), "metadata verified;payload failed;payload verified;");
  EXPECT_EQ(checked(sink, {"ec"}), "metadata failed;payload verified;payload failed;");
  EXPECT_EQ(coverage(sink).at("metadata"), std::to_string(p.metadata) + " payload");
  EXPECT_EQ(coverage(sink).at("data"), "5000 payload");
  EXPECT_TRUE(coverage(sink).at("payload_signature").ends_with(" nothing"));
  Data changed = p.bytes;
  changed[p.blobs + 10] ^= 1;
  EXPECT_EQ(checked(read(changed, "payload"), {"release"}), "metadata verified;payload failed;payload failed;");
}

TEST_F(Update, WhatFollowsOrHasNoSignatureIsCountedAsUncovered) {
  test::UpdateMaker::Payload p = maker_->payload({"release"}, {});
  p.bytes.resize(p.bytes.size() + 77);
  const auto sink = read(p.bytes, "payload");
  EXPECT_EQ(coverage(sink).at("metadata"), std::to_string(p.metadata) + " metadata");
  EXPECT_EQ(coverage(sink).at("data"), "5000 nothing");   // its manifest has not one operation, so not one digest
  EXPECT_EQ(coverage(sink).at("rest"), "77 nothing");
  const auto bare = read(maker_->payload({}, {}).bytes, "payload");
  EXPECT_EQ(coverage(bare).at("data"), "5000 nothing");
  EXPECT_TRUE(coverage(bare).at("metadata").ends_with(" nothing"));
}

TEST_F(Update, AKeyOfSha1TakesNoSha256) {
  maker_->signer.key("sha1", "-newkey rsa:2048 -sha1");
  EXPECT_EQ(checked(read(maker_->signed_zip("sha1", "-noattr -md sha1")), {"sha1"}), "whole_file verified;");
  EXPECT_EQ(checked(read(maker_->signed_zip("sha1", "-noattr -md sha256")), {"sha1"}), "whole_file failed: recovery takes another digest with this key;");
}

TEST_F(Update, RecoveryReadsTheFirstSignerOnly) {
  const std::string second = maker_->signer.key("second");
  const auto sink = read(maker_->signed_zip("release", "-noattr -md sha256 -signer " + second + ".pem -inkey " + second + ".key"));
  ASSERT_EQ(test::of_kind(sink, "update.signature").size(), 2u);
  // Which of the two stands first is for their bytes to say.
  EXPECT_EQ(checked(sink, {"release", "second"}), "whole_file verified;whole_file failed: recovery reads only the first signature of a file;");
}

TEST_F(Update, KeysOfAnAppAreNotTheBuilds) {
  const auto sink = read(maker_->signed_zip("release"));
  EXPECT_EQ(checked(sink, {"release"}, "A.apk!assets/otacerts.zip"), "whole_file absent;");
  EXPECT_EQ(checked(sink, {"release"}, ""), "whole_file verified;");   // handed in by itself
}

TEST_F(Update, OnlyDataOfOperationsWithADigestIsCoveredByOne) {
  using M = test::UpdateMaker;
  const auto operation = [](std::uint64_t at, std::uint64_t length, bool digest) { return M::message(8, M::joined({M::number(1, 0), M::number(2, at), M::number(3, length), digest ? M::message(8, Data(32, 1)) : Data()})); };
  const auto with = [&](std::initializer_list<Data> operations) { return coverage(read(maker_->payload({"release"}, {}, M::message(13, M::joined({M::message(1, M::text("vendor")), M::joined(operations)}))).bytes, "payload")); };
  // Two share bytes, one reaches past the data, one has no digest.
  auto found = with({operation(0, 1000, true), operation(500, 1500, true), operation(4000, 2000, true), operation(3000, 100, false), operation(~std::uint64_t{0}, 2, true)});
  EXPECT_EQ(found.at("data"), "2000 digests");
  EXPECT_EQ(found.at("data_without_digest"), "3000 nothing");
  found = with({operation(1000, 4000, true), operation(0, 1000, true)});
  EXPECT_EQ(found.at("data"), "5000 digests");
  EXPECT_FALSE(found.contains("data_without_digest"));
}

TEST_F(Update, WhatIsNotTriedIsSaid) {
  const Data der = maker_->signer.certificate("release");
  const auto key = cert::parse_certificate(Bytes(der))->key->encoded();
  const auto problems = [&](std::size_t keys, std::size_t signatures) {
    test::MadeRows rows;
    rows.file("system/etc/security/otacerts.zip");
    for (std::size_t i = 0; i < keys; ++i) rows.fact("update.key", {{"entry", "k"}, {"key_sha256", std::to_string(i)}, {"public_key", hex(Bytes(key))}});
    rows.file("update.zip");
    for (std::size_t i = 0; i < signatures; ++i)
      rows.fact("update.signature", {{"place", "payload"}, {"n", static_cast<std::int64_t>(i)}, {"digest_algorithm", "sha256"}, {"digest", "00"}, {"signature", "00"}});
    const auto sink = test::run_image("update_check@2", rows);
    for (const Problem& p : sink.problems) EXPECT_EQ(p.error.code, Code::over_budget);
    return sink.problems.size();
  };
  EXPECT_EQ(problems(256, 1), 0u);
  EXPECT_EQ(problems(258, 1), 1u);
  EXPECT_EQ(problems(0, 4096), 0u);
  EXPECT_EQ(problems(0, 4100), 1u);
}

TEST_F(Update, EveryPrefixOfAPayloadIsReadWithoutASignatureThatHolds) {
  const test::UpdateMaker::Payload p = maker_->payload({"release"}, {"release"});
  for (std::size_t n = 0; n < p.bytes.size(); n += n < p.metadata + 400 || n + 400 > p.bytes.size() ? 1 : 37) {
    const auto sink = read(Data(p.bytes.begin(), p.bytes.begin() + static_cast<std::ptrdiff_t>(n)), "payload");
    for (const Fact& f : test::of_kind(sink, "update.signature")) EXPECT_EQ(column(f, "place"), "metadata") << n;
  }
}

TEST_F(Update, KeysThatCannotBeReadAreProblems) {
  const auto sink = test::extract("update_key@2", memory_source(test::write_zip({{.name = "a.pem", .data = "no key", .method = 0, .packed = false}})), "zip", "otacerts.zip");
  EXPECT_TRUE(sink.facts.empty());
  EXPECT_EQ(sink.problems.size(), 1u);
}

// The form that older recoveries hold, of the key that openssl made.
std::string words_of(const std::string& modulus_hex) {
  std::string out;
  for (std::size_t at = modulus_hex.size(); at > 0; at -= 8) out += (out.empty() ? "" : ",") + std::to_string(std::stoul(modulus_hex.substr(at - 8, 8), nullptr, 16));
  return "{" + out + "}";
}

TEST_F(Update, KeysOfOlderRecoveriesAreNumbers) {
  const std::string base = maker_->signer.key("release");
  const std::string modulus = test::run("openssl rsa -in " + base + ".key -modulus -noout").output.substr(8, 512);
  const std::string one = "{64,0xc926ad21," + words_of(modulus) + "," + words_of(modulus) + "}";
  const auto read = [](const std::string& text) { return test::extract("update_key@2", memory_source(Data(text.begin(), text.end())), "file", "keys"); };
  const auto both = read("v4 " + one + ",\nv2 " + one + "\n");
  EXPECT_TRUE(both.problems.empty());
  ASSERT_EQ(both.facts.size(), 2u);
  const auto archived = test::extract("update_key@2", memory_source(maker_->otacerts({"release"})), "zip", "otacerts.zip");
  for (const Fact& f : both.facts) EXPECT_EQ(column(f, "key_sha256"), column(archived.facts.at(0), "key_sha256"));
  EXPECT_EQ(column(both.facts[0], "digest"), "sha256");
  EXPECT_EQ(column(both.facts[1], "digest"), "sha1");
  EXPECT_EQ(column(archived.facts[0], "digest"), "sha256");
  EXPECT_NE(column(read(one).facts.at(0), "key_sha256"), column(archived.facts[0], "key_sha256"));   // version 1: exponent 3
  const std::string text = "v2 " + one;
  for (std::size_t n = 0; n < text.size(); ++n) EXPECT_TRUE(read(text.substr(0, n)).facts.empty()) << n;
  for (const std::string bad : {"v5 {32,{1},{2}}", "v2 {0,0x1,{},{}}", "v2 {4294967295,0x1,{1},{1}}", "{129,1,{1},{1}}", "v9 {1,1,{1},{1}}", "{1,1,{99999999999},{1}}"}) {
    EXPECT_TRUE(read(bad).facts.empty()) << bad;
    EXPECT_EQ(read(bad).problems.size(), 1u) << bad;
  }
  EXPECT_TRUE(read("value of something else\n").problems.empty());
}

// The same key in another form, or under another certificate.
TEST(UpdateKeys, APublishedKeyIsKnownWithoutItsCertificate) {
  KLIK_NEEDS_EVIDENCE();
  const std::string pem = "unzip -p " + test::evidence() + "/containers/otacerts/allcall-w2_import_system_etc_security_otacerts.zip testkey.x509.pem | openssl x509 ";
  const std::string modulus = test::run(pem + "-modulus -noout").output.substr(8, 512);
  const std::string numbers = "{64,0xc926ad21," + words_of(modulus) + "," + words_of(modulus) + "}";
  const auto in_recovery = test::extract("update_key@2", memory_source(Data(numbers.begin(), numbers.end())), "file", "keys");
  ASSERT_EQ(in_recovery.facts.size(), 1u);
  EXPECT_EQ(column(in_recovery.facts[0], "known_as"), "aosp-testkey");
  const std::string base = test::apk_signer().key("issuer");
  const std::string again = test::run("KEY=$(mktemp); " + pem + "-pubkey -noout > $KEY; openssl x509 -new -force_pubkey $KEY -subj /CN=Maker -signkey " + base + ".key 2>/dev/null; rm $KEY").output;
  if (again.empty()) GTEST_SKIP() << "this openssl makes no certificate for another's key";
  const auto archived = test::extract("update_key@2", memory_source(test::write_zip({{.name = "release.x509.pem", .data = again, .method = 0, .packed = false}})), "zip", "otacerts.zip");
  ASSERT_EQ(archived.facts.size(), 1u);
  EXPECT_EQ(column(archived.facts[0], "known_as"), "aosp-testkey");
  EXPECT_EQ(column(archived.facts[0], "key_sha256"), column(in_recovery.facts[0], "key_sha256"));
}

TEST(UpdateKeys, OfRealBuildsAreThoseThatOpensslPrints) {
  KLIK_NEEDS_EVIDENCE();
  struct Real {
    const char *file, *known;
    std::size_t keys;
  };
  const Real files[] = {{"allcall-w2_import_system_etc_security_otacerts.zip", "aosp-testkey", 1},
                        {"huawei-hi6250_20180627_system_etc_security_otacerts.zip", "null", 1},
                        {"google-pixel7_UPB2.230407.014_system_system_etc_security_otacerts.zip", "null", 1},
                        {"oneplus-5_2012030314_system_system_etc_security_otacerts.zip", "null", 1}};
  for (const Real& real : files) {
    SCOPED_TRACE(real.file);
    const std::string path = test::evidence() + "/containers/otacerts/" + real.file;
    const auto source = file_source(path.c_str());
    ASSERT_TRUE(source);
    const auto sink = test::extract("update_key@2", *source, "zip", "otacerts.zip");
    ASSERT_EQ(sink.facts.size(), real.keys);
    for (const Fact& f : sink.facts) {
      EXPECT_EQ(column(f, "known_as"), real.known);
      const std::string judged = test::run("unzip -p " + path + " '" + column(f, "entry") + "' | openssl x509 -pubkey -noout | openssl pkey -pubin -outform DER | sha256sum").output;
      EXPECT_EQ(column(f, "key_sha256"), judged.substr(0, 64));
    }
  }
}

}  // namespace
}  // namespace klik
