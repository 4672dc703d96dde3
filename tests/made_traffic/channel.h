// A stream between two ends over real sockets, in clear or inside TLS as OpenSSL speaks it, seen by a Wire.
#pragma once

#include <memory>
#include <string>

#include "loopback.h"
#include "wire.h"

namespace made {

// Lines of the key log of all connections (draft-ietf-tls-keylogfile).
using KeyLog = std::string;

class Channel {
 public:
  virtual ~Channel() = default;
  // Sends, and gives what the other end's program then reads.
  virtual std::string say(Way way, std::string_view text) = 0;
  virtual void close() = 0;
};

std::unique_ptr<Channel> clear_channel(Wire& wire, Flow flow);

struct TlsPlan {
  bool v13 = true;
  std::string suite;              // OpenSSL's name; "" for its choice
  std::string host, alpn;         // alpn: one name
  bool retry = false;             // the server wants another group: HelloRetryRequest
  bool update_keys = false;       // TLS 1.3: after some words, of both ends
};
std::unique_ptr<Channel> tls_channel(Wire& wire, Flow flow, const TlsPlan& plan, KeyLog& keys);

// A certificate of this run, for nobody: PEM.
struct Identity {
  std::string key, certificate;
};
const Identity& identity();

}  // namespace made
