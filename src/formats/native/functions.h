// The functions of an ELF file: where each starts and ends, a hash of its instructions with every address left out, and what
// it uses: other functions, names of other libraries, texts. What relinking changes leaves the hashes as they are.
// Source: Arm ARM (A32, T32, A64 encodings), Intel SDM 2A (lengths), LSB .eh_frame, EHABI32 (.ARM.exidx), psABI supplements.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "formats/native/elf.h"

namespace klik::elf {

enum class Mode : std::uint8_t { a64, a32, thumb, x86, x64 };

enum class UseKind : std::uint8_t { function, import, text };

// A call, a jump out of the function, or an address that it forms.
struct Use {
  UseKind kind;
  std::uint32_t index;   // into Functions::list, imports or texts
  friend bool operator==(const Use&, const Use&) = default;
};

// A few of the runs of instructions that it has, by their hashes: equal places tell how much two functions share (MinHash).
inline constexpr std::size_t kSketch = 12;
using Sketch = std::array<std::uint8_t, kSketch>;

struct Function {
  std::string_view name;           // "" when nothing names it
  std::uint64_t address = 0, size = 0;   // without the bit that marks Thumb
  Mode mode = Mode::a64;
  bool exported = false;
  bool initial = false;            // run when the file is loaded
  std::uint32_t instructions = 0;  // without padding
  std::uint64_t hash = 0;          // of instructions and constants, addresses masked; equal code, equal hash
  Sketch sketch{};
  std::vector<Use> uses;           // in the order of the instructions, repeats too
};

// What the dynamic linker runs before anybody calls the library.
struct Initial {
  std::string_view table;          // "init", "init_array", "preinit_array", "fini", "fini_array"
  std::uint64_t at, length;        // of the entry in the file
  std::uint64_t target;            // address, without the Thumb bit
};

struct Functions {
  std::vector<Function> list;              // by address, apart from each other
  std::vector<std::string_view> imports;   // names that functions use
  std::vector<std::string_view> texts;     // texts that functions use, cut to kTextKept bytes
  std::vector<Initial> initial;
  std::uint64_t code_bytes = 0;            // in executable sections, without what links calls to other libraries
  std::uint64_t covered_bytes = 0;         // in functions
  std::vector<Error> damage;
};

inline constexpr std::size_t kMostFunctions = std::size_t{1} << 20;
inline constexpr std::size_t kTextKept = 160;

// Whether instructions of this machine can be read, and the file is linked: relocatable files hold no addresses yet.
bool has_functions(const File& file);
// REQUIRES: has_functions(file). Refers to the bytes of the file. Work is bounded by a few times the size of its code.
Functions read_functions(const File& file);

}  // namespace klik::elf
