#include "formats/android/dex_instructions.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace klik::dex {
namespace {

// Code units as they lie in a file.
class Units {
 public:
  explicit Units(const std::vector<std::uint16_t>& values) {
    for (const std::uint16_t v : values) units_.push_back({{static_cast<std::uint8_t>(v), static_cast<std::uint8_t>(v >> 8)}});
  }
  std::span<const U16le> span() const { return units_; }

 private:
  std::vector<U16le> units_;
};

struct Operands {
  std::vector<std::uint16_t> units;
  std::uint8_t length;
  std::uint32_t a, b, c;
  std::uint32_t index;
  std::int64_t literal;
  std::int64_t target;   // relative
};

TEST(DexInstructions, OperandsOfEveryFormat) {
  const std::uint32_t none = kNoIndex;
  const Operands all[] = {
      {{0x0000}, 1, 0, 0, 0, none, 0, 0},                                            // nop
      {{0x2101}, 1, 1, 2, 0, none, 0, 0},                                            // move v1, v2
      {{0xF312}, 1, 3, 0, 0, none, -1, 0},                                           // const/4 v3, -1
      {{0x7112}, 1, 1, 0, 0, none, 7, 0},                                            // const/4 v1, 7
      {{0x050a}, 1, 5, 0, 0, none, 0, 0},                                            // move-result v5
      {{0xFE28}, 1, 0, 0, 0, none, 0, -2},                                           // goto -2
      {{0x0029, 0x8000}, 2, 0, 0, 0, none, 0, -32768},                               // goto/16
      {{0x0502, 0x1234}, 2, 5, 0x1234, 0, none, 0, 0},                               // move/from16
      {{0x0338, 0x0010}, 2, 3, 0, 0, none, 0, 16},                                   // if-eqz v3, +16
      {{0x0213, 0x8000}, 2, 2, 0, 0, none, -32768, 0},                               // const/16
      {{0x0215, 0x8000}, 2, 2, 0, 0, none, -2147483648LL, 0},                        // const/high16
      {{0x0219, 0x7ff0}, 2, 2, 0, 0, none, 0x7ff0000000000000LL, 0},                 // const-wide/high16
      {{0x041a, 0xABCD}, 2, 4, 0, 0, 0xABCD, 0, 0},                                  // const-string
      {{0x0190, 0x0302}, 2, 1, 2, 3, none, 0, 0},                                    // add-int v1, v2, v3
      {{0x01d8, 0xFF02}, 2, 1, 2, 0, none, -1, 0},                                   // add-int/lit8 v1, v2, -1
      {{0x2132, 0xFFFE}, 2, 1, 2, 0, none, 0, -2},                                   // if-eq v1, v2, -2
      {{0x21d0, 0x0100}, 2, 1, 2, 0, none, 256, 0},                                  // add-int/lit16
      {{0x2152, 0x0007}, 2, 1, 2, 0, 7, 0, 0},                                       // iget v1, v2, field 7
      {{0x0003, 0x0100, 0x0200}, 3, 0x100, 0x200, 0, none, 0, 0},                    // move/16
      {{0x002a, 0x0000, 0x0001}, 3, 0, 0, 0, none, 0, 65536},                        // goto/32
      {{0x012b, 0x0008, 0x0000}, 3, 1, 0, 0, none, 0, 8},                            // packed-switch
      {{0x0114, 0x0001, 0x8000}, 3, 1, 0, 0, none, -2147483647LL, 0},                // const
      {{0x011b, 0x0001, 0x0002}, 3, 1, 0, 0, 0x20001, 0, 0},                         // const-string/jumbo
      {{0x0118, 0x0001, 0x0002, 0x0003, 0x8004}, 5, 1, 0, 0, none, static_cast<std::int64_t>(0x8004000300020001ULL), 0},  // const-wide
      {{0x21e3, 0x0008}, 2, 1, 2, 0, 8, 0, 0},                                       // iget-quick
      {{0x01fe, 0x0005}, 2, 1, 0, 0, 5, 0, 0},                                       // const-method-handle
      {{0x01ff, 0x0006}, 2, 1, 0, 0, 6, 0, 0},                                       // const-method-type
  };
  for (const Operands& o : all) {
    const Units units(o.units);
    const Instructions code(units.span());
    ASSERT_FALSE(code.begin() == code.end());
    const Instruction i = *code.begin();
    const std::string name(i.info().name);
    EXPECT_EQ(i.length(), o.length) << name;
    EXPECT_EQ(i.a(), o.a) << name;
    EXPECT_EQ(i.b(), o.b) << name;
    EXPECT_EQ(i.c(), o.c) << name;
    EXPECT_EQ(i.index(), o.index) << name;
    EXPECT_EQ(i.literal(), o.literal) << name;
    EXPECT_EQ(i.target(), o.target) << name;
    EXPECT_EQ(i.argument_count(), 0u) << name;
    EXPECT_EQ(code.whole_until(), o.length) << name;
  }
}

TEST(DexInstructions, ArgumentsOfInvokes) {
  struct Case {
    std::vector<std::uint16_t> units;
    std::vector<std::uint32_t> arguments;
    std::uint32_t index, proto;
  };
  const Case all[] = {
      {{0x006e, 0x0001, 0x0000}, {}, 1, kNoIndex},
      {{0x5971, 0x0002, 0x4321}, {1, 2, 3, 4, 9}, 2, kNoIndex},
      {{0x3070, 0x0003, 0x0cba}, {10, 11, 12}, 3, kNoIndex},
      {{0xF070, 0x0003, 0x4321}, {1, 2, 3, 4, 0}, 3, kNoIndex},   // a count that cannot be is cut to five
      {{0x0374, 0x0004, 0x0100}, {0x100, 0x101, 0x102}, 4, kNoIndex},
      {{0x20fa, 0x0005, 0x0021, 0x0006}, {1, 2}, 5, 6},
      {{0x02fb, 0x0007, 0x0010, 0x0008}, {16, 17}, 7, 8},
      {{0x10fc, 0x0009, 0x0003}, {3}, 9, kNoIndex},
      {{0x10e9, 0x000a, 0x0003}, {3}, 10, kNoIndex},
  };
  for (const Case& c : all) {
    const Units units(c.units);
    const Instruction i = *Instructions(units.span()).begin();
    std::vector<std::uint32_t> arguments;
    for (std::uint32_t n = 0; n < i.argument_count(); ++n) arguments.push_back(i.argument(n));
    EXPECT_EQ(arguments, c.arguments) << i.info().name;
    EXPECT_EQ(i.index(), c.index) << i.info().name;
    EXPECT_EQ(i.proto(), c.proto) << i.info().name;
    EXPECT_EQ(i.is_invoke(), i.opcode() != 0xe9);
    EXPECT_EQ(i.is_quickened(), i.opcode() == 0xe9);
  }
}

TEST(DexInstructions, PayloadsAreOneStepAndCanBeRead) {
  const Units units({0x0e,                                                                      // return-void
                     0x0000,                                                                    // nop
                     0x0100, 2, 0xFFFF, 0xFFFF, 5, 0, 7, 0,                                     // packed switch from -1
                     0x0200, 2, 1, 0, 0xFFFE, 0xFFFF, 9, 0, 11, 0,                              // sparse switch, 1 and -2
                     0x0300, 1, 3, 0, 0x6261, 0x0063,                                           // three bytes
                     0x0300, 8, 1, 0, 1, 2, 3, 4,                                               // one long
                     0x0400,                                                                    // a nop with a strange high byte
                     0x0e});
  std::vector<std::pair<std::uint32_t, std::uint32_t>> steps;
  const Instructions code(units.span());
  for (const Instruction i : code) {
    steps.push_back({i.at(), i.length()});
    if (i.at() == 2) {
      const auto table = SwitchPayload::read(i.units());
      ASSERT_TRUE(table);
      ASSERT_EQ(table->size(), 2u);
      EXPECT_EQ(table->at(0).key, -1);
      EXPECT_EQ(table->at(1).key, 0);
      EXPECT_EQ(table->at(1).target, 7);
    }
    if (i.at() == 10) {
      const auto table = SwitchPayload::read(i.units());
      ASSERT_TRUE(table);
      EXPECT_EQ(table->at(0).key, 1);
      EXPECT_EQ(table->at(1).key, -2);
      EXPECT_EQ(table->at(0).target, 9);
      EXPECT_EQ(table->at(1).target, 11);
    }
    if (i.at() == 20) {
      const auto array = ArrayPayload::read(i.units());
      ASSERT_TRUE(array);
      EXPECT_EQ(array->element(0), 'a');
      EXPECT_EQ(array->element(1), 'b');
      EXPECT_EQ(array->element(2), 'c');
    }
    if (i.at() == 26) {
      const auto array = ArrayPayload::read(i.units());
      ASSERT_TRUE(array);
      EXPECT_EQ(array->element(0), 0x0004000300020001u);
    }
    EXPECT_EQ(i.is_payload(), i.length() > 1);
  }
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> expected = {{0, 1}, {1, 1}, {2, 8}, {10, 10}, {20, 6}, {26, 8}, {34, 1}, {35, 1}};
  EXPECT_EQ(steps, expected);
  EXPECT_EQ(code.whole_until(), 36u);
}

TEST(DexInstructions, WhatDoesNotFitEndsTheWalk) {
  const std::vector<std::uint16_t> tails[] = {
      {0x6e, 1},                        // an invoke without its last unit
      {0x0100}, {0x0100, 1, 0},         // a switch without its head
      {0x0100, 9, 0, 0, 1, 0},          // a switch with nine entries, one there
      {0x0200, 0xFFFF, 0, 0},
      {0x0300, 0xFFFF, 0xFFFF, 0xFFFF}, // an array whose size would wrap
      {0x0300, 8, 0, 0x8000},
  };
  for (const auto& tail : tails) {
    std::vector<std::uint16_t> all = {0x0e, 0x1212};
    all.insert(all.end(), tail.begin(), tail.end());
    const Units units(all);
    std::uint32_t steps = 0;
    for ([[maybe_unused]] const Instruction i : Instructions(units.span())) ++steps;
    EXPECT_EQ(steps, 2u);
    EXPECT_EQ(Instructions(units.span()).whole_until(), 2u);
  }
  const Units nothing({});
  EXPECT_EQ(Instructions(nothing.span()).whole_until(), 0u);
}

TEST(DexInstructions, PayloadReadersRefuseWhatIsNone) {
  const Units nop({0, 0, 0, 0}), odd({0x0300, 3, 1, 0, 0, 0}), cut({0x0300, 4, 2, 0, 0});
  EXPECT_FALSE(SwitchPayload::read(nop.span()));
  EXPECT_FALSE(ArrayPayload::read(nop.span()));
  EXPECT_FALSE(ArrayPayload::read(odd.span()));
  EXPECT_FALSE(ArrayPayload::read(cut.span()));
}

TEST(DexInstructions, TheTableIsConsistent) {
  for (unsigned o = 0; o < 256; ++o) {
    const OpcodeInfo& info = kOpcodes[o];
    EXPECT_EQ(info.size, kOpcodeSizes[o]);
    EXPECT_TRUE(info.size >= 1 && info.size <= 5);
    if (info.name.empty()) { EXPECT_EQ(info.size, 1) << o; }
    const bool has_index = info.format == Format::k21c || info.format == Format::k22c || info.format == Format::k31c || info.format == Format::k35c || info.format == Format::k3rc ||
                           info.format == Format::k45cc || info.format == Format::k4rcc;
    EXPECT_EQ(has_index, info.index != IndexKind::none) << o;
  }
  EXPECT_EQ(kOpcodes[op::kInvokeInterfaceRange].name, "invoke-interface/range");
  EXPECT_EQ(kOpcodes[op::kInvokePolymorphicRange].name, "invoke-polymorphic/range");
}

}  // namespace
}  // namespace klik::dex
