#include "flow/policy_rules.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "flow/packing.h"

namespace klik::flow {
namespace {

constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kLongestName = 1'024;   // names repeat in what is made of the rules

}  // namespace

PolicyRules rules_of(const sepolicy::Policy& policy) {
  PolicyRules out;
  // Most rules share few sets of permissions.
  std::map<std::pair<std::uint16_t, std::uint32_t>, std::vector<std::string_view>> sets;
  struct Made {
    const sepolicy::Rule* rule;
    const std::vector<std::string_view>* permissions;
  };
  std::map<std::uint32_t, std::uint32_t> index_of;   // value of a type → index into types
  std::vector<std::uint32_t> order;
  for (std::uint32_t t = 1; t < policy.types().size(); ++t)
    if (!policy.types()[t].name.empty()) order.push_back(t);
  std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) { return policy.types()[a].name < policy.types()[b].name; });
  for (const std::uint32_t t : order) index_of.emplace(t, static_cast<std::uint32_t>(index_of.size()));

  std::vector<std::string_view> names;
  for (const std::uint32_t t : order) names.push_back(policy.types()[t].name);
  std::vector<Made> made;
  for (const sepolicy::Rule& rule : policy.rules()) {
    if (rule.kind != sepolicy::kAllow || !index_of.contains(rule.source) || !index_of.contains(rule.target)) continue;
    const auto [set, fresh] = sets.try_emplace({rule.object_class, rule.data});
    if (fresh) {
      set->second = policy.permission_names(rule.object_class, rule.data);
      names.push_back(policy.class_name(rule.object_class));
      names.insert(names.end(), set->second.begin(), set->second.end());
    }
    made.push_back({&rule, &set->second});
  }
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  out.names = std::move(names);
  const auto name_index = [&](std::string_view name) { return static_cast<std::uint32_t>(std::ranges::lower_bound(out.names, name) - out.names.begin()); };

  for (const std::uint32_t t : order) {
    const sepolicy::Type& type = policy.types()[t];
    PolicyRules::Type row{name_index(type.name), type.attribute, {}};
    if (!type.attribute)
      for (const std::uint32_t a : type.related)
        if (const auto at = index_of.find(a); at != index_of.end()) row.groups.push_back(at->second);
    std::ranges::sort(row.groups);
    out.types.push_back(std::move(row));
  }
  for (const Made& one : made) {
    PolicyRules::Allow rule{index_of[one.rule->source], index_of[one.rule->target], name_index(policy.class_name(one.rule->object_class)), {}};
    for (const std::string_view name : *one.permissions) rule.permissions.push_back(name_index(name));
    std::ranges::sort(rule.permissions);
    out.rules.push_back(std::move(rule));
  }
  std::ranges::sort(out.rules, [](const PolicyRules::Allow& a, const PolicyRules::Allow& b) {
    return std::tie(a.source, a.target, a.object_class, a.permissions) < std::tie(b.source, b.target, b.object_class, b.permissions);
  });
  return out;
}

std::string packed(const PolicyRules& rules) {
  PackWriter out;
  out.number(kVersion);
  out.number(rules.names.size());
  for (const std::string_view name : rules.names) out.text(name);
  out.number(rules.types.size());
  for (const PolicyRules::Type& type : rules.types) {
    out.number(type.name);
    out.number(type.attribute ? 1 : 0);
    out.ascending(type.groups);
  }
  out.number(rules.rules.size());
  for (const PolicyRules::Allow& rule : rules.rules) {
    out.number(rule.source);
    out.number(rule.target);
    out.number(rule.object_class);
    out.ascending(rule.permissions);
  }
  return out.take();
}

Result<PolicyRules> unpacked_rules(Bytes bytes) {
  PackReader in(bytes);
  PolicyRules out;
  KLIK_TRY(const std::uint32_t version, in.number());
  if (version != kVersion) return fail(Code::unsupported, 0, "packed rules of another version");
  KLIK_TRY(const std::uint32_t names, in.count());
  out.names.reserve(names);
  for (std::uint32_t i = 0; i < names; ++i) {
    KLIK_TRY(const std::string_view name, in.text());
    if (name.size() > kLongestName) return fail(Code::bad_value, in.at(), "a name of packed rules is longer than any");
    out.names.push_back(name);
  }
  KLIK_TRY(const std::uint32_t types, in.count());
  for (std::uint32_t i = 0; i < types; ++i) {
    PolicyRules::Type type{};
    KLIK_TRY(type.name, in.index(out.names.size()));
    KLIK_TRY(const std::uint32_t attribute, in.number());
    type.attribute = attribute != 0;
    KLIK_CHECK(in.ascending(type.groups, types));
    out.types.push_back(std::move(type));
  }
  KLIK_TRY(const std::uint32_t rules, in.count());
  for (std::uint32_t i = 0; i < rules; ++i) {
    PolicyRules::Allow rule{};
    KLIK_TRY(rule.source, in.index(types));
    KLIK_TRY(rule.target, in.index(types));
    KLIK_TRY(rule.object_class, in.index(out.names.size()));
    KLIK_CHECK(in.ascending(rule.permissions, out.names.size()));
    out.rules.push_back(std::move(rule));
  }
  return out;
}

}  // namespace klik::flow
