// The language of updater-script: expressions of text, calls and conditions. Every node with its place.
// Source: AOSP bootable/recovery edify/README.md, lexer.ll, parser.yy.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::edify {

struct Range {
  std::uint64_t at = 0, length = 0;
};

enum class Kind : std::uint8_t {
  text,       // a literal; `text` is its value with escapes undone
  call,       // `text` is the function
  concat,     // a + b + …
  equal, not_equal,
  both,       // a && b && …
  either,     // a || b || …
  negation,   // !a
  choice,     // if a then b [else c] endif
  sequence,   // a; b; …
};

struct Node {
  Kind kind;
  std::string text;
  std::vector<std::uint32_t> parts;   // in Script::nodes, all before this one
  Range range;
};

struct Script {
  std::vector<Node> nodes;
  std::vector<std::uint32_t> statements;   // what the script does, one after the other
  std::optional<Error> stopped;            // why reading ended before the text did: bad_value, truncated, over_budget
};

// Never fails: what stands before the first error is kept. The phone runs nothing of a script with an error.
Script parse(Bytes text);

// The value of a node that is the same on every phone: a literal, or literals joined. Null for anything else.
std::optional<std::string> constant(const Script& script, std::uint32_t node);

}  // namespace klik::edify
