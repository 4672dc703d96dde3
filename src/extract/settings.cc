#include "extract/settings.h"

namespace klik::settings {
namespace {

constexpr Column kColumns[] = {
    {"scope", ColumnType::text, "What kind of setting it is: flag, hosts, dns, proxy, time, preload, carrier, role, …", true},
    {"name", ColumnType::text, "Of the setting within its scope.", true},
    {"value", ColumnType::text, "What it is set to.", true},
    {"path", ColumnType::text, "Of a fact on the whole build, the artifact that says so; null when it is the fact's own file, or none alone.", false, true},
};

constexpr ViewColumn kViewColumns[] = {
    {"build_id", "The build."},
    {"scope", "prop: a line of a property file. flag: what a security-relevant property comes to when all files are read, or another switch of the system. seapp: a rule that gives apps their SELinux domain, by domain. hosts, dns, proxy, time, portal, preload, carrier, init, …: see `name`."},
    {"name", "Of the setting."},
    {"value", "As written."},
    {"artifact_id", "The file that says so; null when it follows from several."},
    {"fact_id", "For `klikspaan why`."},
};

}  // namespace

constexpr FactKind kSetting{"system.setting", "What a file or the whole of a build sets.", kColumns};

constexpr View kView{"setting", "What the system sets: properties as written, and switches, hosts, lists and the like.", kViewColumns,
                     R"(SELECT a.build_id, 'prop', p.name, p.value, a.artifact_id, lower(hex(p.fact_id)) FROM _system_prop p JOIN _artifact a ON a.blob_id = p.blob_id
UNION ALL SELECT a.build_id, s.scope, s.name, s.value, a.artifact_id, lower(hex(s.fact_id)) FROM _system_setting s JOIN _artifact a ON a.blob_id = s.blob_id
UNION ALL SELECT s.build_id, s.scope, s.name, s.value, a.artifact_id, lower(hex(s.fact_id)) FROM _system_setting s LEFT JOIN _artifact a ON a.build_id = s.build_id AND a.path = s.path WHERE s.blob_id IS NULL
UNION ALL SELECT a.build_id, 'seapp', coalesce(x.domain, 'data folders'), x.rule, a.artifact_id, lower(hex(x.fact_id)) FROM _selinux_seapp x JOIN _artifact a ON a.blob_id = x.blob_id)"};

std::vector<Value> values(std::string_view scope, std::string_view name, std::string_view value, std::string_view path) {
  Row row(kSetting);
  row.set("scope", scope).set("name", name).set("value", value);
  if (!path.empty()) row.set("path", path);
  return row.values();
}

}  // namespace klik::settings
