// Bytes of images after the walk: kept ones, and the way back to others by their path.
#include "engine/image_bytes.h"

#include <gtest/gtest.h>

#include <deque>

namespace klik {
namespace {

BlobId id(std::string_view text) { return BlobId(sha256(Bytes::of(text))); }

SourceRef in_memory(std::size_t size) { return memory_source(std::vector<std::uint8_t>(size, 7)); }

TEST(KeptImages, PartitionsAreWantedAndModulesAreNot) {
  EXPECT_TRUE(KeptImages::wanted("ext4", "system.img", "payload"));
  EXPECT_TRUE(KeptImages::wanted("file", "modem.img", "tar"));
  EXPECT_TRUE(KeptImages::wanted("file", "tz", "super"));
  EXPECT_FALSE(KeptImages::wanted("ext4", "apex_payload.img", "apex"));
  EXPECT_FALSE(KeptImages::wanted("apk", "A.apk", "ext4"));
}

TEST(KeptImages, MemoryIsBoundedAndSmallOnesAreCopied) {
  KeptImages kept;
  kept.keep(id("small"), in_memory(100));
  ASSERT_NE(kept.find(id("small")), nullptr);
  EXPECT_EQ(kept.find(id("small"))->size(), 100u);
  EXPECT_EQ(kept.find(id("other")), nullptr);
  unsigned large = 0;
  for (int i = 0; i < 8; ++i) {
    kept.keep(id(std::to_string(i)), in_memory(2u << 20));
    large += kept.find(id(std::to_string(i))) != nullptr;
  }
  EXPECT_GT(large, 0u);
  EXPECT_LT(large, 8u);
}

class Tree : public testing::Test {
 protected:
  Tree() {
    inner_.edges = {edge("b.img", "b", nullptr), edge("b.img", "second b", nullptr)};
    outer_.edges = {edge("a!b.zip", "zip", &inner_), edge("a", "a", nullptr), edge("\xff.img", "broken name", nullptr)};
    root_ = edge("handed in", "root", &outer_);
  }
  static Edge edge(std::string name, std::string_view content, const Node* node) {
    Edge e;
    e.name = std::move(name);
    e.blob = id(content);
    e.node = node;
    return e;
  }
  std::vector<std::string> found(std::string_view path, std::string_view content) {
    std::vector<std::string> parts;
    if (!parts_of(root_, path, id(content), parts)) return {"not there"};
    return parts;
  }
  Node inner_, outer_;
  Edge root_;
};

TEST_F(Tree, APathLeadsBackThroughNamesWithMarksInThem) {
  using Parts = std::vector<std::string>;
  EXPECT_EQ(found("", "root"), Parts{});
  EXPECT_EQ(found("a", "a"), Parts{"a"});
  EXPECT_EQ(found("a!b.zip!b.img", "b"), (Parts{"a!b.zip", "b.img"}));
  EXPECT_EQ(found("a!b.zip!b.img#2", "second b"), (Parts{"a!b.zip", "b.img#2"}));
  EXPECT_EQ(found("a!b.zip!b.img", "second b"), Parts{"not there"});
  EXPECT_EQ(found("a!b.zip!c.img", "b"), Parts{"not there"});
  EXPECT_EQ(found("", "another"), Parts{"not there"});
}

TEST_F(Tree, ManyReadingsOfAPathEnd) {
  // Each level can be read as "x" or "x!x": 2^40 ways to no end.
  std::deque<Node> nodes(40);
  for (std::size_t i = 0; i + 1 < nodes.size(); ++i) nodes[i].edges = {edge("x", "x", &nodes[i + 1]), edge("x!x", "xx", &nodes[i + 1])};
  root_.node = &nodes[0];
  std::string path = "x";
  for (int i = 0; i < 60; ++i) path += "!x";
  EXPECT_EQ(found(path, "none"), std::vector<std::string>{"not there"});
}

}  // namespace
}  // namespace klik
