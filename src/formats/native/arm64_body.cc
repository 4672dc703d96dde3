// A64: every instruction is a word. Distances to code and data outside the function are masked; a register that holds a page
// (ADRP) makes the offsets that complete it addresses too.
// Source: Arm ARM DDI 0487, C4.1 (encoding index), C6.2 (ADR, ADRP, ADD, B, BL, LDR).
#include <array>

#include "formats/native/function_body.h"

namespace klik::elf {
namespace {

constexpr std::uint32_t kNop = 0xd503201f;

std::int64_t sign_extended(std::uint64_t value, unsigned bits) {
  const std::uint64_t sign = std::uint64_t{1} << (bits - 1);
  return static_cast<std::int64_t>((value ^ sign) - sign);
}

class Reader {
 public:
  Reader(const CodeView& view, std::uint64_t from, std::uint64_t to, Body& body) : view_(view), from_(from), to_(to), body_(body) {}

  void run() {
    const Bytes bytes = view_.from(from_);
    const auto all = bytes.array<U32le>(0, std::min<std::uint64_t>(bytes.size(), to_ - from_) / 4);
    if (!all) return;
    pc_ = from_;
    body_.begin(from_, from_ + 4 * all->size(), 4);
    for (const U32le& word : *all) {
      body_.at(pc_);
      instruction(word);
      pc_ += 4;
    }
    // Zeros behind the last instruction fill up to the next function.
    while (!body_.words.empty() && body_.words.back() == 0) body_.words.pop_back();
    body_.instructions = static_cast<std::uint32_t>(body_.words.size());
    body_.end();
  }

 private:
  bool inside(std::uint64_t address) const { return address >= from_ && address < to_; }
  void put(std::uint32_t word) { body_.words.push_back(word); }
  void put_inner(std::uint32_t word, std::uint64_t target) {
    body_.goes_to(target);
    put(word);
  }
  void mention(std::uint64_t address, Mention::Kind kind) { body_.mentions.push_back({address, Mode::a64, kind}); }

  void instruction(std::uint32_t w) {
    if (w == kNop) return;
    if ((w & 0x7c000000) == 0x14000000) return branch(w, 0x03ffffff, sign_extended(w & 0x03ffffff, 26) * 4, w >> 31);
    if ((w & 0xff000000) == 0x54000000 || (w & 0x7e000000) == 0x34000000) return branch(w, 0x00ffffe0, sign_extended((w >> 5) & 0x7ffff, 19) * 4, false);
    if ((w & 0x7e000000) == 0x36000000) return branch(w, 0x0007ffe0, sign_extended((w >> 5) & 0x3fff, 14) * 4, false);
    const unsigned rd = w & 31, rn = (w >> 5) & 31;
    if ((w & 0x1f000000) == 0x10000000) return address_of(w, rd);
    if ((w & 0x3b000000) == 0x18000000) return literal(w);
    if ((w & 0x7f800000) == 0x11000000 && page_[rn]) {
      // Linkers turn a pair of ADRP and ADD into NOP and ADR where the target is near, so a pair counts as its first half.
      const std::uint64_t target = page_[rn]->address + (((w >> 10) & 0xfff) << ((w >> 22) & 1 ? 12 : 0));
      page_[rd].reset();
      if (rd != rn) put(0x11000000 | rd | rn << 5);
      return mention(target, Mention::Kind::address);
    }
    if ((w & 0x3b000000) == 0x39000000) {
      if (page_[rn]) {
        const unsigned scale = (w >> 26 & 1) && (w >> 23 & 1) ? 4 : w >> 30;
        mention(page_[rn]->address + (std::uint64_t{(w >> 10) & 0xfff} << scale), Mention::Kind::address);
        put(w & ~std::uint32_t{0x003ffc00});
      } else {
        put(w);
      }
      if ((w >> 22 & 3) && !(w >> 26 & 1)) page_[rd].reset();
      return;
    }
    put(w);
    forget(w);
  }

  void branch(std::uint32_t w, std::uint32_t mask, std::int64_t distance, bool call) {
    const std::uint64_t target = pc_ + static_cast<std::uint64_t>(distance);
    if (inside(target) && !call) return put_inner(w & ~mask, target);
    // A load behind an ADRP at the end of a page may stand in a veneer, for a fault of the Cortex-A53 (843419): it returns at once.
    if (!call && (w & 0xfc000000) == 0x14000000) {
      const auto moved = view_.word(target), back = view_.word(target + 4);
      if (moved && back && (*back & 0xfc000000) == 0x14000000 && target + 4 + static_cast<std::uint64_t>(sign_extended(*back & 0x03ffffff, 26) * 4) == pc_ + 4 && (*moved & 0x0a000000) == 0x08000000)
        return instruction(*moved);
    }
    put(w & ~mask);
    mention(target, call ? Mention::Kind::call : (w & 0x7c000000) == 0x14000000 ? Mention::Kind::jump : Mention::Kind::branch);
    if (call)
      for (unsigned r = 0; r <= 18; ++r) page_[r].reset();
  }

  void address_of(std::uint32_t w, unsigned rd) {
    const std::uint64_t distance = static_cast<std::uint64_t>(sign_extended(((w >> 5) & 0x7ffff) << 2 | ((w >> 29) & 3), 21));
    if (w >> 31) {
      page_[rd] = Page{(pc_ & ~std::uint64_t{0xfff}) + (distance << 12)};
      return put(0x90000000 | rd);
    }
    page_[rd].reset();
    if (inside(pc_ + distance)) return put_inner(0x10000000 | rd, pc_ + distance);
    put(0x90000000 | rd);
    mention(pc_ + distance, Mention::Kind::address);
  }

  void literal(std::uint32_t w) {
    const std::uint64_t target = pc_ + static_cast<std::uint64_t>(sign_extended((w >> 5) & 0x7ffff, 19) * 4);
    if (!(w >> 26 & 1)) page_[w & 31].reset();
    if (inside(target)) return put_inner(w & ~std::uint32_t{0x00ffffe0}, target);
    put(w & ~std::uint32_t{0x00ffffe0});
    mention(target, Mention::Kind::address);
  }

  // Which registers hold no page any more. Stores, vectors and branches write none that could.
  void forget(std::uint32_t w) {
    const bool memory = (w & 0x0a000000) == 0x08000000, vector = w >> 26 & 1;
    if (memory) {
      if (vector) return;
      const bool pair = (w & 0x3a000000) == 0x28000000, exclusive = (w & 0x3f000000) == 0x08000000;
      if (pair || exclusive) {
        if (!(w >> 22 & 1)) return;
        page_[(w >> 10) & 31].reset();
      } else if ((w >> 22 & 3) == 0) {
        return;
      }
      page_[w & 31].reset();
    } else if ((w & 0x1c000000) == 0x10000000 || (w & 0x0e000000) == 0x0a000000) {
      page_[w & 31].reset();
    } else if ((w & 0xfffffc1f) == 0xd63f0000) {   // BLR
      for (unsigned r = 0; r <= 18; ++r) page_[r].reset();
    }
  }

  struct Page {
    std::uint64_t address;
  };

  const CodeView& view_;
  const std::uint64_t from_, to_;
  Body& body_;
  std::uint64_t pc_ = 0;
  std::array<std::optional<Page>, 32> page_{};
};

}  // namespace

void read_arm64_body(const CodeView& view, std::uint64_t from, std::uint64_t to, Body& body) { Reader(view, from, to, body).run(); }

}  // namespace klik::elf
