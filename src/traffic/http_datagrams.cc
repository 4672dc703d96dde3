#include "traffic/http_datagrams.h"

#include <algorithm>
#include <charconv>

#include "formats/net/cursor.h"

namespace klik::traffic {
namespace {

constexpr std::uint64_t kDatagramCapsule = 0;
constexpr std::uint64_t kLongestCapsule = 65'536 + 8;   // a datagram of UDP with its context id

}  // namespace

std::uint16_t masque_port(std::string_view path) {
  constexpr std::string_view kPrefix = "/.well-known/masque/udp/";
  if (!path.starts_with(kPrefix)) return 0;
  path.remove_prefix(kPrefix.size());
  const auto slash = path.find('/');
  if (slash == path.npos) return 0;
  path.remove_prefix(slash + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(path.data(), path.data() + path.size(), port);
  return error == std::errc() && (end == path.data() + path.size() || *end == '/') ? port : std::uint16_t{0};
}

HttpDatagrams::HttpDatagrams(Context& context, ToldProtocols& told, const Setup& setup)
    : context_(context), tunnel_(setup.tunnel), payloads_(context, told, {.carrier = setup.carrier, .stream = setup.stream, .port = setup.port}), others_(context, told, {.carrier = setup.carrier, .stream = setup.stream, .recognise = false}) {}

void HttpDatagrams::datagram(const Piece& piece) {
  if (!tunnel_) return others_.read(piece);
  net::Cursor in(piece.bytes);
  const auto id = in.varint();
  if (!id || *id != 0) return others_.read(piece);
  payloads_.read({piece.way, in.rest(), piece.origin, piece.time_ns});
}

void HttpDatagrams::read(const Piece& piece) {
  Side& side = sides_[std::to_underlying(piece.way)];
  if (side.lost) return context_.connection.hides(Dark::damaged, piece.way, piece.bytes.size());
  side.pending.take(piece);
  while (step(side, piece.way)) {}
  side.pending.keep();
}

// False when there is no whole capsule.
bool HttpDatagrams::step(Side& side, Way way) {
  const Bytes rest = side.pending.rest();
  if (side.skip > 0) {
    const std::uint64_t part = std::min(side.skip, rest.size());
    side.pending.use(part);
    side.skip -= part;
    return side.skip == 0 && part < rest.size();
  }
  net::Cursor in(rest);
  const auto type = in.varint();
  const auto length = in.varint();
  if (!type || !length) return false;
  if (*type != kDatagramCapsule || *length > kLongestCapsule) {
    side.pending.use(in.at());
    side.skip = *length;
    return true;
  }
  const auto value = in.take(*length);
  if (!value) return false;
  datagram({way, *value, side.pending.origin(), side.pending.time_ns()});
  side.pending.use(in.at());
  return true;
}

void HttpDatagrams::gap(Way way, std::uint64_t) {
  Side& side = sides_[std::to_underlying(way)];
  context_.connection.hides(Dark::damaged, way, side.pending.rest().size());
  side.pending.clear();
  side.lost = true;
}

void HttpDatagrams::end() {
  payloads_.end();
  others_.end();
}

}  // namespace klik::traffic
