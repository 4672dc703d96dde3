#include "cache/pack.h"

#include <gtest/gtest.h>

namespace klik::cache {
namespace {

Key key(unsigned n) { return sha256(Bytes::of("key " + std::to_string(n))); }
const Sha256Digest kProgram = sha256(Bytes::of("this program"));

std::vector<std::uint8_t> made(unsigned records) {
  std::vector<std::uint8_t> file;
  PackWriter writer(kProgram, [&](Bytes b) {
    file.insert(file.end(), b.begin(), b.end());
    return true;
  });
  for (unsigned i = 0; i < records; ++i) {
    const auto block = pack_block("record " + std::to_string(i) + " and its neighbour");
    const std::uint32_t n = writer.add_block(Bytes::of(block->packed), block->size);
    writer.add_record(key(i), n, 0, block->size);
  }
  EXPECT_TRUE(writer.finish());
  return file;
}

Result<PackReader> opened(std::vector<std::uint8_t> file) { return PackReader::open(memory_source(std::move(file)), kProgram); }

std::string record(const PackReader& pack, const Key& k) {
  const auto entry = pack.find(k);
  if (!entry) return "(none)";
  const auto block = pack.block(entry->block);
  if (!block) return std::string("(") + block.error().what + ")";
  const auto part = block->bytes().slice(entry->at, entry->size);
  return part ? std::string(part->text()) : "(outside)";
}

TEST(Pack, FindsEveryRecordByItsKey) {
  const auto pack = opened(made(50));
  ASSERT_TRUE(pack);
  for (unsigned i = 0; i < 50; ++i) EXPECT_EQ(record(*pack, key(i)), "record " + std::to_string(i) + " and its neighbour");
  EXPECT_EQ(record(*pack, key(50)), "(none)");
}

TEST(Pack, OfAnotherProgramIsOfNoUse) {
  const auto pack = PackReader::open(memory_source(made(3)), sha256(Bytes::of("a later program")));
  ASSERT_FALSE(pack);
  EXPECT_EQ(pack.error().code, Code::bad_magic);
}

TEST(Pack, EveryPrefixIsRefused) {
  const std::vector<std::uint8_t> file = made(5);
  for (std::size_t n = 0; n < file.size(); ++n) EXPECT_FALSE(opened({file.begin(), file.begin() + static_cast<std::ptrdiff_t>(n)})) << n;
}

// No byte of a pack can change without either the pack or the record being refused.
TEST(Pack, AChangedByteNeverGivesOtherRecords) {
  const std::vector<std::uint8_t> file = made(5);
  for (std::size_t at = 0; at < file.size(); ++at) {
    std::vector<std::uint8_t> broken = file;
    broken[at] ^= 0x41;
    const auto pack = opened(std::move(broken));
    if (!pack) continue;
    unsigned refused = 0;
    for (unsigned i = 0; i < 5; ++i) {
      const std::string got = record(*pack, key(i));
      refused += got.starts_with("(");
      EXPECT_TRUE(got.starts_with("(") || got == "record " + std::to_string(i) + " and its neighbour") << at << ": " << got;
    }
    EXPECT_EQ(refused, 1u) << at;
  }
}

TEST(Pack, AFailedWriteIsToldAtTheEnd) {
  PackWriter writer(kProgram, [n = 0](Bytes) mutable { return ++n != 2; });
  const auto block = pack_block("x");
  writer.add_block(Bytes::of(block->packed), block->size);
  EXPECT_FALSE(writer.finish());
}

}  // namespace
}  // namespace klik::cache
