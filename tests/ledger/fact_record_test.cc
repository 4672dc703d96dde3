// What a fact says survives its stay in a record.
#include "ledger/fact_record.h"

#include <gtest/gtest.h>

#include <limits>

#include "ledger/blob_table.h"

namespace klik {
namespace {

constexpr Column kColumns[] = {{"a", ColumnType::integer, ""}, {"b", ColumnType::text, ""}, {"c", ColumnType::bytes, ""}, {"d", ColumnType::boolean, ""}};
constexpr FactKind kKind{"t.kind", "", kColumns};

BlobId blob(std::string_view text) { return BlobId(sha256(Bytes::of(text))); }

std::vector<Cell> cells_of(const std::vector<Value>& values) {
  const Fact fact{&kKind, blob("x"), values, {}, "t@1"};
  std::vector<std::uint8_t> record;
  const std::uint32_t about[] = {7};
  FactRecord::append(record, fact, fact_id(fact), about, 3);
  std::vector<Cell> cells;
  FactRecord(record).cells(kKind, cells);
  std::vector<Cell> same;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Value v = i < values.size() ? values[i] : Value();
    EXPECT_EQ(cells[i].type == Cell::Type::null, v.index() == 0);
    const auto* number = std::get_if<std::int64_t>(&v);
    const auto* text = std::get_if<std::string>(&v);
    EXPECT_EQ(cells[i].number, number ? *number : 0);
    EXPECT_EQ(cells[i].text, text ? std::string_view(*text) : std::string_view());
    same.push_back({cells[i].type, cells[i].number, {}});
  }
  return same;
}

TEST(FactRecord, GivesBackValues) {
  for (const std::int64_t number : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{63}, std::int64_t{64}, std::int64_t{-65}, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    const auto cells = cells_of({number, std::string("text\0more", 9), std::string("\xff\x00", 2), std::int64_t{1}});
    ASSERT_EQ(cells.size(), 4u);
    EXPECT_EQ(cells[1].type, Cell::Type::text);
    EXPECT_EQ(cells[2].type, Cell::Type::blob);
  }
  EXPECT_EQ(cells_of({}).size(), 4u) << "values left out are null";
  EXPECT_EQ(cells_of({Value(), std::string(), std::string(100'000, 'x'), Value()}).size(), 4u);
}

TEST(FactRecord, GivesBackOriginsInTheirOrder) {
  Fact fact{&kKind, blob("x"), {std::int64_t{1}}, {{blob("x"), 1, 2}, {blob("y"), std::uint64_t{1} << 40, 0}}, "t@1"};
  fact.because = {FactId{1, 2, 3}, FactId{9}};
  std::vector<std::uint8_t> record{0xaa};
  const std::uint32_t blobs[] = {500, 500, 70'000};
  FactRecord::append(record, fact, fact_id(fact), blobs, 200);
  const FactRecord read(std::span<const std::uint8_t>(record).subspan(1));
  EXPECT_EQ(read.id(), fact_id(fact));
  EXPECT_EQ(read.about(), 500u);
  EXPECT_EQ(read.extractor(), 200u);
  std::vector<RecordOrigin> origins;
  read.origins(origins);
  const std::vector<RecordOrigin> expected{{500, 1, 2, {}}, {70'000, std::int64_t{1} << 40, 0, {}}, {RecordOrigin::kBecause, 0, 0, {1, 2, 3}}, {RecordOrigin::kBecause, 0, 0, {9}}};
  EXPECT_EQ(origins, expected);
}

TEST(Cells, CompareAsSqliteDoes) {
  const Cell order[] = {Cell(), Cell::of(std::int64_t{-5}), Cell::of(std::int64_t{3}), Cell::of(std::string_view("")), Cell::of(std::string_view("a")), Cell::of(std::string_view("ab")), Cell::of(std::string_view("\xff")), Cell::of(Bytes::of("a"))};
  for (std::size_t i = 0; i + 1 < std::size(order); ++i) EXPECT_LT(order[i], order[i + 1]) << i;
}

TEST(BlobTable, KnowsEachDigestOnce) {
  BlobTable table;
  for (int round = 0; round < 2; ++round)
    for (std::uint32_t i = 0; i < 5'000; ++i) EXPECT_EQ(table.number_of(blob(std::to_string(i)).sha256()), i);
  EXPECT_EQ(table.size(), 5'000u);
  EXPECT_EQ(table.digest(4'321), blob("4321").sha256());
  EXPECT_EQ(table.find(blob("77").sha256()), 77u);
  EXPECT_FALSE(table.find(blob("none").sha256()));
}

}  // namespace
}  // namespace klik
