// HTTP/2 of both ways: frames, header blocks, and the messages of each stream.
// Source: RFC 9113; RFC 8441 (CONNECT with :protocol).
#include "traffic/http2.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/release.h"
#include "formats/net/http2.h"
#include "traffic/hpack.h"
#include "traffic/http_stream.h"
#include "traffic/pending.h"
#include "traffic/problems.h"
#include "traffic/protocol.h"
#include "traffic/search_windows.h"

namespace klik::traffic {
namespace {

namespace http2 = net::http2;
namespace type = net::http2::frame_type;
namespace flag = net::http2::frame_flag;

constexpr std::uint64_t kBlockBytes = std::uint64_t{256} << 10;   // of one header block, its continuations included
constexpr std::uint32_t kSettingsBytes = 1'024;                   // of a SETTINGS frame that is looked into

struct Setting {
  U16be id;
  U32be value;
};
static_assert(sizeof(Setting) == 6);
constexpr std::uint16_t kHeaderTableSize = 1;

class Http2 final : public StreamReader {
 public:
  Http2(Context& context, bool upgraded) : context_(context), all_(context, "h2"), unread_(context), passed_(context, "h2.frame") {
    if (upgraded) stream_at(1).skip(Way::up);
  }

  void read(const Piece& piece) override {
    Side& side = side_of(piece.way);
    if (side.at == At::lost) {
      if (!is_start(piece.bytes)) return unread_.hide(piece);
      unread_.gap(piece.way);
      side.at = At::header;
    }
    side.pending.take(piece);
    while (step(piece.way)) {}
    side.pending.keep();
  }

  void gap(Way way, std::uint64_t bytes) override {
    Side& side = side_of(way);
    if (side.at == At::data && bytes > 0 && bytes <= side.data + side.skip && !side.padding_unknown) {
      const std::uint64_t part = std::min(bytes, side.data);
      if (HttpStream* stream = part > 0 ? stream_of(side.frame.stream()) : nullptr) stream->missing(way, part);
      side.data -= part;
      side.skip -= bytes - part;
      if (side.data == 0) end_data(way);
      return;
    }
    if (side.at == At::skip && bytes > 0 && bytes <= side.skip) {
      side.skip -= bytes;
      return;
    }
    lose(way);
    unread_.gap(way);
  }

  void end() override {
    for (const Way way : {Way::up, Way::down}) hide_pending(way);
    unread_.end();
    passed_.end();
    const bool closed = context_.connection.closed[0] && context_.connection.closed[1];
    for (auto& [id, stream] : streams_) stream.close(closed ? "it ends before its body is whole" : "its end is not in the capture");
    streams_.clear();
  }

 private:
  enum class At : std::uint8_t { start, header, data, skip, lost };
  struct Side {
    At at = At::start;
    Pending pending;
    http2::FrameHeader frame{};
    std::uint64_t data = 0, skip = 0;    // of the frame: what follows of its data, and then of what is passed over
    bool padding_unknown = false;        // its first byte, the length of the padding, is still to come
    // The header block that is being put together; stream 0 when there is none.
    std::uint32_t block_stream = 0, promised = 0;
    bool block_ends_stream = false;
    std::vector<std::uint8_t> block;
    Origin block_origin;
    std::int64_t block_time = 0;
    std::unique_ptr<HpackDecoder> fields;
    std::uint32_t table = 0;             // the largest that the other way allowed; 0 when it said nothing
    bool from_start = false;
  };
  Side& side_of(Way way) { return sides_[std::to_underlying(way)]; }
  void hide_pending(Way way) { unread_.hide(way, side_of(way).pending); }
  void problem(Code code, const char* what, EventSink::Severity severity, std::uint64_t at) { problems_.tell(context_, code, what, severity, at); }

  // Where frames go on after a hole: a plausible frame that ends with the piece, or is followed by another.
  static bool is_start(Bytes bytes) {
    const auto first = bytes.view<http2::FrameHeader>(0);
    if (!first || !http2::is_plausible(**first)) return false;
    const std::uint64_t next = sizeof(http2::FrameHeader) + (*first)->size();
    if (next >= bytes.size()) return true;
    const auto second = bytes.view<http2::FrameHeader>(next);
    return second && http2::is_plausible(**second);
  }

  void lose(Way way) {
    Side& side = side_of(way);
    passed_.gap(way);
    hide_pending(way);
    side.pending.clear();
    side.block_stream = 0;
    side.block.clear();
    side.from_start = false;
    side.fields.reset();
    side.at = At::lost;
    for (auto& [id, stream] : streams_) stream.missing(way, 0);
  }

  HttpStream* stream_of(std::uint32_t id) {
    const auto found = streams_.find(id);
    return found == streams_.end() ? nullptr : &found->second;
  }
  HttpStream& stream_at(std::uint32_t id) {
    if (HttpStream* known = stream_of(id)) return *known;
    if (streams_.size() >= context_.limits.streams && !streams_.empty()) {   // the oldest has the lowest number (RFC 9113 §5.1.1)
      streams_.begin()->second.close("too many open streams to follow it");
      streams_.erase(streams_.begin());
    }
    return streams_.try_emplace(id, all_, id).first->second;
  }
  void finish(std::uint32_t id, Way way) {
    if (stream_at(id).finish(way)) streams_.erase(id);
  }

  bool step(Way way) {
    Side& side = side_of(way);
    if (side.pending.rest().empty()) return false;
    switch (side.at) {
      case At::start: return read_preface(way);
      case At::header: return read_frame(way);
      case At::data: return read_data(way);
      case At::skip: return skip(way);
      case At::lost: return false;
    }
    return false;
  }

  bool read_preface(Way way) {
    Side& side = side_of(way);
    const Bytes rest = side.pending.rest();
    const bool preface = rest.text().starts_with(http2::kPreface.substr(0, rest.size()));
    if (rest.size() < (preface ? http2::kPreface.size() : sizeof(http2::FrameHeader))) return false;
    if (preface) {
      side.pending.use(http2::kPreface.size());
      side.from_start = true;
    } else {
      const auto header = rest.view<http2::FrameHeader>(0);
      if (!header || !http2::is_plausible(**header)) {
        problem(Code::bad_magic, "a stream of HTTP/2 starts with what is no frame", EventSink::Severity::data_loss, side.pending.origin().at);
        lose(way);
        return false;
      }
      // The side that answers starts with its SETTINGS (RFC 9113 §3.4).
      side.from_start = (*header)->type == type::settings && !(*header)->has(flag::ack);
    }
    side.at = At::header;
    return true;
  }

  bool read_frame(Way way) {
    Side& side = side_of(way);
    const Bytes rest = side.pending.rest();
    const auto header = rest.view<http2::FrameHeader>(0);
    if (!header) return false;
    const http2::FrameHeader frame = **header;
    const bool needs_stream = frame.type == type::data || frame.type == type::headers || frame.type == type::push_promise || frame.type == type::continuation;
    if (needs_stream && frame.stream() == 0) {
      problem(Code::bad_value, "a frame of HTTP/2 names no stream", EventSink::Severity::data_loss, side.pending.origin().at);
      lose(way);
      return false;
    }
    if (side.block_stream != 0 && (frame.type != type::continuation || frame.stream() != side.block_stream)) drop_block(way, "a header block of HTTP/2 is interrupted");
    if (frame.type == type::data) return begin_data(way, frame);
    const bool whole = frame.type == type::headers || frame.type == type::push_promise || frame.type == type::continuation || frame.type == type::rst_stream || frame.type == type::settings;
    const std::uint64_t most = frame.type == type::settings ? kSettingsBytes : frame.type == type::rst_stream ? 4 : kBlockBytes;
    if (!whole || frame.size() > most) {
      if (needs_stream) drop_block(way, "a header block of HTTP/2 is too long");
      side.pending.use(sizeof(http2::FrameHeader));
      side.skip = frame.size();
      side.at = At::skip;
      return true;
    }
    const auto payload = rest.slice(sizeof(http2::FrameHeader), frame.size());
    if (!payload) return false;
    if (frame.type == type::rst_stream) read_reset(frame.stream());
    else if (frame.type == type::settings) read_settings(way, frame, *payload);
    else read_block_part(way, frame, *payload);
    side.pending.use(sizeof(http2::FrameHeader) + frame.size());
    return true;
  }

  bool skip(Way way) {
    Side& side = side_of(way);
    const Bytes part(side.pending.rest().span().first(std::min(side.skip, side.pending.rest().size())));
    passed_.add({way, part, side.pending.origin(), side.pending.time_ns()});
    side.pending.use(part.size());
    side.skip -= part.size();
    if (side.skip > 0) return false;
    passed_.gap(way);
    side.at = At::header;
    return true;
  }

  bool begin_data(Way way, const http2::FrameHeader& frame) {
    Side& side = side_of(way);
    side.pending.use(sizeof(http2::FrameHeader));
    side.frame = frame;
    side.data = frame.size();
    side.skip = 0;
    side.padding_unknown = frame.has(flag::padded) && frame.size() > 0;
    side.at = At::data;
    if (side.data == 0) end_data(way);
    return true;
  }

  bool read_data(Way way) {
    Side& side = side_of(way);
    if (side.padding_unknown) {
      const std::uint8_t padding = side.pending.rest()[0];
      if (padding > side.data - 1) problem(Code::bad_value, "padding is longer than a DATA frame of HTTP/2", EventSink::Severity::error, side.pending.origin().at);
      side.pending.use(1);
      side.skip = std::min<std::uint64_t>(padding, side.data - 1);
      side.data -= 1 + side.skip;
      side.padding_unknown = false;
    }
    const Bytes rest = side.pending.rest();
    const Bytes part(rest.span().first(std::min(rest.size(), side.data)));
    if (!part.empty()) stream_at(side.frame.stream()).data(way, part, side.pending.origin(), side.pending.time_ns());
    side.pending.use(part.size());
    side.data -= part.size();
    if (side.data > 0) return false;
    end_data(way);
    return true;
  }

  // The data of a frame are read; its padding may follow.
  void end_data(Way way) {
    Side& side = side_of(way);
    side.at = side.skip > 0 ? At::skip : At::header;
    if (side.frame.has(flag::end_stream)) finish(side.frame.stream(), way);
  }

  void read_reset(std::uint32_t id) {
    if (HttpStream* stream = stream_of(id)) stream->reset();   // kept: what was on its way still comes
  }

  void read_settings(Way way, const http2::FrameHeader& frame, Bytes payload) {
    const auto settings = payload.array<Setting>(0, payload.size() / sizeof(Setting));
    if (frame.has(flag::ack) || !settings) return;
    Side& limited = side_of(other(way));
    for (const Setting& s : *settings)
      if (s.id == kHeaderTableSize) limited.table = std::max(limited.table, std::min<std::uint32_t>(s.value, kUsualTable));
  }

  void drop_block(Way way, const char* what) {
    Side& side = side_of(way);
    problem(Code::bad_value, what, EventSink::Severity::data_loss, side.pending.origin().at);
    side.block_stream = 0;
    release(side.block);
    side.from_start = false;
    side.fields.reset();
  }

  void read_block_part(Way way, const http2::FrameHeader& frame, Bytes payload) {
    Side& side = side_of(way);
    const auto part = http2::block_part(frame, payload);
    if (!part) return drop_block(way, "a header frame of HTTP/2 contradicts itself");
    if (frame.type == type::continuation && side.block_stream == 0) return drop_block(way, "a header block of HTTP/2 goes on that did not begin");
    if (frame.type != type::continuation) {
      side.block_stream = frame.stream();
      side.promised = part->promised;
      side.block_ends_stream = frame.has(flag::end_stream) && frame.type == type::headers;
      side.block_origin = side.pending.origin();
      side.block_time = side.pending.time_ns();
      side.block.clear();
    }
    if (part->block.size() > kBlockBytes - side.block.size()) return drop_block(way, "a header block of HTTP/2 is too long");
    side.block.insert(side.block.end(), part->block.begin(), part->block.end());
    if (frame.has(flag::end_headers)) read_block(way);
  }

  void read_block(Way way) {
    Side& side = side_of(way);
    if (!side.fields) side.fields = std::make_unique<HpackDecoder>(side.from_start ? 0 : side.table != 0 ? side.table : kUsualTable);
    const std::uint32_t id = std::exchange(side.block_stream, 0u);
    if (side.promised != 0) return read_promise(way);
    bool whole = true;
    stream_at(id).fields(way, side.block_origin, side.block_time, [&](const HttpStream::EachField& each) { return whole = side.fields->read(Bytes(side.block), each).has_value(); });
    release(side.block);
    if (!whole) drop_block(way, "a header block of HTTP/2 is broken");
    if (side.block_ends_stream) finish(id, way);
  }

  // A request that the server makes in the client's name.
  void read_promise(Way way) {
    Side& side = side_of(way);
    HttpMessage request(context_, all_.share, "h2", "request", way, side.promised, side.block_origin, side.block_time);
    request.note("pushed");
    const auto read = side.fields->read(Bytes(side.block), [&](std::string_view name, std::string_view value) { request.field(name, value); });
    release(side.block);
    if (!read) {
      request.damaged("its header fields cannot be read");
      drop_block(way, "a header block of HTTP/2 is broken");
    }
    request.tell(context_);
    stream_at(side.promised).skip(other(way));
  }

  Context& context_;
  HttpStreams all_;
  UnreadBytes unread_;
  UnreadBytes passed_;   // what has no meaning to a reader and may hold anything: debug data of GOAWAY, padding, frames of other kinds
  std::array<Side, 2> sides_;
  std::map<std::uint32_t, HttpStream> streams_;
  Problems problems_;
};

Match recognise(const Start& start) {
  if (start.alpn == "h2" || start.alpn == "h2c") return Match::yes;
  if (!start.alpn.empty()) return Match::no;
  const std::string_view up = start.up.text().substr(0, http2::kPreface.size());
  if (!http2::kPreface.starts_with(up)) return Match::no;
  return up.size() == http2::kPreface.size() ? Match::yes : Match::more;
}

std::unique_ptr<StreamReader> open(Context& context) { return std::make_unique<Http2>(context, false); }

}  // namespace

std::unique_ptr<StreamReader> open_upgraded_http2(Context& context) { return std::make_unique<Http2>(context, true); }

extern const StreamProtocol stream_http2;
constexpr StreamProtocol stream_http2{.name = "h2", .title = "HTTP/2", .spec = "RFC 9113", .recognise = recognise, .open = open};

}  // namespace klik::traffic
