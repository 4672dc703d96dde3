// All allow rules of a compiled SELinux policy in one row, for comparing two builds: what was added between parts of the
// system stands in no list of what apps may reach.
#include "extract/extractor.h"
#include "flow/packing.h"
#include "flow/policy_rules.h"
#include "formats/android/sepolicy.h"

namespace klik {
namespace {

constexpr std::string_view kName = "sepolicy_rules@1";

constexpr Column kColumns[] = {
    {"allow_rules", ColumnType::integer, "How many the policy holds."},
    {"rules", ColumnType::bytes, "Types with their groups and allow rules, packed (src/flow/policy_rules.h) and compressed with zstd."},
};
constexpr FactKind kRules{"selinux.rules", "What a compiled SELinux policy allows, as a whole.", kColumns};
constexpr const FactKind* kEmits[] = {&kRules};

bool wants(std::string_view kind, std::string_view) { return kind == "sepolicy"; }

void run(const FileItem& item, FactSink& sink) {
  if (item.source->size() > sepolicy::kLargest) return;   // the extractor `sepolicy` says so
  const auto blob = item.source->load();
  if (!blob) return;
  const auto policy = sepolicy::Policy::open(blob->bytes());
  if (!policy) return;
  const flow::PolicyRules rules = flow::rules_of(*policy);
  std::string small = flow::squeezed(flow::packed(rules));
  if (small.empty()) return;
  std::vector<Value> values{static_cast<std::int64_t>(rules.rules.size()), std::move(small)};
  sink.fact({&kRules, item.blob, std::move(values), {{item.blob, 0, item.source->size()}}, kName});
}

}  // namespace

extern const Extractor extractor_sepolicy_rules;
constexpr Extractor extractor_sepolicy_rules{.name = kName, .title = "All rules of compiled SELinux policies", .emits = kEmits, .wants = wants, .run = run};

}  // namespace klik
