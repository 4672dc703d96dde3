#include "formats/native/function_starts.h"

#include <algorithm>

#include "formats/native/eh_frame.h"

namespace klik::elf {
namespace {

constexpr std::uint64_t kMostInitial = 4096;

bool is_arm(const File& file) { return file.machine() == 40; }
std::uint64_t without_bit(const File& file, std::uint64_t address) { return is_arm(file) ? address & ~std::uint64_t{1} : address; }

void add_symbols(const File& file, const SymbolTable& table, bool dynamic, Starts& starts) {
  for (std::uint64_t i = 1; i < table.size() && starts.size() < kMostFunctions; ++i) {
    const auto s = table.get(i);
    if (!s || s->imported() || (s->type() != 2 && s->type() != 10) || s->value == 0) continue;
    const std::uint64_t address = without_bit(file, s->value);
    if (!file.executable(address)) continue;
    add_start(starts, address, {.size = s->size, .mode = mode_of(file, s->value), .mode_known = true, .strong = true, .exported = dynamic && !s->local(), .name = s->name.text});
  }
}

}  // namespace

Mode mode_of(const File& file, std::uint64_t address) {
  switch (file.machine()) {
    case 3: return Mode::x86;
    case 62: return Mode::x64;
    case 40: return address & 1 ? Mode::thumb : Mode::a32;
    default: return Mode::a64;
  }
}

void add_start(Starts& starts, std::uint64_t address, const Start& start) {
  const auto [at, fresh] = starts.try_emplace(address, start);
  if (fresh) return;
  Start& known = at->second;
  known.size = std::max(known.size, start.size);
  if (start.mode_known && !known.mode_known) known.mode = start.mode, known.mode_known = true;
  if (!start.name.empty() && (known.name.empty() || (start.exported && !known.exported) || (start.exported == known.exported && start.name < known.name))) known.name = start.name;
  known.strong |= start.strong;
  known.exported |= start.exported;
  known.initial |= start.initial;
}

std::vector<Initial> read_initial(const File& file, const Pointers& pointers) {
  std::vector<Initial> out;
  const auto add = [&](std::string_view table, std::uint64_t at, std::uint64_t length, std::uint64_t target) {
    if (target != 0 && file.executable(without_bit(file, target))) out.push_back({table, at, length, target});
  };
  const auto one = [&](std::string_view table, std::uint64_t tag) {
    if (const DynamicEntry* e = file.dynamic(tag)) add(table, e->at, 2 * file.word(), e->value);
  };
  const auto array = [&](std::string_view table, std::uint64_t tag, std::uint64_t size_tag) {
    const std::uint64_t address = file.dynamic_value(tag), word = file.word();
    const auto range = file.dynamic(tag) ? file.range_of(address) : std::nullopt;
    if (!range) return;
    const std::uint64_t count = std::min({file.dynamic_value(size_tag) / word, range->length / word, kMostInitial});
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto pointer = std::ranges::lower_bound(pointers.list, address + i * word, {}, &Pointer::address);
      if (pointer != pointers.list.end() && pointer->address == address + i * word) add(table, range->at + i * word, word, pointer->target);
      else if (const auto plain = file.word_at(range->at + i * word)) add(table, range->at + i * word, word, *plain);
    }
  };
  array("preinit_array", kPreinitArray, kPreinitArraySize);
  one("init", kInit);
  array("init_array", kInitArray, kInitArraySize);
  array("fini_array", kFiniArray, kFiniArraySize);
  one("fini", kFini);
  return out;
}

Starts read_starts(const File& file, const Pointers& pointers, const std::vector<Initial>& initial) {
  Starts starts;
  add_symbols(file, file.symbols(), true, starts);
  add_symbols(file, file.static_symbols(), false, starts);
  for (const Extent& e : unwind_extents(file)) {
    if (starts.size() >= kMostFunctions) break;
    // Its entries do not say which instructions they are about.
    if (file.executable(e.address)) add_start(starts, e.address, {.size = e.size, .mode = mode_of(file, e.address), .mode_known = !is_arm(file), .strong = true});
  }
  for (const Initial& i : initial)
    add_start(starts, without_bit(file, i.target), {.mode = mode_of(file, i.target), .mode_known = true, .strong = true, .initial = !i.table.starts_with("fini")});
  for (const Pointer& p : pointers.list) {
    if (starts.size() >= kMostFunctions) break;
    // On ARM data may hold places inside a function of A32; what marks Thumb is a function.
    if ((!is_arm(file) || (p.target & 1)) && file.executable(without_bit(file, p.target))) add_start(starts, without_bit(file, p.target), {.mode = mode_of(file, p.target), .mode_known = true});
  }
  return starts;
}

}  // namespace klik::elf
