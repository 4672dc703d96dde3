// Lines of build.prop and its relatives: what the system says of itself.
// Source: AOSP system/core init/README.md ("Properties") and init/property_service.cpp (which files are loaded).
#include "extract/extractor.h"
#include "extract/settings.h"

namespace klik {
namespace {

constexpr std::string_view kName = "system_prop@1";
constexpr std::uint64_t kLargest = std::uint64_t{4} << 20;   // a property file is kilobytes

constexpr Column kColumns[] = {
    {"name", ColumnType::text, "Of the property, for example ro.build.fingerprint.", true},
    {"value", ColumnType::text, "As written; later files may override it on the running phone.", true},
    {"at", ColumnType::integer, "Where the line starts."},
};
constexpr FactKind kProp{"system.prop", "A line `name=value` of a property file.", kColumns};
constexpr const FactKind* kEmits[] = {&kProp, &settings::kSetting};

bool wants(std::string_view, std::string_view name) {
  return name == "build.prop" || name == "default.prop" || name == "prop.default" || name == "local.prop" || name == "product.prop" ||
         (name.starts_with("build_") && name.ends_with(".prop"));
}

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t' || s.back() == '\r')) s.remove_suffix(1);
  return s;
}

void run(const FileItem& item, FactSink& sink) {
  if (item.source->size() > kLargest) {
    sink.problem({fail(Code::over_budget, 0, "a property file of more than 4 MiB").error(), ProblemSeverity::data_loss, {}, {}});
    return;
  }
  const auto blob = item.source->load();
  if (!blob) return;
  const std::string_view text = blob->bytes().text();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const std::string_view body = trimmed(line);
    const std::size_t equals = body.find('=');
    // A comment, an import, or a blank line is no property.
    if (!body.empty() && body.front() != '#' && equals != body.npos && equals > 0) {
      const std::string_view name = trimmed(body.substr(0, equals)), value = trimmed(body.substr(equals + 1));
      sink.fact({&kProp, item.blob, Row(kProp).set("name", name).set("value", value).set("at", static_cast<std::int64_t>(at)).values(), {{item.blob, at, line.size()}}, kName});
    }
    at = end + 1;
  }
}

constexpr const View* kViews[] = {&settings::kView};

}  // namespace

extern const Extractor extractor_system_prop;
constexpr Extractor extractor_system_prop{.name = kName, .title = "Properties of the system", .emits = kEmits, .wants = wants, .run = run, .views = kViews};

}  // namespace klik
