#include "flow/constants.h"

#include <gtest/gtest.h>

#include "support/dex_code.h"

namespace klik::flow {
namespace {

using test::CodeMaker;
using test::DexWriter;

const DexWriter::MethodRef kTake{"Lx/Y;", "take", "V", {"Ljava/lang/String;"}};
const DexWriter::MethodRef kTakeAll{"Lx/Y;", "takeAll", "V", {"[Ljava/lang/String;"}};
const DexWriter::MethodRef kParse{"Landroid/net/Uri;", "parse", "Landroid/net/Uri;", {"Ljava/lang/String;"}};

// What is handed to each call of the only method, "?" for unknown, arguments with '|' between.
std::vector<std::string> handed(CodeMaker maker, unsigned registers = 8) {
  DexWriter d;
  DexWriter::Code code = maker.in(d, registers);
  d.classes.push_back({.type = "La/B;", .methods = {{.name = "run", .flags = 9, .code = std::move(code)}}});
  const auto bytes = d.write();
  const auto file = dex::DexFile::open(Bytes(bytes));
  if (!file) {
    ADD_FAILURE() << file.error().what;
    return {};
  }
  std::vector<std::string> out;
  EXPECT_TRUE(file->members(file->class_def(0), [](const dex::ClassField&) {}, [&](const dex::ClassMethod& m) {
    const auto item = file->code(m.code_at);
    ASSERT_TRUE(item);
    each_call(*file, *item, [&](const dex::Instruction&, const std::vector<Constant>& arguments) {
      std::string& line = out.emplace_back();
      for (const Constant& c : arguments) line += (line.empty() ? "" : "|") + (c.known() ? c.spelled() : std::string("?"));
    });
  }));
  return out;
}

using Lines = std::vector<std::string>;

TEST(Constants, FollowTextsNumbersAndFields) {
  EXPECT_EQ(handed(CodeMaker().text(0, "content://sms").move(1, 0).call(0x71, kTake, {1})), Lines{"content://sms"});
  EXPECT_EQ(handed(CodeMaker().number(2, -3).call(0x71, kTake, {2})), Lines{"-3"});
  EXPECT_EQ(handed(CodeMaker().field(0, {"Landroid/provider/Telephony$Sms;", "CONTENT_URI", "Landroid/net/Uri;"}).call(0x71, kTake, {0})), Lines{"android/provider/Telephony$Sms;->CONTENT_URI"});
}

TEST(Constants, PassThroughWhatGivesBackItsArgument) {
  EXPECT_EQ(handed(CodeMaker().text(0, "content://sms").call(0x71, kParse, {0}).result(1).call(0x71, kTake, {1})), (Lines{"content://sms", "content://sms"}));
  EXPECT_EQ(handed(CodeMaker().text(0, "x").call(0x71, kTake, {0}).result(1).call(0x71, kTake, {1})), (Lines{"x", "?"}));
}

TEST(Constants, JoinArraysOfTexts) {
  // new-array v0, v7; aput-object v1, v0, v2
  CodeMaker maker;
  maker.number(7, 2).units({0x7023, 0}).text(1, "pm").number(2, 0).units({0x014d, 0x0200}).text(1, "install").number(2, 1).units({0x014d, 0x0200}).call(0x71, kTakeAll, {0});
  DexWriter d;
  d.types.push_back("[Ljava/lang/String;");
  DexWriter::Code code = maker.in(d);
  const auto inner = code.units;
  code.units = [inner](const DexWriter& w) {
    auto units = inner(w);
    units[3] = static_cast<std::uint16_t>(w.type_index("[Ljava/lang/String;"));
    return units;
  };
  d.classes.push_back({.type = "La/B;", .methods = {{.name = "run", .flags = 9, .code = std::move(code)}}});
  const auto bytes = d.write();
  const auto file = dex::DexFile::open(Bytes(bytes));
  ASSERT_TRUE(file);
  std::string got;
  ASSERT_TRUE(file->members(file->class_def(0), [](const dex::ClassField&) {}, [&](const dex::ClassMethod& m) {
    each_call(*file, *file->code(m.code_at), [&](const dex::Instruction&, const std::vector<Constant>& a) { got = a.at(0).spelled(); });
  }));
  EXPECT_EQ(got, "pm install");
}

TEST(Constants, AreForgottenWhereAnotherWayMayComeIn) {
  // if-eqz v5, +4 → to the call: on that way v0 was never set.
  EXPECT_EQ(handed(CodeMaker().units({0x0538, 0x0004}).text(0, "only sometimes").call(0x71, kTake, {0})), Lines{"?"});
  EXPECT_EQ(handed(CodeMaker().text(0, "a").units({0x0012}).call(0x71, kTake, {0})), Lines{"0"});
}

TEST(Constants, StandHostileRegisters) {
  EXPECT_EQ(handed(CodeMaker().text(9, "past the registers").call(0x71, kTake, {9}), 2), Lines{"?"});
}

}  // namespace
}  // namespace klik::flow
