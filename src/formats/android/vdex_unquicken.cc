#include "formats/android/vdex_unquicken.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "formats/android/dex_instructions.h"

namespace klik::vdex {
namespace {

using dex::CodeItem;
using dex::DexFile;

constexpr std::uint8_t kReturnVoidNoBarrier = 0x73, kFieldFirst = 0xe3, kFieldLast = 0xf2, kInvokeQuick = 0xe9, kInvokeQuickRange = 0xea;
constexpr std::uint16_t kRealNop = 0xFFFF;
// Methods that share or overlap code could make a small file cost the square of its size. Real code is walked about once.
constexpr std::uint64_t kMostWalks = 16;

// iget, iget-wide, iget-object, iput, iput-wide, iput-object; then after the invokes iput and iget of boolean, byte, char, short.
constexpr std::uint8_t kFieldOpcodes[] = {0x52, 0x53, 0x54, 0x59, 0x5a, 0x5b, 0, 0, 0x5c, 0x5d, 0x5e, 0x5f, 0x55, 0x56, 0x57, 0x58};

// What a table says of one method, handed out in the order of its instructions.
class MethodTable {
 public:
  virtual ~MethodTable() = default;
  // The value for the instruction at `pc`; nullopt when the table has none.
  virtual std::optional<std::uint16_t> next(std::uint32_t pc) = 0;
  // True when a nop at `pc` has an entry.
  virtual bool has_nop(std::uint32_t pc) = 0;
  virtual bool used_up() const = 0;
};

// Android 8.0: pairs of place and value, of variable length.
class Pairs final : public MethodTable {
 public:
  explicit Pairs(Bytes data) : in_(data, 0), size_(data.size()) { advance(); }
  std::optional<std::uint16_t> next(std::uint32_t pc) override {
    if (!there_ || pc != pc_) return std::nullopt;
    const std::uint16_t value = value_;
    advance();
    return value;
  }
  bool has_nop(std::uint32_t pc) override { return there_ && pc == pc_; }
  bool used_up() const override { return !there_ && !bad_; }

 private:
  void advance() {
    there_ = false;
    if (in_.at() >= size_) return;
    const auto pc = in_.unsigned_value();
    const auto value = pc ? in_.unsigned_value() : pc;
    bad_ = !value || *value > 0xFFFF;
    if (bad_) return;
    pc_ = *pc;
    value_ = static_cast<std::uint16_t>(*value);
    there_ = true;
  }

  dex::LebReader in_;
  std::uint64_t size_;
  std::uint32_t pc_ = 0;
  std::uint16_t value_ = 0;
  bool there_ = false, bad_ = false;
};

// Later releases: values alone, so that every nop needs one to say that it was one.
class Values final : public MethodTable {
 public:
  explicit Values(std::span<const U16le> values) : values_(values) {}
  std::optional<std::uint16_t> next(std::uint32_t) override {
    if (at_ >= values_.size()) return std::nullopt;
    return values_[at_++];
  }
  bool has_nop(std::uint32_t) override { return !values_.empty(); }
  bool used_up() const override { return at_ == values_.size(); }

 private:
  std::span<const U16le> values_;
  std::size_t at_ = 0;
};

// Rewrites one method in `bytes`, which is what `code` looks at.
class MethodWriter {
 public:
  MethodWriter(std::vector<std::uint8_t>& bytes, const CodeItem& code) : bytes_(bytes), code_(code) {}

  Result<std::uint64_t> undo(MethodTable& table) {
    // A removed cast stands as two nops and is one instruction afterwards, so each step measures what is there by then.
    for (std::uint32_t at = 0; at < code_.units.size();) {
      const dex::Instructions rest(code_.units.subspan(at));
      if (rest.begin() == rest.end()) break;   // no whole instruction: the phone would not run this method
      const dex::Instruction here = *rest.begin();
      const dex::Instruction i(here.units(), at, here.length());
      const std::uint8_t opcode = i.opcode();
      at += i.length();
      if (opcode == dex::op::kNop) {
        KLIK_TRY(const bool was_cast, undo_nop(i, table));
        if (was_cast) ++at;
      } else if (opcode == kReturnVoidNoBarrier) {
        set_opcode(i, dex::op::kReturnVoid);
      } else if (opcode >= kFieldFirst && opcode <= kFieldLast) {
        const auto index = table.next(i.at());
        if (!index) return fail(Code::bad_value, place(i), "the quickening table has no entry for an instruction");
        set_opcode(i, opcode == kInvokeQuick ? dex::op::kInvokeVirtual : opcode == kInvokeQuickRange ? dex::op::kInvokeVirtualRange : kFieldOpcodes[opcode - kFieldFirst]);
        set_unit(i.at() + 1, *index);
      }
    }
    if (!table.used_up()) return fail(Code::bad_value, code_.at, "the quickening table has more entries than the method has instructions for");
    return restored_;
  }

 private:
  // True when a cast was put back.
  Result<bool> undo_nop(const dex::Instruction& i, MethodTable& table) {
    if (!table.has_nop(i.at())) return false;
    const auto first = table.next(i.at());
    if (!first) return fail(Code::bad_value, place(i), "the quickening table has no entry for a nop");
    if (*first == kRealNop) return false;
    const auto type = table.next(i.at());
    if (!type || *first > 0xFF) return fail(Code::bad_value, place(i), "the quickening table is broken at a removed cast");
    if (i.at() + 1 >= code_.units.size()) return fail(Code::bad_value, place(i), "a removed cast does not fit into its method");
    set_unit(i.at(), static_cast<std::uint16_t>(dex::op::kCheckCast | (*first << 8)));
    set_unit(i.at() + 1, *type);
    ++restored_;
    return true;
  }
  std::uint64_t place(const dex::Instruction& i) const { return code_.units_at + std::uint64_t{2} * i.at(); }
  void set_opcode(const dex::Instruction& i, std::uint8_t opcode) {
    bytes_[place(i)] = opcode;
    ++restored_;
  }
  void set_unit(std::uint32_t at, std::uint16_t value) {
    const std::uint64_t byte = code_.units_at + std::uint64_t{2} * at;
    bytes_[byte] = static_cast<std::uint8_t>(value);
    bytes_[byte + 1] = static_cast<std::uint8_t>(value >> 8);
  }

  std::vector<std::uint8_t>& bytes_;
  const CodeItem& code_;
  std::uint64_t restored_ = 0;
};

// Android 9 and later: offset by method index, in groups of sixteen with a mask of who has one.
class OffsetTable {
 public:
  static Result<OffsetTable> at(Bytes quickening, std::uint64_t offset) {
    KLIK_TRY(const Bytes data, quickening.from(offset));
    OffsetTable table;
    KLIK_TRY(const U32le least, data.get<U32le>(0));
    KLIK_TRY(const U32le blocks, data.get<U32le>(4));
    KLIK_TRY(table.data_, data.from(8));
    KLIK_TRY(table.blocks_, table.data_.from(blocks));
    table.least_ = least;
    return table;
  }
  // 0: the method has none.
  Result<std::uint32_t> offset_of(std::uint32_t method) const {
    KLIK_TRY(const U32le block, blocks_.get<U32le>(std::uint64_t{4} * (method / 16)));
    KLIK_TRY(const U16be mask, data_.get<U16be>(block));
    const unsigned bit = method % 16;
    if (((mask >> bit) & 1u) == 0) return 0u;
    std::uint32_t offset = least_;
    dex::LebReader in(data_, std::uint64_t{block} + 2);
    for (unsigned i = 0; i <= bit; ++i) {
      if (((mask >> i) & 1u) == 0) continue;
      KLIK_TRY(const std::uint32_t step, in.unsigned_value());
      offset += step;   // may wrap: steps go down too
    }
    return offset;
  }

 private:
  Bytes data_, blocks_;
  std::uint32_t least_ = 0;
};

// The values of one method in the quickening data, for the versions that find them by offset.
Result<std::span<const U16le>> values_with_size(Bytes quickening, std::uint64_t at) {
  KLIK_TRY(const U32le size, quickening.get<U32le>(at));
  return quickening.array<U16le>(at + 4, size / 2);
}
Result<std::span<const U16le>> values_with_count(Bytes quickening, std::uint64_t at) {
  dex::LebReader in(quickening, at);
  KLIK_TRY(const std::uint32_t count, in.unsigned_value());
  return quickening.array<U16le>(in.at(), count);
}

struct CodeOffsets {
  U32le code, data;
};

// Android 8.1: from code item to data, for DEX number `number` of `count`. Code items count from the DEX header.
Result<std::span<const CodeOffsets>> code_offsets(Bytes quickening, std::uint64_t number, std::uint64_t count) {
  if (count * 4 > quickening.size()) return fail(Code::truncated, 0, "the quickening data is too short for its index");
  const std::uint64_t index = quickening.size() - count * 4;
  KLIK_TRY(const U32le start, quickening.get<U32le>(index + 4 * number));
  std::uint64_t end = index;
  if (number + 1 < count) {
    KLIK_TRY(const U32le next, quickening.get<U32le>(index + 4 * (number + 1)));
    end = next;
  }
  if (start > end || end > index) return fail(Code::bad_value, index + 4 * number, "the index of the quickening data is broken");
  return quickening.array<CodeOffsets>(start, (end - start) / sizeof(CodeOffsets));
}

}  // namespace

Unquickened Unquickener::undo(std::size_t number, Range extent) {
  Unquickened out;
  const auto window = vdex_.slice(extent.at, extent.length);
  if (!window) {
    out.broken = window.error();
    return out;
  }
  out.bytes.assign(window->begin(), window->end());
  const Bytes quickening = vdex_.slice(file_.quickening.at, file_.quickening.length).value_or(Bytes());
  const auto opened = DexFile::open(Bytes(std::span<const std::uint8_t>(out.bytes)));
  if (!opened) {
    out.broken = opened.error();
    return out;
  }
  const DexFile& dex = *opened;

  const auto keep = [&](const Error& error) {
    if (!out.broken) out.broken = error;
  };
  std::uint64_t walked_units = 0;
  const auto rewrite = [&](const CodeItem& code, MethodTable& table) {
    walked_units += code.units.size();
    if (walked_units > kMostWalks * out.bytes.size()) return keep(fail(Code::over_budget, code.at, "methods share so much code that undoing it would never end").error());
    const auto restored = MethodWriter(out.bytes, code).undo(table);
    if (restored) out.restored += *restored;
    else keep(restored.error());
  };

  std::unordered_map<std::uint32_t, std::uint32_t> by_code;   // 010: looked up, never walked
  std::optional<OffsetTable> by_method;
  if (!quickening.empty() && file_.version == 10) {
    const auto offsets = code_offsets(quickening, number, file_.dex.size());
    if (!offsets) keep(offsets.error());
    else for (const CodeOffsets& o : *offsets) by_code.emplace(o.code, o.data);
  } else if (!quickening.empty() && file_.version >= 19) {
    const auto table = OffsetTable::at(quickening, file_.dex[number].quicken_table);
    if (!table) keep(table.error());
    else by_method = *table;
  }

  // Methods may share code; the second visit would find nothing left to undo, and the table unused.
  std::unordered_set<std::uint64_t> seen;
  const auto on_method = [&](const dex::ClassMethod& method) {
    if (method.code_at == 0) return;
    if (file_.version == 6) {
      if (out.broken || quickening.empty()) return;   // a stream that lost its place says nothing more
      const auto size = quickening.get<U32le>(stream_at_);
      const auto pairs = size ? quickening.slice(stream_at_ + 4, *size) : Result<Bytes>(fail(size.error()));
      if (!pairs) return keep(pairs.error());
      stream_at_ += 4 + pairs->size();
      const auto code = dex.code(method.code_at);
      if (!code) return keep(code.error());
      Pairs table(*pairs);
      return rewrite(*code, table);
    }
    if (!seen.insert(method.code_at).second) return;
    const auto code = dex.code(method.code_at);
    if (!code) return keep(code.error());
    std::span<const U16le> values;
    if (file_.version == 10) {
      const auto there = by_code.find(static_cast<std::uint32_t>(method.code_at));
      if (there != by_code.end()) {
        const auto read = values_with_size(quickening, there->second);
        if (!read) return keep(read.error());
        values = *read;
      }
    } else if (by_method) {
      const auto offset = by_method->offset_of(method.method);
      if (!offset) return keep(offset.error());
      if (*offset != 0) {
        const auto read = values_with_count(quickening, *offset - 1);   // stored plus one, since 0 means none
        if (!read) return keep(read.error());
        values = *read;
      }
    }
    Values table(values);
    rewrite(*code, table);
  };
  for (std::uint32_t i = 0; i < dex.class_count(); ++i)
    if (const auto walked = dex.members(dex.class_def(i), [](const dex::ClassField&) {}, on_method); !walked) keep(walked.error());
  return out;
}

}  // namespace klik::vdex
