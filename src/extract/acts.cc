// What the owner did while a capture ran, in the owner's own file: so that what a phone sends by itself can be told from what
// it was asked to do. A file is one when its first line that is not empty is "# klikspaan acts"; then, per line, a time, a state and words:
//   2026-01-05T10:00:00Z reset    factory settings
//   2026-01-05T10:04:00Z consent  accepted the user agreement
//   2026-01-05T10:30:00Z idle     on the table, screen off
//   2026-01-05T18:00:00Z use      opened Settings
#include "base/text.h"
#include "extract/capture_place.h"
#include "extract/columns.h"
#include "formats/date_time.h"

namespace klik {
namespace {

constexpr std::string_view kName = "acts@2";
constexpr std::size_t kMostLines = 100'000, kMostBytes = std::size_t{16} << 20;
constexpr std::string_view kStates[] = {"reset", "idle", "use", "consent", "refuse", "update", "block"};

constexpr Column kColumns[] = {
    {"line", ColumnType::integer, "In the file, from 1", true},
    {"at", ColumnType::integer, "Seconds since 1970-01-01 UTC"},
    {"state", ColumnType::text, "reset, idle, use, consent, refuse, update or block"},
    {"act", ColumnType::text, "In the owner's words", false, true},
};
constexpr FactKind kAct{"net.act", "What the owner did at some time, as the owner wrote it down.", kColumns};
constexpr const FactKind* kEmits[] = {&kAct};

bool wants(std::string_view kind, std::string_view) { return kind == "acts"; }

void run(const FileItem& item, FactSink& sink) {
  if (item.source->size() > kMostBytes) return sink.problem({fail(Code::over_budget, kMostBytes, "a list of acts of more than 16 MiB was not read").error(), ProblemSeverity::data_loss});
  const auto blob = item.source->load();
  if (!blob) return sink.problem({blob.error(), ProblemSeverity::data_loss});
  const std::string_view all = blob->bytes().text();
  std::int64_t line = 0;
  std::size_t wrong = 0;
  for (std::size_t at = 0; at < all.size() && static_cast<std::size_t>(line) < kMostLines;) {
    const std::size_t end = std::min(all.find('\n', at), all.size());
    std::string_view rest = all.substr(at, end - at);
    const Place place{item.blob, at, end - at};
    at = end + 1;
    ++line;
    if (place.at == 0 && rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);
    while (!rest.empty() && (rest.back() == '\r' || rest.back() == ' ')) rest.remove_suffix(1);
    if (rest.empty() || rest.front() == '#') continue;
    const auto word = [&] {
      const std::string_view w = rest.substr(0, rest.find_first_of(" \t"));
      rest.remove_prefix(w.size());
      rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
      return w;
    };
    const auto when = nanoseconds_of(word());
    const std::string_view state = word();
    if (!when || std::ranges::find(kStates, state) == std::end(kStates)) {
      if (wrong++ < 16) sink.problem({fail(Code::bad_value, place.at, "a line of the list of acts is not 'YYYY-MM-DDTHH:MM:SSZ STATE words' (or with another zone than Z)").error(), ProblemSeverity::data_loss, "line " + std::to_string(line), "states: reset, idle, use, consent, refuse, update, block"});
      continue;
    }
    Row row(kAct);
    row.set("line", line).set("at", *when / 1'000'000'000).set("state", state);
    if (!rest.empty()) row.set("act", text::storable(rest));
    sink.fact({&kAct, item.blob, row.values(), {place}, kName});
  }
}

constexpr ViewColumn kActColumns[] = {
    {"build_id", "The build it was handed in with."},
    {"at", "UTC."},
    {"state", "reset, idle, use, consent, refuse, update or block."},
    {"act", "In the owner's words."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kActView{"act", "What the owner did, as the owner wrote it down.", kActColumns,
                        "SELECT a.build_id, strftime('%Y-%m-%dT%H:%M:%SZ', f.at, 'unixepoch'), f.state, f.act, lower(hex(f.fact_id)) FROM _net_act f" KLIK_CAPTURES};

constexpr ViewColumn kDuringColumns[] = {
    {"connection_id", "The connection."},
    {"capture_id", "The capture."},
    {"state", "Of the last act before it began; null: it began before the first act of the list."},
    {"act", "That act."},
    {"seconds", "Since that act."},
    {"before_consent", "1: no act of consent had happened, and one is in the list or a reset is. Null: the capture has no time for it."},
};
// The last act at or before the first packet. A list may begin with the consent, so what came before its first act counts as well: only
// its state is not known. Without a list there is no row.
constexpr View kDuringView{"connection_act", "What the owner had done last when a connection began. It is an order in time, not a cause.", kDuringColumns,
                           "SELECT c.row_id, +a.artifact_id, f.state, f.act, c.started_ns / 1000000000 - f.at, "
                           "iif(c.started_ns IS NULL, NULL, NOT EXISTS (SELECT 1 FROM _net_act k JOIN _artifact ka ON ka.blob_id = k.blob_id WHERE ka.build_id = a.build_id AND k.state = 'consent' AND k.at <= c.started_ns / 1000000000) "
                           "AND EXISTS (SELECT 1 FROM _net_act k JOIN _artifact ka ON ka.blob_id = k.blob_id WHERE ka.build_id = a.build_id AND k.state IN ('consent', 'reset'))) "
                           "FROM _net_connection c JOIN _artifact a ON a.blob_id = c.blob_id AND " KLIK_FIRST_PLACE("a") " LEFT JOIN _net_act f ON f.row_id = (SELECT l.row_id FROM _net_act l JOIN _artifact la ON la.blob_id = l.blob_id "
                           "WHERE la.build_id = a.build_id AND l.at <= c.started_ns / 1000000000 ORDER BY l.at DESC, l.line DESC LIMIT 1) "
                           "WHERE EXISTS (SELECT 1 FROM _net_act k JOIN _artifact ka ON ka.blob_id = k.blob_id WHERE ka.build_id = a.build_id)", true};
constexpr const View* kViews[] = {&kActView, &kDuringView};

}  // namespace

extern const Extractor extractor_acts;
const Extractor extractor_acts{.name = kName, .title = "What the owner did while a capture ran", .emits = kEmits, .wants = wants, .run = run, .views = kViews};

}  // namespace klik
