// Running an extractor in tests, and reading its facts by column name.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "extract/extractor.h"

namespace klik::test {

inline const Extractor& extractor(std::string_view name) {
  for (const Extractor* e : extractors())
    if (e->name == name) return *e;
  ADD_FAILURE() << "no extractor " << name;
  std::abort();
}

inline RecordingSink extract(std::string_view extractor_name, const SourceRef& source, std::string_view kind, std::string_view name = "") {
  static constexpr Budget budget;
  const auto bytes = source->load();
  RecordingSink sink;
  if (!bytes) {
    ADD_FAILURE() << "input cannot be read";
    return sink;
  }
  const FileItem item{BlobId(sha256(bytes->bytes())), source, kind, name, budget};
  EXPECT_TRUE(extractor(extractor_name).wants(kind, name));
  extractor(extractor_name).run(item, sink);
  for (const Fact& f : sink.facts) {
    EXPECT_FALSE(f.origins.empty());
    EXPECT_EQ(f.values.size(), f.kind->columns.size());
    for (const Place& p : f.origins)   // a fact's range lies inside its own blob
      if (p.blob == item.blob) { EXPECT_TRUE(p.at <= bytes->size() && p.length <= bytes->size() - p.at); }
  }
  return sink;
}

// The column's value as text; "null" when it is not stated.
inline std::string column(const Fact& fact, std::string_view name) {
  for (std::size_t i = 0; i < fact.kind->columns.size(); ++i) {
    if (fact.kind->columns[i].name != name) continue;
    if (const auto* number = std::get_if<std::int64_t>(&fact.values[i])) return std::to_string(*number);
    if (const auto* text = std::get_if<std::string>(&fact.values[i])) return *text;
    return "null";
  }
  ADD_FAILURE() << "no column " << name;
  return "";
}

inline std::vector<Fact> of_kind(const RecordingSink& sink, std::string_view kind) {
  std::vector<Fact> out;
  for (const Fact& f : sink.facts)
    if (f.kind->name == kind) out.push_back(f);
  return out;
}

}  // namespace klik::test
