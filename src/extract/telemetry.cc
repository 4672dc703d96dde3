#include "extract/telemetry.h"

#include <algorithm>

#include "extract/capture_place.h"

namespace klik {
namespace {

constexpr Column kColumns[] = {
    {"connection", ColumnType::integer, "Number of the connection in its capture"},
    {"message", ColumnType::integer, "Within its connection; null: known by the host alone", true, true},
    {"decoder", ColumnType::text, "Id of the decoder in data/decoders", true},
    {"state", ColumnType::text, "decoded: this kind of data stands in the message; recognised: the message is of this service; contacted: the host is, no message was seen; proven, contradicted: a signature is or is not the one that the service's own code makes", true},
    {"category", ColumnType::text, "Kind of data, as in data/decoders/categories.tsv; the value is not kept", true, true},
    {"path", ColumnType::text, "Where in the message it stands, with the decodings that lead there", true, true},
    {"maker", ColumnType::text, "Whose service it is"},
    {"service", ColumnType::text, "What it is called"},
    {"strength", ColumnType::text, "D: can be decoded; R: can be recognised only; P: its key lies in the code of the build"},
    {"basis", ColumnType::text, "What the decoder rests on: measured, read, reported or imported"},
};

constexpr ViewColumn kViewColumns[] = {
    {"connection_id", "The connection."},
    {"capture_id", "The capture."},
    {"message", "Number of the message within its connection; null: known by the host alone."},
    {"maker", "Whose service it is."},
    {"service", "What it is called."},
    {"state", "decoded: this kind of data stands in the message; recognised: the message is of this service, what stands in it is in other rows or was not seen; contacted: the host is of this service, no message was seen; proven, contradicted: a signature is or is not the one that the service's own code makes."},
    {"category", "Kind of data; the value is not kept."},
    {"path", "Where in the message it stands, with the decodings that lead there."},
    {"host", "That the message went to."},
    {"out", "1: from the phone's side. Null: known by the host alone."},
    {"strength", "D: can be decoded; R: can be recognised only; P: its key lies in the code of the build."},
    {"basis", "What the decoder rests on: measured, read (code or specification), reported (by others), imported."},
    {"decoder", "Its id in data/decoders."},
    {"at", "UTC."},
    {"fact_id", "For `klikspaan why`."},
};

}  // namespace

constexpr FactKind kNetTelemetry{"net.telemetry", "A message of a known telemetry service, and a kind of data that stands in it.", kColumns};

constexpr View kTelemetryView{"telemetry", "Known telemetry services that were met, and which kinds of data went to them. A kind that is not here was not seen; it may still have been sent.", kViewColumns,
                              "SELECT c.row_id, +a.artifact_id, f.message, f.maker, f.service, f.state, f.category, f.path, coalesce(m.host, c.host, c.dst), (m.way = 'up') = c.outward, f.strength, f.basis, f.decoder, "
                              "strftime('%Y-%m-%dT%H:%M:%S', coalesce(m.time_ns, c.started_ns) / 1000000000, 'unixepoch') || format('.%06dZ', coalesce(m.time_ns, c.started_ns) % 1000000000 / 1000), lower(hex(f.fact_id)) "
                              "FROM _net_telemetry f" KLIK_CAPTURES KLIK_CONNECTION " "
                              "LEFT JOIN _net_message m ON m.connection = f.connection AND m.number = f.message AND +m.blob_id = f.blob_id"};

void TelemetryReader::emit(const traffic::Connection& on, std::uint64_t message, const data::Decoder& decoder, const data::DecoderField* field, std::string_view state, traffic::Origin origin) {
  const auto number = [](std::uint64_t n) { return Value(static_cast<std::int64_t>(std::min<std::uint64_t>(n, INT64_MAX))); };
  std::vector<Value> values{number(on.number), message ? number(message) : Value(), decoder.id, std::string(state), field ? Value(field->category) : Value(), field ? Value(field->path) : Value(),
                            decoder.maker, decoder.title_en, std::string(1, static_cast<char>(decoder.strength)), decoder.basis};
  sink_.fact({&kNetTelemetry, capture_, std::move(values), {{capture_, origin.at, origin.length}}, kTrafficName});
}

void TelemetryReader::message(const traffic::Connection& on, const traffic::Message& message) {
  connection_ = on.number;
  message_ = message.number;
  for (const data::Decoder* d : decoder_.message(message)) {
    emit(on, message.number, *d, nullptr, "recognised", message.origin);
    std::vector<const data::Decoder*>& told = told_[on.number];
    if (std::ranges::find(told, d) == told.end()) told.push_back(d);
  }
}

void TelemetryReader::content(const traffic::Connection& on, const traffic::Content& content) {
  if (on.number != connection_ || content.message != message_) return;   // of an earlier message: its decoder is gone
  const auto finds = decoder_.content(content);
  for (const auto& f : finds.found) emit(on, message_, *f.decoder, f.field, "decoded", content.origin);
  for (const auto& p : finds.proofs) emit(on, message_, *p.decoder, nullptr, p.holds ? "proven" : "contradicted", content.origin);
  if (finds.over && std::ranges::find(over_, finds.over) == over_.end()) {
    over_.push_back(finds.over);
    sink_.problem({fail(Code::over_budget, content.origin.at, "a message holds more than decoders look into").error(), ProblemSeverity::data_loss, std::string(finds.over) + ", " + traffic::connection_text(on), {}});
  }
}

void TelemetryReader::connection(const traffic::Connection& ended) {
  const auto at = told_.find(ended.number);
  for (const data::Decoder* d : traffic::decoders_of_host(ended.host))
    if (at == told_.end() || std::ranges::find(at->second, d) == at->second.end()) emit(ended, 0, *d, nullptr, "contacted", ended.first);
  if (at != told_.end()) told_.erase(at);
}

}  // namespace klik
