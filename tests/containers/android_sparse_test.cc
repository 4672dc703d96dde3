#include "support/containers.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

void put16(std::vector<std::uint8_t>& v, unsigned x) {
  for (int i = 0; i < 2; ++i) v.push_back(static_cast<std::uint8_t>(x >> (8 * i)));
}
void put32(std::vector<std::uint8_t>& v, std::uint32_t x) {
  for (int i = 0; i < 4; ++i) v.push_back(static_cast<std::uint8_t>(x >> (8 * i)));
}

std::vector<std::uint8_t> header(std::uint32_t block_size, std::uint32_t blocks, std::uint32_t chunks) {
  std::vector<std::uint8_t> v;
  put32(v, 0xED26FF3A);
  for (const unsigned x : {1u, 0u, 28u, 12u}) put16(v, x);
  for (const std::uint32_t x : {block_size, blocks, chunks, 0u}) put32(v, x);
  return v;
}
void chunk(std::vector<std::uint8_t>& v, unsigned type, std::uint32_t blocks, std::uint32_t total, std::string_view body) {
  put16(v, type);
  put16(v, 0);
  put32(v, blocks);
  put32(v, total);
  v.insert(v.end(), body.begin(), body.end());
}

std::vector<std::uint8_t> small() {
  auto v = header(8, 4, 3);
  chunk(v, 0xCAC1, 1, 20, "rawbytes");
  chunk(v, 0xCAC2, 2, 16, "wxyz");
  chunk(v, 0xCAC3, 1, 12, "");
  return v;
}

TEST(AndroidSparse, ExpandsRawFillAndHole) {
  const auto o = test::open("android_sparse", small(), "system.simg");
  ASSERT_TRUE(o.contents);
  ASSERT_EQ(o.contents->children.size(), 1u);
  const Child& image = o.contents->children[0];
  EXPECT_EQ(image.name, "system.img");
  const auto bytes = image.source->load();
  ASSERT_TRUE(bytes);
  EXPECT_EQ(bytes->bytes().text(), std::string_view("rawbyteswxyzwxyzwxyzwxyz\0\0\0\0\0\0\0\0", 32));
  EXPECT_EQ(image.extents, (std::vector<Extent>{{40, 8}, {60, 4}}));
  EXPECT_TRUE(o.notes.empty());
}

TEST(AndroidSparse, EveryPrefixIsSafe) { test::every_prefix("android_sparse", small()); }

TEST(AndroidSparse, AChunkThatDoesNotAdvanceIsRefused) {
  auto v = header(8, 4, 0xFFFFFFFF);
  chunk(v, 0xCAC3, 1, 0, "");
  EXPECT_EQ(test::describe(test::open("android_sparse", v)), "error at 36: bad_value: chunk smaller than its header\n");
}

TEST(AndroidSparse, TwelveBytesDoNotExpandToTerabytes) {
  auto v = header(0xFFFFFFFC, 0xFFFFFFFF, 1);
  chunk(v, 0xCAC3, 0xFFFFFFFF, 12, "");
  EXPECT_EQ(test::describe(test::open("android_sparse", v)), "error at 28: over_budget: the image expands past its budget\n");
}

TEST(AndroidSparse, RealImageEqualsItsExpandedTwin) {
  KLIK_NEEDS_EVIDENCE();
  const std::string folder = test::evidence() + "/containers/sparse/";
  const auto o = test::open("android_sparse", test::read_file(folder + "test_file.bin.sparse"));
  ASSERT_TRUE(o.contents);
  const auto bytes = o.contents->children.at(0).source->load();
  ASSERT_TRUE(bytes);
  const auto twin = test::read_file(folder + "test_file.bin");
  EXPECT_EQ(hex(as_bytes(sha256(bytes->bytes()))), hex(as_bytes(sha256(Bytes(twin)))));
}

}  // namespace
}  // namespace klik
