// HTTP/1 of both ways: requests and answers in order, bodies, and what a CONNECT or an Upgrade leads into.
// Source: RFC 9112; RFC 9110 §9.3.6 (CONNECT), §7.8 (Upgrade).
#include "formats/net/http1.h"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <utility>

#include "traffic/http2.h"
#include "traffic/http_datagrams.h"
#include "traffic/http_message.h"
#include "traffic/pending.h"
#include "traffic/problems.h"
#include "traffic/protocol.h"
#include "traffic/search_windows.h"
#include "traffic/websocket.h"

namespace klik::traffic {
namespace {

namespace http1 = net::http1;
using Looks = http1::Looks;

constexpr std::uint64_t kHeadBytes = std::uint64_t{256} << 10;   // of one header or trailer section
constexpr std::uint64_t kLineBytes = 16 << 10;                   // of the line of a chunk's size
constexpr std::uint64_t kHeldBytes = 64 << 10;                   // sent into a CONNECT before its answer
constexpr std::size_t kWaitingRequests = 1'024;                  // pipelined, without an answer yet

class Http1 final : public StreamReader {
 public:
  explicit Http1(Context& context) : context_(context), share_(context), unread_(context) {}

  void read(const Piece& piece) override {
    if (tunnel_) return tunnel_->read(piece);
    Side& side = side_of(piece.way);
    if (side.at == At::lost) {
      if (!is_start(piece.bytes)) return unread_.hide(piece);
      unread_.gap(piece.way);
      side.at = At::start;
      side.resumed = true;
    }
    side.pending.take(piece);
    while (!tunnel_ && step(piece.way)) {}
    if (!tunnel_) side.pending.keep();
  }

  void gap(Way way, std::uint64_t bytes) override {
    if (tunnel_) return tunnel_->gap(way, bytes);
    Side& side = side_of(way);
    const bool in_body = side.at == At::body || side.at == At::chunk;
    if (in_body && bytes > 0 && bytes <= side.remaining) {
      side.message->body().missing(bytes);
      side.remaining -= bytes;
      if (side.remaining == 0 && side.at == At::body) finish(way);
      else if (side.remaining == 0) side.at = At::chunk_end;
      return;
    }
    if (side.at == At::until_close) return side.message->body().missing(bytes);
    lose(way, "bytes before its end are not in the capture");
    unread_.gap(way);
    // Requests may lie in the hole, so which answers which is not known any more.
    if (way == Way::up) asked_.clear(), requests_lost_ = true;
  }

  void end() override {
    if (!tunnel_ && side_of(Way::up).at == At::waiting && !side_of(Way::up).pending.rest().empty()) open_tunnel(recognising_reader(context_, "", "http1"));
    if (tunnel_) return tunnel_->end();
    for (const Way way : {Way::up, Way::down}) {
      Side& side = side_of(way);
      if (!side.message) {
        tell_started(way, closed(way) ? "it ends within its header fields" : "the rest of its header fields is not in the capture");
        hide_pending(way);
        continue;
      }
      if (side.at != At::until_close) side.message->damaged(closed(way) ? "it ends before its body is whole" : "its end is not in the capture");
      side.message->tell(context_);
    }
    unread_.end();
  }

 private:
  enum class At : std::uint8_t {
    start,         // before or in a header section
    body,          // `remaining` bytes follow
    chunk_line, chunk, chunk_end, trailers,
    until_close,
    waiting,       // a CONNECT stands unanswered: what follows belongs to whatever it leads to
    lost,
  };
  struct Side {
    At at = At::start;
    Pending pending;
    std::uint64_t looked = 0;      // bytes of pending that hold no end of the line or section
    std::uint64_t remaining = 0;
    std::optional<HttpMessage> message;
    bool resumed = false;
    bool begun = false;            // a message was read, or bytes were passed over
  };
  // What an answer must know of its request.
  enum class Asked : std::uint8_t { head, connect, other };

  static bool is_start(Bytes bytes) {
    const Looks looks = http1::looks_like(bytes);
    return looks == Looks::request || looks == Looks::response;
  }

  Side& side_of(Way way) { return sides_[std::to_underlying(way)]; }
  bool closed(Way way) const { return context_.connection.closed[std::to_underlying(way)]; }
  void hide_pending(Way way) { unread_.hide(way, side_of(way).pending); }
  void problem(Code code, const char* what, EventSink::Severity severity, std::uint64_t at) { problems_.tell(context_, code, what, severity, at); }

  void lose(Way way, const char* words) {
    Side& side = side_of(way);
    if (side.message) {
      side.message->damaged(words);
      side.message->tell(context_);
      side.message.reset();
    }
    tell_started(way, "the rest of its header fields is not in the capture");
    hide_pending(way);
    side.pending.clear();
    side.looked = 0;
    side.at = At::lost;
    side.begun = true;
  }

  // A message whose header section does not end in what there is, by the lines that are whole: captures often keep the start of each
  // packet only.
  void tell_started(Way way, const char* words) {
    Side& side = side_of(way);
    if (side.at != At::start || side.message) return;
    const Bytes rest = side.pending.rest();
    const std::size_t lines = rest.text().rfind('\n') + 1;   // 0 when there is none
    const auto head = http1::read_head(Bytes(rest.span().first(lines)));
    if (!head) return;
    open_message(way, *head);
    switched_.reset();
    side.message->damaged(words);
    side.message->tell(context_);
    side.message.reset();
    side.pending.use(lines);
    // The line that is cut.
    unread_.add({way, side.pending.rest(), side.pending.origin(), side.pending.time_ns()});
    side.pending.use(side.pending.rest().size());
  }

  void finish(Way way) {
    Side& side = side_of(way);
    side.message->tell(context_);
    side.message.reset();
    side.at = At::start;
  }

  // True when something was used and there may be more to do.
  bool step(Way way) {
    Side& side = side_of(way);
    if (side.pending.rest().empty()) return false;
    switch (side.at) {
      case At::start: return read_start(way);
      case At::body:
      case At::chunk:
      case At::until_close: return read_body(way);
      case At::chunk_line: return read_chunk_line(way);
      case At::chunk_end: return read_chunk_end(way);
      case At::trailers: return read_trailers(way);
      case At::waiting:
        if (side.pending.rest().size() >= kHeldBytes) open_tunnel(recognising_reader(context_, "", "http1"));
        return false;
      case At::lost: return false;
    }
    return false;
  }

  bool read_start(Way way) {
    Side& side = side_of(way);
    if (side.looked == 0) {
      // An empty line before a message is passed over (RFC 9112 §2.2).
      const Bytes rest = side.pending.rest();
      const std::uint64_t empty = std::min<std::uint64_t>(rest.text().find_first_not_of("\r\n"), rest.size());
      side.pending.use(empty);
    }
    const Bytes rest = side.pending.rest();
    if (rest.empty()) return false;
    if (side.looked == 0 && http1::looks_like(rest) == Looks::no) {
      // Where the capture does not have a way from its start, that it begins inside a message is no fault of either.
      if (!side.begun && !context_.connection.starts[std::to_underlying(way)]) {
        problem(Code::absent, "a stream of HTTP/1 begins inside a message: what came before is not in the capture", EventSink::Severity::info, side.pending.origin().at);
        if (way == Way::up) requests_lost_ = true;
      } else {
        problem(Code::bad_magic, "a stream of HTTP/1 goes on with what is no message", EventSink::Severity::data_loss, side.pending.origin().at);
      }
      lose(way, "");
      return false;
    }
    const auto end = http1::head_end(rest, side.looked);
    if (!end) {
      if (rest.size() <= kHeadBytes) return false;
      problem(Code::over_budget, "a header section of HTTP/1 is too long", EventSink::Severity::data_loss, side.pending.origin().at);
      lose(way, "");
      return false;
    }
    const auto head = http1::read_head(Bytes(rest.span().first(*end)));
    if (!head) {
      problem(head.error().code, head.error().what, EventSink::Severity::data_loss, side.pending.origin().at);
      lose(way, "");
      return false;
    }
    begin(way, *head);
    side.pending.use(*end);
    if (switched_) open_tunnel(std::exchange(switched_, nullptr));
    return true;
  }

  // Returns the method that a response answers, "" when that is not known.
  std::string_view open_message(Way way, const http1::Head& head) {
    Side& side = side_of(way);
    side.begun = true;
    HttpMessage& message = side.message.emplace(context_, share_, "http1", head.request ? "request" : "response", way, 0, side.pending.origin(), side.pending.time_ns());
    for (const http1::Field& f : head.fields) message.field(f.name, f.value);
    if (head.minor == 0) message.note("HTTP/1.0");
    for (const std::string_view line : head.odd_lines) message.part(head.request ? "request.header" : "response.header", {}, line);
    if (!head.odd_lines.empty()) message.note("lines among the header fields that are none");
    if (std::exchange(side.resumed, false)) message.note("found again after bytes that could not be read");
    if (!head.request) return begin_response(message, head);
    begin_request(message, head);
    return {};
  }

  void begin(Way way, const http1::Head& head) {
    Side& side = side_of(way);
    const std::string_view to_method = open_message(way, head);
    HttpMessage& message = *side.message;
    const http1::BodyLength length = http1::body_length(head, to_method);
    if (length.conflict) {
      message.note("lengths that contradict each other");
      problem(Code::conflict, "header fields of HTTP/1 contradict each other on the body's length", EventSink::Severity::error, side.pending.origin().at);
    }
    using Kind = http1::BodyLength::Kind;
    side.remaining = length.length;
    if (length.kind == Kind::chunked) side.at = At::chunk_line;
    else if (length.kind == Kind::until_close) side.at = At::until_close;
    else if (length.kind == Kind::length && length.length > 0) side.at = At::body;
    else finish(way);
    if (head.request && head.method == "CONNECT" && side.at == At::start) side.at = At::waiting;
    if (!head.request && to_method == "CONNECT") answer_connect(way, head.status);
  }

  void begin_request(HttpMessage& message, const http1::Head& head) {
    message.event.method = head.method;
    message.part("request.line", "method", head.method);
    const bool connect = head.method == "CONNECT";
    if (connect) {
      message.event.host = host_of_authority(head.target);
      message.event.path = head.target;
    } else {
      message.target(head.target);
      if (message.event.scheme.empty()) message.event.scheme = under_encryption(context_.connection) ? "https" : "http";
    }
    message.name_connection(context_);
    if (message.upgrade() == kUdpTunnel) {
      message.note("a tunnel for UDP");
      udp_target_ = masque_port(message.event.path);
    }
    // One more than the bound pairs nothing wrongly: the oldest is forgotten with all that follow it.
    if (asked_.size() == kWaitingRequests) asked_.clear();
    requests_lost_ = false;
    asked_.push_back(head.method == "HEAD" ? Asked::head : connect ? Asked::connect : Asked::other);
  }

  std::string_view begin_response(HttpMessage& message, const http1::Head& head) {
    message.event.status = head.status;
    message.part("response.line", "reason", head.reason);
    std::string_view to_method;
    if (asked_.empty()) {
      message.note(request_begun() ? "its request is not whole" : requests_lost_ ? "which request it answers is not known: bytes before it are missing" : "its request is not in the capture before it");
    } else {
      to_method = asked_.front() == Asked::head ? "HEAD" : asked_.front() == Asked::connect ? "CONNECT" : "other";
      if (head.status >= 200 || head.status == 101) asked_.pop_front();
    }
    if (head.status == 101) switched_ = reader_after(message);
    return to_method;
  }

  bool request_begun() {
    Side& asking = side_of(Way::up);
    return asking.at == At::start && !asking.message && http1::looks_like(asking.pending.rest()) == Looks::request;
  }

  std::unique_ptr<StreamReader> reader_after(const HttpMessage& message) {
    if (message.upgrade() == "websocket") {
      context_.connection.speaks("websocket");
      return open_websocket(context_, websocket_terms(message.websocket_extensions()));
    }
    if (message.upgrade() == kUdpTunnel) {
      context_.connection.speaks(kUdpTunnel);
      return std::make_unique<HttpDatagrams>(context_, told_, HttpDatagrams::Setup{.carrier = "http1", .tunnel = true, .port = udp_target_});
    }
    if (message.upgrade() == "h2c") {
      context_.connection.speaks("h2");
      return open_upgraded_http2(context_);
    }
    return recognising_reader(context_, "", "http1");
  }

  void answer_connect(Way way, std::uint32_t status) {
    if (status < 200) return;
    if (status < 300) switched_ = recognising_reader(context_, "", "http1");
    else if (Side& asking = side_of(other(way)); asking.at == At::waiting) asking.at = At::start;
  }

  // Both ways are the other reader's from here on, with what was kept back.
  void open_tunnel(std::unique_ptr<StreamReader> reader) {
    if (!may_nest(context_.connection)) {
      problem(Code::over_budget, "tunnels of HTTP/1 in tunnels are too deep to follow", EventSink::Severity::data_loss, context_.connection.first.at);
      for (const Way way : {Way::up, Way::down}) lose(way, "the protocol changed before its end");
      return;
    }
    tunnel_ = std::move(reader);
    for (const Way way : {Way::up, Way::down}) {
      Side& side = side_of(way);
      if (side.message) {
        side.message->damaged("the protocol changed before its end");
        side.message->tell(context_);
        side.message.reset();
      }
      const Bytes rest = side.pending.rest();
      if (!rest.empty()) tunnel_->read({way, rest, side.pending.origin(), side.pending.time_ns()});
      side.pending.clear();
    }
  }

  bool read_body(Way way) {
    Side& side = side_of(way);
    const Bytes rest = side.pending.rest();
    const std::uint64_t part = side.at == At::until_close ? rest.size() : std::min(rest.size(), side.remaining);
    side.message->body().add(Bytes(rest.span().first(part)));
    side.pending.use(part);
    if (side.at == At::until_close) return false;
    side.remaining -= part;
    if (side.remaining > 0) return false;
    if (side.at == At::chunk) side.at = At::chunk_end;
    else finish(way);
    return true;
  }

  bool read_chunk_line(Way way) {
    Side& side = side_of(way);
    const Bytes rest = side.pending.rest();
    const auto end = http1::line_end(rest, side.looked);
    if (!end && rest.size() <= kLineBytes) return false;
    const auto size = end ? http1::chunk_size(Bytes(rest.span().first(*end))) : Result<std::uint64_t>(fail(Code::over_budget, 0, "the line of a chunk's size is too long"));
    if (!size) {
      problem(size.error().code, size.error().what, EventSink::Severity::data_loss, side.pending.origin().at);
      lose(way, "a chunk of its body cannot be read");
      return false;
    }
    const std::string_view line = rest.text().substr(0, *end);
    side.message->part(side.message->is_request() ? "request.chunk" : "response.chunk", {}, line.substr(std::min(line.find(';'), line.size())));
    side.pending.use(*end);
    side.remaining = *size;
    side.at = *size == 0 ? At::trailers : At::chunk;
    return true;
  }

  bool read_chunk_end(Way way) {
    Side& side = side_of(way);
    const std::string_view text = side.pending.rest().text();
    if (text == "\r") return false;
    if (!text.starts_with("\r\n") && !text.starts_with('\n')) {
      problem(Code::bad_value, "a chunk is longer than its size says", EventSink::Severity::data_loss, side.pending.origin().at);
      lose(way, "a chunk of its body cannot be read");
      return false;
    }
    side.pending.use(text.starts_with('\n') ? 1 : 2);
    side.at = At::chunk_line;
    return true;
  }

  bool read_trailers(Way way) {
    Side& side = side_of(way);
    const Bytes rest = side.pending.rest();
    const std::string_view text = rest.text();
    if (text == "\r") return false;
    const bool none = text.starts_with("\r\n") || text.starts_with('\n');
    const auto end = none ? std::optional<std::uint64_t>(text[0] == '\n' ? 1 : 2) : http1::head_end(rest, side.looked);
    if (!end) {
      if (rest.size() <= kHeadBytes) return false;
      problem(Code::over_budget, "a trailer section of HTTP/1 is too long", EventSink::Severity::data_loss, side.pending.origin().at);
      lose(way, "its trailers cannot be read");
      return false;
    }
    std::vector<std::string_view> odd;
    for (const http1::Field& f : http1::read_fields(Bytes(rest.span().first(*end)), odd)) side.message->field(f.name, f.value);
    for (const std::string_view line : odd) side.message->part(side.message->is_request() ? "request.header" : "response.header", {}, line);
    side.pending.use(*end);
    finish(way);
    return true;
  }

  Context& context_;
  CollectedBytes share_;
  UnreadBytes unread_;
  std::array<Side, 2> sides_;
  ToldProtocols told_;                        // that datagrams in a tunnel turned out to speak
  std::uint16_t udp_target_ = 0;              // port that the last request for a tunnel for UDP names
  std::deque<Asked> asked_;                   // requests without an answer yet, oldest first
  bool requests_lost_ = false;                // none came whole since bytes of them were lost
  std::unique_ptr<StreamReader> switched_;    // what the message just read leads into
  std::unique_ptr<StreamReader> tunnel_;
  Problems problems_;
};

Match recognise(const Start& start) {
  if (start.alpn == "http/1.1" || start.alpn == "http/1.0") return Match::yes;
  if (!start.alpn.empty()) return Match::no;
  bool more = false;
  for (const Bytes bytes : {start.up, start.down}) {
    const Looks looks = http1::looks_like(bytes);
    if (looks == Looks::request || looks == Looks::response) return Match::yes;
    more |= looks == Looks::more;
  }
  return more ? Match::more : Match::no;
}

std::unique_ptr<StreamReader> open(Context& context) { return std::make_unique<Http1>(context); }

}  // namespace

extern const StreamProtocol stream_http1;
constexpr StreamProtocol stream_http1{.name = "http1", .title = "HTTP/1", .spec = "RFC 9112", .recognise = recognise, .open = open};

}  // namespace klik::traffic
