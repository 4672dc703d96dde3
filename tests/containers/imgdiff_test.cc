#include "containers/patch/imgdiff.h"

#include <gtest/gtest.h>

#include <fstream>

#include "containers/patch/bsdiff.h"
#include "containers/patch/file_patch.h"
#include "support/file_patch_writer.h"
#include "support/files.h"

namespace klik {
namespace {

using test::DeflateSettings;
using test::ImgdiffWriter;

std::string applied(std::string_view before, std::string_view patch, std::uint64_t most = 1 << 20) {
  const auto made = patch::apply_file_patch(Bytes::of(before), Bytes::of(patch), most);
  if (!made) return std::string(code_name(made.error().code)) + ": " + made.error().what;
  return std::string(Bytes(*made).text());
}

std::string words(unsigned n, unsigned seed) {
  std::string out;
  for (unsigned i = 0; out.size() < n; ++i) out += "word" + std::to_string((i * 7919 + seed) % 1000) + (i % 9 ? " " : "\n");
  return out.substr(0, n);
}

TEST(Imgdiff, PutsPiecesTogether) {
  const std::string patch = ImgdiffWriter().raw("<<").normal(2, "cdef", "cDefghi").raw(">>").normal(0, "ab", "x").done();
  EXPECT_EQ(applied("abcdef", patch), "<<cDefghi>>x");
}

TEST(Imgdiff, PacksStreamsAgainToTheSameBytes) {
  for (const DeflateSettings how : {DeflateSettings{}, DeflateSettings{9, -15, 8, 0}, DeflateSettings{1, -15, 8, 0}, DeflateSettings{6, -12, 4, 1}, DeflateSettings{0, -15, 8, 0}, DeflateSettings{6, -15, 9, 2}}) {
    const std::string old_text = words(50000, 1), new_text = words(52000, 2);
    const std::string old_packed = test::deflate_with(old_text, {9, -15, 8, 0}), new_packed = test::deflate_with(new_text, how);
    const std::string patch = ImgdiffWriter().normal(0, "head", "HEAD").deflate(4, old_packed, old_text, new_text, how).raw("tail").done();
    EXPECT_EQ(applied("head" + old_packed, patch), "HEAD" + new_packed + "tail") << how.level << " " << how.strategy;
  }
}

TEST(Imgdiff, AnEmptyStreamIsOne) {
  const std::string nothing = test::deflate_with("", {});
  EXPECT_EQ(applied(nothing, ImgdiffWriter().deflate(0, nothing, "", "", {}).done()), nothing);
}

TEST(Imgdiff, RefusesWhatIsNotAsThePatchSays) {
  const std::string packed = test::deflate_with("hello hello hello", {});
  EXPECT_EQ(applied("abc", "IMGDIFF1...."), "unsupported: a patch that is neither bsdiff nor imgdiff");
  EXPECT_EQ(applied("abc", ImgdiffWriter().normal(1, "bcd", "x").done()), "bad_value: imgdiff: a piece lies outside the old file");
  EXPECT_EQ(applied("abc", ImgdiffWriter().normal(~std::uint64_t{0}, "b", "x").done()), "bad_value: imgdiff: a piece lies outside the old file");
  EXPECT_EQ(applied(packed, ImgdiffWriter().deflate(0, packed, "hello", "x", {}).done()), "bad_value: imgdiff: a deflate stream of the old file is not as the patch says");
  EXPECT_EQ(applied(std::string(packed.size(), '\xff'), ImgdiffWriter().deflate(0, packed, "hello hello hello", "x", {}).done()), "bad_value: imgdiff: a deflate stream of the old file is not as the patch says");
  EXPECT_EQ(applied(packed, ImgdiffWriter().deflate(0, packed, "hello hello hello", "x", {77, -15, 8, 0}).done()).substr(0, 9), "bad_value");
  EXPECT_EQ(applied("abc", ImgdiffWriter().raw("0123456789").done(), 9), "over_budget: imgdiff: the new file is larger than it may be");
  EXPECT_EQ(applied("abc", ImgdiffWriter().raw("0123456789").done(), 10), "0123456789");
  EXPECT_EQ(applied(packed, ImgdiffWriter().deflate(0, packed, "hello hello hello", words(5000, 3), {0, -15, 8, 0}).done(), 400).substr(0, 11), "over_budget");
  std::string unknown = ImgdiffWriter().raw("a").done();
  unknown[12] = 1;
  EXPECT_EQ(applied("abc", unknown), "unsupported: imgdiff: a piece of an unknown kind");
}

TEST(Imgdiff, AStreamThatClaimsTooMuchTakesNoMemory) {
  const std::string packed = test::deflate_with("hello", {});
  std::string patch = ImgdiffWriter().deflate(0, packed, "hello", "x", {}).done();
  for (std::size_t i = 40; i < 46; ++i) patch[i] = '\xff';   // the unpacked size
  EXPECT_TRUE(applied(packed, patch).starts_with("bad_value")) << applied(packed, patch);
}

TEST(Imgdiff, TheSameStreamAgainAndAgainMeetsItsBudget) {
  const std::string zeros(8 << 20, '\0'), packed = test::deflate_with(zeros, {});
  ImgdiffWriter w;
  for (int i = 0; i < 40; ++i) w.deflate(0, packed, zeros, "x", {});
  EXPECT_EQ(applied(packed, w.done(), 4096), "over_budget: imgdiff: unpacks more than its budget");
}

TEST(Imgdiff, EveryPrefixIsSafe) {
  const std::string packed = test::deflate_with("hello hello hello", {});
  const std::string patch = ImgdiffWriter().raw("a").normal(0, packed.substr(0, 3), "xyz").deflate(0, packed, "hello hello hello", "hello world", {}).done();
  for (std::size_t n = 0; n < patch.size(); ++n) {
    const std::vector<std::uint8_t> exact(patch.begin(), patch.begin() + static_cast<std::ptrdiff_t>(n));
    const auto made = patch::apply_imgdiff(Bytes::of(packed), Bytes(exact), 4096);
    if (made) { EXPECT_LE(made->size(), 4096u); }
  }
}

TEST(FilePatch, AppliesWhatTheJudgeMakes) {
  const test::ScratchFolder folder;
  const std::string at = folder.path().string(), before = words(30000, 1), after = words(20000, 1) + "new" + words(15000, 4);
  std::ofstream(at + "/old", std::ios::binary) << before;
  std::ofstream(at + "/new", std::ios::binary) << after;
  if (test::run("bsdiff " + at + "/old " + at + "/new " + at + "/patch 2>/dev/null").status != 0) GTEST_SKIP() << "bsdiff is not here";
  const auto patch = test::read_file(at + "/patch");
  EXPECT_EQ(applied(before, Bytes(patch).text()), after);
  EXPECT_NE(applied(before, std::string(Bytes(patch).text()).substr(0, patch.size() / 2)), after);
}

TEST(FilePatch, TheJudgeAppliesWhatTheWriterMakes) {
  const test::ScratchFolder folder;
  const std::string at = folder.path().string();
  std::ofstream(at + "/old", std::ios::binary) << "some old text";
  std::ofstream(at + "/patch", std::ios::binary) << test::bsdiff("some old text", "some new text and more");
  if (test::run("bspatch " + at + "/old " + at + "/new " + at + "/patch 2>/dev/null").status != 0) GTEST_SKIP() << "bspatch is not here";
  EXPECT_EQ(Bytes(test::read_file(at + "/new")).text(), "some new text and more");
}

}  // namespace
}  // namespace klik
