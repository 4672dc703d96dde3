// WebSocket behind the handshake of HTTP: messages put together, unmasked and inflated.
// Format: RFC 6455 (frames §5.2), RFC 7692 (permessage-deflate).
#pragma once

#include <memory>
#include <string_view>

#include "traffic/context.h"

namespace klik::traffic {

// What the two sides agreed on, from the answer's Sec-WebSocket-Extensions.
struct WebSocketTerms {
  bool deflate = false;
  bool up_forgets = false, down_forgets = false;   // the window does not last beyond a message: client_/server_no_context_takeover
};
WebSocketTerms websocket_terms(std::string_view extensions);

// Reads both ways from the first byte after the handshake.
std::unique_ptr<StreamReader> open_websocket(Context& context, const WebSocketTerms& terms);

}  // namespace klik::traffic
