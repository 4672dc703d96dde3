// What a new SELinux policy allows that the old one did not, by name. Policies number their types and generated groups
// anew with every build, and rules on groups say the same in many ways: so a rule counts as new only when the old
// policy forbids it to some pair of types that both builds have.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "base/hash.h"
#include "compare/comparer.h"
#include "flow/packing.h"
#include "flow/policy_rules.h"

namespace klik::compare {
namespace {

constexpr std::uint64_t kMostLookups = 20'000'000;   // of one pair of policies; a real month needs a few thousand
constexpr std::size_t kMostPermissions = 4'000'000;  // of all rules of a policy; real ones have 200,000
constexpr std::size_t kMostRows = 2'000, kNamed = 3;

constexpr ViewColumn kRuleColumns[] = {
    {"policy", "The file, in the new build."},
    {"domain", "Who may: the domain or group as the rule names it; the first members of a group that a compiler made."},
    {"target", "On whom or what."},
    {"class", "Kind of object."},
    {"permissions", "What may be done now, between blanks."},
    {"pairs", "How many pairs of domain and target gain it."},
    {"fact_id", "The rules of the new policy."},
};
constexpr ViewColumn kGroupColumns[] = {
    {"policy", "The file, in the new build."},
    {"type", "The domain or type."},
    {"group_name", "The group (attribute) that it belongs to now."},
    {"fact_id", "The rules of the new policy."},
};
constexpr ViewColumn kMissedColumns[] = {
    {"policy", "The file."},
    {"reason", "Why its rules were not compared, or not all."},
    {"old_fact", "Rules of the old policy; null when there is none."},
    {"new_fact", "Likewise of the new one."},
};
constexpr ComparedTable kTables[] = {
    {"policy_rule_added", "What a policy allows to domains and on types that both builds have, and did not allow before.", kRuleColumns},
    {"policy_group_joined", "Types that belong to a named group of rules and did not before.", kGroupColumns},
    {"policy_not_compared", "Policies whose rules could not be compared.", kMissedColumns},
};

bool generated(std::string_view name) { return name.starts_with("base_typeattr_") || name.starts_with("typeattr_"); }

// One policy, asked by name.
class Policy {
 public:
  explicit Policy(std::string raw) : raw_(std::move(raw)) {}
  Policy(const Policy&) = delete;

  Result<void> read() {
    KLIK_TRY(rules_, flow::unpacked_rules(Bytes::of(raw_)));
    members_.resize(rules_.types.size());
    for (std::uint32_t t = 0; t < rules_.types.size(); ++t) {
      by_name_.emplace(name(t), t);
      for (const std::uint32_t g : rules_.types[t].groups) members_[g].push_back(t);
    }
    std::vector<Sha256Digest> digests;
    for (std::uint32_t t = 0; t < rules_.types.size(); ++t) digests.push_back(sha256(Bytes::of(name(t))));
    for (std::uint32_t t = 0; t < rules_.types.size(); ++t) known_as_.push_back(canonical(t, digests));
    std::size_t permissions = 0;
    for (const flow::PolicyRules::Allow& rule : rules_.rules) permissions += rule.permissions.size();
    if (permissions > kMostPermissions) return fail(Code::over_budget, 0, "more rules than any policy has");
    for (std::uint32_t i = 0; i < rules_.rules.size(); ++i) {
      const flow::PolicyRules::Allow& rule = rules_.rules[i];
      for (const std::uint32_t p : rule.permissions) {
        literal_.insert(spelled(rule, p));
        at_[{name_of(rule.object_class), name_of(p)}].insert(pair(rule.source, rule.target));
      }
    }
    return {};
  }

  const flow::PolicyRules& rules() const { return rules_; }
  std::string_view name(std::uint32_t type) const { return rules_.names[rules_.types[type].name]; }
  std::string_view name_of(std::uint32_t n) const { return rules_.names[n]; }
  std::optional<std::uint32_t> find(std::string_view type) const {
    const auto at = by_name_.find(type);
    return at == by_name_.end() ? std::nullopt : std::optional(at->second);
  }
  // The types behind a name: itself, or the members of a group.
  std::vector<std::uint32_t> types_of(std::uint32_t type) const { return rules_.types[type].attribute ? members_[type] : std::vector{type}; }

  // The rule as it reads in any build: groups that compilers made go by their members.
  std::string spelled(const flow::PolicyRules::Allow& rule, std::uint32_t permission) const {
    std::string out = known_as_[rule.source];
    for (const std::string_view part : {std::string_view(known_as_[rule.target]), name_of(rule.object_class), name_of(permission)}) out.append(" ").append(part);
    return out;
  }
  bool says(const std::string& rule) const { return literal_.contains(rule); }

  bool allows(std::uint32_t source, std::uint32_t target, std::string_view object_class, std::string_view permission, std::uint64_t& lookups) const {
    const auto rules = at_.find({object_class, permission});
    if (rules == at_.end()) return false;
    const auto with_self = [&](std::uint32_t t) {
      std::vector<std::uint32_t> all = rules_.types[t].groups;
      all.push_back(t);
      return all;
    };
    const std::vector<std::uint32_t> targets = with_self(target);
    for (const std::uint32_t s : with_self(source))
      for (const std::uint32_t t : targets) {
        ++lookups;
        if (rules->second.contains(pair(s, t))) return true;
      }
    return false;
  }

 private:
  static std::uint64_t pair(std::uint32_t a, std::uint32_t b) { return std::uint64_t{a} << 32 | b; }

  std::string canonical(std::uint32_t type, const std::vector<Sha256Digest>& digests) const {
    if (!rules_.types[type].attribute || !generated(name(type))) return std::string(name(type));
    std::vector<std::string> members;
    for (const std::uint32_t m : members_[type]) members.push_back(hex(as_bytes(digests[m])));
    std::ranges::sort(members);
    std::string joined;
    for (const std::string& m : members) joined += m;
    return "{" + hex(as_bytes(sha256(Bytes::of(joined)))) + "}";
  }

  std::string raw_;
  flow::PolicyRules rules_;
  std::map<std::string_view, std::uint32_t> by_name_;
  std::vector<std::vector<std::uint32_t>> members_;
  std::vector<std::string> known_as_;
  std::set<std::string, std::less<>> literal_;
  std::map<std::pair<std::string_view, std::string_view>, std::set<std::uint64_t>> at_;
};

struct Found {
  std::string path, fact, packed;
};

// By path, so that the policy of recovery meets its own; equal ones stand at each of theirs.
std::map<std::string, Found> policies_of(const Side& side) {
  std::map<std::string, Found> out;
  const Table rows = side.reader.query("SELECT coalesce(a.device_path, a.path), lower(hex(r.fact_id)), r.rules FROM _selinux_rules r JOIN _artifact b ON b.blob_id = r.blob_id JOIN artifact a ON a.artifact_id = b.artifact_id WHERE b.build_id = " +
                                       std::to_string(side.build) + " ORDER BY 1, 2");
  for (const auto& row : rows.rows) {
    const auto* path = std::get_if<std::string>(&row[0]);
    const auto* fact = std::get_if<std::string>(&row[1]);
    const auto* rules = std::get_if<std::string>(&row[2]);
    if (!path || !fact || !rules) continue;
    // A query spells bytes in hex.
    const auto raw = unhex(*rules);
    out.try_emplace(*path, Found{*path, *fact, raw ? std::string(raw->begin(), raw->end()) : std::string()});
  }
  return out;
}

// "a", or the first few of many.
std::string listed(const std::set<std::string_view>& names) {
  std::string out;
  std::size_t n = 0;
  for (const std::string_view name : names) {
    if (n++ == kNamed) return out + " and " + std::to_string(names.size() - kNamed) + " more";
    out.append(out.empty() ? "" : ", ").append(name);
  }
  return out;
}

void compare(const Found& found, const std::string& old_fact, const Policy& before, const Policy& after, const AddRow& add) {
  const auto missed = [&](std::string_view reason) { add(2, {found.path, std::string(reason), old_fact, found.fact}); };
  std::uint64_t lookups = 0;
  std::size_t rows = 0;
  for (const flow::PolicyRules::Allow& rule : after.rules().rules) {
    std::set<std::string_view> domains, targets, permissions;
    std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
    for (const std::uint32_t p : rule.permissions) {
      if (before.says(after.spelled(rule, p))) continue;
      lookups += after.types_of(rule.source).size();
      for (const std::uint32_t s : after.types_of(rule.source))
        for (const std::uint32_t t : after.types_of(rule.target)) {
          if (++lookups > kMostLookups) return missed("too many rules differ to look at all");
          const auto source = before.find(after.name(s)), target = before.find(after.name(t));
          if (!source || !target || before.allows(*source, *target, after.name_of(rule.object_class), after.name_of(p), lookups)) continue;
          domains.insert(after.name(s));
          targets.insert(after.name(t));
          permissions.insert(after.name_of(p));
          pairs.emplace(s, t);
        }
    }
    if (permissions.empty()) continue;
    if (++rows > kMostRows) return missed("more new rules than are listed");
    const auto shown = [&](std::uint32_t type, const std::set<std::string_view>& members) { return generated(after.name(type)) ? listed(members) : std::string(after.name(type)); };
    std::string joined;
    for (const std::string_view p : permissions) joined.append(joined.empty() ? "" : " ").append(p);
    add(0, {found.path, shown(rule.source, domains), shown(rule.target, targets), std::string(after.name_of(rule.object_class)), joined, static_cast<std::int64_t>(pairs.size()), found.fact});
  }
  for (std::uint32_t t = 0; t < after.rules().types.size(); ++t) {
    const auto old = before.find(after.name(t));
    if (!old) continue;
    std::set<std::string_view> had;
    for (const std::uint32_t g : before.rules().types[*old].groups) had.insert(before.name(g));
    for (const std::uint32_t g : after.rules().types[t].groups)
      if (!generated(after.name(g)) && !had.contains(after.name(g)) && before.find(after.name(g))) {
        if (++rows > kMostRows) return missed("more new members of groups than are listed");
        add(1, {found.path, std::string(after.name(t)), std::string(after.name(g)), found.fact});
      }
  }
}

void run(const Pair& pair, const AddRow& add) {
  const std::map<std::string, Found> before = policies_of(pair.before), after = policies_of(pair.after);
  const bool one = before.size() == 1 && after.size() == 1;
  for (const auto& [path, found] : before)
    if (!after.contains(path) && !after.empty() && !one) add(2, {path, std::string("the new build has no policy in this place"), found.fact, Value{}});
  for (const auto& [path, found] : after) {
    auto other = before.find(path);
    // Where each build holds one, it is the same one in another place.
    if (other == before.end() && one) other = before.begin();
    if (other == before.end()) {
      if (!before.empty()) add(2, {path, std::string("the old build has no policy in this place"), Value{}, found.fact});
      continue;
    }
    std::string old_raw, new_raw;
    if (!flow::unsqueezed(other->second.packed, old_raw) || !flow::unsqueezed(found.packed, new_raw)) {
      add(2, {path, std::string("its rules in the case are damaged"), other->second.fact, found.fact});
      continue;
    }
    if (old_raw == new_raw) continue;
    Policy old_policy(std::move(old_raw)), new_policy(std::move(new_raw));
    if (!old_policy.read() || !new_policy.read()) {
      add(2, {path, std::string("its rules in the case are damaged"), other->second.fact, found.fact});
      continue;
    }
    compare(found, other->second.fact, old_policy, new_policy, add);
  }
}

}  // namespace

extern const Comparer comparer_policy;
constexpr Comparer comparer_policy{.name = "policy", .title = "Rules of SELinux that the old policy did not have", .tables = kTables, .run = run};

}  // namespace klik::compare
