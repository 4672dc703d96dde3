// QUIC over UDP: by the structure of its first packet, and by the tag of an Initial that opens under the keys everybody can make.
// Source: RFC 9000 §17, RFC 9001 §5.2.
#include "formats/net/quic.h"

#include <algorithm>
#include <array>

#include "traffic/protocol.h"
#include "traffic/quic_connection.h"

namespace klik::traffic {
namespace {

// Where a packet that proves nothing is taken for QUIC by its structure: HTTPS, and DNS over QUIC with the ports of its drafts.
constexpr std::array<std::uint16_t, 5> kPorts = {443, 853, 784, 8853, 8443};

bool authenticates(Bytes datagram, const quic::LongHeader& header) {
  const quic::Version* version = quic::find_version(header.version);
  auto keys = initial_protection(*version, header.destination, QuicSide::client);
  const auto packet = datagram.slice(0, header.size);
  NumberSpace numbers;
  std::vector<std::uint8_t> plain;
  return keys && packet && keys->open(*packet, header.number_at, numbers, plain);
}

// What a server sends, or a client that was not seen from its start on.
bool looks_like_quic(Bytes datagram, const quic::LongHeader& header) {
  switch (header.type) {
    case quic::PacketType::version_negotiation: {
      const auto versions = quic::offered_versions(datagram, header);
      return versions && std::ranges::any_of(*versions, [](std::uint32_t v) { return quic::find_version(v) != nullptr; });
    }
    case quic::PacketType::other: return quic::is_reserved_version(header.version) && datagram.size() >= quic::kSmallestFirstDatagram && header.destination.size() >= quic::kShortestFirstId;
    default: return quic::looks_whole(datagram);
  }
}

bool recognise(Bytes first, std::uint16_t port) {
  if (first.empty() || !quic::is_long_header(first[0])) return false;
  const auto header = quic::parse_long_header(first);
  if (!header) return false;
  if (std::ranges::find(kPorts, port) != kPorts.end() && looks_like_quic(first, *header)) return true;
  return header->type == quic::PacketType::initial && authenticates(first, *header);
}

std::unique_ptr<DatagramReader> open(Context& context) { return std::make_unique<QuicConnection>(context); }

}  // namespace

extern const DatagramProtocol datagram_quic;
const DatagramProtocol datagram_quic{
    .name = "quic",
    .title = "QUIC versions 1 and 2, drafts 22 to 34, mvfst, Q050, T050, T051",
    .spec = "RFC 9000, RFC 9001, RFC 9368, RFC 9369",
    .recognise = recognise,
    .open = open,
};

}  // namespace klik::traffic
