#include "ledger/held_rows.h"

#include <gtest/gtest.h>

namespace klik {
namespace {

constexpr Column kColumns[] = {{"a", ColumnType::integer, ""}};
constexpr FactKind kOne{"t.one", "", kColumns}, kOther{"t.other", "", kColumns};

HeldRows::Row row(std::uint32_t artifact, std::uint8_t id, std::int64_t value) { return {artifact, FactId{id}, {Value(value)}}; }

TEST(HeldRows, PutsRowsInOrderAndEachOnce) {
  HeldRows held;
  const auto& kind = held.put(kOne, 5, {row(HeldRows::kNone, 1, 0), row(1, 2, 9), row(1, 2, 3), row(0, 7, 1), row(1, 1, 1)}, false);
  std::string order;
  for (const auto& r : kind.rows) order += (r.artifact == HeldRows::kNone ? std::string("-") : std::to_string(r.artifact)) + "." + std::to_string(r.id[0]) + "=" + std::to_string(std::get<std::int64_t>(r.values[0])) + " ";
  EXPECT_EQ(order, "0.7=1 1.1=1 1.2=3 -.1=0 ");
}

TEST(HeldRows, AreReadAgainWhenMoreHaveCome) {
  HeldRows held;
  held.put(kOne, 5, {}, false);
  EXPECT_TRUE(held.find(kOne, 5));
  EXPECT_FALSE(held.find(kOne, 6));
  EXPECT_FALSE(held.find(kOther, 5));
}

TEST(HeldRows, MakeRoomUnlessTheyAreBeingRead) {
  HeldRows held;
  const auto large = [] {
    std::vector<HeldRows::Row> rows;
    rows.push_back({0, FactId{}, {Value(std::string(HeldRows::kMostBytes / 2 + 1, 'x'))}});
    return rows;
  };
  held.put(kOne, 1, large(), false);
  held.put(kOther, 1, large(), true);
  EXPECT_TRUE(held.find(kOne, 1));
  held.put(kOther, 2, large(), false);
  EXPECT_FALSE(held.find(kOne, 1));
}

TEST(HeldRows, KeepTheTextsOfArtifacts) {
  HeldRows held;
  for (std::uint32_t i = 1; i <= 1000; ++i) {
    const std::string path = "system!app/" + std::to_string(i) + std::string(i % 60, 'p');
    held.add_artifact(i * 2, {path, "", "file", "read", i, {}, {}, {}, {}, "", "", ""});
  }
  ASSERT_EQ(held.artifacts().size(), 1000u);
  for (std::uint32_t i = 1; i <= 1000; ++i) {
    const std::uint32_t place = held.place_of(i * 2);
    ASSERT_EQ(place, i - 1);
    EXPECT_EQ(held.artifacts()[place].path, "system!app/" + std::to_string(i) + std::string(i % 60, 'p'));
    EXPECT_EQ(held.artifacts()[place].kind, "file");
  }
  EXPECT_EQ(held.place_of(3), HeldRows::kNone);
}

}  // namespace
}  // namespace klik
