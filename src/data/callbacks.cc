#include "data/callbacks.h"

#include "data/table.h"

namespace klik {
std::span<const EmbeddedFile> embedded_framework();   // data/framework/*
}

namespace klik::data {

std::span<const PlatformClass> platform_classes() {
  static const std::vector<PlatformClass> all = [] {
    std::vector<PlatformClass> out;
    for (const EmbeddedFile& f : embedded_framework())
      for (const TableRow& row : rows_of(f.text)) out.push_back({row[0], row[1], items_of(row[2]), items_of(row[3])});
    return out;
  }();
  return all;
}

}  // namespace klik::data
