#include "engine/walk.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "engine/file_kind.h"
#include "engine/folder.h"
#include "engine/neighbours.h"
#include "engine/watched_source.h"

namespace klik {
namespace {

constexpr std::uint64_t kChunk = std::uint64_t{1} << 20;        // read at a time from what does not fit in memory
constexpr std::uint64_t kAhead = std::uint64_t{64} << 20;       // what decoders may prepare meanwhile

// Files that another file of the same folder may ask for; their sources stay until the folder is done.
bool may_be_asked_for(std::string_view name) {
  for (const std::string_view ending : {".transfer.list", ".patch.dat", ".idsig"})
    if (name.ends_with(ending)) return true;
  return name.find(".new.dat") != name.npos;
}

Problem problem_of(const Note& note) {
  return {note.error, static_cast<ProblemSeverity>(std::to_underlying(note.severity)), note.detail, note.advice};
}

// What a person can do about an error of this kind, where the reader that met it gave no advice of its own.
std::string advice_for(Code code) {
  switch (code) {
    case Code::truncated: return "the file may have been cut short; fetch it again and compare its digest";
    case Code::encrypted: return "supply the maker's key with --keys, or extract the files from a running phone";
    case Code::unsupported: return "unpack it with another tool and hand klikspaan the folder";
    case Code::bad_checksum: return "fetch the file again; if it stays so, the bytes were changed after they were made";
    default: return {};
  }
}

Problem lost(const Error& error, std::string detail = {}) {
  return {error, ProblemSeverity::data_loss, std::move(detail), advice_for(error.code)};
}

class BufferSink final : public FactSink {
 public:
  explicit BufferSink(std::vector<Problem>& problems) : problems_(problems) {}
  void fact(Fact fact) override { facts.push_back(std::move(fact)); }
  void problem(Problem problem) override { problems_.push_back(std::move(problem)); }
  std::vector<Fact> facts;

 private:
  std::vector<Problem>& problems_;
};

}  // namespace

struct Walk::Keeping {
  BlobId blob;
  std::string name;
  Role role{};
  std::string facts{};
  std::shared_ptr<const WatchedSource> watched{};   // null for what lies in memory
  std::atomic<bool> spoilt = false;               // it depends on more than the cache knows of
};

struct Walk::Opened {
  Contents contents;
  Node* node = nullptr;
  std::shared_ptr<Opened> parent;   // keeps what the sources read through
  std::unique_ptr<Keeping> keeping;   // null when the cache is not to get it
  std::atomic<std::size_t> pending = 0;
  Neighbours neighbours;
};

struct Walk::Visit {
  Edge* edge;
  SourceRef source;
  std::shared_ptr<Opened> holder;   // null for an input
  unsigned depth;
  double share;                     // of the whole scan, for progress
  bool passed_on = false;           // the share went to children
  std::optional<Sha256Digest> expected{};
  std::string location{};           // of an input: where it lies on this machine
  std::string_view kind{};          // what its first bytes say; its node may be another thread's
  Node* own = nullptr;              // its content, when it is this visit that fills it

  std::function<SourceRef(std::string_view)> siblings() const {
    if (!holder) {
      return [of = location](std::string_view name) { return file_beside(of, name); };
    }
    return [h = holder, of = edge->name](std::string_view name) { return h->neighbours.find(h->contents.children, of, name); };
  }
};

Walk::Walk(const ScanOptions& options, CaseSink& sink, ScanProgress& progress)
    : options_(options), sink_(sink), progress_(progress), scratch_(options.scratch_folder, options.scratch_bytes), recall_(options), pool_(new Pool(options.threads)) {}
Walk::~Walk() = default;

Node* Walk::new_node() {
  const std::lock_guard lock(mutex_);
  return &nodes_.emplace_back();
}

std::pair<Node*, bool> Walk::shared_node(const BlobId& blob, unsigned depth, std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto [at, fresh] = by_content_.try_emplace({blob.sha256(), depth, std::string(name)}, nullptr);
  if (fresh) at->second = &nodes_.emplace_back();
  return {at->second, fresh};
}

Result<void> Walk::run() {
  const double share = options_.inputs.empty() ? 0 : 1.0 / static_cast<double>(options_.inputs.size());
  if (!options_.base.empty()) {
    KLIK_TRY(base_, OldBuild::open(options_.base, options_.keys, options_.budget, scratch_, pool_.get(), options_.output));
    pool_->add([this] {
      Result<OldBuild::Digest> digest = fail(Code::internal, 0, "the old build could not be hashed");
      try {
        digest = base_->digest();
      } catch (const std::exception&) {
      }
      base_digest_ = digest ? digest->of_all : sha256(Bytes::of("unreadable " + std::to_string(base_->size())));
      if (!digest) base_unread_ = base_->name() + ": " + digest.error().what;
      else if (digest->unread > 0) base_unread_ = std::to_string(digest->unread) + (digest->unread == 1 ? " file, the first " : " files, the first ") + digest->first_unread;
    });
  }
  for (const ScanInput& input : options_.inputs) {
    std::error_code ec;
    const auto location = std::filesystem::absolute(input.path, ec);
    Edge& root = roots_.emplace_back();
    root.name = location.filename().empty() ? location.parent_path().filename().string() : location.filename().string();
    if (std::filesystem::is_directory(location, ec)) {
      OpenContext context{.budget = options_.budget, .scratch = scratch_, .pool = pool_.get(), .name = {}};
      KLIK_TRY(Contents contents, open_folder(location.string(), options_.output, context));
      auto opened = std::make_shared<Opened>();
      opened->contents = std::move(contents);
      Node* node = new_node();
      node->kind = root.kind = "folder";
      for (const Note& n : context.notes) node->problems.push_back(problem_of(n));
      root.node = opened->node = node;
      root.type = ChildType::folder;
      queue_children(std::move(opened), 1, share, ~std::uint64_t{0});
      continue;
    }
    KLIK_TRY(SourceRef source, file_source(location.c_str()));
    root.size = source->size();
    pool_->add([this, v = Visit{&root, std::move(source), nullptr, 0, share, false, {}, location.string()}]() mutable { visit(v); });
  }
  pool_->wait_idle();
  if (pool_->failures() > 0 && !roots_.empty()) roots_.front().problems.push_back(lost(fail(Code::internal, 0, "a part of the scan failed inside klikspaan").error()));
  say_what_base_lacks();
  for (Edge& root : roots_) {
    if (!root.node || root.type != ChildType::folder) continue;
    Contents shape;
    std::vector<std::optional<BlobId>> digests;
    for (const Edge& e : root.node->edges) {
      Child c;
      c.name = e.name;
      c.type = e.type;
      c.attributes = e.attributes;
      shape.children.push_back(std::move(c));
      digests.push_back(e.blob);
      root.size += e.size;
    }
    root.blob = BlobId(folder_digest(shape, digests));
  }
  return {};
}

// When all have asked: what was looked for first would otherwise decide who is told what.
void Walk::say_what_base_lacks() {
  if (!base_) return;
  for (const Note& n : base_->lacking())
    for (Node* node : over_base_) node->problems.push_back(problem_of(n));
  if (base_unread_.empty()) return;
  for (Edge& root : roots_)
    root.problems.push_back({fail(Code::io, 0, "the old build could not be read whole, so its digest is not over all of it").error(), ProblemSeverity::data_loss, base_unread_, "check the rights of its files, and scan again"});
}

bool Walk::out_of_time() {
  if (options_.time_limit_seconds == 0) return false;
  const std::uint64_t passed = options_.seconds ? options_.seconds() : static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start_).count());
  if (passed >= options_.time_limit_seconds) out_of_time_ = true;
  return out_of_time_;
}

void Walk::visit(Visit& v) {
  try {
    if (out_of_time()) {
      v.edge->state = State::over_budget;
      v.edge->problems.push_back(lost(fail(Code::over_budget, 0, "the time limit ended the scan before this file").error()));
    } else {
      read_content(v, v.source);
    }
  } catch (const std::exception&) {  // a bug or no memory: one file is lost, not the run
    Problem problem = lost(fail(Code::internal, 0, "reading this file failed inside klikspaan").error());
    if (v.own) {   // other places may share what was begun, and would pass it for read
      v.own->state = State::damaged;
      v.own->problems.push_back(std::move(problem));
    } else {
      v.edge->state = State::damaged;
      v.edge->problems.push_back(std::move(problem));
    }
  }
  try {
    if (v.edge->blob && KeptImages::wanted(v.kind, text::last_part(v.edge->name), v.holder ? v.holder->node->kind : std::string_view())) images_.keep(*v.edge->blob, v.source);
  } catch (const std::exception&) {   // it is opened again by its path
  }
  progress_.files += 1;
  if (!v.passed_on) finished(v.share);
  v.source.reset();
  if (v.holder) {
    Child& child = v.holder->contents.children[static_cast<std::size_t>(v.edge - v.holder->node->edges.data())];
    if (!may_be_asked_for(child.name)) child.source.reset();
    part_done(*v.holder);
  }
}

void Walk::read_content(Visit& v, const SourceRef& given) {
  Edge& edge = *v.edge;
  SourceRef source = given;
  Result<void> whole{};
  Hasher hasher;
  if (source->size() <= options_.load_bytes) {
    auto blob = source->load();
    if (blob) {
      hasher.update(blob->bytes());
      source = memory_source(std::move(*blob));
    } else {
      whole = fail(blob.error());
    }
  } else {
    std::vector<std::uint8_t> chunk(kChunk);
    // Hashing is a fifth of the work on a large file; the rest is what is inside it.
    const double hashing = v.share / 5;
    for (std::uint64_t at = 0; at < source->size() && whole; at += kChunk) {
      const MutableBytes part(chunk.data(), std::min(kChunk, source->size() - at));
      source->will_need(at, kAhead);
      whole = source->read(at, part);
      hasher.update(Bytes(part));
      progress_.bytes += part.size();
      const double step = hashing * static_cast<double>(part.size()) / static_cast<double>(source->size());
      finished(step);
      v.share -= step;
    }
  }
  if (source->size() <= options_.load_bytes) progress_.bytes += source->size();
  if (whole) {
    edge.blob = BlobId(hasher.finish_sha256());
    if (v.expected && edge.blob->sha256() != *v.expected) {
      edge.state = State::damaged;
      edge.problems.push_back(lost(fail(Code::bad_checksum, 0, "the bytes do not have the digest that their container promises").error(), hex(as_bytes(*v.expected))));
    }
  } else {
    // Parts of it may still be readable, so containers get their chance below.
    edge.state = state_after(whole.error().code);
    edge.problems.push_back(lost(whole.error()));
  }

  const std::string_view name = text::last_part(edge.name);
  std::array<std::uint8_t, kKindBytes> start{};
  const MutableBytes head(start.data(), std::min<std::uint64_t>(start.size(), source->size()));
  if (source->read(0, head)) edge.kind = file_kind(Bytes(head), name);

  const Container* container = source->size() > 0 ? detect(*source, name) : nullptr;
  v.kind = container ? container->name : edge.kind;
  if (container && v.depth >= options_.budget.depth) {
    edge.kind = container->name;
    edge.state = State::over_budget;
    edge.problems.push_back(lost(fail(Code::over_budget, 0, "containers are nested deeper than the budget allows").error()));
    return;
  }
  const auto wanted = [&](std::string_view kind) {
    return std::ranges::any_of(extractors(), [&](const Extractor* e) { return e->wants(kind, name); });
  };
  // Handed in by itself and nothing that is known: that some extractor looks into any file does not make it known.
  if (!container && v.depth == 0 && edge.kind == "file") {
    edge.state = State::unsupported;
    edge.problems.push_back(lost(fail(Code::unsupported, 0, "this is no format that klikspaan reads").error()));
    return;
  }
  if (!container && !wanted(edge.kind)) return;

  // Equal bytes under an equal name at an equal depth have equal content: opened once.
  const bool alone = !edge.blob || (container && container->uses_siblings) ||
                     std::ranges::any_of(extractors(), [&](const Extractor* e) { return e->uses_siblings && e->wants(container ? container->name : edge.kind, name); });
  Node* node = nullptr;
  if (alone) {
    node = new_node();
  } else {
    const auto [there, fresh] = shared_node(*edge.blob, v.depth, name);
    if (!fresh) {
      edge.node = there;
      return;
    }
    node = there;
  }
  edge.node = v.own = node;
  node->kind = edge.kind;
  std::unique_ptr<Keeping> keeping;
  if (recall_.on() && edge.blob && !(container && container->uses_siblings)) {
    if (const auto files = recall_.restore(*edge.blob, name, v.depth, v.siblings(), *node, *this, sink_)) {
      progress_.files += *files;
      return;
    }
    keeping.reset(new Keeping{.blob = *edge.blob, .name = std::string(name), .role = {.container = container != nullptr, .alone = alone, .absent = {}}});
    if (source->size() > options_.load_bytes) {
      keeping->watched = std::make_shared<WatchedSource>(std::move(source));
      source = keeping->watched;
    }
  }
  std::shared_ptr<Opened> opened;
  if (container) opened = open_container(v, *container, source, *node, keeping.get());
  if (edge.blob) run_extractors(v, source, *node, keeping.get());
  if (opened) {
    opened->keeping = std::move(keeping);
    part_done(*opened);
  } else if (keeping) {
    keep(*keeping, *node);
  }
}

void Walk::part_done(Opened& opened) {
  if (--opened.pending == 0 && opened.keeping) keep(*opened.keeping, *opened.node);
}

void Walk::keep(const Keeping& keeping, const Node& node) {
  if (keeping.spoilt || (keeping.watched && keeping.watched->failed())) return;
  try {
    recall_.keep(keeping.blob, keeping.name, node, keeping.role, keeping.facts);
  } catch (const std::exception&) {   // a later scan reads it again
  }
}

std::shared_ptr<Walk::Opened> Walk::open_container(Visit& v, const Container& container, const SourceRef& source, Node& node, Keeping* keeping) {
  node.kind = container.name;
  OpenContext context{.budget = options_.budget, .scratch = scratch_, .pool = pool_.get(), .name = text::last_part(v.edge->name), .keys = options_.keys, .base = base_.get()};
  if (container.uses_siblings) context.sibling = v.siblings();
  auto contents = container.open(source, context);
  if (context.base.asked()) {
    if (keeping) keeping->spoilt = true;
    const std::lock_guard lock(mutex_);
    over_base_.push_back(&node);
  }
  for (const Note& n : context.notes) {
    node.problems.push_back(problem_of(n));
    if (node.problems.back().advice.empty() && n.severity == Severity::data_loss) node.problems.back().advice = advice_for(n.error.code);
  }
  if (!contents) {
    node.state = state_after(contents.error().code);
    if (node.state == State::read) node.state = State::damaged;
    node.problems.push_back(lost(contents.error()));
    return nullptr;
  }
  if (!contents->kind.empty()) node.kind = contents->kind;
  auto opened = std::make_shared<Opened>();
  opened->contents = std::move(*contents);
  opened->node = &node;
  opened->parent = v.holder;
  v.passed_on = true;
  // What an update makes of the old build is weighed against both: a small update may change little of a large one.
  const bool over_base = base_ && container.makes_of_base && context.base.asked();
  queue_children(opened, v.depth + 1, v.share, source->size() + (over_base ? base_->size() : 0));
  return opened;
}

void Walk::run_extractors(Visit& v, const SourceRef& source, Node& node, Keeping* keeping) {
  BufferSink buffer(node.problems);
  FileItem item{*v.edge->blob, source, node.kind, text::last_part(v.edge->name), options_.budget};
  for (const Extractor* e : extractors()) {
    if (!e->wants(item.kind, item.name)) continue;
    if (e->uses_siblings) {
      item.sibling = [keeping, find = v.siblings()](std::string_view name) {
        SourceRef there = find(name);
        if (keeping && there) keeping->spoilt = true;
        else if (keeping) keeping->role.absent.emplace_back(name);
        return there;
      };
    }
    try {
      e->run(item, buffer);
    } catch (const std::exception&) {
      node.problems.push_back(lost(fail(Code::internal, 0, "an extractor failed inside klikspaan").error(), std::string(e->name)));
    }
  }
  if (keeping) {
    if (auto facts = packed_facts(buffer.facts, item.blob)) keeping->facts = std::move(*facts);
    else keeping->spoilt = true;
  }
  if (!buffer.facts.empty()) sink_.add_facts(std::move(buffer.facts));
}

void Walk::queue_children(std::shared_ptr<Opened> opened, unsigned depth, double share, std::uint64_t container_size) {
  std::vector<Child>& children = opened->contents.children;
  Node& node = *opened->node;
  node.edges.resize(children.size());
  const std::uint64_t allowed = container_size == ~std::uint64_t{0} ? container_size : options_.budget.expansion(container_size);
  std::uint64_t spent = 0, weight = 0;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < children.size(); ++i) {
    Child& c = children[i];
    Edge& e = node.edges[i];
    e.name = c.name;
    e.type = c.type;
    e.state = c.state;
    e.size = c.size;
    e.transform = c.transform;
    e.extents = std::move(c.extents);
    e.attributes = std::move(c.attributes);
    if (c.type != ChildType::file) e.kind = c.type == ChildType::folder ? "folder" : c.type == ChildType::symlink ? "symlink" : "special";
    if (!c.source) continue;
    if (c.size > options_.budget.item_bytes || c.size > allowed - spent) {
      e.state = State::over_budget;
      e.problems.push_back(lost(fail(Code::over_budget, 0, "the container expands past its budget").error()));
      c.source.reset();
      continue;
    }
    spent += c.size;
    weight += c.size + 512;   // a small file costs something too
    order.push_back(i);
  }
  opened->pending = order.size() + 1;
  if (order.empty()) {
    finished(share);
    return;
  }
  // In the order of the bytes on disk; the pool takes the last one added first.
  std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t i) { return node.edges[i].extents.empty() ? std::uint64_t{0} : node.edges[i].extents[0].at; });
  for (const std::size_t i : order) {
    const double part = share * static_cast<double>(children[i].size + 512) / static_cast<double>(weight);
    pool_->add([this, v = Visit{&node.edges[i], children[i].source, opened, depth, part, false, children[i].expected}]() mutable { visit(v); });
  }
}

}  // namespace klik
