#include <gtest/gtest.h>

#include "http_recorder.h"
#include "traffic/protocol.h"

namespace klik::traffic {
extern const StreamProtocol stream_mqtt;
namespace {

std::string block(std::string_view text) { return std::string{static_cast<char>(text.size() >> 8), static_cast<char>(text.size())} + std::string(text); }
std::string packet(int first, std::string_view body) {
  std::string out(1, static_cast<char>(first));
  for (std::size_t rest = body.size();; rest >>= 7) {
    out += static_cast<char>(rest >= 128 ? 0x80 | (rest & 0x7f) : rest);
    if (rest < 128) break;
  }
  return out + std::string(body);
}

struct MqttWire : Wire {
  MqttWire() {
    connection.speaks("mqtt");
    reader = stream_mqtt.open(context);
  }
};

const std::string kConnect = packet(0x10, block("MQTT") + std::string("\x04\xc2\x00\x3c", 4) + block("client-77") + block("user-88") + block("secret"));
const std::string kConnect5 = packet(0x10, block("MQTT") + std::string("\x05\x02\x00\x3c\x05\x11\x00\x00\x00\x10", 10) + block("client-77"));
const std::string kPublish = packet(0x32, block("a/topic") + std::string("\x00\x07", 2) + "payload");

TEST(Mqtt, TellsWhoConnectsAndWhatIsPublished) {
  const std::string up = kConnect + packet(0xc0, "") + kPublish + packet(0x82, std::string("\x00\x08", 2) + block("t/1") + std::string(1, '\0') + block("t/2") + "\x01") + packet(0xe0, "");
  for (const bool slow : {false, true}) {
    MqttWire w;
    if (slow) w.drip(Way::up, up);
    else w.up(up);
    w.down(packet(0x20, std::string("\x00\x05", 2)) + packet(0x30, block("b") + "down"));
    w.reader->end();
    ASSERT_EQ(w.events.messages.size(), 6u);
    EXPECT_EQ(w.events.messages[0].what, "CONNECT");
    EXPECT_EQ(w.events.messages[0].detail, "MQTT 3.1.1; client id; user name; password");
    EXPECT_EQ(w.events.content_of(0, "mqtt.connect", "client_id"), "client-77");
    EXPECT_EQ(w.events.content_of(0, "mqtt.connect", "user_name"), "user-88");
    EXPECT_EQ(w.events.messages[1].what, "PUBLISH");
    EXPECT_EQ(w.events.messages[1].path, "a/topic");
    EXPECT_EQ(w.events.messages[1].body_bytes, 7u);
    EXPECT_EQ(w.events.content_of(1, "mqtt.payload"), "payload");
    EXPECT_EQ(w.events.messages[2].path, "t/1");
    EXPECT_EQ(w.events.messages[2].detail, "2 topics");
    EXPECT_EQ(w.events.messages[3].what, "DISCONNECT");
    EXPECT_EQ(w.events.messages[4].status, 5u);
    EXPECT_EQ(w.events.messages[5].way, Way::down);
    EXPECT_TRUE(w.events.problems.empty());
  }
}

TEST(Mqtt, Version5HasPropertiesAndAliases) {
  MqttWire w;
  w.up(kConnect5 + packet(0x30, block("long/topic") + std::string("\x0c\x23\x00\x01\x03", 5) + block("a/json") + "{}"));
  w.up(packet(0x30, block("") + std::string("\x03\x23\x00\x01", 4) + "again") + packet(0x30, block("") + std::string("\x03\x23\x00\x02", 4) + "unknown"));
  ASSERT_EQ(w.events.messages.size(), 4u);
  EXPECT_EQ(w.events.messages[0].detail, "MQTT 5; client id");
  EXPECT_EQ(w.events.messages[1].content_type, "a/json");
  EXPECT_EQ(w.events.messages[2].path, "long/topic");
  EXPECT_EQ(w.events.content_of(2, "mqtt.payload"), "again");
  EXPECT_EQ(w.events.messages[3].path, "");
  EXPECT_TRUE(w.events.messages[3].detail.contains("named before"));
  EXPECT_TRUE(w.events.problems.empty());
}

TEST(Mqtt, WordsInPropertiesAreSearched) {
  MqttWire w;
  const std::string pair = "\x26" + block("my key") + block("my value"), reason = "\x1f" + block("a reason"), length(1, static_cast<char>(pair.size())), longer(1, static_cast<char>(reason.size()));
  w.up(packet(0x10, block("MQTT") + std::string("\5\2\0\x3c", 4) + length + pair + block("c")));
  w.down(packet(0x20, std::string("\0\0", 2) + longer + reason));
  w.up(packet(0x30, block("t") + length + pair + "{}"));
  w.down(packet(0x40, std::string("\0\1\x10", 3) + longer + reason) + packet(0x40, std::string("\0\1", 2)));
  w.up(packet(0xe0, std::string("\0", 1) + longer + reason));
  std::string all;
  for (const auto& c : w.events.contents)
    if (c.place == "mqtt.property") all += std::to_string(c.message) + " " + c.name + "=" + c.bytes + ";";
  EXPECT_EQ(all, "0 user_property_name=my key;0 my key=my value;1 reason=a reason;2 user_property_name=my key;2 my key=my value;0 reason=a reason;3 reason=a reason;");
  EXPECT_TRUE(w.events.problems.empty());
}

TEST(Mqtt, EveryPrefixIsRead) {
  const std::string up = kConnect5 + kConnect + kPublish;
  for (std::size_t n = 0; n <= up.size(); ++n) {
    MqttWire w;
    w.up(up.substr(0, n));
    w.reader->end();
    EXPECT_TRUE(w.events.problems.empty()) << n;
  }
}

TEST(Mqtt, HostilePacketsEnd) {
  for (const std::string& bytes : {packet(0x10, block("OTHER") + "xxxxxxxx"), packet(0x30, "\xff\xff"), std::string("\x30\xff\xff\xff\xff\x01", 6), std::string("\x00\x00", 2), packet(0x82, "\x01")}) {
    MqttWire w;
    w.up(bytes);
    w.up(kPublish);
    w.reader->end();
    EXPECT_EQ(w.events.problems.size(), 1u);
  }
  MqttWire large;
  large.up(std::string("\x30\xff\xff\xff\x7f", 5) + block("big") + std::string(2 << 20, 'x'));
  large.reader->end();
  ASSERT_EQ(large.events.messages.size(), 1u);
  EXPECT_EQ(large.events.messages[0].path, "big");
  EXPECT_EQ(large.events.messages[0].detail, "collected in part");
  EXPECT_EQ(large.events.messages[0].body_bytes, (1u << 28) - 1 - 5);
}

TEST(Mqtt, IsRecognised) {
  const auto match = [](std::string_view up, std::string_view alpn = {}) { return stream_mqtt.recognise({Bytes::of(up), {}, 1883, alpn, {}}); };
  EXPECT_EQ(match(kConnect), Match::yes);
  EXPECT_EQ(match(kConnect.substr(0, 4)), Match::more);
  EXPECT_EQ(match(packet(0x10, block("MQIsdp"))), Match::yes);
  EXPECT_EQ(match("\x10\x05hello"), Match::no);
  EXPECT_EQ(match("GET /"), Match::no);
  EXPECT_EQ(match("", "mqtt"), Match::yes);
}

}  // namespace
}  // namespace klik::traffic
