#include "io/lazy_source.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/hash.h"

namespace klik {
namespace {

std::vector<std::uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

TEST(LazySource, MakesItsBytesOnceAndOnlyWhenAsked) {
  std::atomic<int> made = 0;
  const SourceRef s = lazy_source(5, [&]() -> Result<SourceRef> {
    ++made;
    return memory_source(bytes_of("hello"));
  });
  EXPECT_EQ(s->size(), 5u);
  EXPECT_EQ(made, 0);
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 8; ++i)
      readers.emplace_back([&] {
        std::vector<std::uint8_t> out(3);
        EXPECT_TRUE(s->read(1, out));
        EXPECT_EQ(Bytes(out).text(), "ell");
      });
  }
  EXPECT_EQ(made, 1);
  EXPECT_EQ(s->in_memory(0, 5).text(), "hello");
}

TEST(LazySource, RemembersWhyItFailed) {
  int made = 0;
  const SourceRef s = lazy_source(5, [&]() -> Result<SourceRef> {
    ++made;
    return fail(Code::bad_checksum, 7, "wrong");
  });
  for (int i = 0; i < 2; ++i) {
    const auto read = s->load();
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Code::bad_checksum);
    EXPECT_EQ(read.error().at, 7u);
  }
  EXPECT_EQ(made, 1);
}

TEST(LazySource, RefusesAnotherSizeThanThePromisedOne) {
  const SourceRef s = lazy_source(5, []() -> Result<SourceRef> { return memory_source(bytes_of("four")); });
  EXPECT_FALSE(s->load());
}

TEST(CrcChecked, TellsTheReaderWhoReadsToTheEnd) {
  const std::string text(10000, 'k');
  const SourceRef good = crc_checked(memory_source(bytes_of(text)), crc32(Bytes::of(text)), 40);
  const SourceRef bad = crc_checked(memory_source(bytes_of(text)), 1, 40);
  std::vector<std::uint8_t> out(4000);
  for (const std::uint64_t at : {0, 4000}) {
    EXPECT_TRUE(good->read(at, out));
    EXPECT_TRUE(bad->read(at, out));
  }
  EXPECT_TRUE(good->read(6000, out));   // overlaps what was summed
  const auto last = bad->read(6000, out);
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code, Code::bad_checksum);
  EXPECT_EQ(last.error().at, 40u);
  EXPECT_FALSE(bad->load());            // whole, in one read
  EXPECT_EQ(good->load()->bytes().text(), text);
}

TEST(CrcChecked, ReadsElsewhereAreNotSummed) {
  const std::string text = "0123456789";
  const SourceRef s = crc_checked(memory_source(bytes_of(text)), crc32(Bytes::of(text)), 0);
  std::vector<std::uint8_t> out(2);
  EXPECT_TRUE(s->read(8, out));
  EXPECT_TRUE(s->read(0, out));
  EXPECT_TRUE(s->read(0, out));
  EXPECT_TRUE(s->load());
}

}  // namespace
}  // namespace klik
