#include "formats/cert/pem.h"

#include <gtest/gtest.h>

#include <random>

namespace klik::pem {
namespace {

std::string text_of(const Block& b) { return {b.der.begin(), b.der.end()}; }

TEST(Pem, ReadsBlocksAmidText) {
  const std::string text = "Subject: x\n-----BEGIN A B-----\nYW\nJj\n-----END A B-----\ntail -----BEGIN C-----YWI=-----END C----- -----BEGIN D-----\nYQ==\n-----END D-----";
  const auto all = blocks(Bytes::of(text), 10);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].label, "A B");
  EXPECT_EQ(text_of(all[0]) + text_of(all[1]) + text_of(all[2]), "abcaba");
  EXPECT_EQ(text.substr(all[1].at, all[1].length), "-----BEGIN C-----YWI=-----END C-----");
  EXPECT_EQ(blocks(Bytes::of(text), 2).size(), 2u);
}

TEST(Pem, WhatIsNoBase64IsEmpty) {
  for (const char* body : {"Y", "YW*j", "YQ==YQ", "YQ=====", "-"}) {
    const std::string text = "-----BEGIN X-----" + std::string(body) + "-----END X-----";
    const auto all = blocks(Bytes::of(text), 10);
    ASSERT_EQ(all.size(), 1u) << body;
    EXPECT_TRUE(all[0].der.empty()) << body;
  }
}

TEST(Pem, ABlockThatWasCutDoesNotSwallowTheNext) {
  const std::string text = "-----BEGIN X-----\nYWJj\n-----BEGIN Y-----\nYQ==\n-----END Y-----";
  const auto all = blocks(Bytes::of(text), 10);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].label, "Y");
}

TEST(Pem, EveryPrefixStaysInside) {
  std::string text = "-----BEGIN X-----\nYWJj\n-----END X----------BEGIN Y-----\nYQ==\n-----END Y-----";
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    std::string broken = text;
    if (round) broken[random() % broken.size()] = "-\nX "[random() % 4];
    for (std::size_t n = 0; n <= broken.size(); ++n)
      for (const Block& b : blocks(Bytes::of(std::string_view(broken).substr(0, n)), 9)) EXPECT_TRUE(b.at <= n && b.length <= n - b.at && b.length > 10);
  }
}

}  // namespace
}  // namespace klik::pem
