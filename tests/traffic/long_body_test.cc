// The length of a body hides nothing in it. All identifiers are made.
#include "traffic/long_body.h"

#include <gtest/gtest.h>

#include <random>

#include "support/searching_sink.h"
#include "traffic/content_coding.h"
#include "traffic/http_message.h"
#include "wrapping.h"

namespace klik::traffic {
namespace {

constexpr std::uint64_t kHeld = 64 << 10;

struct Sent {
  explicit Sent(std::uint64_t total = std::uint64_t{48} << 20) { limits.body_bytes = kHeld, limits.collected_total = total; }
  test::SearchingSink events{"imei 000000123456789\n"};
  Secrets secrets;
  Limits limits;
  Connection connection;
  std::uint64_t collected = 0;
  Context context{connection, events, secrets, limits, &collected};
  CollectedBytes share{context};

  void post(std::string_view body, std::string_view encoding, std::string_view type = "application/octet-stream") {
    HttpMessage message(context, share, "http1", "request", Way::up, 0, {77, 5}, 0);
    message.field("content-encoding", encoding);
    message.field("content-type", type);
    for (std::size_t i = 0; i < body.size(); i += 1'400) message.body().add(Bytes::of(body.substr(i, 1'400)));
    message.tell(context);
  }
};

// Text that compresses to about half.
std::string digits(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string out(size, ' ');
  for (char& c : out) c = "ghijklmnopqrstuv"[random() % 16];
  return out;
}

const std::string kPlanted = " imei=000000123456789; ";

TEST(LongBody, WhatStandsBehindTheCollectedPartIsFoundInEachCoding) {
  // The planted one lies behind, across and before the end of what is held; the coded bytes are longer than that, or not.
  for (const std::size_t before : {std::size_t{300'000}, std::size_t{90'000}, std::size_t{kHeld - 10}, std::size_t{kHeld - 100}}) {
    const std::string plain = digits(before, 1) + kPlanted + digits(200'000, 2) + "end";
    const struct {
      std::string coded;
      const char *declared, *path;
    } kCases[] = {{plain, "", "request.body"}, {gzipped(plain), "gzip", "request.body/gzip"}, {zstd_compressed(plain), "zstd", "request.body/zstd"}, {deflated(plain, 15), "deflate", "request.body/zlib"},
                  {gzipped(zstd_compressed(plain)), "zstd, gzip", "request.body/gzip/zstd"}, {plain, "gzip", "request.body"}, {plain, "exi", "request.body"}};
    for (const auto& c : kCases) {
      Sent s;
      s.post(c.coded, c.declared);
      EXPECT_EQ(s.events.found(), "plain @ " + std::string(c.path) + " # 1") << c.declared << " before " << before;
      ASSERT_EQ(s.events.messages.size(), 1u);
      EXPECT_EQ(s.events.messages[0].number, 1u);
      ASSERT_EQ(s.events.problems.size(), 1u) << c.declared;
      EXPECT_EQ(s.events.problems[0].severity, EventSink::Severity::info) << s.events.problems[0].what;
      EXPECT_EQ(s.collected, 0u);
    }
  }
}

TEST(LongBody, ShortBodiesAreNotTouched) {
  Sent s;
  s.post(digits(60'000, 3) + kPlanted, "");
  EXPECT_EQ(s.events.found(), "plain @ request.body # 1");
  EXPECT_TRUE(s.events.stretches.empty());
  EXPECT_TRUE(s.events.problems.empty());
}

TEST(LongBody, WhatCannotBeDecodedToItsEndIsTold) {
  Sent bomb;
  bomb.post(gzipped(std::string(40'000'000, '\0') + kPlanted), "gzip");
  ASSERT_EQ(bomb.events.problems.size(), 1u);
  EXPECT_EQ(bomb.events.problems[0].severity, EventSink::Severity::data_loss);
  EXPECT_EQ(bomb.events.problems[0].detail, "it grows too much when it is decoded, " + connection_text({}));

  Sent broken;
  std::string coded = gzipped(digits(500'000, 4));
  for (std::size_t i = coded.size() - 5'000; i < coded.size() - 4'000; ++i) coded[i] = '\x55';
  broken.post(coded, "gzip");
  ASSERT_EQ(broken.events.problems.size(), 1u);
  EXPECT_EQ(broken.events.problems[0].severity, EventSink::Severity::data_loss);

  // Told once in a connection.
  broken.post(coded, "gzip");
  EXPECT_EQ(broken.events.problems.size(), 1u);
}

TEST(LongBody, WhereNobodySearchesThatIsSaid) {
  Sent s;
  s.events.stretches_wanted = false;
  s.post(digits(kHeld, 5) + kPlanted, "");
  ASSERT_EQ(s.events.problems.size(), 1u);
  EXPECT_EQ(s.events.problems[0].what, "a body is longer than decoders look into");
  EXPECT_EQ(s.events.messages[0].number, 1u);
}

TEST(LongBody, WithoutMemoryPiecesAreSearchedAsTheyCome) {
  Sent s(20'000);
  s.post(digits(100'000, 6) + kPlanted + digits(100'000, 7), "");
  EXPECT_EQ(s.events.found(), "plain @ request.body # 1");
  EXPECT_EQ(s.collected, 0u);
}

TEST(LongBody, DecodersCountInTheMemoryThatIsShared) {
  // One of zstd has no room beside others: that is said, and nothing is held.
  Sent s(std::uint64_t{8} << 20);
  s.post(zstd_compressed(digits(300'000, 9) + kPlanted), "zstd");
  ASSERT_EQ(s.events.problems.size(), 1u);
  EXPECT_EQ(s.events.problems[0].severity, EventSink::Severity::data_loss);
  EXPECT_EQ(s.events.problems[0].detail, "too much is open at once, " + connection_text({}));
  EXPECT_EQ(s.collected, 0u);
}

TEST(LongBody, EveryPrefixOfACodedBodyIsRead) {
  const std::string coded = gzipped(digits(150'000, 8));
  for (std::size_t n = 0; n < coded.size(); n += 997) {
    Sent s;
    s.post(std::string_view(coded).substr(0, n), "gzip");
    EXPECT_EQ(s.events.messages.size(), 1u);
  }
}

}  // namespace
}  // namespace klik::traffic
