#include <gtest/gtest.h>

#include "support/capture_facts.h"
#include "support/capture_writer.h"

namespace klik {
namespace {

std::string all_text(const std::vector<Fact>& facts) {
  std::string out;
  for (const Fact& f : facts) {
    out += f.kind->name;
    for (const Value& v : f.values)
      if (const auto* text = std::get_if<std::string>(&v)) out += "|" + *text;
    out += "\n";
  }
  return out;
}

// A request whose path, program and query hold an identifier, and a question to DNS whose name does.
test::Raw made_capture() {
  const auto request = test::raw("GET /phones/000000123456789/up?id=000000123456789 HTTP/1.1\r\nHost: maker.example\r\nUser-Agent: agent-000000123456789\r\n\r\n");
  const auto question = test::joined(test::joined(test::Raw{0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 15}, test::raw("000000123456789")), test::joined(test::Raw{5}, test::joined(test::raw("maker"), test::joined(test::Raw{7}, test::joined(test::raw("example"), test::Raw{0, 0, 1, 0, 1})))));
  test::PcapWriter out({.link = 101});
  test::Ip4 as_tcp;
  as_tcp.protocol = 6;
  out.record(1, 0, test::ip4(test::tcp(request, 100, 0x18, 40'000, 80), as_tcp));
  out.record(2, 0, test::ip4(test::udp(question, 40'001, 53)));
  return out.out.bytes;
}

std::vector<Fact> facts_of(const OwnerIdentifiers* owner) { return test::facts_of_capture(made_capture(), owner); }

TEST(TrafficFacts, WithoutTheOwnersFileTextsAreKept) {
  const std::string all = all_text(facts_of(nullptr));
  EXPECT_NE(all.find("/phones/000000123456789/up"), std::string::npos) << all;
  EXPECT_NE(all.find("000000123456789.maker.example"), std::string::npos) << all;
  EXPECT_NE(all.find("|id|"), std::string::npos) << all;   // of a query the names only
}

TEST(TrafficFacts, WhatTheOwnerNamedIsALeakAndInNoText) {
  const OwnerIdentifiers owner{traffic::read_identifiers(Bytes::of("imei 000000123456789\n")).identifiers, std::vector<std::uint8_t>(32, 7)};
  const auto facts = facts_of(&owner);
  const std::string all = all_text(facts);
  EXPECT_EQ(all.find("000000123456789"), std::string::npos) << all;
  for (const std::string_view place : {"lookup.name", "request.path", "request.header"}) EXPECT_NE(all.find("|" + std::string(place) + "|"), std::string::npos) << place << "\n" << all;
  EXPECT_NE(all.find("|maker.example|"), std::string::npos) << "what holds none stays\n" << all;
  EXPECT_NE(all.find("|[owner's identifier].maker.example|"), std::string::npos) << "of a host the other labels stay\n" << all;
}

// A request whose program's name is long, and ends in an identifier behind what is kept, on its edge or nowhere.
std::string agent_of(std::size_t before, std::string_view identifier) {
  test::PcapWriter out({.link = 101});
  test::Ip4 as_tcp;
  as_tcp.protocol = 6;
  out.record(1, 0, test::ip4(test::tcp(test::raw("GET / HTTP/1.1\r\nHost: maker.example\r\nUser-Agent: " + std::string(before, '.') + std::string(identifier) + std::string(9'000 - before, '.') + "\r\n\r\n"), 100, 0x18, 40'000, 80), as_tcp));
  const OwnerIdentifiers owner{traffic::read_identifiers(Bytes::of("imei 000000123456789\n")).identifiers, std::vector<std::uint8_t>(32, 7)};
  for (const Fact& f : test::facts_of_capture(out.out.bytes, &owner))
    if (f.kind == &kNetMessage)
      for (std::size_t i = 0; i < f.values.size(); ++i)
        if (f.kind->columns[i].name == "agent") return std::get<std::string>(f.values[i]);
  return {};
}

TEST(TrafficFacts, LongTextsAreCutAndNoIdentifierIsLeftInPart) {
  EXPECT_EQ(agent_of(9'000, ""), std::string(4'096, '.'));
  for (const std::size_t before : {std::size_t{100}, std::size_t{4'085}, std::size_t{4'090}}) EXPECT_EQ(agent_of(before, "000000123456789"), "[owner's identifier]") << before;
  EXPECT_EQ(agent_of(8'000, "000000123456789"), std::string(4'096, '.')) << "behind what is kept";
}

TEST(TrafficFacts, OfTheStartOfAStreamTheOwnersBytesAreNotKept) {
  const OwnerIdentifiers owner{traffic::read_identifiers(Bytes::of("imei 000000123456789\n")).identifiers, std::vector<std::uint8_t>(32, 7)};
  auto search = traffic::LeakSearch::of(owner.identifiers);
  const auto first = [&](std::string_view start, traffic::LeakSearch* looked) {
    RecordingSink sink;
    TrafficFacts facts(BlobId(sha256(Bytes::of("made capture"))), sink, {}, looked);
    const std::string_view kept = start.substr(0, 16);
    facts.unknown({}, {traffic::Way::up, {kept.begin(), kept.end()}, 0, start.size(), {}, 0, Bytes::of(start)});
    return std::get<std::string>(sink.facts.at(0).values.at(2));
  };
  EXPECT_EQ(first("imei=000000123456789;", nullptr), hex(Bytes::of("imei=00000012345")));
  EXPECT_EQ(first("imei=000000123456789;", &search), hex(Bytes::of("imei=")) + std::string(22, '.'));
  EXPECT_EQ(first("000000123456789;abc", &search), std::string(30, '.') + "3b");
  EXPECT_EQ(first("imei=0000001234567890123;", &search), hex(Bytes::of("imei=00000012345"))) << "another number";
  // In something that is encoded it is not known which bytes they are.
  EXPECT_EQ(first("{\"a\":\"MDAwMDAwMTIzNDU2Nzg5\"}", &search), std::string(32, '.'));
}

TEST(TrafficFacts, NamesUnderEncryptionAreToldByPortOrResolver) {
  BlobId capture(sha256(Bytes::of("made capture")));
  const auto told = [&](std::uint16_t port, traffic::Transport transport, std::string host, std::vector<traffic::Hello> hellos = {}, std::string protocol = "") {
    RecordingSink sink;
    TrafficFacts facts(capture, sink, {});
    traffic::Connection c;
    c.protocol = std::move(protocol);
    for (traffic::Hello& h : hellos) facts.hello(c, std::move(h));
    sink.facts.clear();
    c.transport = transport;
    c.called.port = port;
    c.host = std::move(host);
    facts.connection(c);
    const auto at = static_cast<std::size_t>(std::ranges::find(sink.facts[0].kind->columns, "names_under", &Column::name) - sink.facts[0].kind->columns.begin());
    const Value& v = sink.facts[0].values.at(at);
    return std::holds_alternative<std::string>(v) ? std::get<std::string>(v) : std::string();
  };
  EXPECT_EQ(told(853, traffic::Transport::tcp, ""), "dot");
  EXPECT_EQ(told(853, traffic::Transport::udp, ""), "doq");
  EXPECT_EQ(told(443, traffic::Transport::tcp, "dns.google"), "doh");
  EXPECT_EQ(told(443, traffic::Transport::tcp, "maker.example"), "");
  const auto hello = [](bool client, std::string alpn) {
    traffic::Hello h;
    h.client = client;
    h.alpn = std::move(alpn);
    return h;
  };
  EXPECT_EQ(told(8853, traffic::Transport::tcp, "", {hello(true, "dot")}), "dot");
  EXPECT_EQ(told(8853, traffic::Transport::udp, "", {hello(true, "h3,doq"), hello(false, "")}), "doq");
  EXPECT_EQ(told(8853, traffic::Transport::tcp, "", {hello(true, "h2,dot"), hello(false, "h2")}), "") << "the server chose the other";
  EXPECT_EQ(told(8853, traffic::Transport::tcp, "", {hello(true, "h2,dot"), hello(false, "dot")}), "dot");
  EXPECT_EQ(told(8853, traffic::Transport::tcp, "", {hello(true, "dots,xdot,h2")}), "");
  EXPECT_EQ(told(8853, traffic::Transport::tcp, "", {}, "tls/dns"), "dot");
  EXPECT_EQ(told(53, traffic::Transport::tcp, "", {}, "dns"), "");
  EXPECT_EQ(told(80, traffic::Transport::tcp, "dns.google"), "");
}

}  // namespace
}  // namespace klik
