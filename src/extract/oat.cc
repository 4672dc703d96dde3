// What compiled code says of itself: from which file it was made, with which settings, and where the DEX is.
#include "formats/android/oat.h"

#include <string>

#include "containers/oat_elf.h"
#include "extract/extractor.h"
#include "formats/android/vdex.h"

namespace klik {
namespace {

constexpr std::string_view kName = "oat@1";
constexpr std::uint64_t kLargest = std::uint64_t{256} << 20;

constexpr Column kEntryColumns[] = {
    {"number", ColumnType::integer, "0 for classes.dex, counting up", true},
    {"location", ColumnType::text, "The file it was compiled from, on the phone or on the builder's machine; null in a vdex, which does not say", true, true},
    {"location_checksum", ColumnType::text, "CRC-32 of the DEX in that file's zip, eight hexadecimal digits: what pairs compiled code with its app"},
    {"dex_count", ColumnType::integer, "DEX files that this file is about"},
    {"dex_in", ColumnType::text, "Where the DEX is: oat, vdex or app"},
    {"format_version", ColumnType::integer, "Of the OAT or vdex format, which tells the Android release"},
};
constexpr FactKind kEntry{"code.oat_entry", "A DEX file that compiled code (OAT or vdex) was made from", kEntryColumns};

constexpr Column kSettingColumns[] = {
    {"name", ColumnType::text, "For example compiler-filter, classpath or dex2oat-cmdline", true},
    {"value", ColumnType::text, "As written", true},
};
constexpr FactKind kSetting{"code.oat_setting", "A setting that the compiler of an OAT file recorded", kSettingColumns};
constexpr const FactKind* kEmits[] = {&kEntry, &kSetting};

bool wants(std::string_view kind, std::string_view) { return kind == "oat" || kind == "vdex"; }

std::string eight_digits(std::uint32_t word) {
  std::string out(8, '0');
  for (std::size_t i = 0; i < 8; ++i) out[7 - i] = "0123456789abcdef"[(word >> (4 * i)) & 15];
  return out;
}

void run_vdex(const FileItem& item, Bytes bytes, FactSink& sink) {
  const auto read = vdex::read(bytes);
  if (!read) return;   // the container has said so
  const vdex::File& file = read->file;
  for (std::size_t i = 0; i < file.location_checksums.size(); ++i) {
    Row row(kEntry);
    row.set("number", static_cast<std::int64_t>(i)).set("location_checksum", eight_digits(file.location_checksums[i]));
    row.set("dex_count", static_cast<std::int64_t>(file.location_checksums.size())).set("dex_in", file.has_dex_section ? "vdex" : "app");
    row.set("format_version", std::int64_t{file.version});
    sink.fact({.kind = &kEntry, .about = item.blob, .values = row.values(), .origins = {{item.blob, file.checksums_at + 4 * i, 4}}, .extractor = kName});
  }
}

void run_oat(const FileItem& item, FactSink& sink) {
  const auto where = find_oatdata(*item.source);
  if (!where || where->length > kLargest) return;
  const auto blob = item.source->load(where->at, where->length);
  if (!blob) return;
  const auto file = oat::read(blob->bytes());
  if (!file) return;
  for (std::size_t i = 0; i < file->entries.size(); ++i) {
    const oat::Entry& e = file->entries[i];
    constexpr std::string_view kPlaces[] = {"oat", "vdex", "app"};
    Row row(kEntry);
    row.set("number", static_cast<std::int64_t>(i)).set("location", e.location).set("location_checksum", eight_digits(e.location_checksum));
    row.set("dex_count", std::int64_t{file->dex_count}).set("dex_in", kPlaces[std::to_underlying(e.where)]);
    row.set("format_version", std::int64_t{file->version});
    sink.fact({.kind = &kEntry, .about = item.blob, .values = row.values(), .origins = {{item.blob, where->at + e.at, e.length}}, .extractor = kName});
  }
  for (const oat::Setting& s : file->settings) {
    Row row(kSetting);
    row.set("name", s.key).set("value", s.value);
    sink.fact({.kind = &kSetting, .about = item.blob, .values = row.values(), .origins = {{item.blob, where->at + s.at, s.length}}, .extractor = kName});
  }
}

void run(const FileItem& item, FactSink& sink) {
  if (item.kind == "oat") return run_oat(item, sink);
  if (item.source->size() > kLargest) return;
  const auto blob = item.source->load();
  if (blob) run_vdex(item, blob->bytes(), sink);
}

}  // namespace

extern const Extractor extractor_oat;
constexpr Extractor extractor_oat{.name = kName, .title = "Compiled code: what it was made from, and how", .emits = kEmits, .wants = wants, .run = run};

}  // namespace klik
