// One node of the graph of content as bytes: its children without their content, its problems and the facts about it.
#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cache/record.h"
#include "engine/node.h"

namespace klik {

// Keeps texts that rows point at, which otherwise are literals of the program.
class KeptTexts {
 public:
  std::string_view keep(std::string_view text);   // from any thread; ends with NUL

 private:
  std::mutex mutex_;
  std::set<std::string, std::less<>> texts_;
};

// What a place must be like for a node to stand there again.
struct Role {
  bool container = false;                // its depth counts
  bool alone = false;                    // equal content elsewhere is another node
  std::vector<std::string> absent;       // files beside it that were asked for and were not there
};

struct Remembered {
  Node node;                             // its edges have no nodes yet …
  std::vector<bool> has_content;         // … but these should
  Role role;
};

// Whether what became of it follows from its bytes alone: no fault of the machine or the program, and no budget that others
// have a share in.
bool repeatable(const std::vector<Problem>& problems);

// Empty when a fact is none that unpacked_facts() would take back.
std::optional<std::string> packed_facts(const std::vector<Fact>& facts, const BlobId& about);
// `facts` as packed_facts() gave them.
std::string packed(const Node& node, const Role& role, std::string_view facts);

// Errors: truncated, bad_value, unsupported (a kind of fact or an extractor that this program does not have).
Result<Remembered> unpacked_node(Bytes record, KeptTexts& texts);
Result<std::vector<Fact>> unpacked_facts(Bytes record, const BlobId& about);

}  // namespace klik
