// ext4 against Debian's mke2fs, debugfs and the real payloads of APEX packages.
#include <gtest/gtest.h>

#include "support/containers.h"
#include "support/damage.h"
#include "support/evidence.h"
#include "support/files.h"
#include "support/trees.h"

namespace klik {
namespace {

namespace fs = std::filesystem;

std::string quoted(const fs::path& path) { return "'" + path.string() + "'"; }

// Extracts everything with debugfs, which is built on libext2fs too but reads files through another part of it.
void judge(const fs::path& image, const fs::path& out) {
  fs::create_directory(out);
  const auto ran = test::run("debugfs -R \"rdump / " + out.string() + "\" " + quoted(image) + " 2>&1");
  ASSERT_EQ(ran.status, 0) << ran.output;
}

test::Opened open_file(const fs::path& image) { return test::open("ext4", *file_source(image.c_str())); }

struct Maker {
  const char* name;
  const char* options;
  const char* size;
  bool judged = true;   // debugfs writes 60 bytes for every inline file, however short it is
  bool hashed = false;  // index large folders, which mke2fs leaves to e2fsck
};

class Ext4Made : public testing::TestWithParam<Maker> {};

TEST_P(Ext4Made, EqualsWhatItsJudgeExtracts) {
  const test::ScratchFolder folder;
  test::make_tree(folder.path() / "tree", 3);
  const auto image = folder.path() / "image";
  const auto made = test::run("mke2fs -q -F " + std::string(GetParam().options) + " -d " + quoted(folder.path() / "tree") + " " + quoted(image) + " " + GetParam().size + " 2>&1");
  ASSERT_EQ(made.status, 0) << made.output;
  if (GetParam().hashed) {
    ASSERT_EQ(test::run("e2fsck -fyD " + quoted(image) + " 2>&1").status & ~0x100, 0);   // 1: changed
    ASSERT_NE(test::run("debugfs -R 'htree_dump /many' " + quoted(image) + " 2>/dev/null").output.find("Root node dump"), std::string::npos);
  }
  const auto opened = open_file(image);
  ASSERT_TRUE(opened.contents) << opened.contents.error().what;
  for (const Note& n : opened.notes) ADD_FAILURE() << n.error.what << " " << n.detail;
  test::expect_same_tree(opened.contents->children, folder.path() / "tree", {"lost+found"});
  if (GetParam().judged) {
    judge(image, folder.path() / "out");
    test::expect_same_tree(opened.contents->children, folder.path() / "out", {"pipe"});   // debugfs makes no pipes
  }
  test::check_promises(opened, fs::file_size(image));
}

INSTANTIATE_TEST_SUITE_P(All, Ext4Made,
                         testing::Values(Maker{"HashedFolders", "-t ext4 -b 1024", "16M", true, true},      //
                                         Maker{"Ext2", "-t ext2 -b 1024", "16M"},                                  //
                                         Maker{"Ext3Blocks4k", "-t ext3 -b 4096", "16M"},                          //
                                         Maker{"Ext4Blocks1k", "-t ext4 -b 1024", "16M"},                          //
                                         Maker{"Ext4Blocks4k", "-t ext4 -b 4096", "16M"},                          //
                                         Maker{"InlineData", "-t ext4 -b 4096 -I 512 -O inline_data", "16M", false},      //
                                         Maker{"SmallInodes", "-t ext4 -b 1024 -I 128", "16M"},                    //
                                         Maker{"Narrow", "-t ext4 -O ^64bit,^metadata_csum", "16M"},               //
                                         Maker{"Blocks64k", "-t ext4 -b 65536 -N 2048", "80M"}),
                         [](const auto& made) { return made.param.name; });

// A small image that debugfs can change before it is read.
class Ext4Image : public testing::Test {
 protected:
  void make(const std::string& options = "-t ext4 -b 1024", const char* size = "256k") {
    test::write_file(tree() / "a" / "b" / "file.txt", test::text_bytes(5000, 1));
    test::write_file(tree() / "a" / "other.txt", "other");
    test::write_file(tree() / "plain.bin", test::random_bytes(3000, 2));
    fs::create_symlink("a/b/file.txt", tree() / "link");
    const auto made = test::run("mke2fs -q -F -N 32 -E root_owner=0:0 " + options + " -d " + quoted(tree()) + " " + quoted(image()) + " " + size + " 2>&1");
    ASSERT_EQ(made.status, 0) << made.output;
  }
  void change(const std::string& command) {
    const auto ran = test::run("debugfs -w -R \"" + command + "\" " + quoted(image()) + " 2>/dev/null");
    ASSERT_EQ(ran.status, 0) << ran.output;
  }
  std::string ask(const std::string& command) { return test::run("debugfs -R \"" + command + "\" " + quoted(image()) + " 2>/dev/null").output; }
  // Offset of an inode in the image.
  std::size_t inode_at(const std::string& path) {
    std::size_t block = 0, offset = 0;
    const std::string said = ask("imap " + path);
    const auto at = said.find("located at block");
    if (at == std::string::npos || std::sscanf(said.c_str() + at, "located at block %zu, offset 0x%zx", &block, &offset) != 2) ADD_FAILURE() << said;
    return block * 1024 + offset;
  }
  fs::path tree() const { return folder_.path() / "tree"; }
  fs::path image() const { return folder_.path() / "image"; }
  std::vector<std::uint8_t> bytes() const { return test::read_file(image()); }

 private:
  test::ScratchFolder folder_;
};

TEST_F(Ext4Image, TellsOwnerModeLabelAndCapability) {
  make();
  test::write_file(tree() / "cap", std::string("\x01\x00\x00\x02\x00\x30\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 20));
  change("ea_set /plain.bin security.selinux u:object_r:system_file:s0");
  change("ea_set -f " + (tree() / "cap").string() + " /plain.bin security.capability");
  change("set_inode_field /plain.bin uid 1000");
  change("set_inode_field /plain.bin gid 70000");
  change("set_inode_field /plain.bin mode 0106755");
  const auto opened = open_file(image());
  const Child* plain = test::child(opened, "plain.bin");
  ASSERT_NE(plain, nullptr);
  EXPECT_EQ(plain->attributes->mode, 0106755u);
  EXPECT_EQ(plain->attributes->uid, 1000u);
  EXPECT_EQ(plain->attributes->gid, 70000u);
  EXPECT_EQ(plain->attributes->selinux, "u:object_r:system_file:s0");
  EXPECT_EQ(hex(Bytes(plain->attributes->capability)), "0100000200300000000000000000000000000000");
  ASSERT_NE(test::child(opened, "link"), nullptr);
  EXPECT_EQ(test::child(opened, "link")->attributes->link_target, "a/b/file.txt");
}

TEST_F(Ext4Image, LineageNamesTheBytes) {
  make();
  const auto opened = open_file(image());
  const auto image_bytes = bytes();
  const Child* file = test::child(opened, "a/b/file.txt");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->transform, "ext4");
  std::string joined;
  for (const Extent& e : file->extents) joined += Bytes(image_bytes).slice(e.at, e.length)->text();
  EXPECT_EQ(joined, test::text_bytes(5000, 1));
}

TEST_F(Ext4Image, EveryPrefixIsSafe) {
  make();
  test::every_prefix("ext4", bytes(), 1024);
}

TEST_F(Ext4Image, BrokenMetadataIsSafe) {
  make();
  const auto image_bytes = bytes();
  test::break_bytes("ext4", image_bytes, 1024, 2048 + 64, 700, 1);                                       // superblock, first descriptor
  test::break_bytes("ext4", image_bytes, inode_at("<1>"), inode_at("<32>") + 128, 1500, 2);              // inodes
  test::break_bytes("ext4", image_bytes, 1024, image_bytes.size(), 1500, 3);
}

TEST_F(Ext4Image, BrokenBlockMapsAreSafe) {
  make("-t ext2 -b 1024 -O ^resize_inode");
  test::break_bytes("ext4", bytes(), inode_at("<1>"), inode_at("<32>") + 128, 1500, 4);
}

TEST_F(Ext4Image, AFolderInsideItselfIsListedOnce) {
  make();
  change("link /a /a/b/loop");
  const auto opened = open_file(image());
  ASSERT_NE(test::child(opened, "a/b/loop"), nullptr);
  EXPECT_EQ(test::child(opened, "a/b/loop/other.txt"), nullptr);
  EXPECT_NE(test::note(opened, "a folder is reached twice; its content is listed once"), nullptr);
  EXPECT_EQ(test::content(opened, "a/other.txt"), "other");
}

TEST_F(Ext4Image, ASizeOfTerabytesIsOverBudget) {
  make();
  change("set_inode_field /plain.bin size 0x7fffffffffff");
  const auto opened = open_file(image());
  const Child* plain = test::child(opened, "plain.bin");
  ASSERT_NE(plain, nullptr);
  EXPECT_EQ(plain->state, State::over_budget);
  EXPECT_EQ(plain->source, nullptr);
  EXPECT_EQ(test::content(opened, "a/other.txt"), "other");
}

TEST_F(Ext4Image, AFolderThatClaimsTerabytesIsReadToItsLastBlock) {
  make();
  change("set_inode_field /a size 0x7ffffffff000");
  EXPECT_EQ(test::content(open_file(image()), "a/other.txt"), "other");
}

TEST_F(Ext4Image, ARecordThatDoesNotAdvanceCostsItsBlockOnly) {
  make();
  auto image_bytes = bytes();
  const std::size_t block = static_cast<std::size_t>(std::stoul(ask("blocks /a"))) * 1024;
  image_bytes[block + 24 + 4] = image_bytes[block + 24 + 5] = 0;   // the third record: after "." and ".."
  const auto opened = test::open("ext4", image_bytes);
  const Note* note = test::note(opened, "a folder record with a wrong length");
  ASSERT_NE(note, nullptr);
  EXPECT_EQ(note->error.at, block);
  EXPECT_EQ(note->detail, "a");
  EXPECT_EQ(test::content(opened, "plain.bin"), test::random_bytes(3000, 2));
}

TEST_F(Ext4Image, ATreeThatIsTooDeepLeavesTheFileUnreadable) {
  make();
  auto image_bytes = bytes();
  image_bytes[inode_at("/plain.bin") + 40 + 6] = 9;
  const auto opened = test::open("ext4", image_bytes);
  EXPECT_NE(test::note(opened, "an extent tree that is too deep"), nullptr);
  EXPECT_NE(test::note(opened, "an inode whose checksum does not match"), nullptr);
  EXPECT_EQ(test::content(opened, "plain.bin"), "(an extent tree that is too deep)");
  EXPECT_EQ(test::content(opened, "a/other.txt"), "other");
}

TEST_F(Ext4Image, BlocksThatPointAtThemselvesEnd) {
  make("-t ext2 -b 1024");
  auto image_bytes = bytes();
  const std::size_t inode = inode_at("/plain.bin");
  const std::uint8_t last = 255;   // of 256 blocks; becomes a block full of its own number
  for (std::size_t i = 0; i < 1024; ++i) image_bytes[last * 1024u + i] = i % 4 == 0 ? last : 0;
  image_bytes[inode + 40 + 14 * 4] = last;   // three levels of indirection: 16 million blocks
  image_bytes[inode + 4 + 3] = 0x40;         // i_size: 1 GiB
  Budget budget;
  budget.metadata_bytes = 8u << 20;
  const auto opened = test::open("ext4", memory_source(image_bytes), "", {}, budget);
  const Note* note = test::note(opened, "the metadata of this file system is larger than the budget");
  ASSERT_NE(note, nullptr);
  EXPECT_EQ(note->error.code, Code::over_budget);
}

TEST_F(Ext4Image, MoreGroupsThanTheImageHoldsAreRefusedBeforeAllocating) {
  make();
  auto image_bytes = bytes();
  for (int i = 4; i < 8; ++i) image_bytes[1024 + static_cast<std::size_t>(i)] = 0xFF;
  EXPECT_EQ(test::describe(test::open("ext4", image_bytes)), "error at 1028: truncated: more block groups than the image has room for\n");
}

TEST_F(Ext4Image, ABadSuperblockChecksumIsNotedAndRead) {
  make("-t ext4 -b 1024 -O metadata_csum");
  auto image_bytes = bytes();
  image_bytes[1024 + 0x78] ^= 1;   // volume name
  const auto opened = test::open("ext4", image_bytes);
  EXPECT_NE(test::note(opened, "the superblock's checksum does not match"), nullptr);
  EXPECT_EQ(test::content(opened, "a/other.txt"), "other");
}

TEST_F(Ext4Image, UnknownFeaturesAreUnsupported) {
  make();
  auto image_bytes = bytes();
  image_bytes[1024 + 96 + 3] |= 0x40;
  const auto opened = test::open("ext4", image_bytes);
  ASSERT_FALSE(opened.contents);
  EXPECT_EQ(opened.contents.error().code, Code::unsupported);
}

TEST_F(Ext4Image, EncryptedFilesAreListed) {
  make();
  change("set_inode_field /plain.bin flags 0x80800");
  const auto opened = open_file(image());
  const Child* plain = test::child(opened, "plain.bin");
  ASSERT_NE(plain, nullptr);
  EXPECT_EQ(plain->state, State::encrypted);
  EXPECT_EQ(plain->size, 3000u);
}

TEST_F(Ext4Image, TheVbmetaBehindItIsAChild) {
  make();
  auto image_bytes = bytes();
  const std::size_t end = image_bytes.size();
  const std::string vbmeta = "AVB0 made up";
  image_bytes.resize(end + 4096 + 4096);
  std::ranges::copy(vbmeta, image_bytes.begin() + static_cast<std::ptrdiff_t>(end));
  const auto put = [&](std::size_t at, std::uint64_t v) {
    for (std::size_t i = 0; i < 8; ++i) image_bytes[image_bytes.size() - 64 + at + i] = static_cast<std::uint8_t>(v >> (56 - 8 * i));
  };
  put(0, 0x4156426600000001);
  put(12, end);
  put(20, end);
  put(28, vbmeta.size());
  const auto opened = test::open("ext4", image_bytes);
  EXPECT_EQ(test::content(opened, "!vbmeta"), vbmeta);
  ASSERT_NE(test::child(opened, "!vbmeta"), nullptr);
  EXPECT_EQ(test::child(opened, "!vbmeta")->extents, (std::vector<Extent>{{end, vbmeta.size()}}));
  put(28, ~std::uint64_t{0});
  const auto lying = test::open("ext4", image_bytes);
  EXPECT_EQ(test::child(lying, "!vbmeta"), nullptr);
  EXPECT_NE(test::note(lying, "an AVB footer that points outside the image"), nullptr);
}

TEST_F(Ext4Image, IsRecognisedByMoreThanItsMagic) {
  make();
  auto image_bytes = bytes();
  EXPECT_EQ(detect(*memory_source(image_bytes), "x.img"), &test::container("ext4"));
  std::vector<std::uint8_t> chance(4096);
  chance[1080] = 0x53, chance[1081] = 0xEF;
  EXPECT_EQ(detect(*memory_source(chance), "x.bin"), nullptr);
}

// The four payloads share blocks between files and carry labels, a hash tree and vbmeta.
TEST(Ext4Evidence, ApexPayloadsEqualWhatDebugfsExtracts) {
  KLIK_NEEDS_EVIDENCE();
  int seen = 0;
  for (const auto& apex : fs::directory_iterator(test::evidence() + "/containers/apex")) {
    const test::ScratchFolder folder;
    const std::string in = "cd " + quoted(folder.path()) + " && ";
    std::string from = quoted(apex.path());
    if (test::run(in + "unzip -o -q " + from + " original_apex 2>/dev/null").status == 0) from = "original_apex";
    ASSERT_EQ(test::run(in + "unzip -o -q " + from + " apex_payload.img").status, 0);
    const auto image = folder.path() / "apex_payload.img";
    judge(image, folder.path() / "out");
    auto opened = open_file(image);
    ASSERT_TRUE(opened.contents);
    for (const Note& n : opened.notes) ADD_FAILURE() << n.error.what << " " << n.detail;
    test::check_promises(opened, fs::file_size(image));
    EXPECT_TRUE(test::content(opened, "!vbmeta").starts_with("AVB0"));
    std::erase_if(opened.contents->children, [](const Child& c) { return c.name == "!vbmeta"; });
    test::expect_same_tree(opened.contents->children, folder.path() / "out");
    for (const Child& c : opened.contents->children)
      if (c.name != "lost+found") { EXPECT_TRUE(c.attributes->selinux.starts_with("u:object_r:")) << c.name; }
    ++seen;
  }
  EXPECT_EQ(seen, 4);
}

TEST(Ext4Evidence, OldImagesWithSmallInodesEqualWhatDebugfsExtracts) {
  KLIK_NEEDS_EVIDENCE();
  for (const char* name : {"test1.ext4", "test2.ext4"}) {
    const test::ScratchFolder folder;
    const fs::path image = test::evidence() + "/containers/fs/" + name;
    judge(image, folder.path() / "out");
    const auto opened = open_file(image);
    ASSERT_TRUE(opened.contents);
    test::expect_same_tree(opened.contents->children, folder.path() / "out");
    EXPECT_TRUE(opened.notes.empty());
  }
}

}  // namespace
}  // namespace klik
