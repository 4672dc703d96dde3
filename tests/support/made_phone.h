// A phone made of texts: runs local extractors on its files, then image extractors on their rows, as a scan does.
#pragma once

#include <algorithm>
#include <list>
#include <string>
#include <vector>

#include "support/facts.h"

namespace klik::test {

class MadePhone final : public BuildRows {
 public:
  struct File {
    std::string path, device_path, kind, state, link_target, text;
    std::optional<BlobId> blob;
    ArtifactRow row;
  };

  // The artifact's path is the place on the phone without its first slash, unless another one is given.
  File& add(std::string device_path, std::string kind, std::string text, std::string path = "") {
    if (path.empty()) path = device_path.substr(1);
    File& f = files_.emplace_back(File{path, device_path, kind, "read", "", text, BlobId(sha256(Bytes::of(text))), {}});
    return finish(f);
  }
  File& listed(std::string device_path) { return finish(files_.emplace_back(File{device_path.substr(1), device_path, "file", "listed", "", "", std::nullopt, {}})); }
  File& link(std::string device_path, std::string target) { return finish(files_.emplace_back(File{device_path.substr(1), device_path, "symlink", "read", target, "", std::nullopt, {}})); }

  // Every local extractor that wants a file, then image extractors of these names, in this order.
  void scan(std::initializer_list<std::string_view> image_extractor_names) {
    static constexpr Budget budget;
    for (File& f : files_) {
      if (!f.blob) continue;
      const auto source = memory_source(std::vector<std::uint8_t>(f.text.begin(), f.text.end()));
      const std::string name = f.path.substr(f.path.find_last_of("/!") + 1);
      for (const Extractor* e : extractors())
        if (e->wants(f.kind, name)) e->run({*f.blob, source, f.kind, name, budget}, sink_);
    }
    Pool pool(1);
    for (const std::string_view name : image_extractor_names) {
      const auto found = std::ranges::find(image_extractors(), name, [](const ImageExtractor* e) { return e->name; });
      ASSERT_NE(found, image_extractors().end()) << name;
      RecordingSink own;
      (*found)->run({*this, pool, budget}, own);
      std::ranges::move(own.facts, std::back_inserter(sink_.facts));
      std::ranges::move(own.problems, std::back_inserter(sink_.problems));
    }
  }

  std::vector<Fact> of(std::string_view kind) const { return of_kind(sink_, kind); }
  const std::vector<Problem>& problems() const { return sink_.problems; }

  // "name=value" of each setting of a scope, sorted.
  std::vector<std::string> settings(std::string_view scope) const {
    std::vector<std::string> out;
    for (const Fact& f : of("system.setting"))
      if (column(f, "scope") == scope) out.push_back(column(f, "name") + "=" + column(f, "value"));
    std::ranges::sort(out);
    return out;
  }

  BlobId build() const override { return BlobId(sha256(Bytes::of("build"))); }
  void artifacts(const std::function<void(const ArtifactRow&)>& each) const override {
    for (const File& f : files_) each(f.row);
  }
  void facts(const FactKind& kind, const std::function<void(const FactRow&)>& each) const override {
    const ArtifactRow whole{"", "", "build", "read", 0, build(), {}, {}, {}, "", "", ""};
    for (const Fact& f : sink_.facts) {
      if (f.kind != &kind) continue;
      if (f.about == build()) each({fact_id(f), whole, f.values});
      for (const File& file : files_)
        if (file.blob == f.about) each({fact_id(f), file.row, f.values});
    }
  }

 private:
  static File& finish(File& f) {
    f.row = {f.path, f.device_path, f.kind, f.state, f.text.size(), f.blob, {}, {}, {}, "", "", f.link_target};
    return f;
  }

  std::list<File> files_;   // rows point into them
  RecordingSink sink_;
};

}  // namespace klik::test
