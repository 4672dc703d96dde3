// Instructions for tests of code: one call each, names resolved in the DEX that is being made.
#pragma once

#include <string>
#include <vector>

#include "support/dex_writer.h"

namespace klik::test {

using Units = std::vector<std::uint16_t>;
using MakeUnits = std::function<Units(const DexWriter&)>;

inline std::uint16_t u16(std::size_t n) { return static_cast<std::uint16_t>(n); }

// One method's code, put together step by step; what it names is declared in the writer by `declare`.
class CodeMaker {
 public:
  CodeMaker& text(unsigned r, const std::string& s) {
    strings_.push_back(s);
    return step([=](const DexWriter& d) { return Units{u16(0x1a | r << 8), u16(d.string_index(s))}; });
  }
  CodeMaker& number(unsigned r, std::int16_t n) { return step([=](const DexWriter&) { return Units{u16(0x13 | r << 8), u16(static_cast<std::uint16_t>(n))}; }); }
  CodeMaker& field(unsigned r, const DexWriter::FieldRef& f) {
    fields_.push_back(f);
    return step([=](const DexWriter& d) { return Units{u16(0x62 | r << 8), u16(d.field_index(f))}; });
  }
  CodeMaker& make(unsigned r, const std::string& type) {
    types_.push_back(type);
    return step([=](const DexWriter& d) { return Units{u16(0x22 | r << 8), u16(d.type_index(type))}; });
  }
  // op: 0x6e virtual, 0x6f super, 0x70 direct, 0x71 static, 0x72 interface
  CodeMaker& call(unsigned op, const DexWriter::MethodRef& m, const std::vector<unsigned>& registers = {}) {
    methods_.push_back(m);
    return step([=](const DexWriter& d) {
      unsigned packed = 0;
      for (std::size_t i = 0; i < registers.size(); ++i) packed |= registers[i] << (4 * i);
      return Units{u16(op | registers.size() << 12), u16(d.method_index(m)), u16(packed)};
    });
  }
  CodeMaker& result(unsigned r) { return units({u16(0x0c | r << 8)}); }
  CodeMaker& move(unsigned to, unsigned from) { return units({u16(0x07 | to << 8 | from << 12)}); }
  CodeMaker& units(Units raw) {
    return step([=](const DexWriter&) { return raw; });
  }

  // Declares what the code names and gives it.
  DexWriter::Code in(DexWriter& d, unsigned registers = 8) {
    d.strings.insert(d.strings.end(), strings_.begin(), strings_.end());
    d.types.insert(d.types.end(), types_.begin(), types_.end());
    d.fields.insert(d.fields.end(), fields_.begin(), fields_.end());
    d.methods.insert(d.methods.end(), methods_.begin(), methods_.end());
    return {.registers = registers, .ins = 0, .outs = 5, .units = [steps = steps_](const DexWriter& w) {
              Units out;
              for (const MakeUnits& s : steps) {
                const Units u = s(w);
                out.insert(out.end(), u.begin(), u.end());
              }
              out.push_back(0x000e);
              return out;
            }};
  }

 private:
  CodeMaker& step(MakeUnits s) {
    steps_.push_back(std::move(s));
    return *this;
  }
  std::vector<MakeUnits> steps_;
  std::vector<std::string> strings_, types_;
  std::vector<DexWriter::FieldRef> fields_;
  std::vector<DexWriter::MethodRef> methods_;
};

inline std::string as_text(const std::vector<std::uint8_t>& bytes) { return std::string(Bytes(bytes).text()); }

}  // namespace klik::test
