// EROFS against Debian's mkfs.erofs and fsck.erofs: images of all kinds that they can make.
#include <gtest/gtest.h>

#include "support/containers.h"
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

}  // namespace
}  // namespace klik
