#include "formats/android/arsc.h"

#include <gtest/gtest.h>

#include "support/arsc_writer.h"

namespace klik::arsc {
namespace {

using Entry = test::ArscWriter::Entry;
constexpr std::uint32_t kOne = 0x7f010000;

Entry integer(std::uint16_t index, std::uint32_t value) { return {.index = index, .type = res::kFirstInteger, .data = value}; }
Entry reference(std::uint16_t index, std::uint32_t to) { return {.index = index, .type = res::kReference, .data = to}; }

struct Opened {
  std::vector<std::uint8_t> bytes;
  Result<Table> table;
  explicit Opened(const test::ArscWriter& w) : bytes(w.write()), table(Table::open(Bytes(bytes))) { EXPECT_TRUE(table); }
  const Table* operator->() const { return &*table; }
};

TEST(Arsc, EveryWayToStoreAnEntryReadsTheSame) {
  for (const std::uint8_t flags : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}})
    for (const bool compact : {false, true}) {
      test::ArscWriter w;
      w.strings = {"zero", "hello"};
      w.types = {{.entries = {{.index = 0, .type = res::kString, .data = 1, .compact = compact}, {.index = 5, .type = res::kBoolean, .data = 0xFFFFFFFF, .compact = compact}}, .flags = flags}};
      const Opened o(w);
      const Resolved zero = o->resolve(kOne), five = o->resolve(kOne + 5);
      ASSERT_EQ(zero.outcome, Outcome::found) << int{flags} << compact;
      EXPECT_EQ(o->string(zero.entry.value.data).text, "hello");
      EXPECT_TRUE(zero.entry.is_default);
      EXPECT_FALSE(zero.varies);
      EXPECT_EQ(five.entry.value, (res::Value{res::kBoolean, 0xFFFFFFFF}));
      EXPECT_EQ(o->resolve(kOne + 3).outcome, Outcome::no_entry);
      EXPECT_TRUE(zero.entry.at < o.bytes.size() && zero.entry.length <= o.bytes.size() - zero.entry.at);
      EXPECT_EQ(o->name(kOne), "bool/one");
    }
}

TEST(Arsc, TheDefaultConfigurationCountsAndOthersAreSaid) {
  test::ArscWriter w;
  w.types = {{.entries = {integer(0, 21)}, .sdk = 21}, {.entries = {integer(0, 1), integer(1, 7)}}, {.entries = {integer(1, 7)}, .language = "de"}};
  const Opened o(w);
  const Resolved r = o->resolve(kOne);
  EXPECT_EQ(r.entry.value.data, 1u);
  EXPECT_TRUE(r.varies);
  EXPECT_FALSE(o->resolve(kOne + 1).varies);   // equal everywhere
  const auto all = o->entries(kOne);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(o->config_name(all[0]), "default");
  EXPECT_EQ(o->config_name(all[1]), "v21");
  EXPECT_EQ(o->config_name(o->entries(kOne + 1)[1]), "de");
}

TEST(Arsc, WithoutADefaultTheFirstConfigurationIsTaken) {
  test::ArscWriter w;
  w.types = {{.entries = {integer(0, 9)}, .sdk = 9}, {.entries = {integer(0, 8)}, .sdk = 8}};
  const Opened o(w);
  EXPECT_EQ(o->resolve(kOne).entry.value.data, 9u);
  EXPECT_FALSE(o->resolve(kOne).entry.is_default);
}

TEST(Arsc, ReferencesAreFollowedAndLoopsRefused) {
  test::ArscWriter w;
  w.types = {{.entries = {reference(0, kOne + 1), reference(1, kOne + 2), integer(2, 42), reference(3, kOne + 4), reference(4, kOne + 3), reference(5, 0x01040001), reference(6, kOne + 99), reference(7, 0),
                          {.index = 8, .type = res::kThemeAttribute, .data = 0x7f010001}, reference(9, kOne + 9)}}};
  const Opened o(w);
  EXPECT_EQ(o->resolve(kOne).entry.value.data, 42u);
  EXPECT_EQ(o->resolve(kOne + 3).outcome, Outcome::loop);
  EXPECT_EQ(o->resolve(kOne + 9).outcome, Outcome::loop);
  EXPECT_EQ(o->resolve(kOne + 5).outcome, Outcome::no_package);
  EXPECT_EQ(o->resolve(kOne + 6).outcome, Outcome::no_entry);
  EXPECT_EQ(o->resolve(kOne + 7).outcome, Outcome::found);
  EXPECT_EQ(o->resolve(kOne + 7).entry.value.type, res::kNull);
  EXPECT_EQ(o->resolve(kOne + 8).outcome, Outcome::theme);
  EXPECT_EQ(o->resolve(0x00010002u).entry.value.data, 42u);   // package 0 is the table's own
}

TEST(Arsc, AChainLongerThanThePhoneFollowsIsRefused) {
  test::ArscWriter w;
  w.types.push_back({});
  for (std::uint16_t i = 0; i < 30; ++i) w.types[0].entries.push_back(reference(i, kOne + i + 1u));
  w.types[0].entries.push_back(integer(30, 1));
  const Opened o(w);
  EXPECT_EQ(o->resolve(kOne).outcome, Outcome::loop);
  EXPECT_EQ(o->resolve(kOne + 15).outcome, Outcome::found);
}

TEST(Arsc, BagsListTheirItems) {
  test::ArscWriter w;
  w.types = {{.entries = {{.index = 0, .bag = {{0x02000000, 5}, {0x02000001, 6}}, .flags = 4}}}};
  const Opened o(w);
  const Resolved r = o->resolve(kOne);
  ASSERT_TRUE(r.entry.bag);
  EXPECT_TRUE(r.entry.weak);
  EXPECT_EQ(r.entry.parent, 0x7f020000u);
  const auto items = o->items(r.entry);
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[1].name, 0x02000001u);
  EXPECT_EQ(items[1].value.data, 6u);
}

TEST(Arsc, ABagWhoseHeaderLeavesItsChunkIsNoEntry) {
  test::ArscWriter w;
  w.types = {{.entries = {{.index = 0, .bag = {{1, 2}}, .bag_size = 0xFFFF}, integer(1, 3)}}};
  const Opened o(w);
  EXPECT_EQ(o->resolve(kOne).outcome, Outcome::no_entry);
  EXPECT_EQ(o->resolve(kOne + 1).outcome, Outcome::found);
}

TEST(Arsc, AFalseEntryCountDoesNotLeaveTheChunk) {
  for (const std::uint8_t flags : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}}) {
    test::ArscWriter w;
    w.types = {{.entries = {integer(0, 1)}, .flags = flags, .entry_count = 0xFFFFFFFF}};
    const Opened o(w);
    for (std::uint32_t i = 0; i < 0x10000; i += 97) {
      const Resolved r = o->resolve(kOne + i);
      EXPECT_TRUE(r.entry.at <= o.bytes.size());
    }
  }
}

TEST(Arsc, AChunkOfSizeZeroEndsItsPackage) {
  test::ArscWriter w;
  w.types = {{.entries = {integer(0, 1)}}, {.id = 2, .entries = {integer(0, 2)}, .chunk_size = 0}, {.id = 3, .entries = {integer(0, 3)}}};
  const Opened o(w);
  EXPECT_EQ(o->resolve(kOne).outcome, Outcome::found);
  EXPECT_EQ(o->resolve(0x7f030000).outcome, Outcome::no_entry);
  ASSERT_FALSE(o->oddities().empty());
  EXPECT_TRUE(o->oddities()[0].lost);
}

TEST(Arsc, AnotherFileIsRefused) {
  const std::vector<std::uint8_t> zeros(64);
  EXPECT_EQ(Table::open(Bytes(zeros)).error().code, Code::bad_magic);
}

TEST(Arsc, EveryPrefixIsSafe) {
  test::ArscWriter w;
  w.strings = {"a"};
  w.types = {{.entries = {reference(0, kOne + 1), integer(1, 3)}}, {.entries = {integer(0, 4)}, .flags = 1, .sdk = 5}, {.entries = {{.index = 0, .bag = {{1, 2}}}}, .flags = 2, .language = "nl"}};
  const auto whole = w.write();
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const std::vector<std::uint8_t> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    const auto table = Table::open(Bytes(cut));
    if (!table) continue;
    for (std::uint32_t i = 0; i < 3; ++i)
      for (const arsc::Entry& e : table->entries(kOne + i)) {
        EXPECT_TRUE(e.at <= n && e.length <= n - e.at);
        (void)table->items(e);
        (void)table->config_name(e);
      }
    (void)table->resolve(kOne);
    (void)table->name(kOne);
  }
}

}  // namespace
}  // namespace klik::arsc
