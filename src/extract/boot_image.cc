// What the header of a boot image states about itself.
#include "formats/android/boot_image.h"

#include <algorithm>

#include "extract/extractor.h"

namespace klik {
namespace {

constexpr std::string_view kName = "boot_image@1";

constexpr Column kColumns[] = {
    {"vendor", ColumnType::boolean, "True for a vendor boot image"},
    {"header_version", ColumnType::integer, "0 to 4"},
    {"os_version", ColumnType::text, "Android version that the header states", false, true},
    {"os_patch_level", ColumnType::text, "Year and month that the header states; build properties may say otherwise", false, true},
    {"cmdline", ColumnType::text, "Kernel command line, both parts joined"},
    {"page_size", ColumnType::integer, "Members are padded to this many bytes"},
    {"board", ColumnType::text, "Product name; null where the version has no such field", false, true},
};
constexpr FactKind kBootImage{"boot.image", "The header of a boot, init_boot or vendor_boot image", kColumns};
constexpr const FactKind* kEmits[] = {&kBootImage};

bool wants(std::string_view kind, std::string_view) { return kind == "boot" || kind == "vendor_boot"; }

void run(const FileItem& item, FactSink& sink) {
  const auto start = item.source->load(0, std::min(item.source->size(), boot_image::kMaxHeader));
  if (!start) return sink.problem({start.error(), ProblemSeverity::data_loss});
  const auto header = boot_image::read(start->bytes());
  if (!header) return sink.problem({header.error(), ProblemSeverity::data_loss});
  Row row(kBootImage);
  row.set("vendor", header->vendor).set("header_version", std::int64_t{header->version});
  row.set("os_version", header->os_version).set("os_patch_level", header->patch_level);
  row.set("cmdline", header->command_line).set("page_size", std::int64_t{header->page_size});
  if (header->vendor || header->version < 3) row.set("board", header->board);
  sink.fact({.kind = &kBootImage, .about = item.blob, .values = std::move(row).values(), .origins = {{item.blob, 0, header->size}}, .extractor = kName});
}

}  // namespace

extern const Extractor extractor_boot_image;
constexpr Extractor extractor_boot_image{
    .name = kName,
    .title = "Boot images: versions, patch level and kernel command line",
    .emits = kEmits,
    .wants = wants,
    .run = run,
};

}  // namespace klik
