#include "formats/android/dex.h"

#include <gtest/gtest.h>

#include <random>

#include "formats/android/dex_values.h"
#include "formats/android/dex_walk.h"
#include "support/dex_writer.h"

namespace klik::dex {
namespace {

using test::DexWriter;
using Units = std::vector<std::uint16_t>;

Bytes whole(const std::vector<std::uint8_t>& bytes) { return Bytes(std::span<const std::uint8_t>(bytes)); }

// Two classes: one calls, throws and catches, the other holds constants.
DexWriter sample() {
  DexWriter w;
  DexWriter::Code run{.registers = 3, .ins = 1, .outs = 1};
  run.units = [](const DexWriter& d) {
    return Units{0x001a, static_cast<std::uint16_t>(d.string_index("http://a.example/")),                                      // const-string v0
                 0x1071, static_cast<std::uint16_t>(d.method_index({"La/Out;", "send", "V", {"Ljava/lang/String;"}})), 0x0000, // invoke-static {v0}
                 0x0e, 0x000d, 0x0e};                                                                                          // return-void; move-exception v0; return-void
  };
  run.tries = {{.start = 0, .count = 5, .handlers = {{"Ljava/io/IOException;", 6}}, .catch_all = 6}};
  DexWriter::Code wide{.registers = 40, .ins = 20, .outs = 17};
  wide.units = [](const DexWriter&) { return Units(3001, 0x0000); };   // nops
  wide.tries.assign(17, {.start = 1, .count = 2, .handlers = {}, .catch_all = 0});
  w.classes = {
      {.type = "La/Main;", .interfaces = {"Ljava/lang/Runnable;"}, .source_file = "Main.java",
       .fields = {{.name = "host", .type = "Ljava/lang/String;", .flags = 8, .text = "b.example"}, {.name = "count", .type = "I", .flags = 2}},
       .methods = {{.name = "run", .code = run},
                   {.name = "wide", .return_type = "I", .parameters = {"J", "[B"}, .flags = 9, .code = wide},
                   {.name = "absent", .flags = 0x101}},
       .annotation = "La/Path;", .annotation_texts = {"/v1/upload", "/v2"}},
      {.type = "La/Out;", .superclass = "La/Main;", .flags = 0x401, .methods = {{.name = "send", .parameters = {"Ljava/lang/String;"}, .flags = 0x109}}},
  };
  w.strings = {"http://a.example/"};
  return w;
}

// Everything that can be asked, asked: nothing may fail hard, and places lie in the file.
void exercise(const DexFile& dex) {
  const std::uint64_t size = dex.file().size();
  ASSERT_TRUE(dex.window().size() <= size);
  for (std::uint32_t i = 0; i < dex.string_count(); ++i) {
    ASSERT_LT(dex.string_at(i), size);
    (void)dex.string(i);
  }
  for (std::uint32_t i = 0; i < dex.method_count(); ++i) ASSERT_LT(dex.method_at(i) + 7, size);
  (void)dex.checksum_ok();
  (void)dex.signature_ok();
  struct Visitor : ValueVisitor {
    std::uint64_t size;
    void value(const EncodedValue& v) override { EXPECT_TRUE(v.at <= size && v.length <= size - v.at); }
  } visitor;
  visitor.size = size;
  for (std::uint32_t i = 0; i < dex.class_count(); ++i) {
    (void)read_static_values(dex, dex.class_def(i), visitor);
    (void)read_annotations(dex, dex.class_def(i), visitor);
  }
  for (std::uint32_t i = 0; i < dex.call_site_count(); ++i) (void)read_values(dex, dex.call_site_at(i), visitor);
  walk_code(dex, [&](const ClassDef&, const ClassMethod& method, const CodeItem& code) {
    ASSERT_LT(method.at, size);
    ASSERT_TRUE(code.units_at <= size && 2 * code.units.size() <= size - code.units_at);
    for (const TryItem& t : code.tries) (void)dex.handlers(code, t, [](const Handler&) {});
    std::uint32_t next = 0;
    for (const Instruction i : Instructions(code.units)) {
      ASSERT_EQ(i.at(), next);
      next += i.length();
      (void)i.index(), (void)i.proto(), (void)i.a(), (void)i.b(), (void)i.c(), (void)i.literal(), (void)i.target();
      for (std::uint32_t n = 0; n < i.argument_count(); ++n) (void)i.argument(n);
      if (i.is_payload()) {
        if (const auto s = SwitchPayload::read(i.units()))
          for (std::uint32_t n = 0; n < s->size(); ++n) (void)s->at(n);
        if (const auto a = ArrayPayload::read(i.units()))
          for (std::uint32_t n = 0; n < std::min(a->count, 100000u); ++n) (void)a->element(n);
      }
    }
    ASSERT_LE(next, code.units.size());
  });
}

// What a person would list: members with flags, code and what it holds.
std::vector<std::string> describe(const DexFile& dex) {
  std::vector<std::string> out;
  for (std::uint32_t i = 0; i < dex.class_count(); ++i) {
    const ClassDef def = dex.class_def(i);
    std::string line = "class " + std::string(dex.type(def.type)) + " : " + std::string(dex.type(def.superclass));
    for (const U16le t : def.interfaces) line += " " + std::string(dex.type(t));
    out.push_back(line + " from '" + std::string(dex.string(def.source_file)) + "'");
    EXPECT_TRUE(dex.members(
        def, [&](const ClassField& f) { out.push_back((f.is_static ? "static " : "field ") + std::string(dex.name_of_field(f.field)) + " " + std::string(dex.type(dex.field(f.field).type))); },
        [&](const ClassMethod& m) {
          const Proto proto = dex.proto(dex.method(m.method).proto);
          std::string text = (m.is_direct ? "direct " : "virtual ") + std::string(dex.name_of_method(m.method)) + "(";
          for (const U16le p : proto.parameters) text += dex.type(p);
          text += ")" + std::string(dex.type(proto.return_type)) + " " + std::string(dex.string(proto.shorty)) + " " + std::to_string(m.access_flags);
          if (m.code_at != 0) {
            const auto code = dex.code(m.code_at);
            EXPECT_TRUE(code);
            if (!code) return;
            text += " code " + std::to_string(code->registers) + " " + std::to_string(code->ins) + " " + std::to_string(code->outs) + " " + std::to_string(code->units.size());
            for (const TryItem& t : code->tries) {
              text += " try " + std::to_string(t.start) + "+" + std::to_string(t.count);
              EXPECT_TRUE(dex.handlers(*code, t, [&](const Handler& h) { text += " [" + std::string(h.type == kNoIndex ? "any" : dex.type(h.type)) + "→" + std::to_string(h.target) + "]"; }));
              break;   // of the many equal ones
            }
          }
          out.push_back(text);
        }));
  }
  return out;
}

const std::vector<std::string> kSampleLines = {
    "class La/Main; : Ljava/lang/Object; Ljava/lang/Runnable; from 'Main.java'",
    "static host Ljava/lang/String;",
    "field count I",
    "direct wide(J[B)I IJL 9 code 40 20 17 3001 try 1+2 [any→0]",
    "virtual absent()V V 257",
    "virtual run()V V 1 code 3 1 1 8 try 0+5 [Ljava/io/IOException;→6] [any→6]",
    "class La/Out; : La/Main; from ''",
    "direct send(Ljava/lang/String;)V VL 265",
};

TEST(Dex, ReadsClassesMembersAndCode) {
  const auto bytes = sample().write();
  const auto dex = DexFile::open(whole(bytes));
  ASSERT_TRUE(dex) << dex.error().what;
  EXPECT_EQ(dex->version(), 35u);
  EXPECT_FALSE(dex->is_compact());
  EXPECT_EQ(describe(*dex), kSampleLines);
  EXPECT_TRUE(dex->checksum_ok());
  EXPECT_TRUE(dex->signature_ok());
  EXPECT_EQ(dex->trailing_bytes(), 0u);
  exercise(*dex);
}

TEST(Dex, EveryItemKnowsItsPlace) {
  auto w = sample();
  auto bytes = w.write();
  bytes.insert(bytes.begin(), 64, 0xEE);   // a DEX inside something larger
  const auto dex = DexFile::open(whole(bytes), 64);
  ASSERT_TRUE(dex);
  const std::uint32_t hello = w.string_index("http://a.example/");
  const std::uint64_t at = dex->string_at(hello);
  EXPECT_EQ(bytes[at], 17);   // its length, then its text
  EXPECT_EQ(whole(bytes).slice(at + 1, 17)->text(), "http://a.example/");
  const std::uint32_t send = w.method_index({"La/Out;", "send", "V", {"Ljava/lang/String;"}});
  EXPECT_EQ(*whole(bytes).get<U32le>(dex->method_at(send) + 4), w.string_index("send"));
  bool seen = false;
  walk_code(*dex, [&](const ClassDef&, const ClassMethod& m, const CodeItem& code) {
    if (dex->name_of_method(m.method) != "run") return;
    seen = true;
    EXPECT_EQ(whole(bytes)[code.units_at], 0x1a);   // const-string
    EXPECT_EQ(code.units_at, code.at + 16);
  });
  EXPECT_TRUE(seen);
}

TEST(Dex, CompactDexReadsTheSame) {
  for (const std::size_t gap : {std::size_t{0}, std::size_t{4096}}) {
    const auto bytes = sample().write_compact(gap);
    const auto dex = DexFile::open(whole(bytes));
    ASSERT_TRUE(dex) << dex.error().what;
    EXPECT_TRUE(dex->is_compact());
    EXPECT_EQ(describe(*dex), kSampleLines);
    exercise(*dex);
  }
}

TEST(Dex, CompactDexWithoutItsDataIsRefused) {
  auto w = sample();
  auto bytes = w.write_compact();
  bytes.resize(w.data_start());
  const auto dex = DexFile::open(whole(bytes));
  ASSERT_FALSE(dex);
  EXPECT_EQ(dex.error().code, Code::truncated);
  EXPECT_EQ(dex.error().at, 104u);
}

TEST(Dex, AContainerHoldsSeveral) {
  DexWriter second;
  second.classes = {{.type = "Lb/Other;", .methods = {{.name = "go", .code = DexWriter::Code{.units = [](const DexWriter&) { return Units{0x0e}; }}}}}};
  const auto bytes = DexWriter::write_container({sample(), second});
  const auto all = DexFile::open_all(whole(bytes));
  ASSERT_TRUE(all) << all.error().what;
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].version(), 41u);
  EXPECT_EQ(describe((*all)[0]), kSampleLines);
  EXPECT_EQ(describe((*all)[1])[0], "class Lb/Other; : Ljava/lang/Object; from ''");
  EXPECT_EQ((*all)[1].header_at(), (*all)[0].size());
  for (const DexFile& dex : *all) {
    EXPECT_TRUE(dex.checksum_ok());
    exercise(dex);
  }
}

TEST(Dex, OneFileOfAnOlderVersionIsOne) {
  for (const std::string version : {"035", "037", "038", "039", "040"}) {
    auto w = sample();
    w.version = version;
    const auto bytes = w.write();
    const auto all = DexFile::open_all(whole(bytes));
    ASSERT_TRUE(all) << version;
    EXPECT_EQ(all->size(), 1u);
  }
}

TEST(Dex, ValuesOutsideCodeAreRead) {
  for (const bool compact : {false, true}) {
    auto w = sample();
    const auto bytes = compact ? w.write_compact() : w.write();
    const auto dex = DexFile::open(whole(bytes));
    ASSERT_TRUE(dex);
    struct Visitor : ValueVisitor {
      const DexFile* dex;
      std::vector<std::string> seen;
      void value(const EncodedValue& v) override {
        std::string line = std::to_string(v.depth) + ":" + std::to_string(v.position) + " ";
        if (v.element_name != kNoIndex) line += std::string(dex->string(v.element_name)) + "=";
        line += v.type == ValueType::array ? "array of " + std::to_string(v.count) : std::string(dex->string(v.index));
        seen.push_back(line);
      }
      void annotation(const Annotation& a) override { seen.push_back("@" + std::string(dex->type(a.type)) + " on " + std::string(dex->type(a.target)) + " " + std::to_string(a.visibility)); }
    } visitor;
    visitor.dex = &*dex;
    ASSERT_TRUE(read_static_values(*dex, dex->class_def(0), visitor));
    ASSERT_TRUE(read_annotations(*dex, dex->class_def(0), visitor));
    ASSERT_TRUE(read_annotations(*dex, dex->class_def(1), visitor));
    const std::vector<std::string> expected = {"0:0 b.example", "@La/Path; on La/Main; 1", "0:0 value=array of 2", "1:0 /v1/upload", "1:1 /v2"};
    EXPECT_EQ(visitor.seen, expected);
  }
}

TEST(Dex, NumbersOfEveryWidthAreExtendedAsTheirTypeSays) {
  auto w = sample();
  auto bytes = w.write();
  const std::uint64_t at = bytes.size();
  const std::vector<std::uint8_t> values = {9,    0x00, 0xFE,              // byte -2
                                            0x22, 0x00, 0x80,              // short -32768
                                            0x23, 0xFF, 0xFF,              // char 65535
                                            0x04, 0x80,                    // int -128 in one byte
                                            0x46, 0x01, 0x02, 0x03,        // long 0x030201
                                            0x30, 0x80, 0x3F,              // float 1.0 in two bytes
                                            0x31, 0xF0, 0x3F,              // double 1.0 in two bytes
                                            0x3F,                          // true
                                            0x1E};                         // null
  bytes.insert(bytes.end(), values.begin(), values.end());
  DexWriter::put(bytes, 32, bytes.size());
  const auto dex = DexFile::open(whole(bytes));
  ASSERT_TRUE(dex);
  struct Visitor : ValueVisitor {
    std::vector<std::int64_t> seen;
    void value(const EncodedValue& v) override { seen.push_back(v.number); }
  } visitor;
  ASSERT_TRUE(read_values(*dex, at, visitor));
  const std::vector<std::int64_t> expected = {-2, -32768, 65535, -128, 0x030201, 0x3F800000, 0x3FF0000000000000, 1, 0};
  EXPECT_EQ(visitor.seen, expected);
}

TEST(Dex, NestingWithoutEndIsRefused) {
  auto bytes = sample().write();
  const std::uint64_t at = bytes.size();
  bytes.push_back(1);
  for (int i = 0; i < 1000; ++i) bytes.insert(bytes.end(), {0x1c, 0x01});
  DexWriter::put(bytes, 32, bytes.size());
  const auto dex = DexFile::open(whole(bytes));
  ASSERT_TRUE(dex);
  struct Visitor : ValueVisitor {
    void value(const EncodedValue&) override {}
  } visitor;
  const auto read = read_values(*dex, at, visitor);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Code::over_budget);
}

TEST(Dex, SumsThatDifferAreAFactAndNoRefusal) {
  auto bytes = sample().write();
  bytes[8] ^= 1;
  auto dex = DexFile::open(whole(bytes));
  ASSERT_TRUE(dex);
  EXPECT_FALSE(dex->checksum_ok());
  EXPECT_TRUE(dex->signature_ok());
  bytes[8] ^= 1;
  bytes[12] ^= 1;
  dex = DexFile::open(whole(bytes));
  ASSERT_TRUE(dex);
  EXPECT_FALSE(dex->signature_ok());
}

TEST(Dex, BytesBehindTheEndAreReadOver) {
  auto bytes = sample().write();
  bytes.insert(bytes.end(), 10, 0xAA);
  const auto dex = DexFile::open(whole(bytes));
  ASSERT_TRUE(dex);
  EXPECT_EQ(dex->trailing_bytes(), 10u);
  EXPECT_TRUE(dex->checksum_ok());
}

struct Refusal {
  const char* name;
  std::size_t at;             // of the 32-bit word that is changed
  std::uint32_t value;
  Code code;
  std::uint64_t told_at;
};

TEST(Dex, WhatThePhoneRefusesIsRefusedWithItsPlace) {
  auto w = sample();
  const auto good = w.write();
  const auto word = [&](std::size_t at) { return std::uint32_t{*whole(good).get<U32le>(at)}; };
  const std::size_t types = word(68), protos = word(76), fields = word(84), methods = word(92), classes = word(100), strings = word(60);
  const Refusal all[] = {
      {"magic", 0, 0x0A786564 + 1, Code::bad_magic, 0},
      {"version 036", 4, 0x00363330, Code::unsupported, 4},
      {"version 042", 4, 0x00323430, Code::unsupported, 4},
      {"file size beyond the file", 32, static_cast<std::uint32_t>(good.size() + 1), Code::truncated, 32},
      {"file size below the header", 32, 0x6F, Code::bad_value, 32},
      {"header size", 36, 0x74, Code::bad_value, 36},
      {"big-endian", 40, 0x78563412, Code::unsupported, 40},
      {"byte order mark", 40, 0, Code::bad_value, 40},
      {"more strings than fit", 56, 0x40000000, Code::truncated, 56},
      {"strings that wrap", 56, 0xFFFFFFFF, Code::truncated, 56},
      {"strings not aligned", 60, static_cast<std::uint32_t>(strings + 1), Code::bad_value, 60},
      {"too many types", 64, 0x7FFFFFFF, Code::truncated, 64},
      {"classes past the end", 100, static_cast<std::uint32_t>(good.size()), Code::truncated, 96},
      {"string past the end", strings + 8, 0xFFFFFFF0, Code::truncated, strings + 8},
      {"type of no string", types + 4, word(56), Code::bad_value, types + 4},
      {"proto of no shorty", protos, word(56), Code::bad_value, protos},
      {"proto of no type", protos + 4, word(64), Code::bad_value, protos},
      {"parameters past the end", protos + 8, 0xFFFFFFF0, Code::truncated, 0xFFFFFFF0},
      {"field of no type", fields, 0xFFFF, Code::bad_value, fields},
      {"field of no name", fields + 4, word(56), Code::bad_value, fields},
      {"method of no proto", methods, 0xFFFF0000, Code::bad_value, methods},
      {"class of no type", classes, word(64), Code::bad_value, classes},
      {"superclass of no type", classes + 8, word(64), Code::bad_value, classes + 8},
      {"source file of no string", classes + 16, word(56), Code::bad_value, classes + 16},
  };
  for (const Refusal& r : all) {
    auto bytes = good;
    DexWriter::put(bytes, r.at, r.value);
    const auto dex = DexFile::open(whole(bytes));
    ASSERT_FALSE(dex) << r.name;
    EXPECT_EQ(dex.error().code, r.code) << r.name << ": " << dex.error().what;
    EXPECT_EQ(dex.error().at, r.told_at) << r.name << ": " << dex.error().what;
  }
}

TEST(Dex, IndexesOutOfRangeGiveNothing) {
  const auto bytes = sample().write();
  const auto dex = DexFile::open(whole(bytes));
  ASSERT_TRUE(dex);
  for (const std::uint32_t i : {dex->string_count(), 0x7FFFFFFFu, kNoIndex}) {
    EXPECT_EQ(dex->string(i), "");
    EXPECT_EQ(dex->type(i), "");
    EXPECT_EQ(dex->name_of_method(i), "");
    EXPECT_EQ(dex->method(i).owner, kNoIndex);
    EXPECT_EQ(dex->class_def(i).type, kNoIndex);
    EXPECT_EQ(dex->call_site_at(i), 0u);
  }
}

TEST(Dex, ClassDataThatNamesNothingEndsThatClassOnly) {
  auto w = sample();
  auto bytes = w.write();
  const auto good = DexFile::open(whole(bytes));
  ASSERT_TRUE(good);
  std::uint64_t at = 0;
  ASSERT_TRUE(good->members(good->class_def(0), [](const ClassField&) {}, [&](const ClassMethod& m) {
    if (at == 0) at = m.at;
  }));
  bytes[at] = 0x7F;   // the index of the first method
  const auto dex = DexFile::open(whole(bytes));
  ASSERT_TRUE(dex);
  unsigned fields = 0, methods = 0;
  const auto read = dex->members(dex->class_def(0), [&](const ClassField&) { ++fields; }, [&](const ClassMethod&) { ++methods; });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().at, at);
  EXPECT_EQ(fields, 2u);
  EXPECT_EQ(methods, 0u);
  const Walked walked = walk_code(*dex, [](const ClassDef&, const ClassMethod&, const CodeItem&) {});
  EXPECT_EQ(walked.broken, 1u);
}

TEST(Dex, StringsThatOverlapWithoutEndAreOverBudget) {
  DexWriter w;
  w.strings.assign(1, std::string(60000, 'z'));
  for (int i = 0; i < 2000; ++i) w.strings.push_back("s" + std::to_string(i));
  auto bytes = w.write();
  const std::size_t table = *whole(bytes).get<U32le>(60);
  const std::uint32_t longest = *whole(bytes).get<U32le>(table + 4 * w.string_index(w.strings[0]));
  for (int i = 1; i <= 2000; ++i) DexWriter::put(bytes, table + 4 * w.string_index(w.strings[static_cast<std::size_t>(i)]), longest);
  const auto dex = DexFile::open(whole(bytes));
  ASSERT_FALSE(dex);
  EXPECT_EQ(dex.error().code, Code::over_budget);
}

TEST(Dex, CodeThatAllMethodsShareIsWalkedToABudget) {
  DexWriter w;
  w.classes = {{.type = "La/A;"}};
  for (int i = 0; i < 1200; ++i) w.classes[0].methods.push_back({.name = "m" + std::to_string(i), .flags = 9});
  DexWriter::Code large{.units = [](const DexWriter&) { return Units(60000, 0); }};
  w.classes[0].methods[0].code = large;
  // The offset takes three bytes in class data, so each method is given code first, then all are pointed to one.
  for (auto& m : w.classes[0].methods)
    if (!m.code) m.code = DexWriter::Code{.units = [](const DexWriter&) { return Units{0x0e}; }};
  auto bytes = w.write();
  const auto good = DexFile::open(whole(bytes));
  ASSERT_TRUE(good);
  std::vector<ClassMethod> all;
  ASSERT_TRUE(good->members(good->class_def(0), [](const ClassField&) {}, [&](const ClassMethod& m) { all.push_back(m); }));
  const std::uint64_t target = std::ranges::find_if(all, [&](const ClassMethod& m) { return good->code(m.code_at)->units.size() == 60000; })->code_at;
  for (const ClassMethod& m : all) {
    LebReader in(whole(bytes), m.at);
    ASSERT_TRUE(in.unsigned_value());
    ASSERT_TRUE(in.unsigned_value());
    const std::uint64_t at = in.at();
    ASSERT_TRUE(in.unsigned_value());
    const std::uint64_t width = in.at() - at;
    for (std::uint64_t i = 0; i < width; ++i) bytes[at + i] = static_cast<std::uint8_t>(((target >> (7 * i)) & 0x7F) | (i + 1 < width ? 0x80 : 0));
  }
  const auto dex = DexFile::open(whole(bytes));
  ASSERT_TRUE(dex);
  std::uint64_t visited = 0;
  const Walked walked = walk_code(*dex, [&](const ClassDef&, const ClassMethod&, const CodeItem& code) { visited += code.units.size(); });
  ASSERT_TRUE(walked.stopped);
  EXPECT_EQ(walked.stopped->code, Code::over_budget);
  EXPECT_LE(visited, kMostVisits * bytes.size());
}

TEST(Dex, EveryPrefixIsSafe) {
  auto w = sample();
  w.classes[0].methods[1].code->units = [](const DexWriter&) { return Units(30, 0); };
  for (int form = 0; form < 3; ++form) {
    const auto bytes = form == 0 ? w.write() : form == 1 ? w.write_compact() : DexWriter::write_container({w, sample()});
    for (std::size_t n = 0; n < bytes.size(); n += n < 2048 ? 1 : 97) {
      const std::vector<std::uint8_t> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
      EXPECT_FALSE(DexFile::open_all(whole(cut))) << n;
    }
  }
}

TEST(Dex, BrokenBytesAreSafe) {
  auto w = sample();
  w.classes[0].methods[1].code->units = [](const DexWriter&) { return Units{0x0e}; };
  std::mt19937 random(7);
  for (int form = 0; form < 3; ++form) {
    const auto good = form == 0 ? w.write() : form == 1 ? w.write_compact() : DexWriter::write_container({w, w});
    unsigned opened = 0;
    for (int round = 0; round < 4000; ++round) {
      auto bytes = good;
      for (unsigned i = 0; i <= random() % 3; ++i) bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random() % 3 ? random() : (random() % 2 ? 0xFF : 0x80));
      const auto all = DexFile::open_all(whole(bytes));
      if (!all) continue;
      ++opened;
      for (const DexFile& dex : *all) exercise(dex);
    }
    EXPECT_GT(opened, 500u);   // otherwise this proves nothing
  }
}

}  // namespace
}  // namespace klik::dex
