// EROFS against Debian's mkfs.erofs and fsck.erofs: images of all kinds that they can make.
#include <gtest/gtest.h>

#include "support/containers.h"
#include "support/damage.h"
#include "support/evidence.h"
#include "support/files.h"
#include "support/trees.h"

namespace klik {
namespace {

namespace fs = std::filesystem;

// One option line of mkfs.erofs, and what the image must then have: mkfs ignores options it does not know.
struct Maker {
  const char* name;
  const char* options;
  std::uint32_t incompat;
  const char* transform;   // of mixed.bin
};

class ErofsMade : public testing::TestWithParam<Maker> {};

TEST_P(ErofsMade, EqualsWhatItsJudgeExtracts) {
  const test::ScratchFolder folder;
  const std::string base = folder.path().string();
  test::make_tree(folder.path() / "tree", 7);
  const auto made = test::run("mkfs.erofs --quiet " + std::string(GetParam().options) + " " + base + "/image " + base + "/tree 2>&1");
  ASSERT_EQ(made.status, 0) << made.output;
  const auto judged = test::run("fsck.erofs --extract=" + base + "/out " + base + "/image 2>&1");
  ASSERT_EQ(judged.status, 0) << judged.output;

  const auto bytes = test::read_file(folder.path() / "image");
  const auto incompat = Bytes(bytes).get<U32le>(1024 + 80);
  ASSERT_TRUE(incompat);
  EXPECT_EQ(std::uint32_t{*incompat}, GetParam().incompat);

  const auto opened = test::open("erofs", *file_source((base + "/image").c_str()));
  ASSERT_TRUE(opened.contents) << opened.contents.error().what;
  for (const Note& n : opened.notes) ADD_FAILURE() << n.error.what << " " << n.detail;
  test::expect_same_tree(opened.contents->children, folder.path() / "out");
  test::check_promises(opened, bytes.size());
  for (const Child& c : opened.contents->children)
    if (c.name == "mixed.bin") { EXPECT_EQ(c.transform, GetParam().transform); }
}

INSTANTIATE_TEST_SUITE_P(All, ErofsMade,
                         testing::Values(Maker{"Plain", "", 0, "erofs"},                                        //
                                         Maker{"Extended", "-Eforce-inode-extended", 0, "erofs"},               //
                                         Maker{"NoInline", "-Enoinline_data", 0, "erofs"},                      //
                                         Maker{"Chunks", "--chunksize=4096", 0x4, "erofs"},                     //
                                         Maker{"ChunkIndexes", "--chunksize=16384 -Eforce-chunk-indexes", 0x4, "erofs"},  //
                                         Maker{"Lz4", "-zlz4", 0x1, "erofs-lz4"},                               //
                                         Maker{"Lz4hc", "-zlz4hc,9", 0x1, "erofs-lz4"},                         //
                                         Maker{"BigClusters", "-zlz4hc -C65536", 0x3, "erofs-lz4"},             //
                                         Maker{"Legacy", "-zlz4 -Elegacy-compress", 0, "erofs-lz4"},            //
                                         Maker{"TailPacking", "-zlz4hc -Eztailpacking", 0x11, "erofs-lz4"},     //
                                         Maker{"BigTailPacking", "-zlz4 -C16384 -Eztailpacking", 0x13, "erofs-lz4"}),
                         [](const auto& made) { return made.param.name; });

// A small compressed image with labels, made by mkfs.erofs.
class ErofsImage : public testing::Test {
 protected:
  void make(const std::string& options) {
    test::write_file(tree() / "app" / "A.apk", test::text_bytes(30000, 1));
    test::write_file(tree() / "app" / "B.apk", test::random_bytes(9000, 2));
    test::write_file(tree() / "build.prop", test::text_bytes(700, 3));
    fs::create_symlink("app/A.apk", tree() / "link");
    test::write_file(folder_.path() / "contexts", "/.* u:object_r:system_file:s0\n/app(/.*)? u:object_r:app_file:s0\n/build\\.prop u:object_r:prop_file:s0\n");
    const auto made = test::run("mkfs.erofs --quiet " + options + " --file-contexts=" + path("contexts") + " " + path("image") + " " + path("tree") + " 2>&1");
    ASSERT_EQ(made.status, 0) << made.output;
  }
  fs::path tree() const { return folder_.path() / "tree"; }
  std::string path(const char* name) const { return (folder_.path() / name).string(); }
  std::vector<std::uint8_t> bytes() const { return test::read_file(path("image")); }

 private:
  test::ScratchFolder folder_;
};

// -x0 keeps every label inline, -x1 shares what two files have.
TEST_F(ErofsImage, LabelsAreReadInlineAndShared) {
  for (const char* options : {"-x1", "-x100", "-zlz4 -x2"}) {
    make(options);
    const auto opened = test::open("erofs", bytes());
    EXPECT_TRUE(opened.notes.empty());
    for (const auto& [name, label] : std::map<std::string, std::string>{{"app", "app_file"}, {"app/A.apk", "app_file"}, {"app/B.apk", "app_file"}, {"build.prop", "prop_file"}, {"link", "system_file"}}) {
      ASSERT_NE(test::child(opened, name), nullptr) << name;
      EXPECT_EQ(test::child(opened, name)->attributes->selinux, "u:object_r:" + label + ":s0") << options << " " << name;
    }
    fs::remove_all(tree());
  }
}

TEST_F(ErofsImage, ChildrenComeInDirectoryOrder) {
  make("");
  const auto opened = test::open("erofs", bytes());
  std::vector<std::string> names;
  for (const Child& c : opened.contents->children) names.push_back(c.name);
  EXPECT_EQ(names, (std::vector<std::string>{"app", "app/A.apk", "app/B.apk", "build.prop", "link"}));
}

TEST_F(ErofsImage, LineageOfAPlainFileNamesItsBytes) {
  make("");
  const auto opened = test::open("erofs", bytes());
  const auto image = bytes();
  std::string joined;
  for (const Extent& e : test::child(opened, "app/A.apk")->extents) joined += Bytes(image).slice(e.at, e.length)->text();
  EXPECT_EQ(joined, test::text_bytes(30000, 1));
  EXPECT_LE(test::child(opened, "app/A.apk")->extents.size(), 2u);
}

TEST_F(ErofsImage, ChunksOnAnotherDeviceAreListed) {
  make("--chunksize=4096 --blobdev=" + path("blob"));
  const auto opened = test::open("erofs", bytes());
  const Child* app = test::child(opened, "app/A.apk");
  ASSERT_NE(app, nullptr);
  EXPECT_EQ(app->state, State::listed);
  EXPECT_EQ(app->size, 30000u);
  EXPECT_EQ(app->source, nullptr);
}

TEST_F(ErofsImage, EveryPrefixIsSafe) {
  for (const char* options : {"", "-zlz4", "-zlz4hc -C16384 -Eztailpacking", "-zlz4 -Elegacy-compress", "--chunksize=4096"}) {
    make(options);
    test::every_prefix("erofs", bytes(), 512);
    fs::remove_all(tree());
  }
}

TEST_F(ErofsImage, ATruncatedImageKeepsWhatIsThere) {
  make("-Enoinline_data");
  auto image = bytes();
  const auto whole = test::open("erofs", image);
  const Extent apk = test::child(whole, "app/A.apk")->extents.at(0);
  const Extent last = test::child(whole, "app/B.apk")->extents.at(0);
  const std::uint64_t cut = std::max(apk.at, last.at) + 1;
  image.resize(cut);
  const auto opened = test::open("erofs", image);
  EXPECT_NE(test::note(opened, "the image is shorter than its superblock says"), nullptr);
  EXPECT_NE(test::note(opened, "file data lies past the end of the image"), nullptr);
  const Child* damaged = test::child(opened, last.at > apk.at ? "app/B.apk" : "app/A.apk");
  const auto read = damaged->source->load();
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Code::truncated);
  EXPECT_EQ(read.error().at, cut);
  EXPECT_TRUE(damaged->source->get<std::uint8_t>(0));
}

TEST_F(ErofsImage, BrokenMetadataIsSafe) {
  for (const char* options : {"", "-zlz4", "-zlz4hc -C16384 -Eztailpacking", "-zlz4 -Elegacy-compress", "--chunksize=4096"}) {
    make(options);
    const auto image = bytes();
    test::break_bytes("erofs", image, 1024, std::min<std::size_t>(image.size(), 4096), 400, 1);
    test::break_bytes("erofs", image, 1024, image.size(), 400, 2);
    fs::remove_all(tree());
  }
}

TEST(ErofsEvidence, ARealImageEqualsWhatItsJudgeExtracts) {
  KLIK_NEEDS_EVIDENCE();
  const test::ScratchFolder folder;
  const std::string image = test::evidence() + "/containers/fs/archivefs-toybox.erofs";
  const auto judged = test::run("fsck.erofs --extract=" + (folder.path() / "out").string() + " '" + image + "' 2>&1");
  ASSERT_EQ(judged.status, 0) << judged.output;
  const auto opened = test::open("erofs", *file_source(image.c_str()));
  ASSERT_TRUE(opened.contents);
  EXPECT_TRUE(opened.notes.empty());
  test::expect_same_tree(opened.contents->children, folder.path() / "out");
  test::check_promises(opened, fs::file_size(image));
}

}  // namespace
}  // namespace klik
