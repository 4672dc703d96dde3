#include "formats/android/sepolicy.h"

#include <sepol/debug.h>
#include <sepol/handle.h>
#include <sepol/policydb.h>

#include <algorithm>
#include <mutex>

namespace klik::sepolicy {
namespace {

struct Free {
  void operator()(sepol_handle_t* p) const { sepol_handle_destroy(p); }
  void operator()(sepol_policydb_t* p) const { sepol_policydb_free(p); }
  void operator()(sepol_policy_file_t* p) const { sepol_policy_file_free(p); }
};
using Handle = std::unique_ptr<sepol_handle_t, Free>;
using Database = std::unique_ptr<sepol_policydb_t, Free>;
using File = std::unique_ptr<sepol_policy_file_t, Free>;

// Whether libsepol takes the policy.
Result<void> check(Bytes policy, const Layout& layout) {
  // Messages without a handle go to standard error unless this is said once.
  static std::once_flag quiet;
  std::call_once(quiet, [] { sepol_debug(0); });
  const Handle handle(sepol_handle_create());
  if (!handle) return fail(Code::internal, 0, "no memory for libsepol");
  sepol_msg_set_callback(handle.get(), nullptr, nullptr);
  sepol_policydb_t* raw_database = nullptr;
  if (sepol_policydb_create(&raw_database) < 0) return fail(Code::internal, 0, "no memory for libsepol");
  const Database database(raw_database);
  sepol_policy_file_t* raw_file = nullptr;
  if (sepol_policy_file_create(&raw_file) < 0) return fail(Code::internal, 0, "no memory for libsepol");
  const File file(raw_file);
  std::vector<char> copy;   // libsepol asks for memory that it could write to
  if (layout.android_m_ioctl_rules) {
    const auto settled = with_settled_rules(policy, layout);
    copy.assign(settled.begin(), settled.end());
  } else {
    copy.assign(policy.begin(), policy.end());
  }
  sepol_policy_file_set_mem(file.get(), copy.data(), copy.size());
  sepol_policy_file_set_handle(file.get(), handle.get());
  if (sepol_policydb_read(database.get(), file.get()) < 0) return fail(Code::bad_value, layout.rules_end, "the policy is refused by libsepol, as the kernel would");
  return {};
}

}  // namespace

Result<Policy> Policy::open(Bytes policy) {
  Policy out;
  KLIK_TRY(out.layout_, read_layout(policy));
  KLIK_CHECK(check(policy, out.layout_));

  out.types_.resize(out.layout_.highest_type + 1);
  for (const TypeName& t : out.layout_.types) {
    out.by_name_.try_emplace(t.name, t.value);
    if (t.alias) continue;
    Type& type = out.types_[t.value];
    type.name = t.name;
    type.attribute = t.attribute;
    type.name_at = t.at;
  }
  for (const std::uint32_t value : out.layout_.permissive)
    if (value < out.types_.size()) out.types_[value].permissive = true;
  for (std::uint32_t value = 1; value < out.types_.size(); ++value) {
    if (out.types_[value].attribute) continue;
    for (const std::uint32_t other : out.layout_.attributes_of[value]) {
      if (other == value || other >= out.types_.size()) continue;
      out.types_[value].related.push_back(other);
      if (out.types_[other].attribute) out.types_[other].related.push_back(value);
    }
  }

  out.classes_.resize(out.layout_.highest_class + 1);
  for (const ClassName& c : out.layout_.classes) out.classes_[c.value] = &c;
  for (const ClassName& c : out.layout_.commons) out.commons_.try_emplace(c.name, &c);
  return out;
}

UnknownClasses Policy::unknown_classes() const {
  return layout_.config & 4 ? UnknownClasses::allow : layout_.config & 2 ? UnknownClasses::reject : UnknownClasses::deny;
}

std::uint32_t Policy::type(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? 0 : found->second;
}

std::vector<std::uint32_t> Policy::expanded(std::uint32_t type) const {
  if (type == 0 || type >= types_.size()) return {};
  if (types_[type].attribute) return types_[type].related;
  return {type};
}

std::string_view Policy::class_name(std::uint16_t value) const { return value < classes_.size() && classes_[value] ? std::string_view(classes_[value]->name) : std::string_view(); }

std::uint16_t Policy::object_class(std::string_view name) const {
  for (const ClassName& c : layout_.classes)
    if (c.name == name) return static_cast<std::uint16_t>(c.value);
  return 0;
}

std::vector<std::string_view> Policy::permission_names(std::uint16_t object_class, std::uint32_t bits) const {
  if (object_class >= classes_.size() || !classes_[object_class]) return {};
  std::vector<std::pair<std::uint32_t, std::string_view>> named;
  const auto take = [&](const ClassName& from) {
    for (const auto& [value, name] : from.permissions)
      if (bits >> (value - 1) & 1) named.emplace_back(value, name);
  };
  take(*classes_[object_class]);
  if (const auto common = commons_.find(classes_[object_class]->common); common != commons_.end()) take(*common->second);
  std::ranges::sort(named);
  std::vector<std::string_view> out;
  for (const auto& [value, name] : named) out.push_back(name);
  return out;
}

std::string Policy::permissions(std::uint16_t object_class, std::uint32_t bits) const {
  std::string out;
  for (const std::string_view name : permission_names(object_class, bits)) out.append(out.empty() ? "" : " ").append(name);
  return out;
}

std::uint32_t Policy::permission_bits(std::uint16_t object_class, std::string_view name) const {
  if (object_class >= classes_.size() || !classes_[object_class]) return 0;
  const auto in = [&](const ClassName& from) -> std::uint32_t {
    for (const auto& [value, n] : from.permissions)
      if (n == name) return 1u << (value - 1);
    return 0;
  };
  if (const std::uint32_t own = in(*classes_[object_class])) return own;
  const auto common = commons_.find(classes_[object_class]->common);
  return common == commons_.end() ? 0 : in(*common->second);
}

}  // namespace klik::sepolicy
