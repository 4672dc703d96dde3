// A stream of TCP that nobody announced, said by both sides in turns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http_recorder.h"
#include "support/tls_made.h"
#include "traffic/protocol.h"

namespace klik::traffic {

// A record with a ClientHello.
inline std::string hello_for(std::string_view host) {
  const auto bytes = test::record(22, test::handshake(1, test::client_hello({.extensions = test::server_name_of(host)})));
  return {bytes.begin(), bytes.end()};
}

struct Talk {
  Way way;
  std::string bytes;
};
using Dialogue = std::vector<Talk>;

// `slow`: one byte at a time. `wants`: identifiers are looked for.
struct ReadDialogue : Wire {
  explicit ReadDialogue(const Dialogue& dialogue, bool slow = false, bool wants = true) : Wire(wants) {
    events.stretches_wanted = wants;
    reader = recognising_reader(context, "", "");
    for (const Talk& t : dialogue) slow ? drip(t.way, t.bytes) : give(t.way, t.bytes);
    reader->end();
  }
};

}  // namespace klik::traffic
