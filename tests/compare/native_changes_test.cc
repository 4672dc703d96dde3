#include "compare/native_changes.h"

#include <algorithm>

#include "flow/native_graph.h"
#include "support/compiled.h"

namespace klik::compare {
namespace {

using test::Machine;

// As the case file would give it: packed and read again.
NativeSide side_of(const std::vector<std::uint8_t>& bytes) {
  NativeSide out;
  const auto file = elf::File::read(Bytes(bytes));
  EXPECT_TRUE(file && elf::has_functions(*file));
  if (!file || !elf::has_functions(*file)) return out;
  const elf::Functions all = elf::read_functions(*file);
  out.packed = flow::packed(all);
  auto again = flow::unpacked_functions(Bytes::of(out.packed));
  EXPECT_TRUE(again.has_value());
  if (again) out.code = std::move(*again);
  for (std::uint64_t i = 1; i < file->symbols().size(); ++i)
    if (const auto s = file->symbols().get(i); s && s->imported()) out.imports.emplace_back(s->name.text);
  for (const elf::Initial& i : all.initial) out.starts.push_back({std::string(i.table), "", i.target});
  return out;
}

// "what name"; functions without a name as "what ?".
std::vector<std::string> rows(const NativeResult& r) {
  std::vector<std::string> out;
  for (const NativeChange& c : r.changes) out.push_back(std::string(c.what) + " " + (c.name.starts_with("sub_") ? "?" : c.name));
  std::ranges::sort(out);
  return out;
}

const NativeChange* row(const NativeResult& r, std::string_view what) {
  const auto found = std::ranges::find(r.changes, what, &NativeChange::what);
  return found == r.changes.end() ? nullptr : &*found;
}

constexpr const char* kHead = R"c(
extern int printf(const char*, ...); extern void* dlopen(const char*, int); extern int strcmp(const char*, const char*);
int counter;
)c";
constexpr const char* kLibrary = R"c(
__attribute__((noinline)) static int parse(const char* s) { int n = 0; while (*s >= '0' && *s <= '9') n = n * 10 + *s++ - '0'; counter += n; return n; }
__attribute__((noinline)) static int check(const char* s, int n) { if (strcmp(s, "secret") == 0) return 7 * n; printf("no: %s\n", s); return parse(s) + n; }
__attribute__((noinline)) static int mix(int a, int b) { for (int i = 0; i < b; ++i) a = (a << 5) ^ (a >> 7) ^ i; return a; }
int log_line(const char* s, int level) { if (level > counter) return 0; HOOK return printf("%d %s\n", level, s) + mix(level, 9); }
int run_all(const char* s) { int n = check(s, 3); for (int i = 0; i < n; ++i) n ^= mix(i, n); return n + log_line(s, n); }
)c";
constexpr const char* kHidden = "__attribute__((noinline)) static void wake(const char* s) { if (counter == 77) { dlopen(\"/data/misc/mms-core.so\", 2); counter = *s; } }\n";

std::string library(const std::string& hook, const std::string& more = "") {
  std::string text(kLibrary);
  text.replace(text.find("HOOK"), 4, hook);
  return kHead + more + text;
}

class NativeChanges : public testing::TestWithParam<Machine> {
 protected:
  void SetUp() override {
    if (!test::has_program(GetParam().compiler)) GTEST_SKIP() << "no compiler for " << GetParam().name << ": " << GetParam().compiler;
  }
  NativeSide make(const std::string& source, const std::string& flags = "") { return side_of(test::compiled(GetParam(), source, "-s -fno-ipa-sra -fno-ipa-cp -fno-toplevel-reorder -fno-section-anchors " + flags)); }
};

TEST_P(NativeChanges, ALibraryThatWasOnlyLinkedAnewHasNone) {
  const NativeSide before = make(library(""));
  for (const std::string& flags : {std::string("-Wl,-Ttext-segment=0x340000 -Wl,--build-id=0x99"), std::string("-Wl,-z,now -Wl,--hash-style=sysv -Wl,-z,max-page-size=0x20000"), std::string("-Wl,-z,norelro -Wl,--no-eh-frame-hdr")}) {
    const NativeResult r = native_changes(before, make(library(""), flags));
    EXPECT_EQ(rows(r), std::vector<std::string>{}) << flags;
    EXPECT_EQ(r.counts.same, static_cast<std::int64_t>(before.code.list.size())) << flags;
  }
}

// What a back door in a system library looks like: an old function calls something that was not there.
TEST_P(NativeChanges, AnAddedFunctionThatAnOldOneCallsIsToldWithItsCaller) {
  const NativeResult r = native_changes(make(library("")), make(library("wake(s);", kHidden)));
  EXPECT_EQ(rows(r), (std::vector<std::string>{"function_added ?", "function_changed log_line", "import_added dlopen", "string_added /data/misc/mms-core.so"}));
  const NativeChange* added = row(r, "function_added");
  ASSERT_TRUE(added);
  EXPECT_EQ(added->called_from, "log_line");
  EXPECT_EQ(added->mark, "load_code");
  EXPECT_NE(added->detail.find("dlopen"), std::string::npos);
  const NativeChange* changed = row(r, "function_changed");
  ASSERT_TRUE(changed);
  EXPECT_NE(changed->detail.find("calls added sub_"), std::string::npos) << changed->detail;
  EXPECT_EQ(r.counts.changed, 1);
  EXPECT_EQ(r.counts.added, 1);
  EXPECT_EQ(r.counts.removed, 0);
}

TEST_P(NativeChanges, ACallThatOldCodeMakesAnewIsToldWithItsMark) {
  const NativeResult r = native_changes(make(library("")), make(library("if (level == 99) dlopen(s, 1);")));
  EXPECT_EQ(rows(r), (std::vector<std::string>{"function_changed log_line", "import_added dlopen"}));
  ASSERT_TRUE(row(r, "import_added") && row(r, "function_changed"));
  EXPECT_EQ(row(r, "import_added")->called_from, "log_line");
  EXPECT_EQ(row(r, "import_added")->mark, "load_code");
  EXPECT_EQ(row(r, "function_changed")->mark, "load_code");
}

TEST_P(NativeChanges, WhatIsGoneIsToldToo) {
  EXPECT_EQ(rows(native_changes(make(library("wake(s);", kHidden)), make(library("")))),
            (std::vector<std::string>{"function_changed log_line", "function_removed ?", "import_removed dlopen", "string_removed /data/misc/mms-core.so"}));
}

TEST_P(NativeChanges, CodeThatRunsAtStartIsTold) {
  const NativeResult r = native_changes(make(library("")), make(library("", "__attribute__((constructor)) static void early(void) { counter = 41; }\n")));
  EXPECT_EQ(rows(r), (std::vector<std::string>{"function_added ?", "init_added ?"}));
}

TEST_P(NativeChanges, AFunctionThatRunsAtStartInThePlaceOfAnotherIsNotOneMore) {
  const NativeResult r = native_changes(make(library("", "__attribute__((constructor)) static void early(void) { counter = 41; }\n")),
                                        make(library("", "__attribute__((constructor)) static void late(void) { for (int i = 3; i < 90; i += counter) { if (strcmp(\"one\", \"two\") > i) counter *= i ^ 7; printf(\"%d\", i); } }\n")));
  ASSERT_TRUE(row(r, "init_changed")) << testing::PrintToString(rows(r));
  EXPECT_EQ(row(r, "init_added"), nullptr);
  EXPECT_EQ(row(r, "init_removed"), nullptr);
  // Two instead of one: one of them is one more.
  const NativeResult two = native_changes(make(library("", "__attribute__((constructor)) static void early(void) { counter = 41; }\n")),
                                          make(library("", "__attribute__((constructor)) static void late(void) { for (int i = 3; i < 90; i += counter) { if (strcmp(\"one\", \"two\") > i) counter *= i ^ 7; printf(\"%d\", i); } }\n"
                                                           "__attribute__((constructor)) static void more(void) { for (int i = 3; i < 90; i += counter) dlopen(\"x\", i); }\n")));
  EXPECT_TRUE(row(two, "init_changed"));
  EXPECT_TRUE(row(two, "init_added"));
}

TEST_P(NativeChanges, AnotherTextAloneIsTold) {
  std::string other = library("");
  other.replace(other.find("secret"), 6, "backup");
  const NativeResult r = native_changes(make(library("")), make(other));
  EXPECT_EQ(rows(r), (std::vector<std::string>{"function_changed ?", "string_added backup", "string_removed secret"}));
}

INSTANTIATE_TEST_SUITE_P(Machines, NativeChanges, testing::ValuesIn(test::machines()), [](const auto& param) { return param.param.name; });

TEST(NativeChangesOf, RowsOfOneKindAreBoundedAndTheRestCounted) {
  NativeSide before, after;
  for (int i = 0; i < 250; ++i) after.imports.push_back("name_" + std::to_string(1000 + i));
  after.imports.push_back("system");
  const NativeResult r = native_changes(before, after);
  ASSERT_EQ(r.changes.size(), kMostPerWhat + 1);
  EXPECT_EQ(r.changes[0].name, "system");   // what is marked comes first
  EXPECT_EQ(r.changes[0].mark, "run_commands");
  EXPECT_EQ(r.changes.back().what, "left_out");
  EXPECT_EQ(r.changes.back().after, "151");
}

TEST(NativeChangesOf, ShapeThatHidesCodeIsTold) {
  NativeSide before, after;
  after.writable_code = true;
  after.dense_bytes = 65536;
  EXPECT_EQ(rows(native_changes(before, after)), (std::vector<std::string>{"entropy data", "writable_code segment"}));
  EXPECT_EQ(rows(native_changes(after, before)), std::vector<std::string>{});
}

TEST(PackedFunctions, AnyPrefixIsRefusedOrRead) {
  elf::Functions all;
  all.imports = {"puts"};
  all.texts = {"text"};
  for (std::uint64_t i = 0; i < 20; ++i) {
    elf::Function f;
    f.name = i % 2 ? "" : "named";
    f.address = 100 * i;
    f.size = 64;
    f.instructions = 16;
    f.hash = 0x0123456789abcdef * (i + 1);
    f.uses = {{elf::UseKind::function, static_cast<std::uint32_t>(i)}, {elf::UseKind::import, 0}, {elf::UseKind::text, 0}};
    all.list.push_back(f);
  }
  const std::string bytes = flow::packed(all);
  const auto whole = flow::unpacked_functions(Bytes::of(bytes));
  ASSERT_TRUE(whole);
  ASSERT_EQ(whole->list.size(), all.list.size());
  EXPECT_EQ(whole->list[7].hash, all.list[7].hash);
  EXPECT_EQ(whole->list[7].uses, all.list[7].uses);
  EXPECT_EQ(whole->list[19].address, 1900u);
  for (std::size_t n = 0; n < bytes.size(); ++n) EXPECT_FALSE(flow::unpacked_functions(Bytes::of(std::string_view(bytes).substr(0, n)))) << n;
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    std::string broken = bytes;
    broken[n] = static_cast<char>(0xff);
    (void)flow::unpacked_functions(Bytes::of(broken));
  }
}

}  // namespace
}  // namespace klik::compare
