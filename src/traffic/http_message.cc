#include "traffic/http_message.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "traffic/host_name.h"
#include "traffic/outline.h"
#include "traffic/search_windows.h"

namespace klik::traffic {
namespace {

constexpr std::uint64_t kFieldBytes = std::uint64_t{64} << 10;   // of one message, kept for searching
constexpr std::size_t kFields = 1'000;
constexpr std::ptrdiff_t kNested = 8;
constexpr std::size_t kLongestName = 64;   // of a field, in the path of a find

// Names of fields that say nothing of who sends them, in order: HTTP Field Name Registry, and what browsers and apps send everywhere.
constexpr std::string_view kCommonNames[] = {
    "accept",           "accept-charset",   "accept-encoding", "accept-language", "accept-ranges",   "access-control-allow-credentials", "access-control-allow-headers", "access-control-allow-methods",
    "access-control-allow-origin", "access-control-expose-headers", "access-control-max-age", "access-control-request-headers", "access-control-request-method", "age", "allow", "alt-svc",
    "authorization",    "cache-control",    "connection",      "content-disposition", "content-encoding", "content-language", "content-length", "content-location", "content-range",
    "content-security-policy", "content-type", "cookie",       "cross-origin-opener-policy", "cross-origin-resource-policy", "date", "etag", "expect", "expires", "from", "grpc-accept-encoding", "grpc-encoding",
    "grpc-message",     "grpc-status",      "grpc-timeout",    "host",            "http2-settings",  "if-match",        "if-modified-since", "if-none-match", "if-range", "keep-alive", "last-modified", "link",
    "location",         "max-forwards",     "nel",             "origin",          "p3p",             "pragma",          "priority",         "proxy-authenticate", "proxy-authorization", "proxy-connection", "range",
    "referer",          "referrer-policy",  "report-to",       "retry-after",     "sec-ch-ua",       "sec-ch-ua-mobile", "sec-ch-ua-platform", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "sec-fetch-user",
    "sec-websocket-accept", "sec-websocket-extensions", "sec-websocket-key", "sec-websocket-protocol", "sec-websocket-version", "server", "server-timing", "set-cookie", "strict-transport-security", "te",
    "timing-allow-origin", "trailer",       "transfer-encoding", "upgrade",       "upgrade-insecure-requests", "user-agent", "vary", "via", "warning", "www-authenticate", "x-cache", "x-content-type-options",
    "x-forwarded-for",  "x-frame-options",  "x-powered-by",    "x-requested-with", "x-xss-protection",
};
static_assert(std::ranges::is_sorted(kCommonNames));

using text::lower;

}  // namespace

bool under_encryption(const Connection& connection) {
  const std::string& p = connection.protocol;
  return p.starts_with("tls") || p.starts_with("quic") || p.starts_with("dtls") || p.contains("/tls") || p.contains("/quic") || p.contains("/dtls");
}

bool may_nest(const Connection& connection) { return std::ranges::count(connection.protocol, '/') < kNested; }

std::string host_of_authority(std::string_view authority) {
  if (const auto at = authority.rfind('@'); at != authority.npos) authority.remove_prefix(at + 1);
  if (authority.starts_with('[')) return lower(authority.substr(1, std::min(authority.find(']'), authority.size()) - 1));
  return host_name(authority.substr(0, authority.find(':')));
}

HttpMessage::HttpMessage(const Context& context, CollectedBytes& share, std::string_view protocol, std::string_view what, Way way, std::uint64_t stream, Origin origin, std::int64_t time_ns)
    : context_(&context), share_(&share), request_(what == "request"), keep_fields_(context.events.wants_content()), body_(context, share) {
  event.protocol = protocol;
  event.what = what;
  event.way = way;
  event.stream = stream;
  event.state = opened_state(context.connection);
  event.origin = origin;
  event.time_ns = time_ns;
}

Body& HttpMessage::body() {
  if (!std::exchange(body_begun_, true) && context_->events.wants_body(context_->connection, event)) body_.collect(event);
  return body_;
}

void HttpMessage::target(std::string_view text) {
  if (text.starts_with('/') || text == "*") {
    event.path = text;
    return;
  }
  const auto colon = text.find("://");
  if (colon == text.npos || colon > 16) {
    event.path = text;
    return;
  }
  event.scheme = lower(text.substr(0, colon));
  text.remove_prefix(colon + 3);
  const auto slash = std::min(text.find_first_of("/?"), text.size());
  event.host = host_of_authority(text.substr(0, slash));
  part("request.line", "authority", text.substr(0, slash));
  event.path = slash < text.size() ? text.substr(slash) : "/";
  note("through a proxy");
}

// Whether it is within what is kept of one message; takes its room.
bool HttpMessage::fits(std::string_view place, std::string_view name, std::string_view value) {
  if (name.size() + value.size() > kFieldBytes - field_bytes_ || fields_.size() >= kFields) {
    if (!std::exchange(fields_cut_, true)) note("header fields in part");
    if (keep_fields_) search_unkept(place, name, value);
    return false;
  }
  field_bytes_ += name.size() + value.size();
  return true;
}

// As it comes, in windows: what is nested in it stays closed where it does not fit in one.
void HttpMessage::search_unkept(std::string_view place, std::string_view raw_name, std::string_view value) {
  if (!context_->events.wants_stretches()) return;
  constexpr const char* kPart = "header fields beyond what is kept of a message were searched for identifiers as they stand: what is nested in them was not opened";
  if (share_->first(kPart)) context_->events.problem(fail(Code::over_budget, event.origin.at, kPart).error(), EventSink::Severity::data_loss, connection_text(context_->connection));
  const std::string name = lower(raw_name.substr(0, kLongestName));
  const Content like{.message = body_.number_ahead(), .place = place, .name = name, .type = {}, .way = event.way, .bytes = {}, .coding = {}, .origin = event.origin, .time_ns = event.time_ns};
  for (const std::string_view text : {raw_name, value}) {
    SearchWindows windows(*context_, like);
    windows.add(Bytes::of(text), event.origin, event.time_ns);
    windows.end();
  }
}

void HttpMessage::part(std::string_view place, std::string_view name, std::string_view bytes) {
  if (!keep_fields_ || bytes.size() < kShortestValue || !fits(place, name, bytes)) return;
  fields_.push_back({place, std::string(name), std::string(bytes)});
}

void HttpMessage::field(std::string_view raw_name, std::string_view value) {
  if (!fits(header_place(), raw_name, value)) return;
  std::string name = lower(raw_name);
  if (name.starts_with(':')) {
    if (keep_fields_ && name != ":path" && value.size() >= kShortestValue) fields_.push_back({header_place(), name.substr(1), std::string(value)});
    if (name == ":method") event.method = value;
    else if (name == ":scheme") event.scheme = lower(value);
    else if (name == ":authority") event.host = host_of_authority(value);
    else if (name == ":path") event.path = value;
    else if (name == ":status") event.status = value.size() == 3 && std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; }) ? static_cast<std::uint32_t>((value[0] - '0') * 100 + (value[1] - '0') * 10 + (value[2] - '0')) : 0;
    else if (name == ":protocol") upgrade_ = lower(value);
    return;
  }
  if (name == "?") note("header names unknown: the connection's start is not in the capture");
  if (name == "content-type") event.content_type = value;
  else if (name == "content-encoding") event.content_encoding += (event.content_encoding.empty() ? "" : ", ") + std::string(value);
  else if (name == "user-agent") event.agent = value;
  else if (name == "host" && event.host.empty()) event.host = host_of_authority(value);
  else if (name == "grpc-encoding") grpc_encoding_ = value;
  else if (name == "upgrade" && upgrade_.empty()) upgrade_ = lower(value);
  else if (name == "sec-websocket-extensions") websocket_extensions_ += (websocket_extensions_.empty() ? "" : ", ") + std::string(value);
  if (!keep_fields_) return;
  if (name.size() >= kShortestValue && !std::ranges::binary_search(kCommonNames, name)) names_.append(names_.empty() ? "" : "\n").append(raw_name);
  fields_.push_back({header_place(), std::move(name), std::string(value)});
}

void HttpMessage::damaged(std::string_view words) {
  event.state = Opened::damaged;
  note(words);
}

void HttpMessage::name_connection(Context& context) const {
  if (request_ && !event.host.empty()) context.connection.named(event.host, "http");
}

void HttpMessage::tell(Context& context) {
  if (told_) return;
  told_ = true;
  event.body_bytes = body_.sent();
  if (body_.lost() > 0) damaged("part of the body is not in the capture");
  const std::string type = lower(event.content_type);
  note(body_.decode({.content_encoding = event.content_encoding, .content_type = type, .grpc_encoding = grpc_encoding_}));
  event.number = body_.number();
  const std::uint64_t number = context.events.message(context.connection, event);
  Content content{.message = number, .place = request_ ? "request.path" : "", .name = {}, .type = {}, .way = event.way, .bytes = Bytes::of(event.path), .coding = {}, .origin = event.origin, .time_ns = event.time_ns};
  if (keep_fields_ && request_ && !event.path.empty()) context.events.content(context.connection, content);
  if (!names_.empty()) {
    content.place = request_ ? "request.header_name" : "response.header_name";
    content.bytes = Bytes::of(names_);
    context.events.content(context.connection, content);
  }
  for (const Field& f : fields_) {
    if (f.value.empty()) continue;
    content.place = f.place;
    content.name = f.name;
    content.bytes = Bytes::of(f.value);
    context.events.content(context.connection, content);
  }
  content.place = request_ ? "request.body" : "response.body";
  content.name = {};
  content.type = event.content_type;
  body_.tell(context, content);
}

}  // namespace klik::traffic
