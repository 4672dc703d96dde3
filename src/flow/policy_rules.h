// The rules of a compiled SELinux policy by name: who belongs to which groups, and what may be done to whom. Packed into a
// row of the case, so that two builds can be compared without reading their policies again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "formats/android/sepolicy.h"

namespace klik::flow {

struct PolicyRules {
  struct Type {
    std::uint32_t name;                  // index into names
    bool attribute;
    std::vector<std::uint32_t> groups;   // of a type: its attributes, indices into types; ascending
  };
  struct Allow {
    std::uint32_t source, target;        // indices into types
    std::uint32_t object_class;          // index into names
    std::vector<std::uint32_t> permissions;   // indices into names, ascending
  };
  std::vector<std::string_view> names;   // sorted; borrowed from what it was made from or unpacked from
  std::vector<Type> types;
  std::vector<Allow> rules;
};

// Allow rules as the policy holds them, by name: the order of its tables does not show. What the names are borrowed from
// must stay.
PolicyRules rules_of(const sepolicy::Policy& policy);

std::string packed(const PolicyRules& rules);
// Borrows names from `bytes`. Errors: truncated, bad_value (an index past its table), unsupported (another version).
Result<PolicyRules> unpacked_rules(Bytes bytes);

}  // namespace klik::flow
