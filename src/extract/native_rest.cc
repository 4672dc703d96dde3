#include "extract/native_rest.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/hash.h"
#include "formats/native/elf_relocations.h"

namespace klik {
namespace {

struct Part {
  std::uint64_t from, to;   // in the file
  bool code;
};

constexpr std::uint64_t kLongestPadding = 64;

bool only_of(Bytes bytes, std::initializer_list<std::uint8_t> allowed) {
  return std::ranges::all_of(bytes, [&](std::uint8_t b) { return std::ranges::find(allowed, b) != allowed.end(); });
}

// Zeros, breakpoints, or instructions that do nothing: of arm64, arm, Thumb, and the long ones of x86.
bool is_padding(Bytes bytes) {
  if (bytes.size() >= kLongestPadding) return false;
  return only_of(bytes, {0x00}) || only_of(bytes, {0x90, 0xcc}) || only_of(bytes, {0x1f, 0x20, 0x03, 0xd5}) || only_of(bytes, {0x00, 0xf0, 0x20, 0xe3}) || only_of(bytes, {0x00, 0xa0, 0xe1}) || only_of(bytes, {0x00, 0xbf}) ||
         only_of(bytes, {0x00, 0x0f, 0x1f, 0x2e, 0x40, 0x44, 0x66, 0x80, 0x84, 0x90});
}

// From addresses to the file, for very many of them.
class Loads {
 public:
  explicit Loads(const elf::File& file) {
    for (const elf::Segment& s : file.segments())
      if (s.type == elf::kLoad && s.file_size > 0 && s.offset < file.bytes().size()) loads_.push_back(s);
    std::ranges::stable_sort(loads_, {}, &elf::Segment::address);
  }
  std::optional<std::uint64_t> offset_of(std::uint64_t address) const {
    const auto next = std::ranges::upper_bound(loads_, address, {}, &elf::Segment::address);
    if (next == loads_.begin()) return std::nullopt;
    const elf::Segment& s = *std::prev(next);
    if (address - s.address >= s.file_size) return std::nullopt;
    return s.offset + (address - s.address);
  }

 private:
  std::vector<elf::Segment> loads_;
};

// What the linker keeps in executable sections to call other libraries is no code of the file's own.
bool is_own_code(const elf::Section& s) { return s.type == elf::kProgBits && (s.flags & elf::kSectionExec) && s.size > 0 && !s.name.starts_with(".plt") && s.name != ".iplt"; }

std::vector<Part> parts_of(const elf::File& file) {
  std::vector<Part> out;
  const std::uint64_t size = file.bytes().size();
  const auto add = [&](std::uint64_t at, std::uint64_t length, bool code) {
    if (at < size && length > 0) out.push_back({at, at + std::min(length, size - at), code});
  };
  for (const elf::Range& r : file.data_ranges()) add(r.at, r.length, false);
  for (const elf::Section& s : file.sections())
    if (is_own_code(s)) add(s.offset, s.size, true);
  for (const elf::Segment& s : file.segments())
    if (s.type == elf::kLoad && (s.flags & elf::kExec) && std::ranges::none_of(file.sections(), [&](const elf::Section& x) { return (x.flags & elf::kSectionExec) && x.size > 0 && x.offset >= s.offset && x.offset - s.offset < s.file_size; }))
      add(s.offset, s.file_size, true);
  // Each byte once, whatever overlaps in a hostile file.
  std::ranges::sort(out, {}, [](const Part& p) { return std::pair(p.from, p.to); });
  std::uint64_t end = 0;
  for (Part& p : out) {
    p.from = std::max(p.from, end);
    end = std::max(end, p.to);
  }
  std::erase_if(out, [](const Part& p) { return p.from >= p.to; });
  return out;
}

// Functions, and words that hold addresses.
std::vector<elf::Range> holes_of(const elf::File& file, const elf::Functions& all) {
  const Loads loads(file);
  std::vector<elf::Range> out;
  const auto add = [&](std::uint64_t address, std::uint64_t length) {
    if (const auto at = loads.offset_of(address)) out.push_back({*at, length});
  };
  for (const elf::Function& f : all.list) add(f.address, f.size);
  const elf::Pointers pointers = elf::read_pointers(file);
  for (const elf::Pointer& p : pointers.list) add(p.address, file.word());
  for (const elf::Slot& s : pointers.slots) add(s.address, file.word());
  std::ranges::sort(out, {}, &elf::Range::at);
  return out;
}

}  // namespace

std::string digest_of_rest(const elf::File& file, const elf::Functions& all) {
  const std::vector<elf::Range> holes = holes_of(file, all);
  Hasher hasher;
  const auto take = [&](std::uint64_t from, std::uint64_t to, bool code) {
    if (from >= to) return;
    const auto bytes = file.bytes().slice(from, to - from);
    if (bytes && !(code && is_padding(*bytes))) hasher.update(*bytes);
  };
  auto hole = holes.begin();
  for (const Part& p : parts_of(file)) {
    std::uint64_t at = p.from;
    for (; hole != holes.end() && hole->at < p.to; ++hole) {
      take(at, std::min(hole->at, p.to), p.code);
      at = std::max(at, hole->length > p.to - hole->at ? p.to : hole->at + hole->length);
    }
    take(at, p.to, p.code);
  }
  return hex(as_bytes(hasher.finish_sha256()));
}

}  // namespace klik
