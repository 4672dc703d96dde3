// An incremental update over the old build, as its user meets it: the same facts as the full update gives, and the way back to the bytes.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>

#include "cli/case_access.h"
#include "support/delta_writer.h"
#include "support/files.h"

namespace klik {
namespace {

namespace fs = std::filesystem;
using test::ByteVector;

class DeltaScan : public testing::Test {
 protected:
  std::string path(const std::string& name) { return (folder_.path() / name).string(); }
  void write(const std::string& name, const ByteVector& bytes) {
    fs::create_directories(fs::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary).write(Bytes(bytes).text().data(), static_cast<std::streamsize>(bytes.size()));
  }
  int klik(const std::string& arguments) {
    const test::Ran ran = test::run("cd '" + folder_.path().string() + "' && " + KLIK_BINARY + " " + arguments + " 2>&1");
    output_ = ran.output;
    return WEXITSTATUS(ran.status);
  }
  std::string all(const std::string& file, const std::string& sql) {
    CaseReader reader(path(file), cli::all_declarations());
    std::string out;
    for (const auto& row : reader.query(sql).rows) {
      for (const Value& v : row) out += (std::holds_alternative<std::string>(v) ? std::get<std::string>(v) : std::holds_alternative<std::int64_t>(v) ? std::to_string(std::get<std::int64_t>(v)) : "-") + " ";
      out += "\n";
    }
    return out + reader.error();
  }
  // An image of a small system partition.
  ByteVector system_image(const std::string& release, const std::string& more) {
    fs::remove_all(path("tree"));
    const std::string prop = "ro.product.manufacturer=Nobody\nro.product.model=Test phone\nro.build.version.release=" + release + "\nro.build.fingerprint=nobody/test/test:" + release + "/X/1:user/release-keys\n";
    write("tree/build.prop", ByteVector(prop.begin(), prop.end()));
    write("tree/etc/hosts", ByteVector(more.begin(), more.end()));
    write("tree/app/a.bin", test::pattern(300000, 3));
    if (test::run("cd '" + folder_.path().string() + "' && rm -f s.img && mke2fs -q -t ext4 -U 6a0f3c1e-0000-4000-8000-000000000001 -E hash_seed=6a0f3c1e-0000-4000-8000-000000000002 -d tree s.img 4M 2>&1").status != 0) ADD_FAILURE() << "mke2fs";
    return test::read_file(path("s.img"));
  }
  static test::PayloadPartition full(const ByteVector& image) { return {.name = "system", .size = image.size(), .operations = {{8, {{0, image.size() / 4096}}, test::xz(image)}}, .image = image}; }
  // Equal blocks are copied, others patched.
  static test::PayloadPartition delta(const ByteVector& before, const ByteVector& after) {
    test::PayloadPartition p{.name = "system", .size = after.size(), .operations = {}, .image = after, .old_image = before};
    const auto part = [](const ByteVector& v, std::size_t first, std::size_t n) { return ByteVector(v.begin() + static_cast<std::ptrdiff_t>(first * 4096), v.begin() + static_cast<std::ptrdiff_t>((first + n) * 4096)); };
    const auto equal = [&](std::size_t i) { return part(before, i, 1) == part(after, i, 1); };
    for (std::size_t i = 0; i < after.size() / 4096;) {
      std::size_t n = 1;
      while (i + n < after.size() / 4096 && equal(i + n) == equal(i)) ++n;
      const ByteVector a = part(before, i, n), b = part(after, i, n);
      test::PayloadOperation operation{.type = equal(i) ? 4u : 10u, .targets = {{i, n}}};
      if (!equal(i)) operation.data = test::bsdiff(a, b, {1, 1, 1});
      operation.sources = {{i, n}};
      operation.source_bytes = a;
      p.operations.push_back(operation);
      i += n;
    }
    return p;
  }
  std::string output_;

 private:
  test::ScratchFolder folder_;
};

constexpr const char* kFiles = "SELECT replace(path, 'payload-delta', 'payload'), device_path, kind, size, sha256, state FROM artifact WHERE parent_id IS NOT NULL ORDER BY path";
constexpr const char* kFacts = "SELECT scope, name, value FROM setting ORDER BY 1, 2, 3";

TEST_F(DeltaScan, GivesTheFactsOfTheFullUpdate) {
  const ByteVector before = system_image("13", "127.0.0.1 localhost\n"), after = system_image("14", "127.0.0.1 localhost\n10.0.0.1 added.example\n");
  write("full1.bin", test::payload({full(before)}));
  write("full2.bin", test::payload({full(after)}));
  write("delta.bin", test::payload({delta(before, after)}));
  write("images/system_a.img", before);
  ASSERT_EQ(klik("scan full2.bin --case full.case"), 0) << output_;
  ASSERT_EQ(klik("scan delta.bin --base full1.bin --case delta.case"), 0) << output_;
  const std::string files = all("full.case", kFiles);
  EXPECT_NE(files.find("/system/build.prop"), files.npos) << files;
  EXPECT_EQ(all("delta.case", kFiles), files);
  const std::string paths = "SELECT path FROM artifact WHERE parent_id IS NOT NULL ORDER BY path";
  EXPECT_EQ(all("delta.case", paths), all("full.case", paths));
  EXPECT_EQ(all("delta.case", kFacts), all("full.case", kFacts));
  EXPECT_NE(all("delta.case", kFacts).find("ro.build.version.release 14"), std::string::npos);
  EXPECT_EQ(all("delta.case", "SELECT count(*) FROM problem WHERE severity <> 'info'"), "0 \n");
  EXPECT_EQ(all("delta.case", "SELECT name, size, sha256 FROM base"), "full1.bin " + std::to_string(test::payload({full(before)}).size()) + " " + hex(as_bytes(sha256(Bytes(test::payload({full(before)}))))) + " \n");

  // Images of the same blocks do as well; they are another base, so the build has another digest.
  ASSERT_EQ(klik("scan delta.bin --base images --case images.case"), 0) << output_;
  EXPECT_EQ(all("images.case", kFiles), files);
  EXPECT_NE(all("images.case", "SELECT digest FROM build"), all("delta.case", "SELECT digest FROM build"));
}

TEST_F(DeltaScan, DiffAppliesTheUpdateToTheOldBuild) {
  const ByteVector before = system_image("13", "127.0.0.1 localhost\n"), after = system_image("14", "127.0.0.1 localhost\n10.0.0.1 added.example\n");
  write("full1.bin", test::payload({full(before)}));
  write("delta.bin", test::payload({delta(before, after)}));
  ASSERT_EQ(klik("diff full1.bin delta.bin --format json"), 0) << output_;
  EXPECT_NE(output_.find("ro.build.version.release"), output_.npos) << output_;
  EXPECT_NE(output_.find("added.example"), output_.npos) << output_;
  // From a case of the old build, whose input is still there.
  ASSERT_EQ(klik("scan full1.bin --case old.case"), 0) << output_;
  ASSERT_EQ(klik("diff old.case delta.bin --format json"), 0) << output_;
  EXPECT_NE(output_.find("added.example"), output_.npos) << output_;
  // An update alone against itself: nothing of the image is known, and that is said.
  EXPECT_EQ(klik("diff delta.bin delta.bin --format json"), 3) << output_;
}

TEST_F(DeltaScan, WhyFindsTheBytesOverTheBase) {
  const ByteVector before = system_image("13", "a\n"), after = system_image("14", "b\n");
  write("full1.bin", test::payload({full(before)}));
  write("delta.bin", test::payload({delta(before, after)}));
  ASSERT_EQ(klik("scan delta.bin --base full1.bin --case delta.case"), 0) << output_;
  const std::string id = all("delta.case", "SELECT fact_id FROM setting WHERE name = 'ro.build.version.release'").substr(0, 32);
  ASSERT_EQ(klik("why delta.case " + id), 0) << output_;
  EXPECT_NE(output_.find("the digest is the same"), output_.npos) << output_;
  EXPECT_NE(output_.find("ro.build.version"), output_.npos);
  fs::rename(path("full1.bin"), path("moved.bin"));
  ASSERT_EQ(klik("why delta.case " + id), 0);
  EXPECT_NE(output_.find("name its place with --base"), output_.npos) << output_;
  ASSERT_EQ(klik("why delta.case " + id + " --base moved.bin"), 0);
  EXPECT_NE(output_.find("the digest is the same"), output_.npos) << output_;
}

TEST_F(DeltaScan, WithoutOrWithAnotherBaseItIsSaid) {
  const ByteVector before = system_image("13", "a\n"), after = system_image("14", "b\n");
  write("delta.bin", test::payload({delta(before, after)}));
  write("other/system.img", test::pattern(before.size(), 5));
  EXPECT_EQ(klik("scan delta.bin --case none.case"), 3);
  EXPECT_EQ(all("none.case", "SELECT path, state FROM artifact WHERE parent_id IS NOT NULL"), "payload listed \n");
  EXPECT_NE(all("none.case", "SELECT detail FROM problem WHERE what = 'what the update itself holds of the new image'").find("system.img: "), std::string::npos);
  EXPECT_EQ(klik("scan delta.bin --base other --case other.case"), 3);
  EXPECT_EQ(all("other.case", "SELECT count(*) FROM problem WHERE what = 'the old image is not the one that this update was made for'"), "1 \n");
  EXPECT_EQ(klik("scan delta.bin --base nothing --case x.case"), 2);
}

}  // namespace
}  // namespace klik
