// Blocks of PEM: base64 between lines of dashes, in the middle of any text. Source: RFC 7468.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::pem {

struct Block {
  std::string_view label;             // "CERTIFICATE"
  std::vector<std::uint8_t> der;      // empty when the text between is no base64
  std::uint64_t at, length;           // from the first dash to the last
};

// At most `most` of them, in their order. A block without an end is none.
std::vector<Block> blocks(Bytes text, std::size_t most);

}  // namespace klik::pem
