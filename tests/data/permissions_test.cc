#include "data/permissions.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "data/table.h"

namespace klik::data {
namespace {

using namespace protection;

TEST(Permissions, AreAsManyAsAospHas) {
  EXPECT_EQ(aosp_permissions(19).size(), 229u);
  EXPECT_EQ(aosp_permissions(23).size(), 315u);
  EXPECT_EQ(aosp_permissions(29).size(), 535u);
  EXPECT_EQ(aosp_permissions(33).size(), 765u);
  EXPECT_EQ(aosp_permissions(36).size(), 1029u);
}

TEST(Permissions, ChangeTheirLevelOverTime) {
  EXPECT_EQ(aosp_protection("android.permission.READ_SMS", 23), kDangerous);
  EXPECT_EQ(aosp_protection("android.permission.SYSTEM_ALERT_WINDOW", 22), kDangerous);
  EXPECT_EQ(aosp_protection("android.permission.SYSTEM_ALERT_WINDOW", 23), kSignature | kDevelopment | kAppop | kPre23 | kPreinstalled);
  EXPECT_EQ(aosp_protection("android.permission.INSTALL_PACKAGES", 19), kSignature | kPrivileged);
  EXPECT_EQ(aosp_protection("android.permission.POST_NOTIFICATIONS", 32), std::nullopt);
  EXPECT_EQ(aosp_protection("android.permission.MANAGE_DEVICE_POLICY_SMS", 34), kInternal | kRole);
  EXPECT_EQ(aosp_protection("android.permission.ACCESS_ALL_EXTERNAL_STORAGE", 23), std::nullopt);
}

TEST(Permissions, OutsideTheTableItsEndsCount) {
  EXPECT_EQ(aosp_protection("android.permission.READ_SMS", 8), kDangerous);
  EXPECT_EQ(aosp_permissions(99).size(), aosp_permissions(36).size());
}

TEST(Permissions, WordsMustNameOneBaseAndKnownFlags) {
  EXPECT_EQ(protection_level("signature|privileged|knownSigner"), 0x8000012u);
  EXPECT_EQ(protection_level("normal"), 0u);
  EXPECT_EQ(protection_level(""), std::nullopt);
  EXPECT_EQ(protection_level("privileged"), std::nullopt);
  EXPECT_EQ(protection_level("signature|signature"), std::nullopt);
  EXPECT_EQ(protection_level("signature|mighty"), std::nullopt);
}

TEST(Users, HaveNumbersAndNames) {
  EXPECT_EQ(user_number("system"), 1000u);
  EXPECT_EQ(user_number("diag"), 2002u);
  EXPECT_EQ(user_number("4711"), 4711u);
  EXPECT_EQ(user_number("nobody_we_know"), std::nullopt);
  EXPECT_EQ(shared_user_number("android.uid.phone"), 1001u);
  EXPECT_EQ(shared_user_number("android.uid.shared"), std::nullopt);
  EXPECT_EQ(shared_user_number(""), std::nullopt);
}

TEST(NamedPackages, NameOnlyFlagsAndSetsThatExist) {
  EXPECT_FALSE(named_packages().empty());
  for (const NamedPackage& n : named_packages()) {
    EXPECT_TRUE(n.sdk_from > 0) << n.resource;
    for (const std::string_view what : n.what) {
      if (n.gives == "flag") { EXPECT_NE(protection_flag(what), 0u) << what; }
      if (n.gives == "first_boot") { EXPECT_FALSE(permission_set(what).empty()) << what; }
    }
  }
  EXPECT_FALSE(first_boot_handlers().empty());
  for (const FirstBoot& f : first_boot_handlers()) {
    EXPECT_NE(f.provider.empty(), f.action.empty());
    EXPECT_TRUE(23 <= f.sdk_from && f.sdk_from <= f.sdk_to);
    for (const std::string_view set : f.sets) { EXPECT_FALSE(permission_set(set).empty()) << set; }
  }
  EXPECT_EQ(implied_requests().size(), 6u);
  EXPECT_TRUE(is_restricted("android.permission.READ_SMS"));
  EXPECT_FALSE(is_restricted("android.permission.CAMERA"));
}

TEST(Roles, NameTheirFirstHoldersAndWhatTheyGive) {
  ASSERT_GE(roles().size(), 40u);
  for (const Role& r : roles()) {
    EXPECT_FALSE(r.gives.empty()) << r.name;
    EXPECT_TRUE(r.resource.empty() || r.resource.starts_with("string/config_")) << r.name;
    for (const Role::Gives& g : r.gives) EXPECT_GE(g.sdk_from, 29) << r.name << " " << g.permission;
  }
  const auto sms = std::ranges::find(roles(), "SMS", &Role::name);
  ASSERT_NE(sms, roles().end());
  EXPECT_EQ(sms->resource, "string/config_defaultSms");
  EXPECT_TRUE(std::ranges::any_of(sms->gives, [](const Role::Gives& g) { return g.permission == "android.permission.READ_SMS"; }));
}

}  // namespace
}  // namespace klik::data
