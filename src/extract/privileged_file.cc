// Files that give rights to whoever starts them, or that anybody may change although others run them.
// Source: POSIX.1-2017 chmod(); capabilities(7), "File capabilities".
#include <optional>

#include "extract/extractor.h"
#include "extract/file_capability.h"

namespace klik {
namespace {

constexpr std::string_view kName = "privileged_file@1";
constexpr std::uint32_t kTypeMask = 0170000, kRegular = 0100000, kSetUid = 04000, kSetGid = 02000, kAnyExecute = 0111, kGroupExecute = 0010, kOthersWrite = 0002;

constexpr Column kColumns[] = {
    {"path", ColumnType::text, "The artifact.", true},
    {"how", ColumnType::text, "setuid or setgid (runs as the file's owner or group), capability (has rights of root), world_writable (a program that anybody may change).", true},
    {"detail", ColumnType::text, "Of a capability: the names that are permitted, as capabilities(7) has them; else null.", false, true},
    {"effective", ColumnType::boolean, "Of a capability: whether it is in force without the program asking; else null.", false, true},
    {"mode", ColumnType::text, "Permission bits, octal; null when only a capability is known.", false, true},
    {"uid", ColumnType::integer, "The owner; 0 is root.", false, true},
    {"gid", ColumnType::integer, "The group.", false, true},
};
constexpr FactKind kFile{"device.privileged_file", "A file whose attributes give rights beyond those of the user who starts it.", kColumns};
constexpr const FactKind* kEmits[] = {&kFile};

std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
  std::vector<std::uint8_t> out;
  if (text.size() % 2) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]), low = digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return out;
}

std::string octal(std::uint32_t mode) {
  std::string out;
  for (int shift = 9; shift >= 0; shift -= 3) out += static_cast<char>('0' + (mode >> shift & 7));
  return out;
}

void run(const Image& image, FactSink& sink) {
  image.rows.artifacts([&](const ArtifactRow& a) {
    const auto emit = [&](std::string_view how, const FileCapability* capability) {
      Row row(kFile);
      row.set("path", a.path).set("how", how);
      if (capability) row.set("detail", capability_names(capability->permitted)).set("effective", capability->effective);
      if (a.mode) row.set("mode", octal(*a.mode & 07777));
      if (a.uid) row.set("uid", std::int64_t{*a.uid});
      if (a.gid) row.set("gid", std::int64_t{*a.gid});
      // The attributes stand in the file system around the file; the file is where they take effect.
      std::vector<Place> origins;
      if (a.blob) origins.push_back({*a.blob, 0, 0});
      sink.fact({&kFile, image.rows.build(), row.values(), std::move(origins), kName});
    };
    if (!a.capability_hex.empty()) {
      const auto bytes = from_hex(a.capability_hex);
      const auto capability = bytes ? read_file_capability(Bytes(*bytes)) : Result<FileCapability>(fail(Code::bad_value, 0, "a file capability that is no hexadecimal number"));
      if (!capability) {
        sink.problem({capability.error(), ProblemSeverity::error, std::string(a.path), {}});
      } else if (capability->permitted) {
        emit("capability", &*capability);
      }
    }
    if (!a.mode || (*a.mode & kTypeMask) != kRegular) return;
    if ((*a.mode & kSetUid) && (*a.mode & kAnyExecute)) emit("setuid", nullptr);
    // Without the group's right to execute, the bit asks for mandatory locking and gives nothing.
    if ((*a.mode & kSetGid) && (*a.mode & kGroupExecute)) emit("setgid", nullptr);
    if ((*a.mode & kOthersWrite) && (*a.mode & kAnyExecute)) emit("world_writable", nullptr);
  });
}

constexpr ViewColumn kViewColumns[] = {
    {"build_id", "The build."},
    {"artifact_id", "The file."},
    {"how", "setuid, setgid, capability or world_writable."},
    {"detail", "Names of capabilities; else null."},
    {"effective", "Whether a capability is in force without the program asking."},
    {"mode", "Permission bits, octal."},
    {"uid", "The owner; 0 is root."},
    {"gid", "The group."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kView{"privileged_file", "Files that give rights to whoever starts them, or that anybody may change although others run them.", kViewColumns,
                     R"(SELECT a.build_id, a.artifact_id, p.how, p.detail, p.effective, p.mode, p.uid, p.gid, lower(hex(p.fact_id)) FROM _device_privileged_file p CROSS JOIN _artifact a ON a.build_id = p.build_id AND a.path = p.path)"};
constexpr const View* kViews[] = {&kView};

}  // namespace

extern const ImageExtractor image_extractor_privileged_file;
constexpr ImageExtractor image_extractor_privileged_file{.name = kName, .title = "Files with set-user-id, capabilities or open permissions", .emits = kEmits, .run = run, .views = kViews};

}  // namespace klik
