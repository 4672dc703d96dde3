#include "traffic/content_coding.h"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

namespace klik::traffic {
namespace {

std::string deflated(std::string_view plain, int window_bits) {
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(plain.size() + 100, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  z.avail_in = static_cast<uInt>(plain.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(out.size() - z.avail_out);
  deflateEnd(&z);
  return out;
}
// A brotli stream of one stored meta-block (RFC 7932 §9.2), so that no encoder is needed. At most 65,536 bytes.
std::string brotli(std::string_view plain) {
  const std::uint32_t header = static_cast<std::uint32_t>(plain.size() - 1) << 4 | 1u << 20;
  std::string out;
  for (int shift : {0, 8, 16}) out += static_cast<char>(header >> shift);
  return out + std::string(plain) + "\x03";
}
std::string zstd(std::string_view plain) {
  std::string out(ZSTD_compressBound(plain.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 3));
  return out;
}

constexpr std::uint64_t kLimit = 16 << 20;
std::string text(const Uncoded& u) { return {u.bytes.begin(), u.bytes.end()}; }

std::string words() {
  std::string out;
  for (int i = 0; i < 3'000; ++i) out += "word" + std::to_string(i * 7919 % 1000) + (i % 3 ? " " : "\n");
  return out;
}

TEST(ContentCoding, UndoesEachCoding) {
  const std::string plain = words();
  const struct {
    std::string coded;
    const char *declared, *undone;
  } kCases[] = {{deflated(plain, 31), "gzip", "gzip"}, {deflated(plain, 31), "X-GZIP", "gzip"}, {deflated(plain, 15), "deflate", "zlib"}, {deflated(plain, -15), "deflate", "deflate"},
                {brotli(plain), "br", "br"}, {zstd(plain), "zstd", "zstd"}, {deflated(brotli(plain), 31), "br, identity , gzip", "gzip/br"}, {plain, "identity", ""}, {plain, "", ""}};
  for (const auto& c : kCases) {
    const Uncoded u = undo_codings(Bytes::of(c.coded), c.declared, kLimit);
    EXPECT_EQ(text(u), plain) << c.declared;
    EXPECT_EQ(u.undone, c.undone);
    EXPECT_EQ(u.end, CodingEnd::whole);
    EXPECT_FALSE(u.mislabelled);
  }
}

TEST(ContentCoding, ReadsWhatIsMislabelled) {
  const std::string plain = words();
  for (const char* declared : {"gzip", "deflate", "br", "zstd"}) {
    const Uncoded u = undo_codings(Bytes::of(deflated(plain, 31)), declared, kLimit);
    EXPECT_EQ(text(u), plain);
    EXPECT_EQ(u.mislabelled, std::string_view(declared) != "gzip");
    const Uncoded none = undo_codings(Bytes::of("{\"plain\":1}"), declared, kLimit);
    EXPECT_EQ(text(none), "{\"plain\":1}") << declared;
    EXPECT_TRUE(none.mislabelled) << declared;
    EXPECT_EQ(none.undone, "");
  }
  EXPECT_EQ(undo_codings(Bytes::of("abc"), "exi", kLimit).end, CodingEnd::unknown);
}

TEST(ContentCoding, SeveralGzipMembersAreOneBody) {
  const Uncoded u = undo_codings(Bytes::of(deflated("one ", 31) + deflated("two", 31) + "\n"), "gzip", kLimit);
  EXPECT_EQ(text(u), "one two");
}

TEST(ContentCoding, EveryPrefixGivesAPrefix) {
  const std::string plain = words().substr(0, 3'000);
  for (const auto& [coded, declared] : {std::pair(deflated(plain, 31), "gzip"), std::pair(deflated(plain, -15), "deflate"), std::pair(brotli(plain), "br"), std::pair(zstd(plain), "zstd")})
    for (std::size_t n = 1; n < coded.size(); ++n) {
      const Uncoded u = undo_codings(Bytes::of(std::string_view(coded).substr(0, n)), declared, kLimit);
      EXPECT_TRUE(u.undone.empty() || plain.starts_with(text(u))) << declared << n;
      EXPECT_TRUE(u.end != CodingEnd::whole || u.mislabelled) << declared << n;
    }
}

TEST(ContentCoding, GrowthHasABound) {
  const std::string zeros(8 << 20, '\0');
  const std::string coded = deflated(zeros, 31);
  const Uncoded u = undo_codings(Bytes::of(coded), "gzip", kLimit);
  EXPECT_EQ(u.end, CodingEnd::over_limit);
  EXPECT_EQ(u.bytes.size(), coded.size() * kGrowth);
  EXPECT_EQ(undo_codings(Bytes::of(zstd(words())), "zstd", 100).bytes.size(), 100u);
  EXPECT_EQ(undo_codings(Bytes::of("x"), "gzip,gzip,gzip,gzip,gzip,gzip,gzip,gzip,gzip,gzip", kLimit).bytes.size(), 1u);
}

}  // namespace
}  // namespace klik::traffic
