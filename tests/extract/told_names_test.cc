// Which of the names that answers gave for an address a connection to it gets, and with what word.
#include "extract/told_names.h"

#include <gtest/gtest.h>

#include "support/traffic.h"

namespace klik {
namespace {

using traffic::Connection;
using traffic::Lookup;
using traffic::Way;
constexpr std::int64_t kSecond = 1'000'000'000, kLater = 1'000 * kSecond;   // behind what may be answers to questions of before the capture
const traffic::Address kMine = test::v4(192, 0, 2, 1), kOther = test::v4(192, 0, 2, 2), kResolver = test::v4(192, 0, 2, 53), kSite = test::v4(198, 51, 100, 7);

struct Told {
  ToldNames names;
  std::uint64_t count = 0;
  Told() { names.began(kSecond); }

  Connection on(const traffic::Address& caller, const traffic::Address& called, std::int64_t at = 0) {
    Connection c;
    c.number = ++count;
    c.caller.address = caller, c.called.address = called;
    c.started_ns = at;
    return c;
  }
  void ask(const Connection& c, const std::string& name, std::int64_t at) {
    Lookup e{.how = "dns", .name = name, .type = "A", .values = {}, .status = {}, .origin = {}, .time_ns = at, .ttl = {}};
    names.lookup(c, e);
  }
  void answer(const Connection& c, const std::string& name, std::int64_t at, bool asked = true, std::optional<std::uint32_t> ttl = 60, std::string_view how = "dns") {
    Lookup e{.how = how, .answer = true, .name = name, .type = "A", .values = {"alias.example", to_text(kSite)}, .status = "NOERROR", .way = Way::down, .origin = {}, .time_ns = at, .asked = asked, .ttl = ttl};
    names.lookup(c, e);
  }
  void look_up(const traffic::Address& who, const std::string& name, std::int64_t at = kLater) {
    const Connection c = on(who, kResolver);
    ask(c, name, at);
    answer(c, name, at);
    names.ended(c);
  }
  std::string of(const traffic::Address& who, std::int64_t at = kLater + kSecond) {
    const ToldNames::Name found = names.of(on(who, kSite, at));
    return std::string(found.name) + "|" + std::string(found.by);
  }
};

TEST(ToldNames, TimesMayLieAtTheEndOfAllTime) {
  Told told;
  told.look_up(kMine, "mine.example", INT64_MAX - 1);
  EXPECT_EQ(told.of(kMine, INT64_MAX), "mine.example|looked_up");
  told.names.began(INT64_MAX);
  told.look_up(kMine, "mine.example", INT64_MIN + 1);
  EXPECT_EQ(told.of(kMine, INT64_MIN + 2), "mine.example|looked_up");
}

TEST(ToldNames, TheCallersOwnAnswerComesBeforeThoseOfOthers) {
  Told told;
  EXPECT_EQ(told.of(kMine), "|");
  told.look_up(kOther, "theirs.example");
  EXPECT_EQ(told.of(kMine), "theirs.example|looked_up_by_another");
  told.look_up(kMine, "Mine.Example.");
  told.look_up(kOther, "theirs.example");
  EXPECT_EQ(told.of(kMine), "mine.example|looked_up");
  EXPECT_EQ(told.of(kOther), "theirs.example|looked_up");
  told.look_up(kMine, "second.example");
  EXPECT_EQ(told.of(kMine), "second.example|looked_up") << "the last one told";
}

TEST(ToldNames, WhatWasToldAfterwardsNamesNothing) {
  Told told;
  told.look_up(kMine, "after.example");
  EXPECT_EQ(told.of(kMine, kLater - 1), "|");
  EXPECT_EQ(told.of(kMine, kLater), "after.example|looked_up");
}

TEST(ToldNames, AnAnswerNobodyAskedForIsWorthLeast) {
  Told told;
  const Connection resolver = told.on(kMine, kResolver);
  told.answer(resolver, "spoof.example", kLater);
  EXPECT_EQ(told.of(kMine), "spoof.example|unasked");
  told.ask(resolver, "asked.example", kLater);
  told.answer(resolver, "bank.example", kLater, false);   // beside the answer
  EXPECT_EQ(told.of(kMine), "bank.example|unasked");
  told.answer(told.on(kMine, kResolver), "asked.example", kLater);
  EXPECT_EQ(told.of(kMine), "asked.example|unasked") << "on another connection";
  told.look_up(kOther, "theirs.example");
  EXPECT_EQ(told.of(kMine), "theirs.example|looked_up_by_another");
  told.answer(resolver, "asked.example", kLater);
  told.answer(resolver, "spoof.example", kLater);
  EXPECT_EQ(told.of(kMine), "asked.example|looked_up");
}

TEST(ToldNames, AQuestionThatComesBackIsNoQuestionOfTheCaller) {
  Told told;
  const Connection resolver = told.on(kMine, kResolver);
  Lookup question{.how = "dns", .name = "spoof.example", .type = "A", .values = {}, .status = {}, .way = Way::down, .origin = {}, .ttl = {}};
  told.names.lookup(resolver, question);
  told.answer(resolver, "spoof.example", kLater);
  EXPECT_EQ(told.of(kMine), "spoof.example|unasked");
}

TEST(ToldNames, AtTheStartOfACaptureTheQuestionMayHaveComeBefore) {
  Told told;
  told.answer(told.on(kMine, kResolver), "early.example", 10 * kSecond);
  EXPECT_EQ(told.of(kMine, 11 * kSecond), "early.example|looked_up");
  told.answer(told.on(kMine, kResolver), "beside.example", 10 * kSecond, false);
  EXPECT_EQ(told.of(kMine, 11 * kSecond), "early.example|looked_up");
  Told late;
  late.answer(late.on(kMine, kResolver), "late.example", 12 * kSecond);
  EXPECT_EQ(late.of(kMine, 13 * kSecond), "late.example|unasked");
}

TEST(ToldNames, AnAnswerLongPastItsTimeSaysSo) {
  Told told;
  told.look_up(kMine, "stale.example");
  const std::int64_t over = kLater + (60 + 3600) * kSecond;
  EXPECT_EQ(told.of(kMine, over), "stale.example|looked_up");
  EXPECT_EQ(told.of(kMine, over + 1), "stale.example|looked_up_long_ago");
  told.look_up(kMine, "stale.example", over);   // once more
  EXPECT_EQ(told.of(kMine, over + 1), "stale.example|looked_up");
  const Connection service = told.on(kMine, kResolver);
  told.ask(service, "httpdns.example", over);
  told.answer(service, "httpdns.example", over, true, std::nullopt, "httpdns");
  EXPECT_EQ(told.of(kMine, over + 1'000'000 * kSecond), "httpdns.example|looked_up") << "how long it holds was not said";
}

TEST(ToldNames, DevicesAnnounceThemselvesInTheLocalNetwork) {
  Told told;
  told.answer(told.on(kOther, kResolver), "printer.local", kLater, false, 120, "mdns");
  EXPECT_EQ(told.of(kMine), "printer.local|announced");
}

TEST(ToldNames, ManyAnswersDoNotPushOutThoseOfAnotherCaller) {
  Told told;
  told.look_up(kMine, "mine.example");
  for (int i = 0; i < 100; ++i) told.look_up(kOther, "theirs" + std::to_string(i) + ".example");
  const Connection resolver = told.on(kMine, kResolver);
  for (int i = 0; i < 100; ++i) told.answer(resolver, "spoof" + std::to_string(i) + ".example", kLater);
  EXPECT_EQ(told.of(kMine), "mine.example|looked_up");
  EXPECT_EQ(told.of(kOther), "theirs99.example|looked_up");
}

}  // namespace
}  // namespace klik
