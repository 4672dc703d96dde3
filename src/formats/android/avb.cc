#include "formats/android/avb.h"

#include <algorithm>
#include <array>

namespace klik::avb {
namespace {

struct HeaderBytes {
  std::uint8_t magic[4];
  U32be required_major, required_minor;
  U64be authentication_size, auxiliary_size;
  U32be algorithm;
  U64be hash_at, hash_size, signature_at, signature_size;             // in the authentication block
  U64be key_at, key_size, metadata_at, metadata_size;                 // in the auxiliary block
  U64be descriptors_at, descriptors_size;                             // in the auxiliary block
  U64be rollback_index;
  U32be flags, rollback_location;
  std::uint8_t release[48];
  std::uint8_t reserved[80];
};
static_assert(sizeof(HeaderBytes) == kHeaderSize);

struct FooterBytes {
  std::uint8_t magic[4];
  U32be major, minor;
  U64be original_size, vbmeta_at, vbmeta_size;
  std::uint8_t reserved[28];
};
static_assert(sizeof(FooterBytes) == kFooterSize);

struct DescriptorHead {
  U64be tag, following;
};
static_assert(sizeof(DescriptorHead) == 16);

struct PropertyBytes {
  DescriptorHead head;
  U64be key_size, value_size;
};
static_assert(sizeof(PropertyBytes) == 32);

struct HashtreeBytes {
  DescriptorHead head;
  U32be dm_verity_version;
  U64be image_size, tree_at, tree_size;
  U32be data_block_size, hash_block_size, fec_roots;
  U64be fec_at, fec_size;
  std::uint8_t hash_algorithm[32];
  U32be name_size, salt_size, digest_size, flags;
  std::uint8_t reserved[60];
};
static_assert(sizeof(HashtreeBytes) == 180);

struct HashBytes {
  DescriptorHead head;
  U64be image_size;
  std::uint8_t hash_algorithm[32];
  U32be name_size, salt_size, digest_size, flags;
  std::uint8_t reserved[60];
};
static_assert(sizeof(HashBytes) == 132);

struct CommandLineBytes {
  DescriptorHead head;
  U32be flags, size;
};
static_assert(sizeof(CommandLineBytes) == 24);

struct ChainBytes {
  DescriptorHead head;
  U32be rollback_location, name_size, key_size, flags;
  std::uint8_t reserved[60];
};
static_assert(sizeof(ChainBytes) == 92);

enum Tag : std::uint64_t { kProperty = 0, kHashtree = 1, kHash = 2, kCommandLine = 3, kChain = 4 };

std::string_view until_nul(Bytes field) { return field.text().substr(0, field.text().find('\0')); }

// Hands out what follows the fixed part of a descriptor, piece by piece.
class Tail {
 public:
  Tail(Bytes descriptor, std::uint64_t at) : descriptor_(descriptor), at_(at) {}
  Result<Bytes> next(std::uint64_t n) {
    KLIK_TRY(const Bytes piece, descriptor_.slice(at_, n));
    at_ += n;
    return piece;
  }

 private:
  Bytes descriptor_;
  std::uint64_t at_;
};

Result<Property> property(Bytes d) {
  KLIK_TRY(const PropertyBytes* p, d.view<PropertyBytes>(0));
  Tail tail(d, sizeof *p);
  KLIK_TRY(const Bytes key, tail.next(p->key_size));
  KLIK_TRY(const Bytes key_end, tail.next(1));
  KLIK_TRY(const Bytes value, tail.next(p->value_size));
  KLIK_TRY(const Bytes value_end, tail.next(1));
  if (key_end[0] != 0 || value_end[0] != 0) return fail(Code::bad_value, sizeof *p, "property without its end marks");
  return Property{key.text(), value};
}

Result<Hashtree> hashtree(Bytes d) {
  KLIK_TRY(const HashtreeBytes* h, d.view<HashtreeBytes>(0));
  Tail tail(d, sizeof *h);
  KLIK_TRY(const Bytes name, tail.next(h->name_size));
  KLIK_TRY(const Bytes salt, tail.next(h->salt_size));
  KLIK_TRY(const Bytes digest, tail.next(h->digest_size));
  return Hashtree{.partition = name.text(), .hash_algorithm = until_nul(Bytes(h->hash_algorithm)), .salt = salt, .root_digest = digest,
                  .dm_verity_version = h->dm_verity_version, .data_block_size = h->data_block_size, .hash_block_size = h->hash_block_size,
                  .fec_roots = h->fec_roots, .flags = h->flags, .image_size = h->image_size, .tree_at = h->tree_at,
                  .tree_size = h->tree_size, .fec_at = h->fec_at, .fec_size = h->fec_size};
}

Result<Hash> hash(Bytes d) {
  KLIK_TRY(const HashBytes* h, d.view<HashBytes>(0));
  Tail tail(d, sizeof *h);
  KLIK_TRY(const Bytes name, tail.next(h->name_size));
  KLIK_TRY(const Bytes salt, tail.next(h->salt_size));
  KLIK_TRY(const Bytes digest, tail.next(h->digest_size));
  return Hash{.partition = name.text(), .hash_algorithm = until_nul(Bytes(h->hash_algorithm)), .salt = salt, .digest = digest,
              .image_size = h->image_size, .flags = h->flags};
}

Result<CommandLine> command_line(Bytes d) {
  KLIK_TRY(const CommandLineBytes* c, d.view<CommandLineBytes>(0));
  KLIK_TRY(const Bytes text, d.slice(sizeof *c, c->size));
  return CommandLine{text.text(), c->flags};
}

Result<Chain> chain(Bytes d) {
  KLIK_TRY(const ChainBytes* c, d.view<ChainBytes>(0));
  Tail tail(d, sizeof *c);
  KLIK_TRY(const Bytes name, tail.next(c->name_size));
  KLIK_TRY(const Bytes key, tail.next(c->key_size));
  return Chain{name.text(), key, c->rollback_location, c->flags};
}

// Errors keep their offset in the descriptor; the caller knows where that lies.
Result<Descriptor> one(Bytes d, std::uint64_t tag, Range range) {
  switch (tag) {
    case kProperty: {
      KLIK_TRY(const Property p, property(d));
      return Descriptor{range, p};
    }
    case kHashtree: {
      KLIK_TRY(const Hashtree h, hashtree(d));
      return Descriptor{range, h};
    }
    case kHash: {
      KLIK_TRY(const Hash h, hash(d));
      return Descriptor{range, h};
    }
    case kCommandLine: {
      KLIK_TRY(const CommandLine c, command_line(d));
      return Descriptor{range, c};
    }
    case kChain: {
      KLIK_TRY(const Chain c, chain(d));
      return Descriptor{range, c};
    }
    default: {
      KLIK_TRY(const Bytes body, d.from(sizeof(DescriptorHead)));
      return Descriptor{range, Unknown{tag, body}};
    }
  }
}

// `at` is where the descriptors stand in the structure.
Result<void> read_descriptors(Bytes all, std::uint64_t at, std::vector<Descriptor>& out) {
  std::uint64_t done = 0;
  while (done < all.size()) {   // every step takes at least the 16 bytes of a head
    const auto head = all.view<DescriptorHead>(done);
    if (!head) return fail(Code::truncated, at + done, "descriptor ends inside its head");
    const std::uint64_t following = (*head)->following;
    if (following % 8 != 0) return fail(Code::bad_value, at + done + 8, "length of a descriptor is not a multiple of 8");
    if (following > all.size() - done - sizeof(DescriptorHead)) return fail(Code::truncated, at + done + 8, "descriptor leaves its block");
    const std::uint64_t length = sizeof(DescriptorHead) + following;
    KLIK_TRY(const Bytes bytes, all.slice(done, length));
    auto descriptor = one(bytes, (*head)->tag, {at + done, length});
    if (!descriptor) {
      Error error = descriptor.error();
      error.at += at + done;
      return fail(error);
    }
    out.push_back(*std::move(descriptor));
    done += length;
  }
  return {};
}

Result<Range> inside(Range block, std::uint64_t at, std::uint64_t length, std::uint64_t field_at) {
  if (length == 0) return Range{};
  if (at > block.length || length > block.length - at) return fail(Code::bad_value, field_at, "a part of vbmeta leaves its block");
  return Range{block.at + at, length};
}

}  // namespace

Result<VbMeta> read(Bytes bytes) {
  if (!bytes.starts_with(kMagic)) return fail(Code::bad_magic, 0, "not a vbmeta structure");
  KLIK_TRY(const HeaderBytes* header, bytes.view<HeaderBytes>(0));
  if (header->required_major != 1) return fail(Code::unsupported, 4, "vbmeta major version is not 1");
  const std::uint64_t authentication = header->authentication_size, auxiliary = header->auxiliary_size;
  if (authentication % 64 != 0 || auxiliary % 64 != 0) return fail(Code::bad_value, 12, "block sizes of vbmeta are not multiples of 64");
  if (authentication > bytes.size() - kHeaderSize) return fail(Code::truncated, 12, "authentication block past the end");
  if (auxiliary > bytes.size() - kHeaderSize - authentication) return fail(Code::truncated, 20, "auxiliary block past the end");

  VbMeta meta;
  meta.required_major = header->required_major;
  meta.required_minor = header->required_minor;
  meta.algorithm = header->algorithm;
  meta.flags = header->flags;
  meta.rollback_index = header->rollback_index;
  meta.rollback_location = header->rollback_location;
  meta.release = until_nul(Bytes(header->release));
  meta.authentication = {kHeaderSize, authentication};
  meta.auxiliary = {kHeaderSize + authentication, auxiliary};
  meta.size = kHeaderSize + authentication + auxiliary;
  KLIK_TRY(meta.digest, inside(meta.authentication, header->hash_at, header->hash_size, 32));
  KLIK_TRY(meta.signature, inside(meta.authentication, header->signature_at, header->signature_size, 48));
  KLIK_TRY(meta.public_key, inside(meta.auxiliary, header->key_at, header->key_size, 64));
  KLIK_TRY(meta.key_metadata, inside(meta.auxiliary, header->metadata_at, header->metadata_size, 80));
  KLIK_TRY(const Range descriptors, inside(meta.auxiliary, header->descriptors_at, header->descriptors_size, 96));
  KLIK_TRY(const Bytes block, bytes.slice(descriptors.at, descriptors.length));
  if (auto read_all = read_descriptors(block, descriptors.at, meta.descriptors); !read_all) meta.descriptors_end = read_all.error();
  return meta;
}

Result<Footer> read_footer(Bytes last, std::uint64_t image_size) {
  if (!last.starts_with(kFooterMagic)) return fail(Code::bad_magic, 0, "no AVB footer");
  KLIK_TRY(const FooterBytes* footer, last.view<FooterBytes>(0));
  if (image_size < kFooterSize) return fail(Code::truncated, 0, "image shorter than its footer");
  if (footer->major != 1) return fail(Code::unsupported, 4, "AVB footer major version is not 1");
  const std::uint64_t end = image_size - kFooterSize, at = footer->vbmeta_at, size = footer->vbmeta_size;
  if (at > end || size > end - at) return fail(Code::bad_value, 20, "the footer's vbmeta leaves the image");
  if (size < kHeaderSize || size > kMaxSize) return fail(Code::bad_value, 28, "the footer's vbmeta has an impossible size");
  if (footer->original_size > at) return fail(Code::bad_value, 12, "the footer's vbmeta lies inside the image proper");
  return Footer{footer->original_size, at, size};
}

std::string_view algorithm_name(std::uint32_t algorithm) {
  static constexpr std::string_view kNames[] = {"NONE", "SHA256_RSA2048", "SHA256_RSA4096", "SHA256_RSA8192", "SHA512_RSA2048",
                                                "SHA512_RSA4096", "SHA512_RSA8192", "MLDSA65", "MLDSA87"};
  return algorithm < std::size(kNames) ? kNames[algorithm] : std::string_view();
}

std::string_view known_key(std::string_view sha1_hex) {
  // AOSP external/avb/test/data/testkey_rsa*.pem.
  struct Known {
    std::string_view sha1, name;
  };
  static constexpr Known kKnown[] = {
      {"2597c218aae470a130f61162feaae70afd97f011", "aosp-avb-testkey-rsa4096"},
      {"cdbb77177f731920bbe0a0f94f84d9038ae0617d", "aosp-avb-testkey-rsa2048"},
      {"5227b569de003adc7f8ec3fc03e05dfbd969abad", "aosp-avb-testkey-rsa8192"},
  };
  const auto at = std::ranges::find(kKnown, sha1_hex, &Known::sha1);
  return at == std::end(kKnown) ? std::string_view() : at->name;
}

}  // namespace klik::avb
