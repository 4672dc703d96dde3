// What a client's hello of gQUIC tells: whom it calls and by which program.
#pragma once

#include "formats/net/gquic.h"
#include "traffic/context.h"

namespace klik::traffic {

// Names the connection and tells a Message "CHLO". `version`: of the packet, "Q046".
void tell_gquic_hello(Context& context, const gquic::HandshakeMessage& hello, std::string_view version, Opened state, Way way, Origin origin, std::int64_t time_ns);

}  // namespace klik::traffic
