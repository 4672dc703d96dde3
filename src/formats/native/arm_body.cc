// A32 and T32. Distances to what lies outside are masked in branches, in MOVW/MOVT pairs and in the words between the code that
// LDR takes its constants from (literal pools). Such a word may be a constant or a distance; what could be a distance is masked.
// Source: Arm ARM DDI 0406C, A5 (A32), A6 (T32), A8.8 (instructions); A4.2.2 (the value of PC).
#include <algorithm>
#include <array>
#include <set>

#include "formats/native/function_body.h"

namespace klik::elf {
namespace {

constexpr std::uint32_t kMaskedConstant = 0x0adde550, kTableEntry = 0x7ab1e;
constexpr std::uint32_t kFar = 0x00800fff, kNear = 0x008000ff;   // up or down and how far, in loads of constants

std::uint32_t sign_extended(std::uint32_t value, unsigned bits) {
  const std::uint32_t sign = std::uint32_t{1} << (bits - 1);
  return (value ^ sign) - sign;
}

// What a register is known to hold, until it is loaded anew. Other writes are not followed: only sums are looked at, and a
// stale one gives an address that leads nowhere.
struct Known {
  std::uint32_t value;
  bool address;         // else a constant, which may be a distance
};

class Reader {
 public:
  Reader(const CodeView& view, Mode mode, std::uint64_t from, std::uint64_t to, Body& body) : view_(view), mode_(mode), from_(static_cast<std::uint32_t>(from)), to_(static_cast<std::uint32_t>(to)), body_(body) {}

  void run() {
    if (const auto code = view_.from(from_).slice(0, to_ - from_)) code_ = *code;
    body_.begin(from_, to_, 2);
    for (pc_ = from_; pc_ < to_;) {
      body_.at(pc_);
      if (!pool_.empty() && *pool_.begin() < pc_) {
        pool_.erase(pool_.begin());
      } else if (!pool_.empty() && *pool_.begin() == pc_) {
        pool_.erase(pool_.begin());
        pc_ += 4;
      } else if (mode_ == Mode::a32) {
        const auto w = code_.get<U32le>(pc_ - from_);
        if (!w) break;
        a32(*w);
        pc_ += 4;
      } else {
        const auto first = code_.get<U16le>(pc_ - from_);
        if (!first) break;
        if (*first >= 0xe800) {
          const auto second = code_.get<U16le>(pc_ + 2 - from_);
          if (!second) break;
          wide(static_cast<std::uint32_t>(*first) << 16 | *second);
        } else {
          narrow(*first);
          pc_ += 2;
        }
      }
    }
    while (!body_.words.empty() && body_.words.back() == 0) body_.words.pop_back();
    body_.instructions = static_cast<std::uint32_t>(body_.words.size());
    body_.end();
  }

 private:
  bool inside(std::uint32_t address) const { return address >= from_ && address < to_; }
  void put(std::uint32_t word) { body_.words.push_back(word); }
  void mention(std::uint32_t address, Mode mode, Mention::Kind kind) { body_.mentions.push_back({address, mode, kind}); }
  std::uint32_t here() const { return mode_ == Mode::a32 ? pc_ + 8 : pc_ + 4; }   // what PC reads as
  std::uint32_t aligned() const { return here() & ~std::uint32_t{3}; }
  Mode other() const { return mode_ == Mode::a32 ? Mode::thumb : Mode::a32; }

  // The constants count where they are loaded: how far they lie depends on padding. Words behind this instruction in the same
  // function are data; those in front of it were read as such, or are not ours.
  void literal(std::uint32_t at, unsigned reg, unsigned words, bool may_be_distance) {
    for (unsigned i = 0; i < words; ++i) {
      if (at + 4 * i > pc_ && inside(at + 4 * i)) pool_.insert(at + 4 * i);
      if (const auto value = view_.word(at + 4 * i)) put(may_be_distance && view_.may_be_distance(*value) ? kMaskedConstant : *value);
    }
    if (reg >= 15) return;
    known_[reg].reset();
    if (const auto value = view_.word(at); value && may_be_distance) known_[reg] = Known{*value, false};
  }

  void sum(unsigned to, std::optional<Known> a, std::optional<Known> b) {
    std::optional<Known> out;
    if (a && b && (a->address || b->address) && !(a->address && b->address)) {
      out = Known{a->value + b->value, true};
      mention(out->value, mode_, Mention::Kind::address);
    }
    if (to < 15) known_[to] = out;
  }
  std::optional<Known> known(unsigned reg) const { return reg == 15 ? Known{here(), true} : known_[reg]; }
  // A load from a known address with a known distance: a word of the table of addresses.
  void load(unsigned to, unsigned base, unsigned index) {
    const auto a = known(base), b = known(index);
    if (a && b && a->address != b->address) mention(a->value + b->value, mode_, Mention::Kind::address);
    if (to < 15) known_[to].reset();
  }

  void move_low(unsigned reg, std::uint32_t value, std::uint32_t word, std::uint32_t mask) {
    if (reg < 15) known_[reg] = Known{value, false}, low_[reg] = Low{body_.words.size(), word & ~mask};
    put(word);
  }
  void move_high(unsigned reg, std::uint32_t value, std::uint32_t word, std::uint32_t mask) {
    if (reg >= 15) return put(word);
    const std::uint32_t whole = value << 16 | ((known_[reg] ? known_[reg]->value : 0) & 0xffff);
    const bool distance = low_[reg] && view_.may_be_distance(whole);
    put(distance ? word & ~mask : word);
    if (distance) body_.words[low_[reg]->index] = low_[reg]->masked;
    if (low_[reg]) known_[reg] = Known{whole, false};
    low_[reg].reset();
  }

  void go(std::uint32_t masked, std::uint32_t target, Mode mode, Mention::Kind kind) {
    if (kind != Mention::Kind::call && inside(target)) body_.goes_to(target);
    else mention(target, mode, kind);
    put(masked);
  }

  void a32(std::uint32_t w) {
    if (w == 0xe320f000 || w == 0xe1a00000) return;
    if ((w & 0x0e000000) == 0x0a000000) {
      const std::uint32_t distance = sign_extended(w & 0xffffff, 24) << 2;
      // Which of BL and BLX is used for a call depends on where the linker sends it.
      if (w >> 28 == 15) return go(0xeb000000, here() + distance + ((w >> 23) & 2), Mode::thumb, Mention::Kind::call);
      return go(w & 0xff000000, here() + distance, Mode::a32, w >> 24 & 1 ? Mention::Kind::call : w >> 28 == 14 ? Mention::Kind::jump : Mention::Kind::branch);
    }
    const bool up = w >> 23 & 1;
    const unsigned rd = w >> 12 & 15, rn = w >> 16 & 15, rm = w & 15;
    if ((w & 0x0f7f0000) == 0x051f0000) {
      literal(here() + (up ? w & 0xfff : 0 - (w & 0xfff)), rd, 1, true);
      return put(w & ~kFar);
    }
    if ((w & 0x0f3f0e00) == 0x0d1f0a00) {
      literal(here() + (up ? (w & 0xff) << 2 : 0 - ((w & 0xff) << 2)), 15, w & 0x100 ? 2 : 1, false);
      return put(w & ~kNear);
    }
    if ((w & 0x0fff0000) == 0x028f0000 || (w & 0x0fff0000) == 0x024f0000) {
      const unsigned turn = (w >> 8 & 15) * 2;
      const std::uint32_t amount = turn ? (w & 0xff) >> turn | (w & 0xff) << (32 - turn) : w & 0xff;
      return near_address(here() + (up ? amount : 0 - amount), rd, w, 0xfff);
    }
    if ((w & 0x0fe00ff0) == 0x00800000) {
      sum(rd, known(rn), known(rm));
    } else if ((w & 0x0ff00ff0) == 0x07900000) {
      load(rd, rn, rm);
    } else if ((w & 0x0ff00000) == 0x03000000) {
      return move_low(rd, (w >> 4 & 0xf000) | (w & 0xfff), w, 0x000f0fff);
    } else if ((w & 0x0ff00000) == 0x03400000) {
      return move_high(rd, (w >> 4 & 0xf000) | (w & 0xfff), w, 0x000f0fff);
    }
    put(w);
  }

  void near_address(std::uint32_t target, unsigned rd, std::uint32_t word, std::uint32_t mask) {
    if (rd < 15) known_[rd].reset();
    go(word & ~mask, target, mode_, Mention::Kind::address);
  }

  void narrow(std::uint32_t h) {
    if (h == 0xbf00 || h == 0x46c0 || (h == 0 && pool_.contains(pc_ + 2))) return;
    if ((h & 0xf800) == 0x4800) {
      literal(aligned() + ((h & 0xff) << 2), h >> 8 & 7, 1, true);
      return put(h & 0xff00);
    } else if ((h & 0xf800) == 0xa000) {
      return near_address(aligned() + ((h & 0xff) << 2), h >> 8 & 7, h, 0xff);
    } else if ((h & 0xff00) == 0x4400) {
      const unsigned rd = (h & 7) | (h >> 4 & 8);
      sum(rd, known(rd), known(h >> 3 & 15));
    } else if ((h & 0xfe00) == 0x1800) {
      sum(h & 7, known(h >> 3 & 7), known(h >> 6 & 7));
    } else if ((h & 0xfe00) == 0x5800) {
      load(h & 7, h >> 3 & 7, h >> 6 & 7);
    } else if ((h & 0xf800) == 0x2800) {
      compared_ = h & 0xff;
    } else if ((h & 0xf000) == 0xd000 && (h >> 8 & 15) < 14) {
      return go(h & 0xff00, here() + (sign_extended(h & 0xff, 8) << 1), Mode::thumb, Mention::Kind::branch);
    } else if ((h & 0xf800) == 0xe000) {
      return go(h & 0xf800, here() + (sign_extended(h & 0x7ff, 11) << 1), Mode::thumb, Mention::Kind::branch);
    } else if ((h & 0xf500) == 0xb100) {   // CBZ, CBNZ
      return go(h & 0xfd07, here() + ((h >> 3 & 0x40) | (h >> 2 & 0x3e)), Mode::thumb, Mention::Kind::branch);
    }
    put(h);
  }

  void wide(std::uint32_t w) {
    wide_instruction(w);
    pc_ += 4;
    // The distances that TBB and TBH choose from stand behind them; CMP said how many.
    if ((w & 0xffffffe0) != 0xe8dff000) return;
    const std::uint32_t bytes = ((compared_ + 1) * (w & 0x10 ? 2 : 1) + 1) & ~std::uint32_t{1};
    const std::uint32_t table = pc_;
    for (std::uint32_t i = 0; i < bytes && pc_ < to_; i += 2, pc_ += 2) {
      const auto half = view_.half(pc_);
      if (!half) break;
      const std::uint32_t low = *half & 0xff, high = *half >> 8;
      if (w & 0x10) go(kTableEntry, table + 2u * *half, Mode::thumb, Mention::Kind::branch);
      else go(kTableEntry, table + 2 * low, Mode::thumb, Mention::Kind::branch), go(kTableEntry, table + 2 * high, Mode::thumb, Mention::Kind::branch);
    }
  }

  void wide_instruction(std::uint32_t w) {
    if (w == 0xf3af8000) return;
    if ((w & 0xf8008000) == 0xf0008000 && (w & 0x5000) != 0) return branch(w);
    if ((w & 0xf800d000) == 0xf0008000 && (w >> 22 & 15) < 14) {
      const std::uint32_t s = w >> 26 & 1, j1 = w >> 13 & 1, j2 = w >> 11 & 1;
      const std::uint32_t distance = sign_extended(s << 19 | j2 << 18 | j1 << 17 | (w >> 16 & 0x3f) << 11 | (w & 0x7ff), 20) << 1;
      return jump(w, here() + distance, 0x043f2fff, Mention::Kind::branch);
    }
    const bool up = w >> 23 & 1;
    const unsigned rt = w >> 12 & 15, rd = w >> 8 & 15;
    if ((w & 0xff7f0000) == 0xf85f0000) {
      literal(aligned() + (up ? w & 0xfff : 0 - (w & 0xfff)), rt, 1, true);
      return put(w & ~kFar);
    } else if ((w & 0xff3f0e00) == 0xed1f0a00) {
      literal(aligned() + (up ? (w & 0xff) << 2 : 0 - ((w & 0xff) << 2)), 15, w & 0x100 ? 2 : 1, false);
      return put(w & ~kNear);
    } else if ((w & 0xfe7f0000) == 0xe85f0000 && (w & 0x01200000)) {
      literal(aligned() + (up ? (w & 0xff) << 2 : 0 - ((w & 0xff) << 2)), 15, 2, false);
      return put(w & ~kNear);
    } else if ((w & 0xfbff8000) == 0xf20f0000 || (w & 0xfbff8000) == 0xf2af0000) {
      const std::uint32_t amount = (w >> 15 & 0x800) | (w >> 4 & 0x700) | (w & 0xff);
      return near_address(aligned() + (w & 0x00a00000 ? 0 - amount : amount), rd, w, 0x040070ff);
    } else if ((w & 0xfbf08000) == 0xf2400000 || (w & 0xfbf08000) == 0xf2c00000) {
      const std::uint32_t value = (w >> 4 & 0xf000) | (w >> 15 & 0x800) | (w >> 4 & 0x700) | (w & 0xff);
      return w & 0x00800000 ? move_high(rd, value, w, 0x040f70ff) : move_low(rd, value, w, 0x040f70ff);
    } else if ((w & 0xfbf08f00) == 0xf1b00f00) {
      compared_ = w & 0xff;
    } else if ((w & 0xfff0f0f0) == 0xeb000000) {
      sum(rd, known(w >> 16 & 15), known(w & 15));
    } else if ((w & 0xfff00ff0) == 0xf8500000) {
      load(rt, w >> 16 & 15, w & 15);
    }
    put(w);
  }

  // BL, BLX and the long B.
  void branch(std::uint32_t w) {
    const std::uint32_t s = w >> 26 & 1, i1 = ~((w >> 13 & 1) ^ s) & 1, i2 = ~((w >> 11 & 1) ^ s) & 1;
    const std::uint32_t distance = sign_extended(s << 23 | i1 << 22 | i2 << 21 | (w >> 16 & 0x3ff) << 11 | (w & 0x7ff), 24) << 1;
    const bool call = w >> 14 & 1, same = w >> 12 & 1;
    constexpr std::uint32_t kDistance = 0x07ff2fff;
    if (!call) return jump(w, here() + distance, kDistance, Mention::Kind::jump);
    mention(same ? here() + distance : (aligned() + distance) & ~std::uint32_t{3}, same ? Mode::thumb : Mode::a32, Mention::Kind::call);
    // Which of both is used for a call depends on where the linker sends it.
    put(w & ~kDistance & ~std::uint32_t{0x1000});
  }

  // A branch at the end of a page may go through a veneer, for a fault of the Cortex-A8 (657417): a long branch on its own.
  void jump(std::uint32_t w, std::uint32_t target, std::uint32_t mask, Mention::Kind kind) {
    if (!inside(target)) {
      const auto first = view_.half(target), second = view_.half(target + 2);
      if (first && second && (*first & 0xf800) == 0xf000 && (*second & 0xd000) == 0x9000) {
        const std::uint32_t v = std::uint32_t{*first} << 16 | *second, s = v >> 26 & 1, i1 = ~((v >> 13 & 1) ^ s) & 1, i2 = ~((v >> 11 & 1) ^ s) & 1;
        const std::uint32_t end = target + 4 + (sign_extended(s << 23 | i1 << 22 | i2 << 21 | (v >> 16 & 0x3ff) << 11 | (v & 0x7ff), 24) << 1);
        if (inside(end)) target = end;
      }
    }
    go(w & ~mask, target, Mode::thumb, kind);
  }

  struct Low {
    std::size_t index;        // of the MOVW in the body's words
    std::uint32_t masked;
  };

  const CodeView& view_;
  const Mode mode_;
  const std::uint32_t from_, to_;
  Body& body_;
  Bytes code_;
  std::uint32_t pc_ = 0, compared_ = 0;
  std::set<std::uint32_t> pool_;   // words of data to come
  std::array<std::optional<Known>, 16> known_{};
  std::array<std::optional<Low>, 16> low_{};
};

}  // namespace

void read_arm_body(const CodeView& view, Mode mode, std::uint64_t from, std::uint64_t to, Body& body) { Reader(view, mode, from, to, body).run(); }

}  // namespace klik::elf
