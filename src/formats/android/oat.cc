#include "formats/android/oat.h"

#include <algorithm>
#include <array>

#include "formats/android/dex.h"

namespace klik::oat {
namespace {

struct Start {
  std::uint8_t magic[4], version[4];
  U32le checksum, instruction_set, features, dex_count;
};
static_assert(sizeof(Start) == 24);

// Where the text of settings begins; its size is the word in front of it.
struct KeyValuePlace {
  std::uint32_t since, at;
};
constexpr KeyValuePlace kKeyValues[] = {{225, 68}, {190, 64}, {180, 60}, {170, 56}, {166, 64}, {162, 68}, {127, 76}, {56, 72}, {39, 84}};
constexpr std::uint32_t kNewest = 259;           // what was read of releases; later ones are tried, since the layout changes seldom
constexpr std::uint64_t kListOffsetAt = 24;      // from version 127 on: where the DEX list is
constexpr std::uint32_t kListBehindText = 126;   // up to this version it follows the settings

// What an entry holds behind its DEX offset.
constexpr std::uint32_t kClassWords = 74;        // up to this version: a word for each class of the DEX
struct TailWords {
  std::uint32_t since, words;
};
constexpr TailWords kTails[] = {{244, 9}, {190, 8}, {135, 6}, {131, 4}, {127, 3}, {75, 2}};
constexpr std::uint32_t kSha1Since = 232, kMagicSince = 233;
constexpr std::uint32_t kOffsetInVdexSince = 87, kLongestLocation = 4096, kMostDex = 4096, kMostTail = 12;
constexpr std::uint64_t kMostText = std::uint64_t{16} << 20;
constexpr std::uint64_t kClassCountAt = 96, kFileSizeAt = 32;

std::uint32_t version_of(const Start& start) {
  std::uint32_t version = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    if (start.version[i] < '0' || start.version[i] > '9') return 0;
    version = version * 10 + (start.version[i] - std::uint32_t{'0'});
  }
  return version;
}

// Pairs of texts that end with NUL. Releases from Android 14 on pad some values with more of them.
void read_settings(Bytes text, std::uint64_t at, File& out) {
  const std::string_view all = text.text();
  std::size_t here = 0;
  while (here < all.size()) {
    if (all[here] == '\0') {
      ++here;
      continue;
    }
    const std::size_t key_end = all.find('\0', here);
    if (key_end == all.npos) return;
    const std::size_t value_end = all.find('\0', key_end + 1);
    if (value_end == all.npos) return;
    out.settings.push_back({all.substr(here, key_end - here), all.substr(key_end + 1, value_end - key_end - 1), at + here, value_end + 1 - here});
    here = value_end + 1;
  }
}

// A location begins an entry: a length that fits, then a path without control characters.
bool entry_begins(Bytes data, std::uint64_t at) {
  const auto length = data.get<U32le>(at);
  if (!length || *length == 0 || *length > kLongestLocation) return false;
  const auto path = data.slice(at + 4, *length);
  return path && std::ranges::none_of(path->span(), [](std::uint8_t b) { return b < 0x20 || b == 0x7f; });
}

// Reads the entry at `at` and moves behind its DEX offset.
Result<Entry> read_entry(Bytes data, std::uint64_t& at, std::uint32_t version) {
  Entry entry;
  entry.at = at;
  if (!entry_begins(data, at)) return fail(Code::bad_value, at, "no path where the list of DEX files goes on");
  KLIK_TRY(const U32le length, data.get<U32le>(at));
  KLIK_TRY(const Bytes location, data.slice(at + 4, length));
  entry.location = location.text();
  at += 4 + std::uint64_t{length};
  if (version >= kMagicSince) at += 8;
  KLIK_TRY(const U32le checksum, data.get<U32le>(at));
  entry.location_checksum = checksum;
  at += 4;
  if (version >= kSha1Since) at += 20;
  KLIK_TRY(const U32le offset, data.get<U32le>(at));
  at += 4;
  entry.length = at - entry.at;
  if (offset == 0) return entry;
  // Where the offset counts from changed with 087; the bytes there tell for certain.
  entry.where = version >= kOffsetInVdexSince ? CodeIn::vdex : CodeIn::oat;
  const auto there = data.slice(offset, 0x70);
  if (there && dex::DexFile::looks_like(*there)) {
    KLIK_TRY(const U32le size, there->get<U32le>(kFileSizeAt));
    if (size >= 0x70 && size <= data.size() - offset) {
      entry.where = CodeIn::oat;
      entry.dex_at = offset;
      entry.dex_size = size;
    }
  }
  if (entry.where == CodeIn::oat && entry.dex_size == 0) return fail(Code::bad_value, at - 4, "no DEX where the OAT says one is");
  return entry;
}

// Moves from behind an entry's DEX offset to the next entry.
Result<void> skip_tail(Bytes data, std::uint64_t& at, const Entry& entry, std::uint32_t version) {
  if (version <= kClassWords) {
    KLIK_TRY(const U32le classes, data.get<U32le>(entry.dex_at + kClassCountAt));
    at += std::uint64_t{4} * classes;
    return {};
  }
  std::uint32_t expected = 0;
  for (const TailWords& t : kTails)
    if (version >= t.since && expected == 0) expected = t.words;
  if (entry_begins(data, at + 4 * expected)) {
    at += 4 * expected;
    return {};
  }
  // Releases between those whose layout is known: the next path shows where the words end.
  for (std::uint32_t words = 1; words <= kMostTail; ++words) {
    if (!entry_begins(data, at + 4 * words)) continue;
    at += 4 * words;
    return {};
  }
  return fail(Code::unsupported, at, "the layout of the list of DEX files is not known for this version");
}

}  // namespace

Result<File> read(Bytes oatdata) {
  KLIK_TRY(const Start* start, oatdata.view<Start>(0));
  if (!oatdata.starts_with("oat\n")) return fail(Code::bad_magic, 0, "not an OAT file");
  File out;
  out.version = version_of(*start);
  if (out.version < 39 || out.version > kNewest + 100) return fail(Code::unsupported, 4, "this version of OAT is not known");
  out.checksum = start->checksum;
  out.instruction_set = start->instruction_set;
  out.dex_count = start->dex_count;
  std::uint64_t text_at = 0;
  for (const KeyValuePlace& p : kKeyValues)
    if (out.version >= p.since && text_at == 0) text_at = p.at;
  KLIK_TRY(const U32le text_size, oatdata.get<U32le>(text_at - 4));
  if (text_size > kMostText) return fail(Code::bad_value, text_at - 4, "the settings are larger than any compiler writes");
  KLIK_TRY(const Bytes text, oatdata.slice(text_at, text_size));
  read_settings(text, text_at, out);

  std::uint64_t at = text_at + text_size;
  if (out.version > kListBehindText) {
    KLIK_TRY(const U32le list, oatdata.get<U32le>(kListOffsetAt));
    at = list;
  }
  const auto stop = [&](const Error& error) {
    out.complete = false;
    out.broken = error;
  };
  if (out.dex_count > kMostDex) {
    stop(fail(Code::over_budget, 20, "more DEX files than any build has").error());
    return out;
  }
  for (std::uint32_t i = 0; i < out.dex_count; ++i) {
    auto entry = read_entry(oatdata, at, out.version);
    if (!entry) {
      stop(entry.error());
      break;
    }
    out.entries.push_back(*entry);
    if (i + 1 == out.dex_count) break;
    if (const auto skipped = skip_tail(oatdata, at, *entry, out.version); !skipped) {
      stop(skipped.error());
      break;
    }
  }
  return out;
}

namespace {

// Where the name of a DEX in a file with several begins; npos when it is the first one.
std::size_t mark(std::string_view location) {
  const std::size_t slash = location.rfind('/');
  return location.find_first_of(":!", slash == location.npos ? 0 : slash);
}

}  // namespace

std::string_view dex_of(std::string_view location) {
  const std::size_t at = mark(location);
  return at == location.npos || at + 1 == location.size() ? std::string_view("classes.dex") : location.substr(at + 1);
}

std::string_view file_of(std::string_view location) {
  const std::size_t at = mark(location);
  return at == location.npos ? location : location.substr(0, at);
}

}  // namespace klik::oat
