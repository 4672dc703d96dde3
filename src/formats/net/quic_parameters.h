// Transport parameters of QUIC, as the handshake of TLS carries them.
// Source: RFC 9000 §18, RFC 9001 §8.2 (where they stand).
#pragma once

#include "base/bytes.h"

namespace klik::quic {

// The connection id that goes with another address of the server, which the client may move to; of no bytes when it names none.
// Errors: truncated.
Result<Bytes> preferred_address_id(Bytes parameters);

}  // namespace klik::quic
