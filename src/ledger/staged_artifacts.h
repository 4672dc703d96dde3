// The artifacts of one build while a case is written, for those who read its rows.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "facts/build_rows.h"
#include "ledger/sqlite.h"

namespace klik {

class StagedArtifacts {
 public:
  // More than `most_held` are asked of the database again and again. `db` has temp.s_artifact and must outlive this.
  StagedArtifacts(sqlite3* db, std::uint32_t build, std::size_t most_held = 200'000);   // a large phone has a tenth

  // In the order of their numbers. What a held row points at stays; otherwise it is valid during the call.
  void each(const std::function<void(const ArtifactRow&)>& use) const;

  // Looks up artifacts by number, for one who reads.
  class Finder {
   public:
    explicit Finder(const StagedArtifacts& all);
    // Null when the build has no such artifact. When they are not held: valid until the next call.
    const ArtifactRow* find(std::uint32_t number);

   private:
    const StagedArtifacts& all_;
    std::unique_ptr<sql::Statement> one_;
    ArtifactRow found_{};
  };

 private:
  std::string_view keep(std::string_view text);
  void hold(std::uint32_t number, const ArtifactRow& a);
  void stream(const std::function<void(std::uint32_t, const ArtifactRow&)>& use) const;

  sqlite3* db_;
  std::uint32_t build_;
  bool held_ = false;
  std::vector<ArtifactRow> rows_;
  std::unordered_map<std::uint32_t, std::uint32_t> places_;   // by number
  std::deque<std::string> texts_;
  std::set<std::string, std::less<>> repeated_;
};

}  // namespace klik
