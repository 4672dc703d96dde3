#include "formats/native/jni.h"

#include <gtest/gtest.h>

#include "support/elf_writer.h"
#include "support/files.h"

namespace klik {
namespace {

std::string demangled(std::string_view symbol) {
  const auto e = jni::demangled(symbol);
  return e ? e->class_name + " " + e->method + " " + e->signature : "none";
}

// The examples of the specification, and the corners of its rules.
TEST(Jni, NamesOfExportsAreUndoneAsTheSpecificationMakesThem) {
  EXPECT_EQ(demangled("Java_p_q_r_A_f__ILjava_lang_String_2"), "p.q.r.A f (ILjava/lang/String;)");
  EXPECT_EQ(demangled("Java_com_example_A_00024Inner_go"), "com.example.A$Inner go ");
  EXPECT_EQ(demangled("Java_com_example_with_1score_A_1b_do_1it"), "com.example.with_score.A_b do_it ");
  EXPECT_EQ(demangled("Java_A__1start"), "A _start ");
  EXPECT_EQ(demangled("Java_A_f___3I"), "A f ([I)");
  EXPECT_EQ(demangled("Java_A_f__"), "A f ()");
  EXPECT_EQ(demangled("Java_A_f_0263a"), "A f\u263a ");
}

TEST(Jni, WhatIsNotMadeSoIsNoMethod) {
  for (const char* name : {"Java_", "Java_A", "Java__f", "JNI_OnLoad", "java_A_f", "Java_A_0", "Java_A_0zzzz", "Java_A_", "Java_A_f_2", "Java_A_f__I_0"}) EXPECT_EQ(demangled(name), "none") << name;
}

TEST(Jni, SignaturesAreWhole) {
  for (const char* s : {"()V", "(I)I", "([[Ljava/lang/String;J)[B", "!(DD)Z"}) EXPECT_TRUE(jni::is_signature(s)) << s;
  for (const char* s : {"", "(", "()", "(V)V", "()VV", "(L;)V", "(Lab)V", "I", "()[", "([)V", "(I)V ", "!!()V", "(La b;)V"}) EXPECT_FALSE(jni::is_signature(s)) << s;
  EXPECT_FALSE(jni::is_signature("(" + std::string(600, 'I') + ")V"));
}

std::vector<std::string> entries(const std::vector<std::uint8_t>& bytes) {
  std::vector<std::string> out;
  const auto file = elf::File::read(Bytes(bytes));
  if (!file) return out;
  jni::for_each_table_entry(*file, elf::read_pointers(*file), [&](const jni::TableEntry& e) {
    EXPECT_LE(e.at + e.length, bytes.size());
    EXPECT_EQ(Bytes(bytes).slice(e.name.at, e.name.text.size())->text(), e.name.text);
    EXPECT_EQ(Bytes(bytes).slice(e.signature.at, e.signature.text.size())->text(), e.signature.text);
    out.push_back(std::string(e.name.text).append(e.signature.text));
  });
  return out;
}

constexpr const char* kTable = R"c(
typedef struct { const char* name; const char* signature; void* function; } Method;
static int add(void* e, void* c, int a, int b) { return a + b; }
static void go(void* e, void* c) {}
static const Method kMethods[] = {{"add", "(II)I", (void*)add}, {"go", "()V", (void*)go}};
static const Method kOthers[] = {{"not a name", "()V", (void*)go}, {"noSignature", "plain", (void*)go}, {"noCode", "()V", (void*)kMethods}};
const Method* methods(int i) { return i ? kMethods : kOthers; }
)c";

// Tables that a real linker wrote, with plain and with RELR relocations, and code in the segment where it belongs.
TEST(Jni, TablesOfARealLinkerAreFound) {
  for (const char* flags : {"", "-Wl,-z,pack-relative-relocs"}) {
    SCOPED_TRACE(flags);
    const test::ScratchFolder folder;
    const std::string from = (folder.path() / "table.c").string(), to = (folder.path() / "table.so").string();
    std::ofstream(from) << kTable;
    ASSERT_EQ(test::run("cc -shared -fPIC -w " + std::string(flags) + " -o " + to + " " + from + " 2>&1").status, 0);
    EXPECT_EQ(entries(test::read_file(to)), (std::vector<std::string>{"add(II)I", "go()V"}));
  }
}

std::vector<std::uint8_t> hand_made() {
  const std::string data = std::string(24, '\0') + std::string("name\0()V\0", 9);
  return test::elf_library({.symbols = {}, .data = data, .more_dynamic = {}, .table = {}, .relative = {{0x1000, 0x1018}, {0x1008, 0x101d}, {0x1010, 0x40}}});
}

TEST(Jni, EveryPrefixGivesWholeEntriesOrNone) {
  const auto whole = hand_made();
  EXPECT_EQ(entries(whole), std::vector<std::string>{"name()V"});
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const std::vector<std::uint8_t> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    for (const std::string& e : entries(cut)) EXPECT_EQ(e, "name()V");
  }
}

}  // namespace
}  // namespace klik
