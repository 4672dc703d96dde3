// Apple's App Privacy Report, as the owner exports it: which app reached which domain, and which app used location, camera, contacts …
// It is the maker's own word about itself and others: up to seven days, names of hosts only, no bytes.
// Source: Apple, "About App Privacy Report" and "Inspecting app activity data" (developer documentation): one JSON object a line with
// `type` networkActivity or access. What the owner visited (`context`) and the ids of intervals are not kept.
#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "extract/capture_place.h"
#include "extract/columns.h"
#include "formats/date_time.h"
#include "formats/json_events.h"
#include "traffic/host_name.h"

namespace klik {
namespace {

constexpr std::string_view kName = "privacy_report@1";
constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 20;
constexpr std::size_t kLinesToKnow = 32, kMostComplaints = 16;
constexpr std::size_t kLongestText = 1024;   // of one value of a line

constexpr Column kContactColumns[] = {
    {"line", ColumnType::integer, "In the file, from 1", true},
    {"bundle", ColumnType::text, "Of the app"},
    {"domain", ColumnType::text, "That it reached"},
    {"domain_owner", ColumnType::text, "As the report says", false, true},
    {"domain_type", ColumnType::integer, "1: Apple holds that it may gather data over apps and sites; 2: another", false, true},
    {"initiated_type", ColumnType::text, "AppInitiated; NonAppInitiated: by a page that the app showed, or the system", false, true},
    {"hits", ColumnType::integer, "How often", false, true},
    {"first_ns", ColumnType::integer, "Nanoseconds since 1970-01-01 UTC", false, true},
    {"last_ns", ColumnType::integer, "Nanoseconds since 1970-01-01 UTC", false, true},
};
constexpr FactKind kContact{"net.app_contact", "A domain that an app reached, by the system's own report.", kContactColumns};

constexpr Column kAccessColumns[] = {
    {"line", ColumnType::integer, "In the file, from 1", true},
    {"accessor", ColumnType::text, "Bundle of the app"},
    {"category", ColumnType::text, "location, contacts, photos, camera, microphone, …"},
    {"kind", ColumnType::text, "intervalBegin, intervalEnd or event", false, true},
    {"at_ns", ColumnType::integer, "Nanoseconds since 1970-01-01 UTC", false, true},
};
constexpr FactKind kAccess{"net.app_access", "That an app used something of the owner's, by the system's own report.", kAccessColumns};
constexpr const FactKind* kEmits[] = {&kContact, &kAccess};

bool wants(std::string_view kind, std::string_view) { return kind == "ndjson"; }

// The values of one line that are asked for.
class Line final : public json::Events {
 public:
  enum Part : std::uint8_t { type, bundle, domain, owner, domain_type, initiated, hits, first, last, accessor, category, kind, parts };

  void open(std::string_view, std::uint64_t) override {}
  void close(std::string_view, std::uint64_t) override {}
  void value(std::string_view path, std::string_view value, bool quoted, bool, std::uint64_t) override {
    static constexpr std::array<std::string_view, parts> kPaths = {"type", "bundleID", "domain", "domainOwner", "domainType", "initiatedType", "hits", "firstTimeStamp", "timeStamp", "accessor.identifier", "category", "kind"};
    const auto at = std::ranges::find(kPaths, path);
    if (at == kPaths.end() || (!quoted && value == "null")) return;
    values_[static_cast<std::size_t>(at - kPaths.begin())] = text::storable(value);
  }

  const std::string& operator[](Part part) const { return values_[part]; }
  std::optional<std::int64_t> number(Part part) const {
    std::int64_t n = 0;
    const std::string& t = values_[part];
    const auto [end, bad] = std::from_chars(t.data(), t.data() + t.size(), n);
    return bad == std::errc() && end == t.data() + t.size() && !t.empty() ? std::optional(n) : std::nullopt;
  }

 private:
  std::array<std::string, parts> values_;
};

// True when the line is one of a report.
bool tell(const Line& line, std::int64_t number, const Place& place, FactSink& sink) {
  const auto optional = [&](Row& row, std::string_view column, Line::Part part) {
    if (!line[part].empty()) row.set(column, line[part]);
  };
  if (line[Line::type] == "networkActivity" && !line[Line::bundle].empty() && !line[Line::domain].empty()) {
    Row row(kContact);
    row.set("line", number).set("bundle", line[Line::bundle]).set("domain", traffic::host_name(line[Line::domain]));
    optional(row, "domain_owner", Line::owner);
    optional(row, "initiated_type", Line::initiated);
    row.set("domain_type", line.number(Line::domain_type)).set("hits", line.number(Line::hits)).set("first_ns", nanoseconds_of(line[Line::first])).set("last_ns", nanoseconds_of(line[Line::last]));
    sink.fact({&kContact, place.blob, row.values(), {place}, kName});
    return true;
  }
  if (line[Line::type] == "access" && !line[Line::accessor].empty() && !line[Line::category].empty()) {
    Row row(kAccess);
    row.set("line", number).set("accessor", line[Line::accessor]).set("category", line[Line::category]).set("at_ns", nanoseconds_of(line[Line::last]));
    optional(row, "kind", Line::kind);
    sink.fact({&kAccess, place.blob, row.values(), {place}, kName});
    return true;
  }
  return false;
}

void run(const FileItem& item, FactSink& sink) {
  if (item.source->size() > kMostBytes) return sink.problem({fail(Code::over_budget, kMostBytes, "lines of JSON of more than 256 MiB were not read").error(), ProblemSeverity::data_loss});
  const auto blob = item.source->load();
  if (!blob) return sink.problem({blob.error(), ProblemSeverity::data_loss});
  const std::string_view all = blob->bytes().text();
  std::vector<Problem> problems;
  std::size_t known = 0, wrong = 0, number = 0;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find('\n', at), all.size());
    const std::string_view text = all.substr(at, end - at);
    const Place place{item.blob, at, text.size()};
    at = end + 1;
    ++number;
    if (text.find_first_not_of(" \t\r") == text.npos) continue;
    Line line;
    json::Reader reader(line, {.depth = 16, .text = kLongestText});
    auto read = reader.feed(Bytes::of(text));
    if (read) read = reader.finish();
    if (read && tell(line, static_cast<std::int64_t>(number), place, sink)) ++known;
    else if (read && line[Line::type].empty()) ++wrong;
    else if (!read && ++wrong <= kMostComplaints) problems.push_back({fail(read.error().code, place.at + read.error().at, read.error().what).error(), ProblemSeverity::data_loss, "line " + std::to_string(number), {}});
    if (known == 0 && number >= kLinesToKnow) return;   // lines of JSON of another sort
  }
  if (known == 0) return;
  for (Problem& p : problems) sink.problem(std::move(p));
  if (wrong > 0) sink.problem({fail(Code::bad_value, 0, "lines of the privacy report were not understood").error(), ProblemSeverity::data_loss, std::to_string(wrong) + " of " + std::to_string(number)});
}

#define KLIK_UTC(ns) "strftime('%Y-%m-%dT%H:%M:%SZ', " ns " / 1000000000, 'unixepoch')"

constexpr ViewColumn kContactViewColumns[] = {
    {"build_id", "The build it was handed in with."},
    {"artifact_id", "The report."},
    {"app", "Its bundle."},
    {"domain", "That it reached."},
    {"domain_owner", "As the report says; null for most."},
    {"domain_type", "1: Apple holds that it may gather data over apps and sites; 2: another."},
    {"initiated_type", "AppInitiated; NonAppInitiated: by a page that the app showed, or the system."},
    {"hits", "How often."},
    {"first", "UTC."},
    {"last", "UTC."},
    {"owner", "Whose name the domain is, by data/owners; null: not known."},
    {"owner_country", "Of the owner's seat; not where the machine stands."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kContactView{"app_contact", "Domains that apps reached, by Apple's App Privacy Report. It is the maker's own word: at most seven days, names only.", kContactViewColumns,
                            "SELECT a.build_id, a.artifact_id, f.bundle, f.domain, f.domain_owner, f.domain_type, f.initiated_type, f.hits, " KLIK_UTC("f.first_ns") ", " KLIK_UTC("f.last_ns") ", h.owner, h.country, lower(hex(f.fact_id)) "
                            "FROM _net_app_contact f" KLIK_CAPTURES " LEFT JOIN _net_host_owner h ON h.build_id = a.build_id AND h.host = f.domain"};

constexpr ViewColumn kAccessViewColumns[] = {
    {"build_id", "The build it was handed in with."},
    {"artifact_id", "The report."},
    {"app", "Its bundle."},
    {"category", "location, contacts, photos, camera, microphone, …"},
    {"kind", "intervalBegin, intervalEnd or event."},
    {"at", "UTC."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kAccessView{"app_access", "When apps used something of the owner's, by Apple's App Privacy Report. It is the maker's own word: at most seven days.", kAccessViewColumns,
                           "SELECT a.build_id, a.artifact_id, f.accessor, f.category, f.kind, " KLIK_UTC("f.at_ns") ", lower(hex(f.fact_id)) FROM _net_app_access f" KLIK_CAPTURES};
constexpr const View* kViews[] = {&kContactView, &kAccessView};

}  // namespace

extern const Extractor extractor_privacy_report;
const Extractor extractor_privacy_report{.name = kName, .title = "Apple's App Privacy Report: which app reached and used what", .emits = kEmits, .wants = wants, .run = run, .views = kViews};

}  // namespace klik
