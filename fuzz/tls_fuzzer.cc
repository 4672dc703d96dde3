// Feeds the input to the readers of TLS and DTLS as pieces: a byte that says way and size, then as many bytes; 0xff is a gap. Secrets
// are there for every client random of 32 equal bytes. What the readers call dark must not be more than what they were given.
// links: klik_traffic
#include <algorithm>
#include <string>

#include "traffic/protocol.h"
#include "traffic/tls.h"

namespace {

using namespace klik;
using namespace klik::traffic;

struct Quiet final : EventSink {
  void lookup(const Connection&, Lookup) override {}
  void hello(const Connection&, Hello event) override {
    if (event.client && event.ja4.size() < 36) __builtin_trap();
  }
  void certificate(const Connection&, Certificate) override {}
  std::uint64_t message(const Connection&, Message) override { return 1; }
  void content(const Connection&, const Content&) override {}
  void unknown(const Connection&, Unknown) override {}
  bool wants_content() const override { return false; }
  void connection(const Connection&) override {}
  void problem(const Error&, Severity, std::string) override {}
};

const Secrets& all_secrets() {
  static const Secrets secrets = [] {
    std::string log;
    constexpr char kDigits[] = "0123456789abcdef";
    for (int n = 0; n < 16; ++n) {
      const std::string random(64, kDigits[n]);
      log += "CLIENT_RANDOM " + random + " " + std::string(96, 'a') + "\n";
      for (const char* label : {"CLIENT_EARLY_TRAFFIC_SECRET ", "CLIENT_HANDSHAKE_TRAFFIC_SECRET ", "SERVER_HANDSHAKE_TRAFFIC_SECRET ", "CLIENT_TRAFFIC_SECRET_0 ", "SERVER_TRAFFIC_SECRET_0 "}) log += label + random + " " + std::string(64, 'b') + "\n";
    }
    Secrets made;
    made.add_key_log(Bytes::of(log));
    return made;
  }();
  return secrets;
}

template <class Feed>
void each_piece(Bytes input, Feed feed) {
  for (std::uint64_t at = 0; at < input.size();) {
    const std::uint8_t head = input[at++];
    const std::uint64_t size = std::min<std::uint64_t>(std::uint64_t{head} % 127 * 4 + 1, input.size() - at);
    feed(head, head == 0xff ? Bytes() : *input.slice(at, size));
    if (head != 0xff) at += size;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Limits limits;
  Quiet events;
  const Bytes input(data, size);
  {
    Connection connection;
    Context context{connection, events, all_secrets(), limits};
    const auto reader = tls_reader(context, [](Context& c, std::string_view alpn) { return recognising_reader(c, alpn, "tls"); });
    std::uint64_t given = 0;
    each_piece(input, [&](std::uint8_t head, Bytes bytes) {
      if (head == 0xff) return reader->gap(given % 2 ? Way::up : Way::down, given % 5);
      reader->read({head < 128 ? Way::up : Way::down, bytes, {given, bytes.size()}, 0});
      given += bytes.size();
    });
    reader->end();
    if (connection.dark_up + connection.dark_down > given) __builtin_trap();
  }
  for (const DatagramProtocol* p : datagram_protocols()) {
    if (p->name != "dtls") continue;
    Connection connection;
    Context context{connection, events, all_secrets(), limits};
    const auto reader = p->open(context);
    std::uint64_t given = 0;
    each_piece(input, [&](std::uint8_t head, Bytes bytes) {
      reader->read({head < 128 ? Way::up : Way::down, bytes, {given, bytes.size()}, 0});
      given += bytes.size();
    });
    reader->end();
    if (connection.dark_up + connection.dark_down > given) __builtin_trap();
  }
  return 0;
}
