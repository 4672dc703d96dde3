#include "extract/traffic_facts.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/text.h"
#include "data/resolvers.h"
#include "extract/hidden_identifiers.h"
#include "extract/leaks.h"
#include "extract/lookup_texts.h"
#include "extract/telemetry.h"
#include "formats/cert/x509.h"

namespace klik {
namespace {

using traffic::Origin;
using traffic::Way;
constexpr std::string_view kUnasked = "unasked";

#define KLIK_ON_CONNECTION {"connection", ColumnType::integer, "Number of the connection in its capture"}
#define KLIK_WAY {"way", ColumnType::text, "up: from the side that opened the connection; down: to it"}
#define KLIK_TIME {"time_ns", ColumnType::integer, "Nanoseconds since 1970-01-01 UTC, as the capture says", false, true}

constexpr Column kCaptureColumns[] = {
    {"format", ColumnType::text, "pcap, pcapng or har"},
    {"started_ns", ColumnType::integer, "Earliest frame, nanoseconds since 1970-01-01 UTC", false, true},
    {"ended_ns", ColumnType::integer, "Latest frame", false, true},
    {"device", ColumnType::text, "Address from which most connections were opened", false, true},
    {"connections", ColumnType::integer, "Connections of TCP and UDP, and pairs of addresses between which IP carried something else"},
    {"frames", ColumnType::integer, "Frames in the file"},
    {"bytes", ColumnType::integer, "Their bytes in the file"},
    {"not_ip", ColumnType::integer, "Frames that hold no IP: ARP, EAPOL and the like"},
    {"protected", ColumnType::integer, "802.11 frames under link encryption: nothing in them was seen"},
    {"damaged", ColumnType::integer, "Frames whose own lengths contradict each other"},
    {"unsupported", ColumnType::integer, "Frames of a link type that is not read"},
    {"fragments", ColumnType::integer, "Fragments of IP and of 802.11"},
    {"fragments_lost", ColumnType::integer, "Of them, those whose packet never became whole"},
    {"cut_frames", ColumnType::integer, "Frames of which the capture kept the start only"},
    {"cut_bytes", ColumnType::integer, "Bytes that it left out of them"},
    {"dropped", ColumnType::integer, "Frames that the capturing system says it lost"},
    {"secrets", ColumnType::integer, "TLS secrets at hand, in the capture or beside it"},
    {"secrets_used", ColumnType::integer, "Of them, those of connections that the capture has the start of"},
};
constexpr Column kConnectionColumns[] = {
    {"number", ColumnType::integer, "Within its capture, in order of the first packet", true},
    {"transport", ColumnType::text, "tcp, udp, or what else IP carried between two addresses: icmp, icmp6, esp, sctp, gre, …; ip253 where the number has no name here"},
    {"src", ColumnType::text, "Address of the side that opened it"},
    {"sport", ColumnType::integer, "Its port"},
    {"dst", ColumnType::text, "Address of the other side"},
    {"dport", ColumnType::integer, "Its port"},
    {"caller_by", ColumnType::text, "How the side that opened it is known: syn, syn-ack, port, capture (its word on the direction), echo (it asked for one), address (without ports: the local side is taken) or first (of the packets seen)"},
    {"outward", ColumnType::boolean, "The phone's side opened it: the caller's address is local, or neither is"},
    {"local", ColumnType::boolean, "It stayed in the local network: the other side is private, link-local, multicast or broadcast"},
    {"started_ns", ColumnType::integer, "Its first packet; null where the capture has no times", false, true},
    {"ended_ns", ColumnType::integer, "Its last packet", false, true},
    {"packets_up", ColumnType::integer, "From the side that opened it"},
    {"packets_down", ColumnType::integer, "To it"},
    {"bytes_up", ColumnType::integer, "Payload, repeats counted once"},
    {"bytes_down", ColumnType::integer, "Payload, repeats counted once"},
    {"missing_up", ColumnType::integer, "Payload that the capture lacks"},
    {"missing_down", ColumnType::integer, "Payload that the capture lacks"},
    {"late_up", ColumnType::integer, "Of bytes_up: that came when what follows had been read without it"},
    {"late_down", ColumnType::integer, "Of bytes_down: that came when what follows had been read without it"},
    {"protocol", ColumnType::text, "Outermost first: tls/h2, quic/h3, xiaomi_push, unknown"},
    {"host", ColumnType::text, "Name that the caller asked for", false, true},
    {"host_from", ColumnType::text, "What says so: sni, quic, http, …", false, true},
    {"looked_up", ColumnType::text, "Name that an answer in this capture gave for the address before", false, true},
    {"looked_up_by", ColumnType::text, "What that name is worth: looked_up, looked_up_long_ago, looked_up_by_another, announced or unasked", false, true},
    {"app", ColumnType::text, "That the capturing program names: user id and name, or the process' name", false, true},
    {"dark", ColumnType::text, "Why part of it could not be seen into; null: it could", false, true},
    {"dark_up", ColumnType::integer, "Payload not seen into"},
    {"dark_down", ColumnType::integer, "Payload not seen into"},
    {"names_under", ColumnType::text, "Names are asked for here under encryption: dot, doq or doh, by port, by what the client or the opened stream says, or by a known resolver", false, true},
    {"moved", ColumnType::integer, "Other pairs of addresses that it went on over (QUIC); net.path has them"},
};
constexpr Column kPathColumns[] = {
    KLIK_ON_CONNECTION,
    {"position", ColumnType::integer, "In the order in which they came up, from 1", true},
    {"src", ColumnType::text, "Address of the side that opened the connection"},
    {"sport", ColumnType::integer, "Its port"},
    {"dst", ColumnType::text, "Address of the other side"},
    {"dport", ColumnType::integer, "Its port"},
    {"known_by", ColumnType::text, "id: its first packet bears a connection id that was told in the clear, and goes to or comes from the same server; keys: it opened under the connection's keys"},
    {"started_ns", ColumnType::integer, "Its first packet; null where the capture has no times", false, true},
    {"packets_up", ColumnType::integer, "From the side that opened it; the connection counts them too"},
    {"packets_down", ColumnType::integer, "To it; the connection counts them too"},
};
constexpr Column kLookupColumns[] = {
    KLIK_ON_CONNECTION,
    {"how", ColumnType::text, "dns, mdns, llmnr, nbns, dhcp, httpdns, …"},
    {"answer", ColumnType::boolean, "An answer, not a question", true},
    {"name", ColumnType::text, "Lower case, without the last dot", true},
    {"type", ColumnType::text, "A, AAAA, HTTPS, PTR, …", true},
    {"value", ColumnType::text, "Of an answer: addresses and names, one per line", true, true},
    {"status", ColumnType::text, "Of an answer", false, true},
    KLIK_WAY,
    KLIK_TIME,
};
constexpr Column kHelloColumns[] = {
    KLIK_ON_CONNECTION,
    {"client", ColumnType::boolean, "A ClientHello; else a ServerHello", true},
    {"over", ColumnType::text, "tls, dtls or quic"},
    {"version", ColumnType::text, "Client: the highest it offers; server: the one it chose"},
    {"sni", ColumnType::text, "Name of the server that the client asks for; with ECH it may be a front's name", false, true},
    {"alpn", ColumnType::text, "Client: all that it offers, comma-joined; server: the one it chose", false, true},
    {"ja4", ColumnType::text, "Fingerprint of the client's software, by the specification", false, true},
    {"ja4_program", ColumnType::text, "What the reference programs print, where that differs", false, true},
    {"cipher", ColumnType::text, "That the server chose", false, true},
    {"ech", ColumnType::boolean, "Carries encrypted_client_hello, real or GREASE: they look alike"},
    {"retried", ColumnType::boolean, "Follows a HelloRetryRequest"},
    {"quic_version", ColumnType::text, "In hexadecimal", false, true},
    KLIK_TIME,
};
constexpr Column kCertificateColumns[] = {
    KLIK_ON_CONNECTION,
    {"way", ColumnType::text, "down: of the server; up: of the client"},
    {"position", ColumnType::integer, "In the chain; 0 is the end itself", true},
    {"sha256", ColumnType::text, "Of its bytes", true},
    {"subject", ColumnType::text, "RFC 2253", false, true},
    {"issuer", ColumnType::text, "RFC 2253", false, true},
    {"valid_from", ColumnType::text, "", false, true},
    {"valid_to", ColumnType::text, "", false, true},
    {"key", ColumnType::text, "Kind and size", false, true},
    KLIK_TIME,
};
constexpr Column kMessageColumns[] = {
    KLIK_ON_CONNECTION,
    {"number", ColumnType::integer, "Within its connection", true},
    {"protocol", ColumnType::text, "http1, h2, h3, websocket, mqtt, xiaomi_push, …"},
    {"what", ColumnType::text, "request, response, or the protocol's own word", true},
    KLIK_WAY,
    {"stream", ColumnType::integer, "Of h2 and h3: id of the stream", false, true},
    {"method", ColumnType::text, "", false, true},
    {"scheme", ColumnType::text, "", false, true},
    {"host", ColumnType::text, "", false, true},
    {"path", ColumnType::text, "Without its query", false, true},
    {"query", ColumnType::text, "Names of the query's fields, comma-joined; values are not kept", false, true},
    {"status", ColumnType::integer, "Of a response", false, true},
    {"content_type", ColumnType::text, "", false, true},
    {"content_encoding", ColumnType::text, "", false, true},
    {"agent", ColumnType::text, "User-Agent", false, true},
    {"body_bytes", ColumnType::integer, "As sent"},
    {"state", ColumnType::text, "clear, decrypted, encrypted or damaged"},
    {"detail", ColumnType::text, "What the protocol adds", false, true},
    KLIK_TIME,
};
constexpr Column kUnknownColumns[] = {
    KLIK_ON_CONNECTION,
    {"way", ColumnType::text, "up: from the side that opened the connection; down: to it", true},
    {"first", ColumnType::text, "Its first bytes, in hexadecimal; dots stand for those of an identifier that the owner gave"},
    {"entropy", ColumnType::integer, "Thousandths of a bit per byte, 0 to 8000, of the first bytes"},
    {"sampled", ColumnType::integer, "How many bytes that is over"},
    KLIK_TIME,
};

std::string_view way_name(Way way) { return way == Way::up ? "up" : "down"; }

Value word(std::string_view s) { return std::string(s); }
Value word_or_null(std::string_view s) { return s.empty() ? Value() : Value(text::storable(s)); }
Value time(std::int64_t ns) { return ns == 0 ? Value() : Value(ns); }   // 0: the capture has none (capture_file.h)
Value number(std::uint64_t n) { return static_cast<std::int64_t>(std::min<std::uint64_t>(n, INT64_MAX)); }

template <class... T>
std::vector<Value> values_of(T&&... each) {
  std::vector<Value> all;
  all.reserve(sizeof...(each));
  (all.push_back(std::forward<T>(each)), ...);
  return all;
}

// To many at once: RFC 5771, RFC 4291 §2.7, RFC 919.
bool is_group(const traffic::Address& address) {
  const auto& b = address.bytes;
  if (!address.is_v4()) return b[0] == 0xff;
  return (b[12] & 0xf0) == 0xe0 || (b[12] == 255 && b[13] == 255 && b[14] == 255 && b[15] == 255);
}

// That nobody has: of a side that the source does not tell, as in archives of HTTP (RFC 6890 §2.2.2).
bool is_unspecified(const traffic::Address& address) { return std::ranges::all_of(address.bytes.begin() + 12, address.bytes.end(), [](std::uint8_t b) { return b == 0; }) && (address.is_v4() || address == traffic::Address{}); }

// The one of IANA's ALPN ids "dot" and "doq" (RFC 9250 §7.1) that stands in a list of them, "" when none does.
std::string_view names_by_alpn(std::string_view alpn) {
  for (const std::string_view id : {"dot", "doq"})
    for (std::size_t at = alpn.find(id); at != alpn.npos; at = alpn.find(id, at + 1))
      if ((at == 0 || alpn[at - 1] == ',') && (at + id.size() == alpn.size() || alpn[at + id.size()] == ',')) return id;
  return {};
}

// RFC 7858 §3.1 and RFC 9250 §4.1.1 give DoT and DoQ port 853; on others the client says so (`asked`), or what was opened shows it. DoH looks
// like any other HTTPS, so only known resolvers tell.
std::string_view names_under(const traffic::Connection& c, std::string_view looked_up, std::string_view asked) {
  if (!asked.empty()) return asked;
  if (c.protocol.ends_with("tls/dns")) return "dot";
  if (c.protocol.ends_with("quic/dns")) return "doq";
  if (c.called.port == 853) return c.transport == traffic::Transport::tcp ? "dot" : "doq";
  if (c.called.port != 443) return {};
  const std::string_view host = c.host.empty() ? looked_up : std::string_view(c.host);
  return (host.empty() ? data::resolver_of_address(to_text(c.called.address)) : data::resolver_of_host(host)) ? "doh" : "";
}

// The names of a query's fields; what they hold is the sender's.
std::string field_names(std::string_view query) {
  std::string names;
  while (!query.empty()) {
    const std::string_view field = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(field.size() + 1, query.size()));
    const auto equals = field.find('=');
    if (equals == field.npos || equals == 0) continue;
    names.append(names.empty() ? "" : ",").append(field.substr(0, equals));
    if (names.size() > 1024) break;
  }
  return names;
}

}  // namespace

constexpr FactKind kNetCapture{"net.capture", "A capture of traffic, and how much of it is what.", kCaptureColumns};
constexpr FactKind kNetConnection{"net.connection", "A connection of TCP or UDP that was seen, or what else IP carried between two addresses.", kConnectionColumns, "blob_id, number, outward"};
constexpr FactKind kNetPath{"net.path", "Another pair of addresses that a connection went on over: its client moved to another network, or an address translation changed.", kPathColumns};
constexpr FactKind kNetLookup{"net.lookup", "A name that was asked for, or what an answer says it stands for.", kLookupColumns};
constexpr FactKind kNetHello{"net.hello", "A ClientHello or ServerHello.", kHelloColumns};
constexpr FactKind kNetCertificate{"net.certificate", "A certificate that an end presented. Whether it is valid was not judged.", kCertificateColumns, "blob_id, connection"};
constexpr FactKind kNetMessage{"net.message", "A request, an answer or another message that was read. Its body is not kept, and of each text the first 4,096 bytes.", kMessageColumns};
constexpr FactKind kNetUnknown{"net.unknown", "The start of a stream that no reader knows.", kUnknownColumns};

std::span<const FactKind* const> traffic_kinds() {
  static constexpr const FactKind* kAll[] = {&kNetCapture, &kNetConnection, &kNetPath, &kNetLookup, &kNetHello, &kNetCertificate, &kNetMessage, &kNetUnknown, &kNetLeak, &kNetSought, &kNetTelemetry};
  return kAll;
}

void TrafficFacts::emit(const FactKind& kind, std::vector<Value> values, Origin origin) {
  sink_.fact({&kind, capture_, std::move(values), {{capture_, origin.at, origin.length}}, kTrafficName});
}

void TrafficFacts::look_into(const traffic::Connection& on, std::string_view place, std::string_view text, Way way, Origin origin, std::int64_t time_ns) {
  if (text.empty()) return;
  const traffic::Content content{.message = 0, .place = place, .name = {}, .type = {}, .way = way, .bytes = Bytes::of(text), .coding = {}, .origin = origin, .time_ns = time_ns};
  for (ContentReader* reader : contents_) reader->content(on, content);
}

void TrafficFacts::lookup(const traffic::Connection& on, traffic::Lookup e) {
  if (wants_content())
    for (const LookupText& t : lookup_texts(e)) look_into(on, t.place, t.text, e.way, e.origin, e.time_ns);
  // In small letters it may be another text, from which the one that was sent is soon guessed.
  if (owner_ && !e.sent.empty() && owner_->holds(e.sent)) e.name = text::lower(hidden_in_host(e.sent, *owner_));
  std::string values;
  for (const std::string& v : e.values) values.append(values.empty() ? "" : "\n").append(v);
  names_.lookup(on, e);
  emit(kNetLookup, values_of(number(on.number), word(e.how), Value(std::int64_t{e.answer}), Value(text::storable(e.name)), word_or_null(e.type), word_or_null(values), word_or_null(e.status), word(way_name(e.way)), time(e.time_ns)), e.origin);
}

void TrafficFacts::hello(const traffic::Connection& on, traffic::Hello e) {
  // A server that chooses has the last word; in TLS 1.3 its choice is encrypted.
  if (const std::string_view asked = names_by_alpn(e.alpn); !asked.empty()) names_by_alpn_[on.number] = asked;
  else if (!e.client && !e.alpn.empty()) names_by_alpn_.erase(on.number);
  if (e.client) look_into(on, "hello.sni", e.sni, Way::up, e.origin, e.time_ns);
  std::string quic;
  if (e.over == "quic") {
    char hexadecimal[16];
    std::snprintf(hexadecimal, sizeof hexadecimal, "%08x", e.quic_version);
    quic = hexadecimal;
  }
  emit(kNetHello,
       values_of(number(on.number), Value(std::int64_t{e.client}), word(e.over), word(e.version), word_or_null(e.sni), word_or_null(e.alpn), word_or_null(e.ja4), word_or_null(e.ja4_program), word_or_null(e.cipher),
                 Value(std::int64_t{e.ech}), Value(std::int64_t{e.retried}), word_or_null(quic), time(e.time_ns)),
       e.origin);
}

void TrafficFacts::certificate(const traffic::Connection& on, traffic::Certificate e) {
  if (e.way == Way::up) look_into(on, "certificate", Bytes(e.der).text(), e.way, e.origin, e.time_ns);
  const auto parsed = cert::parse_certificate(Bytes(e.der));
  const cert::Certificate none{};
  const cert::Certificate& c = parsed ? *parsed : none;
  emit(kNetCertificate,
       values_of(number(on.number), word(way_name(e.way)), number(e.position), Value(hex(as_bytes(sha256(Bytes(e.der))))), word_or_null(c.subject), word_or_null(c.issuer), word_or_null(c.valid_from), word_or_null(c.valid_to),
                 word_or_null(c.key_text), time(e.time_ns)),
       e.origin);
}

std::uint64_t TrafficFacts::message(const traffic::Connection& on, traffic::Message e) {
  const std::uint64_t nth = e.number ? e.number : ++messages_[on.number];
  e.number = nth;
  for (ContentReader* reader : contents_) reader->message(on, e);
  const auto mark = e.path.find('?');
  const std::string query = mark == e.path.npos ? "" : field_names(std::string_view(e.path).substr(mark + 1));
  const bool streams = e.protocol == "h2" || e.protocol == "h3";
  emit(kNetMessage,
       values_of(number(on.number), number(nth), word(e.protocol), word(e.what), word(way_name(e.way)), streams ? number(e.stream) : Value(), word_or_null(e.method), word_or_null(e.scheme), word_or_null(e.host),
                 word_or_null(std::string_view(e.path).substr(0, mark)), word_or_null(query), e.status ? number(e.status) : Value(), word_or_null(e.content_type), word_or_null(e.content_encoding), word_or_null(e.agent),
                 number(e.body_bytes), word(traffic::opened_name(e.state)), word_or_null(e.detail), time(e.time_ns)),
       e.origin);
  return nth;
}

void TrafficFacts::content(const traffic::Connection& on, const traffic::Content& content) {
  for (ContentReader* reader : contents_) reader->content(on, content);
}

void TrafficFacts::stretch(const traffic::Connection& on, const traffic::Content& part) {
  for (ContentReader* reader : contents_) reader->stretch(on, part);
}

void TrafficFacts::unknown(const traffic::Connection& on, traffic::Unknown e) {
  std::string first = hex(Bytes(e.first));
  if (owner_)
    for (const traffic::LeakSearch::Place& p : owner_->places(e.start))
      for (std::uint64_t i = p.from; i < p.to && 2 * i < first.size(); ++i) first.replace(2 * i, 2, "..");
  emit(kNetUnknown, values_of(number(on.number), word(way_name(e.way)), Value(std::move(first)), number(e.entropy_millibits), number(e.sampled), time(e.time_ns)), e.origin);
}

void TrafficFacts::connection(const traffic::Connection& c) {
  ++connections_;
  messages_.erase(c.number);
  const auto asked = names_by_alpn_.extract(c.number);
  const auto [looked_up, by] = names_.of(c);
  names_.ended(c);
  const std::string_view relied_on = by == kUnasked ? std::string_view() : looked_up;   // what nobody asked for makes nobody's service of it
  if (c.host.empty() && !relied_on.empty()) {
    traffic::Connection named = c;
    named.named(relied_on, by);
    for (ContentReader* reader : contents_) reader->connection(named);
  } else {
    for (ContentReader* reader : contents_) reader->connection(c);
  }
  const bool outward = is_local(c.caller.address) || is_unspecified(c.caller.address) || !is_local(c.called.address);
  if (outward && c.transport != traffic::Transport::other && !is_unspecified(c.caller.address) && callers_.size() < 65'536) ++callers_[c.caller.address];
  // Before the connection's own fact, which is the last of it.
  std::uint64_t position = 0;
  for (const traffic::Path& path : c.paths)
    emit(kNetPath,
         values_of(number(c.number), number(++position), Value(to_text(path.caller.address)), number(path.caller.port), Value(to_text(path.called.address)), number(path.called.port), word(path.known_by), time(path.started_ns),
                   number(path.packets_up), number(path.packets_down)),
         path.first);
  emit(kNetConnection,
       values_of(number(c.number), Value(traffic::transport_name(c)), Value(to_text(c.caller.address)), number(c.caller.port), Value(to_text(c.called.address)), number(c.called.port), word(c.caller_by),
                 Value(std::int64_t{outward}), Value(std::int64_t{is_local(outward ? c.called.address : c.caller.address) || is_group(c.called.address)}), time(c.started_ns), time(c.ended_ns), number(c.packets_up), number(c.packets_down), number(c.bytes_up), number(c.bytes_down), number(c.missing_up), number(c.missing_down), number(c.late_up), number(c.late_down),
                 word(c.protocol), word_or_null(c.host), word_or_null(c.host_from), word_or_null(looked_up), word_or_null(by), word_or_null(c.app), c.dark == traffic::Dark::none ? Value() : word(dark_name(c.dark)),
                 number(c.dark_up), number(c.dark_down), word_or_null(names_under(c, relied_on, asked ? asked.mapped() : std::string_view())), number(c.paths.size())),
       c.first);
}

void TrafficFacts::problem(const Error& error, Severity severity, std::string detail) {
  constexpr ProblemSeverity kSame[] = {ProblemSeverity::info, ProblemSeverity::error, ProblemSeverity::data_loss};
  sink_.problem({error, kSame[std::to_underlying(severity)], std::move(detail), {}});
}

void TrafficFacts::finish(std::string_view format, const traffic::CaptureSummary& s) {
  const auto most = std::ranges::max_element(callers_, {}, [](const auto& of) { return of.second; });
  const traffic::FrameCounts& f = s.frames;
  emit(kNetCapture,
       values_of(word(format), time(s.started_ns), time(s.ended_ns), most == callers_.end() ? Value() : Value(to_text(most->first)), number(connections_), number(f.frames), number(f.bytes),
                 number(f.not_ip), number(f.protected_frames), number(f.damaged), number(f.unsupported_link), number(f.fragments), number(f.fragments_lost), number(f.cut_frames), number(f.cut_bytes), number(f.dropped),
                 number(s.secrets), number(s.secrets_used)),
       {});
}

}  // namespace klik
