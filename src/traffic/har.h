// HTTP archives: what a browser or an intercepting proxy says went through it. Not packets: sizes, times and addresses are that
// program's word, and what did not go through it is not there.
// Source: HTTP Archive 1.2 (W3C web performance group's draft, "HAR 1.2 Spec"). Fields that begin with '_' are others' and ignored, but
// for `_webSocketMessages` of Chrome since version 76: its elements are Network.WebSocketFrame of the DevTools Protocol, `opcode` and
// `data` (text, or base64 when the opcode is not 1), with `type` ("send", "receive") and `time` (seconds since 1970).
#pragma once

#include "traffic/analysis.h"

namespace klik::traffic {

// Reads in pieces, whatever the size. Each entry is a request and its answer; entries of the same server and connection are one
// connection, those without such an id one per origin. The phone's side is the unspecified address, 0.0.0.0, and so is a server whose
// address the archive does not give. Requests under https count as decrypted. The messages of a
// WebSocket belong to a connection of its own, whose bytes they add to; those of other types ("error") are no messages. `frames` of the summary counts entries.
// Errors: bad_magic (JSON of another sort, or none), io. A file that breaks off is told to the sink and does not undo what was read.
Result<CaptureSummary> analyse_har(const SourceRef& file, const Limits& limits, EventSink& events);

}  // namespace klik::traffic
