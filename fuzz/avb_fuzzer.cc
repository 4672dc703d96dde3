// links: klik_formats
// Feeds the input to the readers of vbmeta and boot headers: every range must lie in the input.
#include <algorithm>

#include "formats/android/avb.h"
#include "formats/android/boot_image.h"

namespace {

void need(bool holds) {
  if (!holds) __builtin_trap();
}
void inside(klik::avb::Range range, std::uint64_t size) { need(range.at <= size && range.length <= size - range.at); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const klik::Bytes bytes(data, size);
  if (const auto meta = klik::avb::read(bytes)) {
    need(meta->size <= size);
    for (const klik::avb::Range range : {meta->authentication, meta->auxiliary, meta->digest, meta->signature, meta->public_key, meta->key_metadata}) inside(range, size);
    std::uint64_t end = 0;
    for (const klik::avb::Descriptor& d : meta->descriptors) {
      inside(d.range, size);
      need(d.range.at >= end);   // descriptors never go back
      end = d.range.at + d.range.length;
    }
  }
  const std::uint64_t tail = std::min<std::uint64_t>(size, klik::avb::kFooterSize);
  if (const auto footer = klik::avb::read_footer(*bytes.from(size - tail), size)) inside({footer->vbmeta_at, footer->vbmeta_size}, size);
  if (const auto header = klik::boot_image::read(bytes)) {
    need(header->size <= size);
    if (const auto table = klik::boot_image::read_ramdisk_table(bytes, *header)) need(table->size() <= size / 108);
  }
  return 0;
}
