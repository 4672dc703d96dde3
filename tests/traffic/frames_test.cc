#include "traffic/frames.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>

#include "base/hash.h"
#include "support/capture_writer.h"
#include "traffic/wifi_fragments.h"

namespace klik::traffic {
namespace {

using namespace test;

struct Got {
  std::string payload, app, comment;
  std::uint16_t from = 0, to = 0;
  std::uint8_t protocol = 0, flags = 0;
  std::uint32_t sequence = 0, cut = 0;
  std::uint64_t payload_at = 0;
  Origin frame;
  Sent sent = Sent::unknown;
  std::string source;
};

class Reading {
 public:
  Reading() : reader([this](const Packet& p) {
    got.push_back({std::string(p.payload.text()), std::string(p.app), std::string(p.comment), p.from.port, p.to.port, p.protocol, p.flags, p.sequence, p.cut, p.payload_at, p.frame, p.sent, to_text(p.from.address)});
  }, [this](const Error& e, EventSink::Severity) { problems.emplace_back(e.what); }) {}
  Reading& frame(std::uint32_t link, const Raw& data, std::int64_t time_ns = 0, std::uint32_t wire = 0, std::string_view comment = {}) {
    net::CapturedFrame f;
    f.at = at_;
    f.data = Bytes(data);
    f.stored = static_cast<std::uint32_t>(data.size());
    f.wire_length = wire ? wire : f.stored;
    f.link_type = link;
    f.time_ns = time_ns;
    f.comment = comment;
    reader.read(f);
    at_ += 10'000;
    return *this;
  }
  std::vector<Got> got;
  std::vector<std::string> problems;
  FrameReader reader;

 private:
  std::uint64_t at_ = 1'000;
};

Raw bytes(std::initializer_list<unsigned> list) {
  Raw out;
  for (const unsigned b : list) out.push_back(static_cast<std::uint8_t>(b));
  return out;
}

const Raw kHello = raw("hello");
const Raw kPacket = ip4(udp(kHello));

std::string only(std::uint32_t link, const Raw& data) {
  Reading r;
  r.frame(link, data);
  if (r.got.size() != 1) return "(" + std::to_string(r.got.size()) + " packets)";
  return r.got[0].payload;
}

TEST(Frames, PlainTcpAndUdp) {
  Reading r;
  Raw padded = ethernet(0x0800, ip4(tcp(raw("GET"), 77), {.protocol = 6}));
  padded.resize(padded.size() + 9);   // Ethernet's padding is not payload
  r.frame(1, padded).frame(1, ethernet(0x86DD, ip6(udp(kHello, 5, 53)))).frame(1, ethernet(0x0806, raw("arp")));
  ASSERT_EQ(r.got.size(), 2u);
  EXPECT_EQ(r.got[0].payload, "GET");
  EXPECT_EQ(r.got[0].sequence, 77u);
  EXPECT_EQ(r.got[0].flags, 0x18);
  EXPECT_EQ(r.got[0].to, 443);
  EXPECT_EQ(r.got[0].payload_at, 1'000u + 14 + 20 + 20);
  EXPECT_EQ(r.got[0].source, "192.0.2.1");
  EXPECT_EQ(r.got[1].payload, "hello");
  EXPECT_EQ(r.got[1].to, 53);
  EXPECT_EQ(r.got[1].source, "2001:db8::1");
  EXPECT_EQ(r.reader.counts().not_ip, 1u);
  EXPECT_EQ(r.reader.counts().frames, 3u);
}

TEST(Frames, EveryLinkTypeLeadsToThePacket) {
  const auto before = [](std::initializer_list<unsigned> head) { return joined(bytes(head), kPacket); };
  for (const std::uint32_t link : {12u, 14u, 101u, 228u}) EXPECT_EQ(only(link, kPacket), "hello") << link;
  EXPECT_EQ(only(229, ip6(udp(kHello))), "hello");
  EXPECT_EQ(only(0, before({2, 0, 0, 0})), "hello");
  EXPECT_EQ(only(0, before({0, 0, 0, 2})), "hello");
  EXPECT_EQ(only(108, joined(bytes({0, 0, 0, 30}), ip6(udp(kHello)))), "hello");
  EXPECT_EQ(only(1, ethernet(0x88A8, before({0, 1, 0x81, 0, 0, 2, 8, 0}))), "hello");                       // two tags
  EXPECT_EQ(only(1, ethernet(0x8864, before({0x11, 0, 0, 1, 0, 35, 0, 0x21}))), "hello");                   // PPPoE
  EXPECT_EQ(only(1, ethernet(0x8847, before({0, 0, 0, 64, 0, 0, 1, 64}))), "hello");                        // two labels
  EXPECT_EQ(only(1, ethernet(41, before({0xAA, 0xAA, 3, 0, 0, 0, 8, 0}))), "hello");                        // 802.3
  EXPECT_EQ(only(113, before({0, 4, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0})), "hello");
  EXPECT_EQ(only(276, before({8, 0, 0, 0, 0, 0, 0, 1, 0, 1, 4, 6, 0, 0, 0, 0, 0, 0, 0, 0})), "hello");
  EXPECT_EQ(only(9, before({0xFF, 3, 0, 0x21})), "hello");
  EXPECT_EQ(only(9, before({0x21})), "hello");
  EXPECT_EQ(only(51, before({0x11, 0, 0, 1, 0, 35, 0, 0x21})), "hello");
  EXPECT_EQ(only(8, joined(joined(bytes({1}), Raw(15)), kPacket)), "hello");
  EXPECT_EQ(only(104, before({0x0F, 0, 8, 0})), "hello");
  EXPECT_EQ(only(178, joined(bytes({0x4D, 0x47, 0x43, 0x80, 0, 2, 9, 9}), ethernet(0x0800, kPacket))), "hello");
  const Raw cooked = before({0, 4, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0});
  Reading r;
  r.frame(113, cooked).frame(4'711, kPacket);
  EXPECT_EQ(r.got.at(0).sent, Sent::by_phone);
  EXPECT_EQ(r.reader.counts().unsupported_link, 1u);
}

Raw wifi(std::initializer_list<unsigned> control, const Raw& body, bool qos = false, unsigned qos_bits = 0) {
  Raw out = bytes(control);
  out.resize(24);
  if (qos) out.push_back(static_cast<std::uint8_t>(qos_bits)), out.push_back(0);
  return joined(out, body);
}
const Raw kSnapPacket = joined(bytes({0xAA, 0xAA, 3, 0, 0, 0, 8, 0}), kPacket);

TEST(Frames, WifiPlainProtectedAndAggregated) {
  EXPECT_EQ(only(105, wifi({0x08, 0x01}, kSnapPacket)), "hello");
  EXPECT_EQ(only(105, wifi({0x88, 0x01}, kSnapPacket, true)), "hello");
  EXPECT_EQ(only(105, wifi({0x08, 0x41}, kSnapPacket)), "hello");   // decrypted by the capturing system
  // radiotap: time, then flags that say a frame check stands at the end
  EXPECT_EQ(only(127, joined(joined(bytes({0, 0, 17, 0, 3, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0x10}), wifi({0x08, 0x01}, kSnapPacket)), raw("FCS!"))), "hello");
  EXPECT_EQ(only(119, joined(joined(bytes({0x44, 0, 0, 0, 144, 0, 0, 0}), Raw(136)), wifi({0x08, 0x01}, kSnapPacket))), "hello");
  Raw sub = joined(Raw(12), joined(bytes({0, static_cast<unsigned>(kSnapPacket.size())}), kSnapPacket));
  sub.resize((sub.size() + 3) / 4 * 4);
  Reading r;
  r.frame(105, wifi({0x88, 0x01}, joined(sub, sub), true, 0x80));
  EXPECT_EQ(r.got.size(), 2u);
  r.frame(105, wifi({0x08, 0x41}, raw("secret"))).frame(105, wifi({0x80, 0}, raw("beacon")));
  EXPECT_EQ(r.reader.counts().protected_frames, 1u);
  EXPECT_EQ(r.reader.counts().not_ip, 1u);
  EXPECT_EQ(r.got.size(), 2u);
}

// One part of an MSDU.
struct WifiPart {
  std::size_t from = 0, to = 0;
  unsigned number = 0;
  bool more = true, retry = false, aggregate = false, locked = false;
  unsigned sequence = 100, sender = 1, category = 0;
};
Raw wifi_part(const Raw& msdu, const WifiPart& with) {
  Writer w;
  w.le(0x88, 1).le(0x01u | (with.more ? 0x04u : 0u) | (with.retry ? 0x08u : 0u) | (with.locked ? 0x40u : 0u), 1).zeros(2).zeros(6).zeros(5).le(with.sender, 1).zeros(6);
  w.le(with.sequence << 4 | with.number, 2).le(with.category | (with.aggregate ? 0x80u : 0u), 2);
  w.append(Raw(msdu.begin() + static_cast<std::ptrdiff_t>(with.from), msdu.begin() + static_cast<std::ptrdiff_t>(with.to)));
  return w.bytes;
}

TEST(Frames, WifiFragmentsArePutTogether) {
  const std::size_t end = kSnapPacket.size();
  const WifiPart first{.from = 0, .to = 16, .number = 0}, second{.from = 16, .to = 30, .number = 1}, last{.from = 30, .to = end, .number = 2, .more = false};
  Reading r;
  r.frame(105, wifi_part(kSnapPacket, first)).frame(105, wifi_part(kSnapPacket, second));
  WifiPart again = second;
  again.retry = true;
  r.frame(105, wifi_part(kSnapPacket, again)).frame(105, wifi_part(kSnapPacket, last));
  for (WifiPart repeat : {first, last}) {   // their acknowledgements were lost
    repeat.retry = true;
    r.frame(105, wifi_part(kSnapPacket, repeat));
  }
  ASSERT_EQ(r.got.size(), 1u);
  EXPECT_EQ(r.got[0].payload, "hello");
  EXPECT_EQ(r.got[0].frame.at, 1'000u);
  EXPECT_EQ(r.got[0].payload_at, 1'000u + 26 + 8 + 20 + 8);
  EXPECT_EQ(r.reader.counts().fragments, 6u);
  r.reader.end();   // nothing waits that would not have come
  EXPECT_EQ(r.reader.counts().fragments_lost, 0u);
  r.frame(105, wifi_part(kSnapPacket, first)).frame(105, wifi_part(kSnapPacket, second)).frame(105, wifi_part(kSnapPacket, last));
  EXPECT_EQ(r.got.size(), 2u);
  r.frame(105, wifi_part(kSnapPacket, first)).frame(105, wifi_part(kSnapPacket, second)).frame(105, wifi_part(kSnapPacket, last));   // the number came round
  EXPECT_EQ(r.got.size(), 3u);
  r.frame(105, wifi_part(kSnapPacket, last)).reader.end();
  EXPECT_EQ(r.reader.counts().fragments_lost, 0u);
  EXPECT_TRUE(r.problems.empty());
  Reading backwards;
  backwards.frame(105, wifi_part(kSnapPacket, last)).frame(105, wifi_part(kSnapPacket, second)).frame(105, wifi_part(kSnapPacket, first));
  EXPECT_EQ(backwards.got.size(), 1u);
}

TEST(Frames, WifiFragmentsBehindCaptureHeaders) {
  const std::size_t end = kSnapPacket.size();
  const Raw first = wifi_part(kSnapPacket, {.from = 0, .to = 16, .number = 0}), last = wifi_part(kSnapPacket, {.from = 16, .to = end, .number = 1, .more = false});
  const auto through = [&](std::uint32_t link, const std::function<Raw(const Raw&)>& wrapped) {
    Reading r;
    r.frame(link, wrapped(first)).frame(link, wrapped(last));
    return r.got.size() == 1 && r.got[0].payload == "hello" ? r.got[0].payload_at - 1'000 : 0;
  };
  const auto padded = [](const Raw& frame) {   // behind a header of 26 bytes
    Raw out(frame.begin(), frame.begin() + 26);
    out.resize(28);
    out.insert(out.end(), frame.begin() + 26, frame.end());
    return out;
  };
  constexpr std::uint64_t kInside = 26 + 8 + 20 + 8;
  EXPECT_EQ(through(127, [](const Raw& f) { return joined(joined(bytes({0, 0, 9, 0, 2, 0, 0, 0, 0x10}), f), raw("FCS!")); }), 9 + kInside);
  EXPECT_EQ(through(127, [&](const Raw& f) { return joined(bytes({0, 0, 9, 0, 2, 0, 0, 0, 0x20}), padded(f)); }), 9 + 2 + kInside);
  EXPECT_EQ(through(119, [](const Raw& f) { return joined(joined(bytes({0x44, 0, 0, 0, 144, 0, 0, 0}), Raw(136)), f); }), 144 + kInside);
  EXPECT_EQ(through(192, [](const Raw& f) { return joined(bytes({0, 0, 8, 0, 105, 0, 0, 0}), f); }), 8 + kInside);
  EXPECT_EQ(through(258, [](const Raw& f) { return pktap(f, {.link = 105}); }), 156 + kInside);
  EXPECT_EQ(through(258, [](const Raw& f) { return pktap(joined(bytes({0, 0, 9, 0, 2, 0, 0, 0, 0}), f), {.link = 127}); }), 156 + 9 + kInside);
}

TEST(Frames, WifiFragmentsOfAnAggregateGiveAllItsPackets) {
  Raw sub = joined(Raw(12), joined(bytes({0, static_cast<unsigned>(kSnapPacket.size())}), kSnapPacket));
  sub.resize((sub.size() + 3) / 4 * 4);
  const Raw two = joined(sub, sub);
  Reading r;
  r.frame(105, wifi_part(two, {.from = 0, .to = 50, .number = 0, .aggregate = true})).frame(105, wifi_part(two, {.from = 50, .to = two.size(), .number = 1, .more = false, .aggregate = true}));
  ASSERT_EQ(r.got.size(), 2u);
  EXPECT_EQ(r.got[1].payload, "hello");
  Reading mixed;
  mixed.frame(105, wifi_part(two, {.from = 0, .to = 50, .number = 0, .aggregate = true})).frame(105, wifi_part(two, {.from = 50, .to = two.size(), .number = 1, .more = false}));
  EXPECT_TRUE(mixed.got.empty());
  EXPECT_EQ(mixed.problems.size(), 1u);
  EXPECT_EQ(mixed.reader.counts().fragments_lost, 2u);
}

TEST(Frames, WifiFragmentsOfDifferentFramesAreNotMixed) {
  const std::size_t end = kSnapPacket.size();
  const WifiPart first{.from = 0, .to = 16, .number = 0};
  for (const WifiPart& last : {WifiPart{.from = 16, .to = end, .number = 1, .more = false, .sequence = 101}, WifiPart{.from = 16, .to = end, .number = 1, .more = false, .sender = 2},
                               WifiPart{.from = 16, .to = end, .number = 1, .more = false, .category = 5}, WifiPart{.from = 16, .to = end, .number = 2, .more = false}}) {
    Reading r;
    r.frame(105, wifi_part(kSnapPacket, first)).frame(105, wifi_part(kSnapPacket, last)).reader.end();
    EXPECT_TRUE(r.got.empty());
    EXPECT_EQ(r.reader.counts().fragments_lost, 2u);
  }
  const WifiPart last{.from = 16, .to = end, .number = 1, .more = false};
  Reading late;
  late.frame(105, wifi_part(kSnapPacket, first)).frame(105, wifi_part(kSnapPacket, last), 1'000'000'001).reader.end();
  EXPECT_TRUE(late.got.empty());
  EXPECT_EQ(late.reader.counts().fragments_lost, 2u);
  Reading locked;
  WifiPart hidden = last;
  hidden.locked = true;
  locked.frame(105, wifi_part(raw("encrypted, from its start to the very end of this text"), {.from = 0, .to = 20, .locked = true})).frame(105, wifi_part(kSnapPacket, hidden)).reader.end();
  EXPECT_EQ(locked.reader.counts().protected_frames, 2u);
  EXPECT_EQ(locked.reader.counts().fragments, 0u);
  Reading cut;
  cut.frame(105, wifi_part(kSnapPacket, first), 0, 200).frame(105, wifi_part(kSnapPacket, last)).reader.end();
  EXPECT_TRUE(cut.got.empty());
  EXPECT_EQ(cut.reader.counts().fragments_lost, 2u);
}

TEST(Frames, WifiFragmentsThatContradictAreDroppedAndTold) {
  const std::size_t end = kSnapPacket.size();
  const auto problems = [&](std::initializer_list<WifiPart> parts) {
    Reading r;
    for (const WifiPart& p : parts) r.frame(105, wifi_part(kSnapPacket, p));
    r.reader.end();
    EXPECT_TRUE(r.got.empty());
    EXPECT_EQ(r.reader.counts().fragments_lost, parts.size());
    return r.problems.size();
  };
  EXPECT_EQ(problems({{.from = 0, .to = 16, .number = 0}, {.from = 16, .to = 20, .number = 1}, {.from = 17, .to = 21, .number = 1}, {.from = 20, .to = end, .number = 2, .more = false}}), 1u);
  EXPECT_EQ(problems({{.from = 0, .to = 16, .number = 0}, {.from = 30, .to = end, .number = 2, .more = false}, {.from = 16, .to = 30, .number = 3}}), 1u);
  EXPECT_EQ(problems({{.from = 0, .to = 16, .number = 0}, {.from = 20, .to = 30, .number = 3}, {.from = 30, .to = end, .number = 2, .more = false}}), 1u);
}

TEST(Frames, OpenWifiFragmentsAreBounded) {
  const auto lost = [](std::size_t size, unsigned many) {   // while MSDUs of which one part came still wait
    const Raw body(size, 7);
    Reading r;
    for (unsigned i = 0; i < many; ++i) r.frame(105, wifi_part(body, {.from = 0, .to = size, .number = 0, .sequence = i}));
    const std::uint64_t before = r.reader.counts().fragments_lost;
    r.reader.end();
    EXPECT_EQ(r.reader.counts().fragments_lost, many);
    return before;
  };
  EXPECT_EQ(lost(10, WifiFragments::kMostOpen), 0u);
  EXPECT_EQ(lost(10, WifiFragments::kMostOpen + 44), 44u);
  EXPECT_EQ(lost(11'000, 95), 0u);
  EXPECT_EQ(lost(11'000, 100), 5u);
  const Raw big(4'000, 7);
  Reading r;
  for (unsigned n = 0; n < 3; ++n) r.frame(105, wifi_part(big, {.from = 0, .to = big.size(), .number = n, .more = n < 2}));
  EXPECT_EQ(r.reader.counts().fragments_lost, 3u);
}

TEST(Frames, PktapLeadsToThePacketAndNamesTheProcess) {
  const Raw inside = ethernet(0x0800, kPacket);
  Reading r;
  r.frame(258, pktap(inside, {.name = "Mail", .effective = "Browser"}));
  r.frame(149, pktap(joined(bytes({30, 0, 0, 0}), ip6(udp(kHello))), {.link = 0, .flags = 1, .name = "Mail"}));
  r.frame(258, pktap(kPacket, {.link = 12, .flags = 3}));
  r.frame(258, pktap(inside, {.name = "Mail", .effective = "Browser", .short_form = true}));
  r.frame(149, pktap(inside, {.flags = 1, .name = "a name of 17 bytesX", .short_form = true}));
  r.frame(258, pktap(inside, {.short_form = true}));
  ASSERT_EQ(r.got.size(), 6u);
  const std::vector<std::string> apps = {"Browser", "Mail", "", "Browser", "a name of 17 byte", ""};
  const std::vector<Sent> sent = {Sent::by_phone, Sent::to_phone, Sent::unknown, Sent::by_phone, Sent::to_phone, Sent::by_phone};
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(r.got[i].payload, "hello") << i;
    EXPECT_EQ(r.got[i].app, apps[i]) << i;
    EXPECT_EQ(r.got[i].sent, sent[i]) << i;
  }
  EXPECT_EQ(r.got[0].payload_at, 1'000u + 156 + 14 + 20 + 8);
  r.frame(258, pktap(inside, {.type = 0})).frame(258, pktap(inside, {.link = 258})).frame(258, pktap(inside, {.link = 4'711})).frame(258, raw("short"));
  Raw longer = pktap(inside);
  longer[1] = 1;
  Raw pointing = pktap(inside, {.name = "Mail", .short_form = true});
  pointing[4] = 200;
  r.frame(258, pointing);
  r.frame(258, longer).frame(149, longer).frame(149, raw("somebody's own link type, which is none of Apple's"));
  EXPECT_EQ(r.got.size(), 6u);
  EXPECT_EQ(r.reader.counts().not_ip, 1u);
  EXPECT_EQ(r.reader.counts().unsupported_link, 4u);
  EXPECT_EQ(r.reader.counts().damaged, 3u);
}

TEST(Frames, TunnelsAreTakenOff) {
  EXPECT_EQ(only(101, ip4(kPacket, {.protocol = 4})), "hello");
  EXPECT_EQ(only(101, ip4(ip6(udp(kHello)), {.protocol = 41})), "hello");
  EXPECT_EQ(only(101, ip4(joined(bytes({0xB0, 0, 8, 0}), joined(Raw(12), kPacket)), {.protocol = 47})), "hello");
  EXPECT_EQ(only(101, ip4(udp(joined(bytes({0x34, 0xFF, 0, 41, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 0, 0}), kPacket), 2'152, 2'152))), "hello");
  EXPECT_EQ(only(101, ip4(udp(joined(bytes({8, 0, 0, 0, 0, 0, 7, 0}), ethernet(0x0800, kPacket)), 9, 4'789))), "hello");
  EXPECT_EQ(only(101, ip4(udp(joined(bytes({0, 0, 1, 2, 3, 4, 5, 6}), ip6(udp(kHello))), 9, 3'544))), "hello");
  const Raw bridged = ethernet(0x0800, kPacket);
  EXPECT_EQ(only(101, ip4(udp(joined(bytes({2, 0, 0x65, 0x58, 0, 0, 1, 0, 9, 9, 9, 9, 9, 9, 9, 9}), bridged), 9, 6'081))), "hello");   // Geneve, two words of options
  EXPECT_EQ(only(101, ip4(udp(joined(bytes({0, 0, 8, 0, 0, 0, 1, 0}), kPacket), 9, 6'081))), "hello");
  EXPECT_EQ(only(101, ip4(udp(joined(bytes({0, 2, 0, 1, 0, 1, 0xFF, 3, 0, 0x21}), kPacket), 1'701, 1'701))), "hello");               // L2TP
  EXPECT_EQ(only(101, ip4(udp(joined(bytes({0x4A, 2, 0, 49, 0, 1, 0, 1, 0, 1, 0, 0, 0, 2, 9, 9, 0, 0x21}), kPacket), 1'701, 1'701))), "hello");   // with length, sequence numbers and an offset
  for (const std::size_t between : {0u, 4u, 8u, 12u}) {   // version 3, with cookies
    EXPECT_EQ(only(101, ip4(udp(joined(joined(bytes({0, 3, 0, 0, 0, 0, 0, 1}), Raw(between, 7)), bridged), 1'701, 1'701))), "hello") << between;
    EXPECT_EQ(only(101, ip4(joined(joined(bytes({0, 0, 0, 1}), Raw(between, 7)), bridged), {.protocol = 115})), "hello") << between;
  }
  // Anything may use these ports.
  for (const std::uint16_t port : {std::uint16_t{1'701}, std::uint16_t{6'081}}) EXPECT_EQ(only(101, ip4(udp(raw("not a tunnel"), port, port))), "not a tunnel");
  EXPECT_EQ(only(101, ip4(udp(joined(bytes({0xC8, 2, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0}), kPacket), 1'701, 1'701))).size(), 12 + kPacket.size()) << "control messages are none";
  EXPECT_EQ(only(101, ip4(udp(raw("not a tunnel"), 2'152, 2'152))), "not a tunnel");
  Raw deep = kPacket;
  for (unsigned i = 0; i < 30; ++i) deep = ip4(deep, {.protocol = 4});
  Reading r;
  r.frame(101, deep);
  EXPECT_TRUE(r.got.empty());
  EXPECT_EQ(r.reader.counts().damaged, 1u);
}

TEST(Frames, LengthsOfIpBoundThePayload) {
  Reading r;
  r.frame(101, ip4(udp(kHello), {.total = 0}));              // to be divided by the network card
  r.frame(101, ip4(udp(kHello), {.total = 400}));            // more than the wire carried
  Raw cut = ip4(tcp(raw("0123456789"), 1), {.protocol = 6});
  cut.resize(cut.size() - 4);
  r.frame(101, cut, 0, static_cast<std::uint32_t>(cut.size()) + 4);
  r.frame(101, ip4(udp(kHello, 1, 2, 7)));                   // shorter than its header
  r.frame(101, ip4(udp(kHello, 1, 2, 99)));                  // longer than its packet
  r.frame(101, ip4(tcp(raw("x"), 1, 0, 1, 2, 4), {.protocol = 6}));
  ASSERT_EQ(r.got.size(), 3u);
  EXPECT_EQ(r.got[0].payload, "hello");
  EXPECT_EQ(r.got[2].payload, "012345");
  EXPECT_EQ(r.got[2].cut, 4u);
  EXPECT_EQ(r.reader.counts().damaged, 4u);
  EXPECT_EQ(r.reader.counts().cut_frames, 1u);
  EXPECT_EQ(r.reader.counts().cut_bytes, 4u);
}

TEST(Frames, ExtensionHeadersOfIpv6) {
  EXPECT_EQ(only(101, ip6(joined(bytes({43, 0, 0, 0, 0, 0, 0, 0, 60, 0, 0, 0, 0, 0, 0, 0, 17, 1}), joined(Raw(14), udp(kHello))), 0)), "hello");
  EXPECT_EQ(only(101, ip6(joined(bytes({17, 0, 0, 0, 0, 0, 0, 9}), udp(kHello)), 44)), "hello");   // a fragment that is the whole
  EXPECT_EQ(only(101, ip6(bytes({17, 200}), 0)), "(0 packets)");
}

Raw part(const Raw& whole, std::size_t from, std::size_t n, bool more, std::uint16_t id = 9) {
  return ip4(Raw(whole.begin() + static_cast<std::ptrdiff_t>(from), whole.begin() + static_cast<std::ptrdiff_t>(from + n)), {.id = id, .offset = static_cast<std::uint32_t>(from), .more = more});
}

TEST(Frames, FragmentsInAnyOrder) {
  const Raw whole = udp(raw("a datagram in three parts"));   // 33 bytes
  Reading r;
  r.frame(101, part(whole, 24, 9, false)).frame(101, part(whole, 0, 16, true)).frame(101, part(whole, 0, 16, true)).frame(101, part(whole, 16, 8, true));
  ASSERT_EQ(r.got.size(), 1u);
  EXPECT_EQ(r.got[0].payload, "a datagram in three parts");
  EXPECT_EQ(r.got[0].frame.at, 11'000u);                   // of the first fragment
  EXPECT_EQ(r.got[0].payload_at, 11'000u + 20 + 8);
  EXPECT_EQ(r.reader.counts().fragments, 4u);
  r.reader.end();
  EXPECT_EQ(r.reader.counts().fragments_lost, 0u);
}

TEST(Frames, OverlappingFragmentsAreDroppedAndTold) {
  const Raw whole = udp(raw("a datagram in three parts"));
  Reading r;
  r.frame(101, part(whole, 0, 16, true)).frame(101, part(whole, 8, 16, true)).frame(101, part(whole, 16, 17, false));
  EXPECT_TRUE(r.got.empty());
  EXPECT_EQ(r.problems.size(), 1u);
  EXPECT_EQ(r.reader.counts().fragments_lost, 3u);
}

TEST(Frames, FragmentsWaitThirtySecondsOfTheCapture) {
  const Raw whole = udp(raw("a datagram in three parts"));
  for (const std::int64_t seconds : {29, 31, -31}) {
    Reading r;
    r.frame(101, part(whole, 0, 16, true)).frame(101, part(whole, 16, 17, false), seconds * 1'000'000'000);
    r.reader.end();
    EXPECT_EQ(r.got.size(), seconds == 29 ? 1u : 0u) << seconds;
    EXPECT_EQ(r.reader.counts().fragments_lost, seconds == 29 ? 0u : 2u);
  }
}

TEST(Frames, OpenFragmentsAreBounded) {
  const Raw big(60'000, 7);
  Reading r;
  for (std::uint16_t id = 0; id < 5'000; ++id) r.frame(101, part(big, 59'000 / 8 * 8, 1'000, true, id));
  r.reader.end();
  EXPECT_EQ(r.reader.counts().fragments_lost, 5'000u);
}

Raw with_trailer(std::size_t name_size, bool right_sum = true) {
  Writer w;
  w.append(ethernet(0x0800, kPacket)).align(4).be(0x01072021, 4).be(10'123, 4).field("Bird", name_size);
  w.u32(crc32(Bytes(w.bytes)) ^ (right_sum ? 0u : 1u));
  return w.bytes;
}

TEST(Frames, AppsThatTheCapturingProgramNames) {
  Reading r;
  r.frame(1, with_trailer(20)).frame(1, with_trailer(16)).frame(1, with_trailer(20, false));
  r.frame(101, kPacket, 0, 0, "u-10124").frame(101, kPacket, 0, 0, "u--1").frame(101, kPacket, 0, 0, "u-10124 or so");
  r.reader.app({.uid = 10'124, .package = "org.app", .name = ""});
  r.frame(101, kPacket, 0, 0, "u-10124");
  ASSERT_EQ(r.got.size(), 7u);
  EXPECT_EQ(r.got[0].app, "uid 10123 Bird");
  EXPECT_EQ(r.got[0].payload, "hello");
  EXPECT_EQ(r.got[1].app, "uid 10123 Bird");
  EXPECT_EQ(r.got[2].app, "");
  EXPECT_EQ(r.got[3].app, "uid 10124");
  EXPECT_EQ(r.got[3].comment, "");
  EXPECT_EQ(r.got[4].app, "");
  EXPECT_EQ(r.got[5].app, "");
  EXPECT_EQ(r.got[5].comment, "u-10124 or so");
  EXPECT_EQ(r.got[6].app, "uid 10124 org.app");
  const Raw nflog = joined(bytes({2, 0, 0, 0, 8, 0, 11, 0, 0, 0, 0x27, 0x8B, static_cast<unsigned>(4 + kPacket.size()), 0, 9, 0}), kPacket);
  Reading s;
  s.frame(239, nflog);
  ASSERT_EQ(s.got.size(), 1u);
  EXPECT_EQ(s.got[0].app, "uid 10123");
}

TEST(Frames, EveryPrefixAndManyBreaksAreReadWithoutFault) {
  const std::vector<std::pair<std::uint32_t, Raw>> frames = {
      {1, ethernet(0x88A8, joined(bytes({0, 1, 0x81, 0, 0, 2, 8, 0}), kPacket))}, {1, ethernet(0x8864, joined(bytes({0x11, 0, 0, 1, 0, 35, 0, 0x21}), kPacket))},
      {127, joined(bytes({0, 0, 17, 0, 3, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0x10}), wifi({0x88, 0x01}, kSnapPacket, true))}, {1, with_trailer(20)},
      {258, pktap(ethernet(0x0800, kPacket), {.name = "Mail", .effective = "Browser"})}, {258, pktap(kPacket, {.link = 12, .name = "Mail", .effective = "Browser", .short_form = true})},
      {105, wifi_part(kSnapPacket, {.from = 0, .to = kSnapPacket.size(), .number = 0, .more = true})},
      {101, ip6(joined(bytes({43, 0, 0, 0, 0, 0, 0, 0, 60, 0, 0, 0, 0, 0, 0, 0, 17, 1}), joined(Raw(14), udp(kHello))), 0)},
      {101, ip4(udp(joined(bytes({0x34, 0xFF, 0, 41, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 0, 0}), kPacket), 2'152, 2'152))}};
  std::mt19937 random(1);
  for (const auto& [link, frame] : frames) {
    for (std::size_t n = 0; n < frame.size(); ++n) Reading().frame(link, Raw(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(n)));
    for (unsigned round = 0; round < 2'000; ++round) {
      Raw broken = frame;
      broken[random() % broken.size()] = static_cast<std::uint8_t>(random());
      Reading().frame(link, broken).reader.end();
    }
  }
}

}  // namespace
}  // namespace klik::traffic
