#include "extract/traffic_joins.h"

namespace klik {
namespace {

constexpr ViewColumn kColumns[] = {
    {"capture_id", "The capture."},
    {"host", "That was contacted, by name."},
    {"connections", "To it, in this capture."},
    {"bytes_out", "Payload from the phone's side."},
    {"held", "exact: a file names this very host; below: a file names a domain that it lies below; none: no file that was read names it; null: no software was read."},
    {"named", "What the file names."},
    {"build_id", "The build whose file that is."},
    {"actor_id", "The package or service that names it."},
    {"artifact_id", "The file."},
    {"how", "How the host is known there: literal, folded, decrypted, flow or config."},
    {"endpoint_fact", "For `klikspaan why`: class and offset that hold it."},
    {"fact_id", "For `klikspaan why`: its first connection."},
};

constexpr ViewColumn kRefusedColumns[] = {
    {"connection_id", "The connection."},
    {"capture_id", "The capture."},
    {"host", "Name that was asked for, else the address of the other side."},
    {"owner", "Whose name the host bears, by data/owners."},
    {"app", "That the capturing program names."},
    {"reason", "As the client says: unknown_ca, bad_certificate, unsupported_certificate or certificate_unknown."},
    {"at", "UTC."},
    {"fact_id", "For `klikspaan why`: the alert."},
};

constexpr ViewColumn kSeenColumns[] = {
    {"leak_id", "As in leak."},
    {"connection_id", "The connection."},
    {"capture_id", "The capture."},
    {"build_id", "The build in whose captures it was seen."},
    {"identifier", "Kind: imei, mac, phone, email, …"},
    {"digest", "Stands for the value, as in leak."},
    {"way", "out: it went out; back: it came from the other side, which may only echo what was sent; local: it stayed in the local network."},
    {"host", "To whom, or from whom: host of the request, else of the connection, else the address of the other side."},
    {"owner", "Whose name the host bears, by data/owners; null: not known, or only an address is."},
    {"owner_country", "Of the owner's seat; not where the machine stands."},
    {"app", "That the capturing program names."},
    {"open", "1: anybody on the way could read it; 0: it was under encryption that could be opened here."},
    {"decode_path", "The place and the decodings down to the value."},
    {"form", "How it was written: plain, upper, md5.hex, …"},
    {"strength", "decoded: this very value; weak: so few bits, or so short, that it may be chance."},
    {"at", "UTC."},
    {"fact_id", "For `klikspaan why`."},
};

constexpr ViewColumn kTallyColumns[] = {
    {"build_id", "The build in whose captures it was looked for."},
    {"identifier", "Kind: imei, mac, phone, email, …"},
    {"sought", "How many of that kind were looked for."},
    {"went_out", "How many of them were seen to go out."},
    {"hosts", "To how many hosts those went."},
    {"host", "The first of these by name."},
    {"came_back", "How many were seen in what the other side sent; it may only echo."},
    {"stayed", "How many were seen in the local network and nowhere else."},
    {"chance", "How many were seen only in a form so short that it may be chance."},
    {"not_seen", "How many were not seen in anything that could be read; they may still have been sent."},
    {"fact_id", "For `klikspaan why`: what was given."},
};

}  // namespace

// RFC 8446 section 6.2: these tell that the certificate was not accepted; one that expired or was withdrawn is another matter.
constexpr View kCertificateRefusedView{"certificate_refused", "Connections whose client told the server that it does not accept its certificate: it pins another, or does not trust who signed it. Where the alert is encrypted and no secret is at hand, that is not seen.", kRefusedColumns,
                                       R"(SELECT c.connection_id, c.capture_id, coalesce(c.host, iif(c.outward, c.dst, c.src)), c.owner, c.app, substr(m.detail, instr(m.detail, ' ') + 1), min(m."at"), m.fact_id
FROM message m JOIN connection c ON c.connection_id = m.connection_id AND c.capture_id = m.capture_id
WHERE m.what = 'alert' AND m.protocol IN ('tls', 'dtls') AND m.out = c.outward AND m.detail IN ('fatal unknown_ca', 'fatal bad_certificate', 'fatal unsupported_certificate', 'fatal certificate_unknown', 'warning unknown_ca', 'warning bad_certificate', 'warning unsupported_certificate', 'warning certificate_unknown')
GROUP BY c.connection_id, c.capture_id)"};

// A ClientHello is in the clear whatever follows it. The owner of a request's host is that of its connection only when both are one.
constexpr View kIdentifierSeenView{"identifier_seen", "Identifiers of the owner that were seen, with whom they went to. One that was looked for (identifier_sought) and is not here was not seen in what could be read; it may still have been sent.", kSeenColumns,
                                   R"(SELECT l.leak_id, l.connection_id, l.capture_id, k.build_id, l.identifier, l.digest, CASE WHEN c.local THEN 'local' WHEN l.out THEN 'out' ELSE 'back' END, coalesce(m.host, c.host, iif(c.outward, c.dst, c.src)),
iif(m.host IS NULL OR m.host IS c.host, c.owner, NULL), iif(m.host IS NULL OR m.host IS c.host, c.owner_country, NULL), c.app, CASE WHEN l.place LIKE 'hello%' THEN 1 WHEN m.state = 'clear' THEN 1 WHEN m.state = 'decrypted' THEN 0 ELSE c.protocol IS NULL OR (c.protocol NOT LIKE '%tls%' AND c.protocol NOT LIKE '%quic%') END,
l.decode_path, l.form, l.strength, l.at, l.fact_id
FROM leak l JOIN connection c ON c.connection_id = l.connection_id AND c.capture_id = l.capture_id JOIN capture k ON k.capture_id = l.capture_id
LEFT JOIN _net_leak f ON f.row_id = l.leak_id LEFT JOIN _net_message m ON +m.blob_id = f.blob_id AND m.connection = f.connection AND m.number = f.message)"};

constexpr View kIdentifierTallyView{"identifier_tally", "Of each kind of identifier that was looked for, how many were seen, and where.", kTallyColumns,
                                    R"(WITH d AS (SELECT build_id, identifier, digest, max(way = 'out' AND strength = 'decoded') AS out, max(way = 'back' AND strength = 'decoded') AS back, max(way = 'local' AND strength = 'decoded') AS local FROM identifier_seen GROUP BY 1, 2, 3),
h AS (SELECT build_id, identifier, count(DISTINCT host) AS hosts, min(host) AS host FROM identifier_seen WHERE way = 'out' AND strength = 'decoded' GROUP BY 1, 2)
SELECT i.build_id, i.identifier, i.sought, coalesce(sum(d.out), 0), coalesce(h.hosts, 0), h.host, coalesce(sum(d.back), 0), coalesce(sum(d.local AND NOT d.out AND NOT d.back), 0), coalesce(sum(NOT d.local AND NOT d.out AND NOT d.back), 0), i.sought - count(d.digest), i.fact_id
FROM identifier_sought i LEFT JOIN d ON d.build_id = i.build_id AND d.identifier = i.identifier LEFT JOIN h ON h.build_id = i.build_id AND h.identifier = i.identifier GROUP BY i.build_id, i.identifier)"};

// A bare top domain is no owner's, so what a file names must have a dot of its own.
constexpr View kWireHostView{"wire_host", "Hosts on the wire, and the files that hold their names. A name may also be put together at run time or come over the net: `none` means not found in what was read.", kColumns,
                             R"(WITH w AS (SELECT capture_id, host, count(*) AS connections, sum(bytes_out) AS bytes_out, min(fact_id) AS fact_id FROM connection WHERE host IS NOT NULL GROUP BY capture_id, host),
e AS (SELECT build_id, host, actor_id, artifact_id, how, min(fact_id) AS fact_id FROM endpoint WHERE host LIKE '%_._%' GROUP BY build_id, host, actor_id, artifact_id, how)
SELECT w.capture_id, w.host, w.connections, w.bytes_out, CASE WHEN e.host IS NULL THEN iif(EXISTS (SELECT 1 FROM e) OR EXISTS (SELECT 1 FROM package), 'none', NULL) WHEN e.host = w.host THEN 'exact' ELSE 'below' END, e.host, e.build_id, e.actor_id, e.artifact_id, e.how, e.fact_id, w.fact_id
FROM w LEFT JOIN e ON e.host = w.host OR (length(w.host) > length(e.host) AND substr(w.host, -length(e.host) - 1) = '.' || e.host))"};

}  // namespace klik
