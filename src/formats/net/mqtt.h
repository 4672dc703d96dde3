// The packets of MQTT 3.1, 3.1.1 and 5, as far as they say who connects and what is published. Views point into the packet.
// Source: OASIS MQTT 3.1.1 and 5.0 (§2.1 fixed header, §3.1 CONNECT, §3.3 PUBLISH, §3.8 SUBSCRIBE); IBM MQTT 3.1 for "MQIsdp".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::net::mqtt {

enum class PacketType : std::uint8_t { reserved, connect, connack, publish, puback, pubrec, pubrel, pubcomp, subscribe, suback, unsubscribe, unsuback, pingreq, pingresp, disconnect, auth };
std::string_view type_name(PacketType type);   // "CONNECT", …; a literal

struct FixedHeader {
  PacketType type = PacketType::reserved;
  std::uint8_t flags = 0;
  std::uint32_t length = 0;   // of what follows: below 2^28
  std::uint32_t size = 0;     // of this header: 2 … 5
};
// Errors: truncated when it is not whole; bad_value for type 0 and for a length of more than four bytes.
Result<FixedHeader> read_fixed_header(Bytes bytes);

// What the properties of MQTT 5 hold in words (§2.2.2): reasons, topics for answers, pairs that users made.
struct Text {
  std::string_view name;      // of a pair; else of the property: a literal
  Bytes bytes;
};

struct Connect {
  std::uint8_t level = 0;     // 3: MQTT 3.1, 4: 3.1.1, 5: 5.0
  bool clean = false;
  std::uint16_t keep_alive = 0;   // seconds
  std::string_view client_id;
  std::optional<std::string_view> user_name;
  std::optional<Bytes> password;
  std::optional<std::string_view> will_topic;
  std::optional<Bytes> will_message;
  std::vector<Text> texts;    // of its properties and of the will's
};
// `body`: the packet without its fixed header. Errors: truncated, bad_magic (another protocol name), unsupported (another level).
Result<Connect> read_connect(Bytes body);

struct Publish {
  std::string_view topic;                    // empty when an alias stands for it
  std::optional<std::uint16_t> topic_alias;  // of MQTT 5
  std::string_view content_type;             // of MQTT 5
  std::vector<Text> texts;
  Bytes payload;
};
// `level`: of the connection's CONNECT; 4 when that was not seen. Errors: truncated, bad_value.
Result<Publish> read_publish(std::uint8_t flags, std::uint8_t level, Bytes body);

// The topics of a SUBSCRIBE or UNSUBSCRIBE. Errors: truncated, bad_value, over_budget for more than kMostTopics.
inline constexpr std::size_t kMostTopics = 256;
struct Topics {
  std::vector<std::string_view> topics;
  std::vector<Text> texts;
};
Result<Topics> read_topics(PacketType type, std::uint8_t level, Bytes body);

// The words in any other packet of MQTT 5: CONNACK, acknowledgements, DISCONNECT, AUTH. None for packets without properties.
// Errors: truncated, bad_value.
Result<std::vector<Text>> read_texts(PacketType type, Bytes body);

}  // namespace klik::net::mqtt
