// Codes that open something when they are dialled as *#*#CODE#*#*, as manifests declare them.
// Source: AOSP SpecialCharSequenceMgr; android.telephony.TelephonyManager.ACTION_SECRET_CODE (Android 8 and later).
#include <algorithm>
#include <set>

#include "extract/columns.h"

namespace klik {
namespace {

constexpr std::string_view kName = "dialer_codes@1";

constexpr Column kColumns[] = {
    {"path", ColumnType::text, "The app's artifact.", true},
    {"package", ColumnType::text, "Its package name.", true},
    {"class", ColumnType::text, "What is opened.", true},
    {"code", ColumnType::text, "The digits; `*` when every code opens it.", true},
    {"listens", ColumnType::boolean, "Whether the filter also names the action that dialers send; without it the code does nothing by itself."},
};
constexpr FactKind kCode{"device.dialer_code", "A code that opens something when it is dialled.", kColumns};
constexpr const FactKind* kEmits[] = {&kCode};

// Values of `key` in "scheme=a;host=1;host=2", as the manifest's facts write them.
std::vector<std::string_view> values_of(std::string_view data, std::string_view key) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at <= data.size();) {
    const std::size_t end = std::min(data.find(';', at), data.size());
    const std::string_view part = data.substr(at, end - at);
    if (part.starts_with(key) && part.size() > key.size() && part[key.size()] == '=') out.push_back(part.substr(key.size() + 1));
    at = end + 1;
  }
  return out;
}

bool names(std::string_view list, std::string_view item) {
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    if (list.substr(at, end - at) == item) return true;
    at = end + 1;
  }
  return false;
}

void run(const Image& image, FactSink& sink) {
  const FactKind* const filters = find_kind("app.intent_filter");
  const FactKind* const actors = find_kind("device.actor");
  if (!filters || !actors) return;
  std::set<std::string, std::less<>> apps;
  image.rows.facts(*actors, [&](const FactRow& row) {
    if (text_of(*actors, row, "kind") == "package") apps.emplace(text_of(*actors, row, "path"));
  });
  image.rows.facts(*filters, [&](const FactRow& row) {
    const std::string_view data = text_of(*filters, row, "data"), actions = text_of(*filters, row, "actions");
    if (!apps.contains(row.artifact.path)) return;
    const auto schemes = values_of(data, "scheme");
    if (std::ranges::find(schemes, "android_secret_code") == schemes.end()) return;
    std::set<std::string_view> codes;
    for (const std::string_view host : values_of(data, "host")) codes.insert(host);
    if (codes.empty()) codes.insert("*");
    const bool listens = names(actions, "android.provider.Telephony.SECRET_CODE") || names(actions, "android.telephony.action.SECRET_CODE");
    for (const std::string_view code : codes) {
      Row fact(kCode);
      fact.set("path", row.artifact.path).set("package", text_of(*filters, row, "package")).set("class", text_of(*filters, row, "class")).set("code", code).set("listens", listens);
      sink.fact({&kCode, image.rows.build(), fact.values(), {}, kName, {row.id}});
    }
  });
}

constexpr ViewColumn kViewColumns[] = {
    {"package_id", "The package."},
    {"code", "Dialled as *#*#CODE#*#*; `*` when every code opens it."},
    {"class", "What is opened."},
    {"listens", "1: the filter also names the action that dialers send."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kView{"dialer_code", "Codes that open something when they are dialled, as manifests declare them. Dialers may know more in their code.", kViewColumns,
                     R"(SELECT d.row_id, c.code, c.class, c.listens, lower(hex(c.fact_id)) FROM _device_dialer_code c
CROSS JOIN _device_actor d ON d.build_id = c.build_id AND d.kind = 'package' AND d.path = c.path AND d.name = c.package)"};
constexpr const View* kViews[] = {&kView};

}  // namespace

extern const ImageExtractor image_extractor_dialer_codes;
constexpr ImageExtractor image_extractor_dialer_codes{.name = kName, .title = "Codes that open hidden screens when they are dialled", .emits = kEmits, .run = run, .views = kViews};

}  // namespace klik
