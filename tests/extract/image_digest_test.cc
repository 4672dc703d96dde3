#include "extract/image_digest.h"

#include "extract/avb_coverage.h"
#include "support/avb_maker.h"

namespace klik {
namespace {

using Data = std::vector<std::uint8_t>;

TreeShape shape(std::uint64_t size, HashAlgorithm algorithm, const std::string& salt, std::uint32_t block, std::uint64_t tree_size) {
  return {algorithm, {salt.begin(), salt.end()}, size, block, block, size, tree_size};
}

TEST(TreeDigest, IsThatOfTheSlowProgram) {
  // Around a full block of digests, and three levels.
  for (const std::size_t blocks : {1, 2, 31, 32, 33, 1023, 1024, 1025, 1500})
    for (const HashAlgorithm algorithm : {HashAlgorithm::sha1, HashAlgorithm::sha256, HashAlgorithm::sha512}) {
      const Data data = test::noise(blocks * 1024, static_cast<unsigned>(blocks));
      const auto slow = test::naive_tree(data, algorithm, "salt", 1024);
      Data image = data;
      image.insert(image.end(), slow.tree.begin(), slow.tree.end());
      const auto fast = tree_digest(memory_source(image), shape(data.size(), algorithm, "salt", 1024, slow.tree.size()));
      ASSERT_TRUE(fast) << fast.error().what;
      EXPECT_EQ(fast->root, slow.root) << blocks;
      EXPECT_EQ(fast->stored, StoredTree::equal) << blocks;
    }
}

// The kernel's own maker of hash trees as judge.
TEST(TreeDigest, IsThatOfVeritysetup) {
  const test::ScratchFolder folder;
  const std::string data_path = (folder.path() / "data").string(), tree_path = (folder.path() / "tree").string();
  for (const std::size_t blocks : {2, 128, 129, 733, 16385}) {
    const Data data = test::noise(blocks * 4096, static_cast<unsigned>(blocks));
    test::ApkSigner::write(data_path, data);
    for (const auto& [name, algorithm] : {std::pair("sha1", HashAlgorithm::sha1), std::pair("sha256", HashAlgorithm::sha256)}) {
      std::filesystem::remove(tree_path);
      const auto judged = test::run("PATH=$PATH:/usr/sbin veritysetup format " + data_path + " " + tree_path + " --no-superblock --salt=00aabb --hash=" + name + " 2>&1");
      ASSERT_EQ(judged.status, 0) << judged.output;
      const auto root = unhex(judged.output.substr(judged.output.find("Root hash:") + 17, algorithm == HashAlgorithm::sha1 ? 40 : 64));
      ASSERT_TRUE(root) << judged.output;
      const Data tree = test::read_file(tree_path);
      Data image = data;
      image.insert(image.end(), tree.begin(), tree.end());
      const auto ours = tree_digest(memory_source(image), shape(data.size(), algorithm, std::string("\0\xaa\xbb", 3), 4096, tree.size()));
      ASSERT_TRUE(ours);
      EXPECT_EQ(ours->root, *root) << blocks << name;
      EXPECT_EQ(ours->stored, StoredTree::equal) << blocks << name;
    }
  }
}

TEST(TreeDigest, TheLastBlockIsFilledWithZeros) {
  const Data data = test::noise(5 * 4096 + 100, 3);
  const auto slow = test::naive_tree(data, HashAlgorithm::sha256, "", 4096);
  const auto fast = tree_digest(memory_source(data), shape(data.size(), HashAlgorithm::sha256, "", 4096, slow.tree.size()));
  ASSERT_TRUE(fast);
  EXPECT_EQ(fast->root, slow.root);
  EXPECT_EQ(fast->stored, StoredTree::elsewhere);
}

TEST(TreeDigest, TellsStoredTreesApart) {
  const Data data = test::noise(200 * 1024, 4);
  const auto slow = test::naive_tree(data, HashAlgorithm::sha256, "s", 1024);
  for (std::size_t at = 0; at < slow.tree.size(); at += 511) {
    Data image = data, tree = slow.tree;
    tree[at] ^= 1;
    image.insert(image.end(), tree.begin(), tree.end());
    EXPECT_EQ(tree_digest(memory_source(image), shape(data.size(), HashAlgorithm::sha256, "s", 1024, tree.size()))->stored, StoredTree::different) << at;
  }
  Data image = data;
  image.resize(data.size() + slow.tree.size());
  const auto unwritten = tree_digest(memory_source(image), shape(data.size(), HashAlgorithm::sha256, "s", 1024, slow.tree.size()));
  EXPECT_EQ(unwritten->stored, StoredTree::unwritten);
  EXPECT_EQ(unwritten->root, slow.root);
}

class Watched final : public Source {
 public:
  explicit Watched(SourceRef under) : under_(std::move(under)) {}
  std::uint64_t size() const override { return under_->size(); }
  mutable std::size_t most = 0;

 protected:
  Result<void> do_read(std::uint64_t at, MutableBytes out) const override {
    most = std::max(most, out.size());
    return under_->read(at, out);
  }

 private:
  SourceRef under_;
};

TEST(TreeDigest, ReadsLittleAtOnceHoweverMuchABlockOfDigestsStandsFor) {
  // 64 KiB of SHA-1 digests in slots of 32 bytes are 2048 blocks.
  for (const std::size_t size : {std::size_t{4} << 20, (std::size_t{5} << 20) + 70'001}) {
    const Data data = test::noise(size, 7);
    const auto slow = test::naive_tree(data, HashAlgorithm::sha1, "salt", 65536);
    const auto image = std::make_shared<const Watched>(memory_source(data));
    const auto fast = tree_digest(image, shape(data.size(), HashAlgorithm::sha1, "salt", 65536, slow.tree.size()));
    ASSERT_TRUE(fast);
    EXPECT_EQ(fast->root, slow.root);
    EXPECT_LE(image->most, std::size_t{1} << 20);
  }
}

TEST(TreeDigest, RefusesWhatCannotBe) {
  const SourceRef image = memory_source(Data(8192));
  const auto code = [&](std::uint64_t size, std::uint32_t block) { return tree_digest(image, shape(size, HashAlgorithm::sha256, "", block, 0)).error().code; };
  EXPECT_EQ(code(0, 4096), Code::bad_value);
  EXPECT_EQ(code(8193, 4096), Code::truncated);
  EXPECT_EQ(code(~std::uint64_t{0}, 4096), Code::truncated);
  for (const std::uint32_t block : {0u, 1u, 512u, 4095u, 131072u, 0x80000000u}) EXPECT_EQ(code(4096, block), Code::bad_value) << block;
  TreeShape far = shape(8192, HashAlgorithm::sha256, "", 4096, 4096);
  far.tree_at = ~std::uint64_t{0} - 100;
  EXPECT_EQ(tree_digest(image, far)->stored, StoredTree::elsewhere);
}

TEST(SaltedDigest, HashesTheStartBehindTheSalt) {
  const Data data = test::noise(3u << 20, 5);
  Data salted = {1, 2, 3};
  salted.insert(salted.end(), data.begin(), data.begin() + (2 << 20) + 7);
  const Data salt = {1, 2, 3};
  const auto digest = salted_digest(*memory_source(data), (2u << 20) + 7, Bytes(salt), HashAlgorithm::sha256);
  ASSERT_TRUE(digest);
  EXPECT_EQ(*digest, hash(HashAlgorithm::sha256, Bytes(salted)));
  EXPECT_EQ(salted_digest(*memory_source(data), data.size() + 1, Bytes(salt), HashAlgorithm::sha256).error().code, Code::truncated);
}

TEST(Coverage, CountsEveryByteOnce) {
  Coverage c;
  c.add(0, 100, Coverage::failed);
  c.add(50, 100, Coverage::verified);
  c.add(140, 20, Coverage::unsigned_digest);
  c.add(190, ~std::uint64_t{0}, Coverage::unsigned_digest);
  c.add(10, 0, Coverage::verified);
  c.add(95, 10, Coverage::structure);
  c.add(170, 10, Coverage::structure);
  const Coverage::Sums sums = c.sums(200);
  EXPECT_EQ(sums.failed, 100u);
  EXPECT_EQ(sums.verified, 50u);
  EXPECT_EQ(sums.unsigned_digest, 20u);
  EXPECT_EQ(sums.structure, 10u);
  EXPECT_EQ(Coverage().sums(200).verified, 0u);
}

}  // namespace
}  // namespace klik
