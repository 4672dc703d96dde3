#include "extract/leaks.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"
#include "extract/capture_place.h"
#include "extract/searched_fields.h"
#include "traffic/identifier_digest.h"
#include "traffic/leaks.h"

namespace klik {
namespace {

constexpr Column kColumns[] = {
    {"connection", ColumnType::integer, "Number of the connection in its capture", true},
    {"message", ColumnType::integer, "Number of the message in its connection", true},
    {"identifier", ColumnType::text, "Kind: imei, mac, phone, email, …"},
    {"digest", ColumnType::text, "HMAC-SHA-256 of kind and value under the key beside the case", true},
    {"form", ColumnType::text, "How it was written: plain, upper, md5.hex, base64.phase1, packed_bcd, …", true},
    {"place", ColumnType::text, "request.body, request.header, request.path, response.body, …; stream: bytes of a protocol that no reader knows, or that damage left over"},
    {"path", ColumnType::text, "The place and the decodings down to the value: request.body/gzip/json.data[0]/base64", true},
    {"way", ColumnType::text, "up: from the side that opened the connection; down: to it"},
    {"weak", ColumnType::boolean, "So few bits, or so short, that it may be chance"},
    {"times", ColumnType::integer, "Of many alike in the elements of lists, told as one with [*] for their numbers: how many; else 1"},
    {"time_ns", ColumnType::integer, "Nanoseconds since 1970-01-01 UTC, as the capture says", false, true},
};

constexpr Column kSoughtColumns[] = {
    {"identifier", ColumnType::text, "Kind: imei, mac, phone, email, …", true},
    {"sought", ColumnType::integer, "How many of that kind"},
};

class LeakReader final : public ContentReader {
 public:
  LeakReader(const BlobId& capture, FactSink& sink, const OwnerIdentifiers& owner, traffic::LeakSearch& search) : capture_(capture), sink_(sink), search_(search) {
    search_.begin_capture();
    for (const traffic::Identifier& i : owner.identifiers) digests_.push_back(identifier_digest(Bytes(owner.key), i));
  }

  bool wants_stretches() const override { return true; }
  void stretch(const traffic::Connection& on, const traffic::Content& part) override { content(on, part); }
  void content(const traffic::Connection& on, const traffic::Content& content) override {
    switch (fields_.ask(content)) {
      case SearchedFields::Before::unknown: break;
      case SearchedFields::Before::empty: return;
      case SearchedFields::Before::too_often: return over(on, content, "the same long header field too often");
    }
    const auto found = search_.search(on, content);
    fields_.searched(found.held);
    for (const traffic::Leak& leak : found.leaks)
      sink_.fact(leak_fact(leak, digests_[leak.identifier],
                           {static_cast<std::int64_t>(on.number), static_cast<std::int64_t>(content.message), content.way == traffic::Way::up, content.time_ns != 0 ? std::optional(content.time_ns) : std::nullopt,
                            {capture_, content.origin.at, content.origin.length}}));
    if (found.over) over(on, content, found.over);
    if (found.closed && std::ranges::find(told_, found.closed->what) == told_.end()) {
      told_.push_back(found.closed->what);
      sink_.problem({fail(found.closed->code, content.origin.at, found.closed->what).error(), ProblemSeverity::info, {}, {}});
    }
  }

 private:
  // Each limit is told once, at the first message that met it.
  void over(const traffic::Connection& on, const traffic::Content& content, std::string_view limit) {
    if (std::ranges::find(told_, limit) != told_.end()) return;
    told_.push_back(limit);
    sink_.problem({fail(Code::over_budget, content.origin.at, "a message holds more than is looked into for identifiers").error(), ProblemSeverity::data_loss, std::string(limit) + ", " + traffic::connection_text(on), {}});
  }

  BlobId capture_;
  FactSink& sink_;
  traffic::LeakSearch& search_;
  SearchedFields fields_;
  std::vector<std::string> digests_;
  std::vector<std::string_view> told_;
};

constexpr ViewColumn kViewColumns[] = {
    {"leak_id", "Number within this case file."},
    {"connection_id", "The connection."},
    {"capture_id", "The capture."},
    {"identifier", "Kind: imei, mac, phone, email, …"},
    {"digest", "Stands for the value: HMAC-SHA-256 under the key beside the case. Equal values have equal digests."},
    {"form", "How it was written: plain, upper, md5.hex, base64.phase1, packed_bcd, …"},
    {"place", "request.body, request.header, request.path, response.body, …; stream: bytes of a protocol that no reader knows, or that damage left over."},
    {"decode_path", "The place and the decodings down to the value."},
    {"out", "1: from the phone's side. What comes back may only echo what was sent."},
    {"strength", "decoded: this very value; weak: so few bits, or so short, that it may be chance."},
    {"times", "Of many alike in the elements of lists, told as one with [*] for their numbers: how many; else 1."},
    {"message", "Number of the message in its connection; 0: of none."},
    {"at", "UTC."},
    {"fact_id", "For `klikspaan why`."},
};

constexpr ViewColumn kSoughtViewColumns[] = {
    {"build_id", "The build in whose captures they were looked for."},
    {"identifier", "Kind: imei, mac, phone, email, …"},
    {"sought", "How many of that kind."},
    {"fact_id", "For `klikspaan why`."},
};

}  // namespace

constexpr FactKind kNetLeak{"net.leak", "An identifier that the owner gave was seen in what was decoded. The value itself is not kept.", kColumns};
constexpr View kLeakView{"leak", "Identifiers of the owner that were seen. Only those that `--identifiers` gave are looked for, and only where the traffic could be seen into.", kViewColumns,
                         "SELECT f.row_id, c.row_id, +a.artifact_id, f.identifier, f.digest, f.form, f.place, f.path, (f.way = 'up') = c.outward, iif(f.weak, 'weak', 'decoded'), f.times, f.message, "
                         "strftime('%Y-%m-%dT%H:%M:%S', f.time_ns / 1000000000, 'unixepoch') || format('.%06dZ', f.time_ns % 1000000000 / 1000), lower(hex(f.fact_id)) "
                         "FROM _net_leak f" KLIK_CAPTURES KLIK_CONNECTION};

constexpr FactKind kNetSought{"net.sought", "A kind of identifier that the owner gave to be looked for in captures, and how many of it.", kSoughtColumns};
constexpr View kSoughtView{"identifier_sought", "Kinds of identifiers that were looked for in captures. A kind that is not here was not looked for, which says nothing of it.", kSoughtViewColumns,
                           "SELECT build_id, identifier, sought, lower(hex(fact_id)) FROM _net_sought"};

Fact leak_fact(const traffic::Leak& leak, const std::string& digest, const LeakPlace& at) {
  return {&kNetLeak, at.bytes.blob,
          Row(kNetLeak)
              .set("connection", at.connection)
              .set("message", at.message)
              .set("identifier", kind_name(leak.kind))
              .set("digest", digest)
              .set("form", leak.form)
              .set("place", leak.place)
              .set("path", text::storable(leak.path))
              .set("way", at.up ? "up" : "down")
              .set("weak", leak.weak)
              .set("times", static_cast<std::int64_t>(leak.times))
              .set("time_ns", at.time_ns)
              .values(),
          {at.bytes}, kTrafficName};
}

void tell_sought(const BlobId& build, FactSink& sink, const OwnerIdentifiers& owner) {
  std::map<std::string_view, std::int64_t> kinds;
  for (const traffic::Identifier& i : owner.identifiers) ++kinds[kind_name(i.kind)];
  for (const auto& [kind, count] : kinds) sink.fact({&kNetSought, build, Row(kNetSought).set("identifier", kind).set("sought", count).values(), {}, kTrafficName});
}

std::unique_ptr<ContentReader> leak_reader(const BlobId& capture, FactSink& sink, const OwnerIdentifiers& owner, traffic::LeakSearch& search) {
  return std::make_unique<LeakReader>(capture, sink, owner, search);
}

}  // namespace klik
