// Code that the phone compiled ahead, as ELF. Up to Android 7 the DEX files lie inside; later they lie in the vdex beside it
// or stay in the app, and this file only names them.
#include "formats/android/oat.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "containers/container.h"
#include "containers/oat_elf.h"
#include "containers/unique_names.h"
#include "formats/android/dex_walk.h"

namespace klik {
namespace {

bool recognise(const Source& source, std::string_view) { return find_oatdata(source).has_value(); }

// "classes2.dex", or "core-libart.jar/classes2.dex" where the OAT holds more than one file's code.
std::string child_name(const oat::File& file, const oat::Entry& entry) {
  const auto plain = [](std::string_view part) { return part.empty() || part.contains('/') || part == "." || part == ".." ? std::string("dex") : std::string(part); };
  const std::string_view first = oat::file_of(file.entries[0].location), own = oat::file_of(entry.location);
  const bool several = std::ranges::any_of(file.entries, [&](const oat::Entry& e) { return oat::file_of(e.location) != first; });
  return several ? plain(text::last_part(own)) + "/" + plain(oat::dex_of(entry.location)) : plain(oat::dex_of(entry.location));
}

// Quickened code without a table: said with its share, so that a reader knows what cannot be followed.
void note_quickened(Bytes bytes, const std::string& name, std::uint64_t at, OpenContext& context) {
  const auto dex = dex::DexFile::open(bytes);
  if (!dex) return;   // whoever reads the child says why
  const dex::Quickened count = dex::count_quickened(*dex);
  if (count.invokes == 0 && count.fields == 0) return;
  context.note(Severity::info, Code::deviation, at, "code that the phone rewrote refers to methods and fields without naming them",
               name + ": " + std::to_string(count.invokes) + " calls and " + std::to_string(count.fields) + " fields of " + std::to_string(count.instructions) + " instructions");
}

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  const auto where = find_oatdata(*source);
  if (!where) return fail(Code::bad_magic, 0, "no OAT in this ELF file");
  if (where->length > context.budget.unit_bytes) return fail(Code::over_budget, where->at, "an OAT larger than what may be held in memory");
  KLIK_TRY(const Blob blob, source->load(where->at, where->length));
  auto read = oat::read(blob.bytes());
  if (!read) {
    read.error().at += where->at;
    return fail(read.error());
  }
  if (!read->complete) {
    read->broken.at += where->at;
    context.note(Severity::data_loss, read->broken, std::to_string(read->dex_count - read->entries.size()) + " of " + std::to_string(read->dex_count) + " DEX files");
  }
  Contents contents{.kind = "", .children = {}};
  UniqueNames names;
  for (const oat::Entry& entry : read->entries) {
    if (entry.where != oat::CodeIn::oat) {
      context.note(Severity::info, Code::absent, where->at + entry.at,
                   entry.where == oat::CodeIn::vdex ? "the DEX of this code lies in the vdex beside it" : "the DEX of this code stays in the app", std::string(entry.location));
      continue;
    }
    Child child;
    child.name = names.take(child_name(*read, entry));
    child.size = entry.dex_size;
    append_extent(child.extents, where->at + entry.dex_at, entry.dex_size);
    KLIK_TRY(child.source, window(source, where->at + entry.dex_at, entry.dex_size));
    KLIK_TRY(const Bytes bytes, blob.bytes().slice(entry.dex_at, entry.dex_size));
    note_quickened(bytes, child.name, where->at + entry.dex_at, context);
    contents.children.push_back(std::move(child));
  }
  return contents;
}

}  // namespace

extern const Container container_oat;
constexpr Container container_oat{
    .name = "oat",
    .title = "OAT: code compiled ahead by the phone (.odex, .oat)",
    .spec = "AOSP art/runtime/oat.h, oat_file.cc",
    .limits = "compiled code is not read; quickened code of Android 5 to 7 keeps unresolved calls, which are counted",
    .recognise = recognise,
    .open = open,
};

}  // namespace klik
