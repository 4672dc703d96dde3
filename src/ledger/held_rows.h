// Rows of one build that several image extractors read, kept in memory between them: each kind of fact is asked of the
// database once, and again only when more rows of it have come.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "facts/build_rows.h"

namespace klik {

class HeldRows {
 public:
  static constexpr std::uint64_t kMostBytes = std::uint64_t{96} << 20;
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  struct Row {
    std::uint32_t artifact;       // its place in artifacts(); kNone for facts on the build itself
    FactId id;
    std::vector<Value> values;
  };
  struct Kind {
    std::vector<Row> rows;        // by artifact and id, each once
    std::uint64_t staged = 0, bytes = 0;
  };

  // In the order they were added; what they point at stays in place.
  const std::vector<ArtifactRow>& artifacts() const { return artifacts_; }
  void add_artifact(std::uint32_t number, const ArtifactRow& a);
  std::uint32_t place_of(std::uint32_t number) const;
  bool complete = false;          // all artifacts were added

  // Null when they were not read, or more rows than `staged` have come since.
  const Kind* find(const FactKind& kind, std::uint64_t staged) const;
  // Puts them in order and keeps them. Other kinds make room unless `in_use`.
  const Kind& put(const FactKind& kind, std::uint64_t staged, std::vector<Row> rows, bool in_use);

 private:
  std::string_view keep(std::string_view text);

  std::vector<ArtifactRow> artifacts_;
  std::unordered_map<std::uint32_t, std::uint32_t> places_;
  std::deque<std::string> texts_;
  std::set<std::string, std::less<>> repeated_;
  std::map<std::string_view, Kind> kinds_;
  std::uint64_t bytes_ = 0;
};

}  // namespace klik
