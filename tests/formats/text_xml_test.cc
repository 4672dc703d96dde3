#include "formats/text_xml.h"

#include <gtest/gtest.h>

#include <string>

namespace klik::xml {
namespace {

Result<Document> of(std::string_view text) { return read(Bytes::of(text)); }

TEST(TextXml, GivesElementsWithThePlaceOfTheirTag) {
  const std::string file = "<?xml version=\"1.0\"?>\n<!-- <no/> -->\n<permissions>\n  <group gid=\"a>b\" note='&lt;x' >text</group>\n  <one><two/></one>\n</permissions>\n";
  const auto d = of(file);
  ASSERT_TRUE(d);
  EXPECT_FALSE(d->damage);
  ASSERT_EQ(d->elements.size(), 4u);
  EXPECT_EQ(d->elements[1].name, "group");
  EXPECT_EQ(d->elements[1]["gid"], "a>b");
  EXPECT_EQ(d->elements[1]["note"], "<x");
  EXPECT_EQ(d->elements[1]["absent"], "");
  EXPECT_EQ(file.substr(d->elements[1].at, d->elements[1].length), "<group gid=\"a>b\" note='&lt;x' >");
  EXPECT_EQ(d->elements[3].name, "two");
  EXPECT_EQ(d->elements[3].depth, 2u);
  EXPECT_EQ(d->elements[3].parent, 2u);
  EXPECT_EQ(d->elements[2].parent, 0u);
}

TEST(TextXml, ADeclaredEncodingOrAMarkDoesNotShiftPlaces) {
  const std::string latin = "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><a b=\"\xE9\xE9\"><c/></a>";
  const auto d = of(latin);
  ASSERT_TRUE(d);
  EXPECT_TRUE(d->other_encoding);
  ASSERT_EQ(d->elements.size(), 2u);
  EXPECT_EQ(latin.substr(d->elements[1].at, d->elements[1].length), "<c/>");
  const std::string marked = "\xEF\xBB\xBF<a><c/></a>";
  const auto m = of(marked);
  ASSERT_TRUE(m);
  EXPECT_EQ(marked.substr(m->elements.at(1).at, m->elements[1].length), "<c/>");
  EXPECT_FALSE(of("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><a/>")->other_encoding);
}

TEST(TextXml, OtherEncodingsAndBinaryXmlAreRefused) {
  EXPECT_EQ(of(std::string("\xFF\xFE<\0a\0/\0>\0", 10)).error().code, Code::unsupported);
  EXPECT_EQ(of(std::string("ABX\0xx", 6)).error().code, Code::unsupported);
  EXPECT_EQ(of("plain words").error().code, Code::bad_magic);
  EXPECT_EQ(of("").error().code, Code::bad_magic);
  EXPECT_EQ(of("<a>" + std::string(5u << 20, ' ')).error().code, Code::over_budget);
}

TEST(TextXml, WhatStandsBeforeADamageIsKept) {
  const auto d = of("<permissions><a/><b x=\"1\"></permissions>");
  ASSERT_TRUE(d);
  EXPECT_TRUE(d->damage);
  ASSERT_GE(d->elements.size(), 2u);
  EXPECT_EQ(d->elements[1].name, "a");
  EXPECT_TRUE(of(std::string("<a><b/></a>\0<c/>", 16))->damage);
}

TEST(TextXml, EntitiesOfAHostileDoctypeAreNotExpanded) {
  const auto d = of("<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><a x=\"&c;\"/>");
  ASSERT_TRUE(d);
  ASSERT_EQ(d->elements.size(), 1u);
  EXPECT_EQ(d->elements[0]["x"], "&c;");
}

TEST(TextXml, DeepNestingNeedsNoStack) {
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "<a>";
  const auto d = of(deep);
  ASSERT_TRUE(d);
  EXPECT_EQ(d->elements.size(), 200'000u);
  EXPECT_EQ(d->elements.back().depth, 199'999u);
}

TEST(TextXml, EveryPrefixKeepsItsPlacesInside) {
  const std::string file = "<?xml version=\"1.0\"?><permissions><!-- c --><privapp-permissions package=\"p\"><permission name='n'/></privapp-permissions><![CDATA[x]]></permissions>";
  for (std::size_t n = 0; n <= file.size(); ++n) {
    const auto d = of(file.substr(0, n));
    if (!d) continue;
    for (const Element& e : d->elements) {
      EXPECT_LE(e.at, n);
      EXPECT_LE(e.length, n - e.at);
    }
    EXPECT_EQ(d->damage.has_value(), n < file.size()) << n;
  }
}

}  // namespace
}  // namespace klik::xml
