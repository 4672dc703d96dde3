// Bytes that nobody understands are searched for identifiers wherever they are cut. All identifiers are made.
#include "traffic/search_windows.h"

#include <gtest/gtest.h>

#include "support/searching_sink.h"
#include "support/traffic.h"
#include "traffic/conversations.h"
#include "traffic/protocol.h"

namespace klik::traffic {
extern const StreamProtocol stream_http1;
namespace {

using test::tcp;
constexpr std::string_view kFile = "imei 000000123456789\ncanary blauwe olifant 1893\n";
constexpr std::string_view kImei = "000000123456789";

struct Made {
  test::SearchingSink events{kFile};
  Secrets secrets;
  Limits limits;
  Connection connection;
  std::uint64_t collected = 0;
  Context context{connection, events, secrets, limits, &collected};
  Content like{.message = 0, .place = "stream", .name = {}, .type = {}, .way = Way::up, .bytes = {}, .coding = {}};
};

std::string filler(std::size_t size) {
  std::string out;
  for (std::size_t i = 0; out.size() < size; ++i) out += "line " + std::to_string(i * 7919 % 1009) + "\n";
  out.resize(size);
  return out;
}

TEST(SearchWindows, AnIdentifierIsFoundOnceWhereverTheWindowsEnd) {
  // Pieces of many sizes, and the identifier at every place near the edges of windows of 32 KiB.
  for (const std::size_t size : {1'400u, 4'096u, 50'000u})
    for (std::size_t at = 32'768 - 40; at < 32'768 + 8; ++at) {
      Made m;
      const std::string all = filler(at) + "\n" + std::string(kImei) + ";" + filler(70'000);
      SearchWindows windows(m.context, m.like);
      for (std::size_t i = 0; i < all.size(); i += size) windows.add(Bytes::of(std::string_view(all).substr(i, size)), {i, size}, 0);
      windows.end();
      EXPECT_EQ(m.events.found(), "plain @ stream") << at << " in pieces of " << size;
      EXPECT_EQ(m.collected, 0u);
    }
}

TEST(SearchWindows, ALongerNumberAcrossAnEdgeIsNone) {
  for (std::size_t at = 32'768 - 24; at < 32'768 + 4; ++at)
    for (const std::string& number : {std::string(kImei) + "0123", "98" + std::string(kImei)}) {
      Made m;
      const std::string all = filler(at) + "\n" + number + " " + filler(40'000);
      SearchWindows windows(m.context, m.like);
      for (std::size_t i = 0; i < all.size(); i += 1'400) windows.add(Bytes::of(std::string_view(all).substr(i, 1'400)), {}, 0);
      windows.end();
      EXPECT_EQ(m.events.found(), "") << at;
    }
}

TEST(SearchWindows, MemoryIsSharedAndWithoutItNothingIsHeld) {
  Made m;
  m.limits.collected_total = 10'000;
  SearchWindows windows(m.context, m.like);
  for (int i = 0; i < 100; ++i) {
    windows.add(Bytes::of(filler(1'400)), {}, 0);
    EXPECT_LE(m.collected, 10'000u);
  }
  windows.add(Bytes::of(" " + std::string(kImei) + " "), {}, 0);
  windows.end();
  EXPECT_EQ(m.events.found(), "plain @ stream");
}

TEST(SearchWindows, TurnsAreShownWithTheirOwnPlace) {
  Made m;
  UnreadBytes unread(m.context);
  const auto say = [&](Way way, std::string_view text, std::uint64_t at) { unread.add({way, Bytes::of(text), {at, text.size()}, 0}); };
  say(Way::up, "HELO phone\r\n", 100);
  say(Way::down, "250 go on\r\n", 200);
  say(Way::up, "MAIL FROM:<blauwe olifant 1893>\r\n", 300);
  say(Way::down, "250 ok\r\n", 400);
  say(Way::up, "imei 0000001", 500);
  say(Way::down, "?", 600);
  say(Way::up, "23456789\r\n", 700);
  unread.end();
  EXPECT_EQ(m.events.found(), "plain @ stream | plain @ stream");
  ASSERT_EQ(m.events.origins.size(), 2u);
  EXPECT_EQ(m.events.origins[0].at, 300u);
  EXPECT_EQ(m.events.origins[1].at, 700u);
}

TEST(Unread, StreamsOfNoKnownProtocolAreSearchedAndTheirStartIsToldWithWhatFollows) {
  test::SearchingSink events(kFile);
  const Secrets secrets;
  const Limits limits;
  Conversations conversations(events, secrets, limits, {});
  conversations.packet(tcp(true, 100, "XYZZ imei=000000"));
  conversations.packet(tcp(false, 1, "\xf7 and what is it"));
  conversations.packet(tcp(true, 116, "123456789;"));
  conversations.end();
  EXPECT_EQ(events.found(), "plain @ stream");
  ASSERT_EQ(events.unknowns.size(), 2u);
  EXPECT_EQ(std::string(events.unknowns[0].first.begin(), events.unknowns[0].first.end()), "XYZZ imei=000000");
  EXPECT_EQ(events.starts[0], "XYZZ imei=000000123456789;");
}

TEST(Unread, DatagramsOfNoKnownProtocolAreSearched) {
  test::SearchingSink events(kFile);
  const Secrets secrets;
  const Limits limits;
  Conversations conversations(events, secrets, limits, {});
  for (int i = 0; i < 6; ++i) conversations.packet(test::udp(true, "\xf7\xf6 imei=000000123456789;"));
  conversations.end();
  EXPECT_EQ(events.found(), "plain @ stream") << "once in a connection";
  EXPECT_EQ(events.stretches.size(), 6u);
}

TEST(Unread, HalvesOfAPlaceCountNearOneAnother) {
  for (const bool near : {true, false}) {
    test::SearchingSink events("coordinates 50.87983,4.70054\n");
    const Secrets secrets;
    const Limits limits;
    Conversations conversations(events, secrets, limits, {});
    for (const std::string_view text : near ? std::vector<std::string_view>{"\xf7 50.87983 4.70054"} : std::vector<std::string_view>{"\xf7 50.87983", "\xf7 4.70054"}) conversations.packet(test::udp(true, text));
    conversations.end();
    EXPECT_EQ(events.finds.size(), near ? 1u : 0u);
  }
}

TEST(Unread, NobodyIsShownBytesThatNobodyAsksFor) {
  test::SearchingSink events(kFile);
  events.stretches_wanted = false;
  const Secrets secrets;
  const Limits limits;
  Conversations conversations(events, secrets, limits, {});
  conversations.packet(tcp(true, 100, "XYZZ imei=000000123456789;"));
  conversations.packet(tcp(false, 1, "\xf7 and what is it"));
  conversations.end();
  EXPECT_TRUE(events.stretches.empty());
  EXPECT_EQ(events.unknowns.size(), 2u);
}

struct Http1 : Made {
  std::unique_ptr<StreamReader> reader = [this] {
    connection.speaks("http1");
    return stream_http1.open(context);
  }();
  void up(std::string_view text) { reader->read({Way::up, Bytes::of(text), {}, 0}); }
};

TEST(Unread, HttpBehindAGapIsSearched) {
  Http1 w;
  w.up("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n");
  w.reader->gap(Way::up, 0);
  w.up("rest of it, imei=0000001");
  w.up("23456789;");
  w.up("GET /again HTTP/1.1\r\nHost: a\r\n\r\n");
  w.reader->end();
  EXPECT_EQ(w.events.found(), "plain @ stream");
  EXPECT_EQ(w.events.messages.size(), 2u);
  EXPECT_EQ(w.connection.dark_up, 33u);
}

TEST(Unread, TheLineAtWhichACaptureEndsIsSearched) {
  Http1 w;
  w.up("GET / HTTP/1.1\r\nHost: a\r\nX-Id: 000000123456789");
  w.reader->end();
  EXPECT_EQ(w.events.found(), "plain @ stream");
}

}  // namespace
}  // namespace klik::traffic
