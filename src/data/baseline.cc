#include "data/baseline.h"

#include <set>
#include <span>

#include "data/table.h"

namespace klik {
std::span<const EmbeddedFile> embedded_baseline();   // data/baseline/*
}

namespace klik::data {

bool in_plain_aosp(std::string_view package) {
  static const std::set<std::string_view> names = [] {
    std::set<std::string_view> out;
    for (const EmbeddedFile& f : embedded_baseline())
      if (f.name == "aosp_packages.txt")
        for (const TableRow& row : rows_of(f.text)) out.insert(row[0]);
    return out;
  }();
  return names.contains(package);
}

}  // namespace klik::data
