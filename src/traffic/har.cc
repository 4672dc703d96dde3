#include "traffic/har.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "formats/date_time.h"
#include "formats/json_events.h"
#include "formats/net/websocket.h"
#include "traffic/http_message.h"
#include "traffic/text_encodings.h"

namespace klik::traffic {
namespace {

constexpr std::uint64_t kPiece = 1 << 20;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::size_t kMostFields = 1'000;
constexpr std::uint64_t kFieldBytes = std::uint64_t{64} << 10;   // of the headers of one message, names and values
constexpr std::size_t kMostMessages = 1 << 18;                   // of one WebSocket
constexpr std::int64_t kMostBytes = std::int64_t{1} << 50;       // that an archive may claim for one message

struct Field {
  std::string name, value;
};

// One side of an entry.
struct Side {
  std::vector<Field> fields;
  std::vector<Field> extras;   // that a list of the archive has: cookies, the query, names of files; most programs give them twice
  std::uint64_t field_bytes = 0;
  Field field;                 // that is being read
  std::string type, body;
  bool base64 = false, whole = true;
  std::int64_t headers_size = -1, body_size = -1, content_size = -1;

  void end_field() {
    if (fields.size() < kMostFields && field.name.size() + field.value.size() <= kFieldBytes - field_bytes) {
      field_bytes += field.name.size() + field.value.size();
      std::ranges::transform(field.name, field.name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      fields.push_back(std::move(field));
    }
    field = {};
  }
  void extra(const char* name, std::string_view value) {
    if (value.empty() || extras.size() >= kMostFields || value.size() > kFieldBytes - field_bytes) return;
    field_bytes += value.size();
    extras.push_back({name, std::string(value)});
  }
  std::string_view header(std::string_view name) const {
    const auto at = std::ranges::find(fields, name, &Field::name);
    return at == fields.end() ? std::string_view() : std::string_view(at->value);
  }
  std::uint64_t body_bytes() const { return static_cast<std::uint64_t>(body_size >= 0 ? body_size : content_size >= 0 ? content_size : static_cast<std::int64_t>(body.size())); }
  std::uint64_t bytes() const { return body_bytes() + static_cast<std::uint64_t>(std::max<std::int64_t>(headers_size, 0)); }
};

// One of a WebSocket.
struct SocketMessage {
  std::uint64_t at = 0, end = 0;
  std::string type, data;      // data: as in the file
  std::int64_t opcode = -1, time_ns = 0;
  bool whole = true;           // of data
};

struct Entry {
  std::uint64_t at = 0;
  std::string started, server, connection, method, url, version;
  std::int64_t status = 0;
  double took_ms = 0;
  Side request, response;
  std::vector<SocketMessage> messages;
  std::uint64_t message_bytes = 0;   // of their data
  bool messages_left_out = false;
};

std::int64_t integer(std::string_view text) {
  std::int64_t n = -1;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), n);
  return bad == std::errc() && n >= 0 && n <= kMostBytes ? n : -1;
}

// "1700000000.123456", to the nanosecond: a double would not hold it. 0 when it is anything else.
std::int64_t nanoseconds_of_seconds(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (bad != std::errc() || seconds < 0 || seconds > INT64_MAX / kSecond - 1) return 0;
  std::int64_t fraction = 0, unit = kSecond;
  if (end != text.data() + text.size()) {
    if (*end != '.') return 0;
    for (const char c : text.substr(static_cast<std::size_t>(end - text.data()) + 1)) {
      if (c < '0' || c > '9') return 0;
      unit /= 10;
      fraction += (c - '0') * unit;
    }
  }
  return seconds * kSecond + fraction;
}

struct Url {
  std::string scheme, authority, host, path;
  std::uint16_t port = 0;
};

// Only those that lead to a machine by HTTP.
std::optional<Url> url_of(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == text.npos) return std::nullopt;
  Url url;
  url.scheme = text.substr(0, colon);
  if (url.scheme != "http" && url.scheme != "https" && url.scheme != "ws" && url.scheme != "wss") return std::nullopt;
  text = text.substr(colon + 3);
  text = text.substr(0, text.find('#'));
  const auto end = std::min(text.find_first_of("/?"), text.size());
  url.authority = text.substr(0, end);
  url.path = end < text.size() ? std::string(text.substr(end)) : "/";
  if (const auto at = url.authority.rfind('@'); at != std::string::npos) url.authority.erase(0, at + 1);
  url.host = host_of_authority(url.authority);
  const bool safe = url.scheme == "https" || url.scheme == "wss";
  url.port = safe ? 443 : 80;
  const std::string_view authority = url.authority;
  if (const auto mark = authority.rfind(':'); mark != authority.npos && authority.find(']', mark) == authority.npos) {
    const auto port = authority.substr(mark + 1);
    std::uint16_t number = 0;
    if (const auto [stop, bad] = std::from_chars(port.data(), port.data() + port.size(), number); bad == std::errc() && stop == port.data() + port.size()) url.port = number;
  }
  return url.host.empty() ? std::nullopt : std::optional(std::move(url));
}

std::string_view protocol_of(std::string_view version) {
  std::string text(version);
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (text.starts_with("h3") || text.starts_with("http/3")) return "h3";
  return text.starts_with("h2") || text.starts_with("http/2") ? "h2" : "http1";
}

class Archive final : public json::Events {
 public:
  Archive(const Limits& limits, EventSink& events) : limits_(limits), events_(events) {}

  void open(std::string_view path, std::uint64_t at) override {
    if (path == "log.entries") is_archive_ = true;
    if (path == kMessage) message_ = {.at = at};
    if (path != kEntry) return;
    entry_ = {};
    entry_.at = at;
  }

  void close(std::string_view path, std::uint64_t end) override {
    if (path == "log.entries[].request.headers[]") entry_.request.end_field();
    else if (path == "log.entries[].response.headers[]") entry_.response.end_field();
    else if (path == "log.entries[].request.postData.params[]") end_parameter();
    else if (path == kMessage) end_message(end);
    else if (path == kEntry) end_entry(end);
  }

  void value(std::string_view path, std::string_view value, bool quoted, bool whole, std::uint64_t) override {
    if (!path.starts_with(kEntry)) return;
    if (!quoted && value == "null") return;
    path.remove_prefix(kEntry.size());
    if (path.starts_with(".request.")) side(path.substr(9), value, whole, entry_.request, true);
    else if (path.starts_with(".response.")) side(path.substr(10), value, whole, entry_.response, false);
    else if (path == ".startedDateTime") entry_.started = value;
    else if (path == ".serverIPAddress") entry_.server = value;
    else if (path == ".connection") entry_.connection = value;
    else if (path == ".time") std::from_chars(value.data(), value.data() + value.size(), entry_.took_ms);
    else if (path.starts_with("._webSocketMessages[].")) message_field(path.substr(22), value, whole);
  }

  bool is_archive() const { return is_archive_; }
  std::uint64_t entries() const { return entries_; }
  std::int64_t started_ns() const { return started_ns_; }
  std::int64_t ended_ns() const { return ended_ns_; }

  void end_connections() {
    std::vector<const Connection*> order;
    for (const auto& [key, c] : connections_) order.push_back(&c);
    std::ranges::sort(order, {}, &Connection::number);
    for (const Connection* c : order) events_.connection(*c);
    connections_.clear();
  }

 private:
  static constexpr std::string_view kEntry = "log.entries[]", kMessage = "log.entries[]._webSocketMessages[]";

  void message_field(std::string_view path, std::string_view value, bool whole) {
    if (path == "type") message_.type = value;
    else if (path == "time") message_.time_ns = nanoseconds_of_seconds(value);
    else if (path == "opcode") message_.opcode = integer(value);
    else if (path == "data") message_.data = value, message_.whole = whole;
  }

  // They stand before the request that they belong to, so they wait.
  void end_message(std::uint64_t end) {
    if (message_.type != "send" && message_.type != "receive") return;
    if (entry_.messages.size() >= kMostMessages) {
      entry_.messages_left_out = true;
      return;
    }
    message_.end = end;
    if (message_.data.size() > limits_.collected_total - entry_.message_bytes) message_.data.resize(limits_.collected_total - entry_.message_bytes), message_.whole = false;
    entry_.message_bytes += message_.data.size();
    entry_.messages.push_back(std::move(message_));
  }

  void side(std::string_view path, std::string_view value, bool whole, Side& side, bool request) {
    if (path == "headers[].name") side.field.name = value.substr(0, static_cast<std::size_t>(kFieldBytes));
    else if (path == "headers[].value") side.field.value = value.substr(0, static_cast<std::size_t>(kFieldBytes));
    else if (path == "headersSize") side.headers_size = integer(value);
    else if (path == "bodySize") side.body_size = integer(value);
    else if (request && path == "method") entry_.method = value;
    else if (request && path == "url") entry_.url = value;
    else if (request && path == "httpVersion") entry_.version = value;
    else if (request && path == "postData.mimeType") side.type = value;
    else if (request && path == "postData.text") side.body = value, side.whole = whole;
    else if (request && path == "postData.encoding") side.base64 = value == "base64";
    else if (request && path == "postData.params[].name") side.field.name = value;
    else if (request && path == "postData.params[].value") side.field.value = value;
    else if (request && path == "postData.params[].fileName") side.extra("file_name", value);
    else if (request && (path == "queryString[].name" || path == "queryString[].value")) side.extra("query", value);
    else if (path == "cookies[].name" || path == "cookies[].value") side.extra(request ? "cookie" : "set-cookie", value);
    else if (!request && path == "redirectURL") side.extra("location", value);
    else if (!request && path == "status") entry_.status = integer(value);
    else if (!request && path == "content.mimeType") side.type = value;
    else if (!request && path == "content.size") side.content_size = integer(value);
    else if (!request && path == "content.text") side.body = value, side.whole = whole;
    else if (!request && path == "content.encoding") side.base64 = value == "base64";
  }

  // Forms are given as fields, by some programs without the text: put together again.
  void end_parameter() {
    Side& r = entry_.request;
    if (parameters_of_ != entry_.at) parameters_.clear(), parameters_of_ = entry_.at;
    if (parameters_.size() + r.field.name.size() + r.field.value.size() < limits_.body_bytes) parameters_ += (parameters_.empty() ? "" : "&") + r.field.name + "=" + r.field.value;
    r.field = {};
  }

  Connection& connection_of(const Url& url, std::int64_t started, Origin origin) {
    const bool safe = url.scheme == "https" || url.scheme == "wss";
    const bool socket = !entry_.messages.empty() || url.scheme.starts_with("ws");   // nothing else shares its connection
    const std::string key = socket ? "\nsocket " + std::to_string(entry_.at) : entry_.connection.empty() ? "\n" + url.scheme + "://" + url.authority : entry_.server + "\n" + entry_.connection + (safe ? "\ns" : "\n");
    if (const auto known = connections_.find(key); known != connections_.end()) return known->second;
    if (connections_.size() >= limits_.open_connections) end_connections();
    Connection& c = connections_[key];
    c.number = ++numbers_;
    c.caller.address = c.called.address = *address_of("0.0.0.0");
    // IPv6 in brackets, as some programs write it.
    std::string_view server = entry_.server;
    if (server.starts_with('[') && server.ends_with(']')) server = server.substr(1, server.size() - 2);
    if (const auto address = address_of(server)) c.called.address = *address;
    c.called.port = url.port;
    c.caller_by = "capture";
    c.started_ns = c.ended_ns = started;
    c.first = origin;
    const std::string_view protocol = protocol_of(entry_.version);
    if (protocol == "h3") c.transport = Transport::udp, c.speaks("quic");
    else if (safe) c.speaks("tls");
    c.speaks(protocol);
    return c;
  }

  void end_entry(std::uint64_t end) {
    ++entries_;
    auto url = url_of(entry_.url);
    if (!url) return;   // data:, blob:, an extension's page: nothing went out
    if (entry_.request.body.empty() && parameters_of_ == entry_.at) entry_.request.body = std::move(parameters_);
    const std::int64_t started = nanoseconds_of(entry_.started).value_or(0);
    const double took = entry_.took_ms > 0 && entry_.took_ms < 1e10 ? entry_.took_ms * 1e6 : 0;
    const std::int64_t ended = started == 0 ? 0 : started + static_cast<std::int64_t>(took);
    if (started != 0 && (started_ns_ == 0 || started < started_ns_)) started_ns_ = started;
    ended_ns_ = std::max(ended_ns_, ended);
    const Origin origin{entry_.at, end - entry_.at};
    Connection& c = connection_of(*url, started, origin);
    c.named(url->host, "http");
    if (started != 0 && (c.started_ns == 0 || started < c.started_ns)) c.started_ns = started;
    c.ended_ns = std::max(c.ended_ns, ended);
    ++c.packets_up;
    c.bytes_up += entry_.request.bytes();
    Message m;
    m.protocol = protocol_of(entry_.version);
    m.what = "request";
    m.method = entry_.method;
    m.scheme = url->scheme;
    m.host = url->host;
    m.path = url->path;
    m.origin = origin;
    m.time_ns = started;
    tell(c, std::move(m), entry_.request);
    if (entry_.status > 0) {   // else it was refused, or no answer came
      ++c.packets_down;
      c.bytes_down += entry_.response.bytes();
      Message answer;
      answer.protocol = protocol_of(entry_.version);
      answer.what = "response";
      answer.way = Way::down;
      answer.status = static_cast<std::uint32_t>(std::min<std::int64_t>(entry_.status, 999));
      answer.origin = origin;
      answer.time_ns = ended;
      tell(c, std::move(answer), entry_.response);
    }
    if (entry_.messages.empty()) return;
    c.speaks("websocket");
    for (const SocketMessage& message : entry_.messages) tell(c, message, started);
    ended_ns_ = std::max(ended_ns_, c.ended_ns);
    if (entry_.messages_left_out) events_.problem(fail(Code::over_budget, entry_.at, "too many messages of one WebSocket: the later ones are left out").error(), EventSink::Severity::data_loss);
  }

  void tell(Connection& c, const SocketMessage& message, std::int64_t started) {
    const bool text = message.opcode == net::websocket::opcode::text;
    std::optional<std::string> binary;
    if (!text && message.whole) binary = decoded_base64(message.data);   // some programs write other bytes as text too
    if (!text && !message.whole) {
      const std::vector<std::uint8_t> start = base64_start(message.data);
      binary.emplace(start.begin(), start.end());
    }
    const std::string& data = binary ? *binary : message.data;
    Message m;
    m.protocol = "websocket";
    m.what = net::websocket::opcode_name(message.opcode >= 0 && message.opcode <= 15 ? static_cast<std::uint8_t>(message.opcode) : std::uint8_t{15});
    m.way = message.type == "send" ? Way::up : Way::down;
    m.body_bytes = data.size();
    m.state = opened_state(c);
    m.origin = {message.at, message.end - message.at};
    m.time_ns = message.time_ns != 0 ? message.time_ns : started;
    if (!message.whole) m.detail = "collected in part";
    ++(m.way == Way::up ? c.packets_up : c.packets_down);
    (m.way == Way::up ? c.bytes_up : c.bytes_down) += data.size();
    c.ended_ns = std::max(c.ended_ns, m.time_ns);
    Content content{.message = 0, .place = text ? "websocket.text" : "websocket.binary", .name = {}, .type = {}, .way = m.way, .bytes = Bytes::of(data), .coding = {}, .origin = m.origin, .time_ns = m.time_ns};
    content.message = events_.message(c, std::move(m));
    if (!data.empty() && events_.wants_content()) events_.content(c, content);
  }

  void tell(const Connection& c, Message m, const Side& side) {
    const bool request = m.way == Way::up;
    m.content_type = side.type.empty() ? std::string(side.header("content-type")) : side.type;
    m.content_encoding = side.header("content-encoding");
    if (request) m.agent = side.header("user-agent");
    m.body_bytes = side.body_bytes();
    m.state = opened_state(c);
    if (!side.whole) m.detail = "body in part";
    const std::uint64_t number = events_.message(c, m);
    if (!events_.wants_content()) return;
    Content content{.message = number, .place = "request.path", .name = {}, .type = {}, .way = m.way, .bytes = Bytes::of(m.path), .coding = {}, .origin = m.origin, .time_ns = m.time_ns};
    if (request) events_.content(c, content);
    content.place = request ? "request.header" : "response.header";
    for (const Field& f : side.fields) {
      if (f.value.empty()) continue;
      content.name = f.name;
      content.bytes = Bytes::of(f.value);
      events_.content(c, content);
    }
    for (const Field& f : side.extras) {
      if (f.name == "query" ? m.path.contains('?') : !side.header(f.name).empty()) continue;   // searched above
      content.name = f.name;
      content.bytes = Bytes::of(f.value);
      events_.content(c, content);
    }
    if (side.body.empty()) return;
    content.place = request ? "request.body" : "response.body";
    content.name = {};
    content.type = m.content_type;
    const std::vector<std::uint8_t> binary = side.base64 ? base64_start(side.body) : std::vector<std::uint8_t>();
    content.bytes = side.base64 ? Bytes(binary) : Bytes::of(side.body);
    events_.content(c, content);
  }

  const Limits& limits_;
  EventSink& events_;
  Entry entry_;
  SocketMessage message_;                     // that is being read
  std::string parameters_;                    // of the form of the entry that begins at:
  std::uint64_t parameters_of_ = 0;
  std::map<std::string, Connection> connections_;
  std::uint64_t numbers_ = 0, entries_ = 0;
  std::int64_t started_ns_ = 0, ended_ns_ = 0;
  bool is_archive_ = false;
};

}  // namespace

Result<CaptureSummary> analyse_har(const SourceRef& file, const Limits& limits, EventSink& events) {
  Archive archive(limits, events);
  json::Reader reader(archive, {.depth = 64, .text = limits.body_bytes});
  Result<void> read{};
  for (std::uint64_t at = 0; at < file->size() && read; at += kPiece) {
    KLIK_TRY(const Blob piece, file->load(at, std::min(kPiece, file->size() - at)));
    read = reader.feed(piece.bytes());
  }
  if (read) read = reader.finish();
  archive.end_connections();
  if (!archive.is_archive()) return fail(Code::bad_magic, 0, "this is no HTTP archive: it has no log with entries");
  if (!read) events.problem(read.error(), EventSink::Severity::data_loss, "after " + std::to_string(archive.entries()) + " entries");
  CaptureSummary summary;
  summary.frames.frames = archive.entries();
  summary.frames.bytes = file->size();
  summary.started_ns = archive.started_ns();
  summary.ended_ns = archive.ended_ns();
  return summary;
}

}  // namespace klik::traffic
