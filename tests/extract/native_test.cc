#include <map>

#include "extract/native_words.h"
#include "support/elf_writer.h"
#include "support/vdex_writer.h"
#include "support/facts.h"
#include "support/files.h"

namespace klik {
namespace {

using test::column;

std::vector<std::uint8_t> built(const std::string& source, const std::string& flags) {
  const test::ScratchFolder folder;
  const std::string from = (folder.path() / "source.c").string(), to = (folder.path() / "out").string();
  std::ofstream(from) << source;
  EXPECT_EQ(test::run("cc -w " + flags + " -o " + to + " " + from + " 2>&1").status, 0);
  return test::read_file(to);
}

RecordingSink extract(std::string_view extractor, const std::vector<std::uint8_t>& bytes) { return test::extract(extractor, memory_source(bytes), "elf", "lib.so"); }

std::string row(const Fact& f, std::initializer_list<std::string_view> columns) {
  std::string out;
  for (const auto c : columns) out += (out.empty() ? "" : " ") + column(f, c);
  return out;
}

constexpr const char* kSource = R"c(
#include <stdio.h>
#include <string.h>
void exported(char* to, const char* from) { char here[64]; strcpy(here, from); strcpy(to, here); puts(to); }
)c";

TEST(NativeLibrary, StatesHowItWasBuilt) {
  const auto hard = test::of_kind(extract("native_library@1", built(kSource, "-O2 -shared -fPIC -D_FORTIFY_SOURCE=2 -fstack-protector-all -Wl,-soname,libhard.so -Wl,-z,relro,-z,now -Wl,--build-id=0xabcdef")), "native.library");
  ASSERT_EQ(hard.size(), 1u);
  EXPECT_EQ(row(hard[0], {"type", "machine", "bits", "soname", "gnu_build_id", "needed", "pie", "nx_stack", "relro", "stack_protector"}), "library x86_64 64 libhard.so abcdef libc.so.6 null 1 full 1");
  EXPECT_NE(column(hard[0], "fortified"), "0");
  const auto soft = test::of_kind(extract("native_library@1", built(kSource, "-O2 -shared -fPIC -U_FORTIFY_SOURCE -fno-stack-protector -Wl,-z,norelro -Wl,-z,execstack -Wl,-rpath,/data/local/tmp")), "native.library");
  ASSERT_EQ(soft.size(), 1u);
  EXPECT_EQ(row(soft[0], {"soname", "runpath", "nx_stack", "relro", "stack_protector", "fortified"}), "null /data/local/tmp 0 none 0 0");
}

TEST(NativeLibrary, TellsProgramsApart) {
  const std::string program = std::string(kSource) + "int main(void) { return 0; }";
  for (const auto& [flags, expected] : std::map<std::string, std::string>{{"-pie -fPIE", "program 1"}, {"-no-pie", "program 0"}, {"-c", "module null"}}) {
    const auto found = test::of_kind(extract("native_library@1", built(program, flags)), "native.library");
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(row(found[0], {"type", "pie"}), expected);
  }
}

TEST(NativeLibrary, NamesStandInTheBytesTheyPointAt) {
  const auto bytes = built(kSource, "-shared -fPIC -U_FORTIFY_SOURCE");
  const auto sink = extract("native_library@1", bytes);
  std::map<std::string, std::size_t> seen;
  for (const Fact& f : sink.facts) {
    if (f.kind->name == "native.library") continue;
    EXPECT_EQ(Bytes(bytes).slice(f.origins[0].at, f.origins[0].length)->text(), column(f, "name"));
    ++seen[std::string(f.kind->name) + " " + column(f, "name")];
  }
  EXPECT_EQ(seen["native.import puts"], 1u);
  EXPECT_EQ(seen["native.import strcpy"], 1u);
  EXPECT_EQ(seen["native.export exported"], 1u);
  EXPECT_FALSE(seen.contains("native.export puts"));
}

TEST(NativeLibrary, ExportsOfALargeLibraryAreCountedAndDigested) {
  std::string source;
  for (int i = 0; i < 600; ++i) source += "int f" + std::to_string(i) + "(void) { return 0; }\n";
  const auto sink = extract("native_library@1", built(source, "-shared -fPIC"));
  const auto library = test::of_kind(sink, "native.library");
  ASSERT_EQ(library.size(), 1u);
  EXPECT_GE(std::stol(column(library[0], "exports")), 600);
  EXPECT_EQ(column(library[0], "exports_digest").size(), 64u);
  EXPECT_TRUE(test::of_kind(sink, "native.export").empty());
  EXPECT_TRUE(sink.problems.empty());
}

TEST(NativeLibrary, TooManyImportsAreAProblem) {
  std::string source;
  for (int i = 0; i < 20'001; ++i) source += "extern int g" + std::to_string(i) + ";int* p" + std::to_string(i) + " = &g" + std::to_string(i) + ";\n";
  const auto sink = extract("native_library@1", built(source, "-c -O0"));
  EXPECT_EQ(test::of_kind(sink, "native.import").size(), 20'000u);
  ASSERT_EQ(sink.problems.size(), 1u);
  EXPECT_EQ(sink.problems[0].error.code, Code::over_budget);
}

TEST(NativeLibrary, BigEndianIsSaidAndNoElfIsNot) {
  auto bytes = test::elf_library({.symbols = {}, .data = {}});
  bytes[5] = 2;
  const auto sink = extract("native_library@1", bytes);
  EXPECT_TRUE(sink.facts.empty());
  ASSERT_EQ(sink.problems.size(), 1u);
  EXPECT_EQ(sink.problems[0].error.code, Code::unsupported);
  EXPECT_TRUE(extract("native_jni@1", bytes).problems.empty());   // said once
  EXPECT_TRUE(extract("native_library@1", {'t', 'e', 'x', 't'}).problems.empty());
}

TEST(NativeJni, ExportsTablesAndEntry) {
  const auto bytes = built(R"c(
typedef struct { const char* name; const char* signature; void* function; } Method;
static void go(void* e, void* c) {}
static const Method kMethods[] = {{"go", "(Ljava/lang/String;)V", (void*)go}};
int JNI_OnLoad(void* vm, void* x) { return kMethods[0].name[0]; }
void Java_com_example_Spy_read_1sms(void* e, void* c) {}
)c", "-shared -fPIC");
  std::map<std::string, Fact> found;
  for (const Fact& f : extract("native_jni@1", bytes).facts) found.emplace(row(f, {"how", "class", "name", "signature"}), f);
  EXPECT_EQ(found.size(), 3u);
  EXPECT_TRUE(found.contains("entry null JNI_OnLoad null"));
  EXPECT_TRUE(found.contains("export com.example.Spy read_sms null"));
  ASSERT_TRUE(found.contains("table null go (Ljava/lang/String;)V"));
  const Fact& table = found.at("table null go (Ljava/lang/String;)V");
  ASSERT_EQ(table.origins.size(), 3u);
  EXPECT_EQ(table.origins[0].length, 24u);
  EXPECT_EQ(Bytes(bytes).slice(table.origins[1].at, table.origins[1].length)->text(), "go");
}

TEST(NativeString, KeepsWhatNamesTheSystem) {
  const auto bytes = built(R"c(
const char* strings[] = {"pm install -r /data/local/tmp/x.apk", "/data/data/com.example/files", "persist.sys.example.upload", "/dev/socket/example",
                         "an ordinary sentence of a program", "persist.sys.example.upload"};
)c", "-shared -fPIC");
  std::map<std::string, std::string> found;
  for (const Fact& f : extract("native_string@2", bytes).facts) {
    EXPECT_EQ(Bytes(bytes).slice(f.origins[0].at, f.origins[0].length)->text(), column(f, "value"));
    EXPECT_TRUE(found.emplace(column(f, "value"), column(f, "kind")).second);
  }
  EXPECT_EQ(found, (std::map<std::string, std::string>{{"pm install -r /data/local/tmp/x.apk", "command"}, {"/data/data/com.example/files", "path"}, {"persist.sys.example.upload", "property"}, {"/dev/socket/example", "socket"}}));
}

TEST(NativeString, CompiledJavaCodeIsNotNativeCode) {
  const std::string oat = std::string("oat\n", 4) + "199" + std::string(1, '\0') + "/data/local/tmp/x";
  EXPECT_TRUE(extract("native_string@2", test::oat_elf(std::vector<std::uint8_t>(oat.begin(), oat.end()), true)).facts.empty());
  // A symbol of that name alone hides nothing.
  const test::ElfParts parts{.symbols = {{"oatdata", test::kElfData}}, .data = "/data/local/tmp/x"};
  EXPECT_EQ(extract("native_string@2", test::elf_library(parts)).facts.size(), 1u);
}

TEST(NativeWords, TellCommandsFromSentences) {
  const std::pair<const char*, const char*> cases[] = {
      {"iptables -A OUTPUT -j DROP", "command"}, {"/system/bin/iptables -L", "command"}, {"cd /x && rm -rf /data", "command"}, {"sh -c 'setprop ctl.start x'", "command"},
      {"setprop failed", ""}, {"tcpdump is running", ""}, {"the pm installs", ""}, {"input text", ""}, {"/proc/%d/cmdline", "path"}, {"open(/dev/mem) failed", "path"},
      {"/home/build/out/system/core/init.cpp", ""}, {"vendor/maker/x.cpp", ""}, {"/system", "path"}, {"/systemd", ""}, {"ro.build.id", "property"}, {"ro.", "property"}, {"ro.build id", ""},
      {"rotten", ""}, {"", ""}, {"/", ""}, {"LD_PRELOAD=/data/x.so", "path"},
  };
  for (const auto& [text, kind] : cases) EXPECT_EQ(native_word_kind(text), kind) << text;
}

TEST(Native, EveryPrefixKeepsFactsInside) {
  const auto whole = test::elf_library({.symbols = {{"Java_A_f", 0x40}, {"system"}}, .data = std::string(24, '\0') + std::string("name\0()V\0/data/x", 16), .relative = {{0x1000, 0x1018}, {0x1008, 0x101d}, {0x1010, 0x40}}});
  for (const char* name : {"native_library@1", "native_jni@1", "native_string@2"}) {
    EXPECT_FALSE(extract(name, whole).facts.empty()) << name;
    for (std::size_t n = 0; n < whole.size(); n += 3) (void)extract(name, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)});
  }
}

}  // namespace
}  // namespace klik
