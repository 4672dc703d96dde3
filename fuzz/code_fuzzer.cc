// links: klik_extract
// Facts on code point inside the file; a packed graph is read back as it was written.
#include <cstddef>

#include "extract/extractor.h"
#include "flow/code_graph.h"
#include "extract/app_reach.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace klik;
  static constexpr Budget budget;
  const Bytes bytes(data, size);
  const BlobId blob(sha256(bytes));
  RecordingSink sink;
  for (const Extractor* e : extractors())
    if (e->name == "code@1" || e->name == "certificate_checks@1") e->run({blob, memory_source(std::vector<std::uint8_t>(bytes.begin(), bytes.end())), "dex", "classes.dex", budget}, sink);
  for (const Fact& f : sink.facts) {
    for (const Place& p : f.origins)
      if (p.at > size || p.length > size - p.at) __builtin_trap();
    if (f.kind->name != "code.graph") continue;
    std::string raw;
    if (!unpack_graph(std::get<std::string>(f.values[1]), raw)) __builtin_trap();
    const auto graph = flow::unpacked(Bytes::of(raw));
    if (!graph || flow::packed(*graph) != raw) __builtin_trap();
  }
  return 0;
}
