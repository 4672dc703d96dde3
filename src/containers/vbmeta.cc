// A vbmeta structure: facts come from the extractor; as a container it offers the key that signed it.
#include <algorithm>

#include "containers/container.h"
#include "containers/image_member.h"
#include "formats/android/avb.h"

namespace klik {
namespace {

constexpr Magic kMagics[] = {{0, avb::kMagic}};
// Structures over 64 KiB are refused by boot loaders; some slack shows what such a file holds.
constexpr std::uint64_t kMostRead = 16 * avb::kMaxSize;

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  KLIK_TRY(const Blob bytes, source->load(0, std::min(source->size(), kMostRead)));
  KLIK_TRY(const avb::VbMeta meta, avb::read(bytes.bytes()));
  if (meta.size > avb::kMaxSize) context.note(Severity::error, Code::deviation, 12, "vbmeta is larger than a boot loader reads");
  if (meta.descriptors_end) context.note(Severity::data_loss, *meta.descriptors_end);
  Contents contents{.kind = "", .children = {}};
  if (meta.public_key.length > 0) add_member(source, "public_key", meta.public_key.at, meta.public_key.length, context, contents);
  return contents;
}

}  // namespace

extern const Container container_vbmeta;
constexpr Container container_vbmeta{
    .name = "vbmeta",
    .title = "Android Verified Boot metadata",
    .spec = "AOSP external/avb README, \"The VBMeta struct\"",
    .limits = "digest and signature are not verified here",
    .magics = kMagics,
    .open = open,
};

}  // namespace klik
