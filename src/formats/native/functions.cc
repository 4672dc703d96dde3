#include "formats/native/functions.h"

#include <algorithm>
#include <unordered_map>

#include "formats/native/function_body.h"
#include "formats/native/function_starts.h"

namespace klik::elf {
namespace {

constexpr unsigned kRounds = 4;                 // each finds what the last one's functions call
constexpr std::uint64_t kLastUnsized = 4096;    // how far the last function goes where nothing says
constexpr std::size_t kShortestText = 4, kLongestText = 4096;

struct CodeRange {
  std::uint64_t from, to;
};

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15;
  return hash ^ hash >> 29;
}

// The kind of instruction, without its registers and numbers: what stays when a compiler chooses others.
std::uint32_t kind_of(Mode mode, std::uint32_t word) {
  switch (mode) {
    case Mode::a64: return word & 0xffe0fc00;
    case Mode::a32: return word & 0x0ff000f0;
    case Mode::thumb: return word < 0x10000 ? word >> 6 : word & 0xfff0f000;
    default: return word & 0xffff;
  }
}

// Each run of four falls into one of kSketch places, and the smallest of a place stays (one permutation hashing).
Sketch sketch_of(Mode mode, const std::vector<std::uint32_t>& words) {
  std::array<std::uint64_t, kSketch> least;
  least.fill(~std::uint64_t{0});
  for (std::size_t i = 0; i + 4 <= words.size(); ++i) {
    std::uint64_t h = 1;
    for (std::size_t k = i; k < i + 4; ++k) h = mixed(h, kind_of(mode, words[k]));
    std::uint64_t& place = least[h % kSketch];
    place = std::min(place, h >> 8);
  }
  Sketch out{};
  for (std::size_t i = 0; i < kSketch; ++i) out[i] = least[i] == ~std::uint64_t{0} ? std::uint8_t{0} : static_cast<std::uint8_t>(1 + mixed(1, least[i]) % 255);
  return out;
}

class Finder {
 public:
  explicit Finder(const File& file) : file_(file), view_(file), arm_(file.machine() == 40), pointers_(read_pointers(file)) {}

  Functions find() {
    out_.initial = read_initial(file_, pointers_);
    starts_ = read_starts(file_, pointers_, out_.initial);
    if (starts_.size() >= kMostFunctions) out_.damage.push_back(fail(Code::over_budget, 0, "more than a million functions in an ELF file").error());
    find_ranges();
    for (Initial& i : out_.initial)
      if (arm_) i.target &= ~std::uint64_t{1};
    std::erase_if(starts_, [&](const auto& s) { return !in_code(s.first); });
    for (unsigned round = 0; round < kRounds; ++round) {
      lay_out();
      if (!discover()) break;
    }
    lay_out();
    describe();
    return std::move(out_);
  }

 private:
  struct Place {
    std::uint64_t from, to;
    Mode mode;
    bool sized;
  };
  struct Target {
    enum class Kind : std::uint8_t { none, code, import } kind = Kind::none;
    std::uint64_t address = 0;
    Mode mode = Mode::a64;
    std::string_view name{};
  };

  bool in_code(std::uint64_t address) const {
    const auto next = std::ranges::upper_bound(ranges_, address, {}, &CodeRange::from);
    return next != ranges_.begin() && address < std::prev(next)->to;
  }

  void find_ranges() {
    for (const Section& s : file_.sections()) {
      if (s.type != kProgBits || !(s.flags & kSectionExec) || s.name.starts_with(".plt") || s.name == ".iplt" || s.size == 0) continue;
      const auto held = file_.range_of(s.address);
      if (held && file_.executable(s.address)) ranges_.push_back({s.address, s.address + std::min(s.size, held->length)});
    }
    const bool by_sections = !ranges_.empty();
    if (!by_sections)
      for (const Segment& s : file_.segments())
        if (s.type == kLoad && (s.flags & kExec))
          if (const auto held = file_.range_of(s.address)) ranges_.push_back({s.address, s.address + std::min(s.file_size, held->length)});
    // Code that somebody put behind a finished library lies in a segment of its own, which no section tells of.
    if (by_sections)
      for (const Segment& s : file_.segments())
        if (s.type == kLoad && (s.flags & kExec) && std::ranges::none_of(file_.sections(), [&](const Section& x) { return (x.flags & kSectionExec) && x.size != 0 && x.address >= s.address && x.address - s.address < s.file_size; }))
          if (const auto held = file_.range_of(s.address)) ranges_.push_back({s.address, s.address + std::min(s.file_size, held->length)});
    std::ranges::sort(ranges_, {}, &CodeRange::from);
    std::uint64_t end = 0;
    for (CodeRange& r : ranges_) {
      r.from = std::max(r.from, end);
      r.to = std::max(r.from, r.to);
      end = r.to;
    }
    // Without sections, tables lie in the same segment: code goes from the first function to the end of the last.
    if (!by_sections)
      for (CodeRange& r : ranges_) {
        const auto first = starts_.lower_bound(r.from), behind = starts_.lower_bound(r.to);
        if (first == behind) {
          r.to = r.from;
          continue;
        }
        const auto last = std::prev(behind);
        const std::uint64_t size = last->second.size ? last->second.size : kLastUnsized;
        r.from = first->first;
        r.to = last->first + std::min(size, r.to - last->first);
      }
    std::erase_if(ranges_, [](const CodeRange& r) { return r.from == r.to; });
    for (const CodeRange& r : ranges_) out_.code_bytes += r.to - r.from;
  }

  void read(const Place& p, Body& body) const {
    body.begin(p.from, p.from, 1);
    switch (p.mode) {
      case Mode::a64: return read_arm64_body(view_, p.from, p.to, body);
      case Mode::a32:
      case Mode::thumb: return read_arm_body(view_, p.mode, p.from, p.to, body);
      default: return read_x86_body(view_, p.mode, p.from, p.to, body);
    }
  }

  // Most instructions of A32 begin with "always", which is the highest digit of their word. Short ones are like the last.
  Mode guessed(std::uint64_t from, std::uint64_t to) const {
    if (!arm_) return mode_of(file_, from);
    unsigned always = 0, all = 0;
    for (std::uint64_t at = (from + 3) & ~std::uint64_t{3}; at + 4 <= to && all < 24; at += 4, ++all)
      if (const auto w = view_.word(at); w && *w >> 28 == 14) ++always;
    if (all < 4 && (from & 3) == 0) return last_mode_;
    return (from & 3) == 0 && 5 * always >= 3 * all ? Mode::a32 : Mode::thumb;
  }

  // From the starts to functions apart from each other; what lies between sized ones and is no padding is one too.
  void lay_out() {
    places_.clear();
    std::vector<std::uint64_t> fresh;
    const auto gap = [&](std::uint64_t from, std::uint64_t to) {
      const std::uint64_t step = mode_of(file_, 0) == Mode::a64 ? 4 : arm_ ? 2 : 1;
      if (from % step) from += step - from % step;
      const auto filler = [&](std::uint64_t at) {
        const std::uint32_t w = step == 4 ? view_.word(at).value_or(0) : view_.half(at).value_or(0);
        return step == 4 ? w == 0 || w == 0xd503201f : w == 0 || w == 0xbf00 || w == 0x46c0;
      };
      while (step > 1 && from + step <= to && filler(from)) from += step;
      if (from + step > to || starts_.size() >= kMostFunctions) return;
      Place p{from, to, guessed(from, to), false};
      if (read_stub(view_, p.mode, from, file_.dynamic_value(kPltGot))) return;
      Body body;
      read(p, body);
      if (std::ranges::all_of(body.words, [](std::uint32_t w) { return w == 0; })) return;
      starts_[from] = {.mode = p.mode, .mode_known = false};
      places_.push_back(p);
    };
    for (const CodeRange& r : ranges_) {
      std::uint64_t covered = r.from;
      for (auto s = starts_.lower_bound(r.from); s != starts_.end() && s->first < r.to; ++s) {
        if (s->first > covered) gap(covered, s->first);
        const auto next = std::next(s);
        const std::uint64_t limit = next != starts_.end() ? std::min(next->first, r.to) : r.to;
        const bool sized = s->second.size > 0 && s->second.size <= limit - s->first;
        const std::uint64_t to = sized ? s->first + s->second.size : limit;
        if (!s->second.mode_known) s->second.mode = guessed(s->first, to);
        last_mode_ = s->second.mode;
        places_.push_back({s->first, to, s->second.mode, sized || s->second.size > 0});
        covered = to;
      }
      if (covered < r.to) gap(covered, r.to);
    }
  }

  // Reads what was not read in these bounds yet. True when it led to functions that nothing had named.
  bool discover() {
    bool more = false;
    Body body;
    for (const Place& p : places_) {
      std::uint64_t& read_to = read_[p.from];
      if (read_to == p.to) continue;
      read_to = p.to;
      read(p, body);
      for (const Mention& m : body.mentions) {
        const Target t = follow(m);
        if (t.kind != Target::Kind::code || !in_code(t.address) || starts_.size() >= kMostFunctions) continue;
        const auto known = starts_.find(t.address);
        if (known != starts_.end()) {
          if (!known->second.mode_known && m.kind != Mention::Kind::address) {
            more |= known->second.mode != t.mode;
            known->second.mode = t.mode;
            known->second.mode_known = true;
          }
          continue;
        }
        const auto holder = std::ranges::upper_bound(places_, t.address, {}, &Place::from);
        if (holder != places_.begin() && std::prev(holder)->sized && t.address < std::prev(holder)->to) continue;
        // Only what goes elsewhere for sure: data read as code branches anywhere.
        if (m.kind == Mention::Kind::branch || (arm_ && m.kind == Mention::Kind::address && t.mode == Mode::a32)) continue;
        starts_[t.address] = {.mode = t.mode, .mode_known = true};
        more = true;
      }
    }
    return more;
  }

  // Through stubs and veneers to what is meant.
  Target follow(const Mention& m) {
    const std::uint64_t key = m.address << 3 | std::uint64_t{m.kind == Mention::Kind::address} << 2 | (m.mode == Mode::thumb ? 1 : 0);
    const auto known = followed_.find(key);
    return known != followed_.end() ? known->second : followed_.emplace(key, end_of(m)).first->second;
  }
  // The same for all mentions of an address: what a table names does not change while others are found.
  Target end_of(const Mention& m) const {
    Target t{Target::Kind::code, m.address, m.mode};
    if (m.kind == Mention::Kind::address) {
      if (const auto slot = slot_at(m.address)) return *slot;
      const auto pointer = std::ranges::lower_bound(pointers_.list, m.address, {}, &Pointer::address);
      if (pointer != pointers_.list.end() && pointer->address == m.address) t.address = pointer->target;
      t.mode = mode_of(file_, t.address);
      if (arm_) t.address &= ~std::uint64_t{1};
      return t;
    }
    for (unsigned step = 0; step < 4; ++step) {
      const auto known = starts_.find(t.address);
      if (known != starts_.end() && known->second.strong) return t;
      const auto stub = read_stub(view_, t.mode, t.address, file_.dynamic_value(kPltGot));
      if (!stub) return t;
      if (stub->slot) {
        if (const auto slot = slot_at(stub->address)) return *slot;
        return {};
      }
      t.address = stub->address;
      t.mode = stub->mode;
    }
    return t;
  }

  std::optional<Target> slot_at(std::uint64_t address) const {
    const auto slot = std::ranges::lower_bound(pointers_.slots, address, {}, &Slot::address);
    if (slot == pointers_.slots.end() || slot->address != address) return std::nullopt;
    const auto symbol = file_.symbols().get(slot->symbol);
    if (!symbol) return std::nullopt;
    if (symbol->imported()) return Target{Target::Kind::import, 0, Mode::a64, symbol->name.text};
    return Target{Target::Kind::code, arm_ ? symbol->value & ~std::uint64_t{1} : symbol->value, mode_of(file_, symbol->value)};
  }

  std::string_view text_at(std::uint64_t address) const {
    const std::string_view bytes = view_.from(address).text().substr(0, kLongestText);
    std::size_t end = 0;
    while (end < bytes.size() && ((bytes[end] >= ' ' && bytes[end] <= '~') || bytes[end] == '\n' || bytes[end] == '\t' || bytes[end] == '\r')) ++end;
    if (end < kShortestText || (end < bytes.size() && bytes[end] != '\0')) return {};
    return bytes.substr(0, std::min(end, kTextKept));
  }

  static std::uint32_t numbered(std::string_view text, std::unordered_map<std::string_view, std::uint32_t>& numbers, std::vector<std::string_view>& all) {
    const auto [at, fresh] = numbers.try_emplace(text, static_cast<std::uint32_t>(all.size()));
    if (fresh) all.push_back(text);
    return at->second;
  }

  std::optional<Use> use_of(const Mention& m) {
    const Target t = follow(m);
    if (t.kind == Target::Kind::import && !t.name.empty()) return Use{UseKind::import, numbered(t.name, import_numbers_, out_.imports)};
    if (t.kind != Target::Kind::code) return std::nullopt;
    if (const auto f = index_.find(t.address); f != index_.end()) return Use{UseKind::function, f->second};
    if (m.kind != Mention::Kind::address || in_code(t.address)) return std::nullopt;
    // One text is named by many instructions, and looking at it costs its length.
    const auto known = text_by_address_.find(t.address);
    const std::string_view text = known != text_by_address_.end() ? known->second : text_by_address_.emplace(t.address, text_at(t.address)).first->second;
    if (text.empty()) return std::nullopt;
    return Use{UseKind::text, numbered(text, text_numbers_, out_.texts)};
  }

  void describe() {
    std::vector<std::vector<Mention>> mentions;
    Body body;
    for (const Place& p : places_) {
      read(p, body);
      if (std::ranges::all_of(body.words, [](std::uint32_t w) { return w == 0; })) continue;
      const Start& s = starts_[p.from];
      Function& f = out_.list.emplace_back();
      f.name = s.name;
      f.address = p.from;
      f.size = p.to - p.from;
      f.mode = p.mode;
      f.exported = s.exported;
      f.initial = s.initial;
      f.instructions = body.instructions;
      f.hash = static_cast<std::uint64_t>(p.mode == Mode::a32) + 1;
      for (const std::uint32_t w : body.words) f.hash = mixed(f.hash, w);
      for (const std::uint32_t j : body.jumps) f.hash = mixed(f.hash, j);
      f.sketch = sketch_of(p.mode, body.words);
      out_.covered_bytes += f.size;
      index_.emplace(p.from, static_cast<std::uint32_t>(out_.list.size() - 1));
      mentions.push_back(body.mentions);
    }
    for (std::size_t i = 0; i < out_.list.size(); ++i)
      for (const Mention& m : mentions[i])
        if (const auto use = use_of(m)) out_.list[i].uses.push_back(*use);
  }

  const File& file_;
  const CodeView view_;
  const bool arm_;
  const Pointers pointers_;
  Mode last_mode_ = Mode::thumb;   // of the function before, while laying out
  Starts starts_;
  std::vector<CodeRange> ranges_;
  std::vector<Place> places_;
  std::unordered_map<std::uint64_t, Target> followed_;
  std::unordered_map<std::uint64_t, std::uint64_t> read_;         // end of what was read, by start
  std::unordered_map<std::uint64_t, std::uint32_t> index_;        // of a function, by address
  std::unordered_map<std::uint64_t, std::string_view> text_by_address_;
  std::unordered_map<std::string_view, std::uint32_t> import_numbers_, text_numbers_;
  Functions out_;
};

}  // namespace

bool has_functions(const File& file) {
  if (file.type() != kExecutable && file.type() != kShared) return false;
  switch (file.machine()) {
    case 3:
    case 40: return !file.wide();
    case 62:
    case 183: return file.wide();
    default: return false;
  }
}

Functions read_functions(const File& file) { return Finder(file).find(); }

}  // namespace klik::elf
