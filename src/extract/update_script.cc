// What the script of an update does to the phone: recovery runs it as root.
// Source: AOSP bootable/recovery updater (see formats/android/updater_script.h).
#include "extract/extractor.h"
#include "extract/file_capability.h"
#include "extract/set_text.h"
#include "formats/android/updater_script.h"

namespace klik {
namespace {

constexpr std::string_view kName = "update_script@2";
constexpr std::uint64_t kLargest = std::uint64_t{16} << 20;   // real scripts stay under 1 MiB

constexpr ColumnType kText = ColumnType::text, kNumber = ColumnType::integer;
constexpr Column kColumns[] = {
    {"position", kNumber, "Of the call in the script, in bytes.", true},
    {"target", kText, "Path or partition that is changed; null when there is none.", true, true},
    {"what", kText, "run, write, patch, blocks, attribute, remove, link, format, mount, layout, check, or maker: a function that AOSP does not have."},
    {"function", kText, "Name of the function."},
    {"source", kText, "Entry of the update, program, or old name that it uses; null when there is none.", false, true},
    {"uid", kNumber, "Owner that a file gets.", false, true},
    {"gid", kNumber, "Group that a file gets.", false, true},
    {"mode", kText, "Permission bits that a file gets, in octal.", false, true},
    {"selabel", kText, "SELinux label that a file gets.", false, true},
    {"capabilities", kText, "Capabilities that a program file gets.", false, true},
    {"sha1", kText, "Of the file that a patch makes.", false, true},
    {"size", kNumber, "Of the file that a patch makes.", false, true},
    {"condition", kText, "Under which it is done, as written; null for always.", false, true},
    {"detail", kText, "The call or the condition as written; cut when it is long."},
};
constexpr FactKind kStep{"update.step", "One thing that the script of an update does.", kColumns};
constexpr const FactKind* kEmits[] = {&kStep};

constexpr ViewColumn kViewColumns[] = {
    {"build_id", "The build."},
    {"artifact_id", "The script."},
    {"position", "Of the call in the script, in bytes: the order of steps."},
    {"what", "run: starts a program. write: puts a file or an image there. patch: makes a new file out of the old one. blocks: writes blocks of a partition. attribute: sets owner, mode, label or capabilities. remove, link, format, mount, layout (table of partitions). check: goes on only if it holds. maker: a function that AOSP does not have."},
    {"function", "Name of the function."},
    {"target", "Path or partition that is changed."},
    {"source", "Entry of the update, program, or old name that it uses."},
    {"uid", "Owner that the target gets."},
    {"gid", "Group that the target gets."},
    {"mode", "Permission bits that the target gets, in octal."},
    {"selabel", "SELinux label that the target gets."},
    {"capabilities", "Capabilities that the target gets."},
    {"sha1", "Of the file that a patch makes."},
    {"size", "Of the file that a patch makes."},
    {"condition", "Under which it is done, as written; null for always."},
    {"detail", "The call or the condition as written."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kView{"update_step", "What the scripts of updates do to the phone, as root, in recovery. Messages and progress are left out.", kViewColumns,
                     R"(SELECT a.build_id, a.artifact_id, s.position, s.what, s.function, s.target, s.source, s.uid, s.gid, s.mode, s.selabel, s.capabilities, s.sha1, s.size, s.condition, s.detail, lower(hex(s.fact_id))
FROM _update_step s JOIN _artifact a ON a.blob_id = s.blob_id)"};
constexpr const View* kViews[] = {&kView};

bool wants(std::string_view, std::string_view name) { return name == "updater-script"; }

void run(const FileItem& item, FactSink& sink) {
  if (item.source->size() > kLargest) {
    sink.problem({fail(Code::over_budget, 0, "the script of an update of more than 16 MiB").error(), ProblemSeverity::data_loss, {}, {}});
    return;
  }
  const auto blob = item.source->load();
  if (!blob) return sink.problem({blob.error(), ProblemSeverity::data_loss});
  const updater::Steps steps = updater::read_steps(blob->bytes());
  if (steps.stopped)
    sink.problem({*steps.stopped, ProblemSeverity::data_loss, {}, steps.stopped->code == Code::over_budget ? "what stands behind this place is not told; recovery may read and run it" : "what stands behind this place is not told; recovery is likely to refuse a script of this form"});
  for (const updater::Step& s : steps.steps) {
    Row row(kStep);
    row.set("position", static_cast<std::int64_t>(s.range.at)).set("what", updater::what_name(s.what)).set("function", s.function).set("uid", s.uid).set("gid", s.gid).set("detail", s.detail);
    set_text(row, "target", s.target);
    set_text(row, "source", s.source);
    set_text(row, "mode", s.mode);
    set_text(row, "selabel", s.selabel);
    if (s.capabilities && *s.capabilities != 0) row.set("capabilities", capability_names(*s.capabilities));
    set_text(row, "sha1", s.sha1);
    if (s.size && std::in_range<std::int64_t>(*s.size)) row.set("size", static_cast<std::int64_t>(*s.size));
    set_text(row, "condition", s.condition);
    sink.fact({&kStep, item.blob, row.values(), {{item.blob, s.range.at, s.range.length}}, kName});
  }
}

}  // namespace

extern const Extractor extractor_update_script;
constexpr Extractor extractor_update_script{.name = kName, .title = "What the script of an update does", .emits = kEmits, .wants = wants, .run = run, .views = kViews};

}  // namespace klik
