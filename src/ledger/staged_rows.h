// The staged rows of one build, for image extractors.
#pragma once

#include <list>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "facts/build_rows.h"
#include "ledger/staged_artifacts.h"
#include "ledger/sorted_runs.h"
#include "ledger/staged_facts.h"

namespace klik {

// Where the bytes of an artifact are: equal bytes may lie in many places.
struct ArtifactPlace {
  std::uint32_t blob, artifact;            // the blob by its number in the table of blobs
  friend auto operator<=>(const ArtifactPlace&, const ArtifactPlace&) = default;
};

// One object serves all extractors of a build: where the facts of a kind belong is worked out once, and again only when more of
// them have come. Everything given must outlive it. `places` are in order.
class StagedRows {
 public:
  // `scratch_beside`: where a scratch file may be made. `most_held`: entries kept in memory, of 24 bytes each.
  StagedRows(StagedFacts& facts, const StagedArtifacts& artifacts, const BlobId& build, std::span<const ArtifactPlace> places, std::string scratch_beside, std::size_t most_held);

  const BlobId& build() const { return build_; }
  const StagedArtifacts& artifacts() const { return artifacts_; }
  // By artifact and fact_id, each fact once per place; facts on the build itself last. Values are valid during the call.
  // `each` may read other facts and stage new ones.
  void facts(const FactKind& kind, const std::function<void(const FactRow&)>& each);
  // A scratch file could not be written or read, and rows were left out.
  bool failed() const { return failed_; }

 private:
  struct Index {
    std::size_t kind;
    std::uint64_t rows;                    // that were staged when it was made
    SortedRuns order;                      // by artifact (kBuild: none), then in the order of fact_id
    unsigned readers = 0;
  };
  static constexpr std::uint64_t kBuild = ~std::uint64_t{0};
  Index* index(std::size_t kind);
  bool fill(Index& index);
  void make_room();
  bool read(Index& index, const std::function<void(const FactRow&)>& each);

  StagedFacts& facts_;
  const StagedArtifacts& artifacts_;
  BlobId build_;
  std::span<const ArtifactPlace> places_;
  ScratchFile scratch_;
  std::size_t most_held_;
  bool failed_ = false;
  std::list<Index> indexes_;               // those being read stay in place
};

// What CaseSink::rows_of() hands out over it.
std::unique_ptr<BuildRows> rows_over(StagedRows& rows);

}  // namespace klik
