#include "containers/patch/zucchini_stream.h"

#include "formats/patch/zucchini.h"
#include "io/whole_stream.h"

namespace klik::patch {

Result<std::vector<std::uint8_t>> apply_zucchini(Bytes old_bytes, Bytes compressed_patch, const Budget& budget, std::uint64_t most) {
  KLIK_TRY(const auto patch, decode_brotli(compressed_patch, budget.unit_bytes));
  return zucchini::apply(old_bytes, Bytes(patch), budget, most);
}

}  // namespace klik::patch
