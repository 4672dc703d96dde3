// What plain AOSP says of permissions: protection levels per API level, fixed users, requests that follow from others,
// and packages that get rights by being named. For images that do not carry the platform package, and for what no file says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace klik::data {

// The bits of android:protectionLevel. Source: AOSP PermissionInfo.
namespace protection {
inline constexpr std::uint32_t kBaseMask = 0xF, kNormal = 0, kDangerous = 1, kSignature = 2, kSignatureOrSystem = 3, kInternal = 4;
inline constexpr std::uint32_t kPrivileged = 0x10, kDevelopment = 0x20, kAppop = 0x40, kPre23 = 0x80, kInstaller = 0x100, kVerifier = 0x200, kPreinstalled = 0x400,
                               kSetup = 0x800, kOem = 0x4000, kVendorPrivileged = 0x8000, kTextClassifier = 0x10000, kWellbeing = 0x20000, kDocumenter = 0x40000,
                               kConfigurator = 0x80000, kIncidentReportApprover = 0x100000, kAppPredictor = 0x200000, kModule = 0x400000, kCompanion = 0x800000,
                               kRetailDemo = 0x1000000, kRecents = 0x2000000, kRole = 0x4000000, kKnownSigner = 0x8000000;
}  // namespace protection

// "signature|privileged" → 0x12. Null when a word is unknown or there is not exactly one base.
std::optional<std::uint32_t> protection_level(std::string_view words);
// The bit of one flag's word, or 0.
std::uint32_t protection_flag(std::string_view word);

inline constexpr int kOldestTable = 19, kNewestTable = 36;

// The level in plain AOSP of that API level; below and above the table, its ends. Null when it has no such permission.
std::optional<std::uint32_t> aosp_protection(std::string_view permission, int sdk);

// Every permission of the plain platform of that API level, sorted.
std::vector<std::string_view> aosp_permissions(int sdk);

struct FixedUser {
  std::uint32_t number;
  std::string_view name, shared_user;   // shared_user: of packages that run as it, or ""
};
const std::vector<FixedUser>& fixed_users();
// "system" → 1000. A number in text is itself.
std::optional<std::uint32_t> user_number(std::string_view name);
// "android.uid.system" → 1000; null for a shared user that gets a number of its own.
std::optional<std::uint32_t> shared_user_number(std::string_view shared_user);

struct ImpliedRequest {
  int sdk_from, sdk_to;
  std::string_view permission, implied;   // permission "*": of every app
  int target_below;                       // 0: for every target
};
const std::vector<ImpliedRequest>& implied_requests();

struct NamedPackage {
  std::string_view resource, gives;       // gives: flag, role, first_boot, listener, none
  std::vector<std::string_view> what;
  int sdk_from;
};
const std::vector<NamedPackage>& named_packages();

// What the holder of a role gets on Android 10 and later.
struct Role {
  std::string name, resource;             // "SMS"; "string/config_defaultSms" names the first holder, "" when none does
  int sdk_from;
  struct Gives {
    std::string permission;
    int sdk_from;
  };
  std::vector<Gives> gives;
};
const std::vector<Role>& roles();

// A system app that gets sets of runtime permissions at first boot for what it is.
struct FirstBoot {
  std::string_view provider;              // the authority that it has; or, when that is "":
  std::string_view action, category;      // what it answers; category may be ""
  std::vector<std::string_view> sets;
  int sdk_from, sdk_to;
};
const std::vector<FirstBoot>& first_boot_handlers();

// The runtime permissions of a set of DefaultPermissionGrantPolicy: "sms" → READ_SMS, …
std::vector<std::string_view> permission_set(std::string_view name);
// Those that Android 10 and later give only to apps that an installer or the system exempts.
bool is_restricted(std::string_view permission);

}  // namespace klik::data
