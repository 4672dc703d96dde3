#include <zstd.h>

#include "flow/native_graph.h"
#include "support/compiled.h"
#include "support/facts.h"

namespace klik {
namespace {

using test::column;

constexpr const char* kSource = R"c(
int counter;
__attribute__((noinline)) static int helper(int a) { counter += a; return a * 3; }
int entry(int a) { return helper(a) + helper(a + 1); }
__attribute__((constructor)) static void early(void) { counter = 5; }
)c";

const test::Machine kHost{"host", "cc", "objdump"};

RecordingSink extract(const std::vector<std::uint8_t>& bytes) { return test::extract("native_code@5", memory_source(bytes), "elf", "lib.so"); }

TEST(NativeCode, FunctionsArePackedAndCounted) {
  const auto facts = test::of_kind(extract(test::compiled(kHost, kSource)), "native.code");
  ASSERT_EQ(facts.size(), 1u);
  const std::string small = std::get<std::string>(facts[0].values.back());
  std::string raw(ZSTD_getFrameContentSize(small.data(), small.size()), '\0');
  ASSERT_EQ(ZSTD_decompress(raw.data(), raw.size(), small.data(), small.size()), raw.size());
  const auto all = flow::unpacked_functions(Bytes::of(raw));
  ASSERT_TRUE(all);
  EXPECT_EQ(column(facts[0], "functions"), std::to_string(all->list.size()));
  EXPECT_GE(all->list.size(), 3u);
  EXPECT_EQ(column(facts[0], "writable_code"), "0");
  EXPECT_EQ(column(facts[0], "dense_bytes"), "0");
}

TEST(NativeCode, TheDigestIsThatOfTheCodeAndNotOfItsPlace) {
  const auto digest = [](const std::string& source, const std::string& flags) { return column(test::of_kind(extract(test::compiled(kHost, source, flags)), "native.code").at(0), "digest"); };
  const std::string here = digest(kSource, "");
  EXPECT_EQ(here, digest(kSource, "-Wl,-Ttext-segment=0x340000 -Wl,--build-id=0x12"));
  std::string other(kSource);
  other.replace(other.find("a * 3"), 5, "a * 5");
  EXPECT_NE(here, digest(other, ""));
  // Two functions of another body each, and a third that calls one or the other.
  const auto calling = [](const std::string& which) {
    return "__attribute__((noinline)) int checks(int a) { return a * 7 ^ 1; }\n__attribute__((noinline)) int agrees(int a) { return a * 5 + 2; }\nint asks(int a) { return " + which + "(a) + 1; }\n";
  };
  EXPECT_NE(digest(calling("checks"), ""), digest(calling("agrees"), ""));
}

// Where all functions are equal, another key is all that is left to see.
TEST(NativeCode, WhatLiesBesideFunctionsHasADigestOfItsOwn) {
  const auto both = [](const std::string& source, const std::string& flags) {
    const auto fact = test::of_kind(extract(test::compiled(kHost, source, flags)), "native.code").at(0);
    return std::pair(column(fact, "digest"), column(fact, "rest"));
  };
  const auto with_key = [](const std::string& key, const std::string& more = "") {
    return std::string(kSource) + "extern const unsigned char key[]; const unsigned char key[16] = {" + key + "}; int (*const table[])(int) = {entry, helper};\n" + more;
  };
  const auto here = both(with_key("1, 2, 3, 4"), "");
  EXPECT_EQ(here.second.size(), 64u);
  // Addresses, also those in tables, and the build id are no data.
  EXPECT_EQ(here, both(with_key("1, 2, 3, 4"), "-Wl,-Ttext-segment=0x340000 -Wl,--build-id=0x12"));
  const auto other = both(with_key("1, 2, 3, 5"), "");
  EXPECT_EQ(here.first, other.first);
  EXPECT_NE(here.second, other.second);
  // Code that no symbol, table or call leads to, kept from the unwinder too: one of the two sees it, whichever function it is counted to.
  const auto hidden = both(with_key("1, 2, 3, 4", "__asm__(\".text\\n.fill 96, 1, 0x41\");\n"), "-Wl,-Ttext-segment=0x340000");
  EXPECT_NE(here, hidden);
}

TEST(NativeCode, ASymbolOfCompiledJavaCodeHidesNothing) {
  const std::string source = std::string("extern const char oatdata[]; const char oatdata[] = \"no such thing\";\n") + kSource;
  EXPECT_EQ(test::of_kind(extract(test::compiled(kHost, source)), "native.code").size(), 1u);
}

TEST(NativeCode, WhatRunsAtStartPointsAtItsEntry) {
  const auto bytes = test::compiled(kHost, kSource);
  const auto facts = test::of_kind(extract(bytes), "native.init");
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(column(facts[0], "kind"), "init_array");
  EXPECT_EQ(column(facts[0], "function"), "early");
  EXPECT_EQ(facts[0].origins[0].length, 8u);
  EXPECT_LE(facts[0].origins[0].at + 8, bytes.size());
}

TEST(NativeCode, MemoryThatIsWritableAndExecutableIsSaid) {
  const auto facts = test::of_kind(extract(test::compiled(kHost, kSource, "-Wl,-N -Wl,--no-warn-rwx-segments")), "native.code");
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_EQ(column(facts[0], "writable_code"), "1");
}

TEST(NativeCode, DataAsDenseAsEncryptedIsCounted) {
  std::string data;
  std::uint32_t state = 12345;
  for (int i = 0; i < 20000; ++i) data += std::to_string((state = state * 1664525 + 1013904223) >> 24) + ",";
  const auto facts = test::of_kind(extract(test::compiled(kHost, std::string(kSource) + "const unsigned char payload[] = {" + data + "};\nconst unsigned char* get(void) { return payload; }")), "native.code");
  ASSERT_EQ(facts.size(), 1u);
  EXPECT_GE(std::stol(column(facts[0], "dense_bytes")), 12288);
}

TEST(NativeCode, FilesWithoutLinkedCodeGiveNothing) {
  EXPECT_TRUE(extract(test::compiled(kHost, "const int number = 5;", "-nodefaultlibs -Wl,--gc-sections -fno-asynchronous-unwind-tables")).facts.empty());
}

}  // namespace
}  // namespace klik
