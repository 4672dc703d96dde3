#include "data/digests.h"

#include "data/table.h"

namespace klik {
std::span<const EmbeddedFile> embedded_digests();   // data/digests/*
}

namespace klik::data {

std::span<const KnownDigest> known_digests() {
  static const std::vector<KnownDigest> all = [] {
    std::vector<KnownDigest> out;
    for (const EmbeddedFile& file : embedded_digests())
      for (const TableRow& r : rows_of(file.text)) {
        KnownDigest digest{r[0], r[1], {}, r[3] == "-" ? std::string_view() : r[3], r[4]};
        for (const std::string_view item : items_of(r[2])) {
          const bool literal = item.size() > 2 && item.starts_with('\'') && item.ends_with('\'');
          digest.parts.push_back({literal, literal ? item.substr(1, item.size() - 2) : item});
        }
        out.push_back(std::move(digest));
      }
    return out;
  }();
  return all;
}

}  // namespace klik::data
