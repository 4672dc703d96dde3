// links: klik_formats
// What a recording holds comes out of our reader and of tshark as it went in; a full disk leaves whole blocks.
#include "live/recording.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "formats/net/capture_file.h"
#include "support/files.h"

namespace klik::live {
namespace {

struct Seen final : net::CaptureSink {
  void frame(const net::CapturedFrame& frame) override {
    frames.push_back(std::to_string(frame.time_ns) + " " + std::to_string(frame.link_type) + " " + std::to_string(frame.wire_length) + " " + std::string(frame.data.text().substr(0, 8)));
    bytes += frame.data.size();
  }
  void section(const net::Section& section) override { program = section.program; }
  void dropped(std::uint64_t n) override { lost += n; }
  void problem(const Error& error, net::Weight) override { problems.push_back(error.what); }
  std::vector<std::string> frames, problems;
  std::string program;
  std::uint64_t lost = 0, bytes = 0;
};

Seen read(const std::string& path) {
  Seen seen;
  const auto bytes = test::read_file(path);
  net::CaptureParser parser(seen);
  EXPECT_TRUE(parser.feed(Bytes(bytes), 0, true));
  return seen;
}

class RecordingTest : public testing::Test {
 protected:
  std::string path(const std::string& name) { return (folder_.path() / name).string(); }
  static RecordedInterface interface() { return {.name = "wlan0", .filter = "host 192.0.2.7", .link_type = 1, .snap_length = 262'144, .program = "a test"}; }

 private:
  test::ScratchFolder folder_;
};

TEST_F(RecordingTest, HoldsFramesAndLosses) {
  const std::string file = path("a.pcapng");
  auto made = Recording::create(file);
  ASSERT_TRUE(made);
  ASSERT_TRUE(made->begin(interface()));
  EXPECT_GT(std::filesystem::file_size(file), 0u) << "whoever waits for the start sees it";
  const std::int64_t second = 1'700'000'000'000'000'000;
  for (const std::string_view data : {"abcdefgh", "abcde", ""}) ASSERT_TRUE(made->frame(second + 123'456'789, Bytes::of(data), 1'500));
  const std::string large(262'144, 'L');
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(made->frame(second + 1'000'000'000 + i, Bytes::of(large), 262'144));
  EXPECT_EQ(made->frames(), 8u);
  ASSERT_TRUE(made->end(second, second + 2'000'000'000, {.received = 20, .by_interface = 3, .by_system = 4}));
  EXPECT_EQ(made->size(), std::filesystem::file_size(file));

  const Seen seen = read(file);
  EXPECT_EQ(seen.problems, std::vector<std::string>{});
  EXPECT_EQ(seen.program, "a test");
  EXPECT_EQ(seen.lost, 7u);
  ASSERT_EQ(seen.frames.size(), 8u);
  EXPECT_EQ(seen.frames[0], "1700000000123456789 1 1500 abcdefgh");
  EXPECT_EQ(seen.frames[1], "1700000000123456789 1 1500 abcde");
  EXPECT_EQ(seen.frames[2], "1700000000123456789 1 1500 ");
  EXPECT_EQ(seen.frames[7], "1700000001000000004 1 262144 LLLLLLLL");

  const test::Ran judge = test::run("tshark -n -r '" + file + "' -T fields -e frame.time_epoch -e frame.cap_len -e frame.len -e frame.interface_name 2>/dev/null");
  if (WEXITSTATUS(judge.status) == 127) GTEST_SKIP() << "no tshark to judge";
  EXPECT_TRUE(judge.output.contains("1700000000.123456789\t8\t1500\twlan0\n")) << judge.output;
  EXPECT_EQ(std::ranges::count(judge.output, '\n'), 8) << judge.output;
}

TEST_F(RecordingTest, IsForItsOwnerAlone) {
  const mode_t before = ::umask(0);
  const auto made = Recording::create(path("a.pcapng"));
  ::umask(before);
  ASSERT_TRUE(made);
  struct stat status {};
  ASSERT_EQ(::stat(path("a.pcapng").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
}

TEST_F(RecordingTest, OverwritesNothing) {
  std::ofstream(path("there")) << "kept";
  std::filesystem::create_symlink("nowhere", path("link"));
  for (const char* name : {"there", "link", "no/such/folder"}) EXPECT_FALSE(Recording::create(path(name))) << name;
  EXPECT_EQ(test::read_file(path("there")).size(), 4u);
  EXPECT_FALSE(std::filesystem::exists(path("nowhere")));
}

TEST_F(RecordingTest, StaysWholeWhenTheDiskIsFull) {
  const std::string file = path("a.pcapng");
  auto made = Recording::create(file);
  ASSERT_TRUE(made);
  ASSERT_TRUE(made->begin(interface()));
  // A limit on the size of files stands for the disk: also a write that ends in the middle.
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{.rlim_cur = 64'000, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string data(10'000, 'x');
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(made->frame(i, Bytes::of(data), 10'000));
  EXPECT_TRUE(made->flush());
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(made->frame(i, Bytes::of(data), 10'000));
  EXPECT_FALSE(made->flush());
  EXPECT_EQ(made->frames(), 3u);
  EXPECT_TRUE(made->end(0, 1, {}));
  ::setrlimit(RLIMIT_FSIZE, &before);
  const Seen seen = read(file);
  EXPECT_EQ(seen.problems, std::vector<std::string>{});
  EXPECT_EQ(seen.frames.size(), 3u);
  EXPECT_EQ(seen.lost, 5u) << "what could not be written was lost, and is told";
}

}  // namespace
}  // namespace klik::live
