#include "extract/traffic_joins.h"

namespace klik {
namespace {

constexpr ViewColumn kColumns[] = {
    {"capture_id", "The capture."},
    {"host", "That was contacted, by name."},
    {"connections", "To it, in this capture."},
    {"bytes_out", "Payload from the phone's side."},
    {"held", "exact: a file names this very host; below: a file names a domain that it lies below; none: no file that was read names it."},
    {"named", "What the file names."},
    {"build_id", "The build whose file that is."},
    {"actor_id", "The package or service that names it."},
    {"artifact_id", "The file."},
    {"how", "How the host is known there: literal, folded, decrypted, flow or config."},
    {"endpoint_fact", "For `klikspaan why`: class and offset that hold it."},
    {"fact_id", "For `klikspaan why`: its first connection."},
};

}  // namespace

// A bare top domain is no owner's, so what a file names must have a dot of its own.
constexpr View kWireHostView{"wire_host", "Hosts on the wire, and the files that hold their names. A name may also be put together at run time or come over the net: `none` means not found in what was read.", kColumns,
                             R"(WITH w AS (SELECT capture_id, host, count(*) AS connections, sum(bytes_out) AS bytes_out, min(fact_id) AS fact_id FROM connection WHERE host IS NOT NULL GROUP BY capture_id, host),
e AS (SELECT build_id, host, actor_id, artifact_id, how, min(fact_id) AS fact_id FROM endpoint WHERE host LIKE '%_._%' GROUP BY build_id, host, actor_id, artifact_id, how)
SELECT w.capture_id, w.host, w.connections, w.bytes_out, CASE WHEN e.host IS NULL THEN 'none' WHEN e.host = w.host THEN 'exact' ELSE 'below' END, e.host, e.build_id, e.actor_id, e.artifact_id, e.how, e.fact_id, w.fact_id
FROM w LEFT JOIN e ON e.host = w.host OR (length(w.host) > length(e.host) AND substr(w.host, -length(e.host) - 1) = '.' || e.host))"};

}  // namespace klik
