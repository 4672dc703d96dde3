// Opens what is wrapped in what: compressed bodies, JSON in base64 in JSON, archives, packed messages. Each layer's bytes are shown to a visitor
// with the path of decodings that led there, before they are decoded further.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "traffic/outline.h"

namespace klik::traffic {

// Work for one content, never time.
struct UnwrapLimits {
  std::uint32_t depth = 8;                                // decodings and structures on top of one another
  std::uint32_t nodes = 4096;
  std::uint32_t shortest = kShortestValue;                // bytes of a value in a structure that is listed
  std::uint64_t bytes = std::uint64_t{64} << 20;          // decoded, of all nodes together
  std::uint64_t value = std::uint64_t{16} << 20;          // decoded, of one node; no step grows more than 200 times (content_coding.h)
};

// What later nodes show of a value.
enum class Later : std::uint8_t {
  no,       // nothing: it was not opened
  tried,    // it is all of the letters of hex or base64 and was decoded as such; that may be a chance, as paths and names are of them too
  undone,   // its encoding is undone for sure: what looks like one in it is a chance
  shown,    // all that it holds
};

// One layer.
struct Node {
  Bytes bytes;                         // valid during the visit only
  std::string_view path;               // "request.body/gzip/json.data[0]/base64"
  const Outline* outline = nullptr;    // null: no structure was recognised
  Bytes named;                         // where the outline's names stand; its places are in `bytes`
  const std::vector<Later>* later = nullptr;   // by leaf of the outline; null: no
  Later all_later = Later::no;         // of a node without structure
  bool second_reading = false;         // comes of a reading of a value that another node with its path reads otherwise: a + in a form as a blank

  struct Spot {
    std::string path;                  // with the name of the value
    std::uint64_t at, length;          // of the value in which it lies, or of all
    Later later;                       // never shown
  };
  // Where a range of the bytes lies; nothing when another node shows it better.
  std::optional<Spot> spot(std::uint64_t from, std::uint64_t size) const;
};

struct Unwrapped {
  std::uint32_t nodes = 0;
  std::uint64_t bytes = 0;             // decoded
  std::optional<Error> closed;         // what was recognised and could not be opened: the first such; its place is not told
  const char* over = nullptr;          // the limit that ended some branch: "depth", "nodes", "bytes", "values"; null: none
};

// `path`: of the bytes as they are. `type`: the declared Content-Type, "" when there is none.
Unwrapped unwrap(Bytes bytes, std::string path, std::string_view type, const UnwrapLimits& limits, const std::function<void(const Node&)>& visit);

}  // namespace klik::traffic
