#include "formats/native/elf.h"

#include <gtest/gtest.h>

#include <set>

#include "support/elf_writer.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

// Built by the compiler of the test machine: what readelf says of it must be what we say.
struct Built {
  Built(const std::string& source, const std::string& flags) {
    const std::string from = (folder.path() / "source.c").string();
    std::ofstream(from) << source;
    EXPECT_EQ(test::run("cc " + flags + " -o " + path + " " + from + " 2>&1").status, 0);
    bytes = test::read_file(path);
  }
  test::ScratchFolder folder;
  std::string path = (folder.path() / "built.so").string();
  std::vector<std::uint8_t> bytes;
};

constexpr const char* kSource = R"c(
int seen_from_outside = 3;
static const char kHidden[] = "/data/local/tmp/klik-test-string";
const char* hidden(void) { return kHidden; }
int puts(const char*);
int abs(int);
int call(int x) { puts(kHidden); return abs(x); }
)c";

using Names = std::multiset<std::string>;

Names names(const elf::File& file, bool imported) {
  Names out;
  for (std::uint64_t i = 1; i < file.symbols().size(); ++i)
    if (const auto s = file.symbols().get(i); s && s->imported() == imported && !s->local()) out.emplace(s->name.text);
  return out;
}

Names judged(const std::string& path, bool imported) {
  // Num: Value Size Type Bind Vis Ndx Name@VERSION
  const auto ran = test::run("readelf -W --dyn-syms " + path + " 2> /dev/null | awk '$1 ~ /^[1-9][0-9]*:$/ && $5 != \"LOCAL\" && ($7 == \"UND\") == " + (imported ? "1" : "0") + " {sub(/@.*/, \"\", $8); print $8}'");
  Names out;
  std::string line;
  for (const char c : ran.output)
    if (c == '\n') {
      out.insert(line);
      line.clear();
    } else {
      line += c;
    }
  return out;
}

void check_against_readelf(const std::string& path, const std::vector<std::uint8_t>& bytes) {
  SCOPED_TRACE(path);
  const auto file = elf::File::read(Bytes(bytes));
  ASSERT_TRUE(file) << file.error().what;
  EXPECT_TRUE(file->damage().empty());
  EXPECT_EQ(names(*file, true), judged(path, true));
  EXPECT_EQ(names(*file, false), judged(path, false));
}

TEST(Elf, SymbolsAreThoseOfReadelf) {
  for (const char* flags : {"-shared -fPIC", "-shared -fPIC -Wl,--hash-style=sysv", "-shared -fPIC -Wl,--hash-style=gnu -s", "-shared -fPIC -fvisibility=hidden -Wl,--hash-style=gnu"}) {
    const Built b(kSource, flags);
    check_against_readelf(b.path, b.bytes);
  }
}

TEST(Elf, FindsADefinedSymbolAndItsBytes) {
  const Built b(kSource, "-shared -fPIC");
  const auto file = elf::File::read(Bytes(b.bytes));
  ASSERT_TRUE(file);
  const auto symbol = file->symbols().find("seen_from_outside");
  ASSERT_TRUE(symbol);
  EXPECT_EQ(symbol->size, 4u);
  const auto at = file->offset_of(symbol->value);
  ASSERT_TRUE(at);
  EXPECT_EQ(*Bytes(b.bytes).get<U32le>(*at), 3u);
  EXPECT_FALSE(file->symbols().find("puts"));   // imported is not defined
  EXPECT_EQ(Bytes(b.bytes).slice(symbol->name.at, symbol->name.text.size())->text(), "seen_from_outside");
}

TEST(Elf, WithoutSectionHeadersNothingOfTheDynamicTableIsLost) {
  const Built b(kSource, "-shared -fPIC -Wl,--build-id=0x0102030405060708");
  auto stripped = b.bytes;
  for (std::size_t i = 40; i < 48; ++i) stripped[i] = 0;   // where the sections are
  for (std::size_t i = 60; i < 64; ++i) stripped[i] = 0;   // how many, and which holds their names
  const auto with = elf::File::read(Bytes(b.bytes)), without = elf::File::read(Bytes(stripped));
  ASSERT_TRUE(with && without);
  EXPECT_TRUE(without->sections().empty());
  EXPECT_EQ(names(*with, true), names(*without, true));
  EXPECT_EQ(names(*with, false), names(*without, false));
  ASSERT_TRUE(without->build_id());
  EXPECT_EQ(without->build_id()->length, 8u);
  std::size_t found = 0;
  elf::for_each_string(*without, 8, [&](std::uint64_t at, std::string_view text) {
    EXPECT_EQ(Bytes(stripped).slice(at, text.size())->text(), text);
    found += text == "/data/local/tmp/klik-test-string";
  });
  EXPECT_EQ(found, 1u);
}

// The hash table states a count; the symbols must still lie in the file.
TEST(Elf, AHashTableThatCountsTooManyIsCutToTheFile) {
  const auto bytes = test::elf_library({.symbols = {{"one", 0x40}}, .data = {}, .hash_count = 0xffffffff});
  const auto file = elf::File::read(Bytes(bytes));
  ASSERT_TRUE(file);
  EXPECT_LE(file->symbols().at() + file->symbols().size() * 24, bytes.size());
  EXPECT_TRUE(file->symbols().find("one"));
}

std::vector<std::uint8_t> with_gnu_hash(std::initializer_list<std::uint32_t> words, std::vector<test::ElfSymbol> symbols) {
  test::Writer table;
  for (const std::uint32_t w : words) table.u32(w);
  auto bytes = test::elf_library({.symbols = std::move(symbols), .data = {}, .more_dynamic = {{elf::kGnuHash, test::kElfTable}}, .table = {table.bytes.begin(), table.bytes.end()}});
  bytes[0xc00] = 0x7b;   // DT_HASH is hidden, so that the GNU table counts
  return bytes;
}

TEST(Elf, GnuHashCountsToTheEndOfTheHighestChain) {
  // One bucket that begins at symbol 1; no bloom words; the second link ends the chain.
  const auto file = elf::File::read(Bytes(with_gnu_hash({1, 1, 0, 0, 1, 2, 3, 2}, {{"a", 0x40}, {"b", 0x40}})));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->symbols().size(), 3u);
}

TEST(Elf, GnuHashThatNeverEndsStopsWithTheTable) {
  for (const auto& words : {std::initializer_list<std::uint32_t>{1, 1, 0, 0, 1, 2, 2, 2}, {0xffffffff, 1, 0, 0, 1}, {1, 1, 0xffffffff, 0, 1}, {1, 0xffffffff, 0, 0, 0xffffffff}, {1, 1, 0, 0, 0xffffffff}, {0, 0, 0, 0}}) {
    const auto bytes = with_gnu_hash(words, {{"a", 0x40}});
    const auto file = elf::File::read(Bytes(bytes));
    ASSERT_TRUE(file);
    EXPECT_LE(file->symbols().at() + file->symbols().size() * 24, bytes.size());
  }
}

TEST(Elf, RefusesWhatItDoesNotRead) {
  auto bytes = test::elf_library({.symbols = {}, .data = {}});
  const auto code = [](const std::vector<std::uint8_t>& b) {
    const auto file = elf::File::read(Bytes(b));
    return file ? Code::internal : file.error().code;
  };
  auto big = bytes;
  big[5] = 2;
  EXPECT_EQ(code(big), Code::unsupported);
  auto other = bytes;
  other[0] = 'x';
  EXPECT_EQ(code(other), Code::bad_magic);
  auto many = bytes;
  many[56] = many[57] = 0xff;   // program headers
  EXPECT_EQ(code(many), Code::over_budget);
  auto wide = bytes;
  wide[54] = 32;                // size of one
  EXPECT_EQ(code(wide), Code::bad_value);
}

TEST(Elf, DamagedSectionsAreSaidAndTheRestIsRead) {
  auto bytes = test::elf_library({.symbols = {{"one", 0x40}}, .data = {}});
  bytes[40] = 1;                // where sections are
  bytes[60] = bytes[61] = 0xff; // how many
  const auto file = elf::File::read(Bytes(bytes));
  ASSERT_TRUE(file);
  ASSERT_EQ(file->damage().size(), 1u);
  EXPECT_TRUE(file->sections().empty());
  EXPECT_TRUE(file->symbols().find("one"));
}

TEST(Elf, EveryPrefixIsRefusedOrKeepsItsPromises) {
  const Built b(kSource, "-shared -fPIC");
  for (std::size_t n = 0; n < b.bytes.size(); n += n < 4096 ? 1 : 7) {
    const std::vector<std::uint8_t> cut(b.bytes.begin(), b.bytes.begin() + static_cast<std::ptrdiff_t>(n));
    const auto file = elf::File::read(Bytes(cut));
    if (!file) continue;
    for (std::uint64_t i = 0; i < file->symbols().size(); ++i)
      if (const auto s = file->symbols().get(i)) { ASSERT_TRUE(s->name.text.empty() || s->name.at + s->name.text.size() <= n); }
    for (const auto& r : file->data_ranges()) ASSERT_TRUE(r.at <= n && r.length <= n - r.at);
  }
}

// Every ELF file of a real phone, by the word of readelf.
TEST(Elf, RealFilesHaveTheSymbolsThatReadelfSees) {
  KLIK_NEEDS_EVIDENCE();
  for (const char* archive : {"oneplus-5-china-10.0.3", "blu-vivo5r-2016-08"}) {
    const test::ScratchFolder folder;
    ASSERT_EQ(test::run("tar -C " + folder.path().string() + " -xf " + test::evidence() + "/firmware/" + archive + ".tar.zst 2>&1").status, 0);
    std::size_t judged_files = 0, found = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
      if (!entry.is_regular_file() || entry.is_symlink()) continue;
      const auto bytes = test::read_file(entry.path());
      if (!Bytes(bytes).starts_with("\x7f" "ELF")) continue;
      // A judge run per file is slow: every fourth, but all must be read.
      const auto file = elf::File::read(Bytes(bytes));
      ASSERT_TRUE(file) << entry.path();
      if (found++ % 4 == 0) {
        check_against_readelf(entry.path().string(), bytes);
        ++judged_files;
      }
    }
    EXPECT_GT(judged_files, 50u);
  }
}

}  // namespace
}  // namespace klik
