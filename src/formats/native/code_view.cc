// Loaded code by address, and the stubs that lead elsewhere: entries of the procedure linkage table as GNU ld, gold and lld
// write them, and their veneers between A32 and Thumb.
#include <algorithm>

#include "formats/native/function_body.h"

namespace klik::elf {

CodeView::CodeView(const File& file) : file_(file) {
  for (const Segment& s : file.segments())
    if (s.type == kLoad && s.memory_size <= ~std::uint64_t{0} - s.address) span_ = std::max(span_, s.address + s.memory_size);
}

Bytes CodeView::from(std::uint64_t address) const {
  const auto range = file_.range_of(address);
  if (!range) return {};
  const auto bytes = file_.bytes().slice(range->at, range->length);
  return bytes ? *bytes : Bytes();
}

std::optional<std::uint16_t> CodeView::half(std::uint64_t address) const {
  const auto at = file_.offset_of(address);
  const auto value = at ? file_.bytes().get<U16le>(*at) : Result<U16le>(fail(Code::truncated, 0, "not loaded"));
  return value ? std::optional<std::uint16_t>(*value) : std::nullopt;
}

std::optional<std::uint32_t> CodeView::word(std::uint64_t address) const {
  const auto at = file_.offset_of(address);
  const auto value = at ? file_.bytes().get<U32le>(*at) : Result<U32le>(fail(Code::truncated, 0, "not loaded"));
  return value ? std::optional<std::uint32_t>(*value) : std::nullopt;
}

void Body::begin(std::uint64_t from, std::uint64_t to, unsigned unit) {
  words.clear();
  mentions.clear();
  jumps.clear();
  inner_.clear();
  instructions = 0;
  from_ = from;
  unit_ = unit;
  word_at_.assign((to - from) / unit + 1, 0);
}

void Body::at(std::uint64_t address) {
  if (const std::uint64_t place = (address - from_) / unit_; place < word_at_.size()) word_at_[place] = static_cast<std::uint32_t>(words.size());
}

void Body::end() {
  for (const Inner& i : inner_) {
    const std::uint64_t place = (i.target - from_) / unit_;
    jumps.push_back(place < word_at_.size() ? word_at_[place] - i.word : 0);
  }
}

namespace {

std::uint64_t sign_extended(std::uint64_t value, unsigned bits) {
  const std::uint64_t sign = std::uint64_t{1} << (bits - 1);
  return (value ^ sign) - sign;
}

template <std::size_t N>
std::optional<std::array<std::uint32_t, N>> words(const CodeView& view, std::uint64_t at) {
  std::array<std::uint32_t, N> out{};
  for (std::size_t i = 0; i < N; ++i) {
    const auto w = view.word(at + 4 * i);
    if (!w) return std::nullopt;
    out[i] = *w;
  }
  return out;
}

std::optional<Stub> arm64_stub(const CodeView& view, std::uint64_t at) {
  const auto first = view.word(at);
  if (first && *first == 0xd503245f) at += 4;   // BTI c
  const auto w = words<3>(view, at);
  if (!w || ((*w)[0] & 0x9f00001f) != 0x90000010) return std::nullopt;   // adrp x16
  const std::uint64_t distance = sign_extended(((*w)[0] >> 5 & 0x7ffff) << 2 | ((*w)[0] >> 29 & 3), 21) << 12, page = (at & ~std::uint64_t{0xfff}) + distance;
  if (((*w)[1] & 0xffc003ff) == 0xf9400211) return Stub{true, page + (((*w)[1] >> 10 & 0xfff) << 3), Mode::a64};              // ldr x17, [x16, #…]
  if (((*w)[1] & 0xffc003ff) == 0x91000210 && (*w)[2] == 0xd61f0200) return Stub{false, page + ((*w)[1] >> 10 & 0xfff), Mode::a64};   // add, br x16
  return std::nullopt;
}

std::uint32_t turned(std::uint32_t w) {
  const unsigned turn = (w >> 8 & 15) * 2;
  return turn ? (w & 0xff) >> turn | (w & 0xff) << (32 - turn) : w & 0xff;
}

Stub to_code(std::uint32_t address) { return {false, address & ~std::uint32_t{1}, address & 1 ? Mode::thumb : Mode::a32}; }

std::optional<Stub> a32_stub(const CodeView& view, std::uint32_t at) {
  const auto first = view.word(at);
  if (!first) return std::nullopt;
  if (*first >> 24 == 0xea) return Stub{false, static_cast<std::uint32_t>(at + 8 + static_cast<std::uint32_t>(sign_extended(*first & 0xffffff, 24) << 2)), Mode::a32};
  if (*first == 0xe51ff004)   // ldr pc, [pc, #-4]
    if (const auto w = view.word(std::uint64_t{at} + 4)) return to_code(*w);
  const auto w = words<3>(view, at);
  if (!w) return std::nullopt;
  const auto& [a, b, c] = *w;
  // add ip, pc, #…; add ip, ip, #…; ldr pc, [ip, #…]!
  if ((a & 0xfffff000) == 0xe28fc000 && (b & 0xfffff000) == 0xe28cc000 && (c & 0xfffff000) == 0xe5bcf000)
    return Stub{true, static_cast<std::uint32_t>(at + 8 + turned(a) + turned(b) + (c & 0xfff)), Mode::a32};
  if ((a & 0xfffff000) == 0xe59fc000) {   // ldr ip, [pc, #…]
    const auto value = view.word(std::uint64_t{at} + 8 + (a & 0xfff));
    if (!value) return std::nullopt;
    if ((b == 0xe08fc00c || b == 0xe08cc00f) && c == 0xe59cf000) return Stub{true, static_cast<std::uint32_t>(at + 12 + *value), Mode::a32};
    if ((b == 0xe08fc00c || b == 0xe08cc00f) && c == 0xe12fff1c) return to_code(at + 12 + *value);
    if (b == 0xe08ff00c || b == 0xe08cf00f) return Stub{false, static_cast<std::uint32_t>(at + 12 + *value), Mode::a32};
    if (b == 0xe12fff1c) return to_code(*value);
  }
  const auto next = view.word(std::uint64_t{at} + 12);
  if (next && (a & 0xfff0f000) == 0xe300c000 && (b & 0xfff0f000) == 0xe340c000 && (c == 0xe08cc00f || c == 0xe08fc00c) && *next == 0xe12fff1c)
    return to_code(at + 16 + (((a >> 4 & 0xf000) | (a & 0xfff)) | ((b >> 4 & 0xf000) | (b & 0xfff)) << 16));
  return std::nullopt;
}

std::optional<Stub> thumb_stub(const CodeView& view, std::uint32_t at) {
  const auto h = view.half(at), next = view.half(std::uint64_t{at} + 2);
  if (!h || !next) return std::nullopt;
  if (*h == 0x4778 && (*next == 0x46c0 || *next == 0xe7fd)) return Stub{false, std::uint64_t{at} + 4, Mode::a32};   // bx pc
  if ((*h & 0xf800) == 0xf000 && (*next & 0xd000) == 0x9000) {                                                     // b.w
    const std::uint32_t s = *h >> 10 & 1, i1 = ~((*next >> 13 & 1u) ^ s) & 1, i2 = ~((*next >> 11 & 1u) ^ s) & 1;
    const std::uint64_t distance = sign_extended(s << 23 | i1 << 22 | i2 << 21 | (*h & 0x3ffu) << 11 | (*next & 0x7ffu), 24) << 1;
    return Stub{false, static_cast<std::uint32_t>(at + 4 + distance), Mode::thumb};
  }
  // movw ip; movt ip; add ip, pc; then bx ip, or ldr.w pc, [ip]
  std::array<std::uint32_t, 6> half{};
  for (std::uint32_t i = 0; i < 6; ++i) {
    const auto value = view.half(std::uint64_t{at} + 2 * i);
    if (!value) return std::nullopt;
    half[i] = *value;
  }
  if ((half[0] & 0xfbf0) != 0xf240 || (half[1] & 0x8f00) != 0x0c00 || (half[2] & 0xfbf0) != 0xf2c0 || (half[3] & 0x8f00) != 0x0c00 || half[4] != 0x44fc) return std::nullopt;
  const auto value = [&](std::uint32_t a, std::uint32_t b) { return (a & 15) << 12 | (a >> 10 & 1) << 11 | (b >> 4 & 0x700) | (b & 0xff); };
  const std::uint32_t target = at + 12 + (value(half[0], half[1]) | value(half[2], half[3]) << 16);
  if (half[5] == 0x4760) return to_code(target);
  if (half[5] == 0xf8dc) return Stub{true, target, Mode::thumb};
  return std::nullopt;
}

std::optional<Stub> x86_stub(const CodeView& view, Mode mode, std::uint64_t at, std::uint64_t got) {
  const auto mark = view.word(at);
  if (mark && (*mark == 0xfa1e0ff3 || *mark == 0xfb1e0ff3)) at += 4;   // endbr64, endbr32
  const auto prefix = view.half(at);
  if (prefix && (*prefix & 0xff) == 0xf2) at += 1;                     // bnd
  const auto jump = view.half(at);
  const auto where = view.word(at + 2);
  if (!jump || !where) return std::nullopt;
  if (*jump == 0x25ff) return Stub{true, mode == Mode::x64 ? at + 6 + sign_extended(*where, 32) : *where, mode};
  if (*jump == 0xa3ff && mode == Mode::x86) return Stub{true, static_cast<std::uint32_t>(got + *where), mode};
  return std::nullopt;
}

}  // namespace

std::optional<Stub> read_stub(const CodeView& view, Mode mode, std::uint64_t address, std::uint64_t got) {
  switch (mode) {
    case Mode::a64: return arm64_stub(view, address);
    case Mode::a32: return a32_stub(view, static_cast<std::uint32_t>(address));
    case Mode::thumb: return thumb_stub(view, static_cast<std::uint32_t>(address));
    case Mode::x86:
    case Mode::x64: return x86_stub(view, mode, address, got);
  }
  return std::nullopt;
}

}  // namespace klik::elf
