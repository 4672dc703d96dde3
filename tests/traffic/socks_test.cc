#include "formats/net/socks.h"

#include <gtest/gtest.h>

#include "dialogue.h"

namespace klik::traffic {
namespace {

using namespace std::string_literals;

using Read = ReadDialogue;

const std::string kRequest = "\5\1\0\3\x11socks.example.com\1\xbb"s, kGranted = "\5\0\0\1\0\0\0\0\0\0"s;
const Dialogue kPlain = {{Way::up, "\5\1\0"s}, {Way::down, "\5\0"s}, {Way::up, kRequest}, {Way::down, kGranted}, {Way::up, hello_for("inside.example.com")}};
const Dialogue kLogin = {{Way::up, "\5\2\0\2"s}, {Way::down, "\5\2"s}, {Way::up, "\1\4user\6secret"s}, {Way::down, "\1\0"s}, {Way::up, kRequest}, {Way::down, kGranted}, {Way::up, hello_for("inside.example.com")}};
const Dialogue kFour = {{Way::up, "\4\1\1\xbb\0\0\0\7user\0socks.example.com\0"s}, {Way::down, "\0\x5a\0\0\0\0\0\0"s}, {Way::up, hello_for("inside.example.com")}};

TEST(Socks, LeadsToWhatIsAskedFor) {
  for (const Dialogue* d : {&kPlain, &kLogin, &kFour})
    for (const bool slow : {false, true}) {
      const Read read(*d, slow);
      EXPECT_EQ(read.connection.protocol, "socks/tls");
      EXPECT_EQ(read.connection.host, "socks.example.com");
      EXPECT_EQ(read.connection.host_from, "socks");
      ASSERT_EQ(read.events.messages.size(), 1u);
      EXPECT_EQ(read.events.messages[0].method, "CONNECT");
      EXPECT_EQ(read.events.messages[0].path, "socks.example.com:443");
      EXPECT_EQ(read.events.content_of(0, "socks.host"), "socks.example.com");
      EXPECT_EQ(read.events.content_of(0, "socks.user"), d == &kPlain ? "" : "user") << "and never the password";
      EXPECT_TRUE(read.events.unknowns.empty());
    }
}

TEST(Socks, AnAddressIsNoName) {
  for (const auto& [request, host] : {std::pair("\5\1\0\1\xc6\x33\x64\x07\0\x50"s, "198.51.100.7:80"), std::pair("\5\1\0\4\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1\0\x50"s, "2001:db8::1:80")}) {
    const Read read(Dialogue{{Way::up, "\5\1\0"s}, {Way::down, "\5\0"s}, {Way::up, request}, {Way::down, kGranted}, {Way::up, hello_for("inside.example.com")}});
    ASSERT_EQ(read.events.messages.size(), 1u);
    EXPECT_EQ(read.events.messages[0].path, host);
    EXPECT_EQ(read.connection.host, "inside.example.com");
  }
}

TEST(Socks, WhatIsRefusedLeadsNowhere) {
  const Read read(Dialogue{{Way::up, "\5\1\0"s}, {Way::down, "\5\0"s}, {Way::up, kRequest}, {Way::down, "\5\2\0\1\0\0\0\0\0\0"s}, {Way::up, "more"}});
  EXPECT_EQ(read.connection.protocol, "socks");
  EXPECT_EQ(read.connection.host, "socks.example.com");
  EXPECT_EQ(read.connection.dark_up, 4u);
}

TEST(Socks, WithoutTheAnswersWhatWasSentIsStillRead) {
  const Read read(Dialogue{{Way::up, "\5\1\0"s + kRequest}, {Way::up, hello_for("inside.example.com")}});
  EXPECT_EQ(read.connection.protocol, "socks/tls");
}

TEST(Socks, OtherBytesAreNotTaken) {
  for (const auto& up : {"\5\1\0 other bytes"s, "\5\0\0\0"s, "\4\7\0\0"s, "\4\1\1\xbb\1\2\3\4user\0"s}) EXPECT_EQ(Read(Dialogue{{Way::up, up}, {Way::down, "other"}}).connection.protocol, "unknown");
  EXPECT_EQ(Read(Dialogue{{Way::down, "other"}, {Way::up, "\5\1\0"s + kRequest}}).connection.protocol, "unknown");
}

TEST(Socks, EveryPrefixAndEveryBrokenByteIsReadWithoutFault) {
  for (const Dialogue* d : {&kPlain, &kLogin, &kFour})
    for (std::size_t talk = 0; talk < d->size(); ++talk)
      for (std::size_t at = 0; at < (*d)[talk].bytes.size(); ++at) {
        Dialogue cut(d->begin(), d->begin() + static_cast<std::ptrdiff_t>(talk) + 1), broken = *d;
        cut.back().bytes.resize(at);
        if (at > 0) Read{cut};
        broken[talk].bytes[at] = static_cast<char>(broken[talk].bytes[at] ^ 0x81);
        Read{broken};
      }
}

TEST(SocksFormat, ErrorsSayWhetherMoreMayHelp) {
  namespace socks = net::socks;
  const std::string request4 = "\4\1\1\xbb\0\0\0\7user\0socks.example.com\0"s;
  for (std::size_t n = 0; n < request4.size(); ++n) EXPECT_EQ(socks::read_request4(Bytes::of(std::string_view(request4).substr(0, n))).error().code, Code::truncated) << n;
  for (std::size_t n = 0; n < kRequest.size(); ++n) EXPECT_EQ(socks::read_request5(Bytes::of(std::string_view(kRequest).substr(0, n))).error().code, Code::truncated) << n;
  EXPECT_EQ(socks::read_request5(Bytes::of(kRequest + "more"))->size, kRequest.size());
  EXPECT_EQ(socks::read_request4(Bytes::of("\4\1\1\xbb\1\2\3\4"s + std::string(300, 'x'))).error().code, Code::bad_value);
  EXPECT_EQ(socks::read_request5(Bytes::of("\5\1\0\2more"s)).error().code, Code::bad_value);
}

}  // namespace
}  // namespace klik::traffic
