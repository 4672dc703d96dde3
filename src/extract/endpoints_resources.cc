// Hosts in an app's resources: resource tables and binary XML. Addresses of name spaces, and hosts whose links an app
// opens (intent filters), are none.
#include "extract/endpoint_rows.h"
#include "formats/android/axml.h"
#include "formats/android/string_pool.h"

namespace klik {
namespace {

constexpr std::string_view kName = "endpoints_resources@1";
constexpr const FactKind* kEmits[] = {&kEndpointKind};

bool wants(std::string_view kind, std::string_view) { return kind == "arsc" || kind == "axml"; }

void read_pool(const res::StringPool& pool, EndpointRows& rows, bool config) {
  for (std::uint32_t i = 0; i < pool.size(); ++i) {
    const res::PoolString s = pool.get(i);
    if (s.broken || !net::may_hold_host(s.text)) continue;
    bool any = false;
    net::find_urls(s.text, [&](const net::Found& f) {
      any = true;
      rows.add(f, config ? "config" : "literal", config ? "config" : in_a_sentence(s.text, f.at) ? "none" : "resource", s.at, s.length);
    });
    if (any) continue;
    for (const BareHost& b : bare_hosts(s.text)) rows.add(b.found, config ? "config" : "literal", config && b.sure ? "config" : "none", s.at, s.length);
  }
}

void run(const FileItem& item, FactSink& sink) {
  if (item.source->size() > item.budget.metadata_bytes) return;
  const auto bytes = item.source->load();
  if (!bytes) return;
  EndpointRows rows(item.blob);
  if (item.kind == "arsc") {
    // The values of all resources stand in the table's first string pool, behind its header.
    constexpr std::uint64_t kHeader = 12;
    res::Oddities oddities;
    if (const auto pool = res::StringPool::open(bytes->bytes(), kHeader, oddities)) read_pool(*pool, rows, false);
  } else if (const auto document = axml::Document::read(bytes->bytes())) {
    const bool network_security = !document->elements().empty() && document->is(document->elements().front(), "network-security-config");
    if (item.name == "AndroidManifest.xml") {
      // Of a manifest only meta-data: the rest names hosts whose links are opened, and authorities.
      for (const axml::Element& e : document->elements())
        if (document->is(e, "meta-data"))
          for (const axml::Attribute& a : document->attributes(e)) {
            const res::PoolString s = document->strings().get(a.raw != res::kNone ? a.raw : a.value.data);
            if (!s.broken) net::find_urls(s.text, [&](const net::Found& f) { rows.add(f, "config", "config", a.at, a.length); });
          }
    } else {
      read_pool(document->strings(), rows, network_security);
    }
  }
  rows.emit(sink, kName);
}

}  // namespace

extern const Extractor extractor_endpoints_resources;
constexpr Extractor extractor_endpoints_resources{.name = kName, .title = "Hosts in an app's resources", .emits = kEmits, .wants = wants, .run = run};

}  // namespace klik
