#include <gtest/gtest.h>

#include <algorithm>

#include "flow/dex_scan.h"
#include "flow/packing.h"
#include "support/damage.h"
#include "support/dex_code.h"

namespace klik::flow {
namespace {

using test::CodeMaker;
using test::DexWriter;

const DexWriter::MethodRef kExec{"Ljava/lang/Runtime;", "exec", "Ljava/lang/Process;", {"Ljava/lang/String;"}};

struct Scanned {
  std::vector<std::uint8_t> bytes;
  std::vector<dex::DexFile> files;
  DexScan scan;
};

// Prints borrow from the bytes, so these stay where they are.
std::unique_ptr<Scanned> scanned(DexWriter d) {
  auto out = std::make_unique<Scanned>();
  out->bytes = d.write();
  out->files = dex::DexFile::open_all(Bytes(out->bytes)).value();
  out->scan = scan(out->files.at(0), {});
  return out;
}

// One class with one method that holds what `maker` puts in it.
std::unique_ptr<Scanned> one(CodeMaker maker, const std::string& type = "La/A;") {
  DexWriter d;
  const auto code = maker.in(d);
  d.classes.push_back({.type = type, .methods = {{.name = "run", .flags = 9, .code = code}}});
  return scanned(std::move(d));
}

const MethodPrint& print(const Scanned& s) { return s.scan.prints.classes.at(0).methods.at(0); }

TEST(PrintScan, NamesOfTheAppDoNotCount) {
  const auto with = [](const std::string& a, const std::string& b) {
    return one(CodeMaker().make(0, a).call(0x70, {a, "<init>"}, {0}).call(0x6e, {a, b}, {0}).text(1, "hello").call(0x6e, kExec, {0, 1}), a);
  };
  const auto before = with("Lcom/example/Thing;", "work"), after = with("La/b;", "c");
  EXPECT_EQ(print(*before).body, print(*after).body);
  EXPECT_NE(print(*before).body, 0u);
}

TEST(PrintScan, WhatThePlatformSeesCounts) {
  const std::uint64_t body = print(*one(CodeMaker().text(1, "a").call(0x6e, kExec, {0, 1}))).body;
  EXPECT_NE(body, print(*one(CodeMaker().text(1, "b").call(0x6e, kExec, {0, 1}))).body);
  EXPECT_NE(body, print(*one(CodeMaker().text(1, "a").call(0x6e, {"Ljava/lang/Runtime;", "load", "V", {"Ljava/lang/String;"}}, {0, 1}))).body);
  EXPECT_NE(body, print(*one(CodeMaker().text(1, "a").number(2, 7).call(0x6e, kExec, {0, 1}))).body);
}

TEST(PrintScan, FormsOfAnInstructionAreOne) {
  const std::uint64_t body = print(*one(CodeMaker().units({0x7012}))).body;                       // const/4 v0, 7
  EXPECT_EQ(body, print(*one(CodeMaker().units({0x0013, 7}))).body);                              // const/16
  EXPECT_EQ(body, print(*one(CodeMaker().units({0x0014, 7, 0}))).body);                           // const
  EXPECT_EQ(body, print(*one(CodeMaker().units({0x7112, 0x1001}))).body);                         // in another register, moved
  EXPECT_NE(body, print(*one(CodeMaker().units({0x6012}))).body);
}

TEST(PrintScan, NumbersOfResourcesDoNotCount) {
  EXPECT_EQ(print(*one(CodeMaker().units({0x0014, 0x0001, 0x7f02}))).body, print(*one(CodeMaker().units({0x0014, 0x0033, 0x7f04}))).body);
  EXPECT_NE(print(*one(CodeMaker().units({0x0014, 0x0001, 0x0102}))).body, print(*one(CodeMaker().units({0x0014, 0x0033, 0x0104}))).body);
}

// Which of two own methods is called twice is structure, whatever their names are.
TEST(PrintScan, OwnThingsAreKnownByTheOrderInWhichTheyAreNamed) {
  const DexWriter::MethodRef x{"La/A;", "x"}, y{"La/A;", "y"};
  const auto xyx = one(CodeMaker().call(0x71, x).call(0x71, y).call(0x71, x)), yxy = one(CodeMaker().call(0x71, y).call(0x71, x).call(0x71, y)), xyy = one(CodeMaker().call(0x71, x).call(0x71, y).call(0x71, y));
  EXPECT_EQ(print(*xyx).body, print(*yxy).body);
  EXPECT_NE(print(*xyx).body, print(*xyy).body);
  const auto name = [](const Scanned& s, const OwnRef& r) { return s.scan.graph.names[s.scan.graph.methods[r.index].name]; };
  ASSERT_EQ(print(*yxy).refs.size(), 2u);
  EXPECT_EQ(name(*yxy, print(*yxy).refs[0]), "y");
  EXPECT_EQ(name(*yxy, print(*yxy).refs[1]), "x");
}

TEST(PrintScan, KeepsTextsFieldsAndNumbers) {
  DexWriter d;
  const auto code = CodeMaker().text(1, "seen").field(0, {"Landroid/os/Build;", "SERIAL", "Ljava/lang/String;"}).units({0x0014, 0x5678, 0x1234}).in(d);
  d.classes.push_back({.type = "La/A;", .fields = {{.name = "HOST", .type = "Ljava/lang/String;", .flags = 9, .text = "example.org"}}, .methods = {{.name = "run", .flags = 9, .code = code}}});
  const auto s = scanned(std::move(d));
  const auto texts = [&](const std::vector<std::uint32_t>& list) {
    std::vector<std::string_view> out;
    for (const std::uint32_t t : list) out.push_back(s->scan.prints.texts[t]);
    return out;
  };
  EXPECT_EQ(texts(print(*s).texts), std::vector<std::string_view>{"seen"});
  EXPECT_EQ(texts(print(*s).fields), std::vector<std::string_view>{"Landroid/os/Build;->SERIAL"});
  EXPECT_EQ(texts(s->scan.prints.classes[0].texts), std::vector<std::string_view>{"example.org"});
  EXPECT_EQ(print(*s).numbers, std::vector<std::uint64_t>{0x12345678});
}

TEST(PrintScan, CutsLongTextsSoThatTheyStillDiffer) {
  const std::string start(4000, 'x');
  const auto a = one(CodeMaker().text(0, start + "a")), b = one(CodeMaker().text(0, start + "b"));
  EXPECT_LT(a->scan.prints.texts.at(0).size(), 600u);
  EXPECT_NE(a->scan.prints.texts.at(0), b->scan.prints.texts.at(0));
}

TEST(CodePrints, AreReadBackAsTheyWereWritten) {
  const auto s = one(CodeMaker().make(0, "La/B;").text(1, "t").call(0x6e, kExec, {0, 1}).units({0x0014, 0x5678, 0x1234}));
  const std::string raw = packed(s->scan.prints);
  const auto back = unpacked_prints(Bytes::of(raw), s->scan.graph);
  ASSERT_TRUE(back);
  EXPECT_EQ(packed(*back), raw);
  EXPECT_EQ(back->classes.at(0).methods.at(0).body, print(*s).body);
  std::string again;
  ASSERT_TRUE(unsqueezed(squeezed(raw), again));
  EXPECT_EQ(again, raw);
}

TEST(CodePrints, RefusesEveryPrefixAndAnotherGraph) {
  const auto s = one(CodeMaker().make(0, "La/B;").text(1, "t").call(0x6e, kExec, {0, 1}));
  const std::string raw = packed(s->scan.prints);
  for (std::size_t n = 0; n < raw.size(); ++n) EXPECT_FALSE(unpacked_prints(Bytes::of(std::string_view(raw).substr(0, n)), s->scan.graph)) << n;
  EXPECT_FALSE(unpacked_prints(Bytes::of(raw), CodeGraph{}));
  // Every byte changed: an error or a value, never more.
  for (std::size_t n = 0; n < raw.size(); ++n)
    for (const int bit : {1, 128}) {
      std::string bad = raw;
      bad[n] = static_cast<char>(bad[n] ^ bit);
      (void)unpacked_prints(Bytes::of(bad), s->scan.graph);
    }
}

}  // namespace
}  // namespace klik::flow
