// One request or response of HTTP while it is read, the same for HTTP/1, 2 and 3: header fields become the Message's columns and, when
// somebody looks, contents. Told once, when its end is known.
// Source: RFC 9110 (fields and their meaning), RFC 9113 §8.3 and RFC 9114 §4.3 (pseudo-header fields).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "traffic/body.h"

namespace klik::traffic {

// Whether what stands on this connection now was under encryption that was opened: "tls/h2", "quic/h3".
bool under_encryption(const Connection& connection);
inline Opened opened_state(const Connection& connection) { return under_encryption(connection) ? Opened::decrypted : Opened::clear; }

// Whether another protocol may be opened inside: tunnels in tunnels would otherwise go as deep as the input likes.
bool may_nest(const Connection& connection);

// The host of an authority, without user and port, lower case, without brackets' port: "example.org:8443" → "example.org".
std::string host_of_authority(std::string_view authority);

class HttpMessage {
 public:
  // `what`: "request" or "response". `share` outlives this.
  HttpMessage(const Context& context, CollectedBytes& share, std::string_view protocol, std::string_view what, Way way, std::uint64_t stream, Origin origin, std::int64_t time_ns);

  Message event;   // its columns, for what is not a field

  // One header or trailer field, or a pseudo-header field. The last value of a column counts; Host gives way to :authority.
  void field(std::string_view name, std::string_view value);
  // What of a message is neither field nor body: searched, not kept. `place`, `name`: literals.
  void part(std::string_view place, std::string_view name, std::string_view bytes);
  // "http://host:port/path", "host:port" of CONNECT, "/path", "*".
  void target(std::string_view text);
  void note(std::string_view words) { add_words(event.detail, words); }
  void damaged(std::string_view words);
  Body& body();
  bool is_request() const { return request_; }
  const std::string& upgrade() const { return upgrade_; }
  const std::string& websocket_extensions() const { return websocket_extensions_; }

  // The host of a request is the connection's, unless that has a name already. Called when the header fields are complete.
  void name_connection(Context& context) const;
  // Tells the message and its contents; nothing the second time.
  void tell(Context& context);

 private:
  struct Field {
    std::string_view place;
    std::string name, value;
  };
  bool fits(std::string_view place, std::string_view name, std::string_view value);
  void search_unkept(std::string_view place, std::string_view name, std::string_view value);
  std::string_view header_place() const { return request_ ? "request.header" : "response.header"; }
  const Context* context_;
  CollectedBytes* share_;
  bool request_;
  bool told_ = false, body_begun_ = false;
  bool keep_fields_;
  bool fields_cut_ = false;
  std::uint64_t field_bytes_ = 0;
  std::string grpc_encoding_, upgrade_, websocket_extensions_;
  std::vector<Field> fields_;
  std::string names_;   // of fields, as sent: those that not everybody sends
  Body body_;
};

}  // namespace klik::traffic
