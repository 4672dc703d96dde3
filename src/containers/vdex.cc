// The phone's compiled companion of an app: up to Android 11 it can hold the DEX files, with quickened code.
#include "formats/android/vdex.h"

#include <array>
#include <string>

#include "containers/container.h"
#include "formats/android/dex.h"
#include "formats/android/vdex_unquicken.h"

namespace klik {
namespace {

constexpr Magic kMagics[] = {{0, "vdex"}};

std::string dex_name(std::size_t number) { return number == 0 ? "classes.dex" : "classes" + std::to_string(number + 1) + ".dex"; }

std::string hex_word(std::uint32_t word) {
  const std::array<std::uint8_t, 4> bytes = {static_cast<std::uint8_t>(word >> 24), static_cast<std::uint8_t>(word >> 16), static_cast<std::uint8_t>(word >> 8), static_cast<std::uint8_t>(word)};
  return hex(Bytes(std::span<const std::uint8_t>(bytes)));
}

// The restored file must be the one that its own header describes. Compact DEX keeps the sums of the DEX it was made
// from, so they prove nothing there.
void check_proof(Bytes bytes, const std::string& name, std::uint64_t at, OpenContext& context) {
  const auto dex = dex::DexFile::open(bytes);
  if (!dex) return context.note(Severity::error, dex.error(), name);
  if (dex->is_compact()) return;
  const bool adler = dex->checksum_ok();
  if (!adler) context.note(Severity::error, Code::bad_checksum, at + 8, "the DEX does not have the Adler-32 that its header states", name);
  // Build steps of the system that rewrite a DEX renew the first sum and forget the second, so alone it proves little.
  if (!dex->signature_ok()) context.note(adler ? Severity::info : Severity::error, Code::bad_checksum, at + 12, "the DEX does not have the SHA-1 that its header states", name);
}

// Compact DEX finds its data behind all DEX files of the vdex, so its child reaches up to the end of that data: the bytes
// stay as they lie, and the child can be read alone.
vdex::Range extent_of(const vdex::File& file, std::size_t number, Bytes bytes) {
  vdex::Range extent = file.dex[number].own;
  const auto start = bytes.slice(extent.at, 4);
  if (start && start->starts_with("cdex") && file.shared.length != 0) extent.length = file.shared.at + file.shared.length - extent.at;
  return extent;
}

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  if (source->size() > context.budget.unit_bytes) return fail(Code::over_budget, 0, "a vdex larger than what may be held in memory");
  KLIK_TRY(const Blob blob, source->load());
  const Bytes bytes = blob.bytes();
  KLIK_TRY(const vdex::Read read, vdex::read(bytes));
  const vdex::File& file = read.file;
  if (!read.complete) context.note(Severity::data_loss, read.broken);
  if (!file.has_dex_section) {
    std::string sums;
    for (const std::uint32_t sum : file.location_checksums) sums += (sums.empty() ? "" : " ") + hex_word(sum);
    context.note(Severity::info, Code::absent, file.checksums_at, "this vdex holds no DEX: the code is in the app whose classes.dex has this CRC-32", std::move(sums));
  }
  Contents contents{.kind = "", .children = {}};
  vdex::Unquickener unquickener(file, bytes);
  std::uint64_t copied = 0;
  for (std::size_t i = 0; i < file.dex.size(); ++i) {
    const vdex::Range extent = extent_of(file, i, bytes);
    Child child;
    child.name = dex_name(i);
    child.size = extent.length;
    append_extent(child.extents, extent.at, extent.length);
    copied += extent.length;
    if (copied > context.budget.unit_bytes) {
      child.state = State::over_budget;
      context.note(Severity::data_loss, Code::over_budget, extent.at, "the DEX files together are larger than what may be held in memory", child.name);
      contents.children.push_back(std::move(child));
      continue;
    }
    vdex::Unquickened undone = unquickener.undo(i, extent);
    if (undone.broken) context.note(Severity::data_loss, *undone.broken, child.name, "some references in the code of this DEX have no name; the same app's APK may hold it whole");
    check_proof(Bytes(std::span<const std::uint8_t>(undone.bytes)), child.name, extent.at, context);
    if (undone.restored == 0) {
      KLIK_TRY(child.source, window(source, extent.at, extent.length));
    } else {
      child.transform = "vdex-unquickened";
      child.source = memory_source(std::move(undone.bytes));
    }
    contents.children.push_back(std::move(child));
  }
  return contents;
}

}  // namespace

extern const Container container_vdex;
constexpr Container container_vdex{
    .name = "vdex",
    .title = "vdex: DEX files and checksums beside a compiled app",
    .spec = "AOSP art/runtime/vdex_file.h, dex_to_dex_decompiler.cc",
    .limits = "versions 006, 010, 019, 021 and 027 (Android 8 to 15); verifier dependencies are not read; a child that is compact DEX holds all data that it shares with its neighbours",
    .magics = kMagics,
    .open = open,
};

}  // namespace klik
