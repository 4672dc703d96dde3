// The tables and lists of a DEX file, as Zucchini finds them: by the map alone, in versions 035, 037, 038 and 039.
// Source: Chromium components/zucchini/disassembler_dex.cc; source.android.com "Dalvik executable format".
#pragma once

#include <array>
#include <vector>

#include "formats/patch/zucchini/references.h"

namespace klik::zucchini {

// Whatever has references in it, or is the target of some.
enum class DexItem : std::uint8_t {
  string_id, type_id, proto_id, field_id, method_id, class_def, call_site_id, method_handle,   // tables of items of one size
  type_list, annotation_set_refs, annotation_set, annotation_directory,                        // lists, with entries …
  field_annotation, method_annotation, parameter_annotation,                                   // … and parts of directories
  code,
};
inline constexpr std::size_t kDexItems = static_cast<std::size_t>(DexItem::code) + 1;

// Of an item of a table, an entry of a list, a directory without its parts, or the head of a method's code.
std::uint32_t dex_item_size(DexItem item);

struct DexTables {
  struct Table {
    std::uint32_t at = 0, count = 0;
  };
  std::array<Table, kDexItems> tables{};

  const Table& operator[](DexItem item) const { return tables[static_cast<std::size_t>(item)]; }
};

// Where each entry of a list and each method's code begins, in order.
struct DexLayout : DexTables {
  std::array<std::vector<std::uint32_t>, kDexItems> places{};   // empty for tables

  const std::vector<std::uint32_t>& places_of(DexItem item) const { return places[static_cast<std::size_t>(item)]; }
};

// Errors: bad_value (not such a DEX file, or it does not end where the image does), over_budget.
Result<DexTables> read_dex_tables(Bytes image);
Result<DexLayout> read_dex_layout(Bytes image);

}  // namespace klik::zucchini
