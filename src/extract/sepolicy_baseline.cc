// AOSP's neverallow rules, restated in data/selinux/baseline.tsv, against a compiled policy. The compiler drops them, so
// a policy that breaks them looks like any other.
#include <algorithm>
#include <map>
#include <tuple>

#include "data/table.h"
#include "extract/sepolicy_access.h"

namespace klik {

std::span<const EmbeddedFile> embedded_selinux();

namespace {

using sepolicy::Policy;
using sepolicy::Rule;
using sepolicy::Type;

enum Field { kName, kRequires, kSources, kTargets, kClasses, kPermissions, kWhere, kMeaning };

struct TypeSet {
  std::vector<bool> has;        // by value; types only
  bool self = false;
};

TypeSet set_of(const Policy& policy, std::string_view text) {
  TypeSet out{std::vector<bool>(policy.types().size()), false};
  for (std::string_view item : data::items_of(text)) {
    const bool removes = item.starts_with('-');
    if (removes) item.remove_prefix(1);
    if (item == "self") {
      out.self = true;
    } else if (item == "*") {
      for (std::uint32_t t = 1; t < out.has.size(); ++t)
        if (!policy.types()[t].name.empty() && !policy.types()[t].attribute) out.has[t] = true;
    } else {
      for (const std::uint32_t t : policy.expanded(policy.type(item))) out.has[t] = !removes;
    }
  }
  return out;
}

// The part of a rule's side that lies in the set.
std::vector<std::uint32_t> part_of(const Policy& policy, std::uint32_t type, const TypeSet& set) {
  std::vector<std::uint32_t> out;
  for (const std::uint32_t t : policy.expanded(type))
    if (set.has[t]) out.push_back(t);
  return out;
}

class Statement {
 public:
  Statement(const Policy& policy, const data::TableRow& row) : policy_(policy), sources_(set_of(policy, row[kSources])), targets_(set_of(policy, row[kTargets])) {
    note_ = "baseline " + std::string(row[kName]) + ": " + std::string(row[kMeaning]);
    for (const std::string_view name : data::items_of(row[kClasses]))
      if (const std::uint16_t object_class = policy.object_class(name)) {
        std::uint32_t mask = 0;
        for (const std::string_view permission : data::items_of(row[kPermissions])) mask |= permission == "*" ? ~0u : policy.permission_bits(object_class, permission);
        masks_[object_class] = mask;
      }
  }

  void check(std::uint32_t index, const Rule& rule) {
    const auto mask = masks_.find(rule.object_class);
    if (mask == masks_.end() || !(rule.data & mask->second)) return;
    const std::vector<std::uint32_t> sources = part_of(policy_, rule.source, sources_);
    if (sources.empty()) return;
    const std::vector<Type>& types = policy_.types();
    const auto add = [&](std::uint32_t source, std::uint32_t target) {
      auto& [bits, rules] = found_[{types[source].name, types[target].name, rule.object_class}];
      bits |= rule.data & mask->second;
      rules.push_back(index);
    };
    if (targets_.self) {
      // `allow a self` is compiled into a rule of each type on itself.
      for (const std::uint32_t s : sources)
        if (rule.target == s) add(s, s);
      return;
    }
    const std::vector<std::uint32_t> all = policy_.expanded(rule.target);
    const std::vector<std::uint32_t> targets = part_of(policy_, rule.target, targets_);
    if (targets.empty()) return;
    // A whole attribute stays one row.
    for (const std::uint32_t s : sources) {
      if (targets.size() == all.size()) add(s, rule.target);
      else for (const std::uint32_t t : targets) add(s, t);
    }
  }

  void check_permissive() {
    for (std::uint32_t t = 1; t < policy_.types().size(); ++t)
      if (policy_.types()[t].permissive && sources_.has[t]) found_[{policy_.types()[t].name, policy_.types()[t].name, 0}] = {};
  }

  void report(std::vector<PolicyAccess>& out, std::size_t& cut) {
    std::size_t rows = 0;
    for (auto& [key, row] : found_) {
      if (++rows > kMostDeviations) {
        ++cut;
        continue;
      }
      const std::uint16_t object_class = std::get<2>(key);
      out.push_back({std::string(std::get<0>(key)), std::string(std::get<1>(key)), object_class ? std::string(policy_.class_name(object_class)) : "permissive",
                     policy_.permissions(object_class, row.first), note_, std::move(row.second)});
    }
  }

 private:
  const Policy& policy_;
  TypeSet sources_, targets_;
  std::string note_;
  std::map<std::uint16_t, std::uint32_t> masks_;
  std::map<std::tuple<std::string_view, std::string_view, std::uint16_t>, std::pair<std::uint32_t, std::vector<std::uint32_t>>> found_;
};

}  // namespace

std::vector<PolicyAccess> baseline_deviations(const Policy& policy, std::size_t& cut) {
  cut = 0;
  std::vector<PolicyAccess> out;
  for (const EmbeddedFile& file : embedded_selinux()) {
    if (file.name != "baseline.tsv") continue;
    for (const data::TableRow& row : data::rows_of(file.text)) {
      if (!std::ranges::all_of(data::items_of(row[kRequires]), [&](std::string_view name) { return policy.type(name) != 0; })) continue;
      Statement statement(policy, row);
      if (row[kClasses] == "permissive") statement.check_permissive();
      for (std::uint32_t i = 0; i < policy.rules().size(); ++i)
        if (policy.rules()[i].kind == sepolicy::kAllow) statement.check(i, policy.rules()[i]);
      statement.report(out, cut);
    }
  }
  return out;
}

}  // namespace klik
