#include "formats/android/vdex.h"

#include "formats/android/dex.h"

namespace klik::vdex {
namespace {

// Versions 006 and 010.
struct OldHeader {
  std::uint8_t magic[4], version[4];
  U32le dex_count, dex_size, deps_size, quickening_size;
};
static_assert(sizeof(OldHeader) == 24);

// Versions 019 and 021, up to where the second has more.
struct MiddleHeader {
  std::uint8_t magic[4], version[4], dex_version[4];
  U32le dex_count, deps_size;
};
static_assert(sizeof(MiddleHeader) == 20);
struct DexSection {
  U32le dex_size, shared_size, quickening_size;
};

// Version 027.
struct NewHeader {
  std::uint8_t magic[4], version[4];
  U32le sections;
};
struct Section {
  U32le kind, offset, size;
};
constexpr std::uint32_t kChecksums = 0, kDex = 1;
constexpr std::uint32_t kMostSections = 64;

constexpr std::uint64_t kFileSizeAt = 32;   // in a DEX header
constexpr std::uint64_t kLeastDex = 0x70;

std::uint64_t aligned(std::uint64_t at) { return (at + 3) & ~std::uint64_t{3}; }

Result<void> read_checksums(Bytes file, std::uint64_t at, std::uint64_t count, File& out) {
  if (count > kMostDex) return fail(Code::over_budget, at, "more DEX files than any build has");
  KLIK_TRY(const auto words, file.array<U32le>(at, count));
  out.checksums_at = at;
  out.location_checksums.assign(words.begin(), words.end());
  return {};
}

// The DEX files of the section, one behind the other at multiples of four. `prefixed`: each has a word in front.
Result<void> read_dex(Bytes file, std::uint64_t count, bool prefixed, File& out) {
  KLIK_TRY(const Bytes inside, file.slice(0, out.dex_section.at + out.dex_section.length));
  std::uint64_t at = out.dex_section.at;
  for (std::uint64_t i = 0; i < count; ++i) {
    Dex dex;
    at = aligned(at);
    if (prefixed) {
      KLIK_TRY(const U32le table, inside.get<U32le>(at));
      dex.quicken_table = table;
      at += 4;
    }
    KLIK_TRY(const Bytes header, inside.slice(at, kLeastDex));
    if (!dex::DexFile::looks_like(header)) return fail(Code::bad_magic, at, "no DEX where the list of the vdex goes on");
    KLIK_TRY(const U32le size, header.get<U32le>(kFileSizeAt));
    if (size < kLeastDex) return fail(Code::bad_value, at + kFileSizeAt, "a DEX smaller than its header");
    if (size > inside.size() - at) return fail(Code::truncated, at + kFileSizeAt, "a DEX leaves the section of the vdex");
    dex.own = {at, size};
    out.dex.push_back(dex);
    at += size;
  }
  return {};
}

// Keeps what was found before the list broke.
Read finish(File file, Result<void> dex) {
  Read read{.file = std::move(file)};
  if (!dex) {
    read.complete = false;
    read.broken = dex.error();
  }
  return read;
}

Result<void> check_range(Bytes file, Range range, std::uint64_t told_at) {
  if (range.at > file.size() || range.length > file.size() - range.at) return fail(Code::truncated, told_at, "a section of the vdex lies past the end");
  return {};
}

Result<Read> read_old(Bytes file, File out) {
  KLIK_TRY(const OldHeader* header, file.view<OldHeader>(0));
  KLIK_CHECK(read_checksums(file, sizeof(OldHeader), header->dex_count, out));
  out.dex_section = {sizeof(OldHeader) + 4 * std::uint64_t{header->dex_count}, header->dex_size};
  out.quickening = {out.dex_section.at + out.dex_section.length + header->deps_size, header->quickening_size};
  KLIK_CHECK(check_range(file, out.dex_section, 12));
  out.has_dex_section = header->dex_size != 0;
  Result<void> dex{};
  if (out.has_dex_section) dex = read_dex(file, header->dex_count, false, out);
  Result<void> quickening = check_range(file, out.quickening, 20);
  if (!quickening) out.quickening = {};
  return finish(std::move(out), dex ? quickening : dex);
}

Result<Read> read_middle(Bytes file, File out) {
  KLIK_TRY(const MiddleHeader* header, file.view<MiddleHeader>(0));
  const std::string_view dex_version = Bytes(std::span<const std::uint8_t>(header->dex_version)).text();
  const std::uint64_t checksums = sizeof(MiddleHeader) + (out.version >= 21 ? 8 : 0);   // 021: sizes of two more texts
  KLIK_CHECK(read_checksums(file, checksums, header->dex_count, out));
  if (dex_version == std::string_view("000\0", 4)) return Read{.file = std::move(out)};
  if (dex_version != std::string_view("002\0", 4)) return fail(Code::unsupported, 8, "this version of the DEX section is not known");
  const std::uint64_t section = checksums + 4 * std::uint64_t{header->dex_count};
  KLIK_TRY(const DexSection* sizes, file.view<DexSection>(section));
  out.has_dex_section = true;
  out.dex_section = {section + sizeof(DexSection), sizes->dex_size};
  out.shared = {out.dex_section.at + out.dex_section.length, sizes->shared_size};
  out.quickening = {out.shared.at + out.shared.length + header->deps_size, sizes->quickening_size};
  KLIK_CHECK(check_range(file, out.dex_section, section));
  KLIK_CHECK(check_range(file, out.shared, section + 4));
  Result<void> dex = read_dex(file, header->dex_count, true, out);
  Result<void> quickening = check_range(file, out.quickening, section + 8);
  if (!quickening) out.quickening = {};
  return finish(std::move(out), dex ? quickening : dex);
}

Result<Read> read_new(Bytes file, File out) {
  KLIK_TRY(const NewHeader* header, file.view<NewHeader>(0));
  if (header->sections > kMostSections) return fail(Code::bad_value, 8, "more sections than a vdex has");
  KLIK_TRY(const auto sections, file.array<Section>(sizeof(NewHeader), header->sections));
  Result<void> dex{};
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const Range range{sections[i].offset, sections[i].size};
    const std::uint64_t told_at = sizeof(NewHeader) + i * sizeof(Section);
    KLIK_CHECK(check_range(file, range, told_at));
    if (sections[i].kind == kChecksums) KLIK_CHECK(read_checksums(file, range.at, range.length / 4, out));
    if (sections[i].kind != kDex || range.length == 0) continue;
    out.has_dex_section = true;
    out.dex_section = range;
  }
  // This version neither quickens nor puts words in front.
  if (out.has_dex_section) dex = read_dex(file, out.location_checksums.size(), false, out);
  return finish(std::move(out), dex);
}

}  // namespace

Result<Read> read(Bytes file) {
  KLIK_TRY(const OldHeader* header, file.view<OldHeader>(0));
  if (!file.starts_with("vdex")) return fail(Code::bad_magic, 0, "not a vdex file");
  const std::string_view version = Bytes(std::span<const std::uint8_t>(header->version)).text();
  File out;
  for (const std::uint32_t known : {6u, 10u, 19u, 21u, 27u}) {
    const char digits[4] = {'0', static_cast<char>('0' + known / 10), static_cast<char>('0' + known % 10), '\0'};
    if (version == std::string_view(digits, 4)) out.version = known;
  }
  switch (out.version) {
    case 6: case 10: return read_old(file, std::move(out));
    case 19: case 21: return read_middle(file, std::move(out));
    case 27: return read_new(file, std::move(out));
    default: return fail(Code::unsupported, 4, "this version of vdex is not known");
  }
}

}  // namespace klik::vdex
