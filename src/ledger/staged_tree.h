// Builds, their artifacts and what went wrong with them, in temporary tables until the case is published.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "facts/case_sink.h"
#include "ledger/sqlite.h"
#include "ledger/staged_rows.h"

namespace klik {

class StagedTree {
 public:
  // `db` has the published tables and must outlive this.
  explicit StagedTree(sqlite3* db);
  // False when the temporary tables could not be made; nothing else may be called then.
  bool valid() const { return put_input_ != nullptr; }

  // False: the database cannot be written.
  bool add_build(const BuildRecord& build);
  // `blob`: the number of its bytes in the table of blobs.
  bool add_artifact(const ArtifactRecord& artifact, std::optional<std::uint32_t> blob);
  bool add_input(const InputRecord& input);
  bool add_base(const BaseRecord& base);
  bool add_problem(const ProblemRecord& problem);

  const std::map<std::uint32_t, BlobId>& builds() const { return builds_; }
  // Of an image extractor's problem: the first artifact with these bytes, else the first of the build; none when there is none.
  std::optional<std::uint32_t> holder(std::uint32_t build, std::optional<std::uint32_t> blob);
  // In order; valid until the next artifact comes.
  std::span<const ArtifactPlace> places(std::uint32_t build);

  // Fills the published tables, once _blob is complete.
  bool publish();

 private:
  struct OfBuild {
    std::optional<std::uint32_t> first;
    std::vector<ArtifactPlace> places;
    bool sorted = true;
  };
  sqlite3* db_;
  std::unique_ptr<sql::Statement> put_artifact_, put_extent_, put_problem_, put_input_;
  std::map<std::uint32_t, BlobId> builds_;
  std::map<std::uint32_t, OfBuild> of_build_;
  FactId last_artifact_{};
  std::uint32_t last_artifact_id_ = 0;
};

}  // namespace klik
