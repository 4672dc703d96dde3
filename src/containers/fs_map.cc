#include "containers/fs_map.h"

#include <algorithm>

namespace klik {
namespace {

class UnreadableSource final : public Source {
 public:
  UnreadableSource(std::uint64_t size, const Error& why) : size_(size), why_(why) {}
  std::uint64_t size() const override { return size_; }

 protected:
  Result<void> do_read(std::uint64_t, MutableBytes) const override { return fail(why_); }

 private:
  std::uint64_t size_;
  Error why_;
};

}  // namespace

SourceRef unreadable_source(std::uint64_t size, const Error& why) { return std::make_shared<UnreadableSource>(size, why); }

Result<void> FsMap::add(std::uint64_t at, std::uint64_t length, std::uint64_t from) {
  if (length == 0) return {};
  const std::uint64_t size = image_->size();
  const std::uint64_t there = from < size ? std::min(length, size - from) : 0;
  if (there > 0) {
    Piece* const last = pieces_.empty() ? nullptr : &pieces_.back();
    if (last && last->from == image_ && last->at + last->length == at && last->from_at + last->length == from) {
      last->length += there;
    } else {
      KLIK_CHECK(meter_.take(sizeof(Piece), from));
      pieces_.push_back({.at = at, .length = there, .from = image_, .from_at = from});
    }
    KLIK_CHECK(add_lineage(from, there));
  }
  if (there == length) return {};
  missing_ = fail(Code::truncated, size, "file data lies past the end of the image").error();
  return add(at + there, length - there, unreadable_source(length - there, *missing_));
}

Result<void> FsMap::add(std::uint64_t at, std::uint64_t length, SourceRef from, std::uint64_t from_at) {
  if (length == 0) return {};
  KLIK_CHECK(meter_.take(sizeof(Piece), at));
  pieces_.push_back({.at = at, .length = length, .from = std::move(from), .from_at = from_at});
  return {};
}

Result<void> FsMap::add_lineage(std::uint64_t from, std::uint64_t length) {
  const std::uint64_t size = image_->size();
  if (from >= size) return {};
  const std::size_t before = extents_.size();
  append_extent(extents_, from, std::min(length, size - from));
  if (extents_.size() != before) KLIK_CHECK(meter_.take(sizeof(Extent), from));
  return {};
}

Result<void> FsMap::finish(std::uint64_t size, Child& child) {
  KLIK_TRY(child.source, extent_source(size, std::move(pieces_)));
  child.size = size;
  child.extents = std::move(extents_);
  return {};
}

}  // namespace klik
