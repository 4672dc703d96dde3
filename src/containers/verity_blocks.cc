#include "containers/verity_blocks.h"

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

namespace klik::verity {
namespace {

constexpr std::uint64_t kAhead = std::uint64_t{64} << 20, kChunk = std::uint64_t{1} << 20;
constexpr std::uint64_t kCodeword = 255;

std::uint64_t digest_size(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::sha1: return 20;
    case HashAlgorithm::sha384: return 48;
    case HashAlgorithm::sha512: return 64;
    default: return 32;
  }
}
// In a hash block digests lie at powers of two.
std::uint64_t slot_size(HashAlgorithm algorithm) { return std::bit_ceil(digest_size(algorithm)); }

std::uint64_t rounded_up(std::uint64_t n, std::uint64_t to) { return n / to * to + (n % to != 0 ? to : 0); }
std::uint64_t level_size(std::uint64_t below, std::uint32_t block_size, HashAlgorithm algorithm) {
  return rounded_up(below / block_size * slot_size(algorithm), block_size);
}

// The digest of each block of `blocks`, each in its slot, appended to `level`.
void append_digests(Bytes blocks, std::uint32_t block_size, HashAlgorithm algorithm, Bytes salt, std::vector<std::uint8_t>& level) {
  Hasher hasher(algorithm);
  for (std::uint64_t at = 0; at < blocks.size(); at += block_size) {
    hasher.update(salt);
    hasher.update(Bytes(blocks.span().subspan(at, block_size)));
    const std::vector<std::uint8_t> digest = hasher.finish();
    level.insert(level.end(), digest.begin(), digest.end());
    level.resize(rounded_up(level.size(), slot_size(algorithm)));
  }
}

// Arithmetic in GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1.
std::uint8_t times(std::uint8_t a, std::uint8_t b) {
  unsigned product = 0, factor = a;
  for (unsigned bits = b; bits != 0; bits >>= 1) {
    if (bits & 1) product ^= factor;
    factor <<= 1;
    if (factor & 0x100) factor ^= 0x11D;
  }
  return static_cast<std::uint8_t>(product);
}

// The product of (x - 2^i) for i below `roots`; coefficients from x^0.
std::vector<std::uint8_t> generator(std::uint32_t roots) {
  std::vector<std::uint8_t> g{1};
  std::uint8_t root = 1;
  for (std::uint32_t i = 0; i < roots; ++i) {
    g.push_back(0);
    for (std::size_t j = g.size(); j-- > 0;) g[j] = static_cast<std::uint8_t>((j > 0 ? g[j - 1] : 0) ^ times(g[j], root));
    root = times(root, 2);
  }
  return g;
}

}  // namespace

std::optional<HashAlgorithm> algorithm_named(std::string_view name) {
  if (name == "sha1") return HashAlgorithm::sha1;
  if (name == "sha256") return HashAlgorithm::sha256;
  if (name == "sha384") return HashAlgorithm::sha384;
  if (name == "sha512") return HashAlgorithm::sha512;
  return std::nullopt;
}

std::uint64_t hash_tree_size(std::uint64_t data_size, std::uint32_t block_size, HashAlgorithm algorithm) {
  std::uint64_t total = 0, level = data_size;
  do {   // every level is at most an eighth of the one below, or one block
    level = level_size(level, block_size, algorithm);
    total += level;
  } while (level > block_size);
  return total;
}

std::uint64_t error_correction_size(std::uint64_t data_size, std::uint32_t block_size, std::uint32_t roots) {
  const std::uint64_t width = kCodeword - roots, blocks = data_size / block_size;
  return (blocks / width + (blocks % width != 0)) * roots * block_size;
}

Result<std::vector<std::uint8_t>> hash_tree(const Source& data, std::uint64_t at, std::uint64_t size, std::uint32_t block_size, HashAlgorithm algorithm, Bytes salt) {
  std::vector<std::vector<std::uint8_t>> levels(1);
  const std::uint64_t step = std::max<std::uint64_t>(kChunk, block_size);   // both powers of two
  std::vector<std::uint8_t> chunk(std::min(step, size));
  for (std::uint64_t done = 0; done < size; done += step) {
    const MutableBytes part = MutableBytes(chunk).first(std::min(step, size - done));
    data.will_need(at + done, std::min(kAhead, size - done));
    KLIK_CHECK(data.read(at + done, part));
    append_digests(Bytes(part), block_size, algorithm, salt, levels[0]);
  }
  levels[0].resize(rounded_up(levels[0].size(), block_size));
  while (levels.back().size() > block_size) {
    std::vector<std::uint8_t> next;
    append_digests(Bytes(levels.back()), block_size, algorithm, salt, next);
    next.resize(rounded_up(next.size(), block_size));
    levels.push_back(std::move(next));
  }
  std::vector<std::uint8_t> tree;
  for (std::size_t i = levels.size(); i-- > 0;) tree.insert(tree.end(), levels[i].begin(), levels[i].end());
  return tree;
}

// Byte k of the blocks round, round + rounds, round + 2·rounds, … is one codeword. All codewords of a round are encoded side by side.
Result<std::vector<std::uint8_t>> error_correction(const Source& data, std::uint64_t at, std::uint64_t size, std::uint32_t block_size, std::uint32_t roots) {
  const std::uint64_t width = kCodeword - roots, blocks = size / block_size, rounds = blocks / width + (blocks % width != 0);
  const std::vector<std::uint8_t> g = generator(roots);
  std::vector<std::array<std::uint8_t, 256>> products(roots);   // products[j][f] = f × the generator's coefficient for place j
  for (std::uint32_t j = 0; j < roots; ++j)
    for (unsigned f = 0; f < 256; ++f) products[j][f] = times(static_cast<std::uint8_t>(f), g[roots - 1 - j]);
  std::vector<std::uint8_t> out, block(block_size), feedback(block_size);
  std::vector<std::vector<std::uint8_t>> parity(roots, std::vector<std::uint8_t>(block_size));
  out.reserve(rounds * roots * block_size);
  for (std::uint64_t round = 0; round < rounds; ++round) {
    for (auto& p : parity) std::ranges::fill(p, std::uint8_t{0});
    for (std::uint64_t i = 0; i < width; ++i) {
      const std::uint64_t place = i * rounds + round;
      if (place < blocks) KLIK_CHECK(data.read(at + place * block_size, block));
      else std::ranges::fill(block, std::uint8_t{0});   // short codewords end in zeros
      for (std::uint32_t k = 0; k < block_size; ++k) feedback[k] = block[k] ^ parity[0][k];
      for (std::uint32_t j = 0; j < roots; ++j)
        for (std::uint32_t k = 0; k < block_size; ++k)
          parity[j][k] = static_cast<std::uint8_t>((j + 1 < roots ? parity[j + 1][k] : 0) ^ products[j][feedback[k]]);
    }
    for (std::uint32_t k = 0; k < block_size; ++k)
      for (std::uint32_t j = 0; j < roots; ++j) out.push_back(parity[j][k]);
  }
  return out;
}

}  // namespace klik::verity
