#include "views/say.h"

#include <gtest/gtest.h>

#include <limits>

#include "support/case_reader_stand_in.h"

namespace klik::views {
namespace {

Part part_saying(std::string say, std::string each = {}) {
  Part part;
  part.form = PartForm::sentences;
  part.say = {say, say};
  part.each = {each, each};
  part.columns = {{.name = "n", .kind = ColumnKind::number, .words = {}, .label = {}, .help = {}},
                  {.name = "who", .kind = ColumnKind::text, .words = {}, .label = {}, .help = {}},
                  {.name = "state", .kind = ColumnKind::state, .words = "file_state", .label = {}, .help = {}}};
  return part;
}

Table rows(std::vector<std::vector<Value>> values) { return {.columns = {"n", "who", "state"}, .rows = std::move(values)}; }

TEST(Sentences, ChooseTheWordByTheNumber) {
  const Part part = part_saying("{n} {n|package is|packages are} {state}");
  EXPECT_EQ(sentences_of(part, rows({{std::int64_t{1}, "x", "damaged"}}), Language::en).at(0), "1 package is damaged");
  EXPECT_EQ(sentences_of(part, rows({{std::int64_t{0}, "x", "damaged"}}), Language::en).at(0), "0 packages are damaged");
  EXPECT_EQ(sentences_of(part, rows({{std::int64_t{12345}, "x", "read"}}), Language::nl).at(0), "12.345 packages are gelezen");
}

TEST(Sentences, SayWhatIsNotStated) { EXPECT_EQ(sentences_of(part_saying("by {who}"), rows({{{}, {}, {}}}), Language::en).at(0), "by not stated"); }

TEST(Sentences, KeepHostileTextHarmlessAndShort) {
  const auto said = sentences_of(part_saying("by {who}."), rows({{{}, std::string("\x1b[2Ja\u202E{n}") + std::string(400, 'z'), {}}}), Language::en).at(0);
  EXPECT_TRUE(said.starts_with("by \\x1b[2Ja\\u{202e}{n}zz")) << said;   // a brace in a value is not a hole
  EXPECT_LT(said.size(), 150u);
  EXPECT_TRUE(said.ends_with("z…."));
}

TEST(Sentences, ListRowsAndCountTheRest) {
  const Part part = part_saying("Seen: {list}.", "{who} ({n})");
  std::vector<std::vector<Value>> many;
  for (int i = 0; i < 9; ++i) many.push_back({std::int64_t{i}, "f" + std::to_string(i), {}});
  EXPECT_EQ(sentences_of(part, rows({many[0], many[1]}), Language::en).at(0), "Seen: f0 (0), f1 (1).");
  EXPECT_EQ(sentences_of(part, rows(many), Language::en).at(0), "Seen: f0 (0), f1 (1), f2 (2), f3 (3), f4 (4), f5 (5) and 3 more.");
  EXPECT_EQ(sentences_of(part_saying("{list}", "{who}, {n}"), rows({many[0], many[1]}), Language::en).at(0), "f0, 0; f1, 1");
}

TEST(Sentences, OfNoRowsAreTheNullResultOrNothing) {
  Part part = part_saying("{n}");
  EXPECT_TRUE(sentences_of(part, rows({}), Language::en).empty());
  part.empty = {"None.", "Geen."};
  EXPECT_EQ(sentences_of(part, rows({}), Language::nl).at(0), "Geen.");
}

TEST(Shown, NumbersBytesAndTimes) {
  EXPECT_EQ(shown_number(-1234567, Language::en), "-1,234,567");
  EXPECT_EQ(shown_number(std::numeric_limits<std::int64_t>::min(), Language::en), "-9,223,372,036,854,775,808");
  EXPECT_EQ(shown_number(999, Language::nl), "999");
  EXPECT_EQ(shown_bytes(1, Language::en), "1 byte");
  EXPECT_EQ(shown_bytes(999, Language::en), "999 bytes");
  EXPECT_EQ(shown_bytes(1593835520, Language::nl), "1,6 GB");
  EXPECT_EQ(shown_bytes(999'960, Language::en), "1.0 MB");
  EXPECT_EQ(shown_bytes(99'960, Language::en), "100 kB");
  EXPECT_EQ(shown_bytes(std::numeric_limits<std::int64_t>::max(), Language::en), "9.2 EB");
  EXPECT_EQ(shown_time(1514332800), "2017-12-27 00:00");
  EXPECT_EQ(shown_time(-1), "1969-12-31 23:59");
  EXPECT_EQ(shown_time(std::numeric_limits<std::int64_t>::max()), "9223372036854775807");
}

TEST(Shown, ASmallShareIsNotZeroAndAnIncompleteOneNotAll) {
  const ReportColumn share{.name = "s", .kind = ColumnKind::share, .words = {}, .label = {}, .help = {}};
  EXPECT_EQ(shown(Value{std::int64_t{0}}, share, Language::en), "0.0 %");
  EXPECT_EQ(shown(Value{std::int64_t{12}}, share, Language::en), "< 0.1 %");
  EXPECT_EQ(shown(Value{std::int64_t{999'999}}, share, Language::nl), "99,9 %");
  EXPECT_EQ(shown(Value{std::int64_t{1'000'000}}, share, Language::en), "100.0 %");
  EXPECT_EQ(shown(Value{std::int64_t{-5}}, share, Language::en), "-5");
}

TEST(Shown, TimesToTheSecondAndDurationsInTheirUnit) {
  EXPECT_EQ(shown_stamp("2026-01-05T10:00:00.123456Z"), "2026-01-05 10:00:00");
  EXPECT_EQ(shown_stamp("2026-01-05T10:00:00Z"), "2026-01-05 10:00:00");
  for (const char* other : {"", "2026-01-05", "2026-01-05T10:00", "2026-01-05T10:00:0xZ", "soon"}) EXPECT_EQ(shown_stamp(other), other);
  EXPECT_EQ(shown_duration(299'800, Language::en), "299.8 s");
  EXPECT_EQ(shown_duration(299'800, Language::nl), "299,8 s");
  EXPECT_EQ(shown_duration(1'000'000, Language::en), "16.7 min");
  EXPECT_EQ(shown_duration(36'000'000, Language::nl), "10,0 uur");
  EXPECT_EQ(shown_duration(604'800'000, Language::nl), "7,0 dagen");
  EXPECT_EQ(shown_duration(0, Language::en), "0.0 s");
  EXPECT_EQ(shown_duration(-5, Language::en), "0.0 s");
}

TEST(Shown, WhatStandsForAnIdentifierIsInTheLanguageOfTheReader) {
  const ReportColumn host{.name = "host", .kind = ColumnKind::host, .words = {}, .label = {}, .help = {}};
  EXPECT_EQ(shown(Value{"[owner's identifier].maker.example"}, host, Language::nl), "[kenmerk van de eigenaar].maker.example");
  EXPECT_EQ(shown(Value{"[owner's identifier].maker.example"}, host, Language::en), "[owner's identifier].maker.example");
}

TEST(Shown, VotesAreInTheLanguageOfTheReader) {
  const ReportColumn votes{.name = "country_votes", .kind = ColumnKind::text, .words = "votes", .label = {}, .help = {}};
  EXPECT_EQ(shown(Value{"MY 2 of 2"}, votes, Language::nl), "MY 2 van 2");
  EXPECT_EQ(shown(Value{"EU 1, NL 1 of 3"}, votes, Language::nl), "EU 1, NL 1 van 3");
}

}  // namespace
}  // namespace klik::views
