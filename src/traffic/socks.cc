// SOCKS of both ways: where the proxy is asked to connect to, and the reader of what goes through it.
// Source: RFC 1928 (version 5), RFC 1929 (user and password); SOCKS and SOCKS 4A by their authors' memos (version 4).
#include <algorithm>
#include <array>
#include <string>

#include "formats/net/socks.h"
#include "traffic/http_message.h"
#include "traffic/pending.h"
#include "traffic/problems.h"
#include "traffic/protocol.h"

namespace klik::traffic {
namespace {

namespace socks = net::socks;

constexpr std::uint64_t kHeldBytes = 64 << 10;   // sent before the proxy's answer

std::string_view command_name(std::uint8_t command) { return command == socks::kConnect ? "CONNECT" : command == socks::kBind ? "BIND" : command == socks::kAssociate ? "UDP ASSOCIATE" : "other"; }

class Socks final : public StreamReader {
 public:
  explicit Socks(Context& context) : context_(context), state_(opened_state(context.connection)) {}

  void read(const Piece& piece) override {
    if (inner_) return inner_->read(piece);
    if (lost_) return hide(piece.way, piece.bytes.size());
    Side& side = side_of(piece.way);
    side.pending.take(piece);
    while (!inner_ && !lost_ && (piece.way == Way::up ? step_up() : step_down())) {}
    if (!inner_ && !lost_) side.pending.keep();
  }

  void gap(Way way, std::uint64_t bytes) override {
    if (inner_) return inner_->gap(way, bytes);
    lose();
  }

  void end() override {
    if (!inner_ && !lost_ && side_of(Way::up).at == At::through) open_inner();
    if (inner_) return inner_->end();
    lose();
  }

 private:
  enum class At : std::uint8_t { greeting, agreed, through };   // agreed: on how the caller proves who it is
  struct Side {
    At at = At::greeting;
    Pending pending;
  };

  Side& side_of(Way way) { return sides_[std::to_underlying(way)]; }
  void hide(Way way, std::uint64_t bytes) {
    if (bytes > 0) context_.connection.hides(Dark::unknown_protocol, way, bytes);
  }
  void lose() {
    for (const Way way : {Way::up, Way::down}) {
      hide(way, side_of(way).pending.rest().size());
      side_of(way).pending.clear();
    }
    lost_ = true;
  }

  // What is not whole is waited for; what cannot become whole is the end. False in both cases: nothing was used.
  bool broken(const Error& error) {
    if (error.code != Code::truncated) lose();
    return false;
  }

  // True when something was used and there may be more to do; so step_down().
  bool step_up() {
    Side& side = side_of(Way::up);
    const Bytes rest = side.pending.rest();
    if (side.at == At::through) {
      if (rest.size() >= kHeldBytes) open_inner();
      return false;
    }
    if (rest.empty()) return false;
    if (side.at == At::greeting && rest[0] == 5) {
      const auto size = socks::greeting_size(rest);
      if (!size) return broken(size.error());
      side.pending.use(*size);
      side.at = At::agreed;
      return true;
    }
    if (side.at == At::agreed && rest[0] == 1) {
      const auto login = socks::read_login(rest);
      if (!login) return broken(login.error());
      content("socks.user", login->user);
      side.pending.use(login->size);
      return true;
    }
    const auto request = side.at == At::greeting ? socks::read_request4(rest) : socks::read_request5(rest);
    if (!request) return broken(request.error());
    content("socks.user", request->user);
    tell(*request);
    side.pending.use(request->size);
    side.at = At::through;
    return true;
  }

  bool step_down() {
    Side& side = side_of(Way::down);
    const Bytes rest = side.pending.rest();
    if (side.at == At::through || rest.empty()) return false;
    if (side.at == At::greeting && rest[0] == 5) {
      if (rest.size() < 2) return false;
      side.pending.use(2);
      side.at = At::agreed;
      return true;
    }
    if (side.at == At::agreed && rest[0] == 1) {
      if (rest.size() < 2) return false;
      side.pending.use(2);
      return true;
    }
    const auto reply = side.at == At::greeting ? socks::read_reply4(rest) : socks::read_reply5(rest);
    if (!reply) return broken(reply.error());
    side.pending.use(reply->size);
    if (!reply->granted) {
      lose();
      return false;
    }
    side.at = At::through;
    open_inner();
    return false;
  }

  void tell(const socks::Request& r) {
    Message event;
    event.protocol = "socks";
    event.what = "request";
    event.method = command_name(r.command);
    event.host = r.by_name ? host_of_authority(r.host) : to_text(Address{r.address});
    event.path = event.host + ":" + std::to_string(r.port);
    event.state = state_;
    event.origin = side_of(Way::up).pending.origin();
    event.time_ns = side_of(Way::up).pending.time_ns();
    if (r.by_name) context_.connection.named(event.host, "socks");
    const std::uint64_t message = context_.events.message(context_.connection, std::move(event));
    if (r.by_name) content("socks.host", r.host, message);
  }

  void content(std::string_view place, std::string_view text, std::uint64_t message = 0) {
    if (text.empty() || !context_.events.wants_content()) return;
    const Pending& from = side_of(Way::up).pending;
    context_.events.content(context_.connection, {.message = message, .place = place, .name = {}, .type = {}, .way = Way::up, .bytes = Bytes::of(text), .coding = {}, .origin = from.origin(), .time_ns = from.time_ns()});
  }

  void open_inner() {
    if (!may_nest(context_.connection)) {
      problems_.tell(context_, Code::over_budget, "proxies inside proxies are too deep to follow", EventSink::Severity::data_loss, context_.connection.first.at);
      return lose();
    }
    inner_ = recognising_reader(context_, "", "socks");
    for (const Way way : {Way::up, Way::down}) {
      Side& side = side_of(way);
      const Bytes rest = side.pending.rest();
      if (!rest.empty()) inner_->read({way, rest, side.pending.origin(), side.pending.time_ns()});
      side.pending.clear();
    }
  }

  Context& context_;
  Opened state_;
  std::array<Side, 2> sides_;
  bool lost_ = false;
  std::unique_ptr<StreamReader> inner_;
  Problems problems_;
};

// Both versions begin with bytes that much else begins with, so the request, or for version 4 the answer, must be there as well.
Match recognise(const Start& start) {
  if (!start.alpn.empty()) return Match::no;
  if (start.up.empty()) return Match::more;
  if (start.up[0] == 4) {
    const auto request = socks::read_request4(start.up);
    if (!request) return request.error().code == Code::truncated ? Match::more : Match::no;
    const auto reply = socks::read_reply4(start.down);
    return reply ? Match::yes : reply.error().code == Code::truncated ? Match::more : Match::no;
  }
  const auto greeting = socks::greeting_size(start.up);
  if (!greeting) return greeting.error().code == Code::truncated ? Match::more : Match::no;
  if (!start.down.empty() && start.down[0] != 5) return Match::no;
  const Bytes then = Bytes(start.up.span().subspan(*greeting));
  if (then.empty()) return Match::more;
  const auto match_of = [](const auto& read) { return read ? Match::yes : read.error().code == Code::truncated ? Match::more : Match::no; };
  return then[0] == 1 ? match_of(socks::read_login(then)) : match_of(socks::read_request5(then));
}

std::unique_ptr<StreamReader> open(Context& context) { return std::make_unique<Socks>(context); }

}  // namespace

extern const StreamProtocol stream_socks;
constexpr StreamProtocol stream_socks{.name = "socks", .title = "SOCKS", .spec = "RFC 1928, RFC 1929; SOCKS 4 and 4A", .recognise = recognise, .open = open};

}  // namespace klik::traffic
