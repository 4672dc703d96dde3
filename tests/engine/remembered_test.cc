#include "engine/remembered.h"

#include <gtest/gtest.h>

#include "extract/columns.h"

namespace klik {
namespace {

BlobId blob(std::string_view text) { return BlobId(sha256(Bytes::of(text))); }

Node made_node() {
  static const Node inside;
  Node n;
  n.kind = "apk";
  n.state = State::damaged;
  n.problems.push_back({fail(Code::bad_value, 77, "a field holds nonsense").error(), ProblemSeverity::error, "detail", "advice"});
  Edge file;
  file.name = std::string("lib/a\xff.so");
  file.kind = "elf";
  file.size = 1u << 30;
  file.blob = blob("a");
  file.transform = "deflate";
  file.extents = {{5, 10}, {1ull << 40, 3}};
  file.attributes = FileAttributes{.mode = 0100644, .uid = 1000, .gid = ~0u, .selinux = "u:object_r:system_file:s0", .capability = {1, 0, 0, 2}, .link_target = ""};
  file.problems.push_back({fail(Code::bad_checksum, 0, "not as promised").error(), ProblemSeverity::data_loss, "", ""});
  file.node = &inside;
  Edge link;
  link.name = "etc";
  link.type = ChildType::symlink;
  link.kind = "symlink";
  link.attributes = FileAttributes{.mode = 0120777, .selinux = {}, .capability = {}, .link_target = "/system/etc"};
  n.edges = {file, link};
  return n;
}

// Of a kind and an extractor that the program has, with every form of value.
std::vector<Fact> made_facts(const BlobId& about) {
  const Extractor& e = *extractors()[0];
  std::vector<Fact> out;
  for (const FactKind* kind : e.emits) {
    Fact f{kind, about, {}, {{about, 3, 4}, {blob("elsewhere"), 0, 1}}, e.name, {FactId{1, 2, 3}}};
    for (const Column& c : kind->columns) {
      if (c.nullable) f.values.emplace_back();
      else if (c.type == ColumnType::text || c.type == ColumnType::bytes) f.values.emplace_back("text of " + std::string(c.name));
      else f.values.emplace_back(std::int64_t{-5});
    }
    out.push_back(f);
    out.push_back(f);
  }
  return out;
}

std::string made_record(const BlobId& about) { return packed(made_node(), {.container = true, .alone = true, .absent = {"a.idsig"}}, *packed_facts(made_facts(about), about)); }

TEST(Remembered, GivesBackTheNode) {
  KeptTexts texts;
  const std::string record = made_record(blob("x"));
  const auto r = unpacked_node(Bytes::of(record), texts);
  ASSERT_TRUE(r);
  const Node want = made_node();
  EXPECT_EQ(r->node.kind, "apk");
  EXPECT_EQ(r->node.state, State::damaged);
  ASSERT_EQ(r->node.problems.size(), 1u);
  EXPECT_EQ(r->node.problems[0].error.code, Code::bad_value);
  EXPECT_EQ(r->node.problems[0].error.at, 77u);
  EXPECT_STREQ(r->node.problems[0].error.what, "a field holds nonsense");
  EXPECT_EQ(r->node.problems[0].detail, "detail");
  EXPECT_EQ(r->node.problems[0].advice, "advice");
  ASSERT_EQ(r->node.edges.size(), 2u);
  const Edge &got = r->node.edges[0], &file = want.edges[0];
  EXPECT_EQ(got.name, file.name);
  EXPECT_EQ(got.kind, file.kind);
  EXPECT_EQ(got.size, file.size);
  EXPECT_EQ(got.blob, file.blob);
  EXPECT_EQ(got.transform, file.transform);
  EXPECT_EQ(got.extents, file.extents);
  EXPECT_EQ(got.attributes->mode, file.attributes->mode);
  EXPECT_EQ(got.attributes->uid, file.attributes->uid);
  EXPECT_EQ(got.attributes->gid, file.attributes->gid);
  EXPECT_EQ(got.attributes->selinux, file.attributes->selinux);
  EXPECT_EQ(got.attributes->capability, file.attributes->capability);
  EXPECT_EQ(got.problems.size(), 1u);
  EXPECT_EQ(got.node, nullptr);
  EXPECT_TRUE(r->has_content[0]);
  EXPECT_FALSE(r->has_content[1]);
  EXPECT_EQ(r->node.edges[1].type, ChildType::symlink);
  EXPECT_EQ(r->node.edges[1].attributes->link_target, "/system/etc");
  EXPECT_FALSE(r->node.edges[1].blob);
  EXPECT_TRUE(r->role.container);
  EXPECT_TRUE(r->role.alone);
  EXPECT_EQ(r->role.absent, std::vector<std::string>{"a.idsig"});
}

TEST(Remembered, GivesBackTheFacts) {
  const BlobId about = blob("x");
  const std::string record = made_record(about);
  const auto facts = unpacked_facts(Bytes::of(record), about);
  ASSERT_TRUE(facts);
  const std::vector<Fact> want = made_facts(about);
  ASSERT_EQ(facts->size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    EXPECT_EQ((*facts)[i].kind, want[i].kind);
    EXPECT_EQ((*facts)[i].values, want[i].values);
    EXPECT_EQ((*facts)[i].extractor.data(), want[i].extractor.data());
    EXPECT_EQ((*facts)[i].because, want[i].because);
    EXPECT_EQ(fact_id((*facts)[i]), fact_id(want[i]));
    ASSERT_EQ((*facts)[i].origins.size(), 2u);
    EXPECT_EQ((*facts)[i].origins[1].blob, blob("elsewhere"));
  }
}

TEST(Remembered, FactsThatCouldNotBeReadBackAreNotPacked) {
  std::vector<Fact> facts = made_facts(blob("x"));
  facts[0].extractor = "nobody@1";
  EXPECT_FALSE(packed_facts(facts, blob("x")));
  static constexpr FactKind kOther{"nobody.knows", "", {}};
  facts = made_facts(blob("x"));
  facts[0].kind = &kOther;
  EXPECT_FALSE(packed_facts(facts, blob("x")));
}

TEST(Remembered, EveryPrefixIsRefused) {
  KeptTexts texts;
  const std::string record = made_record(blob("x"));
  for (std::size_t n = 0; n < record.size(); ++n) {
    const Bytes part = Bytes::of(std::string_view(record).substr(0, n));
    EXPECT_FALSE(unpacked_node(part, texts) && unpacked_facts(part, blob("x"))) << n;
  }
}

TEST(Remembered, ABrokenRecordIsRefusedOrKeepsToTheColumns) {
  KeptTexts texts;
  const std::string record = made_record(blob("x"));
  for (std::size_t at = 0; at < record.size(); ++at)
    for (const int bit : {1, 2, 0x40, 0x80}) {
      std::string broken = record;
      broken[at] = static_cast<char>(broken[at] ^ static_cast<char>(bit));
      const auto node = unpacked_node(Bytes::of(broken), texts);
      for (std::size_t i = 0; node && i < node->node.edges.size(); ++i) {
        EXPECT_TRUE(!node->has_content[i] || node->node.edges[i].blob);
      }
      const auto facts = unpacked_facts(Bytes::of(broken), blob("x"));
      if (!facts) continue;
      for (const Fact& f : *facts) {
        ASSERT_EQ(f.values.size(), f.kind->columns.size());
        for (std::size_t c = 0; c < f.values.size(); ++c) {
          EXPECT_TRUE(f.values[c].index() != 0 || f.kind->columns[c].nullable);
        }
      }
    }
}

TEST(Remembered, WhatTheMachineOrABudgetDidIsNotRepeatable) {
  const auto problem = [](Code code) { return std::vector<Problem>{{fail(code, 0, "x").error(), ProblemSeverity::data_loss, {}, {}}}; };
  for (const Code code : {Code::io, Code::internal, Code::over_budget}) EXPECT_FALSE(repeatable(problem(code)));
  for (const Code code : {Code::truncated, Code::bad_checksum, Code::encrypted, Code::deviation}) EXPECT_TRUE(repeatable(problem(code)));
  EXPECT_TRUE(repeatable({}));
}

}  // namespace
}  // namespace klik
