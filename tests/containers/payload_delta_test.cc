// Incremental updates over an old build.
#include <gtest/gtest.h>

#include <chrono>
#include <map>

#include "containers/verity_blocks.h"
#include "support/containers.h"
#include "support/delta_writer.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

using test::ByteVector;
using test::PayloadPartition;

class MadeBase final : public BaseFiles {
 public:
  std::map<std::string, ByteVector, std::less<>> images;
  SourceRef partition(std::string_view name, std::uint64_t, const std::optional<Sha256Digest>&) const override {
    const auto found = images.find(name);
    return found == images.end() ? nullptr : memory_source(found->second);
  }
  SourceRef file(std::string_view) const override { return nullptr; }
};

// With a pool, as in a scan: differences are tried while opening.
test::Opened open_over(const BaseFiles* base, const ByteVector& payload, const Budget& budget = {}) {
  static Pool pool(2);
  OpenContext context{.budget = budget, .scratch = test::scratch(), .pool = &pool, .base = base};
  auto contents = test::container("payload").open(memory_source(payload), context);
  pool.wait_idle();
  return {std::move(contents), std::move(context.notes)};
}

ByteVector bytes_of(const Child& child) {
  if (!child.source) return {};
  const auto loaded = child.source->load();
  return loaded ? ByteVector(loaded->bytes().begin(), loaded->bytes().end()) : ByteVector();
}

std::string details(const test::Opened& opened, std::string_view what) {
  std::string out;
  for (const Note& n : opened.notes)
    if (n.error.what == what) out += n.detail + "\n";
  return out;
}

TEST(PayloadDelta, EveryOperationOverTheOldImageGivesTheNewOne) {
  const test::DeltaWriter w = test::every_delta();
  MadeBase base;
  base.images["system"] = w.before();
  const auto o = open_over(&base, test::payload({w.partition("system")}));
  ASSERT_TRUE(o.contents);
  const Child& child = o.contents->children.at(0);
  EXPECT_EQ(child.state, State::read);
  EXPECT_EQ(child.transform, "payload");   // a full update of the same partition has the same path
  EXPECT_TRUE(o.notes.empty()) << test::describe(o);
  const ByteVector made = bytes_of(child);
  ASSERT_EQ(made.size(), w.after().size());
  for (std::size_t block = 0; block < made.size(); block += 4096)
    EXPECT_TRUE(std::equal(made.begin() + static_cast<std::ptrdiff_t>(block), made.begin() + static_cast<std::ptrdiff_t>(block) + 4096, w.after().begin() + static_cast<std::ptrdiff_t>(block))) << block / 4096;
  EXPECT_EQ(child.expected, sha256(Bytes(w.after())));
}

TEST(PayloadDelta, WithoutABaseWhatItHoldsIsSaid) {
  const test::DeltaWriter w = test::every_delta();
  const auto o = open_over(nullptr, test::payload({w.partition("system")}));
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(o.contents->children.at(0).state, State::listed);
  EXPECT_FALSE(o.contents->children.at(0).source);
  const std::string needed = details(o, "operations that need the old image");
  for (const char* line : {"system.img: 1 BROTLI_BSDIFF operation, 32768 bytes\n", "system.img: 1 SOURCE_BSDIFF operation, 12288 bytes\n", "system.img: 1 SOURCE_COPY operation, 20480 bytes\n", "system.img: 1 ZUCCHINI operation, 8192 bytes\n", "1 PUFFDIFF", "1 LZ4DIFF_BSDIFF", "1 LZ4DIFF_PUFFDIFF"})
    EXPECT_NE(needed.find(line), needed.npos) << line << needed;
  const std::string share = details(o, "what the update itself holds of the new image");
  EXPECT_NE(share.find(" of " + std::to_string(w.after().size()) + " bytes, of 8192 more"), share.npos) << share;
  MadeBase other;
  other.images["vendor"] = w.before();
  EXPECT_NE(details(open_over(&other, test::payload({w.partition("system")})), "operations that need an image which the old build does not have"), "");
}

TEST(PayloadDelta, TheShareCountsWhatOperationsInsert) {
  test::DeltaWriter w;
  const ByteVector before = test::pattern(8192, 1), after = test::pattern(12288, 2);
  w.difference(5, before, after, test::bsdiff(before, after));   // adds to 8192, inserts 4096
  w.copy(before);
  w.whole(0, test::pattern(4096, 3), test::pattern(4096, 3));
  w.zeros(1);
  const auto o = open_over(nullptr, test::payload({w.partition("x")}));
  EXPECT_EQ(details(o, "what the update itself holds of the new image"), "x.img: 12288 of 28672 bytes\n");
}

TEST(PayloadDelta, OfAnotherOldImageTheEqualPartsStillGiveTheirs) {
  const test::DeltaWriter w = test::every_delta();
  MadeBase base;
  base.images["system"] = w.before();
  base.images["system"][2 * 4096] ^= 1;   // inside the copied blocks
  base.images["system"].back() ^= 1;
  const auto o = open_over(&base, test::payload({w.partition("system")}));
  ASSERT_TRUE(o.contents);
  EXPECT_NE(details(o, "the old image is not the one that this update was made for"), "");
  EXPECT_EQ(details(o, "the old image does not have the bytes that an operation builds on"),
            "system.img: SOURCE_COPY, 20480 bytes\nsystem.img: LZ4DIFF_PUFFDIFF, " + std::to_string(test::padded(test::lz4_file(test::words(42000, 5)).packed).size()) + " bytes\n");
  const Child& child = o.contents->children.at(0);
  EXPECT_FALSE(child.expected);
  ByteVector block(4096);
  EXPECT_FALSE(child.source->read(4096, block));
  ASSERT_TRUE(child.source->read(7 * 4096, block));
  EXPECT_TRUE(std::ranges::equal(block, std::span(w.after()).subspan(7 * 4096, 4096)));
}

TEST(PayloadDelta, WhatCannotBeAppliedIsSaidWithItsBytes) {
  test::DeltaWriter w;
  const ByteVector before = test::pattern(8192, 1), after = test::pattern(8192, 2);
  w.difference(2, before, before, {});                      // MOVE
  w.difference(3, before, after, test::bsdiff(before, after));
  w.difference(77, before, after, {});
  ByteVector broken = test::bsdiff(before, after);
  broken[4] = 'x';
  w.difference(5, before, after, broken);
  w.difference(11, before, after, test::brotli(test::pattern(99, 3)));
  for (int i = 0; i < 20; ++i) w.difference(3, before, after, test::bsdiff(before, after));
  w.difference(5, before, after, test::bsdiff(before, after));
  MadeBase base;
  base.images["x"] = w.before();
  const auto o = open_over(&base, test::payload({w.partition("x")}));
  ASSERT_TRUE(o.contents);
  const std::string in_place = details(o, "an operation that changes the old image in place");
  EXPECT_TRUE(in_place.starts_with("x.img: MOVE, 8192 bytes\nx.img: BSDIFF, 8192 bytes\n")) << in_place;
  EXPECT_EQ(details(o, "an operation of an unknown kind"), "x.img: kind 77, 8192 bytes\n");
  EXPECT_EQ(details(o, "more operations whose bytes cannot be had"), "x.img: 9 operations, 73728 bytes\n");
  ByteVector last(8192);
  ASSERT_TRUE(o.contents->children[0].source->read(w.after().size() - 8192, last));
  EXPECT_EQ(last, after);
}

// Nine bytes of manifest each, all for one patch of many steps.
TEST(PayloadDelta, ManyOperationsOverOnePatchCostNoMoreThanOne) {
  const ByteVector before = test::pattern(4096, 1);
  const ByteVector patch = test::bsdiff({}, ByteVector(200'000), std::vector<test::BsdiffStep>(200'000, test::BsdiffStep{0, 1, 0}));
  using Targets = decltype(test::PayloadOperation::targets);
  for (const bool with_targets : {false, true}) {
    PayloadPartition p{.name = "x", .size = 4096 * 400, .operations = {}, .image = before, .old_image = before};
    for (std::uint64_t i = 0; i < 400; ++i)
      p.operations.push_back({.type = 5, .targets = with_targets ? Targets{{i, 1}} : Targets{}, .data = i == 0 ? patch : ByteVector(), .more_data = i == 0 ? 0 : patch.size(), .data_at = 0});
    const auto start = std::chrono::steady_clock::now();
    const auto o = open_over(nullptr, test::payload({p}));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
    // A patch for more than its block is no share of it that could be told.
    EXPECT_EQ(details(o, "what the update itself holds of the new image"), with_targets ? "x.img: 0 of 1638400 bytes, of 1638400 more it cannot be told\n" : "x.img: 0 of 1638400 bytes\n");
  }
}

TEST(PayloadDelta, WhatMayBeReadForTheShareEnds) {
  test::DeltaWriter w;
  const ByteVector before = test::pattern(4096, 1), after = test::pattern(4096, 2);
  const ByteVector patch = test::bsdiff({}, after);
  for (int i = 0; i < 3; ++i) w.difference(5, before, after, patch);
  EXPECT_EQ(details(open_over(nullptr, test::payload({w.partition("x")})), "what the update itself holds of the new image"), "x.img: 12288 of 12288 bytes\n");
  // All by the data of the first, which lie in the payload once.
  for (int i = 0; i < 20; ++i) w.difference(5, before, after, {});
  PayloadPartition p = w.partition("x");
  for (std::size_t i = 1; i < p.operations.size(); ++i) {
    p.operations[i].data.clear();
    p.operations[i].more_data = patch.size();
    p.operations[i].data_at = 0;
  }
  const std::string share = details(open_over(nullptr, test::payload({p})), "what the update itself holds of the new image");
  EXPECT_NE(share.find(" more it cannot be told"), share.npos) << share;
}

TEST(PayloadDelta, APatchThatMakesMoreThanItsBlocksIsNotMade) {
  const ByteVector before = test::pattern(4096, 1), large = test::pattern(64 * 4096, 2);
  const auto refused = [&](std::uint32_t type, const ByteVector& patch) {
    test::DeltaWriter w;
    w.difference(type, before, test::pattern(4096, 3), patch);
    MadeBase base;
    base.images["x"] = w.before();
    return details(open_over(&base, test::payload({w.partition("x")})), "the patch makes more than there is room for");
  };
  EXPECT_EQ(refused(5, test::bsdiff(before, large)), "x.img: SOURCE_BSDIFF, 4096 bytes\n");
  EXPECT_EQ(refused(9, test::puffin({before, {}}, {large, {}})), "x.img: PUFFDIFF, 4096 bytes\n");
  EXPECT_EQ(refused(11, test::zucchini_of_nothing(before, large)), "x.img: ZUCCHINI, 4096 bytes\n");
  const test::Lz4File old_lz4 = test::lz4_file(test::words(9000, 5)), new_lz4 = test::lz4_file(test::words(90000, 5));
  EXPECT_EQ(refused(12, test::lz4diff(old_lz4, new_lz4, test::bsdiff(old_lz4.plain, new_lz4.plain))), "x.img: LZ4DIFF_BSDIFF, 4096 bytes\n");
}

TEST(PayloadDelta, ErrorsNamePlacesInThePayload) {
  const ByteVector before = test::pattern(8192, 1);
  const auto place = [&](std::uint32_t type, const ByteVector& patch, const ByteVector& old_image) {
    test::DeltaWriter w;
    w.difference(type, before, test::pattern(8192, 3), patch);
    PayloadPartition p = w.partition("x");
    p.operations[0].source_bytes.clear();
    p.old_image = old_image;
    MadeBase base;
    base.images["x"] = old_image;
    const ByteVector made = test::payload({p});
    const Budget budget;
    OpenContext context{.budget = budget, .scratch = test::scratch(), .base = &base};   // without a pool: not tried before
    const auto contents = test::container("payload").open(memory_source(made), context);
    if (!contents || !contents->children.at(0).source) return std::string("not opened");
    const auto read = contents->children[0].source->load();
    return read ? "read" : "data " + std::to_string(static_cast<std::int64_t>(read.error().at - (made.size() - patch.size())));
  };
  // The CRC of the old image is named at 8 of the decoded patch.
  EXPECT_EQ(place(11, test::zucchini_of_nothing(before, test::pattern(8192, 3)), test::pattern(8192, 4)), "data 0");
  ByteVector plain(300, 'z');
  test::place(plain, 0, Bytes::of("Zucc"));
  EXPECT_EQ(place(11, test::brotli(plain), before), "data 0");   // version at 4
  EXPECT_EQ(place(5, test::bsdiff(before, test::pattern(64 * 4096, 3)), before), "data 24");
}

TEST(PayloadDelta, HostileSourcesAreErrorsOfOneOperationOrPartition) {
  const ByteVector before = test::pattern(8192, 1);
  for (const auto& sources : std::vector<std::vector<std::pair<std::uint64_t, std::uint64_t>>>{{{2, 1}}, {{0, 3}}, {{~std::uint64_t{0} - 1, 1}}, {{0, ~std::uint64_t{0}}}, {{0, 1u << 20}}, {{1, ~std::uint64_t{0} >> 12}}, {}}) {
    for (const std::uint32_t type : {4u, 5u}) {
      PayloadPartition p{.name = "x", .size = 8192, .operations = {{type, {{0, 2}}, type == 5 ? test::bsdiff(before, before) : ByteVector()}}, .image = before, .old_image = before};
      p.operations[0].sources = sources;
      MadeBase base;
      base.images["x"] = before;
      const auto o = open_over(&base, test::payload({p}));
      ASSERT_TRUE(o.contents);
      if (!sources.empty()) { EXPECT_FALSE(o.notes.empty()); }
      test::check_promises(o, 1u << 20);
    }
  }
  // A hole in the old image reads as zeros.
  PayloadPartition p{.name = "x", .size = 4096, .operations = {{4, {{0, 1}}}}, .image = ByteVector(4096), .old_image = before};
  p.operations[0].sources = {{~std::uint64_t{0}, 1}};
  MadeBase base;
  base.images["x"] = before;
  EXPECT_EQ(bytes_of(open_over(&base, test::payload({p})).contents->children[0]), ByteVector(4096));
}

TEST(PayloadDelta, EveryPrefixAndFlippedByteIsSafe) {
  const test::DeltaWriter w = test::every_delta();
  MadeBase base;
  base.images["system"] = w.before();
  const ByteVector good = test::payload({w.partition("system")});
  for (std::size_t n = 0; n < good.size(); n += n < 900 ? 3 : 997) test::check_promises(open_over(&base, ByteVector(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n))), n);
  for (std::size_t i = 24; i < 900; i += 2) {
    ByteVector v = good;
    v[i] ^= 0x21;
    test::check_promises(open_over(&base, v), v.size());
  }
}

TEST(PayloadDelta, HashTreeAndErrorCorrectionAreMadeAsTheDeviceDoes) {
  const std::uint64_t blocks = 300;
  ByteVector data = test::pattern(blocks * 4096, 4), image = data;
  const ByteVector salt = test::pattern(32, 8);
  const auto tree = verity::hash_tree(*memory_source(data), 0, data.size(), 4096, HashAlgorithm::sha256, Bytes(salt));
  ASSERT_TRUE(tree);
  ASSERT_EQ(tree->size(), 4u * 4096);   // 300 digests in three blocks, and one above
  test::put(image, Bytes(*tree));
  const auto fec = verity::error_correction(*memory_source(image), 0, image.size(), 4096, 2);
  ASSERT_TRUE(fec);
  ASSERT_EQ(fec->size(), 4u * 4096);
  test::put(image, Bytes(*fec));
  PayloadPartition p{.name = "system", .size = image.size(), .operations = {{0, {{0, blocks}}, data}}, .image = image};
  p.generated = {{10, {0, blocks}}, {11, {blocks, 4}}, {14, {0, blocks + 4}}, {15, {blocks + 4, 4}}};
  p.hash_algorithm = "sha256";
  p.salt = salt;
  const auto o = open_over(nullptr, test::payload({p}));
  ASSERT_TRUE(o.contents);
  EXPECT_TRUE(o.notes.empty()) << test::describe(o);
  EXPECT_EQ(bytes_of(o.contents->children[0]), image);
  EXPECT_EQ(o.contents->children[0].expected, sha256(Bytes(image)));
  PayloadPartition outside = p;
  outside.generated[1].second = {blocks + 6, 4};
  EXPECT_EQ(open_over(nullptr, test::payload({outside})).contents->children[0].state, State::damaged);
  PayloadPartition strange = p;
  strange.hash_algorithm = "md2";
  EXPECT_NE(details(open_over(nullptr, test::payload({strange})), "the device generates a hash tree or error correction in a way that is not known"), "");
}

TEST(PayloadDelta, VeritysetupIsTheJudgeOfGeneratedBlocks) {
  if (test::run("command -v veritysetup").output.empty()) GTEST_SKIP() << "veritysetup is not installed";
  const test::ScratchFolder folder;
  const auto at = [&](const char* name) { return "'" + (folder.path() / name).string() + "'"; };
  for (const std::uint64_t blocks : {128u, 300u, 4200u}) {
    const ByteVector data = test::pattern(blocks * 4096, static_cast<unsigned>(blocks));
    std::ofstream(folder.path() / "data", std::ios::binary).write(Bytes(data).text().data(), static_cast<std::streamsize>(data.size()));
    ASSERT_EQ(test::run("rm -f " + at("hash") + " " + at("fec") + "; veritysetup format --no-superblock --salt=0badc0de --data-blocks=" + std::to_string(blocks) + " --fec-device=" + at("fec") + " --fec-roots=2 " + at("data") + " " + at("hash") + " 2>&1").status, 0);
    const ByteVector salt = {0x0b, 0xad, 0xc0, 0xde};
    const auto tree = verity::hash_tree(*memory_source(data), 0, data.size(), 4096, HashAlgorithm::sha256, Bytes(salt));
    ASSERT_TRUE(tree);
    EXPECT_EQ(*tree, test::read_file(folder.path() / "hash")) << blocks;
    ByteVector both = data;
    test::put(both, Bytes(*tree));
    const auto fec = verity::error_correction(*memory_source(both), 0, both.size(), 4096, 2);
    ASSERT_TRUE(fec);
    EXPECT_EQ(*fec, test::read_file(folder.path() / "fec")) << blocks;
  }
}

// The two samples of the evidence are no pair; what the incremental one holds whole must still be what its manifest says.
TEST(PayloadDelta, RealDeltaSaysWhatItHolds) {
  KLIK_NEEDS_EVIDENCE();
  const std::string folder = test::evidence() + "/containers/payload/";
  const ByteVector delta = test::read_file(folder + "delta_payload.bin");
  const auto o = open_over(nullptr, delta);
  ASSERT_TRUE(o.contents);
  EXPECT_EQ(details(o, "operations that need the old image"), "kernel.img: 1 BROTLI_BSDIFF operation, 24576 bytes\nkernel.img: 1 SOURCE_COPY operation, 16384 bytes\n");
  EXPECT_NE(details(o, "what the update itself holds of the new image"), "");
  const Child& root = o.contents->children.at(1);
  EXPECT_EQ(sha256(Bytes(bytes_of(root))), root.expected);
  MadeBase base;
  const auto full = test::open("payload", test::read_file(folder + "full_payload.bin"));
  base.images["kernel"] = bytes_of(full.contents->children.at(0));
  const auto over = open_over(&base, delta);
  const Child& kernel = over.contents->children.at(0);
  if (kernel.expected) { EXPECT_EQ(sha256(Bytes(bytes_of(kernel))), kernel.expected); }
  else { EXPECT_NE(details(over, "the old image is not the one that this update was made for"), ""); }
}

}  // namespace
}  // namespace klik
