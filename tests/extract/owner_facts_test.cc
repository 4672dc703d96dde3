#include "extract/owner_facts.h"

#include <gtest/gtest.h>

#include "extract/columns.h"
#include "extract/hidden_identifiers.h"
#include "support/capture_facts.h"
#include "support/capture_writer.h"
#include "support/dns_maker.h"

namespace klik {
namespace {

OwnerIdentifiers owner() { return {traffic::read_identifiers(Bytes::of("imei 000000123456789\ncanary ZebraCanary-77\n")).identifiers, std::vector<std::uint8_t>(32, 7)}; }

std::string text_in(const Fact& fact, std::string_view column) { return std::string(text_of(*fact.kind, fact.values, column)); }

// "canary lookup.answer up;" of each leak, each once.
std::string leaks_in(const std::vector<Fact>& facts) {
  std::set<std::string> leaks;
  for (const Fact& f : facts)
    if (f.kind == &kNetLeak) leaks.insert(text_in(f, "identifier") + " " + text_in(f, "path") + " " + text_in(f, "way") + ";");
  std::string out;
  for (const std::string& l : leaks) out += l;
  return out;
}

struct Sent {
  Sent() : search(traffic::LeakSearch::of(given.identifiers)), facts(sink, capture, &given, &search) {}
  void message(std::string_view method, std::int64_t connection) {
    facts.fact({&kNetMessage, capture, Row(kNetMessage).set("connection", connection).set("number", std::int64_t{4}).set("what", "request").set("way", "up").set("method", method).values(), {{capture, 10, 5}}, kTrafficName});
  }
  void ended(std::int64_t connection, std::string_view column, std::string_view text) { facts.fact({&kNetConnection, capture, Row(kNetConnection).set("number", connection).set(column, text).values(), {{capture, 10, 5}}, kTrafficName}); }
  void end(std::int64_t connection) { facts.fact({&kNetConnection, capture, Row(kNetConnection).set("number", connection).values(), {{capture, 10, 5}}, kTrafficName}); }

  OwnerIdentifiers given = owner();
  BlobId capture{sha256(Bytes::of("made capture"))};
  RecordingSink sink;
  traffic::LeakSearch search;
  CaptureFacts facts;
};

TEST(OwnerFacts, WhatIsHiddenIsTold) {
  Sent s;
  s.message("M000000123456789", 3);
  s.message("GET", 3);
  EXPECT_EQ(leaks_in(s.sink.facts), "") << "a search may tell it yet";
  s.end(3);
  EXPECT_EQ(leaks_in(s.sink.facts), "imei message.method up;");
  EXPECT_EQ(text_in(s.sink.facts[0], "method"), kHiddenIdentifier);
}

TEST(OwnerFacts, WhatASearchToldIsNotToldAgain) {
  Sent s;
  s.message("M000000123456789", 3);
  s.message("M000000123456789", 4);
  const auto reader = leak_reader(s.capture, s.facts, s.given, s.search);
  traffic::Connection on;
  on.number = 3;
  reader->content(on, {.message = 4, .place = "request.body", .name = {}, .type = {}, .way = traffic::Way::up, .bytes = Bytes::of("000000123456789"), .coding = {}});
  s.end(3);
  EXPECT_EQ(leaks_in(s.sink.facts), "imei request.body up;");
  s.end(4);
  EXPECT_EQ(leaks_in(s.sink.facts), "imei message.method up;imei request.body up;");
}

TEST(OwnerFacts, OfAConnectionOnlyTheHostThatWasAskedForWasSent) {
  Sent s;
  s.ended(1, "looked_up", "000000123456789.t.example");
  s.ended(2, "app", "org.ZebraCanary-77");
  EXPECT_EQ(leaks_in(s.sink.facts), "") << "another connection's answer, the capturing program's word";
  s.ended(3, "host", "000000123456789.t.example");
  EXPECT_EQ(leaks_in(s.sink.facts), "imei connection.host up;");
  EXPECT_EQ(text_in(s.sink.facts[0], "looked_up"), "[owner's identifier].t.example");
}

TEST(OwnerFacts, AHostInAProblemIsHiddenAsInAFact) {
  Sent s;
  for (const char* host : {"GAYDAMBQ.GAYTEMZUGU3DOOBZ.t.example", "000000123456789.t.example"}) s.facts.problem({fail(Code::bad_value, 5, "odd").error(), ProblemSeverity::error, "connection 3, " + std::string(host), {}, {}});
  for (const Problem& p : s.sink.problems) EXPECT_EQ(p.detail, "connection 3, " + std::string(kHiddenIdentifier));
  EXPECT_EQ(s.sink.problems.size(), 2u);
}

TEST(OwnerFacts, NamesThatAreAnnouncedOrAnsweredAreSearched) {
  namespace make = test::dns;
  const OwnerIdentifiers given = owner();
  test::PcapWriter out({.link = 101});
  // The phone announces itself.
  const std::string announced = make::header(0x8400, 0, 1) + make::record(make::name("_airplay._tcp.local"), 12, make::name("ZebraCanary-77._airplay._tcp.local"));
  out.record(1, 0, test::ip4(test::udp(test::raw(announced), 5353, 5353)));
  const auto leaks = leaks_in(test::facts_of_capture(out.out.bytes, &given));
  EXPECT_TRUE(leaks.contains("canary lookup.answer up;")) << leaks;
  // A server leads a name on to another.
  test::PcapWriter back({.link = 101});
  const std::string answer = make::header(0x8180, 1, 1) + make::question(make::name("www.example"), 1) + make::record(make::name("www.example"), 5, make::name("zebracanary-77.t.example"));
  back.record(1, 0, test::ip4(test::udp(test::raw(answer), 53, 40'001)));
  EXPECT_EQ(leaks_in(test::facts_of_capture(back.out.bytes, &given)), "canary lookup.answer down;");
}

TEST(OwnerFacts, OfANameTheCaseAndTheLabelsDoNotHideIt) {
  namespace make = test::dns;
  const OwnerIdentifiers given = owner();
  const auto asked = [&](std::string_view name) {
    test::PcapWriter out({.link = 101});
    out.record(1, 0, test::ip4(test::udp(test::raw(make::header(make::kQuery, 1) + make::question(make::name(name), 1)), 40'001, 53)));
    const auto facts = test::facts_of_capture(out.out.bytes, &given);
    std::string kept;
    for (const Fact& f : facts)
      if (f.kind == &kNetLookup) kept += text_in(f, "name") + ";";
    return leaks_in(facts) + kept;
  };
  EXPECT_EQ(asked("GAYDAMBQGAYTEMZUGU3DOOBZ.t.example"), "imei lookup.labels up;imei lookup.name up;[owner's identifier].t.example;") << "base32";
  EXPECT_EQ(asked("MDAwMDAwMTIzNDU2Nzg5.t.example"), "imei lookup.labels up;imei lookup.labels/base64 up;imei lookup.name up;[owner's identifier].t.example;") << "base64";
  EXPECT_EQ(asked("00000012.3456789.t.example"), "imei lookup.labels up;imei lookup.name up;[owner's identifier].t.example;") << "as a number in groups too";
  EXPECT_EQ(asked("00000012.3456780.t.example"), "00000012.3456780.t.example;") << "another number";
  EXPECT_EQ(asked("000000123456789.t.example"), "imei lookup.labels up;imei lookup.name up;[owner's identifier].t.example;");
}

}  // namespace
}  // namespace klik
