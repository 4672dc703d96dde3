#include "data/roots.h"
#include "support/evidence.h"
#include "support/files.h"
#include "support/made_phone.h"

namespace klik {
namespace {

using test::column;
using test::MadePhone;

// A certificate of its own, made by openssl, as PEM; its old hash is told by openssl too.
struct Made {
  std::string pem, old_hash, sha256;
};

Made make(const std::string& subject) {
  test::ScratchFolder folder;
  const std::string at = folder.path().string();
  test::run("openssl req -x509 -newkey rsa:1024 -nodes -keyout " + at + "/k -out " + at + "/c -days 3650 -subj '" + subject + "' 2>/dev/null");
  const auto bytes = test::read_file(at + "/c");
  std::string hash = test::run("openssl x509 -in " + at + "/c -noout -subject_hash_old").output;
  std::string digest = test::run("openssl x509 -in " + at + "/c -outform DER | sha256sum").output.substr(0, 64);
  hash.resize(8);
  return {std::string(bytes.begin(), bytes.end()), hash, digest};
}

TEST(CertificateFiles, NameDigestAndPlaceAgreeWithOpenssl) {
  const Made a = make("/C=NL/O=Bla, Inc./CN=Root A"), b = make("/CN=B");
  const std::string text = "some text\n" + a.pem + "-----BEGIN PRIVATE KEY-----\nYQ==\n-----END PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n" + b.pem;
  const auto sink = test::extract("ca_store_files@1", memory_source(std::vector<std::uint8_t>(text.begin(), text.end())), "pem", "x.pem");
  ASSERT_EQ(sink.facts.size(), 2u);
  EXPECT_EQ(column(sink.facts[0], "old_hash"), a.old_hash);
  EXPECT_EQ(column(sink.facts[0], "sha256"), a.sha256);
  EXPECT_EQ(column(sink.facts[1], "sha256"), b.sha256);
  EXPECT_EQ(column(sink.facts[1], "n"), "1");
  const Place& at = sink.facts[1].origins[0];
  EXPECT_EQ(text.substr(at.at, at.length) + "\n", b.pem);
  ASSERT_EQ(sink.problems.size(), 1u);
  EXPECT_EQ(sink.problems[0].error.what, std::string("a block that says it is a certificate and is none"));
}

TEST(CertificateFiles, WhichFilesAreLookedAt) {
  const Extractor& e = test::extractor("ca_store_files@1");
  EXPECT_TRUE(e.wants("file", "a3418fda.0") && e.wants("file", "a3418fda.12") && e.wants("certificate", "x") && e.wants("file", "ca.crt"));
  EXPECT_FALSE(e.wants("file", "a3418fdx.0") || e.wants("file", "a3418fda.") || e.wants("elf", "a.pem") || e.wants("file", "a3418fda.x"));
}

TEST(CaStore, AdditionsStandOutAndStoresStayApart) {
  const Made own = make("/CN=Somebody"), update = make("/CN=Maker");
  MadePhone phone;
  phone.add("/system/build.prop", "prop", "ro.build.version.sdk=29\n");
  phone.add("/system/etc/security/cacerts/" + own.old_hash + ".0", "pem", own.pem);
  phone.add("/system/etc/security/cacerts_wfa/00000000.0", "pem", own.pem + "\n");
  phone.add("/system/etc/security/otacerts.zip", "zip", "archive");
  phone.add("/x", "pem", update.pem, "system/etc/security/otacerts.zip!releasekey.x509.pem");
  phone.scan({"ca_store@1"});
  std::vector<std::string> found;
  for (const Fact& f : phone.of("device.certificate_authority"))
    found.push_back(column(f, "store") + " " + column(f, "subject") + " " + column(f, "known") + " " + column(f, "in_release") + " " + column(f, "name_matches"));
  std::ranges::sort(found);
  EXPECT_EQ(found, (std::vector<std::string>{"ota CN=Maker 0 null null", "system CN=Somebody 0 0 1", "wfa CN=Somebody 0 null 0"}));
  std::size_t release = 0;
  for (const data::Root& r : data::roots()) release += r.in_release(29) && r.removed.empty();
  EXPECT_EQ(phone.of("device.ca_missing").size(), release);
}

TEST(CaStore, WhatIsNotHereToBeReadIsNotMissing) {
  const Made own = make("/CN=Somebody");
  MadePhone phone;
  phone.add("/system/build.prop", "prop", "ro.build.version.sdk=29\n");
  phone.add("/system/etc/security/cacerts/" + own.old_hash + ".0", "pem", own.pem);
  phone.listed("/system/etc/security/cacerts/11111111.0");
  phone.scan({"ca_store@1"});
  EXPECT_TRUE(phone.of("device.ca_missing").empty());
  ASSERT_EQ(phone.problems().size(), 1u);
  EXPECT_EQ(phone.problems()[0].detail, "1 files");
}

TEST(CaStore, FromAndroid14OnTheModulesStoreCounts) {
  const Made own = make("/CN=Somebody");
  MadePhone phone;
  phone.add("/system/build.prop", "prop", "ro.build.version.sdk=34\n");
  phone.add("/apex/com.android.conscrypt/cacerts/" + own.old_hash + ".0", "pem", own.pem);
  phone.scan({"ca_store@1"});
  const auto found = phone.of("device.certificate_authority");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(column(found[0], "store") + column(found[0], "in_release"), "conscryptnull");   // no list of 34 is held
  EXPECT_TRUE(phone.of("device.ca_missing").empty());
}

}  // namespace
}  // namespace klik
