// Who names which host, and whose host that is: endpoints of files joined with the actors that the files belong to.
#include <map>
#include <set>

#include "base/ascii.h"
#include "data/owners.h"
#include "extract/code_owner.h"
#include "extract/columns.h"
#include "extract/endpoint_rows.h"
#include "traffic/host_name.h"

namespace klik {
namespace {

constexpr std::string_view kName = "endpoint_owners@1";
constexpr std::size_t kMostReasons = 64;   // facts that a row about an owner names

constexpr Column kCodeColumns[] = {
    {"path", ColumnType::text, "The file.", true},
    {"actor_kind", ColumnType::text, "Of the actor that it belongs to.", true},
    {"actor_name", ColumnType::text, "Of the actor.", true},
    {"actor_path", ColumnType::text, "Of the actor.", true},
};
constexpr FactKind kCodeOf{"device.code_of", "Which actor a file with endpoints or known code belongs to.", kCodeColumns};

constexpr Column kHostColumns[] = {
    {"host", ColumnType::text, "A host that a file of this build names, or that was met on the wire.", true},
    {"host_suffix", ColumnType::text, "The suffix by which its owner is known."},
    {"owner", ColumnType::text, "Whose name it is."},
    {"country", ColumnType::text, "Of the owner's seat, ISO 3166-1; not where the machine stands."},
    {"group", ColumnType::text, "Who owns the owner in the end.", false, true},
    {"group_country", ColumnType::text, "Of the seat of that one.", false, true},
    {"category", ColumnType::text, "What the host is for, as far as the table knows."},
    {"source", ColumnType::text, "Where the table has it from."},
};
constexpr FactKind kHostOwner{"net.host_owner", "Whose host a name is, by the tables in data/owners.", kHostColumns, "build_id, host"};

constexpr Column kLawColumns[] = {
    {"country", ColumnType::text, "ISO 3166-1.", true},
    {"law", ColumnType::text, "Its name.", true},
    {"since", ColumnType::text, "Year it came into force."},
    {"says", ColumnType::text, "In one sentence; that it applies is no proof that it was used."},
    {"source", ColumnType::text, "Where the law is published."},
};
constexpr FactKind kLaw{"net.jurisdiction", "Law of the country of an owner that this build names hosts or code of.", kLawColumns};

constexpr const FactKind* kEmits[] = {&kCodeOf, &kHostOwner, &kLaw};

void code_of(const BuildRows& rows, FactSink& sink, const CodeOwners& owners, std::set<std::string, std::less<>>& done, std::string_view path) {
  if (!done.emplace(path).second) return;
  for (const ActorName& a : owners.of(path)) {
    Row row(kCodeOf);
    row.set("path", path).set("actor_kind", a.kind).set("actor_name", a.name).set("actor_path", a.path);
    sink.fact({&kCodeOf, rows.build(), row.values(), {}, kName});
  }
}

using Hosts = std::map<std::string, std::vector<FactId>, std::less<>>;   // with the facts that name them

void named(Hosts& hosts, std::string_view host, const FactId& by) {
  if (host.empty()) return;
  auto& reasons = hosts[std::string(host)];
  if (reasons.size() < kMostReasons && (reasons.empty() || reasons.back() != by)) reasons.push_back(by);
}

// Hosts in captures that were handed in with the build.
void on_the_wire(const BuildRows& rows, Hosts& hosts) {
  struct From {
    std::string_view kind, column;
  };
  for (const From& from : {From{"net.connection", "host"}, {"net.connection", "looked_up"}, {"net.hello", "sni"}, {"net.message", "host"}, {"net.app_contact", "domain"}})
    if (const FactKind* kind = find_kind(from.kind)) rows.facts(*kind, [&](const FactRow& row) { named(hosts, traffic::host_name(text_of(*kind, row, from.column)), row.id); });   // a ClientHello has it as it was written
}

using text::lower;

void run(const Image& image, FactSink& sink) {
  const BuildRows& rows = image.rows;
  const CodeOwners owners(rows);
  std::set<std::string, std::less<>> done;
  Hosts hosts;
  rows.facts(kEndpointKind, [&](const FactRow& row) {
    code_of(rows, sink, owners, done, row.artifact.path);
    named(hosts, text_of(kEndpointKind, row, "host"), row.id);
  });
  on_the_wire(rows, hosts);
  std::map<std::string_view, std::vector<FactId>> countries;
  const auto counts = [&](std::string_view country, const std::vector<FactId>& reasons) {
    auto& all = countries[country];
    for (const FactId& id : reasons)
      if (all.size() < kMostReasons) all.push_back(id);
  };
  if (const FactKind* kind = find_kind("code.sdk"))
    rows.facts(*kind, [&](const FactRow& row) {
      code_of(rows, sink, owners, done, row.artifact.path);
      if (const data::Owner* owner = data::find_owner(text_of(*kind, row, "owner"))) counts(owner->country, {row.id});
    });
  for (auto& [host, reasons] : hosts) {
    const data::HostOwner* h = data::owner_of_host(lower(host));
    const data::Owner* owner = h ? data::find_owner(h->owner) : nullptr;
    if (!owner) continue;
    const data::Owner& group = data::last_owner(*owner);
    Row row(kHostOwner);
    row.set("host", host).set("host_suffix", h->suffix).set("owner", owner->name).set("country", owner->country).set("category", h->category).set("source", h->source);
    counts(owner->country, reasons);
    if (&group != owner) {
      row.set("group", group.name).set("group_country", group.country);
      counts(group.country, reasons);
    }
    sink.fact({&kHostOwner, rows.build(), row.values(), {}, kName, std::move(reasons)});
  }
  for (const data::Law& law : data::laws()) {
    const auto used = countries.find(law.country);
    if (used == countries.end()) continue;
    Row row(kLaw);
    row.set("country", law.country).set("law", law.law).set("since", law.since).set("says", law.says).set("source", law.source);
    std::vector<FactId> because = used->second;
    std::ranges::sort(because);
    because.erase(std::ranges::unique(because).begin(), because.end());
    sink.fact({&kLaw, rows.build(), row.values(), {}, kName, std::move(because)});
  }
}

constexpr ViewColumn kEndpointColumns[] = {
    {"build_id", "The build."},
    {"actor_id", "Who names it: the app that the file lies in or belongs to, or a native service; null when nobody is known."},
    {"artifact_id", "The file that names it."},
    {"scheme", "http, https, tcp, …; null when a host stands alone."},
    {"host", "A name in lower case and ASCII form, or an address; '*' stands for a label that is put in at run time."},
    {"port", "As written; null when it is not."},
    {"path", "With the query; null when there is none."},
    {"how", "literal, folded, decrypted, flow or config: how the host is known."},
    {"use", "dex, resource, asset, native or config: where it is used; none: nothing shows that it is a host at all."},
    {"domain", "The part that was registered under a public suffix; null for addresses."},
    {"local", "1: leads nowhere outside."},
    {"note", "userinfo, spelled; null for most."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kEndpoint{"endpoint", "Hosts that files name. Naming a host is not sending to it.", kEndpointColumns,
                         R"(SELECT a.build_id, d.row_id, a.artifact_id, e.scheme, e.host, e.port, e.path, e.how, e."use", e.domain, e.local, e.note, lower(hex(e.fact_id))
FROM _app_endpoint e JOIN _artifact a ON a.blob_id = e.blob_id LEFT JOIN _device_code_of c ON c.build_id = a.build_id AND c.path = a.path
LEFT JOIN _device_actor d ON d.build_id = c.build_id AND d.path = c.actor_path AND d.name = c.actor_name AND d.kind = c.actor_kind)"};

constexpr ViewColumn kOwnerColumns[] = {
    {"build_id", "The build that names the host, or whose captures hold it."},
    {"host", "The host; equal to endpoint.host, connection.host."},
    {"host_suffix", "The suffix by which its owner is known."},
    {"owner", "Whose name it is; not who sees the data."},
    {"country", "Of the owner's seat; not where the machine stands."},
    {"owner_group", "Who owns the owner in the end; null when nobody is known."},
    {"group_country", "Of that one's seat."},
    {"category", "What the host is for; services when no more is known."},
    {"source", "own notice, press or study: where the table has it from."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kHostOwnerView{"host_owner", "Whose hosts this build names or has met on the wire, by the tables in data/owners.", kOwnerColumns,
                              R"(SELECT build_id, host, host_suffix, owner, country, "group", group_country, category, source, lower(hex(fact_id)) FROM _net_host_owner)"};

constexpr ViewColumn kLawViewColumns[] = {
    {"build_id", "The build."},
    {"country", "ISO 3166-1."},
    {"law", "Its name."},
    {"since", "The year it came into force."},
    {"says", "In one sentence; that a law applies is no proof that it was used."},
    {"source", "Where it is published."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kLawView{"jurisdiction", "Laws of the countries of the owners that a build names hosts or code of.", kLawViewColumns,
                        "SELECT build_id, country, law, since, says, source, lower(hex(fact_id)) FROM _net_jurisdiction"};
constexpr const View* kViews[] = {&kEndpoint, &kHostOwnerView, &kLawView};

}  // namespace

extern const ImageExtractor image_extractor_endpoint_owners;
constexpr ImageExtractor image_extractor_endpoint_owners{.name = kName, .title = "Who names which host, and whose it is", .emits = kEmits, .run = run, .views = kViews};

}  // namespace klik
