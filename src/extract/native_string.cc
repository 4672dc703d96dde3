// Strings of native code that say what it does to the system: commands, places, properties, sockets.
// Hosts and addresses are another family's.
#include <set>

#include "containers/oat_elf.h"
#include "extract/native_file.h"
#include "extract/native_words.h"

namespace klik {
namespace {

constexpr std::string_view kName = "native_string@2";
constexpr std::size_t kMostRows = 20'000;
constexpr std::size_t kShortest = 4;
constexpr std::size_t kLongest = 1024;   // what is kept of a string; its place is the whole
constexpr std::size_t kLooked = 4096;    // how far into a string is looked, so that long texts cost what they weigh

constexpr Column kColumns[] = {
    {"kind", ColumnType::text, "command (for a shell), path, property (ro.…, persist.…) or socket.", true},
    {"value", ColumnType::text, "As it stands in the file, at most 1,024 bytes.", true},
};
constexpr FactKind kString{"native.string", "A string of native code that names a command, path, property or socket; each once per file, where it stands first. Presence is not use.", kColumns};
constexpr const FactKind* kEmits[] = {&kString};

void run(const FileItem& item, FactSink& sink) {
  const auto native = open_native(item, nullptr);
  // Compiled Java code lies in ELF files too; what such a file holds is read as DEX.
  if (!native || find_oatdata(*item.source)) return;
  std::set<std::string_view> seen;
  bool said = false;
  elf::for_each_string(native->elf, kShortest, [&](std::uint64_t at, std::string_view text) {
    if (said) return;
    const std::string_view kind = native_word_kind(text.substr(0, kLooked));
    if (kind.empty()) return;
    const std::string_view value = text.substr(0, kLongest);
    if (!seen.insert(value).second) return;
    if (seen.size() > kMostRows) {
      said = true;
      sink.problem({fail(Code::over_budget, at, "more than 20,000 strings of interest in an ELF file").error(), ProblemSeverity::data_loss, {}, {}});
      return;
    }
    sink.fact({&kString, item.blob, Row(kString).set("kind", kind).set("value", value).values(), {{item.blob, at, text.size()}}, kName});
  });
}

constexpr ViewColumn kViewColumns[] = {
    {"artifact_id", "The file."},
    {"kind", "command, path, property or socket."},
    {"value", "As it stands in the file."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kView{"native_string", "Strings of native code that name commands, places, properties and sockets. Presence is not use.", kViewColumns,
                     R"(SELECT a.artifact_id, s.kind, s.value, lower(hex(s.fact_id)) FROM _native_string s JOIN _artifact a ON a.blob_id = s.blob_id)"};
constexpr const View* kViews[] = {&kView};

}  // namespace

extern const Extractor extractor_native_string;
constexpr Extractor extractor_native_string{.name = kName, .title = "Telling strings in native code", .emits = kEmits, .wants = is_elf, .run = run, .views = kViews};

}  // namespace klik
