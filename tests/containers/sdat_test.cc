#include <algorithm>
#include <fstream>

#include "support/android_images.h"
#include "support/containers.h"
#include "support/evidence.h"
#include "support/file_patch_writer.h"
#include "support/files.h"

namespace klik {
namespace {

using test::ByteVector;

test::Opened open_list(const ByteVector& data, const std::string& list, const std::string& name = "system.new.dat") {
  return test::open("sdat", memory_source(ByteVector(data)), name, [list](std::string_view sibling) -> SourceRef {
    if (sibling != "system.transfer.list") return nullptr;
    const Bytes text = Bytes::of(list);
    return memory_source(ByteVector(text.begin(), text.end()));
  });
}

// Blocks filled with one letter each; '.' is a block of zeros.
ByteVector blocks(std::string_view letters) {
  ByteVector out;
  for (const char c : letters) out.insert(out.end(), 4096, c == '.' ? std::uint8_t{0} : static_cast<std::uint8_t>(c));
  return out;
}

std::string letters_of(const test::Opened& o) {
  if (!o.contents) return std::string("error: ") + o.contents.error().what;
  const Child& child = o.contents->children.at(0);
  if (!child.source) return std::string(state_name(child.state));
  const auto bytes = child.source->load();
  if (!bytes) return "unreadable";
  std::string out;
  for (std::uint64_t i = 0; i < bytes->size(); i += 4096) {
    const auto block = bytes->bytes().slice(i, 4096);
    if (!block || std::ranges::any_of(block->span(), [&](std::uint8_t b) { return b != (*block)[0]; })) return out + "?";
    out += (*block)[0] == 0 ? '.' : static_cast<char>((*block)[0]);
  }
  return out;
}

bool noted(const test::Opened& opened, std::string_view what) {
  return std::ranges::any_of(opened.notes, [&](const Note& n) { return n.error.what == what; });
}

TEST(Sdat, LaysBlocksOutAsTheListSays) {
  const auto o = open_list(blocks("abcde"), "4\n8\n0\n0\nerase 2,8,10\nnew 4,6,7,0,2\nzero 2,2,4\nnew 4,5,6,7,8\n");
  EXPECT_EQ(letters_of(o), "bc...da" "e..");
  const Child& image = o.contents->children.at(0);
  EXPECT_EQ(image.name, "system.img");
  EXPECT_EQ(image.transform, "sdat");
  EXPECT_EQ(image.extents, (std::vector<Extent>{{4096, 12288}, {0, 4096}, {16384, 4096}}));
  EXPECT_TRUE(noted(o, "transfer list: the commands do not add up to its block count"));
}

TEST(Sdat, ReadsVersionsOneToFour) {
  for (const std::string header : {"1\n3\n", "2\n3\n0\n0\n", "3\n3\n0\n0\n", "4\n3\n0\n0\n"}) {
    const auto o = open_list(blocks("xy"), header + "new 2,1,3\nzero 2,0,1\n");
    EXPECT_EQ(letters_of(o), ".xy");
    EXPECT_TRUE(o.notes.empty()) << test::describe(o);
  }
  EXPECT_EQ(letters_of(open_list(blocks("xy"), "5\n3\n0\n0\n")), "error: transfer list: version is not 1 to 4");
}

TEST(Sdat, LaterCommandsOverwriteEarlierOnes) {
  EXPECT_EQ(letters_of(open_list(blocks("abcdefgh"), "4\n10\n0\n0\nnew 2,0,6\nzero 2,2,4\nnew 2,3,5\n")), "ab.gh" "f");
  EXPECT_EQ(letters_of(open_list(blocks("abcd"), "4\n4\n0\n0\nnew 2,0,1\nnew 2,0,1\nnew 2,0,1\nnew 2,0,1\n")), "d");
}

TEST(Sdat, ShortDataIsALossAndLongDataIsSaid) {
  auto o = open_list(blocks("ab"), "4\n3\n0\n0\nnew 2,0,3\n");
  EXPECT_EQ(letters_of(o), "ab.");
  EXPECT_TRUE(noted(o, "the data holds less than the transfer list takes"));
  o = open_list(blocks("abcd"), "4\n3\n0\n0\nnew 2,0,3\n");
  EXPECT_EQ(letters_of(o), "abc");
  EXPECT_TRUE(noted(o, "the data holds more than the transfer list takes"));
}

TEST(Sdat, WithoutItsListItIsUnsupportedWithAdvice) {
  const auto o = test::open("sdat", blocks("a"), "vendor.new.dat");
  ASSERT_FALSE(o.contents);
  EXPECT_EQ(o.contents.error().code, Code::unsupported);
  ASSERT_EQ(o.notes.size(), 1u);
  EXPECT_EQ(o.notes[0].detail, "vendor.transfer.list");
  EXPECT_FALSE(o.notes[0].advice.empty());
}

TEST(Sdat, IncrementalListsAreCounted) {
  const auto o = open_list(blocks("ab"), "4\n9\n0\n0\nnew 2,0,2\nmove 00 2,5,6 1 2,7,8\nmove 00 2,5,6 1 2,7,8\nbsdiff 0 10 aa bb 2,8,9 1 2,1,2\nstash aa 2,1,2\nfrobnicate\n");
  EXPECT_EQ(letters_of(o), "unsupported");
  std::string details;
  for (const Note& n : o.notes)
    if (n.error.code == Code::unsupported) details += n.detail + ";";
  EXPECT_EQ(details, "2 move;1 bsdiff;1 stash;1 other;");
  ASSERT_TRUE(noted(o, "blocks that the update holds itself"));
  EXPECT_EQ(o.notes.back().detail, "2 of 5 blocks");
}

// The same with an old image, "" for none, and patch data.
test::Opened update(std::string_view old, std::string_view data, const std::string& list, const std::string& patches = {}) {
  static const Budget budget;
  test::MadeBase base;
  const ByteVector image = blocks(old);
  if (!old.empty()) base.partitions["system"] = Bytes(image).text();
  OpenContext context{.budget = budget, .scratch = test::scratch(), .name = "system.new.dat", .base = &base};
  context.sibling = [&](std::string_view name) -> SourceRef {
    const Bytes text = Bytes::of(name == "system.transfer.list" ? list : patches);
    if (name != "system.transfer.list" && name != "system.patch.dat") return nullptr;
    return memory_source(ByteVector(text.begin(), text.end()));
  };
  auto contents = test::container("sdat").open(memory_source(blocks(data)), context);
  return {std::move(contents), std::move(context.notes)};
}

std::string sha1(std::string_view letters) { return test::sha1_of(Bytes(blocks(letters)).text()); }

TEST(Sdat, BlocksThatNoCommandWritesAreTheOldOnes) {
  EXPECT_EQ(letters_of(update("abcdef", "X", "3\n1\n0\n0\nnew 2,1,2\nmove " + sha1("f") + " 2,0,1 1 2,5,6\n")), "fXcdef");
}

TEST(Sdat, MovesReadWhatEarlierCommandsWrote) {
  EXPECT_EQ(letters_of(update("abcd", "", "2\n4\n0\n0\nmove 2,0,1 1 2,3,4\nmove 2,1,2 1 2,0,1\n")), "ddcd");
  EXPECT_EQ(letters_of(update("abcd", "X", "1\n3\nnew 2,3,4\nmove 2,3,4 2,0,1\nmove 2,0,2 2,2,4\n")), "XbXb");
  EXPECT_EQ(letters_of(update("abcd", "", "2\n3\n0\n0\nzero 2,1,2\nmove 4,2,3,0,1 2 2,1,3\n")), "c..d");
}

TEST(Sdat, StashesKeepBlocksAsTheyWere) {
  // a and b change places; the stash has its own place among what is read
  EXPECT_EQ(letters_of(update("abcd", "", "2\n2\n1\n1\nstash 0 2,0,1\nmove 2,0,1 1 2,1,2\nmove 2,1,2 1 - 0:2,0,1\nfree 0\n")), "bacd");
  EXPECT_EQ(letters_of(update("abcd", "", "3\n3\n1\n1\nstash h 2,0,1\nzero 2,0,1\nmove " + sha1("bad") + " 2,1,4 3 4,1,2,3,4 4,0,1,2,3 h:2,1,2\n")), ".bad");
  const auto more = update("abcd", "", "2\n1\n1\n1\nstash 0 2,0,2\nmove 2,3,4 1 2,0,1\n");
  EXPECT_EQ(letters_of(more), "abca");
  EXPECT_TRUE(noted(more, "transfer list: puts more blocks aside than it says"));
}

TEST(Sdat, PatchesAreAppliedToTheBlocksOfThatMoment) {
  const std::string one = test::bsdiff(Bytes(blocks("ab")).text(), Bytes(blocks("xyz")).text());
  const std::string two = test::ImgdiffWriter().raw(Bytes(blocks("q")).text()).normal(4096, Bytes(blocks("d")).text(), Bytes(blocks("r")).text()).done();
  const std::string list = "4\n5\n0\n0\nbsdiff 0 " + std::to_string(one.size()) + " " + sha1("ab") + " " + sha1("xyz") + " 2,0,3 2 2,0,2\nimgdiff " + std::to_string(one.size()) + " " + std::to_string(two.size()) + " " +
                           sha1("yd") + " " + sha1("qr") + " 2,3,5 2 4,1,2,3,4\n";
  const auto o = update("abcd", "", list, one + two);
  EXPECT_EQ(letters_of(o), "xyzqr");
  EXPECT_TRUE(o.notes.empty()) << test::describe(o);
  EXPECT_EQ(o.contents->children.at(0).state, State::read);
}

TEST(Sdat, AnOldImageOfAnotherVersionIsSaid) {
  const std::string patch = test::bsdiff(Bytes(blocks("a")).text(), Bytes(blocks("x")).text());
  const std::string list = "4\n2\n0\n0\nbsdiff 0 " + std::to_string(patch.size()) + " " + sha1("a") + " " + sha1("x") + " 2,0,1 1 2,0,1\nmove " + sha1("b") + " 2,2,3 1 2,1,2\n";
  EXPECT_EQ(letters_of(update("abc", "", list, patch)), "xbb");
  const auto o = update("Abc", "", list, patch);
  EXPECT_EQ(o.contents->children.at(0).state, State::damaged);
  EXPECT_TRUE(noted(o, "blocks that patches could not make"));
  EXPECT_FALSE(noted(o, "blocks that the update takes from the old image, which has others there"));
  const auto moved = update("aBc", "", list, patch);
  EXPECT_TRUE(noted(moved, "blocks that the update takes from the old image, which has others there"));
  const auto cut = update("abc", "", list, patch.substr(0, 30));
  EXPECT_TRUE(noted(cut, "blocks that patches could not make"));
  EXPECT_TRUE(noted(update("", "", list, patch), "the old build does not hold the partition that the update changes"));
}

TEST(Sdat, AListWithoutDigestsSaysThatNobodyCanTell) {
  const std::string_view what = "transfer list: of a version that states no digests, so whether the old image is the right one cannot be seen";
  const auto first = update("wxyz", "X", "1\n3\nnew 2,3,4\nmove 2,0,1 2,2,3\nmove 2,0,2 2,2,4\n");
  const auto second = update("wxyz", "", "2\n1\n0\n0\nmove 2,0,1 1 2,3,4\n");
  for (const test::Opened* o : {&first, &second}) {
    EXPECT_EQ(std::ranges::count_if(o->notes, [&](const Note& n) { return n.error.what == what; }), 1);
    EXPECT_EQ(o->notes.at(0).severity, Severity::error);
  }
  EXPECT_FALSE(noted(update("abcd", "", "3\n1\n0\n0\nmove " + sha1("d") + " 2,0,1 1 2,3,4\n"), what));
  EXPECT_FALSE(noted(open_list(blocks("a"), "1\n1\nnew 2,0,1\n"), what));   // needs no old image
}

TEST(Sdat, WrongTargetsOfPatchesAreRefused) {
  const std::string patch = test::bsdiff(Bytes(blocks("a")).text(), Bytes(blocks("x")).text());
  const auto tell = [&](const std::string& digest, const std::string& to) {
    return update("ab", "", "4\n1\n0\n0\nbsdiff 0 " + std::to_string(patch.size()) + " " + sha1("a") + " " + digest + " " + to + " 1 2,0,1\n", patch).contents->children.at(0).state;
  };
  EXPECT_EQ(tell(sha1("x"), "2,0,1"), State::read);
  EXPECT_EQ(tell(sha1("y"), "2,0,1"), State::damaged);
  EXPECT_EQ(tell(sha1("x"), "2,0,2"), State::damaged);   // fills one block of two
}

TEST(Sdat, HostileIncrementalListsAreRefused) {
  const auto refused = [](const std::string& lines, const std::string& version = "2") {
    const auto o = update("abcd", "", version + "\n1\n9\n9\n" + lines);
    return o.contents ? std::string("accepted") : std::string(code_name(o.contents.error().code));
  };
  EXPECT_EQ(refused("free 0\n"), "bad_value");
  EXPECT_EQ(refused("move 2,0,1 1 - 7:2,0,1\n"), "bad_value");
  EXPECT_EQ(refused("move 2,0,1 2 2,0,1\n"), "bad_value");
  EXPECT_EQ(refused("move 2,0,2 1 2,0,1\n"), "bad_value");
  EXPECT_EQ(refused("stash 0 2,0,1\nmove 2,0,2 2 2,0,1 2,0,1 0:2,0,1\n"), "bad_value");   // two parts at one place
  EXPECT_EQ(refused("stash 0 2,0,1\nmove 2,0,2 2 2,0,1 2,0,1 0:2,2,3\n"), "bad_value");   // a gap
  EXPECT_EQ(refused("stash 0 2,0,1\nmove 2,0,2 2 2,0,1 0:2,1,2\n"), "bad_value");
  EXPECT_EQ(refused("stash 0 2,0,1\nmove 2,0,1 1 - 0:2,0,18446744073709551615\n"), "over_budget");
  EXPECT_EQ(refused("move 2,0,1 99999999999999999 2,0,1\n"), "over_budget");
  EXPECT_EQ(refused("bsdiff 0 1 2,0,70000 1 2,0,1\n"), "over_budget");
  EXPECT_EQ(refused("move 2,0,1\n"), "bad_value");
  EXPECT_EQ(refused("stash\n"), "truncated");
  EXPECT_EQ(refused("free\n"), "truncated");
  EXPECT_EQ(refused("move\n", "4"), "truncated");
  // Patches upon patches.
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += "bsdiff 0 1 2,0,1 1 2,0,1\n";
  EXPECT_EQ(refused(deep), "over_budget");
  // The whole old image copied again and again.
  std::string again = "zero 2,0,4000000\n";
  for (int i = 0; i < 40; ++i) again += "move 2,0,4000000 4000000 2,0,4000000\n";
  EXPECT_EQ(refused(again), "over_budget");
}

TEST(Sdat, EveryPrefixOfAnIncrementalListIsSafe) {
  const std::string patch = test::bsdiff(Bytes(blocks("a")).text(), Bytes(blocks("x")).text());
  const std::string list = "4\n4\n1\n1\nstash aa 2,0,1\nbsdiff 0 " + std::to_string(patch.size()) + " " + sha1("a") + " " + sha1("x") + " 2,0,1 1 2,0,1\nmove " + sha1("ba") + " 2,2,4 2 2,1,2 2,0,1 aa:2,1,2\nfree aa\n";
  EXPECT_EQ(letters_of(update("abcd", "", list, patch)), "xbba");
  for (std::size_t n = 0; n < list.size(); ++n) test::check_promises(update("abcd", "", list.substr(0, n), patch), 0);
}

TEST(Sdat, AComputedHashTreeLeavesAReadableImage) {
  const auto o = open_list(blocks("ab"), "4\n2\n0\n0\nnew 2,0,2\ncompute_hash_tree 2,2,3 2,0,2 sha256 00 11\n");
  EXPECT_EQ(letters_of(o), "ab.");
  EXPECT_TRUE(noted(o, "transfer list: the device computes the hash tree; its blocks read as zeros"));
}

TEST(Sdat, HostileListsAreRefused) {
  for (const std::string line : {"new 1,0", "new 3,0,1,2", "new 2,5,5", "new 2,5,4", "new 2,0", "new 4,0,1", "new 2,0,1,2,3", "new 2,-1,4", "new 2,0,99999999999999999999",
                                 "new 2, 0,1", "new", "zero ", "erase 0", "new 2,a,b", "new 18446744073709551614,0,1", "new 2,0x0,1"})
    EXPECT_TRUE(letters_of(open_list(blocks("ab"), "4\n3\n0\n0\n" + line + "\n")).starts_with("error: transfer list: ")) << line;
  for (const std::string line : {"erase 2,0,18446744073709551615", "new 2,0,4503599627370496", "zero 2,16777216,16777217"}) {
    const auto o = open_list(blocks("ab"), "4\n3\n0\n0\n" + line + "\n");
    ASSERT_FALSE(o.contents) << line;
    EXPECT_EQ(o.contents.error().code, Code::over_budget) << line;
  }
  // Few bytes of text that take the same blocks again and again.
  std::string again = "4\n3\n0\n0\n";
  for (int i = 0; i < 20; ++i) again += "new 2,0,16777216\n";
  EXPECT_EQ(open_list(blocks("ab"), again).contents.error().code, Code::over_budget);
}

TEST(Sdat, EveryPrefixOfTheListIsSafe) {
  const std::string list = "4\n8\n0\n0\nerase 2,8,10\nnew 4,6,7,0,2\nzero 2,2,4\nmove 00 2,1,2 1 2,3,4\n";
  for (std::size_t n = 0; n < list.size(); ++n) test::check_promises(open_list(blocks("abcde"), list.substr(0, n)), 5 * 4096);
}

TEST(Sdat, EveryPrefixOfTheDataIsSafe) { test::every_prefix("sdat", blocks("ab"), 511, "system.new.dat"); }

TEST(Sdat, TheNameDecidesBeforeAMagicInTheBlocks) {
  ByteVector v = blocks("..");
  test::place(v, 0, Bytes::of("\x3a\xff\x26\xed"));   // a sparse image in the first block
  const auto source = memory_source(ByteVector(v));
  EXPECT_EQ(detect(*source, "system.new.dat")->name, "sdat");
  EXPECT_EQ(detect(*source, "system.new.dat.br")->name, "sdat");
  EXPECT_EQ(detect(*source, "system.img")->name, "android_sparse");
}

class SdatBrotli : public testing::Test {
 protected:
  ByteVector packed(const ByteVector& in) const {
    const std::string at = (folder_.path() / "in").string();
    std::ofstream(at, std::ios::binary) << Bytes(in).text();
    if (test::run("brotli -q 5 -f -o '" + at + ".br' '" + at + "'").status != 0) return {};
    return test::read_file(at + ".br");
  }
  test::ScratchFolder folder_;
};

TEST_F(SdatBrotli, IsDecodedFirst) {
  ByteVector in = test::pattern(300 * 4096, 2);
  test::put(in, Bytes(blocks("ab")));
  const ByteVector br = packed(in);
  if (br.empty()) GTEST_SKIP() << "brotli is not here";
  const auto o = open_list(br, "4\n302\n0\n0\nnew 4,2,302,0,2\n", "system.new.dat.br");
  ASSERT_TRUE(o.contents);
  const Child& image = o.contents->children.at(0);
  const auto bytes = image.source->load();
  ASSERT_TRUE(bytes);
  ByteVector want = blocks("ab");
  want.insert(want.end(), in.begin(), in.begin() + 300 * 4096);
  EXPECT_TRUE(std::ranges::equal(bytes->bytes(), want));
  EXPECT_EQ(image.extents, (std::vector<Extent>{{0, br.size()}}));
  EXPECT_EQ(image.transform, "sdat-brotli");
  EXPECT_TRUE(o.notes.empty());
}

TEST_F(SdatBrotli, BrokenAndCutStreamsKeepWhatCameBefore) {
  const ByteVector br = packed(test::pattern(64 * 4096, 2));
  if (br.empty()) GTEST_SKIP() << "brotli is not here";
  const std::string list = "4\n64\n0\n0\nnew 2,0,64\n";
  for (std::size_t n = 0; n < br.size(); n += br.size() / 40) {
    const auto o = open_list(ByteVector(br.begin(), br.begin() + static_cast<std::ptrdiff_t>(n)), list, "system.new.dat.br");
    ASSERT_TRUE(o.contents);
    EXPECT_EQ(o.contents->children.at(0).size, 64u * 4096);
    EXPECT_TRUE(noted(o, "the brotli stream does not end")) << n;
    test::check_promises(o, n);
  }
  ByteVector bad = br;
  for (std::size_t i = 20; i < 40; ++i) bad[i] ^= 0x55;
  test::check_promises(open_list(bad, list, "system.new.dat.br"), bad.size());
}

TEST_F(SdatBrotli, ABombIsCutAtWhatTheListTakes) {
  const ByteVector br = packed(ByteVector(std::size_t{64} << 20));
  if (br.empty()) GTEST_SKIP() << "brotli is not here";
  ASSERT_LT(br.size(), 10000u);
  const auto o = open_list(br, "4\n2\n0\n0\nnew 2,0,2\n", "system.new.dat.br");
  EXPECT_EQ(letters_of(o), "..");
  EXPECT_TRUE(noted(o, "the data holds more than the transfer list takes"));
}

TEST(Sdat, RealBrotliTripleGivesTheImageTheDataSays) {
  KLIK_NEEDS_EVIDENCE();
  const std::string folder = test::evidence() + "/containers/sdat-br/";
  const auto o = test::open("sdat", memory_source(test::read_file(folder + "iris_private.new.dat.br")), "iris_private.new.dat.br",
                            [&](std::string_view name) -> SourceRef { return memory_source(test::read_file(folder + std::string(name))); });
  ASSERT_TRUE(o.contents);
  EXPECT_TRUE(o.notes.empty()) << test::describe(o);
  const Child& image = o.contents->children.at(0);
  EXPECT_EQ(image.name, "iris_private.img");
  EXPECT_EQ(image.size, 5120u * 4096);
  const auto bytes = image.source->load();
  ASSERT_TRUE(bytes);
  // The judge: the decoded stream cut by hand along "new 10,0,10,19,20,35,37,195,196,1195,1686".
  const test::ScratchFolder out;
  const std::string raw_path = (out.path() / "raw").string();
  if (test::run("brotli -d -f -o '" + raw_path + "' '" + folder + "iris_private.new.dat.br'").status != 0) GTEST_SKIP() << "brotli is not here";
  const ByteVector raw = test::read_file(raw_path);
  ASSERT_EQ(raw.size(), 505u * 4096);
  ByteVector want(5120 * 4096);
  std::size_t from = 0;
  for (const auto& [first, end] : {std::pair{0u, 10u}, {19u, 20u}, {35u, 37u}, {195u, 196u}, {1195u, 1686u}}) {
    const std::size_t n = std::size_t{end - first} * 4096;
    std::copy_n(raw.begin() + static_cast<std::ptrdiff_t>(from), n, want.begin() + std::ptrdiff_t{first} * 4096);
    from += n;
  }
  EXPECT_EQ(from, raw.size());
  EXPECT_TRUE(std::ranges::equal(bytes->bytes(), want));
  // The image is an ext4 file system.
  EXPECT_EQ(want[1080], 0x53);
  EXPECT_EQ(want[1081], 0xEF);
}

TEST(Sdat, RealListsOfOtherPartitionsAreFull) {
  KLIK_NEEDS_EVIDENCE();
  const std::string folder = test::evidence() + "/containers/sdat-br/";
  for (const std::string stem : {"iris_system", "iris_vendor"}) {
    const auto o = test::open("sdat", ByteVector(), stem + ".new.dat");
    EXPECT_FALSE(o.contents);
    const auto with = test::open("sdat", memory_source(ByteVector()), stem + ".new.dat", [&](std::string_view name) -> SourceRef { return memory_source(test::read_file(folder + std::string(name))); });
    ASSERT_TRUE(with.contents);
    EXPECT_EQ(with.contents->children.at(0).state, State::read);
    EXPECT_EQ(with.notes.size(), 1u) << test::describe(with);   // the data is not here
  }
}

}  // namespace
}  // namespace klik
