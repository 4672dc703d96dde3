// Writes a case file: rows are staged as they come and published in key order at the end, so that threads
// and inputs may arrive in any order and the file still is the same.
#pragma once

#include <memory>
#include <string>

#include "facts/case_sink.h"
#include "ledger/schema.h"
#include "ledger/staged_facts.h"

namespace klik {

class CaseWriter final : public CaseSink {
 public:
  // Works in a new file beside `path`; publish() moves it into place, so an interrupted scan leaves no half case.
  // When the file cannot be made, error() is set and all calls do nothing.
  CaseWriter(const std::string& path, Declarations declarations, const WriterLimits& limits = {});
  ~CaseWriter() override;

  void add_facts(std::vector<Fact> facts) override;
  void add_build(const BuildRecord& build) override;
  void add_artifact(const ArtifactRecord& artifact) override;
  void add_input(const InputRecord& input) override;
  void add_base(const BaseRecord& base) override;
  void add_problem(const ProblemRecord& problem) override;
  std::unique_ptr<BuildRows> rows_of(std::uint32_t build) override;
  void add_build_facts(std::uint32_t build, std::vector<Fact> facts, std::vector<Problem> problems) override;
  // Text for _meta that is no evidence: "tool", "spilled", …
  void add_note(std::string_view key, std::string_view value);

  // Makes the published tables and the digest, and puts the file in place. A case that is not complete gets
  // no digest. False on failure; see error().
  bool publish(bool complete = true);
  const std::string& error() const;
  const std::string& digest() const;   // hex, after publish()

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace klik
