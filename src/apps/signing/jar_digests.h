// Which of the digests that a section of MANIFEST.MF or a .SF file names an Android version looks at.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "apps/signing/jar_manifest.h"
#include "base/hash.h"

namespace klik::apk {

struct NamedDigest {
  HashAlgorithm algorithm;
  std::vector<std::uint8_t> value;
};

// Attributes are named "SHA-256-Digest", "SHA1-Digest-Manifest", …: `suffix` is the part behind the
// algorithm. From Android 4.3 (18) on the strongest of SHA-512, SHA-384, SHA-256 and SHA-1 counts; before,
// the first known one of the section's own "Digest-Algorithms", which defaults to SHA-1.
// None when the section names no digest that this version takes. A value that is not base 64 is empty.
std::optional<NamedDigest> digest_to_check(const JarSection& section, std::string_view suffix, int sdk);

std::optional<std::vector<std::uint8_t>> unbase64(std::string_view text);

}  // namespace klik::apk
