// The public views over captures.
#include "extract/capture_place.h"
#include "extract/leaks.h"
#include "extract/telemetry.h"
#include "extract/traffic_facts.h"
#include "extract/traffic_joins.h"

namespace klik {
namespace {

// A capture's time as text: nanoseconds do not fit a SQLite date.
#define KLIK_UTC(ns) "strftime('%Y-%m-%dT%H:%M:%S', " ns " / 1000000000, 'unixepoch') || format('.%06dZ', " ns " % 1000000000 / 1000)"
// The plus before capture ids is for joins of these views: they must go by connections, for all rows of a case may be of one capture.
#define KLIK_ID "lower(hex(f.fact_id))"

constexpr ViewColumn kCaptureColumns[] = {
    {"capture_id", "The artifact that it is."},
    {"artifact_id", "The same, for joins with artifact."},
    {"build_id", "The build that was handed in with it."},
    {"device", "Address from which most connections were opened; the phone's, when one phone was captured."},
    {"started", "Earliest frame, UTC."},
    {"ended", "Latest frame, UTC. A file may hold several recordings: do not take the difference for a duration."},
    {"format", "pcap, pcapng, or har: an archive of HTTP, which holds what went through one program and its word on it."},
    {"connections", "Of TCP and UDP, and pairs of addresses between which IP carried something else."},
    {"frames", "Frames in the file."},
    {"bytes", "Their bytes in the file."},
    {"not_ip", "Frames without IP."},
    {"protected", "802.11 frames under link encryption: nothing in them was seen."},
    {"damaged", "Frames whose own lengths contradict each other."},
    {"unsupported", "Frames of a link type that is not read."},
    {"fragments_lost", "Fragments of IP and of 802.11 whose packet never became whole."},
    {"cut_bytes", "Bytes that the capture left out of frames."},
    {"dropped", "Frames that the capturing system says it lost."},
    {"secrets", "TLS secrets at hand."},
    {"secrets_used", "Of them, those of connections that the capture has the start of. None of many: they are of another recording."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kCapture{"capture", "Captures of traffic. What is not in one was not seen; it may still have been sent.", kCaptureColumns,
                        "SELECT a.artifact_id, a.artifact_id, a.build_id, f.device, " KLIK_UTC("f.started_ns") ", " KLIK_UTC("f.ended_ns") ", f.format, f.connections, f.frames, f.bytes, f.not_ip, f.protected, f.damaged, f.unsupported, f.fragments_lost, f.cut_bytes, f.dropped, f.secrets, f.secrets_used, " KLIK_ID " FROM _net_capture f" KLIK_CAPTURES};

constexpr ViewColumn kConnectionColumns[] = {
    {"connection_id", "Number within this case file."},
    {"capture_id", "The capture it was seen in."},
    {"started", "Its first packet, UTC."},
    {"src", "Address of the side that opened it."},
    {"sport", "Its port."},
    {"dst", "Address of the other side."},
    {"dport", "Its port."},
    {"proto", "tcp, udp, or what else IP carried between the two addresses: icmp, icmp6, esp, sctp, gre, …; ip253 where the number has no name here. Ports are 0 then."},
    {"bytes_out", "Payload from the phone's side."},
    {"bytes_in", "Payload to it."},
    {"host", "Name that the caller asked for, else the one that an answer in the capture gave for the address; null: only an address is known."},
    {"owner", "Whose name the host bears, by data/owners; not who sees the data. Null: not known."},
    {"asn", "Autonomous system that announces the other side's address, by the tables at hand."},
    {"country_votes", "\"CN 2, HK 1 of 3\": how many of the tables name which country for that address; country_vote has them one by one. Null: no table was at hand."},
    {"app", "That the capturing program names. A hint: of Android the user id is the fact, and packages may share one; of Apple's it is the name of a process, cut to 16 bytes."},
    {"host_from", "sni, outer_sni, quic, gquic, http, socks, push: the caller's own word. From an answer in the capture, by worth: looked_up (the caller asked for it), looked_up_long_ago (it did, and the answer's time was over more than an hour before), looked_up_by_another (another address asked: another device, or the same by another of its addresses), announced (told to the local network: mDNS and the like), unasked (nobody was seen to ask; no owner is taken from it)."},
    {"owner_country", "Of the owner's seat; not where the machine stands."},
    {"as_name", "Who holds the autonomous system; a carrier or a content network may stand before the owner."},
    {"certificate_owner", "Organisation that the server's own certificate names."},
    {"protocol", "Outermost first: tls/h2, quic/h3, xiaomi_push, unknown."},
    {"ended", "Its last packet, UTC."},
    {"outward", "1: the phone's side opened it."},
    {"local", "1: it stayed in the local network."},
    {"caller_by", "How the side that opened it is known: syn, syn-ack, port, capture, echo, address or first."},
    {"packets", "Both ways."},
    {"missing", "Payload that the capture lacks, both ways, as far as sequence and acknowledgement numbers tell."},
    {"dark", "Why part of it could not be seen into: tls, quic, dtls, esp, ech, encrypted_body, unknown_protocol, damaged. Null: it could."},
    {"dark_out", "Payload from the phone's side that was not seen into."},
    {"dark_in", "Payload to it that was not seen into."},
    {"names_under", "dot, doq, doh: names are asked for here under encryption, by port, by what the client or the opened stream says, or by a known resolver. With `dark` they were not seen."},
    {"number", "Within its capture, in order of the first packet."},
    {"moved", "Other pairs of addresses that it went on over, rows of connection_path; 0: it stayed, or that it moved could not be seen."},
    {"late", "Payload that is in the capture but came so late that what follows was read without it; both ways, part of bytes_out and bytes_in and of what is dark."},
    {"fact_id", "For `klikspaan why`."},
};
// Asked one by one, since most questions ask for few of them.
#define KLIK_OF_HOST(column) "(SELECT h." column " FROM _net_host_owner h WHERE h.build_id = a.build_id AND h.host = coalesce(f.host, iif(f.looked_up_by = 'unasked', NULL, f.looked_up)))"
#define KLIK_OF_ADDRESS(column) "(SELECT n." column " FROM _net_address n WHERE n.build_id = a.build_id AND n.address = iif(f.outward, f.dst, f.src))"
#define KLIK_OF_CERTIFICATE "(SELECT min(o.organisation) FROM _net_certificate k JOIN _net_certificate_owner o ON o.sha256 = k.sha256 AND o.build_id = a.build_id WHERE k.blob_id = f.blob_id AND k.connection = f.number AND k.position = 0 AND k.way = 'down')"
constexpr View kConnection{"connection", "Who on the phone's side talked to whom. A connection is not yet exfiltration.", kConnectionColumns,
                           "SELECT f.row_id, +a.artifact_id, " KLIK_UTC("f.started_ns") ", f.src, f.sport, f.dst, f.dport, f.transport, iif(f.outward, f.bytes_up, f.bytes_down), iif(f.outward, f.bytes_down, f.bytes_up), "
                           "coalesce(f.host, f.looked_up), " KLIK_OF_HOST("owner") ", " KLIK_OF_ADDRESS("asn") ", " KLIK_OF_ADDRESS("votes") ", f.app, coalesce(f.host_from, f.looked_up_by), " KLIK_OF_HOST("country") ", " KLIK_OF_ADDRESS("as_name") ", " KLIK_OF_CERTIFICATE ", nullif(f.protocol, ''), " KLIK_UTC("f.ended_ns") ", f.outward, f.local, f.caller_by, f.packets_up + f.packets_down, "
                           "f.missing_up + f.missing_down, f.dark, iif(f.outward, f.dark_up, f.dark_down), iif(f.outward, f.dark_down, f.dark_up), f.names_under, f.number, f.moved, f.late_up + f.late_down, " KLIK_ID " FROM _net_connection f" KLIK_CAPTURES, true};

constexpr ViewColumn kPathColumns[] = {
    {"connection_id", "The connection. All that it says counts what passed here as well."},
    {"capture_id", "The capture."},
    {"position", "In the order in which they came up, from 1."},
    {"src", "Address of the side that opened the connection."},
    {"sport", "Its port."},
    {"dst", "Address of the other side."},
    {"dport", "Its port."},
    {"known_by", "id: its first packet bears a connection id that was told in the clear, and the server's address is the same; keys: it opened under the connection's keys."},
    {"packets", "Both ways."},
    {"started", "Its first packet, UTC."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kPath{"connection_path", "Where QUIC connections went on when the client's address or port changed. The first pair of addresses is in connection.", kPathColumns,
                     "SELECT c.row_id, +a.artifact_id, f.position, f.src, f.sport, f.dst, f.dport, f.known_by, f.packets_up + f.packets_down, " KLIK_UTC("f.started_ns") ", " KLIK_ID " FROM _net_path f" KLIK_CAPTURES KLIK_CONNECTION};

constexpr ViewColumn kLookupColumns[] = {
    {"connection_id", "The connection that carried it."},
    {"capture_id", "The capture."},
    {"how", "dns, mdns, llmnr, nbns, dhcp, httpdns, …"},
    {"answer", "1: an answer; 0: a question."},
    {"name", "Lower case, without the last dot. Names of devices are personal."},
    {"type", "A, AAAA, HTTPS, PTR, …"},
    {"value", "Of an answer: addresses and names, one per line."},
    {"status", "Of an answer: NOERROR, NXDOMAIN, …"},
    {"at", "UTC."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kLookup{"name_lookup", "Names that were asked for, and what answers said.", kLookupColumns,
                       "SELECT c.row_id, +a.artifact_id, f.how, f.answer, f.name, f.type, f.value, f.status, " KLIK_UTC("f.time_ns") ", " KLIK_ID " FROM _net_lookup f" KLIK_CAPTURES KLIK_CONNECTION, true};

constexpr ViewColumn kHelloColumns[] = {
    {"connection_id", "The connection."},
    {"capture_id", "The capture."},
    {"client", "1: a ClientHello; 0: a ServerHello."},
    {"sni", "Name of the server that the client asks for. With ech it may be a front's name."},
    {"alpn", "Client: all that it offers; server: the one it chose."},
    {"ja4", "Fingerprint of the client's software, by the specification."},
    {"ja4_program", "What the reference programs print, where that differs."},
    {"version", "Client: the highest it offers; server: the one it chose."},
    {"cipher", "That the server chose."},
    {"over", "tls, dtls or quic."},
    {"quic_version", "In hexadecimal."},
    {"ech", "1: carries encrypted_client_hello, real or GREASE."},
    {"retried", "1: follows a HelloRetryRequest."},
    {"at", "UTC."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kHello{"tls_hello", "Starts of encrypted connections.", kHelloColumns,
                      "SELECT c.row_id, +a.artifact_id, f.client, f.sni, f.alpn, f.ja4, f.ja4_program, f.version, f.cipher, f.over, f.quic_version, f.ech, f.retried, " KLIK_UTC("f.time_ns") ", " KLIK_ID " FROM _net_hello f" KLIK_CAPTURES KLIK_CONNECTION};

constexpr ViewColumn kCertificateColumns[] = {
    {"connection_id", "The connection."},
    {"capture_id", "The capture."},
    {"way", "down: of the server; up: of the client (from and to the side that opened the connection)."},
    {"position", "In the chain; 0 is the end itself."},
    {"sha256", "Of its bytes."},
    {"subject", "RFC 2253."},
    {"issuer", "RFC 2253."},
    {"valid_from", "UTC."},
    {"valid_to", "UTC."},
    {"key", "Kind and size."},
    {"at", "UTC."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kCertificate{"tls_certificate", "Certificates that were presented. Whether they are valid was not judged.", kCertificateColumns,
                            "SELECT c.row_id, +a.artifact_id, f.way, f.position, f.sha256, f.subject, f.issuer, f.valid_from, f.valid_to, f.\"key\", " KLIK_UTC("f.time_ns") ", " KLIK_ID " FROM _net_certificate f" KLIK_CAPTURES KLIK_CONNECTION};

constexpr ViewColumn kMessageColumns[] = {
    {"connection_id", "The connection."},
    {"capture_id", "The capture."},
    {"number", "Within its connection."},
    {"protocol", "http1, h2, h3, websocket, mqtt, xiaomi_push, …"},
    {"what", "request, response, or the protocol's own word."},
    {"out", "1: from the phone's side."},
    {"method", "Of a request."},
    {"scheme", "Of a request."},
    {"host", "Of a request."},
    {"path", "Without its query. May hold what is personal."},
    {"query", "Names of the query's fields; their values are not kept."},
    {"status", "Of a response."},
    {"content_type", "As declared."},
    {"content_encoding", "As declared."},
    {"agent", "User-Agent."},
    {"body_bytes", "As sent."},
    {"state", "clear, decrypted, encrypted or damaged."},
    {"detail", "What the protocol adds."},
    {"stream", "Of h2 and h3."},
    {"at", "UTC."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kMessage{"message", "Messages that were read. Bodies are not kept, and of each text the first 4,096 bytes.", kMessageColumns,
                        "SELECT c.row_id, +a.artifact_id, f.number, f.protocol, f.what, (f.way = 'up') = c.outward, f.method, f.scheme, f.host, f.path, f.query, f.status, f.content_type, f.content_encoding, f.agent, f.body_bytes, f.state, f.detail, f.stream, " KLIK_UTC("f.time_ns") ", " KLIK_ID " FROM _net_message f" KLIK_CAPTURES KLIK_CONNECTION, true};

constexpr ViewColumn kUnknownColumns[] = {
    {"connection_id", "The connection."},
    {"capture_id", "The capture."},
    {"out", "1: from the phone's side."},
    {"first", "Its first bytes, in hexadecimal; dots stand for those of an identifier that the owner gave. They may tell who somebody is."},
    {"entropy", "Bits per byte, 0 to 8, of the first bytes: near 8 is encrypted or packed."},
    {"sampled", "How many bytes that is over."},
    {"at", "UTC."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kUnknown{"unknown_stream", "Starts of streams that no reader knows.", kUnknownColumns,
                        "SELECT c.row_id, +a.artifact_id, (f.way = 'up') = c.outward, f.first, f.entropy / 1000.0, f.sampled, " KLIK_UTC("f.time_ns") ", " KLIK_ID " FROM _net_unknown f" KLIK_CAPTURES KLIK_CONNECTION};

constexpr const View* kAll[] = {&kCapture, &kConnection, &kPath, &kLookup, &kHello, &kCertificate, &kMessage, &kUnknown, &kWireHostView, &kLeakView, &kSoughtView, &kIdentifierSeenView, &kIdentifierTallyView, &kCertificateRefusedView, &kTelemetryView};

}  // namespace

std::span<const View* const> traffic_views() { return kAll; }

}  // namespace klik
