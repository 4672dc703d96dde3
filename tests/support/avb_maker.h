// Signed vbmeta structures and images with hash trees, made on the spot with openssl. The trees are computed by a slow
// program of their own, so that tests compare two.
#pragma once

#include "support/apk_signer.h"
#include "support/vbmeta_writer.h"

namespace klik::test {

// Bytes without a pattern that a digest could hide behind, always the same.
inline std::vector<std::uint8_t> noise(std::size_t size, std::uint32_t seed) {
  std::vector<std::uint8_t> out(size);
  for (std::uint32_t x = seed * 2654435761u + 1; std::uint8_t& b : out) {
    x = x * 1664525u + 1013904223u;
    b = static_cast<std::uint8_t>(x >> 24);
  }
  return out;
}

class AvbKey {
 public:
  AvbKey(ApkSigner& maker, const std::string& name) : base_(maker.key(name)), scratch_((maker.folder() / "avb").string()) {
    const std::string out = run("openssl rsa -in " + base_ + ".key -modulus -noout 2>/dev/null").output;
    const auto modulus = unhex(out.substr(out.find('=') + 1, 512));
    if (modulus) modulus_ = *modulus;
  }
  // Bits, helper number, modulus; R², which is not looked at, is left out as zeros.
  std::string encoded() const {
    std::uint32_t n = 0, inverse = 1;
    for (std::size_t i = modulus_.size() - 4; i < modulus_.size(); ++i) n = n << 8 | modulus_[i];
    for (int i = 0; i < 5; ++i) inverse *= 2 - n * inverse;   // Newton: doubles the correct bits
    Writer w;
    w.be(modulus_.size() * 8, 4).be(static_cast<std::uint32_t>(0 - inverse), 4).append(modulus_).zeros(modulus_.size());
    return {w.bytes.begin(), w.bytes.end()};
  }
  std::vector<std::uint8_t> sign(const std::vector<std::uint8_t>& bytes) const {
    ApkSigner::write(scratch_, bytes);
    EXPECT_EQ(run("openssl dgst -sha256 -sign " + base_ + ".key -out " + scratch_ + ".sig " + scratch_).status, 0);
    return read_file(scratch_ + ".sig");
  }

 private:
  std::string base_, scratch_;
  std::vector<std::uint8_t> modulus_;
};

struct SignedParts {
  std::vector<std::vector<std::uint8_t>> descriptors;
  const AvbKey* key = nullptr;      // null: unsigned
  std::uint32_t flags = 0;
  std::uint64_t rollback = 0;
  std::uint32_t location = 0;
  std::string release = "maker 1.0";
};

inline std::vector<std::uint8_t> signed_vbmeta(const SignedParts& parts) {
  Writer auxiliary;
  for (const auto& d : parts.descriptors) auxiliary.append(d);
  const std::size_t descriptors = auxiliary.bytes.size();
  const std::string key = parts.key ? parts.key->encoded() : std::string();
  auxiliary.text(key).align(64);
  Writer w;
  w.text("AVB0").be(1, 4).be(0, 4).be(parts.key ? 320 : 0, 8).be(auxiliary.bytes.size(), 8).be(parts.key ? 1 : 0, 4);
  w.be(0, 8).be(parts.key ? 32 : 0, 8).be(32, 8).be(parts.key ? 256 : 0, 8);
  w.be(descriptors, 8).be(key.size(), 8).be(descriptors, 8).be(0, 8);
  w.be(0, 8).be(descriptors, 8).be(parts.rollback, 8).be(parts.flags, 4).be(parts.location, 4).field(parts.release, 48).zeros(80);
  if (!parts.key) return w.append(auxiliary.bytes).bytes;
  const std::vector<std::uint8_t> header = w.bytes;
  Writer whole;
  whole.append(header).append(auxiliary.bytes);
  const Sha256Digest digest = sha256(Bytes(whole.bytes));
  return w.append({digest.begin(), digest.end()}).append(parts.key->sign(whole.bytes)).align(64).append(auxiliary.bytes).bytes;
}

// Salted digests of blocks, the last of which is filled with zeros.
inline std::vector<std::uint8_t> level_above(const std::vector<std::uint8_t>& below, HashAlgorithm algorithm, const std::string& salt, std::size_t block, std::size_t slot) {
  std::vector<std::uint8_t> out;
  for (std::size_t at = 0; at < below.size(); at += block) {
    std::vector<std::uint8_t> input(salt.begin(), salt.end());
    input.insert(input.end(), below.begin() + static_cast<std::ptrdiff_t>(at), below.begin() + static_cast<std::ptrdiff_t>(std::min(below.size(), at + block)));
    input.resize(salt.size() + block);
    std::vector<std::uint8_t> digest = hash(algorithm, Bytes(input));
    digest.resize(slot);
    out.insert(out.end(), digest.begin(), digest.end());
  }
  return out;
}

struct NaiveTree {
  std::vector<std::uint8_t> tree, root;
};
inline NaiveTree naive_tree(const std::vector<std::uint8_t>& data, HashAlgorithm algorithm, const std::string& salt, std::size_t block = 4096) {
  const std::size_t size = hash(algorithm, Bytes()).size(), slot = size <= 32 ? 32 : 64;
  NaiveTree out;
  std::vector<std::uint8_t> level = data;
  while (level.size() > block) {
    level = level_above(level, algorithm, salt, block, slot);
    level.resize((level.size() + block - 1) / block * block);
    out.tree.insert(out.tree.begin(), level.begin(), level.end());   // the top stands first
  }
  out.root = level_above(level, algorithm, salt, block, slot);
  out.root.resize(size);
  return out;
}

inline std::vector<std::uint8_t> hashtree_over(std::string_view partition, std::uint64_t image_size, std::uint64_t tree_size, std::string_view salt, const std::vector<std::uint8_t>& root,
                                               std::string_view algorithm = "sha256") {
  Writer w;
  w.be(1, 4).be(image_size, 8).be(image_size, 8).be(tree_size, 8).be(4096, 4).be(4096, 4).be(0, 4).be(0, 8).be(0, 8);
  w.field(algorithm, 32).be(partition.size(), 4).be(salt.size(), 4).be(root.size(), 4).be(0, 4).zeros(60);
  return descriptor(1, w.text(partition).text(salt).append(root).bytes);
}

}  // namespace klik::test
