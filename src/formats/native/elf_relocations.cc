#include "formats/native/elf_relocations.h"

#include <algorithm>

#include "formats/native/elf_wire.h"

namespace klik::elf {
namespace {

constexpr std::uint32_t kNoType = ~std::uint32_t{0};

// The two types that put an address of the file itself into a word: relative to where it is loaded, and that of a symbol.
struct Types {
  std::uint32_t relative, absolute;
};

Types types_of(std::uint16_t machine) {
  switch (machine) {
    case 3: return {8, 1};         // x86
    case 8: return {3, kNoType};   // mips: REL32, relative when it names no symbol
    case 40: return {23, 2};       // arm
    case 62: return {8, 1};        // x86_64
    case 183: return {1027, 257};  // arm64
    case 243: return {3, 2};       // riscv
    default: return {kNoType, kNoType};
  }
}

// Signed LEB128 numbers in a row. Every step consumes a byte, so a loop over them ends with the table.
class Numbers {
 public:
  Numbers(Bytes bytes, std::uint64_t base) : bytes_(bytes), base_(base) {}
  std::uint64_t at() const { return base_ + at_; }
  Result<std::uint64_t> next() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
      KLIK_TRY(const std::uint8_t byte, bytes_.get<std::uint8_t>(at_));
      ++at_;
      if (shift < 64) value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte & 0x80) continue;
      if ((byte & 0x40) && shift + 7 < 64) value |= ~std::uint64_t{0} << (shift + 7);
      return value;
    }
    return fail(Code::bad_value, at(), "a packed number of more than ten bytes");
  }

 private:
  Bytes bytes_;
  std::uint64_t base_, at_ = 0;
};

class Reader {
 public:
  explicit Reader(const File& file) : file_(file), types_(types_of(file.machine())), mask_(file.wide() ? ~std::uint64_t{0} : 0xffffffff), most_(std::min<std::uint64_t>(kMostPointers, file.bytes().size() / file.word())) {}

  Pointers read() {
    if (types_.relative == kNoType) return {};
    plain(true, kRela, kRelaSize);
    plain(false, kRel, kRelSize);
    packed(true, kAndroidRela, kAndroidRelaSize);
    packed(false, kAndroidRel, kAndroidRelSize);
    relr(kRelr, kRelrSize);
    relr(kAndroidRelr, kAndroidRelrSize);
    // Relocations of the procedure linkage are slots and nothing else: what they hold before is a stub's address.
    const std::size_t before = out_.list.size();
    plain(file_.dynamic_value(kPltRel) == kRela, kJumpRel, kPltRelSize);
    out_.list.resize(before);
    std::ranges::stable_sort(out_.slots, {}, &Slot::address);
    const auto again = std::ranges::unique(out_.slots, {}, &Slot::address);
    out_.slots.erase(again.begin(), again.end());
    // A word that two relocations set would hold what the later one says; which is later depends on the linker, and no linker makes them.
    std::ranges::stable_sort(out_.list, {}, &Pointer::address);
    const auto twice = std::ranges::unique(out_.list, {}, &Pointer::address);
    out_.list.erase(twice.begin(), twice.end());
    return std::move(out_);
  }

 private:
  std::optional<Bytes> table(std::uint64_t tag, std::uint64_t size_tag) {
    if (!file_.dynamic(tag)) return std::nullopt;
    const auto range = file_.range_of(file_.dynamic_value(tag));
    const std::uint64_t size = file_.dynamic_value(size_tag);
    if (!range || size > range->length) {
      out_.damage.push_back(fail(Code::truncated, file_.dynamic(tag)->at, "a relocation table leaves the loaded part of the file").error());
      return std::nullopt;
    }
    table_at_ = range->at;
    const auto bytes = file_.bytes().slice(range->at, size);
    return bytes ? std::optional(*bytes) : std::nullopt;
  }

  // False when nothing more may be kept.
  bool keep(std::uint64_t address, std::uint64_t target) {
    if (out_.list.size() >= most_) {
      out_.damage.push_back(fail(Code::over_budget, table_at_, "more relocated words than the file holds, or than four million").error());
      return false;
    }
    out_.list.push_back({address & mask_, target & mask_});
    return true;
  }

  // Without an addend of its own, a relocation adds to what lies in the word.
  std::uint64_t in_place(std::uint64_t address) const {
    const auto at = file_.offset_of(address & mask_);
    if (!at) return 0;
    const auto value = file_.word_at(*at);
    return value ? *value : 0;
  }

  bool relocation(std::uint64_t address, std::uint64_t info, std::optional<std::uint64_t> addend) {
    const std::uint64_t symbol = file_.wide() ? info >> 32 : (info & mask_) >> 8;
    const std::uint64_t type = file_.wide() ? info & 0xffffffff : info & 0xff;
    if (symbol != 0 && symbol <= kNoType && out_.slots.size() < most_) out_.slots.push_back({address & mask_, static_cast<std::uint32_t>(symbol)});
    if (type == types_.relative && symbol == 0) return keep(address, addend ? *addend : in_place(address));
    if (type != types_.absolute || symbol == 0) return true;
    const auto named = file_.symbols().get(symbol);
    if (!named || named->imported()) return true;
    return keep(address, named->value + (addend ? *addend : in_place(address)));
  }

  template <class Entry>
  void entries(Bytes bytes) {
    const auto all = bytes.array<Entry>(0, bytes.size() / sizeof(Entry));
    if (!all) return;
    for (const Entry& e : *all) {
      std::optional<std::uint64_t> addend;
      if constexpr (requires { e.addend; }) addend = e.addend;
      if (!relocation(e.offset, e.info, addend)) return;
    }
  }

  void plain(bool addends, std::uint64_t tag, std::uint64_t size_tag) {
    const auto bytes = table(tag, size_tag);
    if (!bytes) return;
    if (file_.wide()) {
      addends ? entries<Rela64>(*bytes) : entries<Rel64>(*bytes);
    } else {
      addends ? entries<Rela32>(*bytes) : entries<Rel32>(*bytes);
    }
  }

  void packed(bool addends, std::uint64_t tag, std::uint64_t size_tag) {
    const auto bytes = table(tag, size_tag);
    if (!bytes) return;
    if (const auto read = read_packed(addends, *bytes); !read) out_.damage.push_back(read.error());
  }

  // "APS2", count, first address, then groups that share a distance, an info or an addend.
  Result<void> read_packed(bool addends, Bytes bytes) {
    if (!bytes.starts_with("APS2")) return fail(Code::bad_magic, table_at_, "packed relocations do not start with APS2");
    KLIK_TRY(const Bytes rest, bytes.from(4));
    Numbers numbers(rest, table_at_ + 4);
    KLIK_TRY(const std::uint64_t count, numbers.next());
    KLIK_TRY(std::uint64_t address, numbers.next());
    std::uint64_t addend = 0, steps = 0;
    for (std::uint64_t done = 0; done < count;) {
      KLIK_TRY(const std::uint64_t size, numbers.next());
      KLIK_TRY(const std::uint64_t flags, numbers.next());
      const bool by_info = flags & 1, by_delta = flags & 2, by_addend = flags & 4, has_addend = flags & 8;
      std::uint64_t delta = 0, info = 0;
      if (by_delta) {
        KLIK_TRY(delta, numbers.next());
      }
      if (by_info) {
        KLIK_TRY(info, numbers.next());
      }
      if (has_addend && by_addend) {
        KLIK_TRY(const std::uint64_t more, numbers.next());
        addend += more;
      } else if (!has_addend) {
        addend = 0;
      }
      // A group that shares everything costs five bytes and may claim any size.
      for (std::uint64_t i = 0; i < size && done < count; ++i, ++done) {
        if (++steps > most_) return fail(Code::over_budget, numbers.at(), "more packed relocations than the file holds words, or than four million");
        if (!by_delta) {
          KLIK_TRY(delta, numbers.next());
        }
        address += delta;
        if (!by_info) {
          KLIK_TRY(info, numbers.next());
        }
        if (has_addend && !by_addend) {
          KLIK_TRY(const std::uint64_t more, numbers.next());
          addend += more;
        }
        if (!relocation(address, info, addends ? std::optional(addend) : std::nullopt)) return {};
      }
    }
    return {};
  }

  // An even word is an address; an odd one is a map of the words behind the last.
  void relr(std::uint64_t tag, std::uint64_t size_tag) {
    const auto bytes = table(tag, size_tag);
    if (!bytes) return;
    const std::uint64_t word = file_.word(), count = bytes->size() / word;
    std::uint64_t next = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto entry = file_.word_at(table_at_ + i * word);
      if (!entry) return;
      if ((*entry & 1) == 0) {
        if (!keep(*entry, in_place(*entry))) return;
        next = *entry + word;
        continue;
      }
      std::uint64_t address = next;
      for (std::uint64_t map = *entry >> 1; map; map >>= 1, address += word)
        if ((map & 1) && !keep(address, in_place(address))) return;
      next += (word * 8 - 1) * word;
    }
  }

  const File& file_;
  const Types types_;
  const std::uint64_t mask_;
  const std::uint64_t most_;   // no two relocations of an honest file set the same word
  std::uint64_t table_at_ = 0;
  Pointers out_;
};

}  // namespace

Pointers read_pointers(const File& file) { return Reader(file).read(); }

}  // namespace klik::elf
