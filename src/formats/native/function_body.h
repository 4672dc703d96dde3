// What the instructions of one function say, by machine. Addresses are taken out of the instructions and told apart:
// a function that was only moved gives the same words.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "formats/native/functions.h"

namespace klik::elf {

// The loaded bytes of the file by address. Readers of instructions look nowhere else.
class CodeView {
 public:
  explicit CodeView(const File& file);
  // Little-endian; nothing where the file holds no bytes.
  std::optional<std::uint16_t> half(std::uint64_t address) const;
  std::optional<std::uint32_t> word(std::uint64_t address) const;
  // From an address on, to the end of its segment in the file. Empty where nothing is loaded.
  Bytes from(std::uint64_t address) const;
  // One behind the highest loaded address: a smaller number may be an address or a distance between two.
  std::uint64_t span() const { return span_; }
  bool may_be_distance(std::uint32_t value) const { return value < span_ || std::uint64_t{0} - value + (std::uint64_t{1} << 32) <= span_; }

 private:
  const File& file_;
  std::uint64_t span_ = 0;
};

// Somewhere outside that the function names: a place to go or an address it forms.
struct Mention {
  std::uint64_t address;   // of an address formed on ARM: with the Thumb bit
  Mode mode;
  // jump: one that goes far and always, as calls at the end of a function do; branch: any other.
  enum class Kind : std::uint8_t { call, jump, branch, address } kind;
};

struct Body {
  std::vector<std::uint32_t> words;     // instructions and constants, distances masked, padding left out
  std::vector<Mention> mentions;        // in order
  std::vector<std::uint32_t> jumps;     // of each jump inside the function: how many words on. Bytes would count padding
  std::uint32_t instructions = 0;

  // REQUIRES: before the first word. Places are multiples of `unit` bytes from the start.
  void begin(std::uint64_t from, std::uint64_t to, unsigned unit);
  // The next word belongs to the instruction at this address, or to the one behind it when it is padding.
  void at(std::uint64_t address);
  // The next word goes to an address of the function.
  void goes_to(std::uint64_t target) { inner_.push_back({static_cast<std::uint32_t>(words.size()), target}); }
  void end();

 private:
  struct Inner {
    std::uint32_t word;
    std::uint64_t target;
  };
  std::vector<Inner> inner_;
  std::vector<std::uint32_t> word_at_;  // by place
  std::uint64_t from_ = 0;
  unsigned unit_ = 1;
};

// The instructions in [from, to). Every step advances; what is no instruction is taken as a word of data.
void read_arm64_body(const CodeView& view, std::uint64_t from, std::uint64_t to, Body& body);
void read_arm_body(const CodeView& view, Mode mode, std::uint64_t from, std::uint64_t to, Body& body);
void read_x86_body(const CodeView& view, Mode mode, std::uint64_t from, std::uint64_t to, Body& body);

// Where a stub or veneer at an address leads: a word that the dynamic linker fills, or other code. Nothing when there is
// ordinary code.
struct Stub {
  bool slot;               // `address` is a word that holds the address of a symbol; else code
  std::uint64_t address;
  Mode mode;
};
std::optional<Stub> read_stub(const CodeView& view, Mode mode, std::uint64_t address, std::uint64_t got);

}  // namespace klik::elf
