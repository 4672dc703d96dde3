#include "data/name_list.h"

#include <gtest/gtest.h>

namespace klik::data {
namespace {

// "kind value label" per line.
std::string names(const Result<NameList>& list) {
  if (!list) return std::string("refused: ") + list.error().what;
  std::string out;
  for (const ListedName& n : list->names) out += std::string(name_kind_text(n.kind)) + " " + n.value + (n.label.empty() ? "" : " " + n.label) + "\n";
  return out;
}

Result<NameList> read(std::string_view file, std::string_view text) { return read_name_list(file, Bytes::of(text)); }

TEST(NameList, ReadsExodusTrackers) {
  const auto list = read("trackers.json", R"({"trackers": {"1": {"name": "Spy", "code_signature": "com.spy.sdk.|com\\.other", "network_signature": "spy\\.com|.*\\.bad"}, "2": {"name": "None", "code_signature": "", "network_signature": ""}}})");
  EXPECT_EQ(names(list), "class com/spy/sdk Spy\nclass com/other Spy\ndomain spy.com Spy\n");
  EXPECT_EQ(list->format, "exodus");
  EXPECT_EQ(list->unread, 1u);
  EXPECT_EQ(list->sha256.size(), 64u);
}

TEST(NameList, ReadsUadInBothOfItsShapes) {
  EXPECT_EQ(names(read("uad_lists.json", R"({"com.a.b": {"list": "Oem", "description": "x", "removal": "Recommended"}})")), "package com.a.b Oem, Recommended\n");
  EXPECT_EQ(names(read("uad_lists.json", R"([{"id": "com.a.b", "list": "Google", "removal": "Unsafe"}])")), "package com.a.b Google, Unsafe\n");
}

TEST(NameList, ReadsLibCheckerRules) {
  EXPECT_EQ(names(read("rules.json", R"([{"_id": 1, "name": "libspy.so", "label": "Spy", "type": 0, "isRegexRule": 0}, {"name": "com.spy.Push", "label": "Spy", "type": 1, "isRegexRule": 0},
                                         {"name": "lib(.*)x\\.so", "label": "R", "type": 0, "isRegexRule": 1}])")), "file libspy.so Spy\ncomponent com.spy.Push Spy\n");
  EXPECT_EQ(names(read("libspy.so.json", R"({"uuid": "1", "data": [{"locale": "zh", "data": {"label": "间谍"}}, {"locale": "en", "data": {"label": "Spy"}}]})")), "file libspy.so Spy\n");
}

TEST(NameList, ReadsHostsDomainsAndRules) {
  const auto adblock = read("x.txt", "[Adblock Plus]\n! Title: Made list\n! License: MIT\n||a.spy.com^\n||b.spy.com^$third-party\n");
  EXPECT_EQ(names(adblock), "domain a.spy.com\ndomain b.spy.com\n");
  EXPECT_EQ(adblock->title, "Made list");
  EXPECT_EQ(adblock->licence, "MIT");
  EXPECT_EQ(names(read("hosts", "# x\n127.0.0.1 localhost\n0.0.0.0 A.spy.com # why\n:: b.spy.com\n")), "host a.spy.com\nhost b.spy.com\n");
  EXPECT_EQ(names(read("spy", "include:other\nspy.com @cn\nfull:x.spy.net\ndomain:spy.org\nregexp:^a\n\nkeyword:spy\nz.com\ny.com\n")), "domain spy.com\nhost x.spy.net\ndomain spy.org\ndomain z.com\ndomain y.com\n");
  EXPECT_EQ(names(read("x", "*.spy.com\n.spy.net\n")), "domain spy.com\ndomain spy.net\n");
}

TEST(NameList, ReadsStixIndicatorsThatHoldAlone) {
  const auto list = read("a.stix2", R"({"type": "bundle", "objects": [{"type": "malware", "id": "m", "name": "Spy"},
    {"type": "indicator", "id": "1", "pattern": "[domain-name:value='Bad.Spy.com']"}, {"type": "indicator", "id": "2", "pattern": "[app:id = 'com.spy']"},
    {"type": "indicator", "id": "3", "pattern": "[file:path='/system/bin/spyd']"}, {"type": "indicator", "id": "4", "pattern": "[url:value='https://u.spy.com:8/x']"},
    {"type": "indicator", "id": "5", "pattern": "[file:name='a' AND file:size=3]"}, {"type": "indicator", "id": "6", "pattern": "[email-addr:value='a@b.c']"},
    {"type": "indicator", "id": "7", "pattern": "[file:hashes.'SHA-256'='AB']"}, {"type": "relationship", "relationship_type": "indicates", "source_ref": "1", "target_ref": "m"}]})");
  EXPECT_EQ(names(list), "domain bad.spy.com Spy\npackage com.spy Spy\nfile spyd Spy\nhost u.spy.com Spy\nsha256 ab Spy\n");
  EXPECT_EQ(list->unread, 2u);
  EXPECT_EQ(list->title, "Spy (a.stix2)");
}

TEST(NameList, RefusesWhatItDoesNotKnow) {
  for (const char* text : {"", "  \n", "{", "{}", "[]", "{\"a\": 1}", "[1, 2]", "just some words\nof prose\n", "\x7f" "ELF", "null", "{\"type\": \"bundle\"}", "{\"type\": \"bundle\", \"objects\": 3}"})
    EXPECT_TRUE(names(read("x.json", text)).starts_with("refused")) << text;
}

TEST(NameList, SurvivesOddShapesOfJson) {
  for (const char* text : {R"({"trackers": [{"code_signature": 3, "name": []}, 4, null]})", R"({"type": "bundle", "objects": [1, null, {"type": "indicator"}, {"type": "indicator", "pattern": 7}, {"type": "indicator", "pattern": "['='"}, {"type":"indicator","pattern":"[a:b='"}]})",
                           R"([{"name": 1, "label": 2, "type": "x"}, 3])", R"({"a": {"removal": 1, "list": 2}, "b": 3})", R"({"uuid": 1, "data": [1, {"data": 2}]})"})
    (void)read("y.so.json", text);
  std::string deep(100'000, '[');
  EXPECT_TRUE(names(read("x", deep)).starts_with("refused"));
}

TEST(NameList, SurvivesEveryPrefix) {
  for (const std::string& text : {std::string(R"({"type": "bundle", "objects": [{"type": "indicator", "pattern": "[domain-name:value='a.b']"}]})"), std::string("[Adblock]\n! License: x\n||a.com^\n0.0.0.0 b.com\nfull:c.com @x\n")})
    for (std::size_t n = 0; n <= text.size(); ++n) (void)read("x", std::string_view(text).substr(0, n));
}

}  // namespace
}  // namespace klik::data
