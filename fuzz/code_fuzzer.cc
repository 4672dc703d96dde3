// links: klik_extract
// Facts on code point inside the file; packed graphs and prints are read back as they were written.
#include <cstddef>
#include <deque>

#include "extract/extractor.h"
#include "flow/code_prints.h"
#include "flow/packing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace klik;
  static constexpr Budget budget;
  const Bytes bytes(data, size);
  const BlobId blob(sha256(bytes));
  RecordingSink sink;
  for (const Extractor* e : extractors())
    if (e->name == "code@3" || e->name == "certificate_checks@1") e->run({blob, memory_source(std::vector<std::uint8_t>(bytes.begin(), bytes.end())), "dex", "classes.dex", budget}, sink);
  std::vector<flow::CodeGraph> graphs;
  std::deque<std::string> raws;
  for (const Fact& f : sink.facts) {
    for (const Place& p : f.origins)
      if (p.at > size || p.length > size - p.at) __builtin_trap();
    if (f.kind->name != "code.graph" && f.kind->name != "code.body") continue;
    std::string& raw = raws.emplace_back();
    if (!flow::unsqueezed(std::get<std::string>(f.values.back()), raw)) __builtin_trap();
    if (f.kind->name == "code.graph") {
      const auto graph = flow::unpacked(Bytes::of(raw));
      if (!graph || flow::packed(*graph) != raw) __builtin_trap();
      graphs.push_back(*graph);
    } else {
      const auto prints = flow::unpacked_prints(Bytes::of(raw), graphs.back());
      if (!prints || flow::packed(*prints) != raw) __builtin_trap();
    }
  }
  return 0;
}
