// Which files called otacerts.zip or keys a phone would ask.
#include "extract/update_key_place.h"

#include <deque>

#include "base/hash.h"

#include <gtest/gtest.h>

namespace klik {
namespace {

class Rows final : public BuildRows {
 public:
  Rows& add(std::string path, std::string kind, std::string device_path = "") {
    const auto& [p, k, d] = texts_.emplace_back(std::move(path), std::move(kind), std::move(device_path));
    rows_.push_back({p, d, k, "read", 1, BlobId(sha256(Bytes::of(p))), {}, {}, {}, "", "", ""});
    return *this;
  }
  BlobId build() const override { return BlobId(sha256(Bytes::of("build"))); }
  void artifacts(const std::function<void(const ArtifactRow&)>& each) const override {
    for (const ArtifactRow& row : rows_) each(row);
  }
  void facts(const FactKind&, const std::function<void(const FactRow&)>&) const override {}

 private:
  std::deque<std::tuple<std::string, std::string, std::string>> texts_;
  std::deque<ArtifactRow> rows_;
};

constexpr const char* kArchive = "/system/etc/security/otacerts.zip";

TEST(UpdateKeyPlaces, AreThoseOfSystemAndRecovery) {
  Rows rows;
  rows.add("", "folder").add("d/system/etc/security/otacerts.zip", "zip", kArchive);
  rows.add("d/recovery.img", "boot").add("d/recovery.img!ramdisk", "cpio").add("d/recovery.img!ramdisk!system/etc/security/otacerts.zip", "zip", kArchive);
  rows.add("d/recovery.img!ramdisk!res/keys", "text", "/res/keys");
  rows.add("d/recovery/root/res/keys", "text");
  rows.add("d/odd.raw!etc/security/otacerts.zip", "apk");   // an archive of keys that holds a manifest is one all the same
  const UpdateKeyPlaces places(rows);
  EXPECT_EQ(places.of("d/system/etc/security/otacerts.zip"), "system");
  EXPECT_EQ(places.of("d/recovery.img!ramdisk!system/etc/security/otacerts.zip"), "recovery");
  EXPECT_EQ(places.of("d/recovery.img!ramdisk!res/keys"), "recovery");
  EXPECT_EQ(places.of("d/recovery/root/res/keys"), "recovery");
  EXPECT_EQ(places.of("d/odd.raw!etc/security/otacerts.zip"), "system");
  EXPECT_EQ(places.holding("d/system/etc/security/otacerts.zip!releasekey.x509.pem"), "system");
  EXPECT_EQ(places.holding("d/system/etc/security/otacerts.zip!a/b!c.pem"), "system");
  EXPECT_EQ(places.holding("d/recovery.img!ramdisk!res/keys"), "");
}

TEST(UpdateKeyPlaces, AFileOfThatNameElsewhereIsNone) {
  Rows rows;
  rows.add("", "folder").add("system/app/A/A.apk", "apk", "/system/app/A/A.apk");
  rows.add("system/app/A/A.apk!assets/otacerts.zip", "zip").add("system/app/A/A.apk!system/etc/security/otacerts.zip", "zip");
  rows.add("system/app/A/A.apk!assets/x.zip", "zip").add("system/app/A/A.apk!assets/x.zip!system/etc/security/otacerts.zip", "zip", kArchive);
  rows.add("system/media/theme.zip", "zip", "/system/media/theme.zip").add("system/media/theme.zip!system/etc/security/otacerts.zip", "zip", kArchive);
  rows.add("system/etc/keys", "text", "/system/etc/keys").add("res/keys", "text").add("system/media/otacerts.zip", "zip", "/system/media/otacerts.zip");
  rows.add("update.zip", "ota").add("update.zip!otacerts.zip", "zip").add("update.zip!META-INF/otacerts.zip", "zip").add("my_otacerts.zip", "zip");
  rows.add("m.apex", "apex").add("m.apex!apex_payload.img!etc/security/otacerts.zip", "zip", "/apex/m/etc/security/otacerts.zip");
  const UpdateKeyPlaces places(rows);
  rows.artifacts([&](const ArtifactRow& a) { EXPECT_EQ(places.of(a.path), "") << a.path; });
  EXPECT_EQ(places.holding("system/app/A/A.apk!assets/otacerts.zip!k.pem"), "");
}

TEST(UpdateKeyPlaces, WhatWasHandedInByItselfCounts) {
  EXPECT_EQ(UpdateKeyPlaces(Rows().add("", "zip")).of(""), "input");
  EXPECT_EQ(UpdateKeyPlaces(Rows().add("", "folder").add("otacerts.zip", "zip")).of("otacerts.zip"), "input");
  // Not an archive or an app with such a file in it.
  EXPECT_EQ(UpdateKeyPlaces(Rows().add("", "ota").add("otacerts.zip", "zip")).of("otacerts.zip"), "");
  EXPECT_EQ(UpdateKeyPlaces(Rows().add("", "apk").add("system/etc/security/otacerts.zip", "zip")).of("system/etc/security/otacerts.zip"), "");
  EXPECT_EQ(UpdateKeyPlaces(Rows().add("", "ota").add("system/etc/security/otacerts.zip", "zip", kArchive)).of("system/etc/security/otacerts.zip"), "system");
}

}  // namespace
}  // namespace klik
