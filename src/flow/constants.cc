#include "flow/constants.h"

#include <algorithm>
#include <map>

namespace klik::flow {
namespace {

using dex::Instruction;

constexpr std::string_view kUnknownText = "…";
// Values are copied from register to register and arrays are joined at every call, so their size must not come from the file.
constexpr std::size_t kLongestText = 1024, kMostElements = 32;
constexpr std::int64_t kPastAll = std::int64_t{1} << 40;   // an element at a place that is not known

// Where code may be entered other than from the instruction before: nothing is known there.
std::vector<bool> entered(const dex::DexFile& file, const dex::CodeItem& code) {
  std::vector<bool> out(code.units.size());
  const auto mark = [&](std::int64_t at) {
    if (at >= 0 && at < static_cast<std::int64_t>(out.size())) out[static_cast<std::size_t>(at)] = true;
  };
  for (const Instruction i : dex::Instructions(code.units)) {
    const std::uint8_t op = i.opcode();
    if ((op >= 0x28 && op <= 0x2a) || (op >= 0x32 && op <= 0x3d)) mark(i.target());
    if (op != dex::op::kPackedSwitch && op != dex::op::kSparseSwitch) continue;
    const std::int64_t payload = i.target();
    if (payload < 0 || payload >= static_cast<std::int64_t>(code.units.size())) continue;
    if (const auto cases = dex::SwitchPayload::read(code.units.subspan(static_cast<std::size_t>(payload))))
      for (std::uint32_t n = 0; n < cases->size(); ++n) mark(std::int64_t{i.at()} + cases->at(n).target);
  }
  for (const dex::TryItem& t : code.tries)
    if (!file.handlers(code, t, [&](const dex::Handler& h) { mark(h.target); })) break;
  return out;
}

// Whether an instruction leaves a new value in vA, and whether it is as wide as two registers.
enum class Writes : std::uint8_t { nothing, one, pair };
Writes writes(std::uint8_t op) {
  if (op == 0x00 || (op >= 0x0e && op <= 0x11) || op == 0x1d || op == 0x1e || op == 0x1f || (op >= 0x24 && op <= 0x2c)) return Writes::nothing;
  if (op >= 0x32 && op <= 0x3d) return Writes::nothing;                                    // if-…
  if (op >= 0x4b && op <= 0x51) return Writes::nothing;                                    // aput
  if ((op >= 0x59 && op <= 0x5f) || (op >= 0x67 && op <= 0x6d)) return Writes::nothing;    // iput, sput
  if (op >= 0x6e && op <= 0x78) return Writes::nothing;                                    // invokes
  if (op >= 0xfa && op <= 0xfd) return Writes::nothing;
  // move-wide, move-result-wide, const-wide, get-wide, arithmetic on long and double.
  if ((op >= 0x04 && op <= 0x06) || op == 0x0b || (op >= 0x16 && op <= 0x19) || op == 0x45 || op == 0x53 || op == 0x61) return Writes::pair;
  if (op >= 0x7b && op <= 0xe2) return Writes::pair;   // some are one register wide: forgetting one more constant is harmless
  return Writes::one;
}

class Tracker {
 public:
  Tracker(const dex::DexFile& file, const dex::CodeItem& code) : file_(file), code_(code), registers_(code.registers) {}

  void run(const std::function<void(const Instruction&, const std::vector<Constant>&)>& on_call) {
    const std::vector<bool> entries = entered(file_, code_);
    std::vector<Constant> arguments;
    for (const Instruction i : dex::Instructions(code_.units)) {
      if (entries[i.at()]) forget_all();
      if (i.is_payload()) continue;
      if (i.is_invoke()) {
        arguments.clear();
        for (std::uint32_t n = 0; n < i.argument_count(); ++n) arguments.push_back(get(i.argument(n)));
        on_call(i, arguments);
        result_ = result_of(i, arguments);
        continue;
      }
      step(i);
      if (i.opcode() != dex::op::kFilledNewArray && i.opcode() != dex::op::kFilledNewArrayRange) result_ = {};
    }
  }

 private:
  Constant get(std::uint32_t r) const {
    Constant c = raw(r);
    if (c.kind == Constant::Kind::texts) {
      const auto held = arrays_.find(c.array);
      if (held != arrays_.end())
        for (const auto& [at, text] : held->second) c.text += (c.text.empty() ? "" : " ") + text;
      if (c.text.empty()) return {};
    }
    return c;
  }
  // An array as itself, not as what it holds.
  Constant raw(std::uint32_t r) const { return r < registers_.size() && registers_[r].epoch == epoch_ ? registers_[r].value : Constant{}; }
  void set(std::uint32_t r, Constant c) {
    if (r < registers_.size()) registers_[r] = {std::move(c), epoch_};
  }
  // A hostile method has 65,535 registers and as many branches: forgetting must not touch each.
  void forget_all() {
    ++epoch_;
    result_ = {};
  }
  Constant text(std::uint32_t index) const { return {Constant::Kind::text, std::string(file_.string(index).substr(0, kLongestText)), 0, 0}; }

  // What a call gives back where that is plain from its arguments.
  Constant result_of(const Instruction& i, const std::vector<Constant>& arguments) const {
    const std::string_view owner = file_.owner_of_method(i.index()), name = file_.name_of_method(i.index());
    if (arguments.empty()) return {};
    const bool same = (owner == "Landroid/net/Uri;" && (name == "parse" || name == "withAppendedPath")) || (owner == "Landroid/content/ContentUris;" && name == "withAppendedId") ||
                      (owner == "Ljava/lang/String;" && (name == "toString" || name == "trim" || name == "intern" || (name == "valueOf" && arguments[0].kind == Constant::Kind::text)));
    return same ? arguments[0] : Constant{};
  }

  void step(const Instruction& i) {
    const std::uint8_t op = i.opcode();
    switch (op) {
      case dex::op::kConstString:
      case dex::op::kConstStringJumbo: return set(i.a(), text(i.index()));
      case dex::op::kConstClass: return set(i.a(), {Constant::Kind::type, std::string(file_.type(i.index())), 0, 0});
      case 0x12: case 0x13: case 0x14: case 0x15: return set(i.a(), {Constant::Kind::number, {}, i.literal(), 0});
      case 0x01: case 0x02: case 0x03: case 0x07: case 0x08: case 0x09:
        return set(i.a(), raw(i.b()));
      case 0x0a: case 0x0c: {
        set(i.a(), std::move(result_));
        return;
      }
      case 0x62: {   // sget-object
        const std::string_view owner = file_.owner_of_field(i.index());
        if (owner.size() < 2) return set(i.a(), {});
        return set(i.a(), {Constant::Kind::field, std::string(owner.substr(1)) + "->" + std::string(file_.name_of_field(i.index())), 0, 0});
      }
      case dex::op::kNewArray: {
        Constant c{};
        if (file_.type(i.index()) == "[Ljava/lang/String;") c = {Constant::Kind::texts, {}, 0, ++last_array_};
        return set(i.a(), std::move(c));
      }
      case dex::op::kFilledNewArray:
      case dex::op::kFilledNewArrayRange: {
        result_ = {};
        if (file_.type(i.index()) != "[Ljava/lang/String;") return;
        result_ = {Constant::Kind::texts, {}, 0, ++last_array_};
        for (std::uint32_t n = 0; n < std::min<std::size_t>(i.argument_count(), kMostElements); ++n)
          arrays_[last_array_][n] = get(i.argument(n)).kind == Constant::Kind::text ? get(i.argument(n)).text : std::string(kUnknownText);
        return;
      }
      case 0x4d: {   // aput-object vA, vB, vC
        const Constant array = raw(i.b()), value = get(i.a()), at = get(i.c());
        if (array.kind != Constant::Kind::texts) return;
        auto& held = arrays_[array.array];
        const std::int64_t place = at.kind == Constant::Kind::number && (held.size() < kMostElements || held.contains(at.number)) ? at.number : kPastAll;
        held[place] = value.kind == Constant::Kind::text ? value.text : std::string(kUnknownText);
        return;
      }
      default: break;
    }
    const Writes w = writes(op);
    if (w != Writes::nothing) set(i.a(), {});
    if (w == Writes::pair) set(i.a() + 1, {});
  }

  const dex::DexFile& file_;
  const dex::CodeItem& code_;
  struct Register {
    Constant value;
    std::uint32_t epoch = 0;
  };
  std::vector<Register> registers_;
  std::uint32_t epoch_ = 1;
  std::map<std::uint32_t, std::map<std::int64_t, std::string>> arrays_;
  std::uint32_t last_array_ = 0;
  Constant result_;
};

}  // namespace

void each_call(const dex::DexFile& file, const dex::CodeItem& code, const std::function<void(const Instruction&, const std::vector<Constant>&)>& on_call) { Tracker(file, code).run(on_call); }

}  // namespace klik::flow
