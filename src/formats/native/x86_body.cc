// x86 and x86-64: how long each instruction is and where its displacement and its immediate lie, no more. Distances that leave the
// function and addresses relative to the instruction are masked.
// Source: Intel SDM volume 2, 2.1–2.7 (formats, REX, VEX, EVEX) and appendix A (opcode maps).
#include <algorithm>

#include "formats/native/function_body.h"

namespace klik::elf {
namespace {

std::uint64_t sign_extended(std::uint64_t value, unsigned bits) {
  const std::uint64_t sign = std::uint64_t{1} << (bits - 1);
  return (value ^ sign) - sign;
}

// One hexadecimal digit per opcode of the one-byte map: 0 nothing follows, 1 ModRM, 2 byte, 3 word or double word by operand size,
// 4 ModRM and byte, 5 ModRM and (double) word, 6 relative byte, 7 relative double word, 8 16 bit, 9 16 bit and byte, a address,
// b group 3 with byte, c group 3 with (double) word, d (quad) word by REX.W, e far address, f invalid in 64 bit, nothing follows.
constexpr std::string_view kOneByte =
    "111123ff111123f0" "111123ff111123ff" "1111230f1111230f" "1111230f1111230f"
    "0000000000000000" "0000000000000000" "fff1000035240000" "6666666666666666"
    "45f4111111111111" "0000000000e00000" "aaaa000023000000" "22222222dddddddd"
    "4480ff45908002f0" "1111fff011111111" "6666222277e60000" "000000bc00000011";
static_assert(kOneByte.size() == 256);
// Of the two-byte map (0F): 0 nothing, 1 ModRM, 4 ModRM and byte, 7 relative double word.
constexpr std::string_view kTwoBytes =
    "1111000000000104" "1111111111111111" "1111111111111111" "0000000011111111"
    "1111111111111111" "1111111111111111" "1111111111111111" "4444111011111111"
    "7777777777777777" "1111111111111111" "0001411100014111" "1111111111411111"
    "1141444100000000" "1111111111111111" "1111111111111111" "1111111111111111";
static_assert(kTwoBytes.size() == 256);

struct Instruction {
  std::size_t size = 0;                       // 0: none
  std::size_t opcode_at = 0;
  std::uint8_t opcode = 0;
  unsigned map = 0;                           // 0 one byte, 1 0F, 2 0F38, 3 0F3A and beyond
  std::size_t displacement_at = 0, displacement_size = 0, immediate_at = 0, immediate_size = 0;
  bool relative = false;                      // the immediate is a distance
  bool by_pc = false;                         // the displacement is one
  bool repeated = false;                      // F3
};

class Decoder {
 public:
  Decoder(Bytes bytes, bool wide) : bytes_(bytes), wide_(wide) {}

  Instruction decode() {
    while (at_ < 14 && prefix(peek())) ++at_;
    if (wide_ && (peek() & 0xf0) == 0x40) long_ = peek() & 8, ++at_;
    char form = '0';
    out_.opcode_at = at_;
    const std::uint8_t first = take();
    if ((first == 0xc4 || first == 0xc5 || first == 0x62) && (wide_ || (peek() & 0xc0) == 0xc0)) {
      const unsigned map = first == 0xc5 ? 1 : peek() & (first == 0x62 ? 7 : 31);
      at_ += first == 0xc5 ? 1 : first == 0xc4 ? 2 : 3;
      out_.map = map;
      out_.opcode = take();
      form = map == 3 ? '4' : map == 1 ? kTwoBytes[out_.opcode] : '1';
    } else if (first == 0x0f) {
      out_.map = 1;
      out_.opcode = take();
      if (out_.opcode == 0x38 || out_.opcode == 0x3a) {
        out_.map = out_.opcode == 0x38 ? 2 : 3;
        out_.opcode = take();
        form = out_.map == 2 ? '1' : '4';
      } else {
        form = kTwoBytes[out_.opcode];
      }
    } else {
      out_.opcode = first;
      form = one_byte(first);
    }
    if (form == 'f') return {};
    operands(form);
    if (at_ > bytes_.size() || at_ > 15) return {};
    out_.size = at_;
    return out_;
  }

 private:
  std::uint8_t peek() const { return at_ < bytes_.size() ? bytes_[at_] : 0; }
  std::uint8_t take() {
    const std::uint8_t b = peek();
    ++at_;
    return b;
  }
  bool prefix(std::uint8_t b) {
    switch (b) {
      case 0x66: narrow_ = true; return true;
      case 0x67: other_address_ = true; return true;
      case 0xf3: out_.repeated = true; return true;
      case 0xf0: case 0xf2: case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x64: case 0x65: return true;
      default: return false;
    }
  }
  char one_byte(std::uint8_t opcode) const {
    if (!wide_) {
      switch (opcode) {
        case 0xc4: case 0xc5: case 0x62: return '1';
        case 0x82: return '4';
        case 0x9a: case 0xea: return 'e';
        case 0xd4: case 0xd5: return '2';
        default: break;
      }
      const char c = kOneByte[opcode];
      return c == 'f' ? '0' : c;
    }
    return opcode == 0x9a || opcode == 0xea ? 'f' : kOneByte[opcode];
  }

  void operands(char form) {
    const std::size_t full = narrow_ ? 2 : 4;
    unsigned digit = 0;
    if (form == '1' || form == '4' || form == '5' || form == 'b' || form == 'c') digit = modrm();
    switch (form) {
      case '2': case '4': return immediate(1);
      case '3': case '5': return immediate(full);
      case '6': out_.relative = true; return immediate(1);
      case '7': out_.relative = true; return immediate(narrow_ && !wide_ ? 2 : 4);
      case '8': return immediate(2);
      case '9': return immediate(3);
      case 'a': return immediate(wide_ ? (other_address_ ? 4 : 8) : (other_address_ ? 2 : 4));
      case 'b': return digit < 2 ? immediate(1) : void();
      case 'c': return digit < 2 ? immediate(full) : void();
      case 'd': return immediate(long_ ? 8 : full);
      case 'e': return immediate(full + 2);
      default: return;
    }
  }
  void immediate(std::size_t size) {
    out_.immediate_at = at_;
    out_.immediate_size = size;
    at_ += size;
  }
  // The register digit.
  unsigned modrm() {
    const std::uint8_t b = take();
    const unsigned mod = b >> 6, rm = b & 7;
    std::size_t size = 0;
    if (mod == 3) return b >> 3 & 7;
    if (other_address_ && !wide_) {
      size = mod == 0 ? (rm == 6 ? 2 : 0) : mod;
    } else {
      unsigned base = rm;
      if (rm == 4) base = take() & 7;
      if (mod == 0 && base == 5) {
        size = 4;
        out_.by_pc = wide_ && rm == 5;
      } else {
        size = mod == 1 ? 1 : mod == 2 ? 4 : 0;
      }
    }
    out_.displacement_at = at_;
    out_.displacement_size = size;
    at_ += size;
    return b >> 3 & 7;
  }

  Bytes bytes_;
  const bool wide_;
  std::size_t at_ = 0;
  bool narrow_ = false, long_ = false, other_address_ = false;
  Instruction out_;
};

class Reader {
 public:
  Reader(const CodeView& view, Mode mode, std::uint64_t from, std::uint64_t to, Body& body) : view_(view), mode_(mode), from_(from), to_(to), body_(body) {}

  void run() {
    const Bytes bytes = view_.from(from_);
    const std::uint64_t size = std::min<std::uint64_t>(bytes.size(), to_ - from_);
    body_.begin(from_, from_ + size, 1);
    for (std::uint64_t at = 0; at < size;) {
      body_.at(from_ + at);
      const auto rest = bytes.slice(at, std::min<std::uint64_t>(size - at, 16));
      if (!rest) break;
      const Instruction i = Decoder(*rest, mode_ == Mode::x64).decode();
      if (i.size == 0) {
        body_.words.push_back((*rest)[0]);
        ++at;
        continue;
      }
      instruction(*rest, i, from_ + at);
      at += i.size;
    }
    body_.end();
  }

 private:
  bool inside(std::uint64_t address) const { return address >= from_ && address < to_; }
  static bool padding(const Instruction& i) {
    if (i.map == 0) return (i.opcode == 0x90 && !i.repeated) || i.opcode == 0xcc;
    return i.map == 1 && i.opcode == 0x1f;
  }
  // Jumps are one instruction whether their distance takes one byte or four, which alignment decides; 0: no jump.
  static std::uint32_t jump_of(const Instruction& i) {
    if (!i.relative) return 0;
    if (i.map == 0 && (i.opcode == 0xeb || i.opcode == 0xe9)) return 0xe9;
    if (i.map == 0 && (i.opcode & 0xf0) == 0x70) return i.opcode;
    return i.map == 1 && (i.opcode & 0xf0) == 0x80 ? 0x70u | (i.opcode & 0x0fu) : 0;
  }
  static std::uint64_t number(const std::array<std::uint8_t, 16>& bytes, std::size_t at, std::size_t size) {
    std::uint64_t out = 0;
    for (std::size_t k = 0; k < size && k < 8; ++k) out |= std::uint64_t{bytes[at + k]} << (8 * k);
    return out;
  }

  void instruction(Bytes code, const Instruction& i, std::uint64_t pc) {
    if (padding(i)) return;
    std::array<std::uint8_t, 16> bytes{};
    std::copy_n(code.begin(), i.size, bytes.begin());
    const auto mask = [&](std::size_t at, std::size_t size) { std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), size, std::uint8_t{0}); };
    const std::uint64_t next = pc + i.size, limit = mode_ == Mode::x64 ? ~std::uint64_t{0} : 0xffffffff;
    const auto mention = [&](std::uint64_t address, Mention::Kind kind) { body_.mentions.push_back({address & limit, mode_, kind}); };
    if (i.relative) {
      const std::uint64_t target = (next + sign_extended(number(bytes, i.immediate_at, i.immediate_size), static_cast<unsigned>(8 * i.immediate_size))) & limit;
      const bool call = i.map == 0 && i.opcode == 0xe8;
      mask(i.immediate_at, i.immediate_size);
      if (!call && inside(target)) {
        body_.goes_to(target);
      } else {
        mention(target, call ? Mention::Kind::call : i.map == 0 && i.opcode == 0xe9 ? Mention::Kind::jump : Mention::Kind::branch);
      }
    } else if (i.displacement_size == 4) {
      const auto value = static_cast<std::uint32_t>(number(bytes, i.displacement_at, 4));
      if (i.by_pc) {
        mention(next + sign_extended(value, 32), Mention::Kind::address);
        mask(i.displacement_at, 4);
      } else if (mode_ == Mode::x86 && distance(value)) {
        mention(value + got_, Mention::Kind::address);
        mask(i.displacement_at, 4);
      }
    }
    if (mode_ == Mode::x86 && !i.relative && i.immediate_size == 4) {
      const auto value = static_cast<std::uint32_t>(number(bytes, i.immediate_at, 4));
      if (distance(value)) {
        // What is added to the address of this place gives the table of addresses.
        if (i.opcode == 0x81 || i.opcode == 0x05) got_ = static_cast<std::uint32_t>(pc + value);
        else mention(value, Mention::Kind::address);
        mask(i.immediate_at, 4);
      }
    }
    ++body_.instructions;
    if (const std::uint32_t jump = jump_of(i)) {
      body_.words.push_back(jump);
      return;
    }
    for (std::size_t k = 0; k < i.size; k += 4) body_.words.push_back(static_cast<std::uint32_t>(number(bytes, k, 4)));
  }
  // Small numbers are members of a structure rather than distances.
  bool distance(std::uint32_t value) const { return view_.may_be_distance(value) && value >= 0x1000 && value < 0xfffff800; }

  const CodeView& view_;
  const Mode mode_;
  const std::uint64_t from_, to_;
  std::uint32_t got_ = 0;
  Body& body_;
};

}  // namespace

void read_x86_body(const CodeView& view, Mode mode, std::uint64_t from, std::uint64_t to, Body& body) { Reader(view, mode, from, to, body).run(); }

}  // namespace klik::elf
