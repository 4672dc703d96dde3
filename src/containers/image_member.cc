#include "containers/image_member.h"

#include <algorithm>

#include "formats/android/avb.h"

namespace klik {

void add_member(const SourceRef& image, std::string name, std::uint64_t at, std::uint64_t length, OpenContext& context, Contents& contents) {
  Child child;
  child.name = std::move(name);
  const std::uint64_t there = at < image->size() ? std::min(length, image->size() - at) : 0;
  if (there < length)
    context.note(Severity::data_loss, Code::truncated, std::min(at, image->size()), "a member goes on past the end of the file", child.name,
                 "the file was cut short; fetch it again");
  auto bytes = window(image, at, there);
  if (!bytes || (there == 0 && length > 0)) {
    child.state = State::damaged;
    child.size = length;
  } else {
    child.size = there;
    child.source = *std::move(bytes);
    append_extent(child.extents, at, there);
  }
  contents.children.push_back(std::move(child));
}

void add_footer_vbmeta(const SourceRef& image, std::string name, OpenContext& context, Contents& contents) {
  if (image->size() < avb::kFooterSize) return;
  const std::uint64_t at = image->size() - avb::kFooterSize;
  const auto last = image->load(at, avb::kFooterSize);
  if (!last) return context.note(Severity::error, last.error());
  const auto footer = avb::read_footer(last->bytes(), image->size());
  if (footer) return add_member(image, std::move(name), footer->vbmeta_at, footer->vbmeta_size, context, contents);
  if (footer.error().code == Code::bad_magic) return;
  Error error = footer.error();
  error.at += at;
  context.note(Severity::error, error);
}

}  // namespace klik
