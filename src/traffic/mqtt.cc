// MQTT of both ways: who connects (which fields, never their values), what is published under which topic.
// Source: OASIS MQTT 3.1.1 and 5.0.
#include "formats/net/mqtt.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "traffic/body.h"
#include "traffic/http_message.h"
#include "traffic/pending.h"
#include "traffic/problems.h"
#include "traffic/protocol.h"
#include "traffic/search_windows.h"

namespace klik::traffic {
namespace {

namespace mqtt = net::mqtt;
using mqtt::PacketType;

constexpr std::uint64_t kHeldBytes = std::uint64_t{1} << 20;    // a packet up to this size is read as a whole; of a longer PUBLISH its start
constexpr std::size_t kAliases = 256;
constexpr std::uint64_t kAliasBytes = std::uint64_t{64} << 10;

class Mqtt final : public StreamReader {
 public:
  explicit Mqtt(Context& context) : context_(context), state_(opened_state(context.connection)), unread_(context) {}

  void read(const Piece& piece) override {
    Side& side = side_of(piece.way);
    if (side.lost) return unread_.hide(piece);
    side.pending.take(piece);
    while (!side.lost && step(piece.way)) {}
    side.pending.keep();
  }

  void gap(Way way, std::uint64_t bytes) override {
    Side& side = side_of(way);
    if (side.lost) return unread_.gap(way);
    if (bytes > 0 && bytes <= side.skip) {
      side.skip -= bytes;
      return;
    }
    lose(way);
    unread_.gap(way);
  }

  void end() override {
    for (const Way way : {Way::up, Way::down}) hide_pending(way);
    unread_.end();
  }

 private:
  struct Side {
    Pending pending;
    std::uint64_t skip = 0;    // of a packet too long to hold
    bool lost = false;
    std::map<std::uint16_t, std::string> aliases;   // of topics
    std::uint64_t alias_bytes = 0;
  };

  Side& side_of(Way way) { return sides_[std::to_underlying(way)]; }
  void hide_pending(Way way) { unread_.hide(way, side_of(way).pending); }
  void lose(Way way) {
    Side& side = side_of(way);
    hide_pending(way);
    side.pending.clear();
    side.lost = true;
  }

  bool step(Way way) {
    Side& side = side_of(way);
    const Bytes rest = side.pending.rest();
    if (rest.empty()) return false;
    if (side.skip > 0) {
      const std::uint64_t part = std::min(side.skip, rest.size());
      side.pending.use(part);
      side.skip -= part;
      return side.skip == 0;
    }
    const auto header = mqtt::read_fixed_header(rest);
    if (!header) {
      if (header.error().code == Code::truncated) return false;
      problems_.tell(context_, header.error().code, header.error().what, EventSink::Severity::data_loss, side.pending.origin().at);
      lose(way);
      return false;
    }
    const std::uint64_t held = std::min<std::uint64_t>(header->length, kHeldBytes);
    const auto body = rest.slice(header->size, held);
    if (!body) return false;
    const Result<void> read = read_packet(way, *header, *body);
    if (!read) problems_.tell(context_, read.error().code, read.error().what, EventSink::Severity::error, side.pending.origin().at);
    side.pending.use(header->size + held);
    side.skip = header->length - held;
    return true;
  }

  Result<void> read_packet(Way way, const mqtt::FixedHeader& header, Bytes body) {
    switch (header.type) {
      case PacketType::connect: return read_connect(way, header, body);
      case PacketType::publish: return read_publish(way, header, body);
      case PacketType::subscribe:
      case PacketType::unsubscribe: return read_topics(way, header, body);
      case PacketType::connack: {
        // The second byte is the return code, of every version (§3.2.2.3).
        KLIK_TRY(const std::uint8_t code, body.get<std::uint8_t>(1));
        Message m = message(way, header);
        m.status = code;
        return reply(std::move(m), header, body, true);
      }
      case PacketType::disconnect:
      case PacketType::auth: return reply(message(way, header), header, body, true);
      default: return level_ == 5 ? reply(message(way, header), header, body, false) : Result<void>();   // acknowledgements and keep-alives say nothing of their own
    }
  }

  // `told`: it is a message; else only what words it has are searched.
  Result<void> reply(Message m, const mqtt::FixedHeader& header, Bytes body, bool told) {
    const std::uint64_t number = told ? context_.events.message(context_.connection, m) : 0;
    if (level_ != 5) return {};
    KLIK_TRY(const auto texts, mqtt::read_texts(header.type, body));
    properties(number, m, texts);
    return {};
  }

  void properties(std::uint64_t number, const Message& like, const std::vector<mqtt::Text>& texts) {
    for (const mqtt::Text& text : texts) content(number, like, "mqtt.property", text.name, text.bytes);
  }

  Message message(Way way, const mqtt::FixedHeader& header) {
    Message m;
    m.protocol = "mqtt";
    m.what = mqtt::type_name(header.type);
    m.way = way;
    m.state = state_;
    m.body_bytes = header.length;
    m.origin = side_of(way).pending.origin();
    m.time_ns = side_of(way).pending.time_ns();
    if (header.length > kHeldBytes) {
      add_words(m.detail, "collected in part");
      problems_.tell(context_, Code::over_budget, "the end of a long message was not looked into", EventSink::Severity::data_loss, m.origin.at);
    }
    return m;
  }

  void content(std::uint64_t number, const Message& like, std::string_view place, std::string_view name, Bytes bytes) {
    if (bytes.empty() || !context_.events.wants_content()) return;
    context_.events.content(context_.connection, {.message = number, .place = place, .name = name, .type = like.content_type, .way = like.way, .bytes = bytes, .coding = {}, .origin = like.origin, .time_ns = like.time_ns});
  }

  Result<void> read_connect(Way way, const mqtt::FixedHeader& header, Bytes body) {
    KLIK_TRY(const mqtt::Connect connect, mqtt::read_connect(body));
    level_ = connect.level;
    Message m = message(way, header);
    m.detail = connect.level == 3 ? "MQTT 3.1" : connect.level == 4 ? "MQTT 3.1.1" : "MQTT 5";
    // Names of the fields that are there. Their values go to the search only.
    if (!connect.client_id.empty()) add_words(m.detail, "client id");
    if (connect.user_name) add_words(m.detail, "user name");
    if (connect.password) add_words(m.detail, "password");
    if (connect.will_topic) add_words(m.detail, "will");
    const std::uint64_t number = context_.events.message(context_.connection, m);
    content(number, m, "mqtt.connect", "client_id", Bytes::of(connect.client_id));
    if (connect.user_name) content(number, m, "mqtt.connect", "user_name", Bytes::of(*connect.user_name));
    if (connect.password) content(number, m, "mqtt.connect", "password", *connect.password);
    if (connect.will_topic) content(number, m, "mqtt.connect", "will_topic", Bytes::of(*connect.will_topic));
    if (connect.will_message) content(number, m, "mqtt.connect", "will_message", *connect.will_message);
    properties(number, m, connect.texts);
    return {};
  }

  Result<void> read_publish(Way way, const mqtt::FixedHeader& header, Bytes body) {
    KLIK_TRY(const mqtt::Publish publish, mqtt::read_publish(header.flags, level_, body));
    Message m = message(way, header);
    m.path = topic_of(side_of(way), publish);
    if (m.path.empty()) add_words(m.detail, "its topic was named before the capture began");
    m.content_type = publish.content_type;
    m.body_bytes = publish.payload.size() + (header.length - body.size());
    const std::uint64_t number = context_.events.message(context_.connection, m);
    content(number, m, "mqtt.topic", {}, Bytes::of(m.path));
    content(number, m, "mqtt.payload", {}, publish.payload);
    properties(number, m, publish.texts);
    return {};
  }

  // An alias stands for the topic it was last sent with (MQTT 5 §3.3.2.3.4).
  static std::string topic_of(Side& side, const mqtt::Publish& publish) {
    if (!publish.topic_alias) return std::string(publish.topic);
    if (publish.topic.empty()) {
      const auto known = side.aliases.find(*publish.topic_alias);
      return known == side.aliases.end() ? "" : known->second;
    }
    if (side.aliases.size() < kAliases && publish.topic.size() <= kAliasBytes - side.alias_bytes) {
      side.alias_bytes += publish.topic.size();
      side.aliases[*publish.topic_alias] = publish.topic;
    } else {
      side.aliases.erase(*publish.topic_alias);   // rather unknown than wrong
    }
    return std::string(publish.topic);
  }

  Result<void> read_topics(Way way, const mqtt::FixedHeader& header, Bytes body) {
    KLIK_TRY(const mqtt::Topics read, mqtt::read_topics(header.type, level_, body));
    const auto& topics = read.topics;
    Message m = message(way, header);
    if (!topics.empty()) m.path = topics.front();
    if (topics.size() > 1) add_words(m.detail, std::to_string(topics.size()) + " topics");
    const std::uint64_t number = context_.events.message(context_.connection, m);
    for (const std::string_view topic : topics) content(number, m, "mqtt.topic", {}, Bytes::of(topic));
    properties(number, m, read.texts);
    return {};
  }

  Context& context_;
  Opened state_;
  std::uint8_t level_ = 4;
  std::array<Side, 2> sides_;
  UnreadBytes unread_;
  Problems problems_;
};

Match recognise(const Start& start) {
  if (start.alpn == "mqtt" || start.alpn == "x-amzn-mqtt-ca") return Match::yes;
  if (!start.alpn.empty() || start.up.empty()) return start.alpn.empty() ? Match::more : Match::no;
  if (start.up[0] != 0x10) return Match::no;
  const auto header = mqtt::read_fixed_header(start.up);
  if (!header) return header.error().code == Code::truncated ? Match::more : Match::no;
  const std::string_view name = start.up.text().substr(header->size);
  for (const std::string_view known : {std::string_view("\0\4MQTT", 6), std::string_view("\0\6MQIsdp", 8)}) {
    if (name.starts_with(known)) return Match::yes;
    if (known.starts_with(name)) return Match::more;
  }
  return Match::no;
}

std::unique_ptr<StreamReader> open(Context& context) { return std::make_unique<Mqtt>(context); }

}  // namespace

extern const StreamProtocol stream_mqtt;
constexpr StreamProtocol stream_mqtt{.name = "mqtt", .title = "MQTT", .spec = "OASIS MQTT 3.1.1 and 5.0", .recognise = recognise, .open = open};

}  // namespace klik::traffic
