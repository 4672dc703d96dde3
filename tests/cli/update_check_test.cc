// An update checked against the keys and levels of the build before it: both scanned by the program, then compared.
#include <filesystem>
#include <map>

#include "compare/comparer.h"
#include "support/asking.h"
#include "support/avb_maker.h"
#include "support/update_maker.h"

namespace klik {
namespace {

namespace fs = std::filesystem;
using Data = std::vector<std::uint8_t>;

class TwoBuilds : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    maker_ = new test::UpdateMaker;
    main_ = new test::AvbKey(maker_->signer, "avb_main");
    other_ = new test::AvbKey(maker_->signer, "avb_other");
  }
  static void TearDownTestSuite() {
    delete main_;
    delete other_;
    delete maker_;
  }

  fs::path at(const std::string& name) const { return folder_.path() / name; }
  void write(const std::string& name, const Data& bytes) {
    fs::create_directories(at(name).parent_path());
    test::ApkSigner::write(at(name).string(), bytes);
  }
  void vbmeta(const std::string& build, const test::AvbKey& key, std::uint64_t rollback, std::uint32_t flags = 0, bool covers_boot = true) {
    const Data boot = test::noise(5000, 1);
    write(build + "/boot.img", boot);
    const Sha256Digest digest = sha256(Bytes(boot));
    std::vector<Data> descriptors = {test::property("com.android.build.boot.security_patch", build == "old" ? "2023-05-05" : "2023-04-05")};
    if (covers_boot) descriptors.push_back(test::hash("boot", boot.size(), "", std::string(digest.begin(), digest.end())));
    write(build + "/vbmeta.img", test::signed_vbmeta({.descriptors = descriptors, .key = &key, .flags = flags, .rollback = rollback}));
  }

  // "what subject" → "result severity".
  std::map<std::string, std::string> checks() {
    for (const std::string build : {"old", "new"}) {
      const auto ran = test::run(std::string(KLIK_BINARY) + " scan " + at(build).string() + " --case " + at(build + ".case").string() + " --force 2>&1");
      EXPECT_LE(ran.status, 3 << 8) << ran.output;   // the payload's images are made up
    }
    CaseReader before(at("old.case").string(), cli::all_declarations()), after(at("new.case").string(), cli::all_declarations());
    EXPECT_TRUE(before.valid()) << before.error();
    Pool pool(1);
    std::map<std::string, std::string> out;
    for (const compare::Comparer* c : compare::comparers()) {
      if (c->name != "update") continue;
      c->run({{before, 1}, {after, 1}, pool}, [&](std::size_t table, std::vector<Value> v) {
        EXPECT_EQ(v.size(), c->tables[table].columns.size());
        out[std::get<std::string>(v[1]) + " " + std::get<std::string>(v[0])] = std::get<std::string>(v[4]) + " " + std::get<std::string>(v[6]);
      });
    }
    EXPECT_EQ(before.error() + after.error(), "");
    return out;
  }

  static test::UpdateMaker* maker_;
  static test::AvbKey *main_, *other_;

 private:
  test::ScratchFolder folder_;
};
test::UpdateMaker* TwoBuilds::maker_;
test::AvbKey *TwoBuilds::main_, *TwoBuilds::other_;

TEST_F(TwoBuilds, AnUpdateOfTheSameMakerHolds) {
  write("old/system/etc/security/otacerts.zip", maker_->otacerts({"release", "second"}));
  write("new/system/etc/security/otacerts.zip", maker_->otacerts({"new_key"}));
  write("new/update.zip", maker_->signed_zip("release"));
  write("new/payload.bin", maker_->payload({"second"}, {"stranger", "release"}).bytes);
  vbmeta("old", *main_, 5);
  vbmeta("new", *main_, 6);
  const auto found = checks();
  EXPECT_EQ(found.at("update_signature update.zip whole_file"), "verified info");
  EXPECT_EQ(found.at("update_signature payload.bin payload"), "verified info");   // one of two signatures is enough
  EXPECT_EQ(found.at("update_signature payload.bin metadata"), "verified info");
  EXPECT_EQ(found.at("avb_key vbmeta"), "verified info");
  EXPECT_EQ(found.at("rollback vbmeta"), "verified info");
  EXPECT_EQ(found.at("avb_flags vbmeta"), "verified info");
  EXPECT_EQ(found.at("avb_coverage boot"), "verified info");
  EXPECT_EQ(found.at("test_key ota"), "verified info");
  EXPECT_EQ(found.at("test_key apex"), "absent info");
}

TEST_F(TwoBuilds, AnArchiveThatIsSignedCoversThePayloadInIt) {
  write("old/system/etc/security/otacerts.zip", maker_->otacerts({"release"}));
  write("new/update.zip", maker_->signed_zip("release", "-noattr -md sha256", "", maker_->payload({}, {}).bytes));
  const auto found = checks();
  EXPECT_EQ(found.at("update_signature update.zip whole_file"), "verified info");
  EXPECT_FALSE(found.contains("update_signature update.zip!payload.bin"));
  EXPECT_EQ(test::asked(at("new.case").string(), "SELECT DISTINCT covered_by FROM update_coverage WHERE part <> 'comment'"), "whole_file|\n");
  write("new/update.zip", maker_->zip(maker_->payload({}, {}).bytes));
  EXPECT_EQ(checks().at("update_signature update.zip!payload.bin"), "absent medium");
}

TEST_F(TwoBuilds, KeysThatComeWithTheUpdateProveNothing) {
  write("old/system/etc/security/otacerts.zip", maker_->otacerts({"release"}));
  write("new/system/etc/security/otacerts.zip", maker_->otacerts({"stranger"}));
  write("new/update.zip", maker_->signed_zip("stranger"));
  const auto found = checks();
  EXPECT_EQ(found.at("update_signature update.zip whole_file"), "failed critical");
}

TEST_F(TwoBuilds, KeysInAnAppOrInTheUpdateAreNotThoseOfTheBuild) {
  const Data keys = maker_->otacerts({"stranger"});
  const std::string archive(keys.begin(), keys.end());
  write("old/system/etc/security/otacerts.zip", maker_->otacerts({"release"}));
  write("old/system/app/A/A.apk", test::write_zip({{.name = "AndroidManifest.xml", .data = "x"}, {.name = "assets/otacerts.zip", .data = archive, .method = 0, .packed = false}, {.name = "system/etc/security/otacerts.zip", .data = archive, .method = 0, .packed = false}}));
  write("old/system/media/otacerts.zip", keys);
  write("new/update.zip", maker_->signed_zip("stranger"));
  EXPECT_EQ(checks().at("update_signature update.zip whole_file"), "failed critical");
  EXPECT_EQ(test::asked(at("old.case").string(), "SELECT DISTINCT k.place, a.path FROM update_key k JOIN artifact a ON a.artifact_id = k.artifact_id"), "system|system/etc/security/otacerts.zip|\n");
  EXPECT_EQ(test::asked(at("old.case").string(), "SELECT count(*) FROM test_key WHERE place = 'ota'"), "1|\n");
}

TEST_F(TwoBuilds, AnArchiveOfKeysHandedInByItselfIsRead) {
  write("otacerts.zip", maker_->otacerts({"release"}));
  (void)test::run(std::string(KLIK_BINARY) + " scan " + at("otacerts.zip").string() + " --case " + at("keys.case").string() + " --force 2>&1");
  EXPECT_EQ(test::asked(at("keys.case").string(), "SELECT place, entry, digest FROM update_key"), "input|release.x509.pem|sha256|\n");
}

TEST_F(TwoBuilds, ASignatureThatRecoveryRefusesIsNotVerified) {
  write("old/system/etc/security/otacerts.zip", maker_->otacerts({"release"}));
  for (const std::string how : {"-noattr -md sha1", "-md sha256"}) {
    write("new/update.zip", maker_->signed_zip("release", how));
    EXPECT_EQ(checks().at("update_signature update.zip whole_file"), "failed critical") << how;
  }
}

// Five lists of as many keys as a recovery may have, each key different.
TEST_F(TwoBuilds, KeysThatAreNotTriedAreSaid) {
  for (unsigned list = 0; list < 5; ++list) {
    std::string text;
    for (unsigned i = 0; i < 64; ++i) text += (i ? ",\n" : "") + std::string("v2 {8,1,{") + std::to_string(2 * (64 * list + i) + 4294000001u) + ",7,7,7,7,7,7,2147483655},{1,1,1,1,1,1,1,1}}";
    write("old/recovery" + std::to_string(list) + "/res/keys", {text.begin(), text.end()});
  }
  write("new/update.zip", maker_->signed_zip("release"));
  EXPECT_EQ(checks().at("update_signature keys of updates"), "not_verifiable medium");
}

TEST_F(TwoBuilds, SignaturesThatAreNotTriedAreSaid) {
  using M = test::UpdateMaker;
  Data list;
  for (int i = 0; i < 64; ++i) list = M::joined({list, M::message(1, M::message(2, Data(8, 1)))});
  const Data manifest = M::joined({M::number(4, 0), M::number(5, list.size())});
  test::Writer w;
  w.text("CrAU").be(2, 8).be(manifest.size(), 8).be(list.size(), 4).append(manifest).append(list).append(list);
  for (int i = 0; i < 33; ++i) write("new/p" + std::to_string(i) + "/payload.bin", w.bytes);
  write("old/a", {'a'});
  EXPECT_EQ(checks().at("update_signature signatures of updates"), "not_verifiable medium");
  EXPECT_EQ(test::asked(at("new.case").string(), "SELECT count(*) FROM problem WHERE code = 'over_budget'"), "1|\n");
}

TEST_F(TwoBuilds, StatementsCountInTheirPlaceOnly) {
  const std::string pb = std::string("\x18\x01", 2);   // field 3: a downgrade
  write("new/update.zip", test::write_zip({{.name = "META-INF/com/android/metadata", .data = "ota-type=AB\n"}, {.name = "META-INF/com/android/metadata.pb", .data = pb}, {.name = "other/metadata.pb", .data = pb}}));
  write("new/system/etc/metadata.pb", {pb.begin(), pb.end()});
  write("new/system/app/A/A.apk", test::write_zip({{.name = "AndroidManifest.xml", .data = "x"}, {.name = "META-INF/com/android/metadata.pb", .data = pb}}));
  write("old/a", {'a'});
  (void)checks();
  EXPECT_EQ(test::asked(at("new.case").string(), "SELECT a.path FROM update_metadata m JOIN artifact a ON a.artifact_id = m.artifact_id WHERE m.key = 'ota-downgrade'"), "update.zip!META-INF/com/android/metadata.pb|\n");
}

TEST_F(TwoBuilds, AHashThatIsNoneDoesNotHold) {
  const std::string lines = "FILE_HASH=garbage\nMETADATA_HASH=garbage\nFILE_SIZE=1\n";
  write("new/payload.bin", maker_->payload({}, {}).bytes);
  write("new/payload_properties.txt", {lines.begin(), lines.end()});
  write("new/alone/payload_properties.txt", {lines.begin(), lines.end()});
  write("old/a", {'a'});
  (void)checks();
  EXPECT_EQ(test::asked(at("new.case").string(), "SELECT p.key, coalesce(p.holds, 'null'), count(*) FROM update_property p GROUP BY 1, 2 ORDER BY 1, 2"),
            "FILE_HASH|0|1|\nFILE_HASH|null|1|\nFILE_SIZE|0|1|\nFILE_SIZE|null|1|\nMETADATA_HASH|0|1|\nMETADATA_HASH|null|1|\n");
}

TEST_F(TwoBuilds, WithoutTheOldKeysNothingIsSaid) {
  write("old/system/build.prop", {'a', '=', 'b', '\n'});
  write("new/update.zip", maker_->signed_zip("release"));
  EXPECT_EQ(checks().at("update_signature update.zip whole_file"), "absent info");
}

TEST_F(TwoBuilds, AnUnsignedUpdateIsSaid) {
  write("old/system/etc/security/otacerts.zip", maker_->otacerts({"release"}));
  write("new/update.zip", maker_->zip());
  EXPECT_EQ(checks().at("update_signature update.zip"), "absent medium");
}

TEST_F(TwoBuilds, AnUpdateToAnOlderPatchLevelIsFound) {
  for (const std::string level : {"2023-10-05", "2023-09-05"}) {   // the payload states the second
    const std::string prop = "ro.build.version.security_patch=" + level + "\n";
    write("old/system/build.prop", {prop.begin(), prop.end()});
    write("new/payload.bin", maker_->payload({}, {}).bytes);
    EXPECT_EQ(checks().at("patch_level update"), level == "2023-10-05" ? "failed high" : "verified info");
  }
}

TEST_F(TwoBuilds, AFileThatBothHoldIsNotTheUpdate) {
  for (const std::string build : {"old", "new"}) {
    write(build + "/system/etc/security/otacerts.zip", maker_->otacerts({"release"}));
    write(build + "/update.zip", maker_->zip());
  }
  EXPECT_EQ(checks().at("update_signature update.zip"), "absent info");
}

TEST_F(TwoBuilds, AKeyThatIsOnlyCopiedProvesNothing) {
  vbmeta("old", *main_, 5);
  vbmeta("new", *main_, 6);
  Data broken = test::read_file(at("new/vbmeta.img"));
  broken[256 + 32 + 5] ^= 1;   // in the signature
  write("new/vbmeta.img", broken);
  auto found = checks();
  EXPECT_EQ(found.at("avb_key vbmeta"), "failed critical");
  EXPECT_EQ(found.at("avb_flags vbmeta"), "not_verifiable info");
  EXPECT_EQ(found.at("rollback vbmeta"), "not_verifiable info");
  EXPECT_EQ(found.at("avb_coverage boot"), "failed critical");
  write("old/vbmeta.img", broken);
  EXPECT_EQ(checks().at("avb_key vbmeta"), "failed medium");
  vbmeta("new", *main_, 6);
  found = checks();
  EXPECT_EQ(found.at("avb_key vbmeta"), "not_verifiable info");
  EXPECT_EQ(found.at("avb_flags vbmeta"), "verified info");
}

TEST_F(TwoBuilds, AStructureBehindAnImageIsNoCoverOfIt) {
  vbmeta("old", *main_, 5);
  vbmeta("new", *main_, 6, 0, false);
  Data boot = test::read_file(at("new/boot.img"));
  const Data structure = test::signed_vbmeta({.key = other_});
  const std::size_t end = boot.size();
  boot.insert(boot.end(), structure.begin(), structure.end());
  const Data footer = test::footer(end, end, structure.size());
  boot.insert(boot.end(), footer.begin(), footer.end());
  write("new/boot.img", boot);
  const auto found = checks();
  EXPECT_EQ(found.at("avb_coverage boot"), "failed critical");
  EXPECT_FALSE(found.contains("avb_coverage vbmeta"));
}

TEST_F(TwoBuilds, AModuleThatKeepsItsKeyMustKeepItsSignature) {
  const auto module = [&](const std::string& build, bool broken, const test::AvbKey* key) {
    Data payload = test::noise(4096, 3), structure = test::signed_vbmeta({.key = key});
    if (broken) structure[256 + 32 + 5] ^= 1;
    payload.insert(payload.end(), structure.begin(), structure.end());
    const Data footer = test::footer(4096, 4096, structure.size());
    payload.insert(payload.end(), footer.begin(), footer.end());
    const std::string image(payload.begin(), payload.end());
    write(build + "/system/apex/m.apex", test::write_zip({{.name = "apex_manifest.pb", .data = std::string("\x0a\x03mod"), .method = 0, .packed = false}, {.name = "apex_payload.img", .data = image, .method = 0, .packed = false}}));
  };
  module("old", false, main_);
  module("new", false, main_);
  EXPECT_EQ(checks().at("apex_key mod"), "verified info");
  module("new", true, main_);
  auto found = checks();
  EXPECT_EQ(found.at("apex_key mod"), "failed critical");
  EXPECT_EQ(found.at("apex_container_key mod"), "not_verifiable info");   // neither container is signed
  module("new", false, other_);
  EXPECT_EQ(checks().at("apex_key mod"), "failed high");
  for (const std::string build : {"old", "new"}) module(build, false, nullptr);
  EXPECT_EQ(checks().at("apex_key mod"), "not_verifiable info");
}

TEST_F(TwoBuilds, VerifiedBootThatGetsWeakerIsFound) {
  vbmeta("old", *main_, 5);
  vbmeta("new", *other_, 4, 0, false);
  auto found = checks();
  EXPECT_EQ(found.at("avb_key vbmeta"), "failed high");
  EXPECT_EQ(found.at("rollback vbmeta"), "failed high");
  EXPECT_EQ(found.at("avb_coverage boot"), "failed critical");
  EXPECT_EQ(found.at("patch_level vbmeta com.android.build.boot.security_patch"), "failed high");
  vbmeta("old", *main_, 0);
  vbmeta("new", *main_, 0, 2);
  found = checks();
  EXPECT_EQ(found.at("rollback vbmeta"), "not_verifiable info");
  EXPECT_EQ(found.at("avb_flags vbmeta"), "failed critical");
}

}  // namespace
}  // namespace klik
