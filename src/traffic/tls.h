// TLS as a layer with any reader inside it; protocols.def's "tls" has recognising_reader() there.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "traffic/context.h"
#include "traffic/stream.h"

namespace klik::traffic {

// Makes the reader of decrypted bytes when the first of them come. `alpn` lives as long as the reader.
using OpenInside = std::function<std::unique_ptr<StreamReader>(Context&, std::string_view alpn)>;

// Whether a ClientHello begins here that cannot be anything else, as far as its first eleven bytes tell.
bool begins_client_hello(Bytes bytes);

std::unique_ptr<StreamReader> tls_reader(Context& context, OpenInside inside);

}  // namespace klik::traffic
