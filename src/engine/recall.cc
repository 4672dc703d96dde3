#include "engine/recall.h"

#include <algorithm>
#include <unordered_set>

#include "base/text.h"
#include "cache/program.h"
#include "containers/container.h"
#include "engine/neighbours.h"
#include "extract/extractor.h"
#include "formats/net/host.h"

namespace klik {
namespace {

void take(Hasher& hasher, std::string_view text) {
  const std::string size = std::to_string(text.size()) + ":";
  hasher.update(Bytes::of(size));
  hasher.update(Bytes::of(text));
}

// Everything that decides facts besides the bytes of a file and its name. The program's own bytes hold its tables; the names
// stand here so that it can be seen that a version decides too.
Sha256Digest digest_of_surroundings(const Sha256Digest& program, const ScanOptions& options) {
  Hasher hasher;
  take(hasher, "klikspaan facts 1");
  hasher.update(as_bytes(program));
  for (const Extractor* e : extractors()) take(hasher, e->name);
  for (const Container* c : containers()) take(hasher, c->name);
  const Budget& b = options.budget;
  // Depth is judged anew at each place.
  for (const std::uint64_t n : {b.children, b.item_bytes, b.floor_bytes, b.ratio, b.unit_bytes, b.metadata_bytes, options.load_bytes}) take(hasher, std::to_string(n));
  take(hasher, options.keys);
  return hasher.finish_sha256();
}

}  // namespace

Recall::Recall(const ScanOptions& options)
    : Recall(options, options.cache_folder.empty() ? Result<Sha256Digest>(fail(Code::absent, 0, "no cache is wanted")) : cache::program_identity({net::suffix_list_file()})) {}

Recall::Recall(const ScanOptions& options, const Result<Sha256Digest>& program) : deepest_(options.budget.depth), most_files_(options.budget.artifacts) {
  if (options.cache_folder.empty()) return;
  if (!program) {
    warning_ = std::string("no cache is kept: the program cannot read itself: ") + program.error().what;
    return;
  }
  surroundings_ = digest_of_surroundings(*program, options);
  store_ = std::make_unique<cache::Store>(options.cache_folder, options.cache_bytes, *program);
}

Recall::~Recall() = default;

cache::Key Recall::key_of(const BlobId& blob, std::string_view name) const {
  Hasher hasher;
  hasher.update(as_bytes(surroundings_));
  hasher.update(as_bytes(blob.sha256()));
  hasher.update(Bytes::of(name));
  return hasher.finish_sha256();
}

Recall::Verdict Recall::judge(const BlobId& blob, std::string_view name, unsigned nesting) {
  const cache::Key key = key_of(blob, name);
  {
    const std::lock_guard lock(mutex_);
    if (const auto at = verdicts_.find(key); at != verdicts_.end()) return at->second;
  }
  Verdict verdict;
  const auto record = store_->find(key);
  const auto known = record ? unpacked_node(record->bytes(), texts_) : Result<Remembered>(fail(Code::absent, 0, "not in the cache"));
  if (known) {
    verdict.known = verdict.whole = true;
    verdict.absent = known->role.absent;
    unsigned deepest_inside = 0;
    const std::vector<Edge>& edges = known->node.edges;
    std::unordered_set<std::string_view> names;   // made when something was asked for
    for (std::size_t i = 0; i < edges.size() && verdict.whole; ++i) {
      if (!known->has_content[i]) continue;
      // A record that was made to hold itself would be followed without end.
      const Verdict inside = nesting < deepest_ ? judge(*edges[i].blob, text::last_part(edges[i].name), nesting + 1) : Verdict();
      if (!inside.absent.empty() && names.empty())
        for (const Edge& e : edges) names.insert(e.name);
      verdict.whole = inside.whole && std::ranges::none_of(inside.absent, [&](const std::string& n) { return names.contains(path_beside(edges[i].name, n)); });
      deepest_inside = std::max(deepest_inside, inside.levels);
    }
    verdict.levels = deepest_inside + known->role.container;
  }
  const std::lock_guard lock(mutex_);
  verdicts_.try_emplace(key, verdict);
  return verdict;
}

std::optional<std::uint64_t> Recall::restore(const BlobId& blob, std::string_view name, unsigned depth, const Sibling& sibling, Node& into, NodeMaker& maker, CaseSink& sink) {
  if (!on()) return std::nullopt;
  const Verdict verdict = judge(blob, name, 0);
  if (!verdict.whole || depth + verdict.levels > deepest_) return std::nullopt;
  if (std::ranges::any_of(verdict.absent, [&](const std::string& n) { return sibling(n) != nullptr; })) return std::nullopt;
  const auto record = store_->find(key_of(blob, name));
  auto known = record ? unpacked_node(record->bytes(), texts_) : Result<Remembered>(fail(Code::absent, 0, "not in the cache"));
  if (!known) return std::nullopt;
  return fill(blob, std::move(*known), *record, depth, into, maker, sink);
}

std::uint64_t Recall::fill(const BlobId& blob, Remembered known, const Blob& record, unsigned depth, Node& into, NodeMaker& maker, CaseSink& sink) {
  std::uint64_t files = known.node.edges.size();
  into = std::move(known.node);
  for (std::size_t i = 0; i < into.edges.size(); ++i)
    if (known.has_content[i]) into.edges[i].node = restore_child(into.edges[i], depth + 1, maker, sink, files);
  auto facts = unpacked_facts(record.bytes(), blob);
  if (!facts) into.problems.push_back({facts.error(), ProblemSeverity::data_loss, {}, "facts in the cache cannot be read; scan again with --no-cache"});
  else if (!facts->empty()) sink.add_facts(std::move(*facts));
  return files;
}

// That the record is there was seen before anything was restored. If it cannot be had a second time, it is said.
Node* Recall::restore_child(const Edge& edge, unsigned depth, NodeMaker& maker, CaseSink& sink, std::uint64_t& files) {
  const std::string_view name = text::last_part(edge.name);
  const auto record = store_->find(key_of(*edge.blob, name));
  auto known = record ? unpacked_node(record->bytes(), texts_) : Result<Remembered>(fail(Code::io, 0, "the cache could not be read any more"));
  // No tree that was read has more; one that was made up to be endless ends here.
  if (known && files > most_files_) known = fail(Code::over_budget, 0, "the cache names more files than the budget allows");
  if (!known) {
    Node* lost = maker.new_node();
    lost->kind = edge.kind;
    lost->state = State::damaged;
    lost->problems.push_back({known.error(), ProblemSeverity::data_loss, {}, "scan again with --no-cache"});
    return lost;
  }
  if (known->role.alone) {
    Node* own = maker.new_node();
    files += fill(*edge.blob, std::move(*known), *record, depth, *own, maker, sink);
    return own;
  }
  const auto [node, fresh] = maker.shared_node(*edge.blob, depth, name);
  if (fresh) files += fill(*edge.blob, std::move(*known), *record, depth, *node, maker, sink);
  return node;
}

void Recall::keep(const BlobId& blob, std::string_view name, const Node& node, const Role& role, std::string_view facts) {
  if (!on() || !repeatable(node.problems)) return;
  for (const Edge& e : node.edges)
    if (!repeatable(e.problems) || (e.node && !e.blob)) return;
  const cache::Key key = key_of(blob, name);
  {
    const std::lock_guard lock(mutex_);
    Verdict& verdict = verdicts_[key];
    if (verdict.known) return;      // it is there; what was missing lay further inside
    verdict.known = true;
  }
  store_->put(key, packed(node, role, facts));
}

std::string Recall::finish() {
  if (!on()) return warning_;
  store_->finish();
  return store_->warning();
}

}  // namespace klik
