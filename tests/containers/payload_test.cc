#include <algorithm>
#include <fstream>
#include <thread>

#include "containers/payload_partition.h"
#include "io/unit_source.h"
#include "support/android_images.h"
#include "support/compress.h"
#include "support/containers.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

using test::ByteVector;
using test::PayloadOperation;
using test::PayloadPartition;

constexpr std::uint64_t kHole = ~std::uint64_t{0};

ByteVector part(const ByteVector& v, std::size_t first_block, std::size_t blocks, std::size_t block = 4096) {
  return ByteVector(v.begin() + static_cast<std::ptrdiff_t>(first_block * block), v.begin() + static_cast<std::ptrdiff_t>((first_block + blocks) * block));
}

// Twelve blocks: one kind of operation after another; the bzip2 one fills two places.
ByteVector image() {
  ByteVector v = test::pattern(12 * 4096, 3);
  std::fill_n(v.begin() + 8 * 4096, 2 * 4096, std::uint8_t{0});
  return v;
}

PayloadPartition every_kind(const std::string& name = "system") {
  const ByteVector v = image();
  ByteVector two = part(v, 2, 1);
  test::put(two, Bytes(part(v, 6, 2)));
  return {.name = name, .size = v.size(), .operations = {
      {0, {{0, 2}}, part(v, 0, 2)}, {1, {{2, 1}, {6, 2}}, test::bzip2(two)}, {8, {{3, 2}}, test::xz(part(v, 3, 2))},
      {14, {{5, 1}}, test::zstd(part(v, 5, 1))}, {6, {{8, 1}}}, {7, {{9, 1}}}, {0, {{11, 1}, {10, 1}}, [&] {
        ByteVector swapped = part(v, 11, 1);
        test::put(swapped, Bytes(part(v, 10, 1)));
        return swapped;
      }()}}, .image = v};
}

ByteVector bytes_of(const Child& child) {
  if (!child.source) return {};
  const auto loaded = child.source->load();
  return loaded ? ByteVector(loaded->bytes().begin(), loaded->bytes().end()) : ByteVector();
}

bool noted(const test::Opened& opened, std::string_view what) {
  return std::ranges::any_of(opened.notes, [&](const Note& n) { return n.error.what == what; });
}

// The only child, whatever became of it.
const Child& only(const test::Opened& opened) {
  static const Child none;
  if (!opened.contents || opened.contents->children.size() != 1) {
    ADD_FAILURE() << test::describe(opened);
    return none;
  }
  return opened.contents->children[0];
}

test::Opened open_one(PayloadPartition partition) { return test::open("payload", test::payload({std::move(partition)})); }

TEST(Payload, PutsAPartitionTogetherFromEveryFullOperation) {
  const auto o = open_one(every_kind());
  const Child& child = only(o);
  EXPECT_EQ(child.name, "system.img");
  EXPECT_EQ(child.transform, "payload");
  EXPECT_EQ(bytes_of(child), image());
  ASSERT_TRUE(child.expected);
  EXPECT_EQ(*child.expected, sha256(Bytes(image())));
  EXPECT_TRUE(o.notes.empty()) << test::describe(o);
}

TEST(Payload, ExtentsAreTheBlobs) {
  const ByteVector v = test::payload({every_kind()});
  const auto o = test::open("payload", v);
  const Child& child = only(o);
  ASSERT_EQ(child.extents.size(), 1u);   // the blobs follow each other
  EXPECT_EQ(child.extents[0].at + child.extents[0].length, v.size());
  std::uint64_t blobs = 0;
  for (const auto& operation : every_kind().operations) blobs += operation.data.size();
  EXPECT_EQ(child.extents[0].length, blobs);
}

TEST(Payload, PlainBlobsAreWindowsWithoutCopy) {
  const ByteVector v = test::pattern(4 * 4096, 9);
  const auto o = open_one({.name = "boot", .size = v.size(), .operations = {{0, {{0, 4}}, v}}, .image = v});
  EXPECT_EQ(only(o).source->in_memory(0, v.size()).size(), v.size());
}

TEST(Payload, ShortOutputIsFilledWithZeros) {
  const ByteVector some = test::pattern(5000, 4);
  for (const auto& [type, data] : {std::pair{0u, some}, {8u, test::xz(some)}, {1u, test::bzip2(some)}, {14u, test::zstd(some)}}) {
    const auto o = open_one({.name = "dtbo", .size = 3 * 4096, .operations = {{type, {{0, 2}, {2, 1}}, data}}});
    ByteVector want = some;
    want.resize(3 * 4096);
    EXPECT_EQ(bytes_of(only(o)), want) << type;
  }
}

TEST(Payload, HolesThrowDataAway) {
  const ByteVector v = test::pattern(3 * 4096, 5);
  const auto o = open_one({.name = "x", .size = 2 * 4096, .operations = {{8, {{1, 1}, {kHole, 1}, {0, 1}}, test::xz(v)}}});
  ByteVector want = part(v, 2, 1);
  test::put(want, Bytes(part(v, 0, 1)));
  EXPECT_EQ(bytes_of(only(o)), want);
}

TEST(Payload, ALastPartialBlockEndsWithThePartition) {
  const ByteVector v = test::pattern(2 * 4096, 6);
  const auto o = open_one({.name = "x", .size = 5000, .operations = {{8, {{0, 2}}, test::xz(v)}}});
  EXPECT_EQ(bytes_of(only(o)), ByteVector(v.begin(), v.begin() + 5000));
}

TEST(Payload, OtherBlockSizesAndSignaturesShiftTheData) {
  const ByteVector v = test::pattern(2048, 6);
  const auto o = test::open("payload", test::payload({{.name = "x", .size = 2048, .operations = {{0, {{1, 3}}, part(v, 1, 3, 512)}, {8, {{0, 1}}, test::xz(part(v, 0, 1, 512))}}, .image = v}},
                                                     {.block_size = 512, .signature_size = 267}));
  EXPECT_EQ(bytes_of(only(o)), v);
}

TEST(Payload, ABlobThatIsNotItsDigestIsNotDecoded) {
  PayloadPartition p = every_kind();
  p.operations[2].wrong_digest = true;
  const auto o = open_one(p);
  const Child& child = only(o);
  ByteVector block(4096);
  EXPECT_TRUE(child.source->read(0, block));
  const auto bad = child.source->read(3 * 4096, block);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, Code::bad_checksum);
}

TEST(Payload, AStreamLongerThanItsBlocksIsRefused) {
  const auto o = open_one({.name = "x", .size = 4096, .operations = {{8, {{0, 1}}, test::xz(ByteVector(4097, 'x'))}}});
  EXPECT_NE(test::describe(o).find("unreadable"), std::string::npos);
  EXPECT_NE(test::describe(o).find("longer than its place"), std::string::npos);
  const auto plain = open_one({.name = "x", .size = 4096, .operations = {{0, {{0, 1}}, ByteVector(4097, 'x')}}});
  EXPECT_EQ(only(plain).state, State::damaged);
}

TEST(Payload, UnknownHashTreesAreSaidAndTheDigestIsNotExpected) {
  PayloadPartition p = every_kind();
  p.size += 4096;
  p.generated = {{10, {0, 12}}, {11, {12, 1}}};   // by no algorithm that is known
  const auto o = open_one(p);
  EXPECT_FALSE(only(o).expected);
  EXPECT_EQ(only(o).state, State::unsupported);
  const auto note = std::ranges::find_if(o.notes, [](const Note& n) { return n.error.what == std::string_view("the device generates a hash tree or error correction in a way that is not known"); });
  ASSERT_NE(note, o.notes.end());
  EXPECT_EQ(note->severity, Severity::data_loss);
}

TEST(Payload, IncrementalOperationsAreCountedByKind) {
  PayloadPartition p = every_kind();
  p.operations.push_back({4, {{0, 3}}});
  p.operations.push_back({4, {{3, 1}}});
  p.operations.push_back({10, {{5, 2}}, ByteVector(9, 'd')});
  p.operations.push_back({99, {{1, 1}, {1, kHole}}});
  const auto o = open_one(p);
  const Child& child = only(o);
  EXPECT_EQ(child.state, State::listed);
  EXPECT_EQ(child.size, 12u * 4096);
  EXPECT_FALSE(child.source);
  EXPECT_FALSE(child.expected);
  ASSERT_EQ(o.notes.size(), 4u);
  EXPECT_EQ(o.notes[0].detail, "system.img: 1 operation, 18446744073709551615 bytes");
  EXPECT_EQ(o.notes[1].detail, "system.img: 1 BROTLI_BSDIFF operation, 8192 bytes");
  EXPECT_EQ(o.notes[2].detail, "system.img: 2 SOURCE_COPY operations, 16384 bytes");
}

TEST(Payload, BlocksThatNothingWritesAreNoted) {
  const auto o = open_one({.name = "x", .size = 3 * 4096, .operations = {{0, {{0, 1}}, ByteVector(4096, 'x')}}});
  EXPECT_TRUE(noted(o, "blocks that no operation writes"));
  EXPECT_EQ(bytes_of(only(o)).size(), 3u * 4096);
}

TEST(Payload, ExtentsOutsideOrOverlappingRefuseThePartitionOnly) {
  const ByteVector block(4096, 'x');
  const std::vector<std::vector<std::pair<std::uint64_t, std::uint64_t>>> hostile = {
      {{4, 1}}, {{3, 2}}, {{0, kHole}}, {{kHole - 1, 2}}, {{1, kHole}}, {{0, 2}, {1, 1}}, {{kHole, 5}}, {{0, 3}, {0, 3}}, {{std::uint64_t{1} << 52, 1}}};
  for (const auto& targets : hostile) {
    for (const std::uint32_t type : {0u, 6u, 8u}) {
      const auto o = test::open("payload", test::payload({{.name = "bad", .size = 4 * 4096, .operations = {{type, targets, type == 8 ? test::xz(block) : block}}}, every_kind()}));
      ASSERT_TRUE(o.contents);
      EXPECT_EQ(o.contents->children[0].state, State::damaged) << targets[0].first << " " << type;
      EXPECT_EQ(bytes_of(o.contents->children[1]), image());
    }
  }
}

TEST(Payload, DataPastTheEndIsALossAndTheRestReads) {
  for (const auto& [more, at] : {std::pair{std::uint64_t{1} << 40, ~std::uint64_t{0}}, {0, std::uint64_t{1} << 62}, {~std::uint64_t{0} - 20000, ~std::uint64_t{0}}, {0, ~std::uint64_t{0} - 1}}) {
    PayloadPartition p = every_kind();
    p.operations[2].more_data = more;
    p.operations[2].data_at = at;
    const auto o = open_one(p);
    const Child& child = only(o);
    ByteVector block(4096);
    EXPECT_TRUE(child.source->read(5 * 4096, block));
    const auto bad = child.source->read(4 * 4096, block);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code, Code::truncated);
    EXPECT_TRUE(noted(o, "operations whose data lies past the end of the payload"));
  }
}

TEST(Payload, HugeSizesAreOverBudget) {
  const ByteVector block(4096, 'x');
  const auto huge = open_one({.name = "x", .size = kHole, .operations = {{6, {{0, kHole >> 12}}}}});
  EXPECT_EQ(only(huge).state, State::over_budget);
  // A blob of some hundred bytes that claims a gigabyte in one operation.
  const auto unit = open_one({.name = "x", .size = std::uint64_t{1} << 30, .operations = {{8, {{0, 1u << 18}}, test::xz(block)}}});
  EXPECT_EQ(only(unit).state, State::over_budget);
}

TEST(Payload, HeadersThatLieAreRefused) {
  const ByteVector good = test::payload({every_kind()});
  ByteVector v = good;
  for (std::size_t i = 12; i < 20; ++i) v[i] = 0xFF;   // 24 + manifest would wrap
  EXPECT_EQ(test::describe(test::open("payload", v)), "error at 12: over_budget: the manifest is larger than its budget\n");
  EXPECT_EQ(test::describe(test::open("payload", test::payload({}, {.version = 1}))), "error at 4: unsupported: payload version is not 2\n");
  EXPECT_EQ(test::describe(test::open("payload", test::payload({}, {.block_size = 4095}))), "error at 25: bad_value: block size is not a power of two\n");
  EXPECT_EQ(test::describe(test::open("payload", test::payload({}, {.block_size = 0}))), "error at 25: bad_value: block size is not a power of two\n");
}

TEST(Payload, NamesDoNotBecomePaths) {
  const ByteVector block(4096, 'x');
  const PayloadOperation op{0, {{0, 1}}, block};
  const auto o = test::open("payload", test::payload({{.name = "../x", .size = 4096, .operations = {op}}, {.name = "", .size = 4096, .operations = {op}},
                                                      {.name = "a", .size = 4096, .operations = {op}}, {.name = "a", .size = 4096, .operations = {op}}}));
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(o.contents->children[0].name, "partition_0.img");
  EXPECT_EQ(o.contents->children[1].name, "partition_1.img");
  EXPECT_TRUE(noted(o, "two partitions of one name"));
}

TEST(Payload, EmptyMessagesByTheMillionAreOverBudget) {
  ByteVector partition, manifest, v;
  for (int i = 0; i < (1 << 20) + 1; ++i) test::put_field(partition, 8, Bytes());
  test::put_field(manifest, 13, Bytes(partition));
  test::put(v, "CrAU");
  test::put_be(v, 2, 8);
  test::put_be(v, manifest.size(), 8);
  test::put_be(v, 0, 4);
  test::put(v, Bytes(manifest));
  EXPECT_NE(test::describe(test::open("payload", v)).find("over_budget: more operations"), std::string::npos);
}

TEST(Payload, EveryPrefixIsSafe) { test::every_prefix("payload", test::payload({every_kind(), every_kind("vendor")}), 509); }

TEST(Payload, EveryFlippedManifestByteIsSafe) {
  const ByteVector good = test::payload({every_kind()});
  for (std::size_t i = 0; i < 700; ++i) {
    for (const unsigned flip : {0x01u, 0x80u, 0xFFu}) {
      ByteVector v = good;
      v[i] = static_cast<std::uint8_t>(v[i] ^ flip);
      test::check_promises(test::open("payload", v), v.size());
    }
  }
}

// A payload that counts how often each of its bytes is read.
class CountingSource final : public Source {
 public:
  explicit CountingSource(ByteVector bytes) : bytes_(std::move(bytes)), reads_(bytes_.size()) {}
  std::uint64_t size() const override { return bytes_.size(); }
  std::uint32_t most_reads(const Extent& e) const {
    std::uint32_t most = 0;
    for (std::uint64_t i = e.at; i < e.at + e.length; ++i) most = std::max(most, reads_[i].load());
    return most;
  }

 protected:
  Result<void> do_read(std::uint64_t at, MutableBytes out) const override {
    KLIK_TRY(const Bytes part, Bytes(bytes_).slice(at, out.size()));
    copy_bytes(out, 0, part);
    for (std::uint64_t i = at; i < at + out.size(); ++i) ++reads_[i];
    return {};
  }

 private:
  ByteVector bytes_;
  mutable std::vector<std::atomic<std::uint32_t>> reads_;
};

TEST(Payload, EachOperationIsDecodedOnceWhenAHashPassAndRandomReadsMix) {
  const std::size_t chunk = 16, chunks = 24;
  const ByteVector v = test::pattern(chunk * chunks * 4096, 8);
  PayloadPartition p{.name = "product", .size = v.size(), .operations = {}, .image = v};
  for (std::size_t i = 0; i < chunks; ++i) {
    const ByteVector raw = part(v, i * chunk, chunk);
    const std::uint32_t type = i % 3 == 0 ? 8u : i % 3 == 1 ? 1u : 14u;
    p.operations.push_back({type, {{i * chunk, chunk}}, type == 8 ? test::xz(raw) : type == 1 ? test::bzip2(raw) : test::zstd(raw)});
  }
  const auto payload = std::make_shared<CountingSource>(test::payload({p}));
  const Budget budget;
  Pool pool(2);
  OpenContext context{.budget = budget, .scratch = test::scratch(), .pool = &pool};
  auto contents = test::container("payload").open(payload, context);
  ASSERT_TRUE(contents);
  const Child& child = contents->children.at(0);
  ASSERT_EQ(payload->most_reads(child.extents.at(0)), 0u);   // opening decodes nothing
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> readers;
    for (unsigned seed = 1; seed <= 3; ++seed)
      readers.emplace_back([&, seed] {
        std::uint32_t x = seed;
        for (int i = 0; i < 200; ++i) {
          x = x * 1664525u + 1013904223u;
          const std::uint64_t at = x % (v.size() - 5000);
          ByteVector some(5000);
          if (!child.source->read(at, some) || !std::ranges::equal(some, std::span(v).subspan(at, 5000))) ++wrong;
        }
      });
    Hasher hasher;
    ByteVector block(50000);
    for (std::uint64_t at = 0; at < v.size(); at += block.size()) {
      const MutableBytes out = std::span(block).first(std::min<std::uint64_t>(block.size(), v.size() - at));
      child.source->will_need(at, 1u << 20);
      ASSERT_TRUE(child.source->read(at, out));
      hasher.update(Bytes(out));
    }
    EXPECT_EQ(hasher.finish_sha256(), *child.expected);
  }
  pool.wait_idle();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(payload->most_reads(child.extents.at(0)), 1u);
}

TEST(Payload, WillNeedReachesTheUnits) {
  const ByteVector v = image();
  const auto payload = std::make_shared<CountingSource>(test::payload({every_kind()}));
  const Budget budget;
  Pool pool(1);
  OpenContext context{.budget = budget, .scratch = test::scratch(), .pool = &pool};
  auto contents = test::container("payload").open(payload, context);
  ASSERT_TRUE(contents);
  const Child& child = contents->children.at(0);
  child.source->will_need(3 * 4096, 4096);
  pool.wait_idle();
  const std::uint64_t xz_at = child.extents[0].at + 2 * 4096 + every_kind().operations[1].data.size();
  EXPECT_EQ(payload->most_reads({xz_at, 10}), 1u);
}

TEST(Payload, TheTestToolAndTheReaderAgree) {
  const test::ScratchFolder folder;
  const std::string at = folder.path().string();
  ByteVector v = test::pattern(3 << 20, 11);
  std::fill_n(v.begin() + (1 << 20), 2 << 20, std::uint8_t{0});
  v.resize(v.size() + 2 * 4096, 7);
  std::ofstream(at + "/in.img", std::ios::binary) << Bytes(v).text();
  for (const std::string how : {"xz", "bz2", "zstd", "none"}) {
    const auto ran = test::run("python3 '" KLIK_SOURCE_DIR "/tools/make_images.py' payload '" + at + "/p.bin' --jobs 1 --compress " + how + " system='" + at + "/in.img' 2>&1");
    ASSERT_EQ(ran.status, 0) << ran.output;
    const auto o = test::open("payload", test::read_file(at + "/p.bin"));
    const Child& child = only(o);
    EXPECT_EQ(bytes_of(child), v) << how;
    EXPECT_EQ(*child.expected, sha256(Bytes(v))) << how;
    EXPECT_TRUE(o.notes.empty()) << test::describe(o);
  }
}

TEST(Payload, RealFullPayloadMeetsItsDigests) {
  KLIK_NEEDS_EVIDENCE();
  const auto o = test::open("payload", test::read_file(test::evidence() + "/containers/payload/full_payload.bin"));
  ASSERT_TRUE(o.contents);
  ASSERT_EQ(o.contents->children.size(), 2u);
  for (const Child& child : o.contents->children) {
    const auto bytes = child.source->load();
    ASSERT_TRUE(bytes) << bytes.error().what;
    EXPECT_EQ(sha256(bytes->bytes()), child.expected) << child.name;
  }
  EXPECT_EQ(o.contents->children[0].size, 4194304u);
  EXPECT_TRUE(o.notes.empty());
}

TEST(Payload, RealDeltaPayloadIsCountedAndItsFullPartitionRead) {
  KLIK_NEEDS_EVIDENCE();
  const auto o = test::open("payload", test::read_file(test::evidence() + "/containers/payload/delta_payload.bin"));
  ASSERT_TRUE(o.contents);
  ASSERT_EQ(o.contents->children.size(), 2u);
  EXPECT_EQ(o.contents->children[0].state, State::listed);
  EXPECT_EQ(o.contents->children[0].size, 4194304u);
  ASSERT_EQ(o.notes.size(), 3u);
  EXPECT_EQ(o.notes[0].detail, "kernel.img: 1 BROTLI_BSDIFF operation, 24576 bytes");
  EXPECT_EQ(o.notes[1].detail, "kernel.img: 1 SOURCE_COPY operation, 16384 bytes");
  const Child& root = o.contents->children[1];
  EXPECT_EQ(root.state, State::read);
  EXPECT_EQ(sha256(Bytes(bytes_of(root))), root.expected);
}

}  // namespace
}  // namespace klik
