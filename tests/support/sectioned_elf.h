// A small ELF library with section headers, of any of four machines: code that branches over a gap, a word that points into
// the code, and the relocation of that word.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "support/writer.h"

namespace klik::test {

struct SectionedElf {
  std::uint16_t machine = 183;
  bool wide = true;                       // 64 bit
  std::uint32_t relative = 1027;          // type of the relocation
  // The code before the gap, given the address that it stands at and that of what comes behind the gap.
  std::function<std::string(std::uint32_t at, std::uint32_t behind)> front;
  std::string gap, back;
  std::uint64_t code_size_says = 0;       // when not 0: what the section header says instead of the truth

  static constexpr std::uint32_t kBase = 0x10000, kCode = 0x100;   // addresses are offsets plus kBase

  std::uint32_t behind = 0, word = 0, relocation = 0;              // offsets, after write()

  std::vector<std::uint8_t> write() {
    const std::size_t front_size = front(0, 0).size();
    behind = static_cast<std::uint32_t>(kCode + front_size + gap.size());
    Writer w;
    w.zeros(kCode).text(front(kBase + kCode, kBase + behind)).text(gap).text(back);
    const std::size_t code_size = w.bytes.size() - kCode;
    word = static_cast<std::uint32_t>(w.align(8).bytes.size());
    address(w, kBase + behind);
    relocation = static_cast<std::uint32_t>(w.bytes.size());
    address(w, kBase + word);
    address(w, relative);
    const std::size_t names = w.bytes.size();
    w.zeros(8);
    const std::size_t sections = w.bytes.size();
    section(w, 0, 0, 0, 0, 0, 0);
    section(w, 1, 6, kBase + kCode, kCode, code_size_says ? code_size_says : code_size, 0);
    section(w, 1, 3, kBase + word, word, wide ? 8 : 4, 0);
    section(w, 9, 2, kBase + relocation, relocation, wide ? 16 : 8, wide ? 16 : 8);
    section(w, 3, 0, 0, names, 8, 0);
    header(w, sections);
    return w.bytes;
  }

 private:
  void address(Writer& w, std::uint64_t value) const { w.le(value, wide ? 8 : 4); }
  void section(Writer& w, std::uint32_t type, std::uint64_t flags, std::uint64_t at, std::uint64_t offset, std::uint64_t size, std::uint64_t entry) const {
    w.u32(0).u32(type);
    address(w, flags), address(w, at), address(w, offset), address(w, size);
    w.u32(0).u32(0);
    address(w, 4), address(w, entry);
  }
  void header(Writer& w, std::size_t sections) const {
    Writer h;
    h.text("\x7f" "ELF").le(wide ? 2 : 1, 1).le(1, 1).le(1, 1).zeros(9).u16(3).u16(machine).u32(1);
    address(h, 0), address(h, 0), address(h, sections);
    h.u32(0).u16(wide ? 64 : 52).u16(wide ? 56 : 32).u16(0).u16(wide ? 64 : 40).u16(5).u16(4);
    std::ranges::copy(h.bytes, w.bytes.begin());
  }
};

}  // namespace klik::test
