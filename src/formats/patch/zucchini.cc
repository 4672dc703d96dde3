#include "formats/patch/zucchini.h"

namespace klik::zucchini {

Result<std::vector<std::uint8_t>> apply(Bytes, Bytes, const Budget&) {
  return fail(Code::unsupported, 0, "Zucchini patches are not applied");
}

}  // namespace klik::zucchini
