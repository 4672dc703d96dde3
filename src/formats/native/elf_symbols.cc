// Symbol tables of ELF, and how many entries the dynamic one has, which no field states.
#include <algorithm>

#include "formats/native/elf_wire.h"

namespace klik::elf {

// A hostile table cannot make every one of a million names megabytes long.
static constexpr std::uint64_t kLongestName = 4096;

Text text_in(Bytes file, std::uint64_t strings_at, std::uint64_t strings_size, std::uint64_t offset) {
  if (offset >= strings_size) return {{}, strings_at};
  const auto rest = file.slice(strings_at, strings_size);
  if (!rest) return {{}, strings_at};
  const std::string_view text = rest->text().substr(offset, kLongestName);
  return {text.substr(0, std::min(text.find('\0'), text.size())), strings_at + offset};
}

Result<Symbol> SymbolTable::get(std::uint64_t index) const {
  if (index >= count_) return fail(Code::truncated, at_, "no such symbol");
  const auto read = [&]<class Entry>(const Entry*) -> Result<Symbol> {
    const std::uint64_t at = at_ + index * sizeof(Entry);
    KLIK_TRY(const Entry* e, file_.view<Entry>(at));
    return Symbol{text_in(file_, strings_at_, strings_size_, e->name), e->value, e->size, e->info, e->section, at, sizeof(Entry)};
  };
  return wide_ ? read(static_cast<const Symbol64*>(nullptr)) : read(static_cast<const Symbol32*>(nullptr));
}

std::optional<Symbol> SymbolTable::find(std::string_view name) const {
  for (std::uint64_t i = 1; i < count_; ++i)
    if (const auto s = get(i); s && !s->imported() && !s->local() && s->name.text == name) return *s;
  return std::nullopt;
}

Result<void> File::read_symbols() {
  if (dynamic_.empty()) return {};
  const auto strings = range_of(dynamic_value(kStrings));
  if (!strings) return fail(Code::bad_value, segment(kDynamic)->offset, "the dynamic strings lie in no loaded part of the file");
  strings_at_ = strings->at;
  strings_size_ = std::min(strings->length, dynamic_value(kStringsSize));
  const auto table = range_of(dynamic_value(kSymbols));
  if (!table) return fail(Code::bad_value, segment(kDynamic)->offset, "the dynamic symbols lie in no loaded part of the file");
  const std::uint64_t most = table->length / (wide_ ? sizeof(Symbol64) : sizeof(Symbol32));
  // No field states the count. A hash table counts exactly, except the GNU one of a file that exports nothing.
  std::uint64_t count = 0;
  if (dynamic(kHash)) {
    count = count_by_hash(most);
  } else {
    count = std::max(dynamic(kGnuHash) ? count_by_gnu_hash(most) : 0, count_by_relocations(most));
    for (const Section& s : sections_)
      if (s.type == kDynamicSymbols && s.offset == table->at) count = std::max(count, std::min(most, s.size / (wide_ ? sizeof(Symbol64) : sizeof(Symbol32))));
  }
  symbols_ = SymbolTable(file_, wide_, table->at, count, strings_at_, strings_size_);
  return {};
}

std::uint64_t File::count_by_hash(std::uint64_t most) const {
  const auto range = range_of(dynamic_value(kHash));
  if (!range || range->length < 8) return 0;
  const auto chains = file_.get<U32le>(range->at + 4);
  return chains ? std::min<std::uint64_t>(*chains, most) : 0;
}

// The last symbol is the end of the chain that begins highest: {buckets, first hashed symbol, bloom words, shift}, bloom filter,
// buckets, then a word per hashed symbol whose lowest bit ends a chain.
std::uint64_t File::count_by_gnu_hash(std::uint64_t most) const {
  const auto range = range_of(dynamic_value(kGnuHash));
  if (!range) return 0;
  const auto table = file_.slice(range->at, range->length);
  if (!table) return 0;
  const auto head = table->array<U32le>(0, 4);
  if (!head) return 0;
  const std::uint64_t buckets = (*head)[0], first = (*head)[1], buckets_at = 16 + std::uint64_t{(*head)[2]} * word();
  const auto all = table->array<U32le>(buckets_at, buckets);
  if (!all) return 0;
  std::uint64_t last = 0;
  for (const U32le& b : *all) last = std::max<std::uint64_t>(last, b);
  if (last < first) return std::min(first, most);   // nothing is hashed
  const std::uint64_t chains_at = buckets_at + buckets * 4;
  // Every step goes one symbol on, and none goes beyond `most`.
  for (; last < most; ++last) {
    const auto link = table->get<U32le>(chains_at + (last - first) * 4);
    if (!link) return last;
    if (*link & 1) return last + 1;
  }
  return most;
}

// One behind the highest symbol that an unpacked relocation names.
std::uint64_t File::count_by_relocations(std::uint64_t most) const {
  std::uint64_t highest = 0;
  const auto with = [&]<class Entry>(const Entry*, std::uint64_t address, std::uint64_t size) {
    const auto range = range_of(address);
    if (!range) return;
    const auto all = file_.array<Entry>(range->at, std::min(size, range->length) / sizeof(Entry));
    if (!all) return;
    for (const Entry& e : *all) {
      const std::uint64_t info = e.info, symbol = wide_ ? info >> 32 : info >> 8;
      if (symbol < most) highest = std::max(highest, symbol);
    }
  };
  const auto both = [&](bool addends, std::uint64_t address, std::uint64_t size) {
    if (!address) return;
    if (wide_) {
      addends ? with(static_cast<const Rela64*>(nullptr), address, size) : with(static_cast<const Rel64*>(nullptr), address, size);
    } else {
      addends ? with(static_cast<const Rela32*>(nullptr), address, size) : with(static_cast<const Rel32*>(nullptr), address, size);
    }
  };
  both(true, dynamic_value(kRela), dynamic_value(kRelaSize));
  both(false, dynamic_value(kRel), dynamic_value(kRelSize));
  both(dynamic_value(kPltRel) == kRela, dynamic_value(kJumpRel), dynamic_value(kPltRelSize));
  return highest ? highest + 1 : 0;
}

SymbolTable File::static_symbols() const {
  for (const Section& s : sections_) {
    if (s.type != kSymbolTable || s.link >= sections_.size()) continue;
    const Section& strings = sections_[s.link];
    if (s.offset > file_.size() || strings.offset > file_.size()) continue;
    const std::uint64_t size = std::min(s.size, file_.size() - s.offset), entry = wide_ ? sizeof(Symbol64) : sizeof(Symbol32);
    return {file_, wide_, s.offset, size / entry, strings.offset, std::min(strings.size, file_.size() - strings.offset)};
  }
  return {};
}

}  // namespace klik::elf
