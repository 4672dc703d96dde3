// Which phone and which build this is, put together from the property files of all partitions.
// Source: AOSP build/make tools/buildinfo.sh and tools/releasetools ("ro.product.property_source_order").
#include <array>
#include <ctime>
#include <map>

#include "extract/columns.h"

namespace klik {
namespace {

constexpr std::string_view kName = "build_identity@1";

constexpr Column kColumns[] = {
    {"maker", ColumnType::text, "ro.product.manufacturer.", false, true},
    {"brand", ColumnType::text, "ro.product.brand.", false, true},
    {"model", ColumnType::text, "ro.product.model, or the name it is sold under.", false, true},
    {"device", ColumnType::text, "ro.product.device: the code name.", false, true},
    {"fingerprint", ColumnType::text, "ro.build.fingerprint: the maker's own name of the build.", false, true},
    {"release", ColumnType::text, "ro.build.version.release: the Android version.", false, true},
    {"sdk", ColumnType::integer, "ro.build.version.sdk: the API level.", false, true},
    {"security_patch", ColumnType::text, "ro.build.version.security_patch, as claimed by the build.", false, true},
    {"built_at", ColumnType::text, "ro.build.date.utc as ISO 8601.", false, true},
    {"region", ColumnType::text, "The market the build says it is for.", false, true},
    {"tags", ColumnType::text, "ro.build.tags: release-keys, test-keys or dev-keys; a word, not a proof.", false, true},
    {"type", ColumnType::text, "ro.build.type: user, userdebug or eng.", false, true},
    {"display", ColumnType::text, "ro.build.display.id: the version a user sees.", false, true},
};
constexpr FactKind kIdentity{"device.identity", "What a build says it is.", kColumns};
constexpr const FactKind* kEmits[] = {&kIdentity};

// Partitions in the order in which their word counts; the generic system image comes last because it may
// call itself "mainline".
constexpr std::array<std::string_view, 7> kPartitions = {"product", "my_manifest", "odm", "vendor", "system_ext", "system", ""};

struct Seen {
  std::string value, path, partition;
  Place place;
  FactId id;
};

std::string partition_of(std::string_view device_path) {
  if (!device_path.starts_with('/')) return {};
  device_path.remove_prefix(1);
  // /system/build.prop, /vendor/build.prop, /product/etc/build.prop; a file in the root belongs to the system.
  const auto slash = device_path.find('/');
  return slash == device_path.npos ? std::string("system") : std::string(device_path.substr(0, slash));
}

class Props {
 public:
  explicit Props(const BuildRows& rows) {
    const FactKind* kind = find_kind("system.prop");
    if (!kind) return;
    rows.facts(*kind, [&](const FactRow& row) {
      // The recovery's copy describes the recovery.
      if (!row.artifact.blob || row.artifact.path.find("recovery") != std::string_view::npos) return;
      all_[std::string(text_of(*kind, row, "name"))].push_back(
          {std::string(text_of(*kind, row, "value")), std::string(row.artifact.path), partition_of(row.artifact.device_path), {*row.artifact.blob, 0, 0}, row.id});
    });
  }

  // The value of the first name that has one; of several files, the first partition's in the order above.
  const Seen* first(std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names) {
      const auto found = all_.find(std::string(name));
      if (found == all_.end()) continue;
      for (const std::string_view partition : {"system", "", "product", "odm", "vendor", "system_ext"})
        for (const Seen& s : found->second)
          if ((s.partition == partition || (partition.empty() && !known(s.partition))) && usable(s.value)) return &s;
    }
    return nullptr;
  }

  // ro.product.model and its twins per partition.
  const Seen* product(std::string_view what) const {
    if (const Seen* s = first({"ro.product." + std::string(what)}); s && !generic(s->value)) return s;
    const Seen* fallback = nullptr;
    for (const std::string_view partition : kPartitions) {
      if (partition.empty()) continue;
      const Seen* s = first({"ro.product." + std::string(partition) + "." + std::string(what)});
      if (s && !generic(s->value)) return s;
      if (s) fallback = s;
    }
    return fallback;
  }

  const std::vector<Seen>* every(const std::string& name) const {
    const auto found = all_.find(name);
    return found == all_.end() ? nullptr : &found->second;
  }

 private:
  static bool known(std::string_view partition) { return std::ranges::find(kPartitions, partition) != kPartitions.end(); }
  static bool usable(std::string_view value) { return !value.empty() && value != "unknown" && value.find("${") == value.npos; }
  // What generic system images say instead of a name.
  static bool generic(std::string_view value) { return value == "mainline" || value == "generic" || value == "Android" || value == "unknown"; }

  std::map<std::string, std::vector<Seen>> all_;
};

std::string iso_time(std::string_view seconds) {
  std::int64_t value = 0;
  for (const char c : seconds) {
    if (c < '0' || c > '9' || value > 99'999'999'999) return {};
    value = value * 10 + (c - '0');
  }
  const std::time_t t = static_cast<std::time_t>(value);
  std::tm parts{};
  std::array<char, 32> text{};
  if (seconds.empty() || !gmtime_r(&t, &parts)) return {};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

void run(const Image& image, FactSink& sink) {
  const BuildRows& rows = image.rows;
  const Props props(rows);
  Row row(kIdentity);
  std::vector<FactId> because;
  bool any = false;
  const auto take = [&](std::string_view column, const Seen* seen) {
    if (!seen) return;
    any = true;
    because.push_back(seen->id);
    if (column == "sdk") {
      std::int64_t level = 0;
      for (const char c : seen->value)
        if (c >= '0' && c <= '9' && level < 10'000) level = level * 10 + (c - '0');
      row.set(column, level);
    } else if (column == "built_at") {
      if (const std::string time = iso_time(seen->value); !time.empty()) row.set(column, time);
    } else {
      row.set(column, seen->value);
    }
  };
  take("maker", props.product("manufacturer"));
  take("brand", props.product("brand"));
  const Seen* market = props.first({"ro.product.marketname", "ro.product.vendor.marketname", "ro.product.odm.marketname", "ro.config.marketing_name", "ro.vendor.oplus.market.name"});
  take("model", market ? market : props.product("model"));
  take("device", props.product("device"));
  take("fingerprint", props.first({"ro.build.fingerprint", "ro.system.build.fingerprint", "ro.product.build.fingerprint", "ro.vendor.build.fingerprint", "ro.odm.build.fingerprint"}));
  take("release", props.first({"ro.build.version.release", "ro.system.build.version.release", "ro.product.build.version.release", "ro.vendor.build.version.release"}));
  take("sdk", props.first({"ro.build.version.sdk", "ro.system.build.version.sdk", "ro.product.build.version.sdk", "ro.vendor.build.version.sdk"}));
  take("security_patch", props.first({"ro.build.version.security_patch", "ro.vendor.build.security_patch"}));
  take("built_at", props.first({"ro.build.date.utc", "ro.system.build.date.utc", "ro.product.build.date.utc", "ro.vendor.build.date.utc"}));
  take("region", props.first({"ro.miui.region", "ro.oplus.image.my_region.type", "persist.sys.oppo.region", "ro.product.country.region", "ro.product.locale.region", "ro.csc.country_code", "ro.product.locale"}));
  take("tags", props.first({"ro.build.tags", "ro.system.build.tags", "ro.vendor.build.tags"}));
  take("type", props.first({"ro.build.type", "ro.system.build.type", "ro.vendor.build.type"}));
  take("display", props.first({"ro.build.display.id", "ro.system.build.id", "ro.build.id"}));
  if (any) sink.fact({&kIdentity, rows.build(), std::move(row).values(), {}, kName, std::move(because)});

  // Inputs of different builds must not pass for one phone.
  if (const auto* fingerprints = props.every("ro.build.fingerprint")) {
    for (const Seen& s : *fingerprints)
      if (s.value != fingerprints->front().value) {
        sink.problem({fail(Code::conflict, 0, "parts of this build name different fingerprints").error(), ProblemSeverity::error,
                      fingerprints->front().value + " in " + fingerprints->front().path + ", " + s.value + " in " + s.path,
                      "scan different builds apart, or name them with --build"});
        break;
      }
  }
}

constexpr ViewColumn kViewColumns[] = {
    {"build_id", "Number within this case file."},
    {"label", "The user's name for it, else maker, model and version, else the name of the input."},
    {"maker", "Who made the phone, by its own word."},
    {"brand", "The brand it is sold under."},
    {"model", "The model."},
    {"device", "The code name."},
    {"fingerprint", "The maker's own name of the build."},
    {"release", "Android version."},
    {"sdk", "API level."},
    {"security_patch", "The security patch level that the build claims."},
    {"built_at", "When it was built, UTC."},
    {"region", "The market the build says it is for."},
    {"tags", "release-keys, test-keys or dev-keys: a word, not a proof."},
    {"type", "user, userdebug or eng."},
    {"display", "The version that a user sees."},
    {"digest", "Over the digests of its inputs: two people with the same files have the same."},
    {"fact_id", "For `klikspaan why`; null when no property file was found."},
};
constexpr View kBuild{"build", "The builds in this case: one phone's software at one time.", kViewColumns,
                      R"(SELECT s.build_id,
CASE WHEN s.label <> '' THEN s.label WHEN d.model IS NOT NULL THEN trim(CASE WHEN d.maker IS NULL OR instr(lower(d.model), lower(d.maker)) = 1 THEN '' ELSE d.maker || ' ' END || d.model || ' ' || coalesce(d.display, d.release, ''))
ELSE (SELECT group_concat(i.name, ', ') FROM _input i WHERE i.build_id = s.build_id) END,
d.maker, d.brand, d.model, d.device, d.fingerprint, d.release, d.sdk, d.security_patch, d.built_at, d.region, d.tags, d.type, d.display, lower(hex(s.digest)), nullif(lower(hex(d.fact_id)), '')
FROM _scanned_build s LEFT JOIN _device_identity d ON d.build_id = s.build_id)"};
constexpr const View* kViews[] = {&kBuild};

}  // namespace

extern const ImageExtractor image_extractor_build_identity;
constexpr ImageExtractor image_extractor_build_identity{.name = kName, .title = "Which phone and which build this is", .emits = kEmits, .run = run, .views = kViews};

}  // namespace klik
