// All code of a DEX file, method by method, with a limit on work: methods may share code, and a small hostile file could
// let a million of them share one large one.
#pragma once

#include <optional>

#include "formats/android/dex_instructions.h"

namespace klik::dex {

struct Walked {
  std::uint64_t methods = 0;            // with code
  std::uint64_t units = 0;
  std::uint64_t broken = 0;             // methods and classes that could not be read
  std::optional<Error> first_broken;
  std::optional<Error> stopped;         // over_budget: the rest was not visited
};

// Shared code is visited for each of its methods. Real files come out at less than once their size.
inline constexpr std::uint64_t kMostVisits = 16;

// Calls on_code(const ClassDef&, const ClassMethod&, const CodeItem&) in the order of the file.
template <class OnCode>
Walked walk_code(const DexFile& dex, OnCode&& on_code) {
  Walked walked;
  const auto note = [&](const Error& error) {
    ++walked.broken;
    if (!walked.first_broken) walked.first_broken = error;
  };
  const std::uint64_t most = kMostVisits * dex.window().size();
  for (std::uint32_t i = 0; i < dex.class_count() && !walked.stopped; ++i) {
    const ClassDef def = dex.class_def(i);
    const auto members = dex.members(
        def, [](const ClassField&) {},
        [&](const ClassMethod& method) {
          if (method.code_at == 0 || walked.stopped) return;
          const auto code = dex.code(method.code_at);
          if (!code) return note(code.error());
          walked.units += code->units.size();
          if (walked.units > most) {
            walked.stopped = fail(Code::over_budget, code->at, "methods share so much code that visiting it for each would never end").error();
            return;
          }
          ++walked.methods;
          on_code(def, method, *code);
        });
    if (!members) note(members.error());
  }
  return walked;
}

// Instructions that the phone's compiler replaced, so that what they refer to has no name in the file. Android 5 to 7 keep
// no table to undo it; the few there are (methods that were not compiled) stay unresolved.
struct Quickened {
  std::uint64_t invokes = 0, fields = 0, instructions = 0;   // instructions: all, for proportion
};
inline Quickened count_quickened(const DexFile& dex) {
  Quickened count;
  walk_code(dex, [&](const ClassDef&, const ClassMethod&, const CodeItem& code) {
    const Instructions all(code.units);
    for (auto i = all.begin(); i != all.end(); ++i) {
      ++count.instructions;
      const IndexKind kind = kOpcodes[i.opcode()].index;
      if (kind == IndexKind::vtable) ++count.invokes;
      if (kind == IndexKind::field_offset) ++count.fields;
    }
  });
  return count;
}

}  // namespace klik::dex
