// What an update says of itself beside its data: for which phone and from which build (metadata, metadata.pb), and digests
// of its payload (payload_properties.txt). Claims: what they are worth is for the signature to say.
// Source: AOSP build/make tools/releasetools/ota_utils.py, ota_metadata.proto; update_engine common/constants.h.
#include <algorithm>
#include <array>

#include "extract/extractor.h"
#include "extract/update_claims.h"

namespace klik {
namespace {

constexpr std::string_view kName = "update_metadata@2";
constexpr std::uint64_t kLargest = std::uint64_t{1} << 20;   // real ones have kilobytes

constexpr Column kMetadataColumns[] = {
    {"key", ColumnType::text, "As the text form calls it: ota-type, pre-build, post-build, post-timestamp, ota-downgrade, …", true},
    {"value", ColumnType::text, "As written; of several, joined with '|'.", true},
    {"at", ColumnType::integer, "Where it stands in the file."},
};
constexpr FactKind kMetadata{"update.metadata", "A statement of an update on what it is for and what it leads to.", kMetadataColumns};

constexpr Column kPropertyColumns[] = {
    {"key", ColumnType::text, "FILE_HASH, FILE_SIZE, METADATA_HASH, METADATA_SIZE, or a switch for the program that installs the update.", true},
    {"value", ColumnType::text, "As written.", true},
    {"sha256", ColumnType::text, "Of a hash, its value in hex; null when it is not one of SHA-256.", false, true},
    {"at", ColumnType::integer, "Where the line starts."},
};
constexpr FactKind kProperty{"update.property", "A line of payload_properties.txt: what the updater is told about a payload.", kPropertyColumns};
constexpr const FactKind* kEmits[] = {&kMetadata, &kProperty};

constexpr ViewColumn kMetadataView[] = {
    {"build_id", "The build."},
    {"artifact_id", "The file that says so."},
    {"key", "ota-type, pre-device, pre-build, post-build, post-timestamp, post-security-patch-level, ota-downgrade, spl-downgrade, ota-wipe, …"},
    {"value", "As written; of several, joined with '|'."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kMetadataStatements{"update_metadata", "What updates say of themselves in META-INF/com/android: for which phone, from which build to which.", kMetadataView,
                                   R"(SELECT a.build_id, a.artifact_id, m.key, m.value, lower(hex(m.fact_id)) FROM _update_metadata m JOIN _artifact a ON a.blob_id = m.blob_id LEFT JOIN _artifact h ON h.artifact_id = a.parent_id
WHERE coalesce(h.kind, '') NOT IN ('apk', 'apex', 'capex', 'jar') AND (a.path = '' OR '/' || a.path GLOB '*[/!]META-INF/com/android/metadata' OR '/' || a.path GLOB '*[/!]META-INF/com/android/metadata.pb'))"};

constexpr ViewColumn kPropertyView[] = {
    {"build_id", "The build."},
    {"artifact_id", "The file that says so."},
    {"key", "FILE_HASH, FILE_SIZE, METADATA_HASH, METADATA_SIZE, or a switch for the program that installs the update."},
    {"value", "As written."},
    {"holds", "1 when the payload.bin beside it is so, 0 when it is not or the hash is none; null when that was not read, or the line is of another kind."},
    {"payload_id", "The payload.bin beside it: an artifact; null when there is none."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kProperties{"update_property", "What updaters are told about the payload beside the file, and whether it is so.", kPropertyView,
                           R"(SELECT a.build_id, a.artifact_id, p.key, p.value,
CASE p.key WHEN 'FILE_SIZE' THEN p.value = CAST(f.size AS TEXT) WHEN 'FILE_HASH' THEN coalesce(p.sha256, '') = nullif(lower(hex(b.sha256)), '')
WHEN 'METADATA_SIZE' THEN p.value = CAST(u.metadata_size AS TEXT) WHEN 'METADATA_HASH' THEN coalesce(p.sha256, '') = u.metadata_sha256 END, f.artifact_id, lower(hex(p.fact_id))
FROM _update_property p JOIN _artifact a ON a.blob_id = p.blob_id
LEFT JOIN _artifact f ON f.build_id = a.build_id AND f.path = substr(a.path, 1, length(a.path) - length('payload_properties.txt')) || 'payload.bin' AND a.path <> ''
LEFT JOIN _blob b ON b.blob_id = f.blob_id LEFT JOIN _update_payload u ON u.blob_id = f.blob_id)"};
constexpr const View* kViews[] = {&kMetadataStatements, &kProperties};

constexpr std::string_view kProperties_txt = "payload_properties.txt";

bool wants(std::string_view, std::string_view name) { return name == "metadata" || name == "metadata.pb" || name == kProperties_txt; }

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// 43 digits and one '='; "" for anything else.
std::string sha256_of_base64(std::string_view text) {
  if (text.size() != 44 || text[43] != '=') return {};
  std::array<std::uint8_t, 32> out{};
  std::uint32_t bits = 0;
  unsigned have = 0;
  std::size_t n = 0;
  for (const char c : text.substr(0, 43)) {
    const int digit = base64_digit(c);
    if (digit < 0) return {};
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    have += 6;
    if (have < 8 || n == out.size()) continue;
    have -= 8;
    out[n++] = static_cast<std::uint8_t>(bits >> have);
  }
  return n == out.size() ? hex(Bytes(std::span<const std::uint8_t>(out))) : std::string();
}

// Other files are called so too: what those of updates lack is told with the update (update_places), where the place is known.
void run(const FileItem& item, FactSink& sink) {
  const std::uint64_t size = item.source->size();
  const auto blob = item.source->load(0, std::min(size, kLargest));
  if (!blob) return;
  const auto stop = [&](const std::optional<Error>& stopped, ProblemSeverity severity) {
    if (stopped) sink.problem({*stopped, severity});
    else if (size > kLargest) sink.problem({fail(Code::over_budget, kLargest, "statements of an update of more than 1 MiB: those from here on are not told").error(), severity});
  };
  if (item.name == kProperties_txt) {
    const update_claims::Claims claims = update_claims::read_lines(blob->bytes());
    stop(claims.stopped, ProblemSeverity::data_loss);
    for (const update_claims::Claim& c : claims.list) {
      Row row(kProperty);
      row.set("key", c.key).set("value", c.value).set("at", static_cast<std::int64_t>(c.at));
      if (const std::string digest = sha256_of_base64(c.value); !digest.empty() && c.key.ends_with("_HASH")) row.set("sha256", digest);
      sink.fact({&kProperty, item.blob, row.values(), {{item.blob, c.at, c.length}}, kName});
    }
    return;
  }
  const bool binary = item.name == "metadata.pb";
  const auto claims = binary ? update_claims::read_pb(blob->bytes()) : Result<update_claims::Claims>(update_claims::read_text(blob->bytes()));
  if (!claims) return sink.problem({claims.error(), ProblemSeverity::info, {}, "no matter, unless it is META-INF/com/android/metadata.pb of an update"});
  if (binary || !claims->list.empty()) stop(claims->stopped, binary ? ProblemSeverity::info : ProblemSeverity::data_loss);
  for (const update_claims::Claim& c : claims->list) {
    Row row(kMetadata);
    row.set("key", c.key).set("value", c.value).set("at", static_cast<std::int64_t>(c.at));
    sink.fact({&kMetadata, item.blob, row.values(), {{item.blob, c.at, c.length}}, kName});
  }
}

}  // namespace

extern const Extractor extractor_update_metadata;
constexpr Extractor extractor_update_metadata{.name = kName, .title = "What updates say of themselves", .emits = kEmits, .wants = wants, .run = run, .views = kViews};

}  // namespace klik
