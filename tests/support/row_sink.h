// Everything a scan hands over, as sorted text: equal scans give equal texts.
#pragma once

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

#include "facts/case_sink.h"

namespace klik::test {

class RowSink final : public CaseSink {
 public:
  void add_facts(std::vector<Fact> facts) override {
    const std::lock_guard lock(mutex_);
    for (const Fact& f : facts) {
      std::string row = "fact " + std::string(f.kind->name) + " " + hex(Bytes(fact_id(f))) + " " + std::string(f.extractor);
      for (const Value& v : f.values) row += v.index() == 0 ? " -" : v.index() == 1 ? " " + std::to_string(std::get<1>(v)) : " '" + std::get<2>(v) + "'";
      for (const Place& p : f.origins) row += " " + hex(as_bytes(p.blob.sha256())).substr(0, 8) + ":" + std::to_string(p.at) + "+" + std::to_string(p.length);
      rows_.push_back(std::move(row));
      ++facts_;
    }
  }
  void add_build(const BuildRecord& b) override { add("build " + hex(as_bytes(b.digest.sha256()))); }
  void add_artifact(const ArtifactRecord& a) override {
    std::string row = "artifact " + std::to_string(a.id) + " " + std::to_string(a.parent) + " " + a.path + " " + a.device_path + " " + std::string(a.kind) + " " + std::string(a.state) + " " + std::to_string(a.size) + " " +
                      std::string(a.transform) + " " + std::to_string(a.mode) + " " + a.selinux + " " + a.link_target + " " + (a.blob ? hex(as_bytes(a.blob->sha256())) : "-");
    for (const ByteRange& r : a.ranges) row += " " + std::to_string(r.at) + "+" + std::to_string(r.length);
    add(std::move(row));
  }
  void add_input(const InputRecord&) override {}
  void add_base(const BaseRecord&) override {}
  void add_problem(const ProblemRecord& p) override {
    add("problem " + std::to_string(p.artifact) + " " + std::string(code_name(p.problem.error.code)) + " " + std::to_string(p.problem.error.at) + " " + p.problem.error.what + " " + p.problem.detail + " " + p.problem.advice);
  }
  std::unique_ptr<BuildRows> rows_of(std::uint32_t) override { return std::make_unique<NoRows>(); }
  void add_build_facts(std::uint32_t, std::vector<Fact>, std::vector<Problem>) override {}

  std::vector<std::string> rows() const {
    std::vector<std::string> out = rows_;
    std::ranges::sort(out);
    return out;
  }
  std::size_t facts() const { return facts_; }

 private:
  class NoRows final : public BuildRows {
   public:
    BlobId build() const override { return BlobId(Sha256Digest{}); }
    void artifacts(const std::function<void(const ArtifactRow&)>&) const override {}
    void facts(const FactKind&, const std::function<void(const FactRow&)>&) const override {}
  };
  void add(std::string row) { rows_.push_back(std::move(row)); }

  std::mutex mutex_;
  std::vector<std::string> rows_;
  std::size_t facts_ = 0;
};

}  // namespace klik::test
