// AOSP external/avb libavb/avb_footer.h.
#include "containers/fs_vbmeta.h"

#include <algorithm>

namespace klik {
namespace {

struct Footer {
  std::uint8_t magic[4];
  U32be major, minor;
  U64be image_size;      // of the file system alone
  U64be vbmeta_at, vbmeta_size;
  std::uint8_t reserved[28];
};
static_assert(sizeof(Footer) == 64);

}  // namespace

void add_vbmeta_child(const SourceRef& image, std::vector<Child>& children, FsNotes& notes) {
  const std::uint64_t size = image->size();
  if (size < sizeof(Footer)) return;
  const std::uint64_t at = size - sizeof(Footer);
  const auto footer = image->get<Footer>(at);
  if (!footer || !Bytes(footer->magic, 4).starts_with("AVBf")) return;
  const std::uint64_t from = footer->vbmeta_at, length = footer->vbmeta_size;
  if (from > at || length > at - from || length == 0) 
    return notes.add(Severity::data_loss, Code::bad_value, at, "an AVB footer that points outside the image");
  auto source = window(image, from, length);
  if (!source) return;
  Child child;
  child.name = "!vbmeta";
  child.size = length;
  child.source = std::move(*source);
  child.extents.push_back({from, length});
  if (std::ranges::any_of(children, [&](const Child& c) { return c.name == child.name; })) {
    notes.add(Severity::error, Code::conflict, from, "a file of the image has the name under which its vbmeta is listed");
    child.name += "#2";
  }
  children.push_back(std::move(child));
}

}  // namespace klik
