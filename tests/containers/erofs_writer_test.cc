// EROFS features that mkfs.erofs here cannot make, in images from a writer of our own. Those with LZ4 are
// judged by fsck.erofs as well, which says that the writer lays out indexes as others expect them.
#include <gtest/gtest.h>

#include "support/containers.h"
#include "support/damage.h"
#include "support/erofs_writer.h"
#include "support/files.h"
#include "support/trees.h"

namespace klik {
namespace {

using test::ErofsCodec;
using test::ErofsOptions;
using test::ErofsWriter;

struct Kind {
  const char* name;
  ErofsOptions options;
  const char* transform;
  bool judged = false;
};

std::map<std::string, std::string> files() {
  return {
      {"empty", ""},
      {"tiny.txt", "tiny"},
      {"block.txt", test::text_bytes(4096, 1)},
      {"long.txt", test::text_bytes(400000, 2)},
      {"zeros", std::string(300000, '\0')},
      {"noise", test::random_bytes(40001, 3)},
      {"both", test::text_bytes(70000, 4) + test::random_bytes(20000, 5) + test::text_bytes(70000, 6)},
  };
}

class ErofsWritten : public testing::TestWithParam<Kind> {};

TEST_P(ErofsWritten, ReadsBackWhatWasWritten) {
  ErofsWriter writer(GetParam().options);
  for (const auto& [name, content] : files()) writer.add_compressed(name, content);
  const auto image = writer.finish();
  const auto opened = test::open("erofs", image);
  ASSERT_TRUE(opened.contents) << opened.contents.error().what;
  for (const Note& n : opened.notes) ADD_FAILURE() << n.error.what << " " << n.detail;
  for (const auto& [name, content] : files()) EXPECT_TRUE(test::content(opened, name) == content) << name;
  EXPECT_EQ(test::child(opened, "both")->transform, GetParam().transform);
  EXPECT_EQ(test::child(opened, "both")->attributes->uid, 1000u);
  test::check_promises(opened, image.size());
  if (!GetParam().judged) return;
  const test::ScratchFolder folder;
  test::write_file(folder.path() / "image", std::string(image.begin(), image.end()));
  const auto judged = test::run("fsck.erofs --extract=" + (folder.path() / "out").string() + " " + (folder.path() / "image").string() + " 2>&1");
  ASSERT_EQ(judged.status, 0) << judged.output;
  test::expect_same_tree(opened.contents->children, folder.path() / "out");
}

TEST_P(ErofsWritten, FragmentsComeFromThePackedInode) {
  for (const bool compress_packed : {true, false}) {
    ErofsWriter writer(GetParam().options);
    const std::string text = test::text_bytes(100000, 7), small = test::text_bytes(900, 8), other = test::text_bytes(50000, 9);
    writer.add_with_fragment("tail", text, 5000);
    writer.add_with_fragment("whole", small, small.size());
    writer.add_with_fragment("last", other, 1);
    const auto image = writer.finish(compress_packed);
    const auto opened = test::open("erofs", image);
    ASSERT_TRUE(opened.contents) << opened.contents.error().what;
    for (const Note& n : opened.notes) ADD_FAILURE() << n.error.what << " " << n.detail;
    EXPECT_TRUE(test::content(opened, "tail") == text);
    EXPECT_TRUE(test::content(opened, "whole") == small);
    EXPECT_TRUE(test::content(opened, "last") == other);
    // A file that is nothing but a fragment still says where its bytes lie.
    ASSERT_EQ(test::child(opened, "whole")->extents.size(), 1u);
    if (!compress_packed) {
      const Extent e = test::child(opened, "whole")->extents[0];
      EXPECT_EQ(Bytes(image).slice(e.at, e.length)->text(), small);
    }
    test::check_promises(opened, image.size());
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, ErofsWritten,
    testing::Values(Kind{"Lz4Compact", {}, "erofs-lz4", true},                                                                      //
                    Kind{"Lz4FourByte", {.two_byte = false}, "erofs-lz4", true},                                                    //
                    Kind{"Lz4Full", {.compact = false}, "erofs-lz4", true},                                                         //
                    Kind{"Lz4Big", {.cluster_blocks = 4}, "erofs-lz4", true},                                                       //
                    Kind{"Lz4BigFull", {.compact = false, .cluster_blocks = 16}, "erofs-lz4", true},                                //
                    Kind{"Lzma", {.head1 = ErofsCodec::lzma}, "erofs-lzma"},                                                        //
                    Kind{"LzmaBigFull", {.compact = false, .cluster_blocks = 8, .head1 = ErofsCodec::lzma}, "erofs-lzma"},          //
                    Kind{"Deflate", {.head1 = ErofsCodec::deflate}, "erofs-deflate"},                                               //
                    Kind{"DeflateBig", {.cluster_blocks = 16, .head1 = ErofsCodec::deflate}, "erofs-deflate"},                      //
                    Kind{"DeflateFull", {.compact = false, .head1 = ErofsCodec::deflate}, "erofs-deflate"},                         //
                    Kind{"Zstd", {.head1 = ErofsCodec::zstd}, "erofs-zstd"},                                                        //
                    Kind{"ZstdBig", {.cluster_blocks = 16, .head1 = ErofsCodec::zstd}, "erofs-zstd"},                               //
                    Kind{"ZstdFull", {.compact = false, .head1 = ErofsCodec::zstd}, "erofs-zstd"},                                  //
                    Kind{"TwoHeads", {.cluster_blocks = 4, .head1 = ErofsCodec::lzma, .head2 = ErofsCodec::zstd, .alternate = true}, "erofs-mixed"},  //
                    Kind{"TwoHeadsFull", {.compact = false, .head1 = ErofsCodec::lz4, .head2 = ErofsCodec::deflate, .alternate = true}, "erofs-mixed"},  //
                    Kind{"Interlaced", {.interlaced = true}, "erofs-lz4"},                                                          //
                    Kind{"InterlacedFull", {.compact = false, .head1 = ErofsCodec::zstd, .interlaced = true}, "erofs-zstd"},        //
                    Kind{"SmallBlocks", {.block_bits = 10}, "erofs-lz4"},                                                           //
                    Kind{"SmallestBlocks", {.block_bits = 9, .head1 = ErofsCodec::deflate}, "erofs-deflate"},                       //
                    Kind{"LargestBlocks", {.block_bits = 16, .compact = false, .head1 = ErofsCodec::zstd}, "erofs-zstd"},           //
                    Kind{"LargeBlocks", {.block_bits = 14, .two_byte = false}, "erofs-lz4"}),
    [](const auto& kind) { return kind.param.name; });

class ErofsShared : public testing::TestWithParam<ErofsCodec> {};

TEST_P(ErofsShared, AClusterOfAnotherFileIsReadAsFarAsNeeded) {
  ErofsWriter writer({.compact = false, .head1 = GetParam()});
  const std::string text = test::text_bytes(100000, 1);
  writer.keep_extents("first", text);
  writer.add_sharing("second", "first", 61234);
  const auto image = writer.finish();
  const auto opened = test::open("erofs", image);
  EXPECT_TRUE(opened.notes.empty());
  EXPECT_TRUE(test::content(opened, "first") == text);
  EXPECT_TRUE(test::content(opened, "second") == text.substr(0, 61234));
  EXPECT_EQ(test::child(opened, "second")->extents[0].at, test::child(opened, "first")->extents[0].at);
}

INSTANTIATE_TEST_SUITE_P(All, ErofsShared, testing::Values(ErofsCodec::lz4, ErofsCodec::lzma, ErofsCodec::deflate, ErofsCodec::zstd));

// The image of one compressed file, and where its inode lies: behind the data, at the start of the metadata.
struct OneFile {
  std::vector<std::uint8_t> image;
  std::size_t inode, index;   // of the full index
};
OneFile one_file(const ErofsOptions& options) {
  ErofsWriter writer(options);
  writer.add_compressed("file", test::text_bytes(100000, 1));
  OneFile one{writer.finish(), 0, 0};
  one.inode = static_cast<std::size_t>(*Bytes(one.image).get<U32le>(1024 + 40)) << options.block_bits;
  one.index = one.inode + 64 + 16;
  return one;
}

TEST(ErofsHostile, EveryPrefixIsSafe) {
  for (const ErofsCodec codec : {ErofsCodec::lz4, ErofsCodec::lzma, ErofsCodec::deflate, ErofsCodec::zstd}) {
    ErofsWriter writer({.block_bits = 10, .cluster_blocks = 2, .head1 = codec});
    writer.add_compressed("text", test::text_bytes(9000, 1));
    writer.add_with_fragment("tail", test::text_bytes(5000, 2), 700);
    test::every_prefix("erofs", writer.finish(), 64);
  }
}

TEST(ErofsHostile, BrokenMetadataIsSafe) {
  for (const bool compact : {true, false}) {
    ErofsWriter writer({.compact = compact, .cluster_blocks = compact ? 4u : 1u, .head1 = ErofsCodec::zstd, .head2 = ErofsCodec::lzma, .alternate = true});
    writer.add_compressed("text", test::text_bytes(100000, 1));
    writer.add_compressed("zeros", std::string(200000, '\0'));
    writer.add_with_fragment("tail", test::text_bytes(20000, 2), 700);
    const auto image = writer.finish();
    const std::size_t meta = static_cast<std::size_t>(*Bytes(image).get<U32le>(1024 + 40)) * 4096;
    test::break_bytes("erofs", image, 1024, 1024 + 192, 300, 1);
    test::break_bytes("erofs", image, meta, meta + 1024, 1200, 2);
    test::break_bytes("erofs", image, meta - 4096, meta, 300, 3);   // the root folder
    test::break_bytes("erofs", image, 4096, meta, 300, 4);          // clusters
  }
}

TEST(ErofsHostile, UnknownFeaturesAreUnsupported) {
  auto one = one_file({});
  one.image[1024 + 80] |= 0x80;   // 48 bits
  EXPECT_EQ(test::describe(test::open("erofs", one.image)), "error at 1104: unsupported: EROFS features that are not read (48-bit, metabox or newer)\n");
}

TEST(ErofsHostile, ABadChecksumIsNotedAndTheRestRead) {
  auto one = one_file({});
  one.image[1024 + 64] ^= 1;   // volume name
  const auto opened = test::open("erofs", one.image);
  ASSERT_NE(test::note(opened, "the superblock's checksum does not match"), nullptr);
  EXPECT_TRUE(test::content(opened, "file") == test::text_bytes(100000, 1));
}

TEST(ErofsHostile, ClusterDataIsJudgedOnlyWhenItIsRead) {
  auto one = one_file({.head1 = ErofsCodec::zstd});
  // The last bytes of the second cluster: block 1 is the first.
  const auto whole = test::open("erofs", one.image);
  const Extent all = test::child(whole, "file")->extents.at(0);
  for (std::size_t i = 0; i < 64; ++i) one.image[all.at + 2 * 4096 - 100 + i] = 0xA5;
  const auto opened = test::open("erofs", one.image);
  EXPECT_TRUE(opened.notes.empty());
  const Child* file = test::child(opened, "file");
  std::vector<std::uint8_t> start(100);
  EXPECT_TRUE(file->source->read(0, start));
  EXPECT_EQ(Bytes(start).text(), test::text_bytes(100, 1));
  const auto bytes = file->source->load();
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code, Code::bad_value);
  EXPECT_EQ(bytes.error().at, all.at + 4096);
}

TEST(ErofsHostile, ALookbackOfZeroEndsTheFileThere) {
  auto one = one_file({.compact = false});
  // The first entry that is inside a cluster after the second head.
  std::size_t entry = one.index;
  for (int heads = 0; heads < 2 || (one.image[entry] & 3) != 2; entry += 8) heads += (one.image[entry] & 3) != 2;
  one.image[entry + 4] = one.image[entry + 5] = 0;
  const auto opened = test::open("erofs", one.image);
  const Note* note = test::note(opened, "a cluster index entry that leads to another cluster");
  ASSERT_NE(note, nullptr);
  EXPECT_EQ(note->error.at, one.inode);
  const Child* file = test::child(opened, "file");
  std::vector<std::uint8_t> start(4096);
  EXPECT_TRUE(file->source->read(0, start));   // what came before is still there
  EXPECT_EQ(Bytes(start).text(), test::text_bytes(4096, 1));
  EXPECT_FALSE(file->source->load());
}

TEST(ErofsHostile, ABigClusterOfZeroBlocksIsRefused) {
  auto one = one_file({.compact = false, .cluster_blocks = 4});
  ASSERT_EQ(one.image[one.index + 8 + 5] & 0x08, 0x08);   // bit 11 of the second entry: a block count
  one.image[one.index + 8 + 4] = 0;
  EXPECT_NE(test::note(test::open("erofs", one.image), "a big cluster without its block count"), nullptr);
}

TEST(ErofsHostile, ASizeOfExabytesNeedsAnIndexToMatch) {
  auto one = one_file({});
  one.image[one.inode + 8 + 7] = 0x7F;
  const auto opened = test::open("erofs", one.image);
  EXPECT_NE(test::note(opened, "a cluster index past the end of the image"), nullptr);
  EXPECT_EQ(test::child(opened, "file")->state, State::damaged);
}

TEST(ErofsHostile, APlainFileOfExabytesIsOverBudget) {
  ErofsWriter writer({});
  writer.add("file", writer.inode(0100644, 0, std::uint64_t{1} << 62, 0xFFFFFFFF));
  writer.add("other", writer.inode(0100644, 0, 5, writer.add_blocks("other")));
  const auto opened = test::open("erofs", writer.finish());
  EXPECT_EQ(test::child(opened, "file")->state, State::over_budget);
  EXPECT_EQ(test::content(opened, "other"), "other");
}

TEST(ErofsHostile, ALargerLogicalClusterIsUnsupported) {
  auto one = one_file({});
  one.image[one.inode + 64 + 7] = 2;
  const auto opened = test::open("erofs", one.image);
  EXPECT_EQ(test::child(opened, "file")->state, State::unsupported);
  EXPECT_EQ(test::child(opened, "file")->size, 100000u);
}

TEST(ErofsHostile, ExtentRecordsAreUnsupported) {
  auto one = one_file({.compact = false});
  one.image[one.inode + 64 + 4] |= 1;
  EXPECT_EQ(test::child(test::open("erofs", one.image), "file")->state, State::unsupported);
}

TEST(ErofsHostile, AnAlgorithmThatIsNotAnnouncedIsRefused) {
  auto one = one_file({});
  one.image[one.inode + 64 + 6] = 3;
  EXPECT_NE(test::note(test::open("erofs", one.image), "a compression algorithm that the superblock does not announce"), nullptr);
}

TEST(ErofsHostile, AFragmentInThePackedInodeIsNotFollowed) {
  ErofsWriter writer({});
  writer.add("first", writer.inode(0100644, 0, 0, 0));   // number 0 would mean that there is no packed inode
  std::vector<std::uint8_t> header(8, 0);
  header[7] = 0x80;   // the whole file lies in the packed inode, at 0
  const auto packed = writer.inode(0100600, 3, 100, 0, header);
  writer.set_packed(packed);
  writer.add("file", writer.inode(0100644, 3, 50, 0, header));
  const auto opened = test::open("erofs", writer.finish());
  const Note* note = test::note(opened, "a fragment without a packed inode that can be read");
  ASSERT_NE(note, nullptr);
  EXPECT_EQ(note->detail, "packed inode");
  EXPECT_EQ(test::child(opened, "file")->state, State::damaged);
}

TEST(ErofsHostile, AFragmentPastThePackedInodeIsRefused) {
  ErofsWriter writer({});
  writer.add("first", writer.inode(0100644, 0, 0, 0));
  writer.set_packed(writer.inode(0100600, 0, 100, writer.add_blocks(std::string(100, 'p'))));
  std::vector<std::uint8_t> header(8, 0);
  header[0] = 60, header[7] = 0x80;
  writer.add("file", writer.inode(0100644, 3, 50, 0, header));
  EXPECT_NE(test::note(test::open("erofs", writer.finish()), "a fragment that leaves the packed inode"), nullptr);
}

std::string folder_block(const std::vector<std::pair<std::string, std::uint64_t>>& entries, unsigned type) {
  std::vector<std::uint8_t> records;
  std::string names;
  for (const auto& [name, nid] : entries) {
    ErofsWriter::put(records, nid, 8);
    ErofsWriter::put(records, entries.size() * 12 + names.size(), 2);
    ErofsWriter::put(records, type, 2);
    names += name;
  }
  return std::string(records.begin(), records.end()) + names;
}

TEST(ErofsHostile, FoldersInACircleAreListedOnce) {
  ErofsWriter writer({});
  const std::string one = folder_block({{"two", 2}}, 2), two = folder_block({{"one", 0}}, 2);
  writer.add("one", writer.inode(040755, 0, one.size(), writer.add_blocks(one)));
  EXPECT_EQ(writer.inode(040755, 0, two.size(), writer.add_blocks(two)), 2u);
  const auto opened = test::open("erofs", writer.finish());
  EXPECT_NE(test::child(opened, "one/two/one"), nullptr);
  EXPECT_EQ(test::child(opened, "one/two/one/two"), nullptr);
  EXPECT_NE(test::note(opened, "a folder is reached twice; its content is listed once"), nullptr);
}

TEST(ErofsHostile, NamesThatMeanTroubleAreNotedAndTwinsNumbered) {
  ErofsWriter writer({});
  const std::string folder = folder_block({{"a/b", 2}, {"same", 2}, {"same", 2}}, 1);
  writer.add("f", writer.inode(040755, 0, folder.size(), writer.add_blocks(folder)));
  EXPECT_EQ(writer.inode(0100644, 0, 3, writer.add_blocks("abc")), 2u);
  const auto opened = test::open("erofs", writer.finish());
  EXPECT_NE(test::note(opened, "a file name that the system cannot use"), nullptr);
  EXPECT_NE(test::note(opened, "two entries of a folder have the same name"), nullptr);
  EXPECT_EQ(test::content(opened, "f/same"), "abc");
  EXPECT_EQ(test::content(opened, "f/same#2"), "abc");
}

TEST(ErofsHostile, ABrokenFolderBlockCostsItsOwnEntriesOnly) {
  ErofsWriter writer({});
  std::string folder = folder_block({{"first", 2}}, 1);
  folder.resize(4096, '\0');
  folder += folder_block({{"second", 2}}, 1);
  folder[8] = 1;   // the first name lies in the first record
  writer.add("f", writer.inode(040755, 0, folder.size(), writer.add_blocks(folder)));
  EXPECT_EQ(writer.inode(0100644, 0, 3, writer.add_blocks("abc")), 2u);
  const auto opened = test::open("erofs", writer.finish());
  EXPECT_NE(test::note(opened, "a folder block without a valid first name"), nullptr);
  EXPECT_EQ(test::child(opened, "f/first"), nullptr);
  EXPECT_EQ(test::content(opened, "f/second"), "abc");
}

TEST(ErofsHostile, TooManyChildrenEndTheList) {
  ErofsWriter writer({});
  for (int i = 0; i < 20; ++i) writer.add("f" + std::to_string(i), writer.inode(0100644, 0, 0, 0));
  Budget budget;
  budget.children = 7;
  const auto opened = test::open("erofs", memory_source(writer.finish()), "", {}, budget);
  EXPECT_EQ(opened.contents->children.size(), 7u);
  EXPECT_NE(test::note(opened, "more files than the budget allows; the rest is not listed"), nullptr);
}

std::vector<std::uint8_t> xattr_area(const std::vector<std::uint32_t>& shared, std::string_view name, std::string_view value, std::uint8_t index) {
  std::vector<std::uint8_t> out;
  ErofsWriter::put(out, 0xFFFFFFFF, 4);
  ErofsWriter::put(out, shared.size(), 8);
  for (const std::uint32_t id : shared) ErofsWriter::put(out, id, 4);
  if (!name.empty()) {
    ErofsWriter::put(out, name.size(), 1);
    ErofsWriter::put(out, index, 1);
    ErofsWriter::put(out, value.size(), 2);
    out.insert(out.end(), name.begin(), name.end());
    out.insert(out.end(), value.begin(), value.end());
  }
  out.resize((out.size() + 3) / 4 * 4);
  return out;
}

TEST(ErofsHostile, ACapabilityIsReadAndALongPrefixSaid) {
  ErofsWriter writer({});
  writer.add("cap", writer.inode(0100644, 0, 0, 0, {}, xattr_area({}, "capability", "twenty bytes of right", 6)));
  writer.add("long", writer.inode(0100644, 0, 0, 0, {}, xattr_area({}, "x", "y", 0x80)));
  writer.add("user", writer.inode(0100644, 0, 0, 0, {}, xattr_area({}, "selinux", "not a label", 1)));
  const auto opened = test::open("erofs", writer.finish());
  EXPECT_EQ(Bytes(test::child(opened, "cap")->attributes->capability).text(), "twenty bytes of right");
  EXPECT_EQ(test::child(opened, "user")->attributes->selinux, "");
  const Note* note = test::note(opened, "an extended attribute under a long name prefix");
  ASSERT_NE(note, nullptr);
  EXPECT_EQ(note->detail, "long");
}

// A device table gives blocks from 1000 on to another device; a plain file there is not in this image.
TEST(ErofsHostile, AFileInTheAddressesOfAnotherDeviceIsListed) {
  ErofsWriter writer({});
  std::vector<std::uint8_t> slot(64, 0);
  ErofsWriter::put(slot, 50, 4);
  ErofsWriter::put(slot, 1000, 4);
  const std::uint32_t table = writer.add_blocks(std::string(slot.begin(), slot.end()));
  writer.add("here", writer.inode(0100644, 0, 4, writer.add_blocks("here")));
  writer.add("there", writer.inode(0100644, 0, 4, 1049));
  writer.add("nowhere", writer.inode(0100644, 0, 4, 1050));
  auto image = writer.finish();
  image[1024 + 8] = 0;    // no checksum
  image[1024 + 80] |= 8;
  image[1024 + 86] = 1;   // one device
  image[1024 + 88] = static_cast<std::uint8_t>(table * 4096 / 128);
  const auto opened = test::open("erofs", image);
  EXPECT_EQ(test::content(opened, "here"), "here");
  EXPECT_EQ(test::child(opened, "there")->state, State::listed);
  EXPECT_EQ(test::child(opened, "there")->size, 4u);
  EXPECT_EQ(test::content(opened, "nowhere"), "(file data lies past the end of the image)");
}

TEST(ErofsHostile, ASharedAttributePastTheEndIsNoted) {
  ErofsWriter writer({});
  writer.add("file", writer.inode(0100644, 0, 0, 0, {}, xattr_area({0x3FFFFFFF}, "", "", 0)));
  const auto opened = test::open("erofs", writer.finish());
  ASSERT_EQ(opened.notes.size(), 1u);
  EXPECT_EQ(opened.notes[0].error.code, Code::truncated);
  EXPECT_EQ(opened.notes[0].detail, "file");
}

}  // namespace
}  // namespace klik
