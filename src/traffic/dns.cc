// DNS over UDP, over TCP, and inside what was opened: DNS over TLS and over QUIC.
// Source: RFC 1035 §4.2 (transports), RFC 7766 (TCP), RFC 7858 (TLS), RFC 9250 §4.2 (QUIC).
#include <array>

#include "traffic/dns_events.h"
#include "traffic/pending.h"
#include "traffic/protocol.h"

namespace klik::traffic {
namespace {

constexpr std::uint16_t kPort = 53, kTlsPort = 853;
constexpr std::uint64_t kLengthBytes = 2, kHeaderBytes = 12;

// How a stream's names were sent. A literal.
std::string_view how_of(const Connection& connection) {
  if (connection.protocol.starts_with("quic")) return "doq";
  return connection.protocol.contains("tls") ? "dot" : "dns";
}

// The first message of a stream, as far as it is there; nothing when not even its length is.
std::optional<Bytes> first_message(Bytes stream, bool& whole) {
  const auto length = stream.get<U16be>(0);
  if (!length) return std::nullopt;
  const std::uint64_t there = stream.size() - kLengthBytes;
  whole = there >= *length;
  return Bytes(stream.span().subspan(kLengthBytes, std::min<std::uint64_t>(there, *length)));
}

class DnsStream final : public StreamReader {
 public:
  explicit DnsStream(Context& context) : context_(context), how_(how_of(context.connection)) {}

  void read(const Piece& piece) override {
    Side& side = sides_[std::to_underlying(piece.way)];
    if (side.lost) {
      // After a hole a message may begin anywhere; the start of a segment is the only likely place.
      bool whole = false;
      const auto first = first_message(piece.bytes, whole);
      if (!first || !whole || !net::dns::is_surely(*first)) return context_.connection.hides(Dark::damaged, piece.way, piece.bytes.size());
      side.lost = false;
    }
    side.pending.take(piece);
    while (step(side, piece.way)) {}
    side.pending.keep();
  }

  void gap(Way way, std::uint64_t) override { lose(way); }

  void end() override {
    for (const Way way : {Way::up, Way::down})
      if (!sides_[std::to_underlying(way)].pending.rest().empty()) {
        tell({Code::truncated, sides_[std::to_underlying(way)].pending.origin().at, "the end of a DNS message in a stream is not in the capture", __FILE__, __LINE__}, EventSink::Severity::info);
        lose(way);
      }
  }

 private:
  struct Side {
    Pending pending;
    bool lost = false;
  };

  // True when a message was read and another may follow.
  bool step(Side& side, Way way) {
    bool whole = false;
    const auto message = first_message(side.pending.rest(), whole);
    if (!message || !whole) return false;
    Origin origin = side.pending.origin();
    const std::uint64_t used = kLengthBytes + message->size();
    origin.length = std::min(origin.length, used);
    const auto damage = read_and_tell_dns(context_.connection, context_.events, *message, {how_, way, origin, side.pending.time_ns()});
    if (damage) tell({damage->code, origin.at, damage->what, damage->file, damage->line}, EventSink::Severity::error);
    side.pending.use(used);
    return true;
  }

  void lose(Way way) {
    Side& side = sides_[std::to_underlying(way)];
    context_.connection.hides(Dark::damaged, way, side.pending.rest().size());
    side.pending.clear();
    side.lost = true;
  }

  void tell(const Error& error, EventSink::Severity severity) {
    if (!std::exchange(told_, true)) context_.events.problem(error, severity, connection_text(context_.connection));
  }

  Context& context_;
  std::string_view how_;
  std::array<Side, 2> sides_;
  bool told_ = false;
};

Match match_start(Bytes stream, bool expected) {
  bool whole = false;
  const auto first = first_message(stream, whole);
  if (!first) return Match::more;
  if (expected && net::dns::is_likely(*first)) return Match::yes;
  if (whole && !expected) return net::dns::is_surely(*first) ? Match::yes : Match::no;
  // Anything begins with two bytes that could be a length: the header decides whether waiting is worth it.
  return !whole && (first->size() < kHeaderBytes || net::dns::is_likely(*first, true)) ? Match::more : Match::no;
}

Match recognise_stream(const Start& start) {
  if (start.alpn == "dot" || start.alpn == "doq") return Match::yes;
  if (!start.alpn.empty() || start.below == "http1") return Match::no;
  const bool expected = start.port == kPort || (start.below == "tls" && start.port == kTlsPort);
  // One way may be missing from the capture. Both have to fit when both are there.
  Match all = Match::more;
  for (const Bytes way : {start.up, start.down}) {
    if (way.empty()) continue;
    const Match one = match_start(way, expected);
    if (one == Match::no) return Match::no;
    if (one == Match::yes) all = Match::yes;
  }
  return all;
}

bool recognise_datagram(Bytes first, std::uint16_t port) { return port == kPort ? net::dns::is_likely(first) : net::dns::is_surely(first); }

std::unique_ptr<StreamReader> open_stream(Context& context) { return std::make_unique<DnsStream>(context); }
std::unique_ptr<DatagramReader> open_datagrams(Context& context) { return dns_datagrams(context, "dns"); }

}  // namespace

extern const StreamProtocol stream_dns;
constexpr StreamProtocol stream_dns{.name = "dns", .title = "DNS over TCP, TLS or QUIC", .spec = "RFC 1035, RFC 7766, RFC 7858, RFC 9250", .recognise = recognise_stream, .open = open_stream};
extern const DatagramProtocol datagram_dns;
constexpr DatagramProtocol datagram_dns{.name = "dns", .title = "DNS", .spec = "RFC 1035", .recognise = recognise_datagram, .open = open_datagrams};

}  // namespace klik::traffic
