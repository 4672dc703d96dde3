// The rows of a build, made by a test: for image extractors.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "extract/columns.h"

namespace klik::test {

class MadeRows final : public BuildRows {
 public:
  BlobId build() const override { return BlobId(sha256(Bytes::of("made build"))); }
  void artifacts(const std::function<void(const ArtifactRow&)>& each) const override {
    for (const Artifact& a : artifacts_) each(a.row);
  }
  void facts(const FactKind& kind, const std::function<void(const FactRow&)>& each) const override {
    for (const Stored& s : facts_)
      if (s.kind == &kind) each({s.id, s.artifact->row, s.values});
  }

  // Facts added after this are about this file.
  void file(std::string path, std::string device_path = "", std::string selinux = "") {
    Artifact& a = artifacts_.emplace_back();
    a.path = std::move(path);
    a.device_path = std::move(device_path);
    a.selinux = std::move(selinux);
    a.row = {.path = a.path, .device_path = a.device_path, .kind = "file", .state = "read", .size = 0, .blob = BlobId(sha256(Bytes::of(a.path))), .mode = {}, .uid = {}, .gid = {}, .selinux = a.selinux, .capability_hex = {}, .link_target = {}};
  }
  void link(std::string path, std::string device_path, std::string target) {
    file(std::move(path), std::move(device_path));
    Artifact& a = artifacts_.back();
    a.kind = "symlink";
    a.target = std::move(target);
    a.row.kind = a.kind;
    a.row.link_target = a.target;
    a.row.blob.reset();
  }
  // An image of that content.
  void image(std::string path, std::string kind, Bytes bytes) {
    file(std::move(path));
    Artifact& a = artifacts_.back();
    a.kind = std::move(kind);
    a.row.kind = a.kind;
    a.row.size = bytes.size();
    a.row.blob = BlobId(sha256(bytes));
  }
  // The file added last lies in another place as well, with all that was found in it.
  void again(std::string path) {
    const Artifact& there = artifacts_.back();
    const BlobId blob = *there.row.blob;
    std::vector<Stored> copies;
    for (const Stored& s : facts_)
      if (s.artifact == &there) copies.push_back(s);
    file(std::move(path));
    artifacts_.back().row.blob = blob;
    for (Stored& s : copies) {
      s.artifact = &artifacts_.back();
      facts_.push_back(std::move(s));
    }
  }
  // One that a local extractor has made, about the file added last.
  FactId fact(const Fact& f) {
    Stored& s = facts_.emplace_back(Stored{f.kind, fact_id(f), &artifacts_.back(), f.values});
    return s.id;
  }
  FactId fact(std::string_view kind_name, std::initializer_list<std::pair<std::string_view, Value>> columns) {
    const FactKind* kind = find_kind(kind_name);
    EXPECT_NE(kind, nullptr) << kind_name;
    if (!kind) return {};
    Stored& s = facts_.emplace_back(Stored{kind, {}, &artifacts_.back(), std::vector<Value>(kind->columns.size())});
    for (const auto& [name, value] : columns) {
      const auto at = std::ranges::find(kind->columns, name, &Column::name) - kind->columns.begin();
      EXPECT_LT(static_cast<std::size_t>(at), kind->columns.size()) << name;
      s.values[static_cast<std::size_t>(at)] = value;
    }
    s.id[0] = static_cast<std::uint8_t>(facts_.size());
    s.id[1] = static_cast<std::uint8_t>(facts_.size() >> 8);
    return s.id;
  }

 private:
  struct Artifact {
    std::string path, device_path, selinux, kind, target;
    ArtifactRow row{};
  };
  struct Stored {
    const FactKind* kind;
    FactId id;
    const Artifact* artifact;
    std::vector<Value> values;
  };
  std::deque<Artifact> artifacts_;
  std::deque<Stored> facts_;
};

inline RecordingSink run_image(std::string_view extractor_name, const BuildRows& rows, const std::function<SourceRef(std::string_view, const BlobId&)>& open = {}, unsigned threads = 1) {
  static constexpr Budget budget;
  Pool pool(threads);
  const NameLists lists;
  RecordingSink sink;
  for (const ImageExtractor* e : image_extractors())
    if (e->name == extractor_name) {
      e->run({rows, pool, budget, lists, open}, sink);
      return sink;
    }
  ADD_FAILURE() << "no image extractor " << extractor_name;
  return sink;
}

}  // namespace klik::test
