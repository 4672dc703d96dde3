// Reads the input as a content of any kind, in every outline and through all that it is wrapped in.
// links: klik_traffic
#include "traffic/unwrap.h"

namespace {

void check(const klik::Result<klik::traffic::Outline>& outline, klik::Bytes bytes) {
  if (!outline) return;
  std::uint64_t last = 0;
  for (std::uint32_t i = 0; i < outline->leaves.size(); ++i) {
    const klik::traffic::Leaf& leaf = outline->leaves[i];
    // Values lie inside, in order.
    if (leaf.at > bytes.size() || leaf.length > bytes.size() - leaf.at || leaf.at < last || leaf.container >= outline->containers.size()) __builtin_trap();
    last = leaf.at;
    if (i < 64) outline->path(i, bytes);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace klik::traffic;
  const klik::Bytes bytes(data, size);
  for (const auto& outline : {read_json(bytes), read_xml(bytes), read_form(bytes), read_query(bytes), read_cookie(bytes), read_multipart(bytes, {}), read_protobuf(bytes), read_msgpack(bytes), read_cbor(bytes), read_bplist(bytes), read_zip(bytes), read_delimited(bytes), read_pieces(bytes)}) check(outline, bytes);
  UnwrapLimits limits;
  limits.nodes = 256;
  limits.bytes = 1 << 20;
  const Unwrapped result = unwrap(bytes, "body", {}, limits, [](const Node& node) {
    for (std::uint64_t at = 0; at + 8 <= node.bytes.size() && at < 256; at += 5)
      if (const auto spot = node.spot(at, 8); spot && (spot->at > at || spot->length > node.bytes.size() - spot->at)) __builtin_trap();
  });
  if (result.nodes > limits.nodes || result.bytes > limits.bytes) __builtin_trap();
  return 0;
}
