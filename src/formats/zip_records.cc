#include "formats/zip_records.h"

namespace klik::zip {

Extent extent_of(const DirectoryRecord& record, Bytes extra) {
  constexpr std::uint16_t kZip64Extra = 1;
  Extent out{record.size, record.compressed_size, record.local_offset};
  const bool size = record.size == kWide, compressed = record.compressed_size == kWide, offset = record.local_offset == kWide;
  if (!size && !compressed && !offset) return out;
  out.whole = false;
  for (std::uint64_t at = 0; at < extra.size();) {   // advances by 4 or more
    const auto id = extra.get<U16le>(at), length = extra.get<U16le>(at + 2);
    if (!id || !length) return out;
    const auto body = extra.slice(at + 4, *length);
    if (!body) return out;
    at += 4 + *length;
    if (*id != kZip64Extra) continue;
    // 24 bytes hold all three whether they are needed or not; otherwise only the needed ones are there.
    const bool all = body->size() == 24;
    std::uint64_t field = 0;
    out.whole = true;
    const auto take = [&](bool wanted, std::uint64_t& to) {
      if (!wanted && !all) return;
      const auto value = body->get<U64le>(field);
      field += 8;
      if (!value) out.whole = false;
      else if (wanted) to = *value;
    };
    take(size, out.size);
    take(compressed, out.compressed_size);
    take(offset, out.local_at);
    return out;
  }
  return out;
}

}  // namespace klik::zip
