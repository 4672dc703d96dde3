// The patches inside incremental updates: bsdiff, Puffin, LZ4DIFF.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "containers/patch/bsdiff.h"
#include "containers/patch/lz4diff.h"
#include "containers/patch/puff.h"
#include "containers/patch/puffin.h"
#include "support/files.h"
#include "support/patch_writer.h"

namespace klik {
namespace {

using test::BsdiffStep;
using test::ByteVector;
using test::PuffinFile;

constexpr std::uint64_t kMost = 1u << 22;

std::string prose(std::size_t words, unsigned seed) {
  std::mt19937 random(seed);
  std::string out;
  while (words-- > 0) out += "word" + std::to_string(random() % 97) + (random() % 11 == 0 ? "\n" : " ");
  return out;
}
ByteVector bytes(std::string_view s) { return ByteVector(s.begin(), s.end()); }

ByteVector applied(const Result<std::vector<std::uint8_t>>& made) {
  if (!made) ADD_FAILURE() << made.error().what << " at " << made.error().at;
  return made ? *made : ByteVector();
}
Code refused(const Result<std::vector<std::uint8_t>>& made) { return made ? Code::internal : made.error().code; }

// Every prefix and many broken bytes: an error or something of bounded size, never more.
template <class Apply>
void damaged(const ByteVector& patch, Apply apply) {
  for (std::size_t n = 0; n < patch.size(); n += n < 600 ? 1 : 7) {
    const ByteVector cut(patch.begin(), patch.begin() + static_cast<std::ptrdiff_t>(n));
    const auto made = apply(Bytes(cut));
    if (made) { EXPECT_LE(made->size(), kMost); }
  }
  std::mt19937 random(5);
  for (int round = 0; round < 3000; ++round) {
    ByteVector broken = patch;
    for (unsigned i = 0; i <= random() % 3; ++i) broken[random() % std::min<std::size_t>(broken.size(), round % 2 ? broken.size() : 300)] ^= static_cast<std::uint8_t>(1u << random() % 8);
    const auto made = apply(Bytes(broken));
    if (made) { EXPECT_LE(made->size(), 2 * kMost); }
  }
}

TEST(Bsdiff, StepsAddInsertAndMove) {
  const ByteVector before = test::pattern(5000, 1);
  ByteVector after = test::pattern(4000, 2);
  std::copy_n(before.begin() + 1000, 900, after.begin() + 300);
  const std::vector<BsdiffStep> steps = {{300, 0, 700}, {900, 100, -1900}, {50, 0, 4000}, {1000, 1650, 0}};
  for (const auto& how : std::vector<std::vector<std::uint8_t>>{{}, {1, 1, 1}, {2, 2, 2}, {0, 1, 2}, {0, 0, 0}})
    EXPECT_EQ(applied(patch::apply_bsdiff(Bytes(before), Bytes(test::bsdiff(before, after, steps, how)), kMost)), after);
  std::uint64_t left = 1000;
  const auto share = patch::bsdiff_share(Bytes(test::bsdiff(before, after, steps)), kMost, left);
  ASSERT_TRUE(share);
  EXPECT_EQ(share->size, 4000u);
  EXPECT_EQ(share->copied, 1750u);
}

TEST(Bsdiff, PlacesOutsideTheOldFileAddNothing) {
  const ByteVector before = test::pattern(100, 1), after = test::pattern(400, 2);
  const std::vector<BsdiffStep> steps = {{10, 0, -60}, {90, 0, 1000}, {100, 0, -5000}, {200, 0, 0}};
  EXPECT_EQ(applied(patch::apply_bsdiff(Bytes(before), Bytes(test::bsdiff(before, after, steps)), kMost)), after);
  EXPECT_EQ(applied(patch::apply_bsdiff(Bytes(), Bytes(test::bsdiff({}, after, steps)), kMost)), after);
}

TEST(Bsdiff, DebiansBsdiffIsTheJudge) {
  const test::ScratchFolder folder;
  if (test::run("command -v bsdiff").output.empty()) GTEST_SKIP() << "bsdiff is not installed";
  const ByteVector before = bytes(prose(20000, 1)), after = bytes(prose(3000, 9) + prose(20000, 1).substr(2500) + prose(50, 3));
  const auto at = [&](const char* name) { return (folder.path() / name).string(); };
  const auto write = [&](const char* name, const ByteVector& content) { std::ofstream(at(name), std::ios::binary).write(Bytes(content).text().data(), static_cast<std::streamsize>(content.size())); };
  write("old", before);
  write("new", after);
  ASSERT_EQ(test::run("bsdiff '" + at("old") + "' '" + at("new") + "' '" + at("patch") + "'").status, 0);
  EXPECT_EQ(applied(patch::apply_bsdiff(Bytes(before), Bytes(test::read_file(at("patch"))), kMost)), after);
  write("ours", test::bsdiff(before, after));
  ASSERT_EQ(test::run("bspatch '" + at("old") + "' '" + at("made") + "' '" + at("ours") + "'").status, 0);
  EXPECT_EQ(test::read_file(at("made")), after);   // our own writer writes what others read
}

TEST(Bsdiff, HostilePatchesAreRefused) {
  const ByteVector before = test::pattern(100, 1), after = test::pattern(100, 2);
  const auto with = [&](const std::vector<BsdiffStep>& steps, const ByteVector& to) { return test::bsdiff(before, to, steps, {0, 0, 0}); };
  const auto code = [&](const ByteVector& patch, std::uint64_t most = kMost) { return refused(patch::apply_bsdiff(Bytes(before), Bytes(patch), most)); };
  constexpr std::int64_t kMax = std::int64_t{0x7FFFFFFFFFFFFFFF};
  EXPECT_EQ(code(with({{101, 0, 0}}, after)), Code::bad_value);
  EXPECT_EQ(code(with({{50, 51, 0}}, after)), Code::bad_value);
  EXPECT_EQ(code(with({{kMax, kMax, 0}}, after)), Code::bad_value);
  EXPECT_EQ(code(with({{-1, 1, 0}}, after)), Code::bad_value);
  EXPECT_EQ(code(with({{10, 0, kMax}, {10, 0, kMax}, {80, 0, 0}}, after)), Code::bad_value);
  EXPECT_EQ(code(with({{10, 0, -kMax}, {0, 0, -kMax}, {90, 0, 0}}, after)), Code::bad_value);
  EXPECT_EQ(code(with({{50, 0, 0}}, after)), Code::truncated);
  EXPECT_EQ(code(with({{100, 0, 0}}, after), 99), Code::over_budget);
  std::vector<BsdiffStep> idle(70000, {0, 0, 1});
  EXPECT_EQ(code(with(idle, after)), Code::over_budget);
  ByteVector patch = with({{100, 0, 0}}, after);
  patch[5] = 7;
  EXPECT_EQ(code(patch), Code::unsupported);
  patch[0] = 'x';
  EXPECT_EQ(code(patch), Code::bad_magic);
  for (const std::size_t field : {8u, 16u, 24u}) {
    ByteVector wraps = test::bsdiff(before, after);
    for (std::size_t i = 0; i < 8; ++i) wraps[field + i] = i == 7 ? 0x7F : 0xFF;
    EXPECT_NE(code(wraps), Code::internal) << field;
    wraps[field + 7] = 0xFF;
    EXPECT_EQ(code(wraps), Code::bad_value) << field;
  }
  for (const auto& how : std::vector<std::vector<std::uint8_t>>{{}, {2, 2, 2}, {0, 0, 0}})
    damaged(test::bsdiff(before, after, {{30, 20, 10}, {50, 0, 0}}, how), [&](Bytes p) { return patch::apply_bsdiff(Bytes(before), p, kMost); });
}

// Deflate streams of every kind, each at the start of a byte, raw bytes between them.
PuffinFile puffin_file(unsigned seed) {
  PuffinFile file{.bytes = bytes("start"), .deflates = {}};
  const auto add = [&](const ByteVector& stream) {
    file.deflates.emplace_back(file.bytes.size() * 8, stream.size() * 8);
    test::put(file.bytes, Bytes(stream));
    test::put(file.bytes, "between");
  };
  add(test::deflated(bytes(prose(3000, seed))));
  add(test::deflated(bytes(prose(40, seed + 1)), 6, Z_FIXED));
  add(test::deflated(bytes(prose(30000, seed % 2)), 1));
  add(test::deflated(bytes(prose(2000, seed + 2)), 9, Z_HUFFMAN_ONLY));
  add(test::deflated(ByteVector(100000, 'a')));   // matches of the greatest length
  add(test::deflated(test::pattern(3000, seed)));
  return file;
}

// The same streams bit after bit, with gaps of single bits: no stream begins or ends with a byte.
PuffinFile shifted(const PuffinFile& from) {
  patch::BitWriter out;
  PuffinFile file;
  out.put(5, 3);
  for (std::size_t i = 0; i < from.deflates.size(); ++i) {
    const auto [at, bits] = from.deflates[i];
    // Stored blocks begin at a byte, so their stream cannot be moved by bits.
    if (i + 1 == from.deflates.size()) out.put(0, static_cast<unsigned>((8 - out.position() % 8) % 8));
    file.deflates.emplace_back(out.position(), bits);
    for (std::uint64_t b = at; b < at + bits; ++b) out.put(from.bytes[b / 8] >> b % 8 & 1u, 1);
    if (i % 3 == 1) out.put(1, 2);          // a gap inside a byte
    if (i % 3 == 2) out.put(0xA5A5, 16), out.put(0xB7, 13);
  }
  out.put(0x2AAA, 15);
  out.put(0, static_cast<unsigned>((8 - out.position() % 8) % 8));
  file.bytes = std::move(out).finish();
  return file;
}

TEST(Puff, HuffGivesBackEveryBit) {
  for (const unsigned seed : {1u, 2u}) {
    const PuffinFile file = puffin_file(seed);
    for (const auto& [at, bits] : file.deflates) {
      const ByteVector stream(file.bytes.begin() + static_cast<std::ptrdiff_t>(at / 8), file.bytes.begin() + static_cast<std::ptrdiff_t>((at + bits) / 8));
      const ByteVector puffed = applied(patch::puff(Bytes(stream), 0, kMost));
      patch::BitWriter out;
      ASSERT_TRUE(patch::huff(Bytes(puffed), out));
      EXPECT_EQ(std::move(out).finish(), stream);
    }
  }
}

TEST(Puff, StoredBlocksAndEmptyOnes) {
  for (const ByteVector& in : {ByteVector(), test::pattern(70000, 4)}) {
    const ByteVector stream = test::deflated(in, 0);
    const ByteVector puffed = applied(patch::puff(Bytes(stream), 0, kMost));
    patch::BitWriter out;
    ASSERT_TRUE(patch::huff(Bytes(puffed), out));
    EXPECT_EQ(std::move(out).finish(), stream);
  }
}

TEST(Puffin, MakesTheNewFileBitByBit) {
  const PuffinFile before = puffin_file(1), after = puffin_file(2);
  for (const auto& [a, b] : std::vector<std::pair<PuffinFile, PuffinFile>>{{before, after}, {shifted(before), shifted(after)}, {before, shifted(after)}, {shifted(after), before}, {PuffinFile{before.bytes, {}}, after}, {before, PuffinFile{after.bytes, {}}}}) {
    EXPECT_EQ(applied(patch::apply_puffin(Bytes(a.bytes), Bytes(test::puffin(a, b)), Budget())), b.bytes);
    const ByteVector zucchini = test::puffin(a, b, 1, [](const ByteVector& x, const ByteVector& y) { return test::zucchini_of_nothing(x, y); });
    EXPECT_EQ(applied(patch::apply_puffin(Bytes(a.bytes), Bytes(zucchini), Budget())), b.bytes);
  }
}

TEST(Puffin, AnotherOldFileIsAConflict) {
  const PuffinFile before = puffin_file(1), after = puffin_file(2);
  const ByteVector patch = test::puffin(before, after);
  EXPECT_EQ(refused(patch::apply_puffin(Bytes(puffin_file(3).bytes), Bytes(patch), Budget())), Code::conflict);
  EXPECT_EQ(refused(patch::apply_puffin(Bytes(), Bytes(patch), Budget())), Code::truncated);
}

TEST(Puffin, HostilePatchesAreRefused) {
  PuffinFile before{test::deflated(bytes(prose(300, 1))), {}}, after{test::deflated(bytes(prose(300, 2))), {}};
  before.deflates = {{0, before.bytes.size() * 8}};
  after.deflates = {{0, after.bytes.size() * 8}};
  before.bytes.push_back('x');
  after.bytes.push_back('y');
  const Budget budget{.unit_bytes = kMost};
  const auto with = [&](auto change) {
    PuffinFile b = after;
    change(b);
    return refused(patch::apply_puffin(Bytes(before.bytes), Bytes(test::puffin(before, b)), budget));
  };
  EXPECT_EQ(with([](PuffinFile& f) { f.deflates[0].second = f.deflates[0].second - 8; }), Code::bad_value);   // the stream is longer than said
  const ByteVector patch = test::puffin(before, after);
  damaged(patch, [&](Bytes p) { return patch::apply_puffin(Bytes(before.bytes), p, budget); });
  ByteVector unknown = test::puffin(before, after, 9, [](const ByteVector& x, const ByteVector& y) { return test::bsdiff(x, y); });
  EXPECT_EQ(refused(patch::apply_puffin(Bytes(before.bytes), Bytes(unknown), budget)), Code::unsupported);
  EXPECT_EQ(refused(patch::apply_puffin(Bytes(before.bytes), Bytes(patch), Budget{.unit_bytes = 100})), Code::over_budget);
  for (const std::uint64_t far : {~std::uint64_t{0}, std::uint64_t{1} << 62, std::uint64_t{1} << 33}) {
    ByteVector range, file, header, out;
    test::put_field(range, 1, far);
    test::put_field(range, 2, far);
    for (const std::uint32_t field : {1u, 2u}) test::put_field(file, field, Bytes(range));
    test::put_field(file, 3, 100);
    for (const std::uint32_t field : {2u, 3u}) test::put_field(header, field, Bytes(file));
    test::put(out, "PUF1");
    test::put_be(out, header.size(), 4);
    test::put(out, Bytes(header));
    EXPECT_EQ(refused(patch::apply_puffin(Bytes(before.bytes), Bytes(out), budget)), Code::bad_value);
  }
}

TEST(Lz4diff, DecompressesPatchesAndCompressesAgain) {
  const ByteVector before = bytes(prose(20000, 1)), after = bytes(prose(19000, 1) + prose(1500, 4));
  for (const int level : {9, 12, 0}) {
    const test::Lz4File a = test::lz4_file(before, level), b = test::lz4_file(after, level);
    const test::Lz4Settings settings{.algorithm = level > 0 ? 2u : 1u, .level = static_cast<std::uint64_t>(level), .digests = true};
    EXPECT_EQ(applied(patch::apply_lz4diff(Bytes(a.packed), Bytes(test::lz4diff(a, b, test::bsdiff(before, after), settings)), Budget())), b.packed) << level;
    const ByteVector inner = test::puffin({before, {}}, {after, {}});
    test::Lz4Settings with_puffin = settings;
    with_puffin.kind = 1;
    EXPECT_EQ(applied(patch::apply_lz4diff(Bytes(a.packed), Bytes(test::lz4diff(a, b, inner, with_puffin)), Budget())), b.packed) << level;
  }
}

TEST(Lz4diff, ACorrectedBlockIsWhatThePatchSays) {
  const ByteVector before = bytes(prose(9000, 1)), after = bytes(prose(9000, 2));
  const test::Lz4File a = test::lz4_file(before), b = test::lz4_file(after);
  const ByteVector wanted = test::pattern(4096, 5);
  ByteVector expected = b.packed;
  std::ranges::copy(wanted, expected.begin());
  EXPECT_EQ(applied(patch::apply_lz4diff(Bytes(a.packed), Bytes(test::lz4diff(a, b, test::bsdiff(before, after), {.digests = true, .correct_to = wanted})), Budget())), expected);
  // Another release of LZ4: its result is not what the correction is for.
  EXPECT_EQ(refused(patch::apply_lz4diff(Bytes(a.packed), Bytes(test::lz4diff(a, b, test::bsdiff(before, after), {.digests = true, .wrong_digest = true})), Budget())), Code::unsupported);
}

TEST(Lz4diff, HostilePatchesAreRefused) {
  const ByteVector before = bytes(prose(3000, 1)), after = bytes(prose(3000, 2));
  const test::Lz4File a = test::lz4_file(before), b = test::lz4_file(after);
  const Budget budget{.unit_bytes = kMost};
  const ByteVector patch = test::lz4diff(a, b, test::bsdiff(before, after, {2, 2, 1}));
  damaged(patch, [&](Bytes p) { return patch::apply_lz4diff(Bytes(a.packed), p, budget); });
  EXPECT_EQ(refused(patch::apply_lz4diff(Bytes(b.packed), Bytes(patch), Budget{.unit_bytes = 100})), Code::over_budget);
  EXPECT_EQ(refused(patch::apply_lz4diff(Bytes(test::pattern(a.packed.size(), 7)), Bytes(patch), budget)), Code::conflict);
  test::Lz4File gap = b;
  gap.blocks[0].first = ~std::uint64_t{0};
  EXPECT_EQ(refused(patch::apply_lz4diff(Bytes(a.packed), Bytes(test::lz4diff(a, gap, test::bsdiff(before, after))), budget)), Code::over_budget);
  EXPECT_EQ(refused(patch::apply_lz4diff(Bytes(a.packed), Bytes(test::lz4diff(a, b, test::bsdiff(before, after), {.algorithm = 7})), budget)), Code::unsupported);
  EXPECT_EQ(refused(patch::apply_lz4diff(Bytes(a.packed), Bytes(test::lz4diff(a, b, test::bsdiff(before, after), {.kind = 2})), budget)), Code::unsupported);
  ByteVector version = patch;
  version[10] = 2;
  EXPECT_EQ(refused(patch::apply_lz4diff(Bytes(a.packed), Bytes(version), budget)), Code::unsupported);
}

}  // namespace
}  // namespace klik
