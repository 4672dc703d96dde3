#include "formats/native/elf.h"

#include <gtest/gtest.h>

#include <set>

#include "support/files.h"
#include "support/writer.h"

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
  const auto ran = test::run("readelf -W --dyn-syms " + path + " | awk '$1 ~ /^[1-9][0-9]*:$/ && $5 != \"LOCAL\" && ($7 == \"UND\") == " + (imported ? "1" : "0") + " {sub(/@.*/, \"\", $8); print $8}'");
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

}  // namespace
}  // namespace klik
