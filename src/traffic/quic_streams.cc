#include "traffic/quic_streams.h"

#include <algorithm>
#include <utility>

#include "traffic/protocol.h"

namespace klik::traffic {
namespace {

constexpr std::size_t kMostClosedRuns = 4096;
constexpr std::uint32_t kMostUnknown = 16;   // streams of no known protocol that are told of, one by one

bool is_one_way(std::uint64_t id) { return (id & 2) != 0; }
Way opener(std::uint64_t id) { return (id & 1) == 0 ? Way::up : Way::down; }

}  // namespace

// Each stream's reader says what protocol it is; the connection is told once.
template <class Read>
void QuicStreams::reading(Read read) {
  if (told_.during(context_.connection, read).ends_with("unknown")) ++unknown_;
}

QuicStreams::Stream* QuicStreams::find_or_open(std::uint64_t id, Origin origin) {
  if (const auto found = open_.find(id); found != open_.end()) return &found->second;
  if (was_closed(id)) return nullptr;
  if (open_.size() >= context_.limits.streams) {
    if (!std::exchange(too_many_told_, true))
      context_.events.problem(fail(Code::over_budget, origin.at, "more QUIC streams are open at a time than are followed").error(), EventSink::Severity::data_loss, connection_text(context_.connection));
    return nullptr;
  }
  Stream& stream = open_[id];
  if (alpn_.starts_with("h3")) {
    if (!http3_) http3_ = std::make_unique<Http3>(context_);
  } else if (unknown_ < kMostUnknown) {
    stream.reader = recognising_reader(context_, alpn_, "quic");
  }
  return &stream;
}

void QuicStreams::deliver(std::uint64_t id, Stream& stream, Way way, Bytes bytes, Origin origin, std::int64_t time_ns) {
  OneWay& w = stream.ways[std::to_underlying(way)];
  if (w.lost) return;
  if (stream.reader) {
    if (!bytes.empty()) reading([&] { stream.reader->read({way, bytes, origin, time_ns}); });
  } else if (http3_ && alpn_.starts_with("h3")) {
    w.fin_told = w.order.at() >= w.end && w.order.held() == 0;
    http3_->stream_data(id, way, bytes, w.fin_told, origin, time_ns);
  } else {
    context_.connection.hides(Dark::unknown_protocol, way, bytes.size());
  }
}

void QuicStreams::drain(std::uint64_t id, Stream& stream, Way way) {
  OneWay& w = stream.ways[std::to_underlying(way)];
  while (const auto part = w.order.next()) {
    held_[std::to_underlying(way)] -= part->bytes.size();
    deliver(id, stream, way, Bytes(part->bytes), part->origin, part->time_ns);
  }
}

// The hole before `offset` will not be filled.
void QuicStreams::give_up(std::uint64_t id, Stream& stream, Way way, std::uint64_t offset) {
  OneWay& w = stream.ways[std::to_underlying(way)];
  while (w.order.at() < offset) {
    const std::uint64_t missing = w.order.skip_to(w.order.held() == 0 ? offset : std::min(offset, w.order.first_held()));
    if (!w.lost) {
      (way == Way::up ? context_.connection.missing_up : context_.connection.missing_down) += missing;
      if (stream.reader) {
        reading([&] { stream.reader->gap(way, missing); });
      } else if (http3_) {
        http3_->stream_gap(id, way);
        w.lost = true;
      }
    }
    drain(id, stream, way);
  }
}

void QuicStreams::data(std::uint64_t id, Way way, std::uint64_t offset, Bytes bytes, bool fin, Origin origin, std::int64_t time_ns) {
  if (is_one_way(id) && way != opener(id)) return;
  Stream* stream = find_or_open(id, origin);
  if (!stream) return;
  OneWay& w = stream->ways[std::to_underlying(way)];
  if (w.finished) return;
  if (fin) w.end = std::min(w.end, offset + bytes.size());
  // Bytes behind the end that was named first are no part of the stream.
  if (offset > w.end) return;
  bytes = *bytes.slice(0, std::min(bytes.size(), w.end - offset));

  if (const Bytes fresh = w.order.pass(offset, bytes); !fresh.empty()) {
    deliver(id, *stream, way, fresh, origin, time_ns);
  } else {
    const auto take = [&] {
      std::uint64_t& held = held_[std::to_underlying(way)];
      const std::uint64_t before = w.order.held(), room = context_.limits.waiting_bytes - std::min(context_.limits.waiting_bytes, held);
      const auto took = w.order.take(offset, bytes, origin, time_ns, before + room);
      held += w.order.held() - before;
      return took;
    };
    if (take() == QuicReorder::Took::full) {
      give_up(id, *stream, way, offset);
      if (const Bytes rest = w.order.pass(offset, bytes); !rest.empty()) deliver(id, *stream, way, rest, origin, time_ns);
      else take();
    }
    drain(id, *stream, way);
  }
  if (w.order.at() >= w.end) finish_way(id, *stream, way, origin, time_ns);
}

void QuicStreams::finish_way(std::uint64_t id, Stream& stream, Way way, Origin origin, std::int64_t time_ns) {
  OneWay& w = stream.ways[std::to_underlying(way)];
  w.finished = true;
  if (http3_ && !stream.reader && !w.lost && !std::exchange(w.fin_told, true)) http3_->stream_data(id, way, {}, true, origin, time_ns);
  if (is_one_way(id) || (stream.ways[0].finished && stream.ways[1].finished)) close(id);
}

void QuicStreams::reset(std::uint64_t id, Way way, Origin origin, std::int64_t time_ns) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  Stream& stream = found->second;
  OneWay& w = stream.ways[std::to_underlying(way)];
  if (w.finished) return;
  if (stream.reader) reading([&] { stream.reader->gap(way, 0); });
  else if (http3_ && !std::exchange(w.lost, true)) http3_->stream_gap(id, way);
  finish_way(id, stream, way, origin, time_ns);
}

void QuicStreams::close(std::uint64_t id) {
  const auto found = open_.find(id);
  if (found->second.reader) reading([&] { found->second.reader->end(); });
  for (const Way way : {Way::up, Way::down}) held_[std::to_underlying(way)] -= found->second.ways[std::to_underlying(way)].order.held();
  open_.erase(found);
  remember_closed(id);
}

bool QuicStreams::was_closed(std::uint64_t id) const {
  const auto& runs = closed_[id & 3];
  const auto after = runs.upper_bound(id >> 2);
  return after != runs.begin() && std::prev(after)->second > id >> 2;
}

void QuicStreams::remember_closed(std::uint64_t id) {
  auto& runs = closed_[id & 3];
  std::uint64_t from = id >> 2, to = from + 1;
  auto after = runs.upper_bound(from);
  if (after != runs.end() && after->first == to) to = after->second, after = runs.erase(after);
  if (after != runs.begin() && std::prev(after)->second == from) std::prev(after)->second = to;
  else runs.emplace_hint(after, from, to);
  if (runs.size() > kMostClosedRuns) runs.erase(runs.begin());
}

void QuicStreams::datagram(Way way, Bytes bytes, Origin origin, std::int64_t time_ns) {
  if (alpn_.starts_with("h3")) {
    if (!http3_) http3_ = std::make_unique<Http3>(context_);
    return http3_->datagram(way, bytes, origin, time_ns);
  }
  if (!datagrams_) datagrams_ = std::make_unique<InnerDatagrams>(context_, told_, InnerDatagrams::Setup{.carrier = "quic"});
  datagrams_->read({way, bytes, origin, time_ns});
}

void QuicStreams::end() {
  for (auto& [id, stream] : open_) {
    for (const Way way : {Way::up, Way::down}) {
      OneWay& w = stream.ways[std::to_underlying(way)];
      while (w.order.held() > 0) give_up(id, stream, way, w.order.first_held());
    }
    if (stream.reader) reading([&] { stream.reader->end(); });
  }
  open_.clear();
  if (http3_) http3_->end();
  http3_.reset();
  if (datagrams_) datagrams_->end();
  datagrams_.reset();
}

}  // namespace klik::traffic
