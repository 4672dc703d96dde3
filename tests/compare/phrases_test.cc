#include "compare/phrases.h"

#include <gtest/gtest.h>

namespace klik::compare {
namespace {

const Phrases& phrases() {
  static const Phrases all({{"granted", "toegekend"}, {"{} places", "{} plaatsen"}, {"with {}", "met {}"}, {"version {}, {}", "versie {}, {}"}, {"privileged", "bevoorrecht"}, {"user {}", "gebruiker {}"}, {"{} as {}", "{} als {}"},
                            {"Nothing, as far as known, named it.", "Niets, voor zover bekend, noemde het."}, {"In clear.", "Onversleuteld."}, {"{}", "{}"}, {"{} lost", "weg"}});
  return all;
}

TEST(Phrases, AreTakenWhole) {
  EXPECT_EQ(phrases().dutch("granted"), "toegekend");
  EXPECT_EQ(phrases().dutch("granted again"), "granted again");
  EXPECT_EQ(phrases().dutch("12 places"), "12 plaatsen");
  EXPECT_EQ(phrases().dutch("Nothing, as far as known, named it."), "Niets, voor zover bekend, noemde het.");
  EXPECT_EQ(phrases().dutch(""), "");
  EXPECT_EQ(phrases().dutch(" , ;"), " , ;");
}

TEST(Phrases, FollowEachOther) {
  EXPECT_EQ(phrases().dutch("Nothing, as far as known, named it. In clear."), "Niets, voor zover bekend, noemde het. Onversleuteld.");
  EXPECT_EQ(phrases().dutch("version 5.1, system, privileged, user android.uid.phone"), "versie 5.1, system, bevoorrecht, gebruiker android.uid.phone");
  EXPECT_EQ(phrases().dutch(", with sh"), ", met sh");
}

// What is not klikspaan's stays as it is, and so does what follows it.
TEST(Phrases, LeaveEverythingElse) {
  EXPECT_FALSE(phrases().find("com.maker.tool"));
  EXPECT_EQ(phrases().dutch("com.maker.tool, granted"), "com.maker.tool, granted");
  EXPECT_EQ(phrases().dutch("12 places, com.maker.tool, granted"), "12 plaatsen, com.maker.tool, granted");
  EXPECT_EQ(phrases().dutch("/bin/a as root"), "/bin/a als root");
  EXPECT_EQ(phrases().dutch("key lost"), "key lost");   // a phrase whose Dutch drops something is none
}

TEST(Phrases, CostNoMoreOnHostileValues) {
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += "a, ";
  EXPECT_EQ(phrases().dutch(many), many);
  EXPECT_EQ(phrases().dutch(many.substr(0, 4000)), many.substr(0, 4000));
}

}  // namespace
}  // namespace klik::compare
