#include "support/containers.h"
#include "support/files.h"

namespace klik {
namespace {

using ByteVector = std::vector<std::uint8_t>;

// Half noise, half text: compresses, but not to nothing. More than one window of the reader.
ByteVector plain(std::size_t n = 700001) {
  ByteVector v(n);
  std::uint32_t x = 12345;
  for (std::size_t i = 0; i < n; ++i) {
    x = x * 1664525u + 1013904223u;
    v[i] = i / 1000 % 2 == 0 ? static_cast<std::uint8_t>(x >> 24) : static_cast<std::uint8_t>('a' + i % 7);
  }
  return v;
}

ByteVector through(const std::string& command, const ByteVector& input) {
  const test::ScratchFolder folder;
  const auto in = (folder.path() / "in").string(), out = (folder.path() / "out").string();
  std::ofstream(in, std::ios::binary).write(Bytes(input).text().data(), static_cast<std::streamsize>(input.size()));
  EXPECT_EQ(test::run(command + " < " + in + " > " + out).status, 0) << command;
  return test::read_file(out);
}

ByteVector joined(std::initializer_list<ByteVector> parts) {
  ByteVector all;
  for (const auto& p : parts) all.insert(all.end(), p.begin(), p.end());
  return all;
}

struct Format {
  const char *name, *command, *file, *child;
  bool members;   // several after each other are one
  bool ends;      // the format marks its end
};

const Format kFormats[] = {
    {"gzip", "gzip -c", "x.tgz", "x.tar", true, true},
    {"xz", "xz -0 -c", "system.img.xz", "system.img", true, true},
    {"lzma", "xz -0 --format=lzma -c", "ramdisk.lzma", "ramdisk", false, true},
    {"zstd", "zstd -q -c", "x.tar.zst", "x.tar", true, true},
    {"lz4", "lz4 -q -z -c", "boot.img.lz4", "boot.img", true, true},
    {"lz4_legacy", "lz4 -q -l -z -c", "ramdisk.lz4", "ramdisk", true, false},
    {"bzip2", "bzip2 -c", "x.tbz2", "x.tar", true, true},
    {"brotli", "brotli -q 1 -c", "x.br", "x", false, true},
};

class Stream : public testing::TestWithParam<Format> {};

std::string text(const test::Opened& o) {
  if (!o.contents || !o.contents->children.at(0).source) return "(none)";
  return std::string(o.contents->children[0].source->load()->bytes().text());
}

TEST_P(Stream, DecodesWhatTheRealToolWrote) {
  const ByteVector original = plain(), packed = through(GetParam().command, original);
  const auto o = test::open(GetParam().name, packed, GetParam().file);
  ASSERT_TRUE(o.contents) << o.contents.error().what;
  ASSERT_EQ(o.contents->children.size(), 1u);
  const Child& c = o.contents->children[0];
  EXPECT_EQ(c.name, GetParam().child);
  EXPECT_EQ(c.transform, GetParam().name);
  EXPECT_EQ(c.state, State::read);
  EXPECT_EQ(c.extents, (std::vector<Extent>{{0, packed.size()}}));
  EXPECT_TRUE(text(o) == Bytes(original).text());
  EXPECT_TRUE(o.notes.empty());
}

TEST_P(Stream, IsDetected) {
  const Container* c = detect(*memory_source(through(GetParam().command, plain(5000))), GetParam().file);
  ASSERT_NE(c, nullptr);
  EXPECT_EQ(c->name, GetParam().name);
}

TEST_P(Stream, MembersFollowEachOtherWithPaddingBetween) {
  const ByteVector one = plain(3000), two = plain(5000), a = through(GetParam().command, one), b = through(GetParam().command, two);
  const auto o = test::open(GetParam().name, joined({a, ByteVector(512), b, ByteVector(4096)}), GetParam().file);
  ASSERT_TRUE(o.contents);
  if (GetParam().members) {
    EXPECT_TRUE(text(o) == Bytes(joined({one, two})).text());
    EXPECT_TRUE(o.notes.empty());
  } else {
    EXPECT_TRUE(text(o) == Bytes(one).text());
    EXPECT_EQ(o.notes.at(0).error.at, a.size());
  }
}

TEST_P(Stream, WhatFollowsTheStreamIsToldWithItsPlace) {
  const ByteVector a = through(GetParam().command, plain(3000));
  const auto o = test::open(GetParam().name, joined({a, ByteVector(10, 0xEE)}), GetParam().file);
  ASSERT_TRUE(o.contents);
  EXPECT_TRUE(text(o) == Bytes(plain(3000)).text());
  ASSERT_EQ(o.notes.size(), 1u);
  EXPECT_EQ(o.notes[0].error.at, a.size());
  EXPECT_EQ(o.notes[0].severity, Severity::info);
}

TEST_P(Stream, ACutStreamKeepsWhatCameBefore) {
  // Blocks of bzip2, xz and lz4 only come out whole, so there must be several of them.
  const ByteVector original = plain(20000001);
  ByteVector packed = through(GetParam().command, original);
  packed.resize(packed.size() * 3 / 4);
  const auto o = test::open(GetParam().name, packed, GetParam().file);
  ASSERT_TRUE(o.contents);
  const Child& c = o.contents->children.at(0);
  EXPECT_EQ(c.state, State::damaged);
  EXPECT_GT(c.size, 5000000u);
  EXPECT_LT(c.size, original.size());
  EXPECT_TRUE(text(o) == Bytes(original).text().substr(0, c.size));
  ASSERT_EQ(o.notes.size(), 1u);
  EXPECT_EQ(o.notes[0].severity, Severity::data_loss);
  EXPECT_EQ(o.notes[0].error.code, Code::truncated);
  EXPECT_EQ(o.notes[0].error.at, packed.size());
}

TEST_P(Stream, ABombIsCutAtTheBudget) {
  Budget budget;
  budget.floor_bytes = 1 << 20;
  budget.ratio = 2;
  const ByteVector packed = through(GetParam().command, ByteVector(16 << 20));
  const auto o = test::open(GetParam().name, memory_source(packed), GetParam().file, {}, budget);
  ASSERT_TRUE(o.contents);
  const Child& c = o.contents->children.at(0);
  EXPECT_EQ(c.state, State::over_budget);
  EXPECT_EQ(c.source, nullptr);
  EXPECT_LE(c.size, budget.expansion(packed.size()));
  EXPECT_EQ(o.notes.at(0).error.code, Code::over_budget);
}

TEST_P(Stream, EveryPrefixIsSafe) { test::every_prefix(GetParam().name, through(GetParam().command, plain(3000)), 13, GetParam().file); }

TEST_P(Stream, ChangedBytesAreSafe) {
  const ByteVector good = through(GetParam().command, plain(3000));
  for (std::size_t i = 0; i < good.size(); i += i < 64 || i + 64 > good.size() ? 1 : 17)
    for (const int x : {0x00, 0x55, 0xff}) {
      ByteVector bad = good;
      bad[i] = static_cast<std::uint8_t>(x);
      test::check_promises(test::open(GetParam().name, bad, GetParam().file), bad.size());
    }
}

INSTANTIATE_TEST_SUITE_P(Formats, Stream, testing::ValuesIn(kFormats), [](const auto& p) { return std::string(p.param.name); });

TEST(Gzip, AWrongChecksumKeepsTheBytesAndIsTold) {
  ByteVector packed = through("gzip -c", plain(3000));
  packed[packed.size() - 8] ^= 1;
  const auto o = test::open("gzip", packed);
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(o.contents->children[0].state, State::damaged);
  EXPECT_TRUE(text(o) == Bytes(plain(3000)).text());
  EXPECT_EQ(o.notes.at(0).severity, Severity::data_loss);
}

TEST(Xz, DictionariesLargerThanThePhoneCouldHoldAreRefused) {
  const auto o = test::open("xz", through("xz --lzma2=dict=1GiB -c", plain(3000)));
  ASSERT_FALSE(o.contents);
  EXPECT_EQ(o.contents.error().code, Code::over_budget);
}

TEST(Zstd, LongWindowsAndSkippableFramesAreRead) {
  const ByteVector original = plain(), packed = through("zstd -q --long=31 -c", original);
  EXPECT_TRUE(text(test::open("zstd", packed)) == Bytes(original).text());
  const ByteVector skip = {0x5e, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 'a', 'b', 'c'};
  const ByteVector all = joined({skip, packed, skip});
  const Container* c = detect(*memory_source(all), "x");
  ASSERT_NE(c, nullptr);
  EXPECT_EQ(c->name, "zstd");
  EXPECT_TRUE(text(test::open("zstd", all)) == Bytes(original).text());
}

TEST(Lz4, SkippableFramesInFrontAreRead) {
  const ByteVector original = plain(5000), skip = {0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 'a', 'b', 'c'};
  const ByteVector all = joined({skip, through("lz4 -q -z -c", original)});
  const Container* c = detect(*memory_source(all), "x");
  ASSERT_NE(c, nullptr);
  EXPECT_EQ(c->name, "lz4");
  EXPECT_TRUE(text(test::open("lz4", all)) == Bytes(original).text());
}

TEST(Lz4Legacy, ABlockLongerThanAnyEndsTheStream) {
  ByteVector packed = through("lz4 -q -l -z -c", plain(3000));
  const std::size_t end = packed.size();
  packed.insert(packed.end(), {0xff, 0xff, 0xff, 0x7f, 1, 2, 3});
  const auto o = test::open("lz4_legacy", packed);
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(o.contents->children[0].size, 3000u);
  EXPECT_EQ(o.notes.at(0).error.at, end);
}

TEST(Lzma, NoiseAndZerosAreNotLzma) {
  EXPECT_EQ(detect(*memory_source(ByteVector(100)), "x.bin"), nullptr);
  EXPECT_EQ(detect(*memory_source(ByteVector(100, 0x5D)), "x.bin"), nullptr);
}

TEST(Brotli, TheDataOfATransferListIsNotItsToOpen) {
  const auto packed = memory_source(through("brotli -c", plain(3000)));
  const Container* c = detect(*packed, "system.new.dat.br");
  EXPECT_TRUE(c == nullptr || c->name != "brotli");
  c = detect(*packed, "file.br");
  ASSERT_NE(c, nullptr);
  EXPECT_EQ(c->name, "brotli");
}

TEST(Streams, NamesWithoutTheSuffixStay) {
  const auto packed = through("gzip -c", plain(10));
  EXPECT_EQ(test::open("gzip", packed, "ramdisk").contents->children[0].name, "ramdisk");
  EXPECT_EQ(test::open("gzip", packed, ".gz").contents->children[0].name, ".gz");
  EXPECT_EQ(test::open("gzip", packed, "").contents->children[0].name, "data");
}

TEST(Streams, LargeOnesAreSpilledToDiskAndReadBack) {
  ByteVector original = plain(60 << 20);
  const auto o = test::open("lz4", through("lz4 -q -z -c", original), "x.lz4");
  ASSERT_TRUE(o.contents);
  const auto read = o.contents->children[0].source->load();
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->bytes().text() == Bytes(original).text());
  EXPECT_GT(test::scratch().spilled(), 0u);
}

}  // namespace
}  // namespace klik
