// The protocols that can stand on a transport, or inside one that was opened: one file each, one line in protocols.def.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "traffic/context.h"

namespace klik::traffic {

// The start of a stream: what has been seen of both ways.
struct Start {
  Bytes up, down;
  std::uint16_t port = 0;        // of the called side
  std::string_view alpn;         // that the layer below agreed on; "" when there is none
  std::string_view below;        // protocol of the layer below: "" for TCP itself, "tls", "quic"
};

enum class Match : std::uint8_t { no, more, yes };   // more: cannot be told from so few bytes

struct StreamProtocol {
  std::string_view name;         // as in Connection::protocol
  std::string_view title;
  std::string_view spec;
  Match (*recognise)(const Start& start);
  std::unique_ptr<StreamReader> (*open)(Context& context);
};

struct DatagramProtocol {
  std::string_view name, title, spec;
  bool (*recognise)(Bytes first, std::uint16_t port);   // port: of the called side
  std::unique_ptr<DatagramReader> (*open)(Context& context);
};

// In the order of protocols.def, which is the order of trial.
std::span<const StreamProtocol* const> stream_protocols();
std::span<const DatagramProtocol* const> datagram_protocols();

// A reader that holds the first bytes back until a protocol is recognised, then is that protocol's. What nobody recognises is told as
// protocol "unknown": its first bytes and entropy, and as dark.
std::unique_ptr<StreamReader> recognising_reader(Context& context, std::string_view alpn, std::string_view below);

// Shannon's entropy of bytes, in thousandths of a bit per byte: 0 … 8000.
std::uint32_t entropy_millibits(Bytes sample);
// What is told of the first bytes of a way that no reader knows.
Unknown unknown_start(const Piece& piece);

}  // namespace klik::traffic
