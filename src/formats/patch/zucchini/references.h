// What an executable says about its own parts: at a location stands, in some coding, the offset of a target. Zucchini reads all
// references of the old element, corrects their targets, and writes them into the new one in the coding of its kind.
#pragma once

#include <memory>
#include <vector>

#include "base/bytes.h"
#include "formats/patch/zucchini/patch.h"

namespace klik::zucchini {

// No offset and no address.
inline constexpr std::uint32_t kNowhere = 0xFFFFFFFE;

// Both are offsets from the start of the element. A target behind its end is an address that no byte of it stands for.
struct Reference {
  std::uint32_t location, target;
};

// The references of one type, by location. An entry with target kNowhere is where a reader that passes it stops.
struct ReferenceGroup {
  std::uint8_t pool;              // groups of one pool share the numbering of their targets
  std::vector<Reference> references{};
};

// Knows the layout of the new element; the bytes are given with each call, since they are being made.
class ReferenceWriter {
 public:
  virtual ~ReferenceWriter() = default;
  // A target that the coding cannot hold leaves the bytes as they are. Errors: bad_value (outside the image).
  virtual Result<void> write(std::size_t group, Reference reference, MutableBytes image) const = 0;
};

// In the order in which a patch corrects them: by pool, and in it by type. Errors: bad_value (not an executable of this kind
// from the first to the last byte), over_budget.
Result<std::vector<ReferenceGroup>> read_elf_references(Kind kind, Bytes image);
Result<std::vector<ReferenceGroup>> read_dex_references(Bytes image);
// For the groups of the old element.
Result<std::unique_ptr<ReferenceWriter>> elf_writer(Kind kind, Bytes image);
Result<std::unique_ptr<ReferenceWriter>> dex_writer(Bytes image);

// A little-endian integer of an image. 0 when it lies outside: callers have checked, or take what comes.
template <class T>
T value_at(Bytes image, std::uint64_t at) {
  const auto view = image.view<Le<T>>(at);
  return view ? static_cast<T>(**view) : T{0};
}

// Errors: bad_value (outside).
template <class T>
Result<void> put_at(MutableBytes image, std::uint64_t at, T value) {
  if (at > image.size() || sizeof(T) > image.size() - at) return fail(Code::bad_value, at, "reference outside the new image");
  for (std::size_t i = 0; i < sizeof(T); ++i) image[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
  return {};
}

}  // namespace klik::zucchini
