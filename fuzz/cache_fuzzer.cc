// Reads the input as a record of the cache and as a pack; what comes out keeps to what rows must be.
// links: klik_engine
#include "engine/remembered.h"
#include "cache/pack.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const klik::Bytes record(data, size);
  const klik::BlobId blob(klik::Sha256Digest{});
  klik::KeptTexts texts;
  if (const auto one = klik::unpacked_node(record, texts)) {
    if (one->has_content.size() != one->node.edges.size()) __builtin_trap();
    for (std::size_t i = 0; i < one->has_content.size(); ++i)
      if (one->has_content[i] && !one->node.edges[i].blob) __builtin_trap();
  }
  if (const auto facts = klik::unpacked_facts(record, blob)) {
    for (const klik::Fact& f : *facts) {
      if (f.values.size() != f.kind->columns.size()) __builtin_trap();
      for (std::size_t i = 0; i < f.values.size(); ++i)
        if (f.values[i].index() == 0 && !f.kind->columns[i].nullable) __builtin_trap();
    }
    // What was read is packed as it was read.
    if (const auto again = klik::packed_facts(*facts, blob); again && !klik::unpacked_facts(klik::Bytes::of(std::string(1, '\0') + *again), blob)) __builtin_trap();
  }
  const auto pack = klik::cache::PackReader::open(klik::memory_source(std::vector<std::uint8_t>(data, data + size)), klik::Sha256Digest{});
  if (pack)
    for (std::uint32_t n = 0; n < pack->blocks().size() && n < 16; ++n) (void)pack->block(n);
  return 0;
}
