// Rights over the rows of a made-up build: definitions, shared users, contradictions, and what other extractors see of it.

#include <gtest/gtest.h>

#include <deque>

#include "extract/columns.h"
#include "support/facts.h"

namespace klik {
namespace {

class MadeRows final : public BuildRows {
 public:
  BlobId build() const override { return BlobId(sha256(Bytes::of("build"))); }
  void artifacts(const std::function<void(const ArtifactRow&)>& each) const override {
    for (const ArtifactRow& a : artifacts_) each(a);
  }
  void facts(const FactKind& kind, const std::function<void(const FactRow&)>& each) const override {
    for (const auto& [of, artifact, id, values] : facts_)
      if (of->name == kind.name) each({id, *artifact, values});
  }

  const ArtifactRow& file(const std::string& device_path, std::string_view kind = "apk") {
    paths_.push_back(device_path);
    return artifacts_.emplace_back(ArtifactRow{paths_.back(), paths_.back(), kind, "read", 1, BlobId(sha256(Bytes::of(device_path))), {}, {}, {}, {}, {}, {}});
  }
  void add(const ArtifactRow& at, std::string_view kind, const std::function<void(Row&)>& fill) {
    const FactKind* k = find_kind(kind);
    ASSERT_TRUE(k) << kind;
    Row row(*k);
    fill(row);
    FactId id{};
    id[0] = static_cast<std::uint8_t>(facts_.size());
    id[1] = static_cast<std::uint8_t>(facts_.size() >> 8);
    id[2] = static_cast<std::uint8_t>(facts_.size() >> 16);
    facts_.push_back({k, &at, id, row.values()});
  }
  // What extractors said, as rows for the next one.
  void take(const RecordingSink& sink) {
    for (const Fact& f : sink.facts) facts_.push_back({f.kind, &whole_, fact_id(f), f.values});
  }

  const ArtifactRow& app(const std::string& name, const std::string& device_path, const std::string& signer, const std::string& shared_uid = "", int target = 30) {
    const ArtifactRow& at = file(device_path);
    add(at, "app.package", [&](Row& r) {
      r.set("name", name).set("target_sdk", std::int64_t{target}).set("version_code", std::int64_t{1});
      if (!shared_uid.empty()) r.set("shared_uid", shared_uid);
    });
    add(at, "app.signature", [&](Row& r) { r.set("scheme", "v2").set("sdk_from", std::int64_t{1}).set("sdk_to", std::int64_t{10000}).set("verdict", "verified").set("signer", signer); });
    return at;
  }
  void asks(const ArtifactRow& at, const std::string& name, const std::string& permission) {
    add(at, "app.permission_request", [&](Row& r) { r.set("package", name).set("permission", permission).set("sdk23", false); });
  }
  void declares(const ArtifactRow& at, const std::string& name, const std::string& permission, int level) {
    add(at, "app.permission_declaration", [&](Row& r) { r.set("package", name).set("permission", permission).set("protection_level", std::int64_t{level}); });
  }
  void version(int sdk) {
    add(whole_, "device.identity", [&](Row& r) { r.set("sdk", std::int64_t{sdk}); });
  }

 private:
  struct Made {
    const FactKind* kind;
    const ArtifactRow* artifact;
    FactId id;
    std::vector<Value> values;
  };
  std::deque<std::string> paths_;
  std::deque<ArtifactRow> artifacts_;
  std::vector<Made> facts_;
  ArtifactRow whole_{"", "", "build", "read", 0, {}, {}, {}, {}, {}, {}, {}};
};

RecordingSink run(MadeRows& rows) {
  static Pool pool(1);
  static constexpr Budget budget;
  RecordingSink last;
  for (const char* name : {"actors@1", "rights@2"})
    for (const ImageExtractor* e : image_extractors()) {
      if (e->name != name) continue;
      RecordingSink sink;
      e->run({rows, pool, budget}, sink);
      rows.take(sink);
      last = std::move(sink);
    }
  return last;
}

std::string effective(const RecordingSink& sink, std::string_view package, std::string_view permission) {
  for (const Fact& f : test::of_kind(sink, "device.grant"))
    if (test::column(f, "package") == package && test::column(f, "permission") == permission) return test::column(f, "effective");
  return "none";
}

const std::string kPlatform(64, 'a'), kMaker(64, 'b');

TEST(RightsOfABuild, AnotherPackageCannotRedefineWhatThePlatformDeclares) {
  MadeRows rows;
  rows.version(30);
  const ArtifactRow& squatter = rows.app("a.squatter", "/system/app/A/A.apk", kMaker);
  rows.declares(squatter, "a.squatter", "P", 0);
  rows.asks(squatter, "a.squatter", "P");
  const ArtifactRow& platform = rows.app("android", "/system/framework/framework-res.apk", kPlatform, "android.uid.system");
  rows.declares(platform, "android", "P", 2);
  const RecordingSink sink = run(rows);
  EXPECT_EQ(effective(sink, "a.squatter", "P"), "denied");
  ASSERT_EQ(sink.problems.size(), 1u);
  EXPECT_EQ(sink.problems[0].error.code, Code::conflict);
  EXPECT_EQ(sink.problems[0].detail, "P: android, then a.squatter");
  EXPECT_EQ(test::column(test::of_kind(sink, "device.permission_definition").at(0), "package"), "android");
}

TEST(RightsOfABuild, ASystemUidWithAnotherSignerIsAContradictionNotARight) {
  MadeRows rows;
  rows.version(30);
  rows.app("android", "/system/framework/framework-res.apk", kPlatform, "android.uid.system");
  const ArtifactRow& liar = rows.app("liar", "/system/app/L/L.apk", kMaker, "android.uid.system");
  rows.asks(liar, "liar", "P");
  const RecordingSink sink = run(rows);
  EXPECT_EQ(effective(sink, "liar", "P"), "unknown");
  ASSERT_EQ(sink.problems.size(), 1u);
  EXPECT_EQ(sink.problems[0].severity, ProblemSeverity::error);
}

TEST(RightsOfABuild, MembersOfASharedUserHoldWhatOneOfThemHolds) {
  MadeRows rows;
  rows.version(30);
  const ArtifactRow& platform = rows.app("android", "/system/framework/framework-res.apk", kPlatform, "android.uid.system");
  rows.declares(platform, "android", "P", 0x12);
  const ArtifactRow& asker = rows.app("asker", "/system/priv-app/K/K.apk", kMaker, "shared");
  rows.asks(asker, "asker", "P");
  rows.app("silent", "/system/app/S/S.apk", kMaker, "shared");
  const RecordingSink sink = run(rows);
  EXPECT_EQ(effective(sink, "asker", "P"), "granted");
  EXPECT_EQ(effective(sink, "silent", "P"), "granted");
  for (const Fact& f : sink.facts) EXPECT_FALSE(f.because.empty()) << f.kind->name;
}

TEST(RightsOfABuild, WithoutAPlatformPackageTheTableStandsInAndSaysSo) {
  MadeRows rows;
  rows.version(23);
  const ArtifactRow& a = rows.app("a", "/system/app/A/A.apk", kMaker);
  rows.asks(a, "a", "android.permission.READ_SMS");
  rows.asks(a, "a", "android.permission.INSTALL_PACKAGES");
  const RecordingSink sink = run(rows);
  EXPECT_EQ(effective(sink, "a", "android.permission.READ_SMS"), "on_request");
  // Nothing tells the platform key.
  EXPECT_EQ(effective(sink, "a", "android.permission.INSTALL_PACKAGES"), "unknown");
  const auto definitions = test::of_kind(sink, "device.permission_definition");
  ASSERT_EQ(definitions.size(), 2u);
  EXPECT_EQ(test::column(definitions[0], "assumed"), "1");
  EXPECT_EQ(test::column(definitions[0], "package"), "null");
}

TEST(RightsOfABuild, RequestsImpliedByATargetFollow) {
  MadeRows rows;
  rows.version(23);
  const ArtifactRow& a = rows.app("a", "/system/app/A/A.apk", kMaker, "", 3);
  rows.asks(a, "a", "android.permission.READ_CONTACTS");
  const RecordingSink sink = run(rows);
  EXPECT_EQ(effective(sink, "a", "android.permission.READ_CALL_LOG"), "granted");
  EXPECT_EQ(effective(sink, "a", "android.permission.READ_PHONE_STATE"), "granted");
}

TEST(RightsOfABuild, EveryRequestOfThreeHundredPackagesGetsAnAnswer) {
  MadeRows rows;
  rows.version(33);
  const ArtifactRow& platform = rows.app("android", "/system/framework/framework-res.apk", kPlatform, "android.uid.system");
  for (int p = 0; p < 600; ++p) rows.declares(platform, "android", "P" + std::to_string(p), p % 5 == 4 ? 0x12 : p % 3);
  for (int n = 0; n < 300; ++n) {
    const std::string name = "app" + std::to_string(n);
    const ArtifactRow& a = rows.app(name, "/system/" + std::string(n % 2 ? "app/" : "priv-app/") + name + "/a.apk", n % 4 ? kMaker : kPlatform, n % 10 ? "" : "android.uid.system");
    for (int p = 0; p < 60; ++p) rows.asks(a, name, "P" + std::to_string((n * 7 + p) % 600));
  }
  const RecordingSink sink = run(rows);
  EXPECT_GE(test::of_kind(sink, "device.grant").size(), 18'000u);
}

}  // namespace
}  // namespace klik
