#include "io/whole_stream.h"

#include <gtest/gtest.h>

#include "support/android_images.h"
#include "support/compress.h"

namespace klik {
namespace {

using test::ByteVector;

struct Codec {
  const char* name;
  Result<std::uint64_t> (*decode)(Bytes, MutableBytes);
  ByteVector (*encode)(const ByteVector&);
};

class WholeStream : public testing::TestWithParam<Codec> {
 protected:
  // Half of it repeats, so that there is something to compress.
  static ByteVector content() {
    ByteVector v = test::pattern(20000, 7);
    v.resize(40000, 'x');
    return v;
  }
};

TEST_P(WholeStream, GivesBackWhatWentIn) {
  const ByteVector in = content(), packed = GetParam().encode(in);
  ByteVector out(in.size());
  const auto n = GetParam().decode(Bytes(packed), out);
  ASSERT_TRUE(n) << n.error().what;
  EXPECT_EQ(*n, in.size());
  EXPECT_EQ(out, in);
}

TEST_P(WholeStream, SaysHowMuchShortOutputFills) {
  const ByteVector in = content(), packed = GetParam().encode(in);
  ByteVector out(in.size() + 5000, 0xEE);
  const auto n = GetParam().decode(Bytes(packed), out);
  ASSERT_TRUE(n);
  EXPECT_EQ(*n, in.size());
}

TEST_P(WholeStream, RefusesMoreThanThePlaceHolds) {
  const ByteVector packed = GetParam().encode(content());
  for (const std::size_t size : {0u, 1u, 39999u}) {
    ByteVector out(size);
    const auto n = GetParam().decode(Bytes(packed), out);
    ASSERT_FALSE(n) << size;
    EXPECT_EQ(n.error().code, Code::bad_value) << n.error().what;
  }
}

TEST_P(WholeStream, EveryPrefixIsTruncatedOrNoStream) {
  const ByteVector packed = GetParam().encode(content());
  for (std::size_t n = 0; n < packed.size(); n += n < 64 || n + 64 > packed.size() ? 1 : 97) {
    const ByteVector cut(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(n));
    ByteVector out(40000);
    const auto done = GetParam().decode(Bytes(cut), out);
    ASSERT_FALSE(done) << n;
    EXPECT_TRUE(done.error().code == Code::truncated || done.error().code == Code::bad_magic) << n << " " << done.error().what;
  }
}

TEST_P(WholeStream, EveryFlippedByteIsSafe) {
  const ByteVector packed = GetParam().encode(ByteVector(3000, 'q'));
  for (std::size_t i = 0; i < packed.size(); ++i) {
    ByteVector bad = packed;
    bad[i] ^= 0x41;
    ByteVector out(3000);
    const auto done = GetParam().decode(Bytes(bad), out);
    if (done) { EXPECT_LE(*done, out.size()); }
  }
}

TEST_P(WholeStream, BytesBehindTheStreamAreLeftAlone) {
  ByteVector packed = GetParam().encode(content());
  test::put(packed, "behind");
  ByteVector out(40000);
  EXPECT_TRUE(GetParam().decode(Bytes(packed), out));
}

INSTANTIATE_TEST_SUITE_P(Codecs, WholeStream,
                         testing::Values(Codec{"xz", decode_xz, [](const ByteVector& v) { return test::xz(v); }},
                                         Codec{"bzip2", decode_bzip2, [](const ByteVector& v) { return test::bzip2(v); }},
                                         Codec{"zstd", decode_zstd, [](const ByteVector& v) { return test::zstd(v); }}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(WholeStreamXz, AHugeDictionaryIsOverBudgetAndDoesNotSpoilTheNext) {
  ByteVector small(100, 'a');
  const ByteVector good = test::xz(small);
  ByteVector huge = good;
  // The dictionary size is one byte of the block header, behind the filter's id and length; the header's checksum is made anew.
  const std::size_t header = (std::size_t{good[12]} + 1) * 4;
  std::size_t filter = 14;
  while (filter < 12 + header && !(huge[filter] == 0x21 && huge[filter + 1] == 1)) ++filter;
  ASSERT_LT(filter, 12 + header);
  huge[filter + 2] = 38;   // 2 GiB
  ByteVector check;
  test::put(check, crc32(*Bytes(huge).slice(12, header - 4)), 4);
  test::place(huge, 12 + header - 4, Bytes(check));
  ByteVector out(100);
  const auto refused = decode_xz(Bytes(huge), out);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::over_budget) << refused.error().what;
  EXPECT_TRUE(decode_xz(Bytes(good), out));
}

TEST(WholeStreamZstd, FramesFollowEachOther) {
  ByteVector packed = test::zstd(ByteVector(10, 'a'));
  test::put(packed, Bytes(test::zstd(ByteVector(5, 'b'))));
  ByteVector out(15);
  ASSERT_TRUE(decode_zstd(Bytes(packed), out));
  EXPECT_EQ(Bytes(out).text(), "aaaaaaaaaabbbbb");
}

}  // namespace
}  // namespace klik
