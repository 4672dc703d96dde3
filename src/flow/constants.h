// The constants that a method hands to its calls, where they follow from the instructions before it without a branch
// between: texts, numbers, static fields, and arrays and addresses (Uri) made of them. What passes through a branch is
// unknown, never guessed.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "formats/android/dex.h"
#include "formats/android/dex_instructions.h"

namespace klik::flow {

struct Constant {
  enum class Kind : std::uint8_t { unknown, text, number, field, type, texts } kind = Kind::unknown;
  std::string text{};        // at most 1,024 bytes of each: text; CLASS;->FIELD without the leading L; a descriptor; texts joined with blanks, "…" for unknown ones
  std::int64_t number = 0;
  std::uint32_t array = 0;   // of texts: which array of the method

  bool known() const { return kind != Kind::unknown; }
  // As call_site.argument spells it.
  std::string spelled() const { return kind == Kind::number ? std::to_string(number) : text; }
};

// Calls on_call(instruction, constants of its arguments) for every invoke of the method, in order. Arguments are those of
// argument_count(), the receiver first where there is one. The cost is linear in the code.
void each_call(const dex::DexFile& file, const dex::CodeItem& code, const std::function<void(const dex::Instruction&, const std::vector<Constant>&)>& on_call);

}  // namespace klik::flow
