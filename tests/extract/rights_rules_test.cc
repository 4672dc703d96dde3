#include "extract/rights_rules.h"

#include <gtest/gtest.h>

#include "data/permissions.h"

namespace klik::rights {
namespace {

using namespace data::protection;

const std::string kPlatform(64, 'a'), kMaker(64, 'b'), kNew(64, 'c');

struct Case {
  Package p{.name = "p", .path = "p.apk", .shared_user = {}, .place = app_place("/system/priv-app/P/P.apk"), .privileged = true, .target = 30, .keys = {kMaker, {}}};
  Definition d{.package = "android", .level = kSignature | kPrivileged, .keys = {kPlatform, {}}, .platform = true};
  Image image{.present = true, .has_platform = true, .complete = true, .sdk = 30, .sdk_known = true, .platform = {kPlatform, {}}, .platform_why = {"for the test", {}}, .flags_told = ~0u};
  std::string permission = "P";

  Case& sdk(int level) { image.sdk = level; return *this; }
  Case& target(int level) { p.target = level; return *this; }
  Case& level(std::uint32_t l) { d.level = l; return *this; }
  Case& at(std::string_view device_path) {
    p.place = app_place(device_path);
    p.privileged = p.place.privileged(image.sdk);
    return *this;
  }
  Case& line(const std::string& partition, bool allowed) { image.privapp[partition][{"p", permission}] = {allowed, {}}; return *this; }
  Case& mode(const std::string& m) { image.privapp_mode = m; return *this; }
  Case& platform_signed() { p.keys.signer = kPlatform; return *this; }
  Verdict verdict() const { return judge(p, permission, &d, image); }
  std::string is() const { return std::string(effective_name(verdict().effective)); }
};

TEST(Rights, NormalIsForEverybodyAndTheUndeclaredForNobody) {
  EXPECT_EQ(Case().level(kNormal).is(), "granted");
  Case c;
  EXPECT_EQ(judge(c.p, "P", nullptr, c.image).effective, Effective::denied);
  c.image.complete = false;
  EXPECT_EQ(judge(c.p, "P", nullptr, c.image).effective, Effective::unknown);
  EXPECT_EQ(Case().level(9).is(), "unknown");
  c.d.level.reset();
  EXPECT_EQ(c.is(), "unknown");
}

TEST(Rights, DangerousDependsOnVersionAndTarget) {
  EXPECT_EQ(Case().level(kDangerous).is(), "on_request");
  EXPECT_EQ(Case().level(kDangerous).sdk(22).is(), "granted");
  EXPECT_EQ(Case().level(kDangerous).target(22).is(), "granted");
  EXPECT_EQ(Case().level(kDangerous).target(22).sdk(22).is(), "granted");
  Case lone;
  lone.image.present = false;
  EXPECT_EQ(lone.level(kDangerous).at("").is(), "on_request");
  EXPECT_EQ(lone.level(kNormal).is(), "granted");
  EXPECT_EQ(lone.level(kSignature).is(), "unknown");
}

TEST(Rights, SomeGetDangerousOnesAtFirstBoot) {
  Case c = Case().level(kDangerous);
  c.p.shared_user = "android.uid.phone";
  EXPECT_EQ(c.is(), "pregranted");
  c.p.shared_user = "android.uid.shared";   // its number is above 10000
  EXPECT_EQ(c.is(), "on_request");
  Case persistent = Case().level(kDangerous).platform_signed();
  EXPECT_EQ(persistent.is(), "on_request");
  persistent.p.persistent = true;
  EXPECT_EQ(persistent.is(), "pregranted");
  EXPECT_EQ(persistent.at("/system/app/P/P.apk").is(), "on_request");
  Case named = Case().level(kDangerous);
  named.image.first_boot[{"p", "P"}] = {"because", {}};
  EXPECT_EQ(named.is(), "pregranted");
  EXPECT_EQ(named.at("/data/app/P/base.apk").is(), "on_request");
}

TEST(Rights, PlaceGivesPrivilegedOnesAsEachVersionSays) {
  EXPECT_EQ(Case().is(), "granted");
  EXPECT_EQ(Case().at("/system/app/P/P.apk").is(), "denied");
  EXPECT_EQ(Case().sdk(25).at("/vendor/priv-app/P/P.apk").is(), "denied");
  EXPECT_EQ(Case().sdk(30).at("/vendor/priv-app/P/P.apk").is(), "denied");
  EXPECT_EQ(Case().sdk(30).level(kSignature | kPrivileged | kVendorPrivileged).at("/vendor/priv-app/P/P.apk").is(), "granted");
  EXPECT_EQ(Case().sdk(29).at("/system/product/priv-app/P/P.apk").is(), "granted");
  EXPECT_EQ(Case().sdk(29).at("/system_ext/priv-app/P/P.apk").is(), "denied");
  EXPECT_EQ(Case().sdk(30).at("/system_ext/priv-app/P/P.apk").is(), "granted");
  EXPECT_EQ(Case().sdk(17).at("/system/app/P/P.apk").is(), "granted");
  EXPECT_EQ(Case().sdk(30).at("/system/framework/P.apk").is(), "granted");
  EXPECT_EQ(Case().sdk(30).level(kSignatureOrSystem).is(), "granted");
  EXPECT_EQ(Case().at("/data/app/P/base.apk").is(), "denied");
}

TEST(Rights, AllowListsCountFromAndroid8InPrivilegedPlaces) {
  EXPECT_EQ(Case().mode("enforce").is(), "denied");
  EXPECT_EQ(Case().mode("enforce").line("system", true).is(), "granted");
  EXPECT_EQ(Case().mode("enforce").line("product", true).is(), "denied");
  EXPECT_EQ(Case().mode("enforce").sdk(26).line("product", true).is(), "granted");   // one list before Android 9
  EXPECT_EQ(Case().mode("enforce").sdk(25).is(), "granted");
  EXPECT_EQ(Case().mode("log").is(), "granted");
  EXPECT_EQ(Case().mode("").is(), "granted");
  EXPECT_EQ(Case().mode("log").line("system", false).is(), "denied");
  EXPECT_EQ(Case().mode("log").sdk(27).line("system", false).is(), "granted");
  // The list comes before the key in a privileged place, and is not asked elsewhere.
  EXPECT_EQ(Case().mode("enforce").platform_signed().is(), "denied");
  EXPECT_EQ(Case().mode("enforce").platform_signed().at("/system/app/P/P.apk").is(), "granted");
  // What others than the platform declare needs no line.
  Case own = Case().mode("enforce");
  own.d.platform = false;
  EXPECT_EQ(own.is(), "granted");
  EXPECT_EQ(Case().mode("enforce").level(kSignature | kPrivileged | kDevelopment).is(), "on_request");
}

TEST(Rights, KeysOpenWhatTheirOwnersDeclare) {
  EXPECT_EQ(Case().level(kSignature).is(), "denied");
  EXPECT_EQ(Case().level(kSignature).platform_signed().is(), "granted");
  Case other = Case().level(kSignature);
  other.d.platform = false;
  other.d.package = "owner";
  other.d.keys = {kMaker, {}};
  EXPECT_EQ(other.is(), "granted");
  other.d.keys = {kNew, {}};
  EXPECT_EQ(other.is(), "denied");
  EXPECT_EQ(other.platform_signed().is(), "granted");   // the platform key opens everybody's
  Case keyless = Case().level(kSignature);
  keyless.image.platform = {};
  EXPECT_EQ(keyless.is(), "unknown");
}

TEST(Rights, LineagesCountFromAndroid9) {
  Case c = Case().level(kSignature);
  c.d.platform = false;
  c.d.package = "owner";
  c.d.keys = {kMaker, {}};
  c.p.keys = {kNew, {kMaker}};
  EXPECT_EQ(c.is(), "granted");
  EXPECT_EQ(c.sdk(27).is(), "denied");
  EXPECT_EQ(c.sdk(28).is(), "granted");
  c.p.keys = {kNew, {}};
  c.d.keys = {kMaker, {kNew}};
  EXPECT_EQ(c.is(), "granted");
}

TEST(Rights, FlagsOpenSignatureOnesFurther) {
  EXPECT_EQ(Case().level(kSignature | kPre23).target(22).is(), "granted");
  EXPECT_EQ(Case().level(kSignature | kPre23).target(23).is(), "denied");
  EXPECT_EQ(Case().level(kSignature | kPreinstalled).at("/product/app/P/P.apk").is(), "granted");
  EXPECT_EQ(Case().level(kSignature | kPreinstalled).at("/data/app/P/P.apk").is(), "denied");
  EXPECT_EQ(Case().level(kSignature | kPreinstalled).at("/system/vital-app/P/P.apk").is(), "unknown");
  EXPECT_EQ(Case().level(kSignature | kModule).at("/apex/com.m/app/P/P.apk").is(), "granted");
  EXPECT_EQ(Case().level(kSignature | kDevelopment).is(), "on_request");
  EXPECT_EQ(Case().level(kSignature | kAppop).is(), "on_request");
  EXPECT_EQ(Case().level(kInternal | kRole).sdk(33).platform_signed().is(), "denied");
  Case holder = Case().level(kInternal | kRole).sdk(33);
  holder.image.role_holders["p"] = {"a role", {}};
  EXPECT_EQ(holder.is(), "unknown");
  holder.image.role_gives[{"p", "P"}] = {"a role that gives it", {}};
  EXPECT_EQ(holder.is(), "granted");
  Case asked = Case().level(kDangerous).target(30).at("/system/app/P/P.apk");
  EXPECT_EQ(asked.is(), "on_request");
  asked.image.role_gives[{"p", "P"}] = {"a role that gives it", {}};
  EXPECT_EQ(asked.is(), "pregranted");
  Case installer = Case().level(kSignature | kInstaller);
  EXPECT_EQ(installer.is(), "denied");
  installer.image.flag_holders[kInstaller]["p"] = {"the installer", {}};
  EXPECT_EQ(installer.is(), "granted");
  Case untold = Case().level(kSignature | kSetup);
  untold.image.flags_told = 0;
  EXPECT_EQ(untold.is(), "unknown");
  Case oem = Case().level(kSignature | kOem).at("/oem/app/P/P.apk");
  EXPECT_EQ(oem.is(), "denied");
  oem.image.oem["oem"][{"p", "P"}] = {true, {}};
  EXPECT_EQ(oem.is(), "granted");
}

TEST(Rights, EveryReasonSaysWhatItAssumes) {
  Case c;
  c.d.assumed = true;
  EXPECT_TRUE(c.sdk(23).verdict().why.ends_with("; assumed: AOSP API 23 table"));
  EXPECT_TRUE(c.sdk(99).verdict().why.ends_with("; assumed: AOSP API 36 table"));
  Case refused;
  refused.p.refused = true;
  refused.p.shared_user = "android.uid.system";
  EXPECT_EQ(refused.is(), "unknown");
}

TEST(Place, IsReadFromThePathOnThePhone) {
  EXPECT_EQ(app_place("/system/product/priv-app/A/A.apk").partition, "product");
  EXPECT_EQ(app_place("/system/priv-app/A/A.apk").folder, "priv-app");
  EXPECT_EQ(app_place("/apex/com.m/priv-app/A/A.apk").folder, "priv-app");
  EXPECT_EQ(app_place("/vendor/operator/app/A.apk").folder, "operator");
  EXPECT_FALSE(app_place("/vendor/operator/app/A.apk").scanned());
  EXPECT_FALSE(app_place("").known());
  EXPECT_FALSE(app_place("A.apk").known());
  EXPECT_FALSE(app_place("/data/app/A.apk").on_image());
  EXPECT_EQ(partition_of_path("/system/vendor/etc/permissions/x.xml"), "vendor");
}

}  // namespace
}  // namespace klik::rights
