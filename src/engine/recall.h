// What earlier scans found out about content, looked up by its digest. Content is taken from there only when everything inside
// it is there too; then nothing of it is opened.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "cache/store.h"
#include "engine/remembered.h"
#include "engine/scan.h"

namespace klik {

// Where restored nodes go.
class NodeMaker {
 public:
  virtual ~NodeMaker() = default;
  virtual Node* new_node() = 0;
  // The node of this content in this role, and whether the caller must fill it.
  virtual std::pair<Node*, bool> shared_node(const BlobId& blob, unsigned depth, std::string_view name) = 0;
};

class Recall {
 public:
  explicit Recall(const ScanOptions& options);   // without a cache folder it finds nothing and keeps nothing
  // `program`: which program it is. An error means that nothing can be kept, which finish() then says.
  Recall(const ScanOptions& options, const Result<Sha256Digest>& program);
  ~Recall();

  bool on() const { return store_ != nullptr; }
  cache::Store* store() { return store_.get(); }

  using Sibling = std::function<SourceRef(std::string_view)>;
  // Fills `into` and everything below it, and hands the facts to the sink. The number of files below; empty when it is not known.
  std::optional<std::uint64_t> restore(const BlobId& blob, std::string_view name, unsigned depth, const Sibling& sibling, Node& into, NodeMaker& maker, CaseSink& sink);
  // Keeps a node of which all edges are final, if it follows from the bytes alone. `facts`: as packed.
  void keep(const BlobId& blob, std::string_view name, const Node& node, const Role& role, std::string_view facts);
  // Writes what was kept; "" or a warning.
  std::string finish();

 private:
  struct Verdict {
    bool known = false;             // the record itself is there
    bool whole = false;             // and all of what is inside
    unsigned levels = 0;            // of containers, itself included
    std::vector<std::string> absent;
  };

  cache::Key key_of(const BlobId& blob, std::string_view name) const;
  Verdict judge(const BlobId& blob, std::string_view name, unsigned nesting);
  std::uint64_t fill(const BlobId& blob, Remembered known, const Blob& record, unsigned depth, Node& into, NodeMaker& maker, CaseSink& sink);
  Node* restore_child(const Edge& edge, unsigned depth, NodeMaker& maker, CaseSink& sink, std::uint64_t& files);

  std::uint32_t deepest_;
  std::uint64_t most_files_;
  Sha256Digest surroundings_{};     // what facts depend on besides bytes and names
  std::unique_ptr<cache::Store> store_;
  std::string warning_;             // why there is none though one was wanted
  KeptTexts texts_;
  std::mutex mutex_;
  std::map<cache::Key, Verdict> verdicts_;
};

}  // namespace klik
