#include "engine/unfold.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "engine/device_path.h"
#include "engine/naming.h"

namespace klik {
namespace {

constexpr std::size_t kMostLinesSaid = 16;

class Unfolding {
 public:
  Unfolding(const Budget& budget, CaseSink& sink) : budget_(budget), sink_(sink) {}

  void input(const UnfoldedInput& in) {
    input_ = &in;
    seen_.clear();
    full_ = false;
    dump_.reset();
    const std::uint32_t root = artifact(*in.root, 0, std::nullopt, "", "", "");
    sink_.add_input({root, in.build, in.name, in.location});
    listed(root);
  }
  ScanResult result;

 private:
  // Emits one edge and everything below it. `path` is the artifact's, `holder` the name of its container.
  std::uint32_t artifact(const Edge& edge, std::uint32_t parent, const std::optional<BlobId>& parent_blob, const std::string& path,
                         const std::string& device_path, std::string_view holder) {
    const std::uint32_t id = ++last_id_;
    ArtifactRecord r{.id = id, .parent = parent, .build = input_->build, .path = path, .device_path = device_path, .name = edge.name, .kind = {}, .state = {},
                     .size = edge.size, .blob = edge.blob, .parent_blob = parent_blob, .transform = edge.transform, .ranges = {}, .selinux = {}, .capability_hex = {}, .link_target = {}, .claimed_sha256 = {}};
    r.kind = edge.node && !edge.node->kind.empty() ? edge.node->kind : edge.kind;
    r.state = state_name(edge.state != State::read || !edge.node ? edge.state : edge.node->state);
    for (const Extent& e : edge.extents) r.ranges.push_back({e.at, e.length});
    if (edge.attributes) {
      r.has_attributes = true;
      r.mode = edge.attributes->mode;
      r.uid = edge.attributes->uid;
      r.gid = edge.attributes->gid;
      r.selinux = edge.attributes->selinux;
      r.capability_hex = hex(Bytes(edge.attributes->capability));
      r.link_target = edge.attributes->link_target;
    }
    sink_.add_artifact(r);
    result.files += edge.type == ChildType::file;
    result.bytes += edge.size;
    for (const Problem& p : edge.problems) problem(id, p);
    if (edge.node) children(*edge.node, edge, id, path, holder);
    return id;
  }

  void children(const Node& node, const Edge& edge, std::uint32_t id, const std::string& path, std::string_view holder) {
    // A node's own problems are told once in each input, where its content is met first.
    if (seen_.insert(&node).second)
      for (const Problem& p : node.problems) problem(id, p);
    const DeviceLayout layout(node.kind, edge.name, holder, node.edges);
    std::vector<std::size_t> order(node.edges.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) -> const std::string& { return node.edges[i].name; });
    std::vector<NamedChild> named;
    for (const Edge& e : node.edges) named.push_back({e.name, e.transform});
    const std::vector<std::string> parts = path_parts(named, path.empty() && edge.type == ChildType::file);
    for (std::size_t k = 0; k < order.size(); ++k) {
      const Edge& e = node.edges[order[k]];
      if (full(id, path)) return;
      const std::string& part = parts[order[k]];
      const bool first = k == 0 || node.edges[order[k - 1]].name != e.name;
      artifact(e, id, edge.blob, path.empty() ? part : path + "!" + part, first ? layout.path_of(e.name) : std::string(), edge.name);
    }
  }

  // Whether there is no room for another row; said once in each input.
  bool full(std::uint32_t id, const std::string& path) {
    if (last_id_ < budget_.artifacts) return false;
    if (!full_) problem(id, {fail(Code::over_budget, 0, "the artifact tree is larger than the budget allows").error(), ProblemSeverity::data_loss, path, "scan parts of the input one by one"});
    return full_ = true;
  }

  // One by one, and the rest as a number: a list may be made of such lines.
  void odd_lines(std::uint32_t root, const std::vector<std::uint64_t>& lines, Code code, const char* what, const char* more) {
    for (std::size_t i = 0; i < std::min(lines.size(), kMostLinesSaid); ++i) problem(root, {fail(code, lines[i], what).error(), ProblemSeverity::error, {}, {}});
    if (lines.size() > kMostLinesSaid) problem(root, {fail(code, lines[kMostLinesSaid], more).error(), ProblemSeverity::error, std::to_string(lines.size() - kMostLinesSaid) + " lines", {}});
  }

  void listed(std::uint32_t root) {
    if (input_->list_unread) problem(root, {*input_->list_unread, ProblemSeverity::data_loss, {}, "what it names as left out is not known"});
    odd_lines(root, input_->list.bad_lines, Code::bad_value, "a line of the list beside the input cannot be read", "more lines of the list beside the input that cannot be read");
    odd_lines(root, input_->list.contrary_lines, Code::conflict, "a line of the list beside the input contradicts an earlier one of the same path", "more lines of the list beside the input that contradict earlier ones");
    if (input_->list.files.empty()) return;
    std::unordered_set<std::string> there;
    collect(*input_->root, there);
    for (const ListedFile& f : input_->list.files) {
      if (there.contains(f.path)) continue;
      if (full(root, "")) return;
      ArtifactRecord r{.id = ++last_id_, .parent = root, .build = input_->build, .path = "LISTED!" + f.path, .device_path = device_path_of(f.path), .name = f.path, .kind = "file",
                       .state = state_name(State::listed), .size = f.size, .blob = std::nullopt, .parent_blob = input_->list_blob, .transform = "listed", .ranges = {}, .selinux = {}, .capability_hex = {}, .link_target = {}, .claimed_sha256 = f.sha256};
      sink_.add_artifact(r);
    }
  }

  // Names of the dump's files without a shared top folder, as the list spells them.
  void collect(const Edge& edge, std::unordered_set<std::string>& names) {
    if (!edge.node) return;
    const std::vector<Edge>& children = edge.node->edges;
    if (children.size() == 1 && children[0].transform != "stored") return collect(children[0], names);
    std::set<std::string_view> tops;
    for (const Edge& e : children) tops.insert(std::string_view(e.name).substr(0, e.name.find('/')));
    const std::size_t skip = tops.size() == 1 && !tops.begin()->empty() ? tops.begin()->size() + 1 : 0;
    for (const Edge& e : children) {
      names.insert(e.name);
      if (skip && e.name.size() > skip) names.insert(e.name.substr(skip));
    }
    dump_ = std::make_unique<DeviceLayout>(edge.node->kind, edge.name, "", children);
    top_ = skip ? std::string(*tops.begin()) + "/" : "";
  }

  std::string device_path_of(const std::string& listed) const { return dump_ ? dump_->path_of(top_ + listed) : std::string(); }

  void problem(std::uint32_t id, const Problem& p) {
    result.data_loss += p.severity == ProblemSeverity::data_loss;
    sink_.add_problem({id, p});
  }

  const Budget& budget_;
  CaseSink& sink_;
  const UnfoldedInput* input_ = nullptr;
  std::uint32_t last_id_ = 0;
  bool full_ = false;
  std::set<const Node*> seen_;
  std::unique_ptr<DeviceLayout> dump_;
  std::string top_;
};

}  // namespace

ScanResult unfold(std::span<const UnfoldedInput> inputs, const Budget& budget, CaseSink& sink) {
  Unfolding unfolding(budget, sink);
  for (const UnfoldedInput& in : inputs) unfolding.input(in);
  return unfolding.result;
}

}  // namespace klik
