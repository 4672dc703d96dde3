// What the walk remembers of content: a graph in which equal content is one node, so that ten copies of a
// container cost one reading. The artifact tree is this graph unfolded (unfold.h).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "containers/container.h"
#include "facts/fact.h"

namespace klik {

struct Node;

// One child as a node sees it.
struct Edge {
  std::string name;
  ChildType type = ChildType::file;
  State state = State::read;
  std::string_view kind = "file";
  std::uint64_t size = 0;
  std::optional<BlobId> blob;
  std::string_view transform = "stored";
  std::vector<Extent> extents;
  std::optional<FileAttributes> attributes;
  std::vector<Problem> problems;     // on this child in this place: digest not as promised, over budget, …
  const Node* node = nullptr;        // its content, when it has any worth a node
};

struct Node {
  std::string_view kind;
  State state = State::read;          // what became of opening it
  std::vector<Edge> edges;           // as many as the container has children; each filled by its own task
  std::vector<Problem> problems;     // of opening and of the extractors
};

}  // namespace klik
