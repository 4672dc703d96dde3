// Android Verified Boot 2.0: vbmeta structures, the footer that leads to one, and its descriptors.
// Reads only; whether hash and signature hold is decided elsewhere.
// Source: AOSP external/avb README ("The VBMeta struct"), libavb avb_vbmeta_image.h, avb_footer.h, avb_*_descriptor.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"

namespace klik::avb {

inline constexpr std::string_view kMagic = "AVB0";
inline constexpr std::string_view kFooterMagic = "AVBf";
inline constexpr std::uint64_t kHeaderSize = 256;
inline constexpr std::uint64_t kFooterSize = 64;
inline constexpr std::uint64_t kMaxSize = 64 * 1024;   // the boot loader refuses larger structures

inline constexpr std::uint32_t kFlagHashtreeDisabled = 1, kFlagVerificationDisabled = 2;

// A range of the structure, from its first byte.
struct Range {
  std::uint64_t at = 0, length = 0;
  friend bool operator==(const Range&, const Range&) = default;
};

// All text is raw; all windows lie in the bytes that were read.
struct Property {
  std::string_view key;
  Bytes value;
};
struct Hashtree {
  std::string_view partition, hash_algorithm;
  Bytes salt, root_digest;
  std::uint32_t dm_verity_version, data_block_size, hash_block_size, fec_roots, flags;
  std::uint64_t image_size, tree_at, tree_size, fec_at, fec_size;
};
struct Hash {
  std::string_view partition, hash_algorithm;
  Bytes salt, digest;
  std::uint64_t image_size;
  std::uint32_t flags;
};
struct CommandLine {
  std::string_view text;
  std::uint32_t flags;
};
struct Chain {
  std::string_view partition;
  Bytes public_key;
  std::uint32_t rollback_location, flags;
};
struct Unknown {
  std::uint64_t tag;
  Bytes body;
};

struct Descriptor {
  Range range;             // with its 16-byte head
  std::variant<Unknown, Property, Hashtree, Hash, CommandLine, Chain> is;
};

struct VbMeta {
  std::uint32_t required_major = 0, required_minor = 0;
  std::uint32_t algorithm = 0, flags = 0, rollback_location = 0;
  std::uint64_t rollback_index = 0;
  std::string_view release;
  Range authentication, auxiliary;                   // the two blocks behind the header
  Range digest, signature, public_key, key_metadata; // length 0 when there is none
  std::uint64_t size = 0;                            // header and both blocks
  std::vector<Descriptor> descriptors;
  std::optional<Error> descriptors_end;              // why reading them stopped early
};

// `bytes` begins with the structure; more may follow. Errors: bad_magic, truncated, bad_value,
// unsupported (a major version other than 1).
Result<VbMeta> read(Bytes bytes);

struct Footer {
  std::uint64_t original_size, vbmeta_at, vbmeta_size;
};

// The last 64 bytes of an image of `image_size` bytes. Errors: bad_magic (no footer), truncated,
// unsupported (major version), bad_value (the structure does not lie between image and footer).
Result<Footer> read_footer(Bytes last, std::uint64_t image_size);

// "SHA256_RSA4096"; "" for a number without a name.
std::string_view algorithm_name(std::uint32_t algorithm);

// A published test key, by the SHA-1 of the key as it stands in the structure, in lower-case hex;
// "" for any other. Anyone can sign with these.
std::string_view known_key(std::string_view sha1_hex);

}  // namespace klik::avb
