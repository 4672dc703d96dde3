#include "traffic/other_ip.h"

#include <gtest/gtest.h>

#include "support/traffic.h"
#include "traffic/conversations.h"

namespace klik::traffic {
namespace {

using namespace std::string_view_literals;

const Endpoint kAtHome{test::v4(192, 168, 1, 20), 0}, kFar{test::v4(198, 51, 100, 9), 0};

Packet carried(std::uint8_t protocol, bool up, std::string_view payload, std::int64_t time_ns = 0) {
  Packet p = test::udp(up, payload, time_ns);
  p.protocol = protocol;
  p.from = up ? kAtHome : kFar;
  p.to = up ? kFar : kAtHome;
  return p;
}

test::EventRecord read(const std::vector<Packet>& packets, bool content_wanted = true) {
  test::EventRecord events;
  events.content_wanted = content_wanted;
  const Secrets secrets;
  const Limits limits;
  Conversations conversations(events, secrets, limits, {});
  for (const Packet& p : packets) conversations.packet(p);
  conversations.end();
  return events;
}

TEST(OtherIp, EspIsAConnectionOfWhichNothingWasSeen) {
  const auto events = read({carried(50, false, "\x01\x02\x03\x04 from afar"), carried(50, true, "\x05\x06\x07\x08 and back")});
  ASSERT_EQ(events.connections.size(), 1u);
  const Connection& c = events.connections[0];
  EXPECT_EQ(transport_name(c), "esp");
  EXPECT_EQ(c.protocol, "esp");
  EXPECT_EQ(c.dark, Dark::esp);
  EXPECT_EQ(dark_name(c.dark), "esp");
  EXPECT_EQ(c.caller.address, kAtHome.address) << "without ports the local side is taken for the caller";
  EXPECT_EQ(c.caller_by, "address");
  EXPECT_EQ(c.bytes_up, 13u);
  EXPECT_EQ(c.dark_up, 13u);
  EXPECT_EQ(c.dark_down, 14u);
  EXPECT_EQ(events.unknowns.size(), 2u) << "of each way the first bytes and their entropy";
}

TEST(OtherIp, IcmpIsLookedInto) {
  const auto events = read({carried(1, false, "\x08\0\0\0\0\1\0\1 number 000000123456789"sv), carried(1, true, "\0\0\0\0\0\1\0\1 number 000000123456789"sv)});
  ASSERT_EQ(events.connections.size(), 1u);
  EXPECT_EQ(events.connections[0].dark, Dark::none);
  EXPECT_EQ(events.connections[0].caller.address, kFar.address) << "who asks for an echo is the caller";
  EXPECT_EQ(events.connections[0].caller_by, "echo");
  EXPECT_EQ(transport_name(events.connections[0]), "icmp");
  ASSERT_EQ(events.contents.size(), 2u);
  EXPECT_EQ(events.contents[1].place, "datagram");
  EXPECT_EQ(events.contents[1].way, Way::down);
  EXPECT_NE(events.contents[0].bytes.find("000000123456789"), std::string::npos);
  EXPECT_TRUE(events.unknowns.empty());
  EXPECT_TRUE(read({carried(1, true, "\x08 an echo")}, false).contents.empty());
}

TEST(OtherIp, WhatNobodyReadsIsUnknownByItsName) {
  for (const auto& [protocol, name] : {std::pair(132, "sctp"), std::pair(47, "gre"), std::pair(253, "ip253"), std::pair(0, "ip0")}) {
    const auto events = read({carried(static_cast<std::uint8_t>(protocol), true, "some bytes"), carried(static_cast<std::uint8_t>(protocol), true, "and more")});
    ASSERT_EQ(events.connections.size(), 1u);
    EXPECT_EQ(transport_name(events.connections[0]), name);
    EXPECT_EQ(events.connections[0].dark, Dark::unknown_protocol);
    EXPECT_EQ(events.connections[0].dark_up, 18u);
    EXPECT_EQ(events.unknowns.size(), 1u);
    EXPECT_EQ(events.contents.size(), 2u) << "it may be in the clear";
  }
}

TEST(OtherIp, ProtocolsBetweenTheSameAddressesAreApart) {
  const auto events = read({carried(50, true, "one"), carried(1, true, "\x08 two"), carried(50, true, "three"), carried(59, true, "nothing"), carried(50, true, "late", 400'000'000'000)});
  ASSERT_EQ(events.connections.size(), 3u) << "no next header is no exchange; silence ends one";
  EXPECT_EQ(events.connections[0].bytes_up + events.connections[1].bytes_up + events.connections[2].bytes_up, 3u + 5 + 5 + 4);
}

}  // namespace
}  // namespace klik::traffic
