// What readers of traffic tell. One EventSink takes the events of one capture, in the order of the frames that completed them, so
// the same capture gives the same events. Texts are raw bytes from the wire; they are escaped where they are shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "traffic/connection.h"
#include "traffic/stream.h"

namespace klik::traffic {

// A name that was asked for or told, and what it stands for.
struct Lookup {
  std::string_view how;              // "dns", "mdns", "llmnr", "nbns", "dhcp", "ssdp", "httpdns", "doh", …: a literal
  bool answer = false;               // a question, or an answer
  std::string name;                  // lower case, without the last dot
  std::string type;                  // "A", "AAAA", "HTTPS", "PTR", …; "TYPE65400" when unnamed
  std::vector<std::string> values;   // of an answer: addresses and names, in wire order
  std::string status;                // of an answer: "NOERROR", "NXDOMAIN", …
  Way way = Way::up;
  Origin origin;
  std::int64_t time_ns = 0;
  bool asked = false;                // of an answer: to a question that stands in the same message, or came before it on the same connection
  std::optional<std::uint32_t> ttl;  // of an answer: seconds that all of it holds; nothing when it does not say
};

// A ClientHello or ServerHello of TLS, DTLS or QUIC.
struct Hello {
  bool client = true;
  std::string_view over;             // "tls", "dtls", "quic": a literal
  std::string version;               // client: highest offered; server: chosen: "TLS 1.3", "DTLS 1.2", "0x7f14"
  std::string sni, alpn;             // alpn: client: all that it offers, comma-joined; server: the chosen one
  std::string ja4;                   // by the specification; client only
  std::string ja4_program;           // of the reference programs where it differs, else ""
  std::string cipher;                // server: the chosen suite, "TLS_AES_128_GCM_SHA256" or "0x1301"
  bool ech = false;                  // carries encrypted_client_hello (real or GREASE: they look alike)
  bool retried = false;              // a second ClientHello, after HelloRetryRequest
  std::uint32_t quic_version = 0;    // over == "quic"
  Origin origin;
  std::int64_t time_ns = 0;
};

// A certificate that an end presented.
struct Certificate {
  Way way = Way::down;
  std::uint32_t position = 0;        // 0: of the end itself
  std::vector<std::uint8_t> der;     // the whole of it; the sink keeps what it needs
  Origin origin;
  std::int64_t time_ns = 0;
};

// How far a message could be read.
enum class Opened : std::uint8_t { clear, decrypted, encrypted, damaged };
std::string_view opened_name(Opened state);

// A request, an answer, a frame of a protocol that klikspaan reads.
struct Message {
  std::uint64_t number = 0;          // within its connection, set by the sink unless it gave it ahead; contents refer to it
  std::string_view protocol;         // "http1", "h2", "h3", "websocket", "mqtt", "xiaomi_push", …: a literal
  std::string_view what;             // "request", "response", or the protocol's own word ("CONN", "PUBLISH"); a literal
  Way way = Way::up;
  std::uint64_t stream = 0;          // of h2 and h3: the stream's id
  std::string method, scheme, host, path;   // of a request; host by host_name.h, path with its query
  std::uint32_t status = 0;          // of a response
  std::string content_type, content_encoding, agent;
  std::uint64_t body_bytes = 0;      // as sent, before content decoding
  Opened state = Opened::clear;
  std::string detail;                // what the protocol adds, in words; never a value of a person
  Origin origin;
  std::int64_t time_ns = 0;
};

// Decoded bytes of a message that identifiers are searched in. Not kept.
struct Content {
  std::uint64_t message = 0;         // its number in the connection
  std::string_view place;            // "request.body", "request.header", "request.path", "response.body", …: a literal
  std::string_view name;             // of a header or field; "" for a body
  std::string_view type;             // declared: a Content-Type; "" when none
  Way way = Way::up;
  Bytes bytes;                       // content codings undone; valid during the call only
  std::string_view coding;           // the codings undone, in order of undoing, joined with '/': "gzip", "br"; "" for none
  Origin origin;
  std::int64_t time_ns = 0;
  std::uint64_t shown = 0;           // of a stretch: bytes at its start that the one before it had as well
};

// The place of bytes that are of no message.
inline constexpr std::string_view kStreamPlace = "stream";

// The start of a stream or of datagrams that no reader knows.
struct Unknown {
  Way way = Way::up;
  std::vector<std::uint8_t> first;   // up to 16 bytes
  std::uint32_t entropy_millibits = 0;   // of the sample, per byte: 0 … 8000
  std::uint64_t sampled = 0;         // bytes that the entropy is of
  Origin origin;
  std::int64_t time_ns = 0;
  Bytes start{};                     // `first` and what follows, so that what began in it can be known; valid during the call only
};

class EventSink {
 public:
  virtual ~EventSink() = default;
  // Before all else: when the first packet came. Not told without times.
  virtual void began(std::int64_t time_ns) { (void)time_ns; }
  virtual void lookup(const Connection& on, Lookup event) = 0;
  virtual void hello(const Connection& on, Hello event) = 0;
  virtual void certificate(const Connection& on, Certificate event) = 0;
  // Returns the number that contents of this message refer to.
  virtual std::uint64_t message(const Connection& on, Message event) = 0;
  virtual void content(const Connection& on, const Content& content) = 0;
  virtual void unknown(const Connection& on, Unknown event) = 0;
  // False when nobody looks into bodies: readers then do not collect them.
  virtual bool wants_content() const = 0;
  // The same for one body, asked when it begins: `about` has what stands before it. Asked only of HTTP.
  virtual bool wants_body(const Connection& on, const Message& about) const { return (void)on, (void)about, wants_content(); }
  // Bytes that are no whole content: of protocols that no reader knows (place "stream"), of what damage left over, of bodies too long to
  // be collected. Only identifiers are looked for in them. Told only to sinks that want them.
  virtual bool wants_stretches() const { return false; }
  virtual void stretch(const Connection& on, const Content& part) { (void)on, (void)part; }
  // The number that a message will have of which stretches come before it is told. 0: not known.
  virtual std::uint64_t number_ahead(const Connection& on) { return (void)on, 0; }
  // Once per connection, after its last event.
  virtual void connection(const Connection& ended) = 0;
  // Something odd or lost at `error.at` of the capture file.
  enum class Severity : std::uint8_t { info, error, data_loss };
  virtual void problem(const Error& error, Severity severity, std::string detail = {}) = 0;
};

}  // namespace klik::traffic
