// A compiled SELinux policy: its domains, what apps may reach, and where it leaves AOSP's own rules.
#include "formats/android/sepolicy.h"

#include <algorithm>
#include <map>

#include "extract/extractor.h"
#include "extract/sepolicy_access.h"
#include "extract/settings.h"

namespace klik {
namespace {

constexpr std::string_view kName = "sepolicy@1";
constexpr std::size_t kMostOrigins = 16;   // of one fact: a row on an attribute may rest on hundreds of rules

constexpr Column kDomainColumns[] = {
    {"domain", ColumnType::text, "The type that processes run as.", true},
    {"permissive", ColumnType::boolean, "What it does is logged, and nothing of it is forbidden."},
    {"attributes", ColumnType::text, "Groups that it belongs to, between blanks; generated ones are left out."},
};
constexpr FactKind kDomain{"selinux.domain", "A domain of a policy.", kDomainColumns};

constexpr Column kAccessColumns[] = {
    {"domain", ColumnType::text, "Who may: a domain, or a group of app domains as the policy names it.", true},
    {"target", ColumnType::text, "On whom or what: a type, or a group of types.", true},
    {"class", ColumnType::text, "Kind of object.", true},
    {"permissions", ColumnType::text, "What may be done, between blanks."},
    {"note", ColumnType::text, "baseline NAME: …, when AOSP's policy forbids this; null: what apps may reach.", true, true},
};
constexpr FactKind kAccess{"selinux.access", "Something that the policy allows and that matters.", kAccessColumns};

constexpr Column kTransitionColumns[] = {
    {"source", ColumnType::text, "Domain that starts a program; may be a group.", true},
    {"program", ColumnType::text, "Label of the program; may be a group.", true},
    {"domain", ColumnType::text, "Domain that it then runs in.", true},
};
constexpr FactKind kTransition{"selinux.transition", "Which domain a program starts in.", kTransitionColumns};
constexpr const FactKind* kEmits[] = {&kDomain, &kAccess, &kTransition, &settings::kSetting};

bool wants(std::string_view kind, std::string_view name) { return kind == "sepolicy" || name == "plat_sepolicy.cil"; }

using sepolicy::Policy;
using sepolicy::Rule;
using sepolicy::Type;

// Names made by compilers of policies: they differ from build to build and say nothing.
bool generated(std::string_view name) {
  if (name.starts_with("base_typeattr_") || name.starts_with("typeattr_")) return true;
  // untrusted_app_29_0: the type as a vendor of that version knows it.
  const auto cut = name.rfind('_');
  if (cut == name.npos || cut < 3 || name.find_first_not_of("0123456789", cut + 1) != name.npos) return false;
  const auto before = name.rfind('_', cut - 1);
  return before != name.npos && before + 1 < cut && name.find_first_not_of("0123456789", before + 1) == cut;
}

class Emitter {
 public:
  Emitter(const FileItem& item, const Policy& policy, FactSink& sink) : item_(item), policy_(policy), sink_(sink) {}

  void domains() {
    const std::vector<std::uint32_t> members = policy_.expanded(policy_.type("domain"));
    for (std::uint32_t t = 1; t < policy_.types().size(); ++t) {
      const Type& type = policy_.types()[t];
      if (type.attribute || type.name.empty() || (!type.permissive && !std::ranges::binary_search(members, t))) continue;
      std::vector<std::string_view> groups;
      for (const std::uint32_t a : type.related)
        if (const std::string_view name = policy_.types()[a].name; !name.empty() && name != "domain" && !generated(name)) groups.push_back(name);
      std::ranges::sort(groups);
      std::string joined;
      for (const std::string_view name : groups) joined.append(joined.empty() ? "" : " ").append(name);
      sink_.fact({&kDomain, item_.blob, Row(kDomain).set("domain", type.name).set("permissive", type.permissive).set("attributes", joined).values(), {{item_.blob, type.name_at, type.name.size()}}, kName});
      ++domains_;
      permissive_ += type.permissive;
    }
  }

  void access(const PolicyAccess& row) {
    Row values(kAccess);
    values.set("domain", row.domain).set("target", row.target).set("class", row.object_class).set("permissions", row.permissions);
    if (!row.note.empty()) values.set("note", row.note);
    std::vector<Place> origins;
    for (const std::uint32_t i : row.rules) {
      if (origins.size() == kMostOrigins) break;
      origins.push_back({item_.blob, policy_.rules()[i].at, policy_.rules()[i].length});
    }
    if (origins.empty()) {   // permissive: a bit in a map; the name is what can be shown
      const Type& type = policy_.types()[policy_.type(row.domain)];
      origins.push_back({item_.blob, type.name_at, type.name.size()});
    }
    sink_.fact({&kAccess, item_.blob, values.values(), std::move(origins), kName});
  }

  void transitions() {
    const std::uint16_t process = policy_.object_class("process");
    const auto name = [&](std::uint32_t t) { return policy_.types()[t].name; };
    for (const Rule& rule : policy_.rules()) {
      if (rule.kind != sepolicy::kTransition || rule.object_class != process) continue;
      sink_.fact({&kTransition, item_.blob, Row(kTransition).set("source", name(rule.source)).set("program", name(rule.target)).set("domain", name(rule.data)).values(), {{item_.blob, rule.at, rule.length}}, kName});
    }
  }

  void numbers() {
    std::int64_t types = 0, attributes = 0, allow = 0, ioctl = 0;
    for (const Type& t : policy_.types())
      if (!t.name.empty()) ++(t.attribute ? attributes : types);
    for (const Rule& rule : policy_.rules()) {
      allow += rule.kind == sepolicy::kAllow;
      ioctl += rule.kind == sepolicy::kExtendedAllow || rule.kind == 0x1000;
    }
    static constexpr std::string_view kUnknown[] = {"deny", "reject", "allow"};
    set("policy version", std::to_string(policy_.version()));
    set("unknown classes", kUnknown[static_cast<std::size_t>(policy_.unknown_classes())]);
    set("types", std::to_string(types));
    set("attributes", std::to_string(attributes));
    set("domains", std::to_string(domains_));
    set("permissive domains", std::to_string(permissive_));
    set("allow rules", std::to_string(allow));
    set("ioctl rules", std::to_string(ioctl));
    set("conditional rules", std::to_string(policy_.conditional_rules()));
  }

 private:
  void set(std::string_view name, std::string_view value) {
    sink_.fact({&settings::kSetting, item_.blob, settings::values("sepolicy", name, value), {{item_.blob, 0, item_.source->size()}}, kName});
  }

  const FileItem& item_;
  const Policy& policy_;
  FactSink& sink_;
  std::int64_t domains_ = 0, permissive_ = 0;
};

void run(const FileItem& item, FactSink& sink) {
  if (item.kind != "sepolicy") {
    // Phones compile this text when no compiled policy of the vendor fits; whether one is there is not seen from here.
    return sink.problem({fail(Code::unsupported, 0, "an SELinux policy as CIL text is not compiled; a compiled policy counts where the build has one").error(), ProblemSeverity::info, {},
                         "hand in the vendor image too, with its precompiled_sepolicy"});
  }
  if (item.source->size() > sepolicy::kLargest) return sink.problem({fail(Code::over_budget, 0, "an SELinux policy of more than 64 MiB").error(), ProblemSeverity::data_loss});
  const auto blob = item.source->load();
  if (!blob) return sink.problem({blob.error(), ProblemSeverity::data_loss});
  const auto policy = Policy::open(blob->bytes());
  if (!policy) return sink.problem({policy.error(), ProblemSeverity::data_loss, {}, "what SELinux lets processes do on this phone is not known"});
  Emitter emit(item, *policy, sink);
  emit.domains();
  for (const PolicyAccess& row : app_access(*policy)) emit.access(row);
  std::size_t cut = 0;
  for (const PolicyAccess& row : baseline_deviations(*policy, cut)) emit.access(row);
  if (cut) sink.problem({fail(Code::over_budget, 0, "more deviations from AOSP's policy than are listed").error(), ProblemSeverity::info, std::to_string(cut) + " left out"});
  emit.transitions();
  emit.numbers();
}

constexpr ViewColumn kDomainViewColumns[] = {
    {"build_id", "The build."},
    {"domain", "The type that processes run as."},
    {"permissive", "1: what it does is logged, and nothing of it is forbidden."},
    {"attributes", "Groups that it belongs to, between blanks; generated ones are left out."},
    {"artifact_id", "The policy. A phone may hold several: the recovery has its own."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kDomainView{"selinux_domain", "The domains of each compiled SELinux policy.", kDomainViewColumns,
                           "SELECT a.build_id, d.domain, d.permissive, d.attributes, a.artifact_id, lower(hex(d.fact_id)) FROM _selinux_domain d JOIN _artifact a ON a.blob_id = d.blob_id"};

constexpr ViewColumn kAccessViewColumns[] = {
    {"build_id", "The build."},
    {"domain", "Who may: a domain, or a group of app domains. What `appdomain` may, every app may; what `untrusted_app_all` may, every app that anybody can install may."},
    {"target", "On whom or what: a type, or a group of types."},
    {"class", "Kind of object: binder, file, chr_file, service_manager, …; permissive for a domain that is not held back at all."},
    {"permissions", "What may be done, between blanks. Other barriers (file modes, separation of users) may still forbid it."},
    {"note", "baseline NAME: …, when AOSP's policy forbids this; null: what apps may reach."},
    {"artifact_id", "The policy."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kAccessView{"selinux_access", "What SELinux lets apps reach outside of apps, and where the policy leaves AOSP's rules.", kAccessViewColumns,
                           "SELECT a.build_id, x.domain, x.target, x.class, x.permissions, x.note, a.artifact_id, lower(hex(x.fact_id)) FROM _selinux_access x JOIN _artifact a ON a.blob_id = x.blob_id"};
constexpr const View* kViews[] = {&kDomainView, &kAccessView};

}  // namespace

extern const Extractor extractor_sepolicy;
constexpr Extractor extractor_sepolicy{.name = kName, .title = "SELinux: domains, what apps may reach, and breaches of AOSP's rules", .emits = kEmits, .wants = wants, .run = run, .views = kViews};

}  // namespace klik
