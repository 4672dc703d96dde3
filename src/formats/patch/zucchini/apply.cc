#include "formats/patch/zucchini/apply.h"

#include <algorithm>

#include "formats/patch/zucchini/offset_mapper.h"
#include "formats/patch/zucchini/references.h"

namespace klik::zucchini {
namespace {

Result<void> copy_blocks(const Element& element, Bytes old_image, MutableBytes new_image) {
  Stream extra = element.extra;
  std::uint32_t at = 0;
  for (const Equivalence& e : element.equivalences) {
    KLIK_TRY(const Bytes gap, extra.take(e.destination - at));
    copy_bytes(new_image, at, gap);
    KLIK_TRY(const Bytes block, old_image.slice(e.source, e.length));
    copy_bytes(new_image, e.destination, block);
    at = e.destination + e.length;
  }
  KLIK_TRY(const Bytes rest, extra.take(new_image.size() - at));
  copy_bytes(new_image, at, rest);
  return {};
}

// Places count only copied bytes, as if all blocks stood one behind the other.
Result<void> add_deltas(const Element& element, MutableBytes new_image) {
  Stream skips = element.delta_skips, bytes = element.delta_bytes;
  auto block = element.equivalences.begin();
  std::uint64_t block_at = 0, at = 0;      // sums of 32-bit numbers, one for each byte of the patch
  while (!skips.done()) {
    const std::uint64_t place = skips.at();
    KLIK_TRY(const std::uint32_t skip, skips.number());
    KLIK_TRY(const std::uint8_t delta, bytes.byte());
    at += skip;
    while (block != element.equivalences.end() && at - block_at >= block->length) block_at += block++->length;
    if (block == element.equivalences.end()) return fail(Code::bad_value, place, "correction behind all copied bytes");
    std::uint8_t& byte = new_image[block->destination + (at - block_at)];
    byte = static_cast<std::uint8_t>(byte + delta);
    ++at;
  }
  if (!bytes.done()) return fail(Code::bad_value, bytes.at(), "corrections without a place");
  return {};
}

// What a reader of executables finds wrong lies in an image, which the one who reads the error does not see.
template <class T>
Result<T> in_patch(Result<T> result, const Element& element) {
  if (!result) result.error().at = element.at;
  return result;
}

Result<std::vector<ReferenceGroup>> read_references(Kind kind, Bytes image) {
  if (kind == Kind::no_op) return std::vector<ReferenceGroup>();
  return kind == Kind::dex ? read_dex_references(image) : read_elf_references(kind, image);
}

Result<std::unique_ptr<ReferenceWriter>> make_writer(Kind kind, Bytes image) {
  if (kind == Kind::no_op) return nullptr;
  return kind == Kind::dex ? dex_writer(image) : elf_writer(kind, image);
}

void sort_once(std::vector<std::uint32_t>& targets) {
  std::ranges::sort(targets);
  const auto rest = std::ranges::unique(targets);
  targets.erase(rest.begin(), rest.end());
}

// The targets of a pool in the new element: those of the old one, moved, and those that the patch adds.
Result<std::vector<std::uint32_t>> new_targets(std::span<const ReferenceGroup> pool, const Element& element, const OffsetMapper& mapper) {
  std::vector<std::uint32_t> targets;
  for (const ReferenceGroup& group : pool)
    for (const Reference& r : group.references) {
      if (r.target == kNowhere) break;
      targets.push_back(r.target);
    }
  sort_once(targets);
  mapper.project_all(targets);
  const auto extra = element.extra_targets.find(pool.front().pool);
  if (extra == element.extra_targets.end()) return targets;
  Stream numbers = extra->second;
  std::uint64_t next = 0;
  while (!numbers.done()) {
    const std::uint64_t place = numbers.at();
    KLIK_TRY(const std::uint32_t skip, numbers.number());
    next += skip;
    if (next >= 0xFFFFFFFF) return fail(Code::bad_value, place, "target beyond 32 bits");
    targets.push_back(static_cast<std::uint32_t>(next++));
  }
  sort_once(targets);
  return targets;
}

// The number of the target that is nearest; of two, the lower.
std::uint32_t nearest(const std::vector<std::uint32_t>& targets, std::uint32_t offset) {
  auto at = std::ranges::lower_bound(targets, offset);
  if (at != targets.begin() && (at == targets.end() || *at - offset >= offset - *std::prev(at))) --at;
  return static_cast<std::uint32_t>(at - targets.begin());
}

class Corrector {
 public:
  Corrector(const Element& element, const OffsetMapper& mapper, const ReferenceWriter& writer, MutableBytes new_image)
      : element_(element), mapper_(mapper), writer_(writer), new_image_(new_image), deltas_(element.reference_deltas) {}

  // The old references in each copied block, with their targets moved and corrected, in the same place of the new one.
  Result<void> correct(std::size_t number, const ReferenceGroup& group, const std::vector<std::uint32_t>& targets) {
    if (group.references.empty()) return {};
    for (const Equivalence& e : element_.equivalences) {
      auto old = std::ranges::lower_bound(group.references, e.source, {}, &Reference::location);
      for (; old != group.references.end() && old->location < e.source_end() && old->target != kNowhere; ++old) {
        const std::uint64_t place = deltas_.at();
        KLIK_TRY(const std::int32_t delta, deltas_.signed_number());
        const std::uint32_t key = nearest(targets, mapper_.project(old->target)) + static_cast<std::uint32_t>(delta);
        if (key >= targets.size()) return fail(Code::bad_value, place, "reference to a target that its pool has not");
        KLIK_CHECK(in_patch(writer_.write(number, {old->location - e.source + e.destination, targets[key]}, new_image_), element_));
      }
    }
    return {};
  }

  Result<void> finish() const {
    if (!deltas_.done()) return fail(Code::bad_value, deltas_.at(), "corrections without a reference");
    return {};
  }

 private:
  const Element& element_;
  const OffsetMapper& mapper_;
  const ReferenceWriter& writer_;
  MutableBytes new_image_;
  Stream deltas_;
};

Result<void> correct_references(const Element& element, Bytes old_image, MutableBytes new_image) {
  KLIK_TRY(const OffsetMapper mapper, in_patch(OffsetMapper::make(element.equivalences, element.old_length, element.new_length), element));
  KLIK_TRY(const auto groups, in_patch(read_references(element.kind, old_image), element));
  KLIK_TRY(const auto writer, in_patch(make_writer(element.kind, Bytes(new_image)), element));
  Corrector corrector(element, mapper, *writer, new_image);
  for (std::size_t first = 0; first < groups.size();) {
    std::size_t end = first;
    while (end < groups.size() && groups[end].pool == groups[first].pool) ++end;
    KLIK_TRY(const auto targets, new_targets(std::span(groups).subspan(first, end - first), element, mapper));
    for (; first < end; ++first) KLIK_CHECK(corrector.correct(first, groups[first], targets));
  }
  return corrector.finish();
}

}  // namespace

Result<void> apply_element(const Element& element, Bytes old_image, MutableBytes new_image) {
  KLIK_CHECK(copy_blocks(element, old_image, new_image));
  KLIK_CHECK(add_deltas(element, new_image));
  if (element.kind == Kind::no_op) {
    if (!element.reference_deltas.done()) return fail(Code::bad_value, element.reference_deltas.at(), "corrections of references in plain bytes");
    return {};
  }
  return correct_references(element, old_image, new_image);
}

}  // namespace klik::zucchini
