#include <gtest/gtest.h>

#include <algorithm>

#include "http_recorder.h"
#include "support/dns_maker.h"
#include "support/traffic.h"
#include "traffic/conversations.h"
#include "traffic/protocol.h"

namespace klik::traffic {
extern const StreamProtocol stream_dns;
namespace {

namespace make = test::dns;
using Strings = std::vector<std::string>;

struct DnsWire : Wire {
  explicit DnsWire(std::string_view protocol = "dns") {
    connection.speaks(protocol);
    reader = stream_dns.open(context);
  }
};

// Datagrams between the phone and `port` of a server, from the capture's packets on.
struct Datagrams {
  explicit Datagrams(std::uint16_t port) : port_(port) {}
  void send(bool up, std::string_view payload) {
    Packet p = test::udp(up, payload);
    (up ? p.to : p.from).port = port_;
    p.payload_at = 500;
    conversations.packet(p);
  }
  test::EventRecord& end() {
    conversations.end();
    return events;
  }
  test::EventRecord events;
  Secrets secrets;
  Limits limits;
  Conversations conversations{events, secrets, limits, {}};

 private:
  std::uint16_t port_;
};

TEST(DnsDatagrams, TellTheQuestionAndWhatItStandsFor) {
  Datagrams d(53);
  d.send(true, make::query());
  d.send(false, make::answer());
  auto& events = d.end();
  ASSERT_EQ(events.lookups.size(), 2u);
  EXPECT_EQ(events.lookups[0].how, "dns");
  EXPECT_FALSE(events.lookups[0].answer);
  EXPECT_EQ(events.lookups[0].name, "www.example.org");
  EXPECT_EQ(events.lookups[0].type, "A");
  EXPECT_EQ(events.lookups[0].origin.at, 500u);
  EXPECT_TRUE(events.lookups[1].answer);
  EXPECT_EQ(events.lookups[1].name, "www.example.org");
  EXPECT_EQ(events.lookups[1].values, (Strings{"edge.example.net", "192.0.2.7"}));
  EXPECT_EQ(events.lookups[1].status, "NOERROR");
  EXPECT_EQ(events.lookups[1].way, Way::down);
  EXPECT_EQ(events.connections[0].protocol, "dns");
  EXPECT_EQ(events.connections[0].dark, Dark::none);
}

TEST(DnsDatagrams, OnlyTheChainOfTheQuestionIsAsked) {
  Datagrams d(53);
  const auto address = [](std::string_view owner) { return make::record(make::name(owner), 1, make::kAddress); };
  d.send(false, make::header(make::kAnswer, 1, 3, 0, 1) + make::question(make::name("a.example"), 65) + make::record(make::name("a.example"), 5, make::name("b.example")) + address("b.example") + address("bank.example") + address("a.example"));
  auto& l = d.end().lookups;
  ASSERT_EQ(l.size(), 4u);
  const auto asked = [&](std::string_view name, std::string_view type) {
    const auto at = std::find_if(l.begin(), l.end(), [&](const Lookup& e) { return e.name == name && e.type == type; });
    return at == l.end() ? -1 : int{at->asked};
  };
  EXPECT_EQ(asked("a.example", "HTTPS"), 1);
  EXPECT_EQ(asked("bank.example", "A"), 0);
  EXPECT_EQ(asked("a.example", "A"), 1) << "what stands beside the answer about the same name";
  EXPECT_EQ(l.back().ttl, 300u);
}

TEST(DnsDatagrams, NoAnswerIsAnAnswer) {
  Datagrams d(53);
  d.send(false, make::header(0x8183, 1, 0, 1) + make::question(make::name("gone.example.org"), 28) + make::record(make::name("example.org"), 6, make::name("ns.example.org") + make::name("p") + std::string(20, '\0')));
  auto& events = d.end();
  ASSERT_EQ(events.lookups.size(), 2u);
  EXPECT_EQ(events.lookups[0].type, "SOA");
  EXPECT_EQ(events.lookups[0].status, "");
  EXPECT_EQ(events.lookups[1].name, "gone.example.org");
  EXPECT_EQ(events.lookups[1].status, "NXDOMAIN");
  EXPECT_TRUE(events.lookups[1].values.empty());
}

TEST(DnsDatagrams, AllTypesMayBeAskedForAndAnswersMayBeCutShort) {
  Datagrams d(53);
  d.send(false, make::header(make::kAnswer, 1, 2) + make::question(make::name("www.example.org"), 255) + make::record(make::pointer(12), 1, make::kAddress) + make::record(make::pointer(12), 16, "\1x"));
  d.send(false, make::header(make::kAnswer | 0x200, 1) + make::question(make::name("long.example.org"), 1));
  auto& events = d.end();
  ASSERT_EQ(events.lookups.size(), 2u);
  EXPECT_EQ(events.lookups[0].type, "ANY");
  EXPECT_EQ(events.lookups[0].values, Strings{"192.0.2.7"});
  EXPECT_EQ(events.lookups[1].status, "TRUNCATED");
}

TEST(DnsDatagrams, AreKnownOnAnyPortByTheirForm) {
  Datagrams d(8053);
  d.send(true, make::query());
  EXPECT_EQ(d.end().connections[0].protocol, "dns");
  Datagrams other(8053);
  other.send(true, make::query() + "more");
  EXPECT_EQ(other.end().connections[0].protocol, "unknown");
}

TEST(DnsDatagrams, DamageIsToldOnceAndTheRestIsRead) {
  Datagrams d(53);
  for (int i = 0; i < 3; ++i) d.send(false, make::header(make::kAnswer, 1, 2) + make::question(make::name("www.example.org"), 1) + make::record(make::pointer(200), 1, make::kAddress) + make::record(make::pointer(12), 1, make::kAddress));
  auto& events = d.end();
  EXPECT_EQ(events.problems.size(), 1u);
  ASSERT_EQ(events.lookups.size(), 3u);
  EXPECT_EQ(events.lookups[2].values, Strings{"192.0.2.7"});
}

TEST(DnsDatagrams, DevicesTellTheirNamesByMulticast) {
  Datagrams d(5353);
  d.send(true, make::header(0x8400, 0, 1) + make::record(make::name("Made-Phone.local"), 1, make::kAddress, 0x8001));
  auto& mdns = d.end();
  ASSERT_EQ(mdns.lookups.size(), 1u);
  EXPECT_EQ(mdns.lookups[0].how, "mdns");
  EXPECT_EQ(mdns.lookups[0].name, "made-phone.local");
  Datagrams l(5355);
  l.send(true, make::header(0, 1) + make::question(make::name("wpad"), 1));
  EXPECT_EQ(l.end().lookups[0].how, "llmnr");
}

TEST(DnsDatagrams, NetBiosNamesAreDecoded) {
  std::string letters(1, ' ');   // a label of 32
  for (const char c : std::string("MADE-PHONE     ") + '\0') letters += {static_cast<char>('A' + (c >> 4 & 15)), static_cast<char>('A' + (c & 15))};
  letters += '\0';
  Datagrams d(137);
  d.send(true, make::header(0x2910, 1, 0, 0, 1) + make::question(letters, 32) + make::record(make::pointer(12), 32, std::string("\0\0", 2) + std::string(make::kAddress)));
  auto& events = d.end();
  ASSERT_EQ(events.lookups.size(), 2u);
  for (const Lookup& l : events.lookups) {
    EXPECT_EQ(l.how, "nbns");
    EXPECT_EQ(l.name, "made-phone");
    EXPECT_EQ(l.type, "NB");
  }
  EXPECT_EQ(events.lookups[1].status, "REGISTRATION");
  EXPECT_EQ(events.lookups[1].values, Strings{"192.0.2.7"});
}

TEST(DnsDatagrams, AfterStunSomethingElseMayFollow) {
  Datagrams d(3478);
  const std::string binding = make::u16(1) + make::u16(0) + make::u32(0x2112a442) + std::string(12, 'x');
  for (int i = 0; i < 3; ++i) d.send(true, binding);
  d.send(true, make::query());
  d.send(false, "\xf7\xf6noise");
  auto& events = d.end();
  EXPECT_EQ(events.messages.size(), 1u);
  EXPECT_EQ(events.lookups.size(), 1u);
  EXPECT_EQ(events.connections[0].protocol, "stun/dns");
}

TEST(DnsStream, ReadsMessagesInAnyPieces) {
  const std::string up = make::on_stream(make::query()) + make::on_stream(make::query()), down = make::on_stream(make::answer()) + make::on_stream(make::answer());
  DnsWire whole, slow;
  whole.up(up);
  whole.down(down);
  slow.drip(Way::up, up);
  slow.drip(Way::down, down);
  for (DnsWire* w : {&whole, &slow}) {
    w->reader->end();
    ASSERT_EQ(w->events.lookups.size(), 4u);
    EXPECT_EQ(w->events.lookups[3].values, (Strings{"edge.example.net", "192.0.2.7"}));
    EXPECT_TRUE(w->events.problems.empty());
  }
  EXPECT_EQ(whole.events.lookups[1].origin.at, 1000 + up.size() / 2);
}

TEST(DnsStream, SaysWhatItWasCarriedBy) {
  for (const auto& [protocol, how] : {std::pair{"dns", "dns"}, {"tls/dns", "dot"}, {"quic/dns", "doq"}}) {
    DnsWire w(protocol);
    w.up(make::on_stream(make::query()));
    ASSERT_EQ(w.events.lookups.size(), 1u);
    EXPECT_EQ(w.events.lookups[0].how, how);
  }
}

TEST(DnsStream, GoesOnBehindAHole) {
  DnsWire w;
  w.up(make::on_stream(make::query()).substr(0, 10));
  w.reader->gap(Way::up, 7);
  w.up("in the middle of something");
  w.up(make::on_stream(make::query()));
  w.reader->end();
  EXPECT_EQ(w.events.lookups.size(), 1u);
  EXPECT_EQ(w.connection.dark, Dark::damaged);
  EXPECT_EQ(w.connection.dark_up, 10u + 26u);
}

TEST(DnsStream, IsRecognised) {
  const auto match = [](std::string_view up, std::uint16_t port, std::string_view alpn = {}, std::string_view below = {}) { return stream_dns.recognise({Bytes::of(up), {}, port, alpn, below}); };
  const std::string one = make::on_stream(make::query());
  EXPECT_EQ(match(one, 8053), Match::yes);
  EXPECT_EQ(match(one.substr(0, 1), 8053), Match::more);
  EXPECT_EQ(match(one.substr(0, 20), 8053), Match::more);
  EXPECT_EQ(match("GET / HTTP/1.1\r\n\r\n", 8053), Match::no);
  EXPECT_EQ(match("GET / HTTP/1.1\r\n\r\n", 53), Match::no);
  EXPECT_EQ(match(one, 853, "", "tls"), Match::yes);
  EXPECT_EQ(match(one.substr(0, 4), 853, "dot", "tls"), Match::yes);
  EXPECT_EQ(match(one, 443, "h2", "tls"), Match::no);
}

}  // namespace
}  // namespace klik::traffic
