#include "compare/digest_list.h"

#include <gtest/gtest.h>

#include "support/damage.h"
#include "support/table_side.h"

namespace klik::compare {
namespace {

const std::string kA(64, 'a'), kB(64, 'b');

std::string list(const std::string& fingerprint, const std::string& rest) { return "# klikspaan digest list 1\nfingerprint " + fingerprint + "\n" + rest; }

std::string phone(const std::string& tool_digest) {
  return "INSERT INTO build(build_id, label, fingerprint, fact_id) VALUES(1, 'one', 'maker/one', 'f0');"
         "INSERT INTO partition_digest VALUES(1, 'system', '" + kA + "', 1, 1, 0, 'f1'), (1, 'vendor', '" + kA + "', 1, 1, 3, 'f2');"
         "INSERT INTO artifact(artifact_id, build_id, path, device_path, kind, size, sha256, state, fact_id) VALUES(1, 1, 't', '/system/bin/tool', 'elf', 1, '" + tool_digest + "', 'read', 'f3'),"
         " (2, 1, 'u', '/system/bin/unread', 'file', 1, '" + kB + "', 'listed', 'f4');";
}

ListComparison held_against(const std::string& rows, const std::string& text) {
  test::TableSide side(rows);
  const auto lists = parse_digest_lists(Bytes::of(text));
  EXPECT_TRUE(lists) << lists.error().what;
  ListComparison found;
  EXPECT_TRUE(compare_with_lists({side, 1}, *lists, found));
  return found;
}

TEST(DigestList, WhatABuildGivesIsReadBackAndIsAsItsOwn) {
  test::TableSide side(phone(kA));
  const std::string text = make_digest_list({side, 1});
  EXPECT_EQ(text, list("maker/one", "partition system " + kA + "\nfile " + kA + " /system/bin/tool\n")) << "what was not read stands in no list";
  const ListComparison found = held_against(phone(kA), text);
  EXPECT_EQ(found.files_same, 1u);
  ASSERT_EQ(found.answers.size(), 1u);
  EXPECT_EQ(found.answers[0].answer, Listed::same_as_others);
}

TEST(DigestList, SaysWhatOnlyThisPhoneHas) {
  const ListComparison found = held_against(phone(kB), list("maker/one", "file " + kA + " /system/bin/tool\nfile " + kA + " /system/bin/more\n"));
  ASSERT_EQ(found.answers.size(), 3u);
  EXPECT_EQ(found.answers[0].name, "system");
  EXPECT_EQ(found.answers[0].answer, Listed::not_listed);
  EXPECT_EQ(found.answers[1].name, "/system/bin/more");
  EXPECT_EQ(found.answers[1].answer, Listed::only_others);
  EXPECT_EQ(found.answers[2].name, "/system/bin/tool");
  EXPECT_EQ(found.answers[2].answer, Listed::only_you);
}

TEST(DigestList, OneOtherWithTheSameIsEnough) {
  const ListComparison found = held_against(phone(kB), list("maker/one", "file " + kA + " /system/bin/tool\n") + list("maker/one", "file " + kB + " /system/bin/tool\n"));
  EXPECT_EQ(found.lists, 2u);
  EXPECT_EQ(found.files_same, 1u);
}

TEST(DigestList, ListsOfOtherBuildsDoNotCount) {
  const ListComparison found = held_against(phone(kB), list("maker/two", "file " + kA + " /system/bin/tool\n"));
  EXPECT_EQ(found.lists, 0u);
  EXPECT_EQ(found.other_lists, 1u);
  EXPECT_TRUE(found.answers.empty());
}

TEST(DigestList, RefusesWhatItDoesNotUnderstandWithThePlace) {
  const auto wrong = parse_digest_lists(Bytes::of(list("x", "file short /a\n")));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, Code::bad_value);
  EXPECT_EQ(wrong.error().at, list("x", "").size());
  const auto other = parse_digest_lists(Bytes::of("something else"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Code::bad_magic);
}

TEST(DigestList, EveryPrefixIsReadOrRefused) {
  const std::string text = list("maker/one", "partition system " + kA + "\nfile " + kA + " /system/bin/tool\n# note\n\n");
  for (std::size_t n = 0; n <= text.size(); ++n) {
    const auto lists = parse_digest_lists(Bytes::of(std::string_view(text).substr(0, n)));
    if (lists) { EXPECT_EQ(lists->size(), 1u); }
  }
}

}  // namespace
}  // namespace klik::compare
