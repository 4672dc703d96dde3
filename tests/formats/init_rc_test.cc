#include "formats/android/init_rc.h"

#include <gtest/gtest.h>

#include <random>

namespace klik::init_rc {
namespace {

using Words = std::vector<std::string>;

File read(std::string_view text) {
  auto file = parse(Bytes::of(text));
  EXPECT_TRUE(file);
  return file ? std::move(*file) : File{};
}

std::vector<Words> lines(std::string_view text) {
  std::vector<Words> out;
  const auto all = lines_of(Bytes::of(text), 1000);
  EXPECT_TRUE(all);
  for (const Line& line : *all) out.push_back(line.words);
  return out;
}

TEST(InitLines, WordsQuotesEscapesCommentsAndContinuation) {
  EXPECT_EQ(lines("a b\tc\r\n\n  # no\nd#e \"f g\"h # tail\n"), (std::vector<Words>{{"a", "b", "c"}, {"d#e", "f gh"}}));
  EXPECT_EQ(lines("a \\\n    b\\\n  c\nd\\te\\\\ \\#f"), (std::vector<Words>{{"a", "bc"}, {"d\te\\", "#f"}}));
  EXPECT_EQ(lines("a \\\r\n b\r\nc \"two\nlines\""), (std::vector<Words>{{"a", "b"}, {"c", "two\nlines"}}));
  EXPECT_EQ(lines("a ${ro.x} \"open"), (std::vector<Words>{{"a", "${ro.x}", "open"}}));
  EXPECT_EQ(lines(std::string_view("a\nb\0c\n", 6)), (std::vector<Words>{{"a"}, {"b"}}));
}

TEST(InitLines, EveryLineStandsWhereItSays) {
  const std::string text = "# c\n  one  two\\\n  three \nfour";
  const auto all = lines_of(Bytes::of(text), 10);
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ(text.substr((*all)[0].range.at, (*all)[0].range.length), "one  two\\\n  three");
  EXPECT_EQ(text.substr((*all)[1].range.at, (*all)[1].range.length), "four");
}

TEST(InitLines, MoreThanTheBudgetIsAnError) {
  const auto all = lines_of(Bytes::of("a\nb\nc\n"), 2);
  ASSERT_FALSE(all);
  EXPECT_EQ(all.error().code, Code::over_budget);
  EXPECT_EQ(all.error().at, 4u);
}

TEST(InitRc, ReadsAServiceWithItsOptions) {
  const std::string text =
      "import /init.${ro.hardware}.rc\n"
      "service agent /system/bin/agent -p 80\n"
      "    class late_start core\n    user shell\n    group log inet\n    seclabel u:r:agent:s0\n    capabilities NET_ADMIN SYS_PTRACE\n"
      "    socket agent stream+passcred 0660 system inet u:object_r:agent_socket:s0\n    socket bare dgram 666\n"
      "    onrestart restart zygote\n    disabled\n    oneshot\n    console\n    override\n    updatable\n    critical\n    setenv A B\n"
      "on boot\n    start agent\n";
  const File file = read(text);
  ASSERT_EQ(file.services.size(), 1u);
  const Service& s = file.services[0];
  EXPECT_EQ(s.name, "agent");
  EXPECT_EQ(s.executable, "/system/bin/agent");
  EXPECT_EQ(s.arguments, (Words{"-p", "80"}));
  EXPECT_EQ(s.user, "shell");
  EXPECT_EQ(s.groups, (Words{"log", "inet"}));
  EXPECT_EQ(s.seclabel, "u:r:agent:s0");
  EXPECT_EQ(s.capabilities, (Words{"NET_ADMIN", "SYS_PTRACE"}));
  EXPECT_EQ(s.classes, (Words{"late_start", "core"}));
  EXPECT_TRUE(s.disabled && s.oneshot && s.console && s.overrides && s.updatable && s.critical && s.stated_capabilities);
  ASSERT_EQ(s.sockets.size(), 2u);
  EXPECT_EQ(s.sockets[0].type, "stream+passcred");
  EXPECT_EQ(s.sockets[0].mode, "0660");
  EXPECT_EQ(s.sockets[0].group, "inet");
  EXPECT_EQ(s.sockets[0].seclabel, "u:object_r:agent_socket:s0");
  EXPECT_EQ(s.sockets[1].user, "");
  EXPECT_EQ(text.substr(s.sockets[1].range.at, s.sockets[1].range.length), "socket bare dgram 666");
  ASSERT_EQ(s.on_restart.size(), 1u);
  EXPECT_EQ(s.on_restart[0].words, (Words{"restart", "zygote"}));
  EXPECT_EQ(s.other.size(), 2u);
  const std::string whole = text.substr(s.range.at, s.range.length);
  EXPECT_TRUE(whole.starts_with("service agent") && whole.ends_with("setenv A B"));
  ASSERT_EQ(file.imports.size(), 1u);
  EXPECT_EQ(file.imports[0].path, "/init.${ro.hardware}.rc");
  ASSERT_EQ(file.actions.size(), 1u);
  EXPECT_EQ(file.actions[0].commands[0].words, (Words{"start", "agent"}));
  EXPECT_TRUE(file.oddities.empty());
}

TEST(InitRc, DefaultsAreNotInvented) {
  const File file = read("service s /x\n capabilities\n");
  EXPECT_FALSE(file.services[0].user);
  EXPECT_FALSE(file.services[0].seclabel);
  EXPECT_TRUE(file.services[0].stated_capabilities && file.services[0].capabilities.empty());
  EXPECT_FALSE(read("service s /x\n").services[0].stated_capabilities);
}

TEST(InitRc, WhatInitRefusesIsSaidAndItsOptionsGoWithIt) {
  const File file = read("stray\nservice lonely\n  user root\nservice bad*name /x\n  user root\nservice ok /y\n  user shell\nimport a b\n");
  ASSERT_EQ(file.services.size(), 1u);
  EXPECT_EQ(file.services[0].name, "ok");
  EXPECT_EQ(file.services[0].user, "shell");
  ASSERT_EQ(file.oddities.size(), 4u);
  EXPECT_EQ(file.oddities[0].detail, "stray");
  EXPECT_EQ(file.oddities[1].error.at, 6u);
  EXPECT_TRUE(file.imports.empty());
}

TEST(InitRc, TextBehindANulIsNotRead) {
  const File file = read(std::string_view("service a /a\n\0service b /b\n", 27));
  EXPECT_EQ(file.services.size(), 1u);
  ASSERT_EQ(file.oddities.size(), 1u);
  EXPECT_EQ(file.oddities[0].error.code, Code::deviation);
  EXPECT_EQ(file.oddities[0].error.at, 13u);
}

TEST(InitRc, TriggersNameProperties) {
  EXPECT_EQ(properties_of("boot && property:a.b=1 && property:c=*"), (Words{"a.b=1", "c=*"}));
  EXPECT_EQ(properties_of("property:"), (Words{""}));
  EXPECT_TRUE(properties_of("post-fs").empty());
}

TEST(InitRc, EveryPrefixAndRandomDamageStayInside) {
  std::string text = "import /a\nservice a \"/b c\" \\\n -d # x\n  socket s stream 600\n  user \\x\non property:x=1\n  exec - root -- /c\n";
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string broken = text;
    if (round) broken[random() % broken.size()] = static_cast<char>("\n\\\"#\0 \r"[random() % 7]);
    for (std::size_t n = 0; n <= broken.size(); ++n) {
      const File file = read(std::string_view(broken).substr(0, n));
      for (const Service& s : file.services) EXPECT_TRUE(s.range.at <= n && s.range.length <= n - s.range.at);
      for (const Action& a : file.actions)
        for (const Line& line : a.commands) EXPECT_TRUE(line.range.length && line.range.at + line.range.length <= n);
    }
  }
}

}  // namespace
}  // namespace klik::init_rc
