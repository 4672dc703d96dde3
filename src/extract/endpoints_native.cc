// Hosts among the constants of native code.
#include "extract/endpoint_rows.h"
#include "formats/native/elf.h"

namespace klik {
namespace {

constexpr std::string_view kName = "endpoints_native@1";
constexpr const FactKind* kEmits[] = {&kEndpointKind};
constexpr std::size_t kShortest = 6;

bool wants(std::string_view kind, std::string_view) { return kind == "elf"; }

void run(const FileItem& item, FactSink& sink) {
  if (item.source->size() > item.budget.unit_bytes) {
    sink.problem({fail(Code::over_budget, 0, "a native library too large to look for hosts in").error(), ProblemSeverity::data_loss, {}, {}});
    return;
  }
  const auto bytes = item.source->load();
  if (!bytes) return;
  const auto file = elf::File::read(bytes->bytes());
  if (!file) return;   // the facts on native libraries say why
  EndpointRows rows(item.blob);
  elf::for_each_string(*file, kShortest, [&](std::uint64_t at, std::string_view text) {
    if (!net::may_hold_host(text)) return;
    bool any = false;
    net::find_urls(text, [&](const net::Found& f) {
      any = true;
      rows.add(f, "literal", in_a_sentence(text, f.at) ? "none" : "native", at + f.at, f.length);
    });
    if (any) return;
    for (const BareHost& b : bare_hosts(text)) rows.add(b.found, "literal", "none", at, text.size());
  });
  rows.emit(sink, kName);
}

}  // namespace

extern const Extractor extractor_endpoints_native;
constexpr Extractor extractor_endpoints_native{.name = kName, .title = "Hosts in native code", .emits = kEmits, .wants = wants, .run = run};

}  // namespace klik
