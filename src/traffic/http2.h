// HTTP/2 behind an upgrade of HTTP/1 (RFC 7540 §3.2; gone from RFC 9113, but still spoken). Everything else starts at the registry.
#pragma once

#include <memory>

#include "traffic/context.h"

namespace klik::traffic {

// The request that asked for the upgrade is stream 1 and was told already; only its answer comes on the stream.
std::unique_ptr<StreamReader> open_upgraded_http2(Context& context);

}  // namespace klik::traffic
