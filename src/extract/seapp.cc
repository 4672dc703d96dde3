// The text files that say who gets which SELinux label: seapp_contexts for apps, file_contexts for files.
#include "extract/extractor.h"
#include "formats/android/file_contexts.h"
#include "formats/android/seapp_contexts.h"

namespace klik {
namespace {

constexpr std::string_view kName = "seapp@1";
constexpr std::uint64_t kLargest = std::uint64_t{4} << 20;   // the largest known file is 200 KiB

constexpr Column kSeappColumns[] = {
    {"rule", ColumnType::text, "As written.", true},
    {"domain", ColumnType::text, "That an app's process gets when the rule is the first that fits; null for rules about data folders.", false, true},
    {"at", ColumnType::integer, "Where the line starts."},
};
constexpr FactKind kSeapp{"selinux.seapp", "A rule of seapp_contexts.", kSeappColumns};

constexpr Column kLabelColumns[] = {
    {"path", ColumnType::text, "A regular expression for paths.", true},
    {"file_type", ColumnType::text, "Only for files of this type: --, -d, -l, …; null for all.", true, true},
    {"label", ColumnType::text, "As written.", true},
    {"at", ColumnType::integer, "Where the line starts."},
};
constexpr FactKind kLabel{"selinux.file_label", "A rule of file_contexts.", kLabelColumns};
constexpr const FactKind* kEmits[] = {&kSeapp, &kLabel};

bool is_seapp(std::string_view name) { return name.ends_with("seapp_contexts"); }

bool wants(std::string_view, std::string_view name) { return is_seapp(name) || name.ends_with("file_contexts") || name == "file_contexts.bin"; }

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t' || s.back() == '\r')) s.remove_suffix(1);
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  return s;
}

void seapp_line(const FileItem& item, std::string_view line, std::uint64_t at, FactSink& sink) {
  const auto rule = seapp::parse(line);
  if (!rule) return;
  Row row(kSeapp);
  row.set("rule", trimmed(line)).set("at", static_cast<std::int64_t>(at));
  if (!rule->domain.empty()) row.set("domain", rule->domain);
  sink.fact({&kSeapp, item.blob, row.values(), {{item.blob, at, line.size()}}, kName});
  if (rule->unknown_input) sink.problem({fail(Code::unsupported, at, "a rule of seapp_contexts has a condition that is not known").error(), ProblemSeverity::info, std::string(trimmed(line))});
}

void label_line(const FileItem& item, std::string_view line, std::uint64_t at, FactSink& sink) {
  const auto rule = file_contexts::parse(line);
  if (!rule) return;
  Row row(kLabel);
  row.set("path", rule->path).set("label", rule->label).set("at", static_cast<std::int64_t>(at));
  if (!rule->type.empty()) row.set("file_type", rule->type);
  sink.fact({&kLabel, item.blob, row.values(), {{item.blob, at, line.size()}}, kName});
}

void run(const FileItem& item, FactSink& sink) {
  if (item.name == "file_contexts.bin")
    return sink.problem({fail(Code::unsupported, 0, "compiled file labels are not read").error(), ProblemSeverity::info, {}, "labels are taken from the file system, or from the text form when it is there"});
  if (item.source->size() > kLargest) return sink.problem({fail(Code::over_budget, 0, "a file of SELinux labels of more than 4 MiB").error(), ProblemSeverity::data_loss});
  const auto blob = item.source->load();
  if (!blob) return sink.problem({blob.error(), ProblemSeverity::data_loss});
  const std::string_view text = blob->bytes().text();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (is_seapp(item.name)) seapp_line(item, line, at, sink);
    else label_line(item, line, at, sink);
    at = end + 1;
  }
}

}  // namespace

extern const Extractor extractor_seapp;
constexpr Extractor extractor_seapp{.name = kName, .title = "SELinux labels of apps and files, from text files", .emits = kEmits, .wants = wants, .run = run};

}  // namespace klik
