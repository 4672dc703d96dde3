#include "formats/net/xiaomi_push.h"

#include <gtest/gtest.h>

#include "http_recorder.h"
#include "support/push_maker.h"
#include "traffic/protocol.h"

namespace klik::traffic {
extern const StreamProtocol stream_xiaomi_push;
namespace {

namespace make = test::push;

struct PushWire : Wire {
  PushWire() {
    connection.speaks("xiaomi_push");
    reader = stream_xiaomi_push.open(context);
  }
};

TEST(XiaomiPush, AKeepAliveIsTheTwelveBytesThatPhonesSend) {
  EXPECT_EQ(make::keep_alive(), std::string_view("\xc2\xfe\0\5\0\0\0\0\x0d\x23\1\xc6", 12));
}

TEST(XiaomiPush, TellsWhatIsInClearAndThatTheRestIsNot) {
  const std::string up = make::connect() + make::encrypted() + make::keep_alive(), down = make::challenge() + make::encrypted();
  PushWire whole, slow;
  whole.up(up);
  whole.down(down);
  slow.drip(Way::up, up);
  slow.drip(Way::down, down);
  for (PushWire* w : {&whole, &slow}) {
    w->reader->end();
    const auto& m = w->events.messages;
    ASSERT_EQ(m.size(), 5u);
    EXPECT_EQ(m[0].what, "CONN");
    EXPECT_EQ(m[0].state, Opened::clear);
    EXPECT_EQ(m[0].host, "front.example.org");
    EXPECT_EQ(m[0].detail, "channel=0; server=xiaomi.com; cipher=0; version=106; model=Made Phone; os=V1.2_3; sdk=42; connpt=wifi; front=Front.example.org:5222; locale=nl_NL; android=30; device_id_hash present");
    EXPECT_EQ(m[1].what, "frame");
    EXPECT_EQ(m[1].state, Opened::encrypted);
    EXPECT_EQ(m[2].what, "keepalive");
    EXPECT_EQ(m[3].detail, "channel=0; server=xiaomi.com; cipher=0; challenge present; key_on_wire");
    EXPECT_EQ(m[4].state, Opened::encrypted);
    EXPECT_EQ(w->events.content_of(0, "push.udid"), make::kHash);
    EXPECT_EQ(w->events.content_of(3, "push.challenge"), make::kChallenge);
    EXPECT_EQ(w->connection.host, "front.example.org");
    EXPECT_EQ(w->connection.host_from, "push");
    EXPECT_EQ(w->connection.dark, Dark::encrypted_body);
    EXPECT_EQ(w->connection.dark_up, 12u);
    EXPECT_TRUE(w->events.problems.empty());
    // Nothing that names the phone stands in what is kept.
    for (const Message& one : m)
      for (const std::string_view hidden : {make::kHash, make::kChallenge}) EXPECT_FALSE(one.detail.contains(hidden));
  }
  EXPECT_EQ(whole.events.messages[1].origin.at, 1000 + make::connect().size());
  EXPECT_EQ(whole.events.messages[1].origin.length, make::encrypted().size());
}

TEST(XiaomiPush, AChallengeAloneDoesNotGiveTheKeyAway) {
  PushWire w;
  w.down(make::challenge());
  ASSERT_EQ(w.events.messages.size(), 1u);
  EXPECT_FALSE(w.events.messages[0].detail.contains("key_on_wire"));
}

TEST(XiaomiPush, AWrongChecksumIsDamage) {
  PushWire w;
  std::string broken = make::connect();
  broken[20] ^= 1;
  w.up(broken + make::keep_alive() + broken);
  w.reader->end();
  ASSERT_EQ(w.events.messages.size(), 3u);
  EXPECT_EQ(w.events.messages[0].state, Opened::damaged);
  EXPECT_EQ(w.events.messages[1].what, "keepalive");
  EXPECT_EQ(w.events.problems.size(), 1u);
}

TEST(XiaomiPush, GoesOnBehindAHole) {
  PushWire w;
  w.up(make::connect().substr(0, 30));
  w.reader->gap(Way::up, 100);
  w.up("rest of it");
  w.up(make::keep_alive());
  w.reader->end();
  ASSERT_EQ(w.events.messages.size(), 1u);
  EXPECT_EQ(w.events.messages[0].what, "keepalive");
  EXPECT_EQ(w.connection.dark_up, 40u);
}

TEST(XiaomiPush, EveryPrefixEndsWell) {
  const std::string whole = make::connect() + make::challenge() + make::encrypted();
  for (std::size_t n = 0; n <= whole.size(); ++n) {
    const std::string part = whole.substr(0, n);
    PushWire w;
    w.up(part);
    w.reader->end();
    std::size_t frames = 0;
    for (const std::size_t end : {make::connect().size(), make::connect().size() + make::challenge().size(), whole.size()}) frames += n >= end;
    EXPECT_EQ(w.events.messages.size(), frames) << n;
    // The same for the bytes of a body and its parts, each a copy of just that size.
    (void)net::xiaomi_push::read_body(Bytes::of(part));
    (void)net::xiaomi_push::read_connect(Bytes::of(part));
    (void)net::xiaomi_push::read_challenge(Bytes::of(part));
    (void)net::xiaomi_push::read_frame(Bytes::of(part));
  }
}

TEST(XiaomiPush, IsRecognisedByItsMagic) {
  const auto match = [](std::string_view up, std::string_view down) { return stream_xiaomi_push.recognise({Bytes::of(up), Bytes::of(down), 5222, {}, {}}); };
  EXPECT_EQ(match(make::connect(), ""), Match::yes);
  EXPECT_EQ(match("", make::keep_alive()), Match::yes);
  EXPECT_EQ(match("\xc2\xfe", ""), Match::more);
  EXPECT_EQ(match("<?xml", ""), Match::no);
}

}  // namespace
}  // namespace klik::traffic
