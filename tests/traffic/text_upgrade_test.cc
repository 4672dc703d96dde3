#include "traffic/text_upgrade.h"

#include <gtest/gtest.h>

#include "dialogue.h"
#include "traffic/tls.h"

namespace klik::traffic {
namespace {

struct Read : ReadDialogue {
  using ReadDialogue::ReadDialogue;
  std::vector<std::string_view> commands() const {
    std::vector<std::string_view> out;
    for (const Message& m : events.messages) out.push_back(m.what);
    return out;
  }
};

const Dialogue kSmtp = {{Way::down, "220 m ESMTP\r\n"}, {Way::up, "EHLO phone\r\n"}, {Way::down, "250-m\r\n250 STARTTLS\r\n"}, {Way::up, "starttls\r\n"}, {Way::down, "220 go\r\n"}};
const Dialogue kImap = {{Way::down, "* OK ready\r\n"}, {Way::up, "a1 STARTTLS\r\n"}, {Way::down, "a1 OK\r\n"}};
const Dialogue kPop3 = {{Way::down, "+OK ready\r\n"}, {Way::up, "CAPA\r\n"}, {Way::down, "+OK\r\nSTLS\r\n.\r\n"}, {Way::up, "STLS\r\n"}, {Way::down, "+OK\r\n"}};
const Dialogue kFtp = {{Way::down, "220-files\r\n220 here\r\n"}, {Way::up, "AUTH TLS\r\n"}, {Way::down, "234 go\r\n"}};
const Dialogue kXmpp = {{Way::up, "<?xml version='1.0'?> <stream:stream to='x' xmlns='jabber:client'>"}, {Way::down, "<starttls/>"}, {Way::up, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"}, {Way::down, "<proceed/>"}};

TEST(TextUpgrade, WhatFollowsTheWordToGoOnIsTls) {
  const struct {
    std::string_view name;
    const Dialogue& dialogue;
    std::vector<std::string_view> commands;
  } cases[] = {
      {"smtp", kSmtp, {"EHLO", "STARTTLS"}}, {"imap", kImap, {"STARTTLS"}}, {"pop3", kPop3, {"STLS"}}, {"ftp", kFtp, {"AUTH"}}, {"xmpp", kXmpp, {"stream:stream", "starttls"}},
  };
  for (const auto& c : cases)
    for (const bool slow : {false, true}) {
      Dialogue all = c.dialogue;
      all.push_back({Way::up, hello_for("behind.example.com")});
      const Read read(all, slow);
      EXPECT_EQ(read.connection.protocol, std::string(c.name) + "/tls") << slow;
      EXPECT_EQ(read.connection.host, "behind.example.com") << c.name << slow;
      EXPECT_EQ(read.commands(), c.commands) << c.name << slow;
      EXPECT_TRUE(read.events.unknowns.empty());
      EXPECT_TRUE(read.events.problems.empty());
      std::string clear;
      for (const Talk& t : c.dialogue) clear += t.bytes;
      std::size_t searched = 0;
      for (const auto& k : read.events.stretches) searched += k.bytes.size();
      EXPECT_EQ(searched, clear.size()) << "all of the text is searched, each byte once";
    }
}

TEST(TextUpgrade, PlainTextIsSearched) {
  const Dialogue mail = {{Way::down, "220 m\r\n"}, {Way::up, "HELO phone\r\nMAIL FROM:<somebody"}, {Way::up, "@example.org>\r\nDATA\r\nmail is no command\r\nand of one"}, {Way::up, " line 000000123456789 more"}};
  const Read read(mail);
  EXPECT_EQ(read.connection.protocol, "smtp");
  EXPECT_EQ(read.connection.dark, Dark::none);
  EXPECT_EQ(read.commands(), (std::vector<std::string_view>{"HELO", "MAIL", "DATA"}));
  EXPECT_EQ(read.events.messages[0].state, Opened::clear);
  unsigned met = 0;
  for (const auto& c : read.events.stretches) met += c.bytes.contains("<somebody@example.org>") + c.bytes.contains("of one line 000000123456789");
  EXPECT_EQ(met, 2u) << "no window cuts a line";
  EXPECT_TRUE(Read(mail, false, false).events.stretches.empty());
}

TEST(TextUpgrade, TheServersWordMayStandBehindTheHello) {
  Dialogue all = kSmtp;
  all.insert(all.end() - 1, {Way::up, hello_for("behind.example.com")});
  const Read read(all);
  EXPECT_EQ(read.connection.host, "behind.example.com");
  EXPECT_TRUE(read.events.problems.empty());
}

TEST(TextUpgrade, OtherProtocolsAreNotTaken) {
  EXPECT_EQ(Read(Dialogue{{Way::down, "220 m\r\n"}, {Way::up, "GARBAGE\r\n"}}).connection.protocol, "unknown");
  EXPECT_EQ(Read(Dialogue{{Way::up, "USER somebody\r\n"}}).connection.protocol, "unknown") << "of mail or of files?";
  EXPECT_EQ(Read(Dialogue{{Way::up, "<?xml version='1.0'?><message/>"}}).connection.protocol, "unknown");
  EXPECT_EQ(Read(Dialogue{{Way::up, "EHLO phone\r\n"}}).connection.protocol, "unknown") << "without an answer, and on no port of mail";
  EXPECT_EQ(Read(Dialogue{{Way::up, "GET / HTTP/1.1\r\n\r\n"}, {Way::down, "HTTP/1.1 200 OK\r\n\r\n"}}).connection.protocol, "http1");
}

TEST(TextUpgrade, AHelloAfterWhatNobodyKnowsIsReadAllTheSame) {
  const std::string preamble("\x00\x00\x00\x08\x04\xd2\x16\x2f", 8);   // that of PostgreSQL
  const Read read(Dialogue{{Way::up, preamble}, {Way::down, "S"}, {Way::up, hello_for("database.example.com")}});
  EXPECT_EQ(read.connection.protocol, "unknown/tls");
  EXPECT_EQ(read.connection.host, "database.example.com");
  EXPECT_FALSE(read.events.unknowns.empty());
  EXPECT_TRUE(begins_client_hello(Bytes::of(hello_for("x"))));
  EXPECT_FALSE(begins_client_hello(Bytes::of(hello_for("x").substr(0, 10))));
  EXPECT_FALSE(begins_client_hello(Bytes::of(std::string_view("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x03\x03", 11))));
}

TEST(TextUpgrade, EveryPrefixIsReadWithoutFault) {
  for (const Dialogue* d : {&kSmtp, &kImap, &kPop3, &kFtp, &kXmpp}) {
    Dialogue all = *d;
    all.push_back({Way::up, hello_for("behind.example.com")});
    for (std::size_t talks = 0; talks < all.size(); ++talks)
      for (std::size_t bytes = 0; bytes <= all[talks].bytes.size(); ++bytes) {
        Dialogue cut(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(talks));
        if (bytes > 0) cut.push_back({all[talks].way, all[talks].bytes.substr(0, bytes)});
        const Read read(cut);
        EXPECT_TRUE(read.events.problems.empty() || talks + 1 == all.size());
      }
  }
}

}  // namespace
}  // namespace klik::traffic
