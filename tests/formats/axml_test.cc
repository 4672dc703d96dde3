#include "formats/android/axml.h"

#include <gtest/gtest.h>

#include "support/axml_writer.h"

namespace klik::axml {
namespace {

constexpr std::uint32_t kName = 0x01010003, kExported = 0x01010010;

test::AxmlWriter small() {
  test::AxmlWriter w;
  w.open("manifest", {test::plain_attr("package", "a.b")});
  w.open("application", {test::text_attr(kName, ".App"), test::bool_attr(kExported, 0xFFFFFFFF)});
  w.leaf("activity", {test::text_attr(kName, ".Main")});
  w.close("application");
  w.leaf("permission");
  w.close("manifest");
  return w;
}

bool odd(const Document& d, std::string_view what) {
  return std::ranges::any_of(d.oddities(), [&](const res::Oddity& o) { return std::string_view(o.error.what).contains(what); });
}

void check_places(const Document& d, std::uint64_t size) {
  const auto all = d.elements();
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_TRUE(all[i].at <= size && all[i].length <= size - all[i].at);
    EXPECT_TRUE(all[i].close <= size);
    EXPECT_TRUE(all[i].end > i && all[i].end <= all.size());
    EXPECT_TRUE(all[i].parent == res::kNone || all[i].parent < i);
    for (const Attribute& a : d.attributes(all[i])) EXPECT_TRUE(a.at >= all[i].at && a.at + a.length <= all[i].at + all[i].length);
  }
}

TEST(Axml, ReadsTheTreeWithPlaces) {
  const auto bytes = small().write();
  const auto d = Document::read(Bytes(bytes));
  ASSERT_TRUE(d);
  EXPECT_TRUE(d->oddities().empty());
  ASSERT_EQ(d->elements().size(), 4u);
  check_places(*d, bytes.size());
  const Element& application = d->elements()[1];
  EXPECT_TRUE(d->is(application, "application"));
  EXPECT_EQ(application.parent, 0u);
  EXPECT_EQ(application.end, 3u);
  EXPECT_EQ(d->elements()[3].parent, 0u);
  const Attribute* name = d->find(application, kName, "name");
  ASSERT_TRUE(name);
  EXPECT_EQ(d->strings().get(name->value.data).text, ".App");
  ASSERT_TRUE(d->find(application, kExported, "exported"));
  EXPECT_EQ(d->find(application, kExported, "exported")->value.type, res::kBoolean);
  ASSERT_TRUE(d->find_plain(d->elements()[0], "package"));
}

TEST(Axml, Utf16PoolsReadTheSame) {
  auto w = small();
  w.pool.utf8 = false;
  const auto bytes = w.write();
  const auto d = Document::read(Bytes(bytes));
  ASSERT_TRUE(d);
  EXPECT_TRUE(d->is(d->elements()[2], "activity"));
  EXPECT_TRUE(d->find_plain(d->elements()[0], "package"));
}

TEST(Axml, TheResourceIdCountsWhateverTheNameSays) {
  test::AxmlWriter w;
  w.open("a", {test::text_attr(kName, "real", "exported"), test::text_attr(kExported, "other", "")});
  w.close("a");
  const auto bytes = w.write();
  const auto d = Document::read(Bytes(bytes));
  ASSERT_TRUE(d);
  const Attribute* name = d->find(d->elements()[0], kName, "name");
  ASSERT_TRUE(name);
  EXPECT_EQ(d->strings().get(name->value.data).text, "real");
}

TEST(Axml, AnAndroidNameWithoutAnIdCountsOnlyWhereNoIdsAre) {
  for (const bool with_map : {true, false}) {
    test::AxmlWriter w;
    w.with_map = with_map;
    w.open("a", {test::AxmlWriter::Attr{.name = "exported", .type = res::kBoolean, .data = 0}, test::bool_attr(kName, 1)});
    w.close("a");
    const auto bytes = w.write();
    const auto d = Document::read(Bytes(bytes));
    ASSERT_TRUE(d);
    EXPECT_EQ(d->find(d->elements()[0], kExported, "exported") != nullptr, !with_map);
    EXPECT_EQ(odd(*d, "the phone does not see it"), with_map);
  }
}

TEST(Axml, ARootTypeAndTrailingBytesAreNotedAndRead) {
  auto w = small();
  w.root_type = 0;
  w.behind = {1, 2, 3, 4};
  const auto bytes = w.write();
  const auto d = Document::read(Bytes(bytes));
  ASSERT_TRUE(d);
  EXPECT_EQ(d->elements().size(), 4u);
  EXPECT_TRUE(odd(*d, "chunk type is not"));
  EXPECT_TRUE(odd(*d, "bytes behind the end"));
}

TEST(Axml, LargerAttributesAndNodeHeadersAreSteppedOver) {
  auto w = small();
  w.attribute_size = 28;
  w.node_header = 24;
  const auto bytes = w.write();
  const auto d = Document::read(Bytes(bytes));
  ASSERT_TRUE(d);
  check_places(*d, bytes.size());
  const Attribute* exported = d->find(d->elements()[1], kExported, "exported");
  ASSERT_TRUE(exported);
  EXPECT_EQ(exported->value.data, 0xFFFFFFFFu);
  EXPECT_TRUE(odd(*d, "larger than 20"));
  EXPECT_TRUE(odd(*d, "node header size is not 16"));
}

TEST(Axml, AttributesOfSizeZeroAreReadOnce) {
  auto w = small();
  w.attribute_size = 0;
  w.attribute_count = 0xFFFF;
  const auto bytes = w.write();
  const auto d = Document::read(Bytes(bytes));
  ASSERT_TRUE(d);
  for (const Element& e : d->elements()) EXPECT_LE(e.attribute_count, 1u);
  EXPECT_TRUE(odd(*d, "more attributes than their element holds"));
}

TEST(Axml, UnknownChunksAreSkipped) {
  auto w = small();
  test::Writer chunk;
  chunk.u16(0x0FFF).u16(8).u32(12).u32(0xAAAAAAAA);
  w.before_nodes = chunk.bytes;
  const auto bytes = w.write();
  const auto d = Document::read(Bytes(bytes));
  ASSERT_TRUE(d);
  EXPECT_EQ(d->elements().size(), 4u);
  EXPECT_TRUE(odd(*d, "unknown chunk"));
}

TEST(Axml, ANodeThatDoesNotAdvanceEndsReading) {
  auto bytes = small().write();
  const auto good = Document::read(Bytes(bytes));
  ASSERT_TRUE(good);
  const std::uint64_t at = good->elements()[2].at;
  for (std::size_t i = 0; i < 4; ++i) bytes[at + 4 + i] = 0;
  const auto d = Document::read(Bytes(bytes));
  ASSERT_TRUE(d);
  EXPECT_EQ(d->elements().size(), 2u);
  check_places(*d, bytes.size());
  EXPECT_TRUE(odd(*d, "impossible size"));
  EXPECT_TRUE(odd(*d, "without end tag"));
}

TEST(Axml, AChunkOfSizeZeroInFrontIsRefused) {
  auto w = small();
  w.before_nodes = {0, 0, 0, 0, 0, 0, 0, 0};
  const auto bytes = w.write();
  const auto d = Document::read(Bytes(bytes));
  ASSERT_FALSE(d);
  EXPECT_EQ(d.error().code, Code::bad_value);
}

TEST(Axml, RepeatedAndUnsortedAttributesAreNoted) {
  test::AxmlWriter w;
  w.open("a", {test::bool_attr(kExported, 1), test::bool_attr(kExported, 0), test::text_attr(kName, "late")});
  w.close("a");
  const auto bytes = w.write();
  const auto d = Document::read(Bytes(bytes));
  ASSERT_TRUE(d);
  EXPECT_EQ(d->find(d->elements()[0], kExported, "exported")->value.data, 1u);
  EXPECT_TRUE(odd(*d, "occurs twice"));
  EXPECT_TRUE(odd(*d, "out of order"));
}

TEST(Axml, EndTagsWithoutStartAndASecondRootAreSafe) {
  test::AxmlWriter w;
  w.close("x");
  w.leaf("a");
  w.close("x");
  w.leaf("b");
  const auto bytes = w.write();
  const auto d = Document::read(Bytes(bytes));
  ASSERT_TRUE(d);
  EXPECT_EQ(d->elements().size(), 2u);
  check_places(*d, bytes.size());
  EXPECT_TRUE(odd(*d, "end tag without start"));
  EXPECT_TRUE(odd(*d, "behind the end of the root"));
}

TEST(Axml, EveryPrefixIsSafe) {
  auto w = small();
  const auto whole = w.write();
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const std::vector<std::uint8_t> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    const auto d = Document::read(Bytes(cut));
    if (!d) continue;
    check_places(*d, n);
    EXPECT_TRUE(odd(*d, "ends before its size says")) << n;
  }
}

}  // namespace
}  // namespace klik::axml
