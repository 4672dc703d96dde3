// Facts of one capture on their way to the case: what the owner named is hidden in them, and what is hidden in a fact of a connection is told as a leak.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "extract/hidden_identifiers.h"
#include "extract/known_by_digest.h"
#include "extract/leaks.h"

namespace klik {

class CaptureFacts final : public FactSink {
 public:
  // `owner` and `search`: null when nothing is looked for. All outlive this.
  CaptureFacts(FactSink& to, const BlobId& capture, const OwnerIdentifiers* owner, traffic::LeakSearch* search);
  // The fact of a connection must be its last: what of it was hidden and not told is told then.
  void fact(Fact fact) override;
  // Problems of a capture stand at its own offsets.
  void problem(Problem problem) override;

 private:
  // A connection and the digest of an identifier.
  using Seen = std::pair<std::int64_t, std::string>;
  // Keeps a leak to tell for each text that was hidden and is of something sent.
  void keep_untold(const Fact& fact, std::int64_t connection, const std::vector<HiddenText>& hidden);
  void end_connection(std::int64_t number);

  FactSink& to_;
  BlobId capture_;
  traffic::LeakSearch* search_;
  std::vector<std::string> digests_;      // by identifier
  std::set<Seen> told_;                   // of open connections
  KnownByDigest<bool> known_;             // of texts
  bool full_ = false;                     // it was, and said so
  std::map<Seen, Fact> untold_;           // leaks to tell unless a search finds more of them
};

}  // namespace klik
