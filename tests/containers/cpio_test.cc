#include <sys/stat.h>

#include <cstdio>

#include "support/containers.h"
#include "support/files.h"

namespace klik {
namespace {

struct Member {
  std::string name, data;
  std::uint32_t mode = S_IFREG | 0644;
  std::uint32_t inode = 1, links = 1;
  std::optional<std::uint32_t> size{}, name_size{}, check{};
  const char* magic = "070701";
};

std::string member(const Member& m) {
  char header[111];
  std::uint32_t check = 0;
  if (std::string_view(m.magic) == "070702")
    for (const char c : m.data) check += static_cast<unsigned char>(c);
  std::snprintf(header, sizeof header, "%s%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", m.magic, m.inode, m.mode, 1000u, 2000u, m.links, 0u,
                m.size.value_or(static_cast<std::uint32_t>(m.data.size())), 0u, 0u, 0u, 0u, m.name_size.value_or(static_cast<std::uint32_t>(m.name.size() + 1)), m.check.value_or(check));
  std::string out = std::string(header) + m.name + '\0';
  out.resize((out.size() + 3) / 4 * 4);
  out += m.data;
  out.resize((out.size() + 3) / 4 * 4);
  return out;
}

const std::string kEnd = member({.name = "TRAILER!!!", .data = "", .mode = 0});

test::Opened open(const std::string& text) { return test::open("cpio", std::vector<std::uint8_t>(text.begin(), text.end())); }

std::string names(const test::Opened& o) {
  std::string out;
  if (!o.contents) return "(error)";
  for (const Child& c : o.contents->children) out += c.name + "\n";
  return out;
}

std::string told(const test::Opened& o) {
  std::string out;
  for (const Note& n : o.notes) out += std::string(severity_name(n.severity)) + " " + n.error.what + (n.detail.empty() ? "" : " [" + n.detail + "]") + "\n";
  return out;
}

std::string content(const Child& c) {
  if (!c.source) return "(none)";
  const auto blob = c.source->load();
  return blob ? std::string(blob->bytes().text()) : "(error)";
}

TEST(Cpio, ReadsMembersWithTheirPlaceAndAttributes) {
  const auto o = open(member({.name = "init.rc", .data = "on boot"}) + member({.name = "dev", .data = "", .mode = S_IFDIR | 0755}) + member({.name = "init", .data = "/system/bin/init", .mode = S_IFLNK | 0777}) + member({.name = "null", .data = "", .mode = S_IFCHR | 0600}) + kEnd);
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(names(o), "init.rc\ndev\ninit\nnull\n");
  const auto& c = o.contents->children;
  EXPECT_EQ(content(c[0]), "on boot");
  EXPECT_EQ(c[0].extents, (std::vector<Extent>{{120, 7}}));
  EXPECT_EQ(c[0].attributes->uid, 1000u);
  EXPECT_EQ(c[1].type, ChildType::folder);
  EXPECT_EQ(c[2].attributes->link_target, "/system/bin/init");
  EXPECT_EQ(c[3].type, ChildType::special);
  EXPECT_EQ(told(o), "");
}

TEST(Cpio, SeveralArchivesMayFollowEachOther) {
  const auto o = open(member({.name = "a", .data = "1"}) + kEnd + std::string(5000, '\0') + member({.name = "b", .data = "2"}) + kEnd + std::string(100, '\0'));
  EXPECT_EQ(names(o), "a\nb\n");
  EXPECT_EQ(told(o), "");
  const auto cut = open(member({.name = "a", .data = "1"}) + kEnd + member({.name = "b", .data = "2"}));
  EXPECT_EQ(told(cut), "error the archive has no end mark\n");
}

TEST(Cpio, WhatFollowsTheEndMarkAndIsNoCpioIsAChild) {
  const auto o = open(member({.name = "a", .data = "1"}) + kEnd + std::string(8, '\0') + "\x1f\x8b compressed");
  EXPECT_EQ(names(o), "a\nbehind-trailer\n");
  EXPECT_EQ(content(o.contents->children[1]), "\x1f\x8b compressed");
}

TEST(Cpio, HardLinksShareTheBytesOfTheOneThatHasThem) {
  const auto o = open(member({.name = "a", .data = "", .inode = 7, .links = 2}) + member({.name = "b", .data = "both", .inode = 7, .links = 2}) + member({.name = "empty", .data = "", .inode = 8, .links = 2}) + kEnd +
                      member({.name = "other", .data = "", .inode = 7, .links = 2}) + kEnd);
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(content(o.contents->children[0]), "both");
  EXPECT_EQ(o.contents->children[0].extents, o.contents->children[1].extents);
  EXPECT_EQ(o.contents->children[2].size, 0u);
  EXPECT_EQ(o.contents->children[3].size, 0u);   // inode numbers start anew with each archive
}

TEST(Cpio, SumsAreCheckedWhereTheFormatHasThem) {
  EXPECT_EQ(told(open(member({.name = "a", .data = "abc", .magic = "070702"}) + kEnd)), "");
  EXPECT_EQ(told(open(member({.name = "a", .data = "abc", .check = 1, .magic = "070702"}) + kEnd)), "error the sum of a member's bytes does not match [a]\n");
}

TEST(Cpio, HostileLengthsEndTheListWithANote) {
  EXPECT_FALSE(open(member({.name = "a", .data = "", .name_size = 0}) + kEnd).contents);
  EXPECT_FALSE(open(member({.name = "a", .data = "", .name_size = 0xFFFFFFFF}) + kEnd).contents);
  const auto long_name = open(member({.name = "a", .data = "1"}) + member({.name = "b", .data = "", .name_size = 60000}) + kEnd);
  EXPECT_EQ(names(long_name), "a\n");
  EXPECT_EQ(told(long_name), "data_loss read past end\nerror the archive has no end mark\n");
  const auto long_data = open(member({.name = "a", .data = "1", .size = 0xFFFFFFFF}) + kEnd);
  ASSERT_TRUE(long_data.contents);
  EXPECT_EQ(long_data.contents->children[0].state, State::damaged);
  EXPECT_FALSE(open(member({.name = "a", .data = "x", .mode = S_IFLNK, .size = 0xFFFFFFF0}) + kEnd).contents);
  EXPECT_EQ(told(open(member({.name = std::string("a\0b", 3), .data = "1"}) + kEnd)), "error a name that does not end with its only NUL byte [a]\n");
  EXPECT_EQ(told(open(member({.name = "../a", .data = "1"}) + kEnd)), "error a name with '..' as a part [../a]\n");
}

std::vector<std::uint8_t> mixed() {
  const std::string text = member({.name = "a", .data = "12345", .inode = 3, .links = 2}) + member({.name = "l", .data = "a", .mode = S_IFLNK}) + member({.name = "s", .data = "sum", .magic = "070702"}) + member({.name = "b", .data = "", .inode = 3, .links = 2}) + kEnd + std::string(40, '\0') + member({.name = "c", .data = "2"}) + kEnd;
  return {text.begin(), text.end()};
}

TEST(Cpio, EveryPrefixIsSafe) { test::every_prefix("cpio", mixed()); }

TEST(Cpio, EveryChangedByteIsSafe) {
  const auto good = mixed();
  for (std::size_t i = 0; i < good.size(); ++i)
    for (const char x : {'0', 'f', 'A', '\0', '\xff'}) {
      auto bad = good;
      bad[i] = static_cast<std::uint8_t>(x);
      const auto o = test::open("cpio", bad);
      test::check_promises(o, bad.size());
    }
}

TEST(Cpio, ReadsWhatCpioWrites) {
  if (test::run("command -v cpio").status != 0) GTEST_SKIP() << "the judge is missing: apt-get install cpio";
  const test::ScratchFolder folder;
  const std::string cd = "cd " + folder.path().string() + " && ";
  ASSERT_EQ(test::run(cd + "mkdir -p t/sub && echo one > t/one && ln t/one t/sub/two && ln -s one t/sym && head -c 70001 /dev/urandom > t/sub/file && : > t/none").status, 0);
  for (const char* format : {"newc", "crc"}) {
    ASSERT_EQ(test::run(cd + "find t | LC_ALL=C sort | cpio --quiet -o -H " + format + " > x.cpio").status, 0);
    const auto o = test::open("cpio", test::read_file(folder.path() / "x.cpio"));
    ASSERT_TRUE(o.contents);
    EXPECT_EQ(told(o), "") << format;
    EXPECT_EQ(names(o), test::run(cd + "cpio --quiet -t < x.cpio").output);
    for (const Child& c : o.contents->children) {
      if (c.type == ChildType::file) {
        EXPECT_EQ(content(c), Bytes(test::read_file(folder.path() / c.name)).text()) << format << " " << c.name;
      }
    }
  }
}

}  // namespace
}  // namespace klik
