#include "traffic/websocket.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "formats/net/websocket.h"
#include "traffic/http_message.h"
#include "traffic/message_inflater.h"
#include "traffic/pending.h"
#include "traffic/problems.h"

namespace klik::traffic {
namespace {

namespace websocket = net::websocket;
namespace opcode = net::websocket::opcode;

constexpr std::size_t kUnmaskedAtOnce = 4'096;

class WebSocket final : public StreamReader {
 public:
  WebSocket(Context& context, const WebSocketTerms& terms) : context_(context), terms_(terms), share_(context), state_(opened_state(context.connection)) {
    forgets_ = {terms.up_forgets, terms.down_forgets};
  }

  void read(const Piece& piece) override {
    Side& side = side_of(piece.way);
    if (side.lost) return hide(piece.way, piece.bytes.size());
    side.pending.take(piece);
    while (!side.lost && step(piece.way)) {}
    side.pending.keep();
  }

  void gap(Way way, std::uint64_t bytes) override {
    Side& side = side_of(way);
    if (side.lost) return;
    if (side.left == 0 || bytes == 0 || bytes > side.left) return lose(way, "frames are not in the capture");
    Open& open = current(side);
    open.damaged = true;
    open.size += bytes;
    open.plain.add(Bytes::of(std::string_view("", 1)));
    if (open.deflated) side.inflater_lost = true;
    side.frame_read += bytes;
    side.left -= bytes;
    if (side.left == 0) end_frame(way);
  }

  void end() override {
    for (const Way way : {Way::up, Way::down}) {
      Side& side = side_of(way);
      if (!side.lost) lose(way, context_.connection.closed[std::to_underlying(way)] ? "it ends before its body is whole" : "its end is not in the capture");
    }
  }

 private:
  // A message that is being put together.
  struct Open {
    Open(CollectedBytes& share, std::uint64_t most) : plain(share, most) {}
    std::uint8_t opcode = 0;
    bool deflated = false, damaged = false, unread = false;   // unread: deflated, and the window is not known
    std::uint64_t size = 0;        // of the payloads as sent
    Collected plain;
    Origin origin;
    std::int64_t time_ns = 0;
  };
  struct Side {
    Pending pending;
    websocket::FrameHeader frame;
    bool in_frame = false;
    std::uint64_t left = 0, frame_read = 0;    // of the payload of the frame
    std::optional<Open> message, control;      // control frames may come between the fragments of a message
    std::optional<MessageInflater> inflater;
    bool inflater_lost = false;
    bool lost = false;
  };

  Side& side_of(Way way) { return sides_[std::to_underlying(way)]; }
  static Open& current(Side& side) { return side.frame.is_control() ? *side.control : *side.message; }
  void hide(Way way, std::uint64_t bytes) {
    if (bytes > 0) context_.connection.hides(Dark::damaged, way, bytes);
  }

  void lose(Way way, std::string_view words) {
    Side& side = side_of(way);
    hide(way, side.pending.rest().size());
    side.pending.clear();
    for (auto* open : {&side.control, &side.message}) {
      if (!*open) continue;
      (*open)->damaged = true;
      tell(way, **open, words);
      open->reset();
    }
    side.lost = true;
  }

  bool step(Way way) {
    Side& side = side_of(way);
    return side.in_frame ? read_payload(way) : read_header(way);
  }

  bool read_header(Way way) {
    Side& side = side_of(way);
    const auto header = websocket::read_header(side.pending.rest());
    if (!header && header.error().code == Code::truncated) return false;
    const bool known = header && (header->opcode <= opcode::binary || (header->opcode >= opcode::close && header->opcode <= opcode::pong));
    if (!known || header->reserved || (header->opcode == opcode::continuation) != (side.message.has_value() && !header->is_control())) {
      if (header && known && !header->reserved && header->opcode != opcode::continuation && side.message) {
        problems_.tell(context_, Code::deviation, "a message of WebSocket starts before the last one ends", EventSink::Severity::info, side.pending.origin().at);
      } else {
        problems_.tell(context_, Code::bad_value, "a stream of WebSocket goes on with what is no frame", EventSink::Severity::data_loss, side.pending.origin().at);
      }
      lose(way, "frames cannot be followed");
      return false;
    }
    side.frame = *header;
    side.in_frame = true;
    side.left = header->length;
    side.frame_read = 0;
    auto& open = header->is_control() ? side.control : side.message;
    if (header->opcode != opcode::continuation) {
      open.emplace(share_, context_.limits.body_bytes);
      open->opcode = header->opcode;
      open->deflated = header->rsv1 && terms_.deflate && !header->is_control();
      open->unread = open->deflated && side.inflater_lost;
      open->origin = side.pending.origin();
      open->time_ns = side.pending.time_ns();
    }
    side.pending.use(header->size);
    if (side.left == 0) end_frame(way);
    return true;
  }

  bool read_payload(Way way) {
    Side& side = side_of(way);
    Bytes part(side.pending.rest().span().first(std::min(side.pending.rest().size(), side.left)));
    if (part.empty()) return false;
    const std::uint64_t size = part.size();
    Open& open = current(side);
    open.size += size;
    if (context_.events.wants_content()) add(side, open, part);
    side.pending.use(size);
    side.frame_read += size;
    side.left -= size;
    if (side.left > 0) return false;
    end_frame(way);
    return true;
  }

  void add(Side& side, Open& open, Bytes part) {
    if (!side.frame.masked) return add_plain(side, open, part);
    std::array<std::uint8_t, kUnmaskedAtOnce> buffer;
    for (std::uint64_t done = 0; done < part.size();) {
      const Bytes chunk(part.span().subspan(done, std::min<std::uint64_t>(buffer.size(), part.size() - done)));
      const MutableBytes unmasked(buffer.data(), chunk.size());
      copy_bytes(unmasked, 0, chunk);
      websocket::unmask(unmasked, side.frame.mask, side.frame_read + done);
      add_plain(side, open, Bytes(unmasked));
      done += chunk.size();
    }
  }

  void add_plain(Side& side, Open& open, Bytes part) {
    if (!open.deflated) {
      open.plain.add(part);
      return;
    }
    if (open.unread || side.inflater_lost) return;
    if (!side.inflater) side.inflater.emplace();
    if (!side.inflater->add(part, open.plain)) side.inflater_lost = open.unread = true;
  }

  void end_frame(Way way) {
    Side& side = side_of(way);
    side.in_frame = false;
    if (!side.frame.fin) return;
    auto& done = side.frame.is_control() ? side.control : side.message;
    if (done->deflated && side.inflater && !side.inflater_lost) {
      if (!side.inflater->finish(done->plain, forgets_[std::to_underlying(way)])) side.inflater_lost = done->unread = true;
    }
    // A window that does not last is known again at the next message.
    if (done->deflated && side.inflater_lost && forgets_[std::to_underlying(way)]) {
      side.inflater.reset();
      side.inflater_lost = false;
    }
    tell(way, *done, {});
    done.reset();
  }

  void tell(Way way, const Open& open, std::string_view words) {
    Message m;
    m.protocol = "websocket";
    m.what = websocket::opcode_name(open.opcode);
    m.way = way;
    m.body_bytes = open.size;
    m.state = open.damaged ? Opened::damaged : state_;
    m.origin = open.origin;
    m.time_ns = open.time_ns;
    add_words(m.detail, words);
    if (open.damaged && words.empty()) add_words(m.detail, "part of it is not in the capture");
    if (open.unread) add_words(m.detail, "its compression cannot be undone to the end");
    if (open.plain.cut()) {
      add_words(m.detail, "collected in part");
      problems_.tell(context_, Code::over_budget, "the end of a long message was not looked into", EventSink::Severity::data_loss, open.origin.at);
    }
    const std::uint64_t number = context_.events.message(context_.connection, std::move(m));
    if (open.plain.bytes().empty()) return;
    const std::string_view place = open.opcode == opcode::text ? "websocket.text" : "websocket.binary";
    context_.events.content(context_.connection, {.message = number, .place = place, .name = {}, .type = {}, .way = way, .bytes = open.plain.bytes(), .coding = open.deflated ? "deflate" : "", .origin = open.origin, .time_ns = open.time_ns});
  }

  Context& context_;
  WebSocketTerms terms_;
  CollectedBytes share_;
  Opened state_;
  std::array<bool, 2> forgets_{};
  std::array<Side, 2> sides_;
  Problems problems_;
};

}  // namespace

WebSocketTerms websocket_terms(std::string_view extensions) {
  WebSocketTerms terms;
  std::string text(extensions);
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  terms.deflate = text.contains("permessage-deflate");
  terms.up_forgets = text.contains("client_no_context_takeover");
  terms.down_forgets = text.contains("server_no_context_takeover");
  return terms;
}

std::unique_ptr<StreamReader> open_websocket(Context& context, const WebSocketTerms& terms) { return std::make_unique<WebSocket>(context, terms); }

}  // namespace klik::traffic
