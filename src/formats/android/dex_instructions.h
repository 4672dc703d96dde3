// Instructions of a method, one after the other. Only the opcode and the size are decoded in passing; operands are decoded
// when they are asked for, so a scan that looks for few opcodes runs at the speed of reading.
// Source: source.android.com "Dalvik bytecode format", "Dalvik executable instruction formats"; AOSP art
// dex_instruction_list.h for quickened opcodes.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "formats/android/dex.h"

namespace klik::dex {

enum class Format : std::uint8_t {
  k10x, k12x, k11n, k11x, k10t, k20t, k22x, k21t, k21s, k21h, k21c, k23x, k22b, k22t, k22s, k22c,
  k32x, k30t, k31t, k31i, k31c, k35c, k3rc, k45cc, k4rcc, k51l, payload,
};

// What the index operand of an opcode counts in. field_offset and vtable are of quickened code: no name follows from
// them without the class that the phone had loaded.
enum class IndexKind : std::uint8_t { none, string, type, field, method, method_and_proto, proto, call_site, method_handle, field_offset, vtable };

struct OpcodeInfo {
  std::string_view name;     // as dexdump prints it; "" for an opcode that no release knows
  Format format;
  IndexKind index;
  std::uint8_t size;         // in code units
};
extern const std::array<OpcodeInfo, 256> kOpcodes;
extern const std::array<std::uint8_t, 256> kOpcodeSizes;

namespace op {
inline constexpr std::uint8_t kNop = 0x00, kReturnVoid = 0x0e, kConstString = 0x1a, kConstStringJumbo = 0x1b, kConstClass = 0x1c, kCheckCast = 0x1f, kInstanceOf = 0x20,
                              kNewInstance = 0x22, kNewArray = 0x23, kFilledNewArray = 0x24, kFilledNewArrayRange = 0x25, kFillArrayData = 0x26, kPackedSwitch = 0x2b,
                              kSparseSwitch = 0x2c, kIget = 0x52, kIput = 0x59, kSget = 0x60, kSput = 0x67, kInvokeVirtual = 0x6e, kInvokeSuper = 0x6f,
                              kInvokeDirect = 0x70, kInvokeStatic = 0x71, kInvokeInterface = 0x72, kInvokeVirtualRange = 0x74, kInvokeInterfaceRange = 0x78,
                              kInvokePolymorphic = 0xfa, kInvokePolymorphicRange = 0xfb, kInvokeCustom = 0xfc, kInvokeCustomRange = 0xfd, kConstMethodHandle = 0xfe,
                              kConstMethodType = 0xff;
}

// A view on one instruction. Operands that its format does not have are 0, an index that it does not have is kNoIndex.
class Instruction {
 public:
  Instruction(std::span<const U16le> units, std::uint32_t at, std::uint32_t length) : units_(units), at_(at), length_(length) {}

  std::uint32_t at() const { return at_; }             // in code units from the start of the method
  std::uint32_t length() const { return length_; }     // in code units, payloads with all they hold
  std::uint8_t opcode() const { return static_cast<std::uint8_t>(units_[0]); }
  const OpcodeInfo& info() const { return kOpcodes[opcode()]; }
  bool is_payload() const { return opcode() == op::kNop && units_[0] != 0 && units_[0] <= 0x300; }
  bool is_invoke() const { const std::uint8_t o = opcode(); return (o >= 0x6e && o <= 0x72) || (o >= 0x74 && o <= 0x78) || (o >= 0xfa && o <= 0xfd); }
  // Its target cannot be named from this file: a field offset or a place in a table of the phone's memory.
  bool is_quickened() const { return info().index == IndexKind::field_offset || info().index == IndexKind::vtable; }

  std::uint32_t index() const;                         // see info().index
  std::uint32_t proto() const;                         // of invoke-polymorphic
  std::uint32_t a() const, b() const, c() const;       // registers, in the order of the documentation: vA, vB, vC
  std::int64_t literal() const;                        // const/high16 already shifted
  // Of a goto or an if: where it jumps to; of a switch or fill-array-data: where its payload is. In code units from the
  // start of the method, and not checked: it may lie outside.
  std::int64_t target() const;
  // Arguments of invokes and filled-new-array; a wide value takes two.
  std::uint32_t argument_count() const;
  std::uint32_t argument(std::uint32_t n) const;       // register; REQUIRES: n < argument_count()

  std::span<const U16le> units() const { return units_; }

 private:
  std::span<const U16le> units_;   // of this instruction
  std::uint32_t at_, length_;
};

// for (const Instruction i : Instructions(code.units)) …; ends before an instruction that would leave the code.
class Instructions {
 public:
  explicit Instructions(std::span<const U16le> units) : units_(units) {}

  struct End {};
  class Iterator {
   public:
    explicit Iterator(std::span<const U16le> units) : units_(units) { measure(); }
    Instruction operator*() const { return {units_.subspan(at_, length_), at_, length_}; }
    Iterator& operator++() {
      at_ += length_;
      measure();
      return *this;
    }
    bool operator==(End) const { return length_ == 0; }
    // For scans that want neither operands nor a view.
    std::uint8_t opcode() const { return static_cast<std::uint8_t>(units_[at_]); }
    std::uint32_t at() const { return at_; }

   private:
    // 0 at the end, and where the rest is no whole instruction.
    void measure() {
      if (at_ >= units_.size()) {
        length_ = 0;
        return;
      }
      const std::uint16_t unit = units_[at_];
      length_ = kOpcodeSizes[unit & 0xFF];
      if ((unit & 0xFF) == 0 && unit != 0) [[unlikely]] length_ = payload_length(units_.subspan(at_));
      if (length_ > units_.size() - at_) [[unlikely]] length_ = 0;
    }

    std::span<const U16le> units_;
    std::uint32_t at_ = 0, length_ = 0;
  };
  Iterator begin() const { return Iterator(units_); }
  End end() const { return {}; }

  // Where iteration stops: the number of units when the code is whole.
  std::uint32_t whole_until() const;

 private:
  // Of the pseudo-instruction that `units` begins with: 1 when it is only a nop with a strange high byte, and more than
  // there is when it is cut short.
  static std::uint32_t payload_length(std::span<const U16le> units);

  std::span<const U16le> units_;
};

// What a switch or an array payload holds. `units` begin at the payload.
struct SwitchCase {
  std::int32_t key;
  std::int32_t target;   // relative to the switch, in code units
};
class SwitchPayload {
 public:
  static Result<SwitchPayload> read(std::span<const U16le> units);
  std::uint32_t size() const { return count_; }
  SwitchCase at(std::uint32_t n) const;   // REQUIRES: n < size()

 private:
  std::span<const U16le> units_;
  std::uint32_t count_ = 0;
  bool packed_ = false;
};
struct ArrayPayload {
  static Result<ArrayPayload> read(std::span<const U16le> units);
  std::uint32_t element_size = 0, count = 0;
  std::uint64_t element(std::uint32_t n) const;   // little-endian bits, not sign-extended; REQUIRES: n < count
  std::span<const U16le> data{};
};

}  // namespace klik::dex
