#include "flow/native_graph.h"

#include "flow/packing.h"

namespace klik::flow {
namespace {

constexpr std::uint8_t kVersion = 1;
enum Flag : std::uint8_t { kModeBits = 7, kExported = 8, kStarts = 16, kNamed = 32 };

bool sketched(const elf::Function& f) { return f.name.empty() && f.instructions >= kShortestSketched; }

Result<void> read_function(PackReader& in, const elf::Functions& all, std::uint64_t count, std::uint64_t& address, elf::Function& f) {
  KLIK_TRY(const std::uint8_t flags, in.byte());
  if ((flags & kModeBits) > 4) return fail(Code::bad_value, 0, "a packed function of no known machine");
  f.mode = static_cast<elf::Mode>(flags & kModeBits);
  f.exported = flags & kExported;
  f.initial = flags & kStarts;
  KLIK_TRY(const std::uint64_t distance, in.wide());
  KLIK_TRY(f.size, in.wide());
  f.address = address + distance;
  address = f.address + f.size;
  KLIK_TRY(f.instructions, in.number());
  if (flags & kNamed) {
    KLIK_TRY(f.name, in.text());
  }
  KLIK_TRY(f.hash, in.digest());
  if (sketched(f))
    for (std::uint8_t& place : f.sketch) {
      KLIK_TRY(place, in.byte());
    }
  KLIK_TRY(const std::uint32_t uses, in.count());
  f.uses.reserve(uses);
  for (std::uint32_t i = 0; i < uses; ++i) {
    KLIK_TRY(const std::uint64_t n, in.wide());
    const auto kind = static_cast<elf::UseKind>(n % 3);
    const std::uint64_t most = kind == elf::UseKind::function ? count : kind == elf::UseKind::import ? all.imports.size() : all.texts.size();
    if (n / 3 >= most) return fail(Code::bad_value, 0, "an index of packed functions is past its table");
    f.uses.push_back({kind, static_cast<std::uint32_t>(n / 3)});
  }
  return {};
}

}  // namespace

std::string packed(const elf::Functions& all) {
  PackWriter out;
  out.byte(kVersion);
  out.texts(all.imports);
  out.texts(all.texts);
  out.number(all.code_bytes);
  out.number(all.covered_bytes);
  out.number(all.list.size());
  std::uint64_t address = 0;
  for (const elf::Function& f : all.list) {
    out.byte(static_cast<std::uint8_t>(std::to_underlying(f.mode) | (f.exported ? kExported : 0) | (f.initial ? kStarts : 0) | (f.name.empty() ? 0 : kNamed)));
    out.number(f.address - address);
    out.number(f.size);
    address = f.address + f.size;
    out.number(f.instructions);
    if (!f.name.empty()) out.text(f.name);
    out.digest(f.hash);
    if (sketched(f))
      for (const std::uint8_t place : f.sketch) out.byte(place);
    out.number(f.uses.size());
    for (const elf::Use& u : f.uses) out.number(std::uint64_t{u.index} * 3 + std::to_underlying(u.kind));
  }
  return out.take();
}

Result<elf::Functions> unpacked_functions(Bytes bytes) {
  PackReader in(bytes);
  elf::Functions all;
  KLIK_TRY(const std::uint8_t version, in.byte());
  if (version != kVersion) return fail(Code::unsupported, 0, "packed functions of another version");
  KLIK_CHECK(in.texts(all.imports));
  KLIK_CHECK(in.texts(all.texts));
  KLIK_TRY(all.code_bytes, in.wide());
  KLIK_TRY(all.covered_bytes, in.wide());
  KLIK_TRY(const std::uint64_t count, in.count());
  std::uint64_t address = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    elf::Function f;
    KLIK_CHECK(read_function(in, all, count, address, f));
    all.list.push_back(std::move(f));
  }
  return all;
}

}  // namespace klik::flow
