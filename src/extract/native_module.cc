// What a module of the kernel says of itself. Its code runs with every right there is, so whoever made it matters.
// Source: Linux include/linux/module.h (MODULE_INFO), include/linux/module_signature.h.
#include <algorithm>
#include <map>

#include "extract/native_file.h"

namespace klik {
namespace {

constexpr std::string_view kName = "native_module@1";
constexpr std::string_view kSignatureEnd = "~Module signature appended~\n";
constexpr std::uint64_t kLargestInfo = std::uint64_t{1} << 20;   // .modinfo is a few hundred bytes

constexpr Column kColumns[] = {
    {"name", ColumnType::text, "What it calls itself; else the name of its file without .ko.", true},
    {"version_magic", ColumnType::text, "The kernel it was built for.", false, true},
    {"license", ColumnType::text, "As stated; one that is not free taints the kernel.", false, true},
    {"author", ColumnType::text, "As stated, one a line.", false, true},
    {"description", ColumnType::text, "As stated.", false, true},
    {"depends", ColumnType::text, "Modules it needs, separated by commas.", false, true},
    {"parameters", ColumnType::integer, "How many settings it takes."},
    {"signed", ColumnType::boolean, "Whether a signature stands behind it; it is not verified."},
};
constexpr FactKind kModule{"kernel.module", "A loadable part of the kernel.", kColumns};
constexpr const FactKind* kEmits[] = {&kModule};

bool wants(std::string_view kind, std::string_view name) { return kind == "elf" && name.ends_with(".ko"); }

void run(const FileItem& item, FactSink& sink) {
  const auto native = open_native(item, nullptr);
  if (!native || native->elf.type() != elf::kRelocatable) return;
  const Bytes bytes = native->elf.bytes();
  std::vector<Place> origins{{item.blob, 0, native->elf.header_size()}};
  std::map<std::string_view, std::string> values;
  std::int64_t parameters = 0;
  if (const elf::Section* info = native->elf.section(".modinfo")) {
    const auto text = bytes.slice(info->offset, info->size);
    if (!text || info->size > kLargestInfo) {
      sink.problem({fail(text ? Code::over_budget : Code::truncated, std::min(info->offset, bytes.size()), "what a kernel module says of itself cannot be read").error(), ProblemSeverity::data_loss, {}, {}});
    } else {
      origins.push_back({item.blob, info->offset, info->size});
      // Texts "key=value", each ended by a NUL, with more NULs between some.
      for (std::string_view rest = text->text(); !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\0'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        const std::size_t equals = line.find('=');
        if (equals == line.npos) continue;
        const std::string_view key = line.substr(0, equals), value = line.substr(equals + 1);
        if (key == "parm") ++parameters;
        std::string& kept = values[key];
        if (!kept.empty() && key == "author") kept += '\n';
        if (kept.empty() || key == "author") kept += value;
      }
    }
  }
  const auto stated = [&](std::string_view key) {
    const auto found = values.find(key);
    return found == values.end() || found->second.empty() ? std::nullopt : std::optional<std::string_view>(found->second);
  };
  Row row(kModule);
  row.set("name", stated("name").value_or(item.name.substr(0, item.name.size() - 3)));
  row.set("version_magic", stated("vermagic")).set("license", stated("license")).set("author", stated("author")).set("description", stated("description")).set("depends", stated("depends"));
  row.set("parameters", parameters).set("signed", bytes.text().ends_with(kSignatureEnd));
  sink.fact({&kModule, item.blob, row.values(), std::move(origins), kName});
}

constexpr ViewColumn kViewColumns[] = {
    {"build_id", "The build."},
    {"artifact_id", "The file."},
    {"name", "What it calls itself."},
    {"version_magic", "The kernel it was built for."},
    {"license", "As stated."},
    {"author", "As stated, one a line."},
    {"description", "As stated."},
    {"depends", "Modules it needs, separated by commas."},
    {"parameters", "How many settings it takes."},
    {"signed", "Whether a signature stands behind it; it is not verified."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kView{"kernel_module", "Loadable parts of the kernel.", kViewColumns,
                     R"(SELECT a.build_id, a.artifact_id, m.name, m.version_magic, m.license, m.author, m.description, m.depends, m.parameters, m.signed, lower(hex(m.fact_id))
FROM _kernel_module m JOIN _artifact a ON a.blob_id = m.blob_id)"};
constexpr const View* kViews[] = {&kView};

}  // namespace

extern const Extractor extractor_native_module;
constexpr Extractor extractor_native_module{.name = kName, .title = "Modules of the kernel", .emits = kEmits, .wants = wants, .run = run, .views = kViews};

}  // namespace klik
