// Digests of more than a bare identifier that programs are known to make: the table of data/digests.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace klik::data {

struct KnownDigest {
  struct Part {
    bool literal;              // `text` itself is hashed; else it is a kind of identifier
    std::string_view text;
  };
  std::string_view made_by, algorithm;   // algorithm: "md5", "sha1", "sha256"
  std::vector<Part> parts;     // what is hashed, joined
  std::string_view behind;     // hexadecimal digits that are written behind the digest; may be empty
  std::string_view source;
};

std::span<const KnownDigest> known_digests();

}  // namespace klik::data
