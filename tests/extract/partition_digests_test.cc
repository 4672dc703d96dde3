#include <gtest/gtest.h>

#include "support/facts.h"
#include "support/made_rows.h"

namespace klik {
namespace {

using test::column;

std::map<std::string, std::string> digests(const test::MadeRows& rows) {
  static constexpr Budget budget;
  Pool pool(1);
  RecordingSink sink;
  for (const ImageExtractor* e : image_extractors())
    if (e->name == "partition_digests@2") e->run({.rows = rows, .pool = pool, .budget = budget}, sink);
  std::map<std::string, std::string> out;
  for (const Fact& f : sink.facts) out[column(f, "partition")] = column(f, "digest") + " " + column(f, "files");
  return out;
}

TEST(PartitionDigests, AreOverPathsAndBytesWhateverHoldsThem) {
  test::MadeRows zip, tar;
  zip.file("x", "/system/bin/a");
  zip.file("y", "/vendor/b");
  // MadeRows' bytes follow from the path in the archive; the same ones under other names of the archive come in other order.
  tar.file("y", "/vendor/b");
  tar.file("x", "/system/bin/a");
  EXPECT_EQ(digests(zip), digests(tar));
  EXPECT_EQ(digests(zip).size(), 3u);
  tar.file("z", "/vendor/c");
  EXPECT_EQ(digests(zip)["system"], digests(tar)["system"]);
  EXPECT_NE(digests(zip)["vendor"], digests(tar)["vendor"]);
  EXPECT_NE(digests(zip)["all"], digests(tar)["all"]);
}

TEST(PartitionDigests, ALinkCannotSpeakForAFileThatIsNotThere) {
  const std::string bytes = hex(as_bytes(sha256(Bytes::of("b"))));
  test::MadeRows whole, forged;
  whole.link("a", "/system/a", "t");
  whole.file("b", "/system/b");
  forged.link("a", "/system/a", "t\n9 /system/b file " + bytes);
  EXPECT_NE(digests(whole)["system"].substr(0, 64), digests(forged)["system"].substr(0, 64));
}

}  // namespace
}  // namespace klik
