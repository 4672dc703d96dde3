// TLS over a stream: cuts both ways into records. What is dark is counted by record headers only, and after the handshake of a
// connection without secrets not even by those.
// Source: RFC 8446 §5, RFC 5246 §6.
#include "traffic/tls.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/release.h"
#include "formats/net/tls_record.h"
#include "traffic/protocol.h"
#include "traffic/tls_session.h"

namespace klik::traffic {
namespace {

// Is this the start of a record, as far as it goes? The first record of a caller is a ClientHello; a capture that begins in the
// middle shows others.
Match recognise_way(Bytes start, std::uint8_t hello) {
  if (start.empty()) return Match::more;
  if (start[0] < tls::record_type::change_cipher_spec || start[0] > tls::record_type::application_data) return Match::no;
  if (start.size() > 1 && start[1] != 3 && start[1] != 0x7f) return Match::no;
  const auto header = tls::parse_record_header(start);
  if (!header) return Match::more;
  if (!tls::is_plausible(*header)) return Match::no;
  switch (header->type) {
    case tls::record_type::change_cipher_spec: return header->length == 1 ? Match::yes : Match::no;
    case tls::record_type::alert: return header->length == 2 || header->length >= 16 ? Match::yes : Match::no;
    case tls::record_type::handshake: {
      const auto type = start.get<std::uint8_t>(tls::kRecordHeaderSize);
      return !type ? Match::more : *type == hello ? Match::yes : Match::no;
    }
    default: return Match::yes;
  }
}

Match recognise(const Start& start) {
  // TLS inside TLS happens (a proxy's CONNECT inside https), so `below` decides nothing.
  const Match up = recognise_way(start.up, tls::handshake_type::client_hello), down = recognise_way(start.down, tls::handshake_type::server_hello);
  if (up == Match::yes) return Match::yes;
  if (up == Match::no) return Match::no;
  if (down == Match::yes && start.up.empty()) return Match::yes;
  return down == Match::no ? Match::no : Match::more;
}

class TlsReader final : public StreamReader {
 public:
  TlsReader(Context& context, OpenInside inside) : session_(context, std::move(inside)) {}

  void read(const Piece& piece) override {
    if (session_.dark(piece.way)) return session_.hide(piece.way, piece.bytes.size());
    Cut& cut = cuts_[std::to_underlying(piece.way)];
    if (cut.searching) return search(cut, piece);
    walk(cut, piece);
  }

  void gap(Way way, std::uint64_t bytes) override {
    if (session_.dark(way)) return;
    Cut& cut = cuts_[std::to_underlying(way)];
    if (!cut.searching && bytes > 0 && bytes <= cut.left) {   // within one record: the next one's place is certain
      cut.left -= bytes;
      leave(cut, way, true);
      if (cut.left == 0) finish(cut, way);
      return;
    }
    leave(cut, way, false);
    session_.hide(way, cut.header.size());
    cut.header.clear();
    cut.left = 0;
    if (cut.searching) drop(cut, way, cut.unclear.size());
    cut.searching = session_.lost(way);
  }

  void end() override {
    for (const Way way : {Way::up, Way::down}) {
      Cut& cut = cuts_[std::to_underlying(way)];
      leave(cut, way, false);
      drop(cut, way, cut.unclear.size());
    }
    session_.end();
  }

 private:
  struct Mark {
    std::uint64_t at;            // in `unclear`
    Origin origin;
    std::int64_t time_ns;
  };
  struct Cut {
    std::vector<std::uint8_t> header;     // of the next record, as far as it came
    tls::RecordHeader current;
    std::uint64_t left = 0;               // bytes of the current record that are still to come
    bool collecting = false;              // the current record is wanted
    bool broken = false;                  // the current record is wanted and lacks bytes
    std::vector<std::uint8_t> fragment;   // of the current record, when it came in several pieces
    Origin origin;                        // of the current record's first byte
    std::int64_t time_ns = 0;

    bool searching = false;               // for the start of a record, after a gap
    std::vector<std::uint8_t> unclear;
    std::vector<Mark> marks;
  };

  void walk(Cut& cut, const Piece& piece) {
    std::uint64_t at = 0;
    while (at < piece.bytes.size()) {
      const Bytes rest = *piece.bytes.from(at);
      if (session_.dark(piece.way)) {
        leave(cut, piece.way, false);
        return session_.hide(piece.way, rest.size());
      }
      if (cut.left > 0) at += take(cut, piece.way, rest);
      else at += take_header(cut, piece, rest);
    }
  }

  // Returns how many bytes it used, at least one.
  std::uint64_t take_header(Cut& cut, const Piece& piece, Bytes rest) {
    if (cut.header.empty()) {
      cut.origin = piece.origin;
      cut.time_ns = piece.time_ns;
    }
    const std::uint64_t used = std::min<std::uint64_t>(tls::kRecordHeaderSize - cut.header.size(), rest.size());
    const Bytes part = *rest.slice(0, used);
    cut.header.insert(cut.header.end(), part.begin(), part.end());
    const auto header = tls::parse_record_header(Bytes(cut.header));
    if (!header) return used;
    const bool no_record = header->type < tls::record_type::change_cipher_spec || header->type > tls::record_type::heartbeat || header->length > tls::kLongestFragment;
    if (no_record) {
      session_.give_up(piece.way);
      session_.hide(piece.way, cut.header.size());
      cut.header.clear();
      return used;
    }
    cut.header.clear();
    cut.current = *header;
    cut.left = header->length;
    cut.broken = false;
    cut.collecting = session_.wants(piece.way, header->type);
    if (!cut.collecting) session_.hide(piece.way, tls::kRecordHeaderSize);
    if (cut.left == 0) finish(cut, piece.way);
    return used;
  }

  std::uint64_t take(Cut& cut, Way way, Bytes rest) {
    const std::uint64_t used = std::min(cut.left, rest.size());
    const Bytes part = *rest.slice(0, used);
    cut.left -= used;
    if (!cut.collecting) {
      session_.hide(way, used);
    } else if (cut.left == 0 && cut.fragment.empty()) {
      cut.collecting = false;
      session_.record(way, {cut.current, part, cut.origin, cut.time_ns});
      return used;
    } else {
      if (cut.fragment.empty()) cut.fragment.reserve(cut.current.length);
      cut.fragment.insert(cut.fragment.end(), part.begin(), part.end());
    }
    if (cut.left == 0) finish(cut, way);
    return used;
  }

  // The current record is at its end.
  void finish(Cut& cut, Way way) {
    if (std::exchange(cut.collecting, false)) {
      session_.record(way, {cut.current, Bytes(cut.fragment), cut.origin, cut.time_ns});
      release(cut.fragment);
    }
    if (std::exchange(cut.broken, false)) session_.missed(way);
  }

  // The current record will not be whole.
  void leave(Cut& cut, Way way, bool broken) {
    if (!std::exchange(cut.collecting, false)) return;
    session_.hide(way, tls::kRecordHeaderSize + cut.fragment.size());
    release(cut.fragment);
    cut.broken = broken;
  }

  // Bytes wait until some place in them is shown to start a record by opening it; a header's look alone proves nothing.
  void search(Cut& cut, const Piece& piece) {
    cut.marks.push_back({cut.unclear.size(), piece.origin, piece.time_ns});
    cut.unclear.insert(cut.unclear.end(), piece.bytes.begin(), piece.bytes.end());
    const Bytes all(cut.unclear);
    std::uint64_t at = 0;
    for (; at < all.size(); ++at) {
      const auto header = tls::parse_record_header(*all.from(at));
      if (!header) break;
      if (!tls::is_plausible(*header) || (header->version != cut.current.version && header->version != tls::kTls12) || !session_.may_follow(header->type)) continue;
      const auto fragment = all.slice(at + tls::kRecordHeaderSize, header->length);
      if (!fragment) break;   // wait for the rest
      const Mark mark = *std::prev(std::ranges::upper_bound(cut.marks, at, {}, &Mark::at));
      if (session_.resumed(piece.way, {*header, *fragment, mark.origin, mark.time_ns})) return resume(cut, piece.way, at, at + tls::kRecordHeaderSize + header->length);
      if (session_.dark(piece.way)) return drop(cut, piece.way, all.size());
    }
    drop(cut, piece.way, at);
  }

  void resume(Cut& cut, Way way, std::uint64_t start, std::uint64_t next) {
    session_.hide(way, start);
    const std::vector<std::uint8_t> bytes = std::exchange(cut.unclear, {});
    const std::vector<Mark> marks = std::exchange(cut.marks, {});
    cut.searching = false;
    for (std::size_t i = 0; i < marks.size(); ++i) {
      const std::uint64_t from = std::max(marks[i].at, next), to = i + 1 < marks.size() ? marks[i + 1].at : bytes.size();
      if (from < to) walk(cut, {way, *Bytes(bytes).slice(from, to - from), marks[i].origin, marks[i].time_ns});
    }
  }

  void drop(Cut& cut, Way way, std::uint64_t bytes) {
    if (bytes == 0) return;
    session_.hide(way, bytes);
    cut.unclear.erase(cut.unclear.begin(), cut.unclear.begin() + static_cast<std::ptrdiff_t>(bytes));
    std::vector<Mark> kept;
    for (const Mark& m : cut.marks) {
      if (m.at <= bytes) kept.clear();
      kept.push_back({m.at - std::min(m.at, bytes), m.origin, m.time_ns});
    }
    cut.marks = cut.unclear.empty() ? std::vector<Mark>() : std::move(kept);
  }

  TlsSession session_;
  std::array<Cut, 2> cuts_;
};

std::unique_ptr<StreamReader> open(Context& context) {
  return tls_reader(context, [](Context& c, std::string_view alpn) { return recognising_reader(c, alpn, "tls"); });
}

}  // namespace

bool begins_client_hello(Bytes bytes) {
  // Record header, type and length of the message, major version: RFC 8446 §5.1, §4, §4.1.2.
  constexpr std::uint64_t kSeen = 11, kSmallest = 4 + 2 + 32 + 1 + 4 + 2;
  if (bytes.size() < kSeen || bytes[0] != tls::record_type::handshake || bytes[5] != tls::handshake_type::client_hello) return false;
  const auto header = tls::parse_record_header(bytes);
  return header && tls::is_plausible(*header) && header->length >= kSmallest && bytes[6] == 0 && bytes[9] == 3;
}

std::unique_ptr<StreamReader> tls_reader(Context& context, OpenInside inside) { return std::make_unique<TlsReader>(context, std::move(inside)); }

extern const StreamProtocol stream_tls;
const StreamProtocol stream_tls{.name = "tls", .title = "Transport Layer Security 1.0 to 1.3", .spec = "RFC 8446, RFC 5246, RFC 4346, RFC 2246", .recognise = recognise, .open = open};

}  // namespace klik::traffic
