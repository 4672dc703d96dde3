// Google's QUIC before the IETF's, as far as it is in the clear: the headers of its packets and the client's hello.
// Source: draft-hamilton-quic-transport-protocol-01 §6 (headers), "QUIC Crypto" (Langley, Chang; messages and tags); headers of Q046
// and above: Chromium, net/third_party/quiche.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::gquic {

struct Header {
  std::string_view version;            // "Q043", as in the packet; "" when it does not say
  Bytes connection_id;                 // 0 or 8 bytes, longer only in Q046 and above
  std::uint64_t frames_at = 0;         // behind packet number and hash
};

// A packet that says its version, as a client's first ones do: Q009 … Q049. Errors: truncated, bad_magic, bad_value.
Result<Header> parse_versioned_header(Bytes datagram);

// A tag is its four characters in the order of the wire.
struct Entry {
  std::string_view tag;                // "SNI\0", "PAD\0", "UAID", …: four bytes
  Bytes value;
};

struct HandshakeMessage {
  std::string_view tag;                // "CHLO", "REJ\0", …: four bytes
  std::vector<Entry> entries;          // in wire order: tags ascend
  // Empty when absent.
  Bytes find(std::string_view four) const;
};

// A message that starts at the start of `bytes`. Values that lie behind their end are left out: a hello may go on in the next packet.
// Errors: truncated (the table of tags), bad_value (tags or ends that do not ascend, too many).
Result<HandshakeMessage> parse_message(Bytes bytes);

// The client's hello among the frames of a packet, wherever it starts. Errors: absent.
Result<HandshakeMessage> find_client_hello(Bytes frames);

}  // namespace klik::gquic
