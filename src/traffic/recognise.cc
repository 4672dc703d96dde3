// Which protocol a stream speaks, by its first bytes.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "base/release.h"
#include "traffic/http_message.h"
#include "traffic/protocol.h"
#include "traffic/search_windows.h"
#include "traffic/tls.h"

namespace klik::traffic {
namespace {

constexpr std::size_t kHeldBytes = 4096;   // of each way, before a stream is called unknown
constexpr std::size_t kFirstBytes = 16;
constexpr std::size_t kStartBytes = kFirstBytes + SearchWindows::kOverlap;   // of an unknown stream, to see what its first bytes belong to

class Recognising final : public StreamReader {
 public:
  Recognising(Context& context, std::string_view alpn, std::string_view below) : context_(context), alpn_(alpn), below_(below), unread_(context) {}

  void read(const Piece& piece) override {
    if (reader_) return reader_->read(piece);
    if (told_) return goes_into_tls(piece) ? void() : hide(piece);
    hold(piece);
    decide(false);
  }

  void gap(Way way, std::uint64_t bytes) override {
    // A hole before the first byte of a way leaves the rest to be recognised by.
    if (!reader_ && !told_ && !start_[std::to_underlying(way)].empty()) decide(true);
    if (reader_) return reader_->gap(way, bytes);
    tell_start(way);
    unread_.gap(way);
  }

  void end() override {
    if (!reader_ && !told_) decide(true);
    if (reader_) reader_->end();
    for (const Way way : {Way::up, Way::down}) tell_start(way);
    unread_.end();
  }

 private:
  struct Held {
    Way way;
    std::vector<std::uint8_t> bytes;
    Origin origin;
    std::int64_t time_ns;
  };

  void hold(const Piece& piece) {
    held_.push_back({piece.way, {piece.bytes.begin(), piece.bytes.end()}, piece.origin, piece.time_ns});
    auto& start = start_[std::to_underlying(piece.way)];
    const std::size_t room = kHeldBytes - std::min(kHeldBytes, start.size());
    start.insert(start.end(), piece.bytes.begin(), piece.bytes.begin() + std::min<std::size_t>(room, piece.bytes.size()));
  }

  void decide(bool last) {
    bool more = false;
    // A name that no reader knows says nothing. QUIC has no protocols without one, and each of its streams would be held.
    if (tries(more)) return;
    if (!more && !alpn_.empty() && below_ != "quic") {
      alpn_.clear();
      if (tries(more)) return;
    }
    if (more && !last && start_[0].size() < kHeldBytes && start_[1].size() < kHeldBytes) return;
    tell_unknown();
  }

  // Whether a protocol knows the start; `more`: one could with more of it.
  bool tries(bool& more) {
    const Start start{Bytes(start_[0]), Bytes(start_[1]), context_.connection.called.port, alpn_, below_};
    for (const StreamProtocol* p : stream_protocols()) {
      const Match match = p->recognise(start);
      more |= match == Match::more;
      if (match != Match::yes) continue;
      become(*p);
      return true;
    }
    return false;
  }

  void become(const StreamProtocol& protocol) {
    context_.connection.speaks(protocol.name);
    reader_ = protocol.open(context_);
    for (const Held& h : std::exchange(held_, {})) reader_->read({h.way, Bytes(h.bytes), h.origin, h.time_ns});
    start_ = {};
  }

  void tell_unknown() {
    told_ = true;
    if (held_.empty()) return;
    context_.connection.speaks("unknown");
    for (const Way way : {Way::up, Way::down}) {
      const auto& bytes = start_[std::to_underlying(way)];
      const auto first = std::ranges::find(held_, way, &Held::way);
      if (bytes.empty()) continue;
      untold_[std::to_underlying(way)] = unknown_start({way, Bytes(bytes), first->origin, first->time_ns});
      if (!context_.events.wants_stretches() || bytes.size() >= kStartBytes) tell_start(way);
    }
    for (const Held& h : std::exchange(held_, {})) {
      const Piece piece{h.way, Bytes(h.bytes), h.origin, h.time_ns};
      if (!goes_into_tls(piece)) show(piece);   // it is in start_ already
    }
  }

  // Whatever was agreed on before, a ClientHello is one: STARTTLS of protocols that are not read, relays, preambles of an app's own.
  bool goes_into_tls(const Piece& piece) {
    if (!reader_ && piece.way == Way::up && begins_client_hello(piece.bytes) && may_nest(context_.connection)) {
      for (const Way way : {Way::up, Way::down}) tell_start(way);
      reader_ = recognising_reader(context_, "", "unknown");
    }
    if (reader_) reader_->read(piece);
    return reader_ != nullptr;
  }

  // An identifier that begins in the first bytes may end in a later piece, so they are told when more is there.
  void tell_start(Way way) {
    auto& untold = untold_[std::to_underlying(way)];
    auto& start = start_[std::to_underlying(way)];
    if (untold) {
      untold->start = Bytes(start);
      context_.events.unknown(context_.connection, *std::exchange(untold, {}));
    }
    if (told_) release(start);
  }

  void hide(const Piece& piece) {
    auto& start = start_[std::to_underlying(piece.way)];
    if (untold_[std::to_underlying(piece.way)]) {
      const std::size_t room = kStartBytes - std::min(kStartBytes, start.size());
      start.insert(start.end(), piece.bytes.begin(), piece.bytes.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(room, piece.bytes.size())));
      if (start.size() >= kStartBytes) tell_start(piece.way);
    }
    show(piece);
  }

  void show(const Piece& piece) {
    context_.connection.hides(Dark::unknown_protocol, piece.way, piece.bytes.size());
    unread_.add(piece);
  }

  Context& context_;
  std::string alpn_, below_;
  std::array<std::vector<std::uint8_t>, 2> start_;
  std::vector<Held> held_;
  std::array<std::optional<Unknown>, 2> untold_;
  UnreadBytes unread_;
  std::unique_ptr<StreamReader> reader_;
  bool told_ = false;
};

}  // namespace

std::uint32_t entropy_millibits(Bytes sample) {
  std::array<std::uint32_t, 256> counts{};
  for (const std::uint8_t b : sample.span()) ++counts[b];
  double bits = 0;
  for (const std::uint32_t n : counts)
    if (n > 0) bits -= n * std::log2(static_cast<double>(n) / static_cast<double>(sample.size()));
  return sample.empty() ? 0 : static_cast<std::uint32_t>(std::lround(1000 * bits / static_cast<double>(sample.size())));
}

Unknown unknown_start(const Piece& piece) {
  const Bytes b = piece.bytes;
  return {piece.way, {b.begin(), b.begin() + std::min<std::size_t>(b.size(), kFirstBytes)}, entropy_millibits(b), b.size(), piece.origin, piece.time_ns, b};
}

std::unique_ptr<StreamReader> recognising_reader(Context& context, std::string_view alpn, std::string_view below) {
  return std::make_unique<Recognising>(context, alpn, below);
}

}  // namespace klik::traffic
