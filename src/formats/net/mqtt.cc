#include "formats/net/mqtt.h"

#include <utility>

namespace klik::net::mqtt {
namespace {

// What is left of a packet, taken from the front.
class Rest {
 public:
  explicit Rest(Bytes bytes) : bytes_(bytes) {}
  Bytes all() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }

  Result<Bytes> take(std::uint64_t n) {
    KLIK_TRY(const Bytes taken, bytes_.slice(0, n));
    KLIK_TRY(bytes_, bytes_.from(n));
    return taken;
  }
  Result<std::uint8_t> byte() {
    KLIK_TRY(const Bytes one, take(1));
    return one[0];
  }
  Result<std::uint16_t> u16() {
    KLIK_TRY(const Bytes two, take(2));
    return static_cast<std::uint16_t>(two[0] << 8 | two[1]);
  }
  // Two bytes of length, then the bytes: strings and binary data alike (§1.5.4, §1.5.6).
  Result<Bytes> block() {
    KLIK_TRY(const std::uint16_t length, u16());
    return take(length);
  }
  Result<std::uint32_t> variable() {   // §1.5.5
    std::uint32_t value = 0;
    for (int shift = 0; shift < 28; shift += 7) {
      KLIK_TRY(const std::uint8_t part, byte());
      value |= static_cast<std::uint32_t>(part & 0x7f) << shift;
      if ((part & 0x80) == 0) return value;
    }
    return fail(Code::bad_value, 0, "a length of MQTT has more than four bytes");
  }

 private:
  Bytes bytes_;
};

// Properties of MQTT 5 (§2.2.2): an identifier and a value whose shape follows from it.
constexpr std::uint32_t kContentType = 0x03, kTopicAlias = 0x23, kUserProperty = 0x26;

struct Properties {
  std::string_view content_type;
  std::optional<std::uint16_t> topic_alias;
};

std::string_view text_name(std::uint32_t id) {
  switch (id) {
    case 0x08: return "response_topic";
    case 0x09: return "correlation_data";
    case 0x12: return "assigned_client_id";
    case 0x15: return "authentication_method";
    case 0x16: return "authentication_data";
    case 0x1a: return "response_information";
    case 0x1c: return "server_reference";
    case 0x1f: return "reason";
    default: return {};
  }
}

Result<Properties> read_properties(Rest& rest, std::vector<Text>& texts) {
  Properties out;
  KLIK_TRY(const std::uint32_t length, rest.variable());
  KLIK_TRY(const Bytes block, rest.take(length));
  for (Rest properties(block); !properties.empty();) {
    KLIK_TRY(const std::uint32_t id, properties.variable());
    switch (id) {
      case 0x01: case 0x17: case 0x19: case 0x24: case 0x25: case 0x28: case 0x29: case 0x2a: KLIK_CHECK(properties.take(1)); break;
      case 0x13: case 0x21: case 0x22: KLIK_CHECK(properties.take(2)); break;
      case 0x02: case 0x11: case 0x18: case 0x27: KLIK_CHECK(properties.take(4)); break;
      case 0x0b: KLIK_CHECK(properties.variable()); break;
      case kUserProperty: {
        KLIK_TRY(const Bytes name, properties.block());
        KLIK_TRY(const Bytes value, properties.block());
        texts.push_back({"user_property_name", name});
        texts.push_back({name.text(), value});
        break;
      }
      case kTopicAlias: {
        KLIK_TRY(out.topic_alias, properties.u16());
        break;
      }
      case kContentType: {
        KLIK_TRY(const Bytes type, properties.block());
        out.content_type = type.text();
        texts.push_back({"content_type", type});
        break;
      }
      default: {
        const std::string_view name = text_name(id);
        if (name.empty()) return fail(Code::bad_value, 0, "a property that MQTT does not know");
        KLIK_TRY(const Bytes text, properties.block());
        texts.push_back({name, text});
      }
    }
  }
  return out;
}

}  // namespace

std::string_view type_name(PacketType type) {
  constexpr std::string_view kNames[] = {"reserved", "CONNECT", "CONNACK", "PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "SUBSCRIBE", "SUBACK", "UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT", "AUTH"};
  return kNames[std::to_underlying(type)];
}

Result<FixedHeader> read_fixed_header(Bytes bytes) {
  Rest rest(bytes);
  KLIK_TRY(const std::uint8_t first, rest.byte());
  if (first >> 4 == 0) return fail(Code::bad_value, 0, "a packet of MQTT has no type");
  KLIK_TRY(const std::uint32_t length, rest.variable());
  return FixedHeader{static_cast<PacketType>(first >> 4), static_cast<std::uint8_t>(first & 0x0f), length, static_cast<std::uint32_t>(bytes.size() - rest.all().size())};
}

Result<Connect> read_connect(Bytes body) {
  Rest rest(body);
  KLIK_TRY(const Bytes name, rest.block());
  if (name.text() != "MQTT" && name.text() != "MQIsdp") return fail(Code::bad_magic, 0, "not the protocol name of MQTT");
  Connect connect;
  KLIK_TRY(connect.level, rest.byte());
  connect.level &= 0x7f;   // bridges set the highest bit
  if (connect.level < 3 || connect.level > 5) return fail(Code::unsupported, 0, "a version of MQTT that is not read");
  KLIK_TRY(const std::uint8_t flags, rest.byte());
  connect.clean = (flags & 0x02) != 0;
  KLIK_TRY(connect.keep_alive, rest.u16());
  if (connect.level == 5) KLIK_CHECK(read_properties(rest, connect.texts));
  KLIK_TRY(const Bytes client, rest.block());
  connect.client_id = client.text();
  if ((flags & 0x04) != 0) {
    if (connect.level == 5) KLIK_CHECK(read_properties(rest, connect.texts));
    KLIK_TRY(const Bytes topic, rest.block());
    connect.will_topic = topic.text();
    KLIK_TRY(connect.will_message, rest.block());
  }
  if ((flags & 0x80) != 0) {
    KLIK_TRY(const Bytes user, rest.block());
    connect.user_name = user.text();
  }
  if ((flags & 0x40) != 0) {
    KLIK_TRY(connect.password, rest.block());
  }
  return connect;
}

Result<Publish> read_publish(std::uint8_t flags, std::uint8_t level, Bytes body) {
  Rest rest(body);
  Publish publish;
  KLIK_TRY(const Bytes topic, rest.block());
  publish.topic = topic.text();
  if (((flags >> 1) & 3) != 0) KLIK_CHECK(rest.u16());   // a packet identifier comes with QoS 1 and 2 only (§3.3.2.2)
  if (level == 5) {
    KLIK_TRY(const Properties properties, read_properties(rest, publish.texts));
    publish.content_type = properties.content_type;
    publish.topic_alias = properties.topic_alias;
  }
  publish.payload = rest.all();
  return publish;
}

Result<Topics> read_topics(PacketType type, std::uint8_t level, Bytes body) {
  Rest rest(body);
  KLIK_CHECK(rest.u16());
  Topics out;
  if (level == 5) KLIK_CHECK(read_properties(rest, out.texts));
  while (!rest.empty()) {
    if (out.topics.size() == kMostTopics) return fail(Code::over_budget, 0, "too many topics");
    KLIK_TRY(const Bytes topic, rest.block());
    out.topics.push_back(topic.text());
    if (type == PacketType::subscribe) KLIK_CHECK(rest.byte());
  }
  return out;
}

Result<std::vector<Text>> read_texts(PacketType type, Bytes body) {
  Rest rest(body);
  std::vector<Text> texts;
  switch (type) {
    case PacketType::connack: KLIK_CHECK(rest.take(2)); break;                                  // §3.2.2
    case PacketType::puback: case PacketType::pubrec: case PacketType::pubrel: case PacketType::pubcomp:
      if (body.size() <= 3) return texts;                                                       // §3.4.2.1: the reason may be left out, and then there are none
      KLIK_CHECK(rest.take(3));
      break;
    case PacketType::suback: case PacketType::unsuback: KLIK_CHECK(rest.take(2)); break;        // §3.9.2
    case PacketType::disconnect: case PacketType::auth:
      if (body.size() <= 1) return texts;                                                       // §3.14.2.1
      KLIK_CHECK(rest.take(1));
      break;
    default: return texts;
  }
  KLIK_CHECK(read_properties(rest, texts));
  return texts;
}

}  // namespace klik::net::mqtt
