#include "traffic/http3.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/release.h"
#include "formats/net/http3.h"
#include "traffic/http_stream.h"
#include "traffic/pending.h"
#include "traffic/problems.h"
#include "traffic/qpack.h"
#include "traffic/search_windows.h"

namespace klik::traffic {
namespace {

namespace http3 = net::http3;

constexpr std::uint64_t kBlockBytes = std::uint64_t{256} << 10;   // of one header block
constexpr std::uint64_t kSettingsBytes = 4'096;

constexpr std::uint64_t kQuarters = std::uint64_t{1} << 60;       // RFC 9297 §2.1: the number is below

constexpr bool is_one_way(std::uint64_t id) { return (id & 2) != 0; }
constexpr bool is_of_server(std::uint64_t id) { return (id & 1) != 0; }

// The table of the header blocks that one way sends, fed by its encoder stream.
struct Table {
  std::optional<QpackDecoder> decoder;         // once the other way's SETTINGS told how large it may be
  std::vector<std::uint8_t> instructions;      // that came before those
  bool lost = false;
  // Streams whose next block waits for the table, by how many entries it needs.
  std::multimap<std::uint64_t, std::uint64_t> waiting;
};

// One way of a stream.
struct Side {
  enum class At : std::uint8_t { type, push_id, header, data, skip, passed } at = At::header;
  std::uint64_t type = 0;          // of a one-way stream
  Pending pending;
  std::uint64_t left = 0;          // of the frame
  std::uint64_t held = 0;          // bytes that are counted as waiting
  bool blocked = false, fin = false;
  std::unique_ptr<UnreadBytes> passed;   // over, and searched: of a frame or of a stream; made with the first bytes
};

}  // namespace

class Http3::State {
 public:
  explicit State(Context& context) : context_(context), all_(context, "h3") {}

  void stream_data(std::uint64_t id, Way way, Bytes bytes, bool fin, Origin origin, std::int64_t time_ns) {
    if (is_one_way(id)) return one_way_data(id, way, bytes, fin, origin, time_ns);
    if (is_of_server(id)) return;   // HTTP/3 gives them no meaning (RFC 9114 §6.1)
    Request& request = request_at(id);
    Side& side = request.sides[index(way)];
    side.fin |= fin;
    if (side.at == Side::At::passed) {
      hide(way, bytes.size());
    } else {
      take(side, way, bytes, origin, time_ns);
      if (!side.blocked) read_request(id, request, way);
      if (!keep(side)) give_up(id, side, way);
    }
    end_if_done(id, way);
  }

  void stream_gap(std::uint64_t id, Way way) {
    if (is_one_way(id)) {
      const auto found = one_way_.find(id);
      const std::uint64_t type = found == one_way_.end() ? ~std::uint64_t{0} : found->second.side.type;
      // A stream whose type was not seen may be the one that a table hangs on: its entries, or how large it may be.
      const bool unknown = found == one_way_.end() || found->second.side.at == Side::At::type;
      if (unknown || type == http3::stream_type::qpack_encoder) lose_table(way);
      if ((unknown || type == http3::stream_type::control) && !tables_[index(other(way))].decoder) lose_table(other(way));
      if (found == one_way_.end()) return;
      if (type == http3::stream_type::push) found->second.stream.close("part of it is not in the capture");
      pass(found->second.side, way);
      return;
    }
    const auto found = requests_.find(id);
    if (found == requests_.end()) return;
    Side& side = found->second.sides[index(way)];
    if (side.blocked) give_up(id, side, way);
    found->second.stream.missing(way, 0);
    pass(side, way);
    side.fin = true;
    end_if_done(id, way);
  }

  void datagram(Way way, Bytes bytes, Origin origin, std::int64_t time_ns) {
    const auto quarter = http3::read_integer(bytes, 0);
    const auto rest = quarter ? bytes.from(quarter->size) : Result<Bytes>(bytes);
    if (!rest) return;
    const auto found = quarter && quarter->value < kQuarters ? requests_.find(4 * quarter->value) : requests_.end();
    if (found != requests_.end()) return found->second.stream.datagram(way, *rest, origin, time_ns);
    // Of a request that has ended, or has not begun in what came so far.
    if (!loose_) loose_ = std::make_unique<InnerDatagrams>(context_, all_.told, InnerDatagrams::Setup{.carrier = "h3", .recognise = false});
    loose_->read({way, *rest, origin, time_ns});
  }

  void end() {
    for (auto& [id, one] : one_way_) end_passed(one.side);
    for (const Way way : {Way::up, Way::down}) {
      auto& table = tables_[index(way)];
      if (!table.waiting.empty() || !table.instructions.empty()) problems_.tell(context_, Code::absent, "header blocks of HTTP/3 wait for a table that is not in the capture", EventSink::Severity::data_loss, context_.connection.first.at);
      table.waiting.clear();
    }
    for (auto& [id, request] : requests_) close(request, "its end is not in the capture");
    requests_.clear();
    for (auto& [id, stream] : one_way_) stream.stream.close("its end is not in the capture");
    one_way_.clear();
    if (loose_) loose_->end();
    loose_.reset();
  }

 private:
  struct Request {
    explicit Request(HttpStream made) : stream(std::move(made)) {}
    HttpStream stream;
    std::array<Side, 2> sides;
  };
  struct OneWay {
    explicit OneWay(HttpStream made) : stream(std::move(made)) { side.at = Side::At::type; }
    HttpStream stream;   // of a push
    Side side;
  };

  static std::size_t index(Way way) { return static_cast<std::size_t>(way); }
  void hide(Way way, std::uint64_t bytes) {
    if (bytes > 0) context_.connection.hides(Dark::damaged, way, bytes);
  }
  void problem(Code code, const char* what, const Side& side) { problems_.tell(context_, code, what, EventSink::Severity::data_loss, side.pending.origin().at); }

  Request& request_at(std::uint64_t id) {
    if (const auto found = requests_.find(id); found != requests_.end()) return found->second;
    if (requests_.size() >= context_.limits.streams && !requests_.empty()) {
      const auto oldest = requests_.begin();
      close(oldest->second, "too many open streams to follow it");
      for (const Way way : {Way::up, Way::down}) unblock(oldest->first, oldest->second.sides[index(way)], way);
      requests_.erase(oldest);
    }
    return requests_.try_emplace(id, HttpStream(all_, id)).first->second;
  }

  void close(Request& request, std::string_view words) {
    for (const Way way : {Way::up, Way::down}) {
      Side& side = request.sides[index(way)];
      // A header section that nobody could read is still a request or an answer that was there.
      if (side.blocked) request.stream.fields(way, side.pending.origin(), side.pending.time_ns(), [](const HttpStream::EachField&) { return false; });
      pass(side, way);
    }
    request.stream.close(words);
  }

  void take(Side& side, Way way, Bytes bytes, Origin origin, std::int64_t time_ns) { side.pending.take({way, bytes, origin, time_ns}); }

  // Copies what cannot be used yet. False when that is more than may wait.
  bool keep(Side& side) {
    side.pending.keep();
    waiting_ -= side.held;
    side.held = side.pending.rest().size();
    waiting_ += side.held;
    if (waiting_ <= context_.limits.waiting_bytes) return true;
    problem(Code::over_budget, "too much of HTTP/3 waits for what it needs", side);
    return false;
  }

  // What this side waits for, a header block as a rule, will not be read.
  void give_up(std::uint64_t id, Side& side, Way way) {
    const auto found = requests_.find(id);
    if (found != requests_.end()) found->second.stream.fields(way, side.pending.origin(), side.pending.time_ns(), [](const HttpStream::EachField&) { return false; });
    unblock(id, side, way);
    pass(side, way);
  }

  void unblock(std::uint64_t id, Side& side, Way way) {
    if (!side.blocked) return;
    side.blocked = false;
    auto& waiting = tables_[index(way)].waiting;
    std::erase_if(waiting, [&](const auto& entry) { return entry.second == id; });
  }

  // What has no meaning to a reader may hold anything.
  void pass_over(Side& side, Way way, Bytes part, std::string_view place) {
    if (!side.passed) side.passed = std::make_unique<UnreadBytes>(context_, place);
    side.passed->add({way, part, side.pending.origin(), side.pending.time_ns()});
  }
  static void end_passed(Side& side) {
    if (side.passed) side.passed->end();
  }

  // Nothing of this side is read any more.
  void pass(Side& side, Way way) {
    end_passed(side);
    hide(way, side.pending.rest().size());
    side.pending.clear();
    waiting_ -= std::exchange(side.held, 0u);
    side.at = Side::At::passed;
  }

  void end_if_done(std::uint64_t id, Way way) {
    const auto found = requests_.find(id);
    if (found == requests_.end()) return;
    Side& side = found->second.sides[index(way)];
    if (!side.fin || side.blocked) return;
    end_passed(side);
    if (side.at != Side::At::header && side.at != Side::At::passed) found->second.stream.missing(way, 0);
    else if (side.at == Side::At::header && !side.pending.rest().empty()) found->second.stream.missing(way, 0);
    if (found->second.stream.finish(way)) requests_.erase(found);
  }

  // Frames of a request stream or a push, until there is no whole one or a block waits.
  void read_request(std::uint64_t id, Request& request, Way way) {
    Side& side = request.sides[index(way)];
    while (!side.blocked && !side.pending.rest().empty() && read_frame(id, request.stream, side, way)) {}
  }

  bool read_frame(std::uint64_t id, HttpStream& stream, Side& side, Way way) {
    const Bytes rest = side.pending.rest();
    if (side.at == Side::At::data || side.at == Side::At::skip) {
      const Bytes part(rest.span().first(std::min(rest.size(), side.left)));
      if (side.at == Side::At::data) stream.data(way, part, side.pending.origin(), side.pending.time_ns());
      else pass_over(side, way, part, "h3.frame");
      side.pending.use(part.size());
      side.left -= part.size();
      if (side.left > 0) return false;
      end_passed(side);
      side.at = Side::At::header;
      return true;
    }
    if (side.at != Side::At::header) return false;
    const auto frame = http3::read_frame_header(rest);
    if (!frame) return false;
    if (frame->type == http3::frame_type::webtransport_stream) {   // the rest of the stream is no HTTP
      pass(side, way);
      return false;
    }
    const bool block = frame->type == http3::frame_type::headers || frame->type == http3::frame_type::push_promise;
    if (block && frame->length <= kBlockBytes) {
      const auto payload = rest.slice(frame->size, frame->length);
      if (!payload || !read_block(id, stream, side, way, *frame, *payload)) return false;
      side.pending.use(frame->size + frame->length);
      return true;
    }
    if (block) {
      problem(Code::over_budget, "a header block of HTTP/3 is too long", side);
      stream.fields(way, side.pending.origin(), side.pending.time_ns(), [](const HttpStream::EachField&) { return false; });
    }
    side.pending.use(frame->size);
    side.left = frame->length;
    side.at = side.left == 0 ? Side::At::header : frame->type == http3::frame_type::data ? Side::At::data : Side::At::skip;
    return true;
  }

  // False when the block waits.
  bool read_block(std::uint64_t id, HttpStream& stream, Side& side, Way way, const http3::FrameHeader& frame, Bytes block) {
    const bool promise = frame.type == http3::frame_type::push_promise;
    if (promise) {
      const auto push = http3::read_integer(block, 0);
      const auto rest = push ? block.from(push->size) : Result<Bytes>(fail(push.error()));
      if (!rest) return true;
      block = *rest;
    }
    Table& table = tables_[index(way)];
    const bool no_table = QpackDecoder::needs_no_table(block);
    if (!no_table && !table.lost) {
      const auto until = table.decoder ? table.decoder->blocked_until(id, block) : std::optional<std::uint64_t>(0);
      if (until && !is_one_way(id)) {
        side.blocked = true;
        table.waiting.emplace(*until, id);
        return false;
      }
    }
    QpackDecoder* const decoder = no_table ? &tableless_ : table.decoder && !table.lost ? &*table.decoder : nullptr;
    const auto decode = [&](const HttpStream::EachField& each) {
      if (!decoder) return false;
      return decoder->read(id, block, each).has_value();
    };
    if (promise) {
      HttpMessage request(context_, all_.share, "h3", "request", way, id, side.pending.origin(), side.pending.time_ns());
      request.note("pushed");
      if (!decode([&](std::string_view name, std::string_view value) { request.field(name, value); })) request.damaged("its header fields cannot be read");
      request.tell(context_);
      return true;
    }
    bool whole = true;
    stream.fields(way, side.pending.origin(), side.pending.time_ns(), [&](const HttpStream::EachField& each) { return whole = decode(each); });
    if (!whole) problem(Code::bad_value, "a header block of HTTP/3 cannot be read", side);
    return true;
  }

  void one_way_data(std::uint64_t id, Way way, Bytes bytes, bool fin, Origin origin, std::int64_t time_ns) {
    auto found = one_way_.find(id);
    if (found == one_way_.end()) {
      if (one_way_.size() >= context_.limits.streams) return hide(way, bytes.size());
      found = one_way_.try_emplace(id, HttpStream(all_, id)).first;
    }
    Side& side = found->second.side;
    if (side.at != Side::At::passed) {
      take(side, way, bytes, origin, time_ns);
      read_one_way(id, found->second, way);
      if (!keep(side)) pass(side, way);
    }
    if (!fin) return;
    end_passed(side);
    found->second.stream.skip(other(way));
    found->second.stream.finish(way);
    if (found->second.side.type == http3::stream_type::push || found->second.side.type > http3::stream_type::qpack_decoder) one_way_.erase(found);
  }

  void read_one_way(std::uint64_t id, OneWay& one, Way way) {
    Side& side = one.side;
    if (side.at == Side::At::type && !read_type(side, way)) return;
    if (side.at == Side::At::push_id) {
      const auto push = http3::read_integer(side.pending.rest(), 0);
      if (!push) return;
      side.pending.use(push->size);
      side.at = Side::At::header;
    }
    if (side.type == http3::stream_type::push) {
      while (!side.pending.rest().empty() && read_frame(id, one.stream, side, way)) {}
    } else if (side.type == http3::stream_type::control) {
      while (!side.pending.rest().empty() && read_control(side, way)) {}
    } else if (side.type == http3::stream_type::qpack_encoder) {
      instructions(way, side.pending.rest());
      side.pending.use(side.pending.rest().size());
    } else {
      if (side.type > http3::stream_type::qpack_decoder) pass_over(side, way, side.pending.rest(), "h3.stream");
      side.pending.use(side.pending.rest().size());
    }
  }

  bool read_type(Side& side, Way) {
    const auto type = http3::read_integer(side.pending.rest(), 0);
    if (!type) return false;
    side.pending.use(type->size);
    side.type = type->value;
    side.at = side.type == http3::stream_type::push ? Side::At::push_id : Side::At::header;
    return true;
  }

  bool read_control(Side& side, Way way) {
    const Bytes rest = side.pending.rest();
    if (side.at == Side::At::skip) {
      const Bytes part(rest.span().first(std::min(rest.size(), side.left)));
      pass_over(side, way, part, "h3.frame");
      side.pending.use(part.size());
      side.left -= part.size();
      if (side.left > 0) return false;
      end_passed(side);
      side.at = Side::At::header;
      return true;
    }
    const auto frame = http3::read_frame_header(rest);
    if (!frame) return false;
    if (frame->type == http3::frame_type::settings && frame->length <= kSettingsBytes) {
      const auto payload = rest.slice(frame->size, frame->length);
      if (!payload) return false;
      read_settings(way, *payload);
      side.pending.use(frame->size + frame->length);
      return true;
    }
    side.pending.use(frame->size);
    side.left = frame->length;
    side.at = side.left > 0 ? Side::At::skip : Side::At::header;
    return true;
  }

  // Pairs of identifier and value. They bound the table of the blocks that the other way sends.
  void read_settings(Way way, Bytes payload) {
    std::uint64_t capacity = 0;   // of a peer that does not say (RFC 9204 §5)
    for (std::uint64_t at = 0; at < payload.size();) {
      const auto id = http3::read_integer(payload, at);
      const auto value = id ? http3::read_integer(payload, at + id->size) : id;
      if (!value) break;
      if (id->value == http3::setting::qpack_max_table_capacity) capacity = value->value;
      at += id->size + value->size;
    }
    Table& table = tables_[index(other(way))];
    if (table.decoder) return;
    if (capacity > kMostQpackCapacity) {
      problems_.tell(context_, Code::over_budget, "the header table of HTTP/3 is too large to follow", EventSink::Severity::data_loss, context_.connection.first.at);
      return lose_table(other(way));
    }
    table.decoder.emplace(capacity);
    const auto held = std::exchange(table.instructions, {});
    instructions(other(way), Bytes(held));
  }

  void instructions(Way way, Bytes bytes) {
    Table& table = tables_[index(way)];
    if (table.lost) return;
    if (!table.decoder) {
      if (bytes.size() > context_.limits.handshake_bytes - std::min<std::uint64_t>(context_.limits.handshake_bytes, table.instructions.size())) return lose_table(way);
      table.instructions.insert(table.instructions.end(), bytes.begin(), bytes.end());
      return;
    }
    if (!table.decoder->instructions(bytes)) {
      problems_.tell(context_, Code::bad_value, "the header table of HTTP/3 is broken", EventSink::Severity::data_loss, context_.connection.first.at);
      return lose_table(way);
    }
    wake(way, table.decoder->inserted());
  }

  void lose_table(Way way) {
    tables_[index(way)].lost = true;
    release(tables_[index(way)].instructions);
    wake(way, ~std::uint64_t{0});
  }

  // Goes on with the streams whose blocks need no more entries than there are, in the order of what they needed.
  void wake(Way way, std::uint64_t inserted) {
    Table& table = tables_[index(way)];
    std::vector<std::uint64_t> ready;
    const auto end = table.waiting.upper_bound(inserted);
    for (auto at = table.waiting.begin(); at != end; ++at) ready.push_back(at->second);
    table.waiting.erase(table.waiting.begin(), end);
    for (const std::uint64_t id : ready) {
      const auto found = requests_.find(id);
      if (found == requests_.end()) continue;
      Side& side = found->second.sides[index(way)];
      side.blocked = false;
      read_request(id, found->second, way);
      if (!keep(side)) give_up(id, side, way);
      end_if_done(id, way);
    }
  }

  Context& context_;
  HttpStreams all_;
  std::array<Table, 2> tables_;
  QpackDecoder tableless_{0};
  std::unique_ptr<InnerDatagrams> loose_;   // datagrams of no stream that is open
  std::map<std::uint64_t, Request> requests_;
  std::map<std::uint64_t, OneWay> one_way_;
  std::uint64_t waiting_ = 0;   // bytes of streams that wait for a table
  Problems problems_;
};

Http3::Http3(Context& context) : state_(std::make_unique<State>(context)) {}
Http3::~Http3() = default;
void Http3::stream_data(std::uint64_t id, Way way, Bytes bytes, bool fin, Origin origin, std::int64_t time_ns) { state_->stream_data(id, way, bytes, fin, origin, time_ns); }
void Http3::stream_gap(std::uint64_t id, Way way) { state_->stream_gap(id, way); }
void Http3::datagram(Way way, Bytes bytes, Origin origin, std::int64_t time_ns) { state_->datagram(way, bytes, origin, time_ns); }
void Http3::end() { state_->end(); }

}  // namespace klik::traffic
