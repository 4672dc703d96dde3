// Digests of an APK's content as signature schemes v2 to v4 define them. Every byte is read once, whatever
// digests are asked for; memory does not grow with the file beyond the hash tree's leaves (1/128 of it).
// Source: source.android.com, "APK Signature Scheme v2" (chunked), "APK Signature Scheme v4" (hash tree).
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "apps/signing/signing_block.h"
#include "base/hash.h"

namespace klik::apk {

enum class ContentDigest : std::uint8_t { chunked_sha256, chunked_sha512, verity_sha256 };

using DigestSet = std::set<ContentDigest>;
using Digests = std::map<ContentDigest, std::vector<std::uint8_t>>;

// Over the bytes before the signing block, the directory, and the end record as it was before the block
// was put in. A digest that cannot be formed (verity of a file whose content is not a multiple of 4096
// bytes before the block) is left out. Errors: what reading reports.
Result<Digests> content_digests(const Source& apk, const ApkLayout& layout, const DigestSet& wanted);

// SHA-256 hash tree over 4096-byte pages; a short last page counts as padded with zeros.
class HashTree {
 public:
  explicit HashTree(Bytes salt);
  void update(Bytes bytes);
  // The root, and the tree from its top level down when `levels` is set. Of no bytes: the root of one zero page.
  std::vector<std::uint8_t> finish(std::vector<std::uint8_t>* levels = nullptr);

 private:
  void leaf(Bytes page);
  std::vector<std::uint8_t> level_above(Bytes level) const;

  std::vector<std::uint8_t> salt_, page_, leaves_;
  Hasher hasher_;
};

// The root over a whole file, as scheme v4 has it. `levels` as above.
Result<std::vector<std::uint8_t>> file_root(const Source& file, Bytes salt, std::vector<std::uint8_t>* levels);

}  // namespace klik::apk
