#include "apps/signing/content_digest.h"

#include <gtest/gtest.h>

#include <random>

namespace klik::apk {
namespace {

using Vector = std::vector<std::uint8_t>;

Vector noise(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  Vector v(n);
  for (auto& b : v) b = static_cast<std::uint8_t>(random());
  return v;
}
void append(Vector& v, const Vector& more) { v.insert(v.end(), more.begin(), more.end()); }
Vector number(std::uint64_t x, unsigned bytes) {
  Vector v;
  for (unsigned i = 0; i < bytes; ++i) v.push_back(static_cast<std::uint8_t>(x >> (8 * i)));
  return v;
}

// A file of the four parts, with its layout.
struct File {
  Vector content, block, directory, end, whole;
  ApkLayout layout;
};
File make(std::size_t content, std::size_t block, std::size_t directory, std::size_t comment) {
  File f{noise(content, 1), noise(block, 2), noise(directory, 3), noise(22 + comment, 4), {}, {}};
  for (const Vector* part : {&f.content, &f.block, &f.directory, &f.end}) append(f.whole, *part);
  f.layout = {.directory_at = content + block, .directory_size = directory, .end_record_at = content + block + directory,
              .size = f.whole.size(), .entry_count = 1, .covered_end = content};
  return f;
}
Vector end_as_signed(const File& f) {
  Vector end = f.end;
  const Vector at = number(f.content.size(), 4);
  std::copy(at.begin(), at.end(), end.begin() + 16);
  return end;
}

// The words of the specification, one after another, without a thought for memory.
Vector slow_chunked(const File& f, HashAlgorithm algorithm) {
  Vector digests;
  std::uint64_t count = 0;
  for (const Vector& part : {f.content, f.directory, end_as_signed(f)})
    for (std::size_t at = 0; at < part.size(); at += 1u << 20, ++count) {
      const std::size_t n = std::min<std::size_t>(1u << 20, part.size() - at);
      Vector chunk{0xA5};
      append(chunk, number(n, 4));
      chunk.insert(chunk.end(), part.begin() + static_cast<std::ptrdiff_t>(at), part.begin() + static_cast<std::ptrdiff_t>(at + n));
      append(digests, hash(algorithm, Bytes(chunk)));
    }
  Vector top{0x5A};
  append(top, number(count, 4));
  append(top, digests);
  return hash(algorithm, Bytes(top));
}
Vector slow_root(Vector level, const Vector& salt, Vector* tree = nullptr) {
  std::vector<Vector> levels;
  do {
    level.resize((level.size() + 4095) / 4096 * 4096);
    Vector above;
    for (std::size_t at = 0; at < level.size(); at += 4096) {
      Vector page = salt;
      page.insert(page.end(), level.begin() + static_cast<std::ptrdiff_t>(at), level.begin() + static_cast<std::ptrdiff_t>(at + 4096));
      append(above, hash(HashAlgorithm::sha256, Bytes(page)));
    }
    above.resize((above.size() + 4095) / 4096 * 4096);
    levels.insert(levels.begin(), above);
    level = above;
  } while (level.size() > 4096);
  Vector page = salt;
  append(page, level);
  if (tree)
    for (const Vector& l : levels) append(*tree, l);
  return hash(HashAlgorithm::sha256, Bytes(page));
}

constexpr DigestSet::value_type k256 = ContentDigest::chunked_sha256, k512 = ContentDigest::chunked_sha512, kVerity = ContentDigest::verity_sha256;

TEST(ContentDigest, EqualsTheSlowOneForSizesAroundChunksAndPages) {
  for (const std::size_t content : {0u, 4096u, (1u << 20) - 4096u, 1u << 20, (3u << 20) + 4096u})
    for (const std::size_t directory : {1u, 4095u, 5000u, (1u << 20) + 1u}) {
      const File f = make(content, 4096, directory, content % 7);
      const auto digests = content_digests(*memory_source(f.whole), f.layout, {k256, k512, kVerity});
      ASSERT_TRUE(digests);
      EXPECT_EQ(digests->at(k256), slow_chunked(f, HashAlgorithm::sha256));
      EXPECT_EQ(digests->at(k512), slow_chunked(f, HashAlgorithm::sha512));
      Vector joined = f.content;
      append(joined, f.directory);
      append(joined, end_as_signed(f));
      Vector verity = slow_root(joined, Vector(8));
      append(verity, number(joined.size(), 8));
      EXPECT_EQ(digests->at(kVerity), verity) << content << " " << directory;
    }
}

TEST(ContentDigest, VerityNeedsWholePagesBeforeTheBlock) {
  const File f = make(4097, 4096, 100, 0);
  const auto digests = content_digests(*memory_source(f.whole), f.layout, {k256, kVerity});
  ASSERT_TRUE(digests);
  EXPECT_TRUE(digests->contains(k256));
  EXPECT_FALSE(digests->contains(kVerity));
}

// Counts how often each byte is asked for, and the largest piece.
class Counting final : public Source {
 public:
  explicit Counting(Vector bytes) : bytes_(std::move(bytes)), count_(bytes_.size()) {}
  std::uint64_t size() const override { return bytes_.size(); }
  mutable std::size_t largest = 0;
  std::vector<unsigned> counts() const { return count_; }

 private:
  Result<void> do_read(std::uint64_t at, MutableBytes out) const override {
    largest = std::max(largest, out.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = bytes_[at + i];
      ++count_[at + i];
    }
    return {};
  }
  Vector bytes_;
  mutable std::vector<unsigned> count_;
};

TEST(ContentDigest, ReadsEveryCoveredByteOnceAndTheBlockNever) {
  const File f = make(5u << 20, 8192, 3000, 5);
  const auto source = std::make_shared<Counting>(f.whole);
  ASSERT_TRUE(content_digests(*source, f.layout, {k256, k512, kVerity}));
  const auto counts = source->counts();
  for (std::size_t i = 0; i < counts.size(); ++i) ASSERT_EQ(counts[i], i >= f.content.size() && i < f.layout.directory_at ? 0u : 1u) << i;
  EXPECT_LE(source->largest, 1u << 20);
}

TEST(ContentDigest, AFileThatCannotBeReadIsAnError) {
  File f = make(8192, 4096, 100, 0);
  f.whole.resize(6000);
  EXPECT_FALSE(content_digests(*memory_source(f.whole), f.layout, {k256}));
}

TEST(HashTree, RootAndLevelsEqualTheSlowOnes) {
  const Vector salt{1, 2, 3};
  for (const std::size_t n : {1u, 4096u, 4097u, 128u * 4096u, 128u * 4096u + 1u, 300u * 4096u + 7u}) {
    const Vector data = noise(n, 9);
    Vector tree, slow_tree;
    const auto root = file_root(*memory_source(data), Bytes(salt), &tree);
    ASSERT_TRUE(root);
    EXPECT_EQ(*root, slow_root(data, salt, &slow_tree)) << n;
    EXPECT_EQ(tree, slow_tree) << n;
  }
}

}  // namespace
}  // namespace klik::apk
