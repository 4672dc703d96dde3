// Where the parts of a binary SELinux policy lie. libsepol, which checks that they make sense, keeps no offsets and was
// written for trusted input: this walk finds the offsets, and refuses counts and lengths that the file has no room for
// before libsepol sees them.
// Source: Linux security/selinux/ss/policydb.c, avtab.c, ebitmap.c; libsepol policydb.c.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"

namespace klik::sepolicy {

// Kinds of rules, as the table spells them.
inline constexpr std::uint16_t kAllow = 0x0001, kAuditAllow = 0x0002, kDontAudit = 0x0004, kTransition = 0x0010, kMember = 0x0020, kChange = 0x0040;
inline constexpr std::uint16_t kExtendedAllow = 0x0100, kExtendedAuditAllow = 0x0200, kExtendedDontAudit = 0x0400;

// A name of a type, an attribute or an alias. Several names may have one value.
struct TypeName {
  std::string name;
  std::uint32_t value = 0;         // from 1
  bool attribute = false, alias = false;
  std::uint64_t at = 0;            // of the name
};

struct ClassName {
  std::string name, common;
  std::uint32_t value = 0;
  std::vector<std::pair<std::uint32_t, std::string>> permissions;   // value from 1, name; without those of the common class
};

struct Rule {
  std::uint16_t source, target, object_class, kind;
  std::uint32_t data;              // permissions, or the new type; 0 for extended rules
  std::uint64_t at;                // of the entry in the file as it was handed in
  std::uint32_t length;
};

struct Layout {
  std::uint32_t version = 0, config = 0;
  std::vector<std::uint32_t> capabilities, permissive;   // values of policy capabilities; of permissive types
  std::vector<ClassName> commons, classes;
  std::vector<TypeName> types;
  std::uint32_t highest_type = 0, highest_class = 0;
  std::vector<Rule> rules;
  std::uint64_t rules_at = 0, rules_end = 0;   // the rule table with its count
  std::vector<std::vector<std::uint32_t>> attributes_of;   // by type, from 1: values of the attributes it has, and its own
  std::uint32_t conditional_rules = 0;
  // Android 6.0 wrote its ioctl rules before the format was settled; libsepol does not know that variant.
  bool android_m_ioctl_rules = false;
};

inline constexpr std::uint64_t kLargest = std::uint64_t{64} << 20;   // the largest known policy is 2 MiB
inline constexpr std::uint64_t kMostMemberships = 1u << 22;           // types in groups; real policies have 20,000

Result<Layout> read_layout(Bytes policy);

// The rule table with its Android 6.0 entries as every later kernel writes them. REQUIRES: `layout` is of `policy`.
std::vector<std::uint8_t> with_settled_rules(Bytes policy, const Layout& layout);

}  // namespace klik::sepolicy
