#include "traffic/hpack.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <vector>

namespace klik::traffic {
namespace {

// An encoder says in the block itself how large a table it uses (RFC 7541 §6.3), and may use less than its peer allows. So no SETTINGS
// are followed: any size up to this is taken. Larger ones are not seen in the field.
constexpr std::size_t kTableBytes = std::size_t{1} << 20;
constexpr std::uint32_t kEntryOverhead = 32;   // RFC 7541 §4.1

// A block that fills the table with entries of an unknown name. The newest entries have the lowest indices, so what the capture holds is
// found where it belongs, and an index beyond it leads to one of these.
std::vector<std::uint8_t> filling_block(std::uint32_t table) {
  std::vector<std::uint8_t> block;
  // Dynamic Table Size Update: 5-bit prefix, then the rest in 7-bit groups (§5.1, §6.3).
  block.push_back(0x3f);
  for (std::uint32_t rest = table - 31;; rest >>= 7) {
    block.push_back(static_cast<std::uint8_t>(rest >= 128 ? 0x80 | (rest & 0x7f) : rest));
    if (rest < 128) break;
  }
  // Literal with incremental indexing and a new name (§6.2.1): name of one byte, no value.
  for (std::uint32_t n = 0; n < table / (kEntryOverhead + 1); ++n)
    block.insert(block.end(), {0x40, 0x01, static_cast<std::uint8_t>(kUnknownName[0]), 0x00});
  return block;
}

}  // namespace

HpackDecoder::HpackDecoder(std::uint32_t unknown_table) {
  broken_ = nghttp2_hd_inflate_new(&inflater_) != 0 || nghttp2_hd_inflate_change_table_size(inflater_, kTableBytes) != 0;
  if (broken_ || unknown_table == 0) return;
  const std::vector<std::uint8_t> block = filling_block(std::clamp(unknown_table, kDefaultTable, kUsualTable));
  broken_ = !read(Bytes(block), [](std::string_view, std::string_view) {});
}

HpackDecoder::~HpackDecoder() { nghttp2_hd_inflate_del(inflater_); }

Result<void> HpackDecoder::read(Bytes block, const std::function<void(std::string_view name, std::string_view value)>& each) {
  if (broken_) return fail(Code::bad_value, 0, "the header table is not known any more");
  std::uint64_t at = 0;
  while (true) {
    nghttp2_nv field{};
    int flags = 0;
    const Bytes rest(block.span().subspan(at));
    const ssize_t used = nghttp2_hd_inflate_hd2(inflater_, &field, &flags, rest.data(), rest.size(), 1);
    if (used < 0) {
      broken_ = true;
      return fail(Code::bad_value, at, "header block is broken");
    }
    at += static_cast<std::uint64_t>(used);
    if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0) each(Bytes(field.name, field.namelen).text(), Bytes(field.value, field.valuelen).text());
    if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0) break;
    // Neither a field nor a byte forward would go on for ever.
    if ((flags & NGHTTP2_HD_INFLATE_EMIT) == 0 && used == 0) {
      broken_ = true;
      return fail(Code::bad_value, at, "header block ends early");
    }
  }
  nghttp2_hd_inflate_end_headers(inflater_);
  return {};
}

}  // namespace klik::traffic
