#include "formats/patch/zucchini.h"

#include "base/hash.h"
#include "formats/patch/zucchini/apply.h"

namespace klik::zucchini {

Result<std::vector<std::uint8_t>> apply(Bytes old_image, Bytes patch_bytes, const Budget& budget, std::uint64_t most) {
  KLIK_TRY(const Patch patch, read_patch(patch_bytes));
  if (patch.old_size != old_image.size() || patch.old_crc != crc32(old_image))
    return fail(Code::conflict, 8, "the patch was made for another old image");
  if (patch.new_size > budget.unit_bytes || patch.old_size > budget.unit_bytes) return fail(Code::over_budget, 16, "image too large to patch in memory");
  if (patch.new_size > most) return fail(Code::over_budget, 16, "the patch makes more than there is room for");
  std::vector<std::uint8_t> out(patch.new_size);
  for (const Element& e : patch.elements) {
    KLIK_TRY(const Bytes old_part, old_image.slice(e.old_at, e.old_length));
    KLIK_CHECK(apply_element(e, old_part, MutableBytes(out).subspan(e.new_at, e.new_length)));
  }
  if (crc32(Bytes(out)) != patch.new_crc) return fail(Code::bad_checksum, 20, "the patched image is not what the patch promised");
  return out;
}

}  // namespace klik::zucchini
