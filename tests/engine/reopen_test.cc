#include "engine/reopen.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/files.h"
#include "support/zip_writer.h"

namespace klik {
namespace {

class ReopenTest : public testing::Test {
 protected:
  std::string zip(const std::vector<test::ZipMember>& members) {
    const std::string path = (folder_.path() / "in.zip").string();
    const auto bytes = test::write_zip(members);
    std::ofstream(path, std::ios::binary) << Bytes(bytes).text();
    return path;
  }
  std::string content(const Reopening& what) {
    const auto source = reopen(what, scratch_);
    if (!source) return std::string(code_name(source.error().code));
    const auto bytes = (*source)->load();
    return bytes ? std::string(bytes->bytes().text()) : "unreadable";
  }
  Scratch scratch_;

 private:
  test::ScratchFolder folder_;
};

TEST_F(ReopenTest, EachOfSeveralFilesOfOneNameComesBackByItsOwnPath) {
  const std::string in = zip({{.name = "boot.img#2", .data = "third"}, {.name = "boot.img", .data = "first"}, {.name = "boot.img", .data = "second"}});
  EXPECT_EQ(content({.location = in, .parts = {"boot.img#2"}}), "third");
  EXPECT_EQ(content({.location = in, .parts = {"boot.img"}}), "first");
  EXPECT_EQ(content({.location = in, .parts = {"boot.img#3"}}), "second");
  EXPECT_EQ(content({.location = in, .parts = {"boot.img#4"}}), "absent");
}

TEST_F(ReopenTest, BytesThatAreNotTheExpectedOnesAreRefused) {
  const std::string in = zip({{.name = "a", .data = "changed since"}, {.name = "b", .data = "b"}});
  EXPECT_EQ(content({.location = in, .parts = {"a"}, .expected = sha256(Bytes::of("changed since"))}), "changed since");
  EXPECT_EQ(content({.location = in, .parts = {"a"}, .expected = sha256(Bytes::of("as it was"))}), "conflict");
}

TEST_F(ReopenTest, ContainersOpenUnderTheBudgetThatIsGiven) {
  const std::string in = zip({{.name = "a", .data = "text"}, {.name = "b", .data = "b"}});
  Budget none;
  none.metadata_bytes = 1;
  EXPECT_EQ(content({.location = in, .parts = {"a"}, .budget = none}), "over_budget");
}

}  // namespace
}  // namespace klik
