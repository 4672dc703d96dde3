// A binary SELinux policy: its types, what they belong to, and its rules.
// The file is walked by sepolicy_layout.h first; libsepol then checks that the whole policy makes sense. What libsepol
// refuses, the kernel would refuse too.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "formats/android/sepolicy_layout.h"

namespace klik::sepolicy {

enum class UnknownClasses : std::uint8_t { deny, reject, allow };

struct Type {
  std::string_view name;                  // "" when the policy has no type of this value
  bool attribute = false, permissive = false;
  std::uint64_t name_at = 0;
  std::vector<std::uint32_t> related;     // of a type: its attributes; of an attribute: its types. Ascending, without itself
};

class Policy {
 public:
  // Safe on hostile bytes, and from several threads.
  static Result<Policy> open(Bytes policy);

  std::uint32_t version() const { return layout_.version; }
  UnknownClasses unknown_classes() const;
  // Rules that hold only while a boolean has some value; Android forbids booleans.
  std::uint32_t conditional_rules() const { return layout_.conditional_rules; }
  bool android_m_ioctl_rules() const { return layout_.android_m_ioctl_rules; }

  // By value, from 1; index 0 is empty.
  const std::vector<Type>& types() const { return types_; }
  // 0 when there is none of that name. Aliases are found as well.
  std::uint32_t type(std::string_view name) const;
  // The types behind a name: itself, or the members of an attribute.
  std::vector<std::uint32_t> expanded(std::uint32_t type) const;

  const std::vector<Rule>& rules() const { return layout_.rules; }
  std::string_view class_name(std::uint16_t value) const;
  std::uint16_t object_class(std::string_view name) const;   // 0: none
  // The names of the bits that are set, in the order of their values, joined with blanks.
  std::string permissions(std::uint16_t object_class, std::uint32_t bits) const;
  std::vector<std::string_view> permission_names(std::uint16_t object_class, std::uint32_t bits) const;   // likewise, one by one
  std::uint32_t permission_bits(std::uint16_t object_class, std::string_view name) const;   // 0: none

 private:
  Policy() = default;
  Layout layout_;
  std::vector<Type> types_;
  std::map<std::string_view, std::uint32_t> by_name_;
  std::vector<const ClassName*> classes_;
  std::map<std::string_view, const ClassName*> commons_;
};

}  // namespace klik::sepolicy
