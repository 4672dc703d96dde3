#include <gtest/gtest.h>

#include "extract/code_shape.h"
#include "extract/endpoint_rows.h"
#include "support/dex_writer.h"
#include "support/facts.h"

namespace klik {
namespace {

using test::column;
using test::DexWriter;

// A class whose method calls these platform methods, one after the other.
DexWriter::Class caller(DexWriter& w, const std::string& type, std::vector<DexWriter::MethodRef> calls) {
  for (const auto& c : calls) w.methods.push_back(c);
  return {.type = type, .methods = {{.name = "a", .flags = 9, .code = DexWriter::Code{.registers = 1, .units = [calls](const DexWriter& d) {
            std::vector<std::uint16_t> units;
            for (const auto& c : calls) units.insert(units.end(), {0x0071, static_cast<std::uint16_t>(d.method_index(c)), 0});   // invoke-static {}
            units.push_back(0x000e);
            return units;
          }}}}};
}

std::vector<DexWriter::MethodRef> calls(const std::string& stem, unsigned from, unsigned to) {
  std::vector<DexWriter::MethodRef> out;
  for (unsigned i = from; i < to; ++i) out.push_back({"Ljava/" + stem + "/C" + std::to_string(i % 5) + ";", stem + std::to_string(i)});
  return out;
}

std::vector<PackageShape> shapes(DexWriter& w) {
  const auto bytes = w.write();
  const auto dex = dex::DexFile::open(Bytes(bytes));
  EXPECT_TRUE(dex);
  return dex ? package_shapes(*dex) : std::vector<PackageShape>();
}

class Shapes : public testing::Test {
 protected:
  Shapes() {
    for (const auto& [stem, count] : {std::pair("net", 40u), std::pair("text", 50u)}) {
      DexWriter w;
      w.classes.push_back(caller(w, std::string("Lcom/made/") + stem + "/Main;", calls(stem, 0, count)));
      for (const PackageShape& p : shapes(w))
        if (p.name.ends_with(stem)) structures.push_back({&sdks[structures.size()], "1", p.calls});
    }
  }
  std::string found(DexWriter& w) {
    const auto packages = shapes(w);
    std::string out;
    for (const ShapeMatch& m : match_shapes(packages, structures)) out += std::string(m.structure->sdk->name) + " in " + m.package->name + "\n";
    return out;
  }
  data::Sdk sdks[2] = {{"Made Net", "", "library", {}}, {"Made Text", "", "library", {}}};
  std::vector<data::SdkStructure> structures;
};

TEST_F(Shapes, SurviveRenamingOfEveryClassAndPackage) {
  DexWriter w;
  w.classes.push_back(caller(w, "La/a/b;", calls("net", 0, 25)));      // the same code, split and renamed
  w.classes.push_back(caller(w, "La/a/c/d;", calls("net", 20, 40)));
  w.classes.push_back(caller(w, "Lb/q;", calls("text", 0, 50)));
  w.classes.push_back(caller(w, "Lc/r;", calls("other", 0, 60)));
  EXPECT_EQ(found(w), "Made Net in a/a\nMade Text in b\n");
}

TEST_F(Shapes, SurviveThatDeadCodeIsRemoved) {
  DexWriter w;
  w.classes.push_back(caller(w, "La/a/b;", calls("net", 0, 26)));
  EXPECT_EQ(found(w), "Made Net in a/a\n");
}

TEST_F(Shapes, SayNothingWhenTooLittleOrAnythingIsAlike) {
  DexWriter few, other, mixed;
  few.classes.push_back(caller(few, "La/b;", calls("net", 0, 14)));
  EXPECT_EQ(found(few), "");
  other.classes.push_back(caller(other, "La/b;", calls("other", 0, 60)));
  EXPECT_EQ(found(other), "");
  auto both = calls("net", 0, 40);
  for (auto& c : calls("text", 0, 50)) both.push_back(c);
  mixed.classes.push_back(caller(mixed, "La/b;", both));   // one package holds both: neither leads by the margin
  EXPECT_EQ(found(mixed), "");
}

TEST_F(Shapes, AppClassesDoNotCount) {
  DexWriter w;
  w.classes.push_back(caller(w, "La/b;", {{"Lcom/own/X;", "a"}, {"Landroid/support/v4/Y;", "b"}, {"Ljava/net/URL;", "c"}}));
  const auto all = shapes(w);
  ASSERT_EQ(all.size(), 2u);   // "" and "a"
  EXPECT_EQ(all[1].calls, std::vector<std::uint32_t>{data::shape_hash("Ljava/net/URL;", "c")});
}

RecordingSink run(std::string_view extractor, DexWriter& w) { return test::extract(extractor, memory_source(w.write()), "dex", "classes.dex"); }

DexWriter::Class loader(DexWriter& w, const std::string& type, const std::string& text, const DexWriter::MethodRef& taker) {
  w.strings.push_back(text);
  w.methods.push_back(taker);
  return {.type = type, .methods = {{.name = "m", .flags = 9, .code = DexWriter::Code{.registers = 1, .outs = 1, .units = [=](const DexWriter& d) {
            return std::vector<std::uint16_t>{0x001a, static_cast<std::uint16_t>(d.string_index(text)), 0x1071, static_cast<std::uint16_t>(d.method_index(taker)), 0x0000, 0x000e};
          }}}}};
}

std::string endpoints(DexWriter& w) {
  std::string out;
  for (const Fact& f : run("endpoints_dex@1", w).facts) out += column(f, "scheme") + " " + column(f, "host") + " " + column(f, "use") + "\n";
  return out;
}

TEST(DexEndpoints, OfUrlsCountWhereCodeLoadsThem) {
  DexWriter w;
  w.classes.push_back(loader(w, "La/B;", "http://v1-p1.da-f.us/vzw/stub/v10/", {"La/C;", "x", "V", {"Ljava/lang/String;"}}));
  w.strings.push_back("http://unused.mi.com/");
  EXPECT_EQ(endpoints(w), "http v1-p1.da-f.us dex\n");
}

TEST(DexEndpoints, OfBareHostsNeedAUse) {
  DexWriter w;
  w.classes.push_back(loader(w, "La/B;", "bigdata.adups.com", {"Ljava/net/InetAddress;", "getByName", "V", {"Ljava/lang/String;"}}));
  w.classes.push_back(loader(w, "La/C;", "other.adups.com", {"La/C;", "x", "V", {"Ljava/lang/String;"}}));
  w.classes.push_back(loader(w, "La/D;", "third.adups.com", {"La/D;", "setServerUrl", "V", {"Ljava/lang/String;"}}));
  w.classes.push_back(loader(w, "La/E;", "com.adups.fota", {"Ljava/net/InetAddress;", "getByName", "V", {"Ljava/lang/String;"}}));
  EXPECT_EQ(endpoints(w), "null bigdata.adups.com dex\nnull other.adups.com none\nnull third.adups.com dex\n");
}

TEST(DexEndpoints, OfFieldsAndAnnotationsCountAndDebugNamesDoNot) {
  DexWriter w;
  w.classes.push_back({.type = "La/B;", .source_file = "http.mi.com", .fields = {{"SERVER_HOST", "Ljava/lang/String;", 9, "a.mi.com"}, {"X", "Ljava/lang/String;", 9, "http://b.mi.com/"}}, .annotation = "Lretrofit2/http/GET;", .annotation_texts = {"https://c.mi.com/v1"}});
  EXPECT_EQ(endpoints(w), "null a.mi.com dex\nhttp b.mi.com dex\nhttps c.mi.com dex\n");
}

TEST(DexEndpoints, NameTheStringAndTheCodeThatLoadsIt) {
  DexWriter w;
  w.classes.push_back(loader(w, "La/B;", "http://a.mi.com/", {"La/C;", "x", "V", {"Ljava/lang/String;"}}));
  const auto bytes = w.write();
  const auto sink = test::extract("endpoints_dex@1", memory_source(bytes), "dex", "classes.dex");
  ASSERT_EQ(sink.facts.size(), 1u);
  ASSERT_EQ(sink.facts[0].origins.size(), 2u);
  const Place string = sink.facts[0].origins[0], code = sink.facts[0].origins[1];
  EXPECT_EQ(Bytes(bytes).text().substr(string.at + 1, string.length - 1), "http://a.mi.com/");
  EXPECT_EQ(bytes[code.at], 0x1a);   // const-string
  EXPECT_EQ(code.length, 4u);
}

TEST(SdkFacts, SayHowAndHowMuch) {
  DexWriter w;
  w.classes.push_back({.type = "Lcom/umeng/analytics/A;"});
  w.classes.push_back({.type = "Lcom/umeng/analytics/B;"});
  w.classes.push_back({.type = "Lcom/own/C;"});
  w.strings = {"mobileupload.action", "onetrack_page"};   // the second alone is too short to tell
  const auto sink = run("sdks@1", w);
  std::string out;
  for (const Fact& f : test::of_kind(sink, "code.sdk")) out += column(f, "name") + " " + column(f, "how") + " " + column(f, "matched") + " " + column(f, "owner") + " " + column(f, "country") + "\n";
  EXPECT_EQ(out, "Adups Data Collection string 1 Adups CN\nUmeng Analytics name 2 Umeng CN\n");
  EXPECT_EQ(test::of_kind(sink, "code.package").size(), 2u);
}

TEST(SdkFacts, SurviveEveryPrefixOfADex) {
  DexWriter w;
  w.classes.push_back(loader(w, "Lcom/umeng/A;", "http://a.mi.com/", {"La/C;", "x", "V", {"Ljava/lang/String;"}}));
  const auto bytes = w.write();
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const std::vector<std::uint8_t> part(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
    test::extract("sdks@1", memory_source(part), "dex", "classes.dex");
    test::extract("endpoints_dex@1", memory_source(part), "dex", "classes.dex");
  }
}

}  // namespace
}  // namespace klik
