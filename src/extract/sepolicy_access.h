// What the policy lets apps reach, as few rows as say it all, and where a policy leaves AOSP's own rules.
#pragma once

#include <string>
#include <vector>

#include "formats/android/sepolicy.h"

namespace klik {

struct PolicyAccess {
  std::string domain, target, object_class, permissions;
  std::string note;                       // "" for what apps may reach
  std::vector<std::uint32_t> rules;       // indices into Policy::rules(), ascending
};

// What the domains of apps may reach outside of apps. A rule on an attribute that all apps have is a row for `appdomain`;
// a rule on a group of apps is a row for that group's attribute, else a row for each app domain in it.
std::vector<PolicyAccess> app_access(const sepolicy::Policy& policy);

// Rules that AOSP's own policy forbids (data/selinux/baseline.tsv). Groups of rules that no AOSP build has are cut
// after `kMostDeviations` rows for one statement; `cut` counts what was left out.
inline constexpr std::size_t kMostDeviations = 200;
std::vector<PolicyAccess> baseline_deviations(const sepolicy::Policy& policy, std::size_t& cut);

}  // namespace klik
