// Reads the input as a table of addresses, whole and in single bytes: both must say the same of every address.
// links: klik_data
#include <algorithm>

#include "data/networks.h"

namespace {

std::string asked(klik::Bytes table, std::span<const klik::data::NetworkAddress> wanted, std::size_t piece) {
  klik::data::NetworkLookup lookup(wanted);
  klik::Result<void> done{};
  for (std::uint64_t at = 0; at < table.size() && done; at += piece) done = lookup.feed(*table.slice(at, std::min<std::uint64_t>(piece, table.size() - at)));
  if (done) done = lookup.finish();
  std::string out = done ? "" : std::to_string(done.error().at) + "!";
  if (done)
    for (const auto& a : lookup.answers()) out += a ? a->country + std::to_string(a->asn) + a->holder : "-";
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const klik::Bytes table(data, size);
  std::vector<klik::data::NetworkAddress> wanted;
  for (const char* text : {"0.0.0.1", "192.0.2.1", "198.51.100.9", "255.255.255.255", "2001:db8::1", "ffff::"}) wanted.push_back(*klik::data::network_address(text));
  std::ranges::sort(wanted);
  if (asked(table, wanted, 1) != asked(table, wanted, size + 1)) __builtin_trap();
  return 0;
}
