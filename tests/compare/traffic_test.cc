#include <gtest/gtest.h>

#include <algorithm>

#include "compare/comparer.h"
#include "support/table_side.h"

namespace klik::compare {
namespace {

// One capture per string; in it "host:bytes" of connections, blank between them.
std::string rows_of(const std::vector<std::string>& captures) {
  std::string out;
  int connection = 0;
  for (std::size_t i = 0; i < captures.size(); ++i) {
    const std::string id = std::to_string(i + 1);
    out += "INSERT INTO capture(capture_id, artifact_id, build_id) VALUES(" + id + ", " + id + ", 1);";
    std::istringstream in(captures[i]);
    for (std::string word; in >> word;) {
      const auto colon = word.find(':');
      ++connection;
      out += "INSERT INTO connection(connection_id, capture_id, host, bytes_out, \"local\", fact_id) VALUES(" + std::to_string(connection) + ", " + id + ", '" + word.substr(0, colon) + "', " + word.substr(colon + 1) + ", 0, 'f" + std::to_string(connection) + "');";
    }
  }
  return out;
}

// "host: verdict" of every row.
std::vector<std::string> compared(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  const auto all = comparers();
  const auto comparer = std::ranges::find(all, std::string_view("traffic"), &Comparer::name);
  test::TableSide old_side(rows_of(before)), new_side(rows_of(after));
  Pool pool(1);
  std::vector<std::string> out;
  (*comparer)->run({{old_side, 1}, {new_side, 1}, pool}, [&](std::size_t, std::vector<Value> v) { out.push_back(std::get<std::string>(v[1]) + ": " + std::get<std::string>(v[2]) + (std::get<std::int64_t>(v[7]) ? "" : " (few)")); });
  return out;
}

using Rows = std::vector<std::string>;

TEST(TrafficComparer, OnlyWhatIsInAllOfOneSideAndNoneOfTheOtherIsAChange) {
  EXPECT_EQ(compared({"a:1 b:5 s:1", "a:1 b:5", "a:1 b:5 s:2"}, {"a:1 n:7", "a:1 n:7 s:3", "a:1 n:7"}), (Rows{"a: same", "b: gone", "n: new", "s: noise"}));
}

TEST(TrafficComparer, OneCaptureASideIsSaidToBeFew) { EXPECT_EQ(compared({"a:1"}, {"b:1"}), (Rows{"a: gone (few)", "b: new (few)"})); }

TEST(TrafficComparer, VolumesAreJudgedByShuffling) {
  const auto line = [](int bytes) { return "a:" + std::to_string(bytes); };
  std::vector<std::string> low, high, mixed;
  for (int i = 0; i < 6; ++i) low.push_back(line(100 + i)), high.push_back(line(9000 + i)), mixed.push_back(line(i % 2 ? 100 : 9000));
  EXPECT_EQ(compared(low, high), (Rows{"a: volume"}));
  EXPECT_EQ(compared(mixed, mixed), (Rows{"a: same"}));
}

TEST(TrafficComparer, WithoutCapturesOnASideNothingIsSaid) { EXPECT_EQ(compared({}, {"a:1"}), Rows()); }

}  // namespace
}  // namespace klik::compare
