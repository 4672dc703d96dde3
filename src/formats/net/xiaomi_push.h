// Frames of the push channel that phones with Xiaomi's push service hold open on TCP 5222, and the messages in their clear ones.
// Source: field numbers of the maker's published MIMC C++ SDK (ims_push_service.proto, packet framing); the checksum, which that
// SDK calls a CRC, and the layout of bodies as observed on captures of phones.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace klik::net::xiaomi_push {

inline constexpr std::string_view kMagic{"\xc2\xfe\x00\x05", 4};   // with the version
inline constexpr std::uint64_t kFrameOverhead = 12;                // magic, version, length before the body; Adler-32 behind it
inline constexpr std::uint64_t kLongestBody = std::uint64_t{1} << 20;

// Bytes of the whole frame that begins with `start`, of which 8 bytes must be there.
// Errors: truncated, bad_magic, over_budget (a body above kLongestBody).
Result<std::uint64_t> frame_size(Bytes start);

struct Frame {
  Bytes body;              // empty: a keep-alive
  bool intact = false;     // its checksum is right
};
// `bytes`: at least a whole frame. Errors: truncated, and those of frame_size.
Result<Frame> read_frame(Bytes bytes);

struct Header {
  std::int64_t channel = 0;              // 0: the connection's own messages
  std::int64_t account = 0;              // of the user on that channel; 0: none. Identifies a person
  std::string server, resource, command, subcommand, id;
  std::uint64_t direction = 0;           // 1–3 from the phone, 4–6 from the server; 0: not told
  std::uint64_t cipher = 0;              // of the payload: 0 none, 1 RC4, 2 AES
  std::int64_t error = 0;
  std::string error_text;
};

struct Body {
  std::uint16_t type = 0;                // 2 has been seen
  Header header;
  Bytes payload;
};
// Nothing when the lengths inside are not those of a clear body: it is encrypted then. A wrong equation by chance has the odds
// of one in four thousand million. Errors: those of protobuf::each (lengths fit, the header does not).
Result<std::optional<Body>> read_body(Bytes body);

// CONN from the phone. Texts as sent.
struct Connect {
  std::uint64_t version = 0, sdk = 0, android = 0;   // android: API level
  std::string model, os, connection, host, locale;   // connection: "wifi", "mobile-lte-…"; host: of the front end, "name:port"
  std::string device_id_hash;                        // "a-" and 40 hexadecimal digits; identifies the phone
  bool config = false, public_key = false;           // parts that are present
};
// Errors: those of protobuf::each.
Result<Connect> read_connect(Bytes payload);

// CONN from the server. The channel's key is derived from the challenge and the device id hash, both sent in clear.
struct Challenge {
  std::string challenge, front_end;
  bool wrapped_key = false;
};
// Errors: those of protobuf::each.
Result<Challenge> read_challenge(Bytes payload);

}  // namespace klik::net::xiaomi_push
