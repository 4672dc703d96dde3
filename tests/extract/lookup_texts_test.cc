#include "extract/lookup_texts.h"

#include <gtest/gtest.h>

namespace klik {
namespace {

std::string all(const traffic::Lookup& lookup) {
  std::string out;
  for (const LookupText& t : lookup_texts(lookup)) out += std::string(t.place) + "=" + t.text + ";";
  return out;
}

TEST(LookupTexts, OfAQuestionTheNameAndItsLabels) {
  traffic::Lookup l;
  l.name = "49015420.3237518.t.example";
  EXPECT_EQ(all(l), "lookup.name=49015420.3237518.t.example;lookup.labels=490154203237518;lookup.labels=490154203237518t;lookup.labels=3237518t;");
  l.name = "www.example";
  EXPECT_EQ(all(l), "lookup.name=www.example;");
  l.name = "a-label-of-some-length.example";
  EXPECT_EQ(all(l), "lookup.name=a-label-of-some-length.example;lookup.labels=a-label-of-some-length;");
  l.name = "example";
  l.sent = "EXAMPLE";
  EXPECT_EQ(all(l), "lookup.name=example;lookup.name=EXAMPLE;") << "as it was sent as well";
}

TEST(LookupTexts, OfAnAnswerTheValuesToo) {
  traffic::Lookup l;
  l.answer = true;
  l.way = traffic::Way::down;
  l.name = "first.second.example";
  l.values = {"a.example", "192.0.2.1"};
  EXPECT_EQ(all(l), "lookup.answer=first.second.example\na.example\n192.0.2.1;") << "what comes back repeats the question";
  l.way = traffic::Way::up;
  EXPECT_EQ(all(l), "lookup.answer=first.second.example\na.example\n192.0.2.1;lookup.labels=firstsecond;");
}

TEST(LookupTexts, LabelsAreJoinedInBoundedWork) {
  std::string name;
  for (int i = 0; i < 127; ++i) name += "abcdef.";
  EXPECT_EQ(label_texts(name + "x").size(), 28u) << "of the first eight, two or more";
  EXPECT_TRUE(label_texts("203.0.113.77").empty()) << "an address without dots is another number";
}

}  // namespace
}  // namespace klik
