// Opening an ELF file for the extractors over native code.
#pragma once

#include <optional>

#include "extract/extractor.h"
#include "formats/native/elf.h"

namespace klik {

struct NativeFile {
  Blob blob;
  elf::File elf;
};

// By content and not by name: every artifact whose bytes start as ELF.
inline bool is_elf(std::string_view kind, std::string_view) { return kind == "elf"; }

// Nothing when the file cannot be read. The reason is a problem of native_library's, said once and not by each extractor.
inline std::optional<NativeFile> open_native(const FileItem& item, FactSink* problems) {
  const auto give_up = [&](const Error& error) {
    if (problems) problems->problem({error, ProblemSeverity::data_loss, {}, {}});
    return std::nullopt;
  };
  if (item.source->size() > item.budget.unit_bytes) return give_up(fail(Code::over_budget, 0, "an ELF file of more than 256 MiB").error());
  auto blob = item.source->load();
  if (!blob) return std::nullopt;   // the walk has said so
  const auto file = elf::File::read(blob->bytes());
  if (!file) {
    // A file that only ends in .ko, or the start of another format, is no ELF file that could not be read.
    if (file.error().code == Code::bad_magic) return std::nullopt;
    return give_up(file.error());
  }
  return NativeFile{std::move(*blob), *file};
}

}  // namespace klik
