#include <algorithm>
#include <fstream>

#include "support/android_images.h"
#include "support/containers.h"
#include "support/files.h"

namespace klik {
namespace {

using test::ByteVector;
using test::LpExtent;
using test::LpPartition;
using test::LpSlot;

constexpr std::size_t kData = 64 * 512;   // behind two slots of 4096 bytes in two copies

LpSlot simple() {
  return {.partitions = {{"system_a", {{2, 0, 64}, {1, 1}, {1, 0, 68}}}, {"system_b", {}}, {"vendor_a", {{2, 0, 66}}}}};
}

ByteVector image(const std::vector<LpSlot>& slots) {
  ByteVector v = test::lp_image(slots, kData);
  test::put(v, Bytes(test::pattern(6 * 512, 1)));
  return v;
}

ByteVector bytes_of(const Child& child) {
  const auto loaded = child.source->load();
  return loaded ? ByteVector(loaded->bytes().begin(), loaded->bytes().end()) : ByteVector();
}

std::string names(const test::Opened& opened) {
  std::string out;
  if (!opened.contents) return "error";
  for (const Child& c : opened.contents->children) out += (out.empty() ? "" : " ") + c.name;
  return out;
}

bool noted(const test::Opened& opened, std::string_view what) {
  return std::ranges::any_of(opened.notes, [&](const Note& n) { return n.error.what == what; });
}

TEST(Super, PutsAPartitionTogetherFromItsExtents) {
  const auto o = test::open("super", image({simple(), simple()}));
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(names(o), "system_a system_b vendor_a");
  const ByteVector data = test::pattern(6 * 512, 1);
  ByteVector system(data.begin(), data.begin() + 1024);
  system.resize(1536);
  system.insert(system.end(), data.begin() + 4 * 512, data.begin() + 5 * 512);
  const auto& children = o.contents->children;
  EXPECT_EQ(bytes_of(children[0]), system);
  EXPECT_EQ(children[0].extents, (std::vector<Extent>{{kData, 1024}, {kData + 2048, 512}}));
  EXPECT_EQ(children[0].transform, "lp");
  EXPECT_EQ(children[1].size, 0u);
  EXPECT_EQ(children[1].state, State::read);
  ASSERT_TRUE(children[1].source);
  EXPECT_EQ(bytes_of(children[2]), ByteVector(data.begin() + 1024, data.begin() + 2048));
  EXPECT_TRUE(o.notes.empty());
}

TEST(Super, ReadsMinorVersionTwoAndLongerRows) {
  LpSlot slot = simple();
  slot.minor = 2;
  slot.flags = 3;
  slot.partition_row = 60;
  slot.extent_row = 32;
  const auto o = test::open("super", image({slot, slot}));
  EXPECT_EQ(names(o), "system_a system_b vendor_a");
  EXPECT_TRUE(noted(o, "overlays are active: what the phone shows can differ from these partitions"));
  EXPECT_EQ(bytes_of(o.contents->children[2]).size(), 1024u);
}

TEST(Super, WhatALaterSlotSaysDifferentlyStandsInItsFolder) {
  LpSlot second = simple();
  second.partitions[0].extents = {};
  second.partitions[1].extents = {{3, 0, 64}};
  second.partitions.push_back({"product_b", {{1, 0, 69}}});
  const auto o = test::open("super", image({simple(), second}));
  EXPECT_EQ(names(o), "system_a system_b vendor_a slot1/system_a slot1/system_b slot1/product_b");
  EXPECT_EQ(o.contents->children[4].size, 1536u);
  EXPECT_TRUE(noted(o, "the slots describe different partitions"));
}

TEST(Super, UsesTheBackupWhenThePrimaryIsBroken) {
  ByteVector v = image({simple(), simple()});
  v[4096 + 44] ^= 1;                                     // first geometry
  v[test::lp_slot_at(0, 2, 0, 4096) + 130] ^= 1;          // tables of slot 0
  const auto o = test::open("super", v);
  EXPECT_EQ(names(o), "system_a system_b vendor_a");
  EXPECT_EQ(test::describe(o).substr(test::describe(o).find("error")),
            "error at 4104: the geometry's checksum does not match\nerror at 12336: the metadata tables' checksum does not match\n");
}

TEST(Super, OneSlotBrokenInBothCopiesIsALossAndTheOtherIsRead) {
  ByteVector v = image({simple(), simple()});
  for (const std::size_t copy : {0u, 1u}) v[test::lp_slot_at(0, 2, copy, 4096)] ^= 1;
  const auto o = test::open("super", v);
  EXPECT_EQ(names(o), "system_a system_b vendor_a");
  EXPECT_TRUE(std::ranges::any_of(o.notes, [](const Note& n) { return n.severity == Severity::data_loss && n.error.code == Code::bad_magic; }));
}

TEST(Super, ABackupThatSaysSomethingElseIsNoted) {
  ByteVector v = image({simple(), simple()});
  LpSlot other = simple();
  other.partitions[2].name = "vendor_x";
  test::place(v, test::lp_slot_at(1, 2, 1, 4096), Bytes(test::lp_metadata(other)));
  EXPECT_TRUE(noted(test::open("super", v), "metadata and its backup differ"));
}

TEST(Super, EmptyImageListsWhatLiesElsewhere) {
  ByteVector v = test::lp_geometry(4096, 3);
  v.resize(4096);
  test::put(v, Bytes(test::lp_metadata(simple())));
  const auto o = test::open("super", v);
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(o.contents->kind, "super_empty");
  EXPECT_EQ(names(o), "system_a system_b vendor_a");
  EXPECT_EQ(o.contents->children[0].state, State::listed);
  EXPECT_EQ(o.contents->children[0].size, 2048u);
  EXPECT_EQ(o.contents->children[1].state, State::read);
}

TEST(Super, PartsOnAnotherBlockDeviceAreListed) {
  LpSlot slot = simple();
  slot.devices = {"system", "odm"};
  slot.partitions[2].extents[0].device = 1;
  const auto o = test::open("super", image({slot, slot}));
  EXPECT_EQ(o.contents->children[0].state, State::read);
  EXPECT_EQ(o.contents->children[2].state, State::listed);
  EXPECT_EQ(o.notes.at(0).detail, "vendor_a on odm");
}

TEST(Super, OverlapsAreNotedAndStillRead) {
  LpSlot slot = simple();
  slot.partitions[2].extents[0].target = 65;
  slot.partitions.push_back({"sly", {{4, 0, 8}}});
  const auto o = test::open("super", image({slot, slot}));
  EXPECT_TRUE(noted(o, "two partitions cover the same sectors"));
  EXPECT_TRUE(noted(o, "a partition covers the metadata"));
  EXPECT_EQ(bytes_of(o.contents->children[3]).size(), 2048u);
}

TEST(Super, ExtentsPastTheEndAreALossButKeepWhatIsThere) {
  LpSlot slot = simple();
  slot.partitions[2].extents = {{6, 0, 68}};                                      // two sectors are there
  slot.partitions.push_back({"gone", {{1, 0, std::uint64_t{1} << 60}}});          // × 512 would wrap
  const auto o = test::open("super", image({slot, slot}));
  EXPECT_EQ(bytes_of(o.contents->children[2]).size(), 3072u);
  EXPECT_EQ(o.contents->children[2].extents, (std::vector<Extent>{{kData + 2048, 1024}}));
  EXPECT_EQ(o.contents->children[3].state, State::damaged);
  EXPECT_FALSE(o.contents->children[3].source);
  EXPECT_TRUE(noted(o, "the partition reaches past the end of the image"));
}

TEST(Super, SectorCountsThatWrapAreRefused) {
  LpSlot slot = simple();
  slot.partitions[0].extents = {{(std::uint64_t{1} << 55) + 1, 1}, {(std::uint64_t{1} << 55), 1}};
  const auto o = test::open("super", image({slot, slot}));
  EXPECT_EQ(o.contents->children[0].state, State::over_budget);
  EXPECT_EQ(o.contents->children[2].state, State::read);
}

TEST(Super, OddExtentTypesAndNamesDoNotSpoilTheRest) {
  LpSlot slot = simple();
  slot.partitions[0].extents[1].type = 7;
  slot.partitions[1].name = "../../etc";
  slot.partitions.push_back({"vendor_a", {}});
  slot.partitions.push_back({"far", {{1, 0, 64, 9}}});
  const auto o = test::open("super", image({slot, slot}));
  EXPECT_EQ(names(o), "system_a partition_1 vendor_a vendor_a far");
  EXPECT_EQ(o.contents->children[0].state, State::unsupported);
  EXPECT_EQ(o.contents->children[4].state, State::damaged);
  EXPECT_TRUE(noted(o, "two partitions of one name"));
  EXPECT_TRUE(noted(o, "not a partition name"));
}

TEST(Super, ExtentRowsOutsideTheTableAreRefused) {
  LpSlot slot = simple();
  slot.extent_rows_more = 0xFFFFFFF0;
  EXPECT_EQ(test::describe(test::open("super", image({slot, slot}))), "error at 12560: bad_value: a partition's extents leave the extent table\n");
}

TEST(Super, SharedExtentRowsDoNotMultiplyWithoutEnd) {
  LpSlot slot;
  for (int i = 0; i < 4000; ++i) slot.partitions.push_back({"p" + std::to_string(i), {}});
  slot.partitions.push_back({"last", std::vector<LpExtent>(4000, LpExtent{1, 1})});
  ByteVector metadata = test::lp_metadata(slot);
  // Every row says: all 4000 extents. Then both digests are made anew.
  for (std::size_t i = 0; i < 4000; ++i) {
    ByteVector count;
    test::put(count, 4000, 4);
    test::place(metadata, 128 + i * 52 + 44, Bytes(count));
  }
  const auto tables = Bytes(metadata).from(128);
  ASSERT_TRUE(tables);
  test::place(metadata, 48, as_bytes(sha256(*tables)));
  ByteVector head(metadata.begin(), metadata.begin() + 128);
  std::fill_n(head.begin() + 12, 32, std::uint8_t{0});
  test::place(metadata, 12, as_bytes(sha256(Bytes(head))));
  ByteVector v = test::lp_image({simple()}, kData, 1u << 19);
  for (const std::size_t copy : {0u, 1u}) test::place(v, test::lp_slot_at(0, 1, copy, 1u << 19), Bytes(metadata));
  const auto o = test::open("super", v);
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(o.contents->children.size(), 65u);   // 2^18 extents in all
  EXPECT_TRUE(noted(o, "more partitions or extents than the budget allows"));
}

TEST(Super, HostileGeometriesAreRefused) {
  for (const auto& [max_size, slots] : {std::pair{0u, 1u}, {100u, 1u}, {0xFFFFFE00u, 2u}, {4096u, 0u}, {4096u, 0xFFFFFFFFu}}) {
    ByteVector v(16384);
    test::place(v, 4096, Bytes(test::lp_geometry(max_size, slots)));
    EXPECT_FALSE(test::open("super", v).contents) << max_size << " " << slots;
  }
}

TEST(Super, EveryPrefixIsSafe) {
  LpSlot second = simple();
  second.partitions[0].extents = {{1, 0, 64}};
  test::every_prefix("super", image({simple(), second}), 37);
  ByteVector empty = test::lp_geometry(4096, 1);
  empty.resize(4096);
  test::put(empty, Bytes(test::lp_metadata(simple())));
  test::every_prefix("super", empty, 17);
}

TEST(Super, IsFoundByEitherGeometry) {
  ByteVector v = image({simple(), simple()});
  const auto found = [](const ByteVector& bytes) {
    const Container* c = detect(*memory_source(ByteVector(bytes)), "super.img");
    return c ? c->name : std::string_view();
  };
  EXPECT_EQ(found(v), "super");
  v[4096] = 0;
  EXPECT_EQ(found(v), "super");
}

TEST(Super, SevenZipSeesTheSamePartitions) {
  LpSlot slot = simple();
  slot.minor = 2;
  ByteVector v = image({slot, slot});
  v.resize((v.size() + 4095) / 4096 * 4096);
  const test::ScratchFolder folder;
  const auto path = (folder.path() / "super.img").string();
  std::ofstream(path, std::ios::binary) << Bytes(v).text();
  const auto ran = test::run("7zz x -y -o'" + folder.path().string() + "/out' '" + path + "' 2>&1");
  if (ran.status != 0 && ran.output.find("Everything is Ok") == std::string::npos && ran.output.find("7-Zip") == std::string::npos) GTEST_SKIP() << "7zz is not here";
  const auto o = test::open("super", v);
  ASSERT_TRUE(o.contents);
  int compared = 0;
  for (const Child& c : o.contents->children) {
    auto file = folder.path() / "out" / c.name;
    if (!std::filesystem::exists(file)) file += ".img";
    if (!std::filesystem::exists(file)) file = folder.path() / "out" / (c.name + ".lpimg");
    ASSERT_TRUE(std::filesystem::exists(file)) << c.name << "\n" << ran.output;
    EXPECT_EQ(test::read_file(file), bytes_of(c)) << c.name;
    ++compared;
  }
  EXPECT_EQ(compared, 3);
}

}  // namespace
}  // namespace klik
