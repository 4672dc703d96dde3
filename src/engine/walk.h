// Reads everything inside the inputs once and builds the graph of content.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <tuple>

#include "engine/base_files.h"
#include "engine/image_bytes.h"
#include "engine/node.h"
#include "engine/recall.h"
#include "engine/scan.h"
#include "extract/extractor.h"

namespace klik {

class Walk final : private NodeMaker {
 public:
  Walk(const ScanOptions& options, CaseSink& sink, ScanProgress& progress);
  ~Walk() override;

  // One edge per input, in the order of options.inputs. Errors: io, when an input cannot be opened at all.
  Result<void> run();
  const std::deque<Edge>& roots() const { return roots_; }
  std::uint64_t spilled() const { return scratch_.spilled(); }
  bool complete() const { return !out_of_time_; }
  // The old build, or null; its digest as far as it could be read.
  const OldBuild* base() const { return base_.get(); }
  const Sha256Digest& base_digest() const { return base_digest_; }
  Pool& pool() { return *pool_; }   // idle after run()
  Scratch& scratch() { return scratch_; }
  const KeptImages& images() const { return images_; }
  Recall& recall() { return recall_; }

 private:
  struct Opened;   // a container with children still to be visited
  struct Visit;    // one file to read
  struct Keeping;  // what is known of a node that the cache is to get
  using Key = std::tuple<Sha256Digest, unsigned, std::string>;

  void visit(Visit& visit);
  void read_content(Visit& visit, const SourceRef& source);
  // The container with its children on their way; null when it could not be opened.
  std::shared_ptr<Opened> open_container(Visit& visit, const Container& container, const SourceRef& source, Node& node, Keeping* keeping);
  void run_extractors(Visit& visit, const SourceRef& source, Node& node, Keeping* keeping);
  void keep(const Keeping& keeping, const Node& node);
  void part_done(Opened& opened);   // one child, or the container's own extractors
  void queue_children(std::shared_ptr<Opened> opened, unsigned depth, double share, std::uint64_t container_size);
  Node* new_node() override;
  std::pair<Node*, bool> shared_node(const BlobId& blob, unsigned depth, std::string_view name) override;
  void finished(double share) { progress_.share += share; }
  bool out_of_time();
  void say_what_base_lacks();

  const ScanOptions& options_;
  CaseSink& sink_;
  ScanProgress& progress_;
  Scratch scratch_;
  KeptImages images_;
  Recall recall_;
  std::mutex mutex_;
  std::deque<Node> nodes_;
  std::map<Key, Node*> by_content_;
  std::deque<Edge> roots_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::atomic<bool> out_of_time_ = false;
  std::unique_ptr<OldBuild> base_;
  Sha256Digest base_digest_{};
  std::string base_unread_;           // what the digest leaves out
  std::vector<Node*> over_base_;      // of containers that asked for the old build
  std::unique_ptr<Pool> pool_;   // last: its threads end before anything they use
};

}  // namespace klik
