#include "traffic/websocket.h"
#include "traffic/protocol.h"
namespace klik::traffic {
WebSocketTerms websocket_terms(std::string_view) { return {}; }
std::unique_ptr<StreamReader> open_websocket(Context& context, const WebSocketTerms&) { return recognising_reader(context, "", "http1"); }
}
