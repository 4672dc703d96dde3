#include "traffic/pattern_search.h"

#include "traffic/hex_run_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace klik::traffic {
namespace {

// What find() must give, the slow way.
std::vector<PatternSearch::Match> slow(std::string_view text, const std::vector<std::string>& literals) {
  std::vector<PatternSearch::Match> out;
  for (std::uint32_t i = 0; i < literals.size(); ++i)
    for (auto at = text.find(literals[i]); at != text.npos; at = text.find(literals[i], at + 1)) out.push_back({at, i});
  std::ranges::sort(out);
  return out;
}

TEST(PatternSearch, FindsWhatASlowSearchFinds) {
  std::mt19937 random(5);
  std::vector<std::string> literals;
  for (int i = 0; i < 3000; ++i) {
    std::string literal;
    for (std::size_t n = 5 + random() % 40; literal.size() < n;) literal += static_cast<char>(i % 3 ? "ab01\0"[random() % 5] : static_cast<char>(random()));
    literals.push_back(literal);
  }
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    for (std::size_t n = random() % 30; n > 0; --n) text += "ab01\0"[random() % 5];
    text += literals[random() % literals.size()];
  }
  const PatternSearch search(literals);
  const auto found = search.find(Bytes::of(text), 1'000'000);
  EXPECT_FALSE(found.cut);
  EXPECT_EQ(found.matches, slow(text, literals));
  for (std::size_t n = 0; n < 200; ++n) EXPECT_EQ(search.find(Bytes::of(std::string_view(text).substr(0, n)), 1'000).matches, slow(std::string_view(text).substr(0, n), literals));
}

TEST(PatternSearch, StopsAtTheMostAndSaysSo) {
  const PatternSearch search({"aaaaa"});
  const std::string text(1000, 'a');
  const auto found = search.find(Bytes::of(text), 10);
  EXPECT_TRUE(found.cut);
  EXPECT_EQ(found.matches.size(), 10u);
}

TEST(PatternSearch, OfNothingFindsNothing) {
  const PatternSearch search({});
  EXPECT_TRUE(search.find(Bytes::of("anything"), 10).matches.empty());
}

TEST(PatternSearch, LettersInAnyCaseWhereALiteralSaysSo) {
  const PatternSearch search({"any case 7@", "Exact case 7@"}, {true, false});
  const auto found = [&](std::string_view text) { return search.find(Bytes::of(text), 10).matches.size(); };
  EXPECT_EQ(found("xx ANY CASE 7@ and Any caSE 7@"), 2u);
  EXPECT_EQ(found("Exact case 7@"), 1u);
  EXPECT_EQ(found("exact case 7@ EXACT CASE 7@"), 0u);
  EXPECT_EQ(found("any case 7`"), 0u) << "a sign is no letter";
  EXPECT_EQ(found(std::string("any") + '\0' + "case 7@"), 0u) << "nor is a zero a blank";
}

TEST(HexRunSearch, FindsWhatStandsAtTheStartOfARun) {
  HexRunSearch search;
  const std::string a = "0123456789abcdef", b = "0123456789abcdef00", c = "FFFFFFFFFFFFFFFF";
  search.add(a, 1);
  search.add(b, 2);
  search.add(c, 3);
  EXPECT_FALSE(HexRunSearch::takes("0123456789abc"));
  EXPECT_FALSE(HexRunSearch::takes("0123456789abcdeg"));
  // At every distance from the start, and whatever stands around.
  for (std::size_t before = 0; before < 40; ++before)
    for (const std::string_view after : {"", "x", "00", "0"}) {
      std::vector<PatternSearch::Match> found;
      const std::string text = std::string(before, 'z') + a + std::string(after) + "|" + c;
      EXPECT_TRUE(search.find(Bytes::of(text), found, 100));
      std::vector<PatternSearch::Match> want{{before, 1}};
      if (after == "00") want.push_back({before, 2});
      want.push_back({before + a.size() + after.size() + 1, 3});
      EXPECT_EQ(found, want) << before << after;
    }
  std::vector<PatternSearch::Match> found;
  search.find(Bytes::of("f" + a), found, 100);
  EXPECT_TRUE(found.empty());
}

}  // namespace
}  // namespace klik::traffic
