// Xiaomi's push channel, both ways: what the clear frames say, and that the later ones are encrypted under a key that an observer
// of the clear ones could derive. It is not derived here.
// Source: see formats/net/xiaomi_push.h.
#include "formats/net/xiaomi_push.h"

#include <algorithm>
#include <array>
#include <utility>

#include "traffic/host_name.h"
#include "traffic/pending.h"
#include "traffic/protocol.h"

namespace klik::traffic {
namespace {

namespace push = net::xiaomi_push;

std::string_view known_command(std::string_view command) {
  constexpr std::string_view kCommands[] = {"CONN", "BIND", "UBND", "PING", "NOTIFY", "KICK", "CTRL", "SECMSG"};
  const auto at = std::ranges::find(kCommands, command);
  return at == std::end(kCommands) ? "other" : *at;
}

// Adds "name=value". What separates words cannot stand in a value.
void add(std::string& words, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  words.append(words.empty() ? "" : "; ").append(name).append("=");
  for (const char c : value) words += c == ';' || static_cast<unsigned char>(c) < 0x20 ? '_' : c;
}
void add(std::string& words, std::string_view name, std::uint64_t value) {
  if (value != 0) add(words, name, std::to_string(value));
}
void add(std::string& words, std::string_view word) { words.append(words.empty() ? "" : "; ").append(word); }

// The last colon's part is a port when it is a number; IPv6 stands in brackets.
std::string host_without_port(std::string_view host) {
  const auto colon = host.rfind(':');
  const std::string_view port = colon == host.npos ? "" : host.substr(colon + 1);
  if (!port.empty() && std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; })) host = host.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return host_name(host);
}

class XiaomiPush final : public StreamReader {
 public:
  explicit XiaomiPush(Context& context) : context_(context) {}

  void read(const Piece& piece) override {
    Side& side = sides_[std::to_underlying(piece.way)];
    if (side.lost) {
      // The start of a segment is the only place where a frame is likely to begin.
      if (!piece.bytes.starts_with(push::kMagic)) return context_.connection.hides(Dark::damaged, piece.way, piece.bytes.size());
      side.lost = false;
    }
    side.pending.take(piece);
    while (step(side, piece.way)) {}
    side.pending.keep();
  }

  void gap(Way way, std::uint64_t) override { lose(way); }

  void end() override {
    for (const Way way : {Way::up, Way::down})
      if (!sides_[std::to_underlying(way)].pending.rest().empty()) lose(way);
  }

 private:
  struct Side {
    Pending pending;
    bool lost = false;
  };

  // True when a frame was read and another may follow.
  bool step(Side& side, Way way) {
    const Bytes rest = side.pending.rest();
    const auto size = push::frame_size(rest);
    if (!size && size.error().code == Code::truncated) return false;
    if (!size) {
      problem(size.error(), side.pending.origin().at, EventSink::Severity::data_loss);
      lose(way);
      return false;
    }
    if (rest.size() < *size) return false;
    Origin origin = side.pending.origin();
    origin.length = std::min(origin.length, *size);
    if (const auto frame = push::read_frame(rest)) tell(*frame, way, origin, side.pending.time_ns());
    side.pending.use(*size);
    return true;
  }

  void tell(const push::Frame& frame, Way way, Origin origin, std::int64_t time_ns) {
    Message event;
    event.protocol = "xiaomi_push";
    event.what = "frame";
    event.way = way;
    event.body_bytes = frame.body.size();
    event.origin = origin;
    event.time_ns = time_ns;
    if (!frame.intact) {
      problem({Code::bad_checksum, 0, "the checksum of a frame of Xiaomi's push channel is wrong", __FILE__, __LINE__}, origin.at, EventSink::Severity::error);
      event.state = Opened::damaged;
      context_.connection.hides(Dark::damaged, way, frame.body.size());
    } else if (frame.body.empty()) {
      event.what = "keepalive";
    } else {
      return tell_body(frame.body, std::move(event));
    }
    context_.events.message(context_.connection, std::move(event));
  }

  void tell_body(Bytes bytes, Message event) {
    const auto body = push::read_body(bytes);
    if (!body) {
      problem(body.error(), event.origin.at, EventSink::Severity::error);
      event.state = Opened::damaged;
      context_.connection.hides(Dark::damaged, event.way, bytes.size());
    } else if (!*body) {
      event.state = Opened::encrypted;
      context_.connection.hides(Dark::encrypted_body, event.way, bytes.size());
    } else {
      return tell_clear(**body, std::move(event));
    }
    context_.events.message(context_.connection, std::move(event));
  }

  void tell_clear(const push::Body& body, Message event) {
    const push::Header& h = body.header;
    event.what = known_command(h.command);
    event.body_bytes = body.payload.size();
    std::string& words = event.detail;
    add(words, "channel", std::to_string(h.channel));
    add(words, "server", h.server);
    add(words, "direction", h.direction);
    add(words, "cipher", std::to_string(h.cipher));
    if (h.error != 0) add(words, "error", std::to_string(h.error));
    if (h.account != 0) add(words, "account present");
    const std::string_view command = h.command;
    if (command == "CONN" && event.way == Way::up) return tell_connect(body.payload, std::move(event));
    if (command == "CONN") return tell_challenge(body.payload, std::move(event));
    content(context_.events.message(context_.connection, event), event, "push.payload", body.payload);
  }

  void tell_connect(Bytes payload, Message event) {
    const auto connect = push::read_connect(payload);
    if (!connect) return damaged(connect.error(), std::move(event));
    const push::Connect& c = *connect;
    std::string& words = event.detail;
    add(words, "version", c.version);
    add(words, "model", c.model);
    add(words, "os", c.os);
    add(words, "sdk", c.sdk);
    add(words, "connpt", c.connection);
    add(words, "front", c.host);
    add(words, "locale", c.locale);
    add(words, "android", c.android);
    if (c.public_key) add(words, "public_key present");
    if (!c.device_id_hash.empty()) add(words, "device_id_hash present");
    event.host = host_without_port(c.host);
    context_.connection.named(event.host, "push");
    hash_seen_ |= !c.device_id_hash.empty();
    const std::uint64_t message = context_.events.message(context_.connection, event);
    content(message, event, "push.udid", Bytes::of(c.device_id_hash));
    content(message, event, "push.model", Bytes::of(c.model));
    content(message, event, "push.os", Bytes::of(c.os));
    content(message, event, "push.connection", Bytes::of(c.connection));
    content(message, event, "push.locale", Bytes::of(c.locale));
    content(message, event, "push.android", Bytes::of(std::to_string(c.android)));
  }

  void tell_challenge(Bytes payload, Message event) {
    const auto challenge = push::read_challenge(payload);
    if (!challenge) return damaged(challenge.error(), std::move(event));
    if (!challenge->challenge.empty()) add(event.detail, "challenge present");
    // The key of all later frames follows from what was just sent in clear.
    if (!challenge->challenge.empty() && hash_seen_) add(event.detail, "key_on_wire");
    content(context_.events.message(context_.connection, event), event, "push.challenge", Bytes::of(challenge->challenge));
  }

  void damaged(const Error& error, Message event) {
    problem(error, event.origin.at, EventSink::Severity::error);
    event.state = Opened::damaged;
    context_.events.message(context_.connection, std::move(event));
  }

  void content(std::uint64_t message, const Message& event, std::string_view place, Bytes bytes) {
    if (bytes.empty() || !context_.events.wants_content()) return;
    context_.events.content(context_.connection, {.message = message, .place = place, .name = {}, .type = {}, .way = event.way, .bytes = bytes, .coding = {}, .origin = event.origin, .time_ns = event.time_ns});
  }

  void lose(Way way) {
    Side& side = sides_[std::to_underlying(way)];
    context_.connection.hides(Dark::damaged, way, side.pending.rest().size());
    side.pending.clear();
    side.lost = true;
  }

  void problem(const Error& error, std::uint64_t at, EventSink::Severity severity) {
    if (!std::exchange(told_, true)) context_.events.problem({error.code, at, error.what, error.file, error.line}, severity, connection_text(context_.connection));
  }

  Context& context_;
  std::array<Side, 2> sides_;
  bool hash_seen_ = false;
  bool told_ = false;
};

Match recognise(const Start& start) {
  if (!start.alpn.empty()) return Match::no;
  Match all = Match::no;
  for (const Bytes way : {start.up, start.down}) {
    if (way.starts_with(push::kMagic)) return Match::yes;
    if (!way.empty() && push::kMagic.starts_with(way.text())) all = Match::more;
  }
  return all;
}

std::unique_ptr<StreamReader> open(Context& context) { return std::make_unique<XiaomiPush>(context); }

}  // namespace

extern const StreamProtocol stream_xiaomi_push;
constexpr StreamProtocol stream_xiaomi_push{.name = "xiaomi_push", .title = "Xiaomi push", .spec = "the maker's published MIMC SDK; captures", .recognise = recognise, .open = open};

}  // namespace klik::traffic
