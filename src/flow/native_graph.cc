#include "flow/native_graph.h"

namespace klik::flow {
namespace {

constexpr std::uint8_t kVersion = 1;
enum Flag : std::uint8_t { kModeBits = 7, kExported = 8, kStarts = 16, kNamed = 32 };

bool sketched(const elf::Function& f) { return f.name.empty() && f.instructions >= kShortestSketched; }

class Writer {
 public:
  void number(std::uint64_t n) {
    for (; n >= 0x80; n >>= 7) out_.push_back(static_cast<char>(n | 0x80));
    out_.push_back(static_cast<char>(n));
  }
  void text(std::string_view s) {
    number(s.size());
    out_ += s;
  }
  void texts(const std::vector<std::string_view>& all) {
    number(all.size());
    for (const std::string_view t : all) text(t);
  }
  void byte(std::uint8_t b) { out_.push_back(static_cast<char>(b)); }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class Reader {
 public:
  explicit Reader(Bytes bytes) : bytes_(bytes) {}

  Result<std::uint8_t> byte() {
    KLIK_TRY(const std::uint8_t b, bytes_.get<std::uint8_t>(at_));
    ++at_;
    return b;
  }
  Result<std::uint64_t> number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      KLIK_TRY(const std::uint8_t b, byte());
      value |= std::uint64_t{b & 0x7fu} << shift;
      if (b < 0x80) return value;
    }
    return fail(Code::bad_value, at_, "a number of packed functions does not fit");
  }
  // How many items follow, each of at least one byte: a false count cannot make us reserve more than there is.
  Result<std::uint64_t> count() {
    KLIK_TRY(const std::uint64_t n, number());
    if (n > bytes_.size() - at_) return fail(Code::truncated, at_, "a list of packed functions is longer than the rest");
    return n;
  }
  Result<std::string_view> text() {
    KLIK_TRY(const std::uint64_t size, count());
    KLIK_TRY(const Bytes part, bytes_.slice(at_, size));
    at_ += size;
    return part.text();
  }
  Result<void> texts(std::vector<std::string_view>& out) {
    KLIK_TRY(const std::uint64_t n, count());
    out.reserve(n);
    for (std::uint64_t i = 0; i < n; ++i) {
      KLIK_TRY(const std::string_view t, text());
      out.push_back(t);
    }
    return {};
  }

 private:
  Bytes bytes_;
  std::uint64_t at_ = 0;
};

Result<void> read_function(Reader& in, const elf::Functions& all, std::uint64_t count, std::uint64_t& address, elf::Function& f) {
  KLIK_TRY(const std::uint8_t flags, in.byte());
  if ((flags & kModeBits) > 4) return fail(Code::bad_value, 0, "a packed function of no known machine");
  f.mode = static_cast<elf::Mode>(flags & kModeBits);
  f.exported = flags & kExported;
  f.initial = flags & kStarts;
  KLIK_TRY(const std::uint64_t distance, in.number());
  KLIK_TRY(f.size, in.number());
  f.address = address + distance;
  address = f.address + f.size;
  KLIK_TRY(const std::uint64_t instructions, in.number());
  f.instructions = static_cast<std::uint32_t>(instructions);
  if (flags & kNamed) {
    KLIK_TRY(f.name, in.text());
  }
  for (unsigned i = 0; i < 8; ++i) {
    KLIK_TRY(const std::uint8_t b, in.byte());
    f.hash |= std::uint64_t{b} << (8 * i);
  }
  if (sketched(f))
    for (std::uint8_t& place : f.sketch) {
      KLIK_TRY(place, in.byte());
    }
  KLIK_TRY(const std::uint64_t uses, in.count());
  f.uses.reserve(uses);
  for (std::uint64_t i = 0; i < uses; ++i) {
    KLIK_TRY(const std::uint64_t n, in.number());
    const auto kind = static_cast<elf::UseKind>(n % 3);
    const std::uint64_t most = kind == elf::UseKind::function ? count : kind == elf::UseKind::import ? all.imports.size() : all.texts.size();
    if (n / 3 >= most) return fail(Code::bad_value, 0, "an index of packed functions is past its table");
    f.uses.push_back({kind, static_cast<std::uint32_t>(n / 3)});
  }
  return {};
}

}  // namespace

std::string packed(const elf::Functions& all) {
  Writer out;
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
    for (unsigned i = 0; i < 8; ++i) out.byte(static_cast<std::uint8_t>(f.hash >> (8 * i)));
    if (sketched(f))
      for (const std::uint8_t place : f.sketch) out.byte(place);
    out.number(f.uses.size());
    for (const elf::Use& u : f.uses) out.number(std::uint64_t{u.index} * 3 + std::to_underlying(u.kind));
  }
  return out.take();
}

Result<elf::Functions> unpacked_functions(Bytes bytes) {
  Reader in(bytes);
  elf::Functions all;
  KLIK_TRY(const std::uint8_t version, in.byte());
  if (version != kVersion) return fail(Code::unsupported, 0, "packed functions of another version");
  KLIK_CHECK(in.texts(all.imports));
  KLIK_CHECK(in.texts(all.texts));
  KLIK_TRY(all.code_bytes, in.number());
  KLIK_TRY(all.covered_bytes, in.number());
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
