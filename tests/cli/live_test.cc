// `scan live:IFACE` on the loopback interface: what is refused, what is recorded, with which rights, and what the case says.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "live/recording.h"
#include "support/asking.h"
#include "support/capture_writer.h"
#include "support/files.h"

namespace klik {
namespace {

namespace fs = std::filesystem;

constexpr uid_t kSomebody = 65533;   // needs no entry in the password file

// An HTTP server for one request, and its client: on an address of the loopback network of their own.
void exchange(const char* address, const std::string& path, std::size_t body = 2) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  ASSERT_EQ(::inet_pton(AF_INET, address, &at.sin_addr), 1);
  socklen_t length = sizeof at;
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto* const name = reinterpret_cast<sockaddr*>(&at);
  ASSERT_EQ(::bind(server, name, length), 0);
  ASSERT_EQ(::listen(server, 1), 0);
  ASSERT_EQ(::getsockname(server, name, &length), 0);
  std::thread serving([&] {
    const int peer = ::accept(server, nullptr, nullptr);
    std::string request;
    char some[4096];
    while (!request.contains("\r\n\r\n")) {
      const ssize_t n = ::read(peer, some, sizeof some);
      if (n <= 0) break;
      request.append(some, static_cast<std::size_t>(n));
    }
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(body) + "\r\n\r\n" + std::string(body, 'o');
    EXPECT_EQ(::write(peer, answer.data(), answer.size()), static_cast<ssize_t>(answer.size()));
    ::close(peer);
  });
  ASSERT_EQ(::connect(client, name, length), 0);
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: canary.example\r\n\r\n";
  EXPECT_EQ(::write(client, request.data(), request.size()), static_cast<ssize_t>(request.size()));
  char some[65536];
  while (::read(client, some, sizeof some) > 0) {}
  ::close(client);
  serving.join();
  ::close(server);
}

bool may_capture() {
  if (::getuid() != 0) return false;
  const int socket = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  ::close(socket);
  return true;
}

#define KLIK_NEEDS_CAPTURING() \
  if (!may_capture()) GTEST_SKIP() << "capturing needs root and CAP_NET_RAW"

class Live : public testing::Test {
 protected:
  ~Live() override {
    if (child_ > 0) ::kill(child_, SIGKILL), ::waitpid(child_, nullptr, 0);
  }
  std::string path(const std::string& name) { return (folder_.path() / name).string(); }
  void give_folder_away() { ASSERT_EQ(::chown(folder_.path().c_str(), kSomebody, kSomebody), 0); }
  int klik(const std::string& arguments) {
    const test::Ran ran = test::run("cd '" + folder_.path().string() + "' && " + KLIK_BINARY + " " + arguments + " 2>&1");
    output_ = ran.output;
    return WEXITSTATUS(ran.status);
  }
  // Runs as the shell's child would under sudo, and waits until the capture has begun.
  void start(const std::string& arguments, const std::string& recording) {
    const std::string command = "cd '" + folder_.path().string() + "' && exec env SUDO_UID=" + std::to_string(kSomebody) + " SUDO_GID=" + std::to_string(kSomebody) + " " + KLIK_BINARY + " " + arguments + " > out.txt 2>&1";
    child_ = ::fork();
    if (child_ == 0) {
      ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
      ::_exit(127);
    }
    std::error_code ec;
    for (int i = 0; i < 600; ++i) {
      const auto size = fs::file_size(path(recording), ec);
      if (!ec && size > 0) return;
      ::usleep(50'000);
    }
    FAIL() << "no recording: " << said();
  }
  std::string status_line(const std::string& name) {
    std::ifstream in("/proc/" + std::to_string(child_) + "/status");
    for (std::string line; std::getline(in, line);)
      if (line.starts_with(name + ":")) return line.substr(line.find('\t') + 1);
    return "no line " + name;
  }
  int finish(int signal = 0) {
    if (signal != 0) ::kill(child_, signal);
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + status;
  }
  std::string said() { return text("out.txt"); }
  std::string text(const std::string& name) {
    const auto bytes = test::read_file(path(name));
    return {bytes.begin(), bytes.end()};
  }
  std::string output_;

 private:
  test::ScratchFolder folder_;
  pid_t child_ = -1;
};

TEST_F(Live, RecordsWhatThePhoneDoesAndNothingElse) {
  KLIK_NEEDS_CAPTURING();
  give_folder_away();
  start("scan live:lo --own-traffic --phone 127.77.7.7 --for 10m --case walk.case --no-cache", "walk.pcapng");
  if (HasFatalFailure()) return;
  EXPECT_EQ(status_line("Uid"), "65533\t65533\t65533\t65533");
  EXPECT_EQ(status_line("Gid"), "65533\t65533\t65533\t65533");
  EXPECT_EQ(status_line("Groups"), "65533 ");
  EXPECT_EQ(status_line("NoNewPrivs"), "1");
  for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapAmb", "CapBnd"}) EXPECT_EQ(status_line(set), "0000000000000000") << set;

  exchange("127.77.7.7", "/canary-path-of-the-test");
  exchange("127.77.7.8", "/of-somebody-else");
  // At once: what the system still holds belongs to the recording.
  ASSERT_EQ(finish(SIGINT), 0) << said();

  EXPECT_TRUE(said().contains("NOTICE: this records network traffic")) << said();
  EXPECT_TRUE(said().contains("only packets of: host 127.77.7.7")) << said();
  const std::string recorded = text("walk.pcapng");
  EXPECT_TRUE(recorded.contains("/canary-path-of-the-test"));
  EXPECT_FALSE(recorded.contains("/of-somebody-else"));
  for (const char* file : {"walk.pcapng", "walk.case"}) {
    struct stat status {};
    ASSERT_EQ(::stat(path(file).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600u) << file;
    EXPECT_EQ(status.st_uid, kSomebody) << file;
  }

  EXPECT_EQ(test::asked(path("walk.case"), "SELECT dst, proto FROM connection"), "127.77.7.7|tcp|\n");
  EXPECT_EQ(test::asked(path("walk.case"), "SELECT what, method, path, status FROM message ORDER BY what"), "request|GET|/canary-path-of-the-test||\nresponse|||200|\n");
  EXPECT_EQ(test::asked(path("walk.case"), "SELECT format, dropped FROM capture"), "pcapng|0|\n");
  // Every fact is about bytes that stay.
  const std::string fact = test::asked(path("walk.case"), "SELECT fact_id FROM message WHERE what = 'request'");
  ASSERT_EQ(klik("why walk.case " + fact.substr(0, fact.find('|'))), 0) << output_;
  EXPECT_TRUE(output_.contains("walk.pcapng")) << output_;
  EXPECT_TRUE(output_.contains("the digest is the same")) << output_;
}

// Secrets are for root's eyes alone; the recording is the user's.
TEST_F(Live, TakesIdentifiersThatOnlyRootMayRead) {
  KLIK_NEEDS_CAPTURING();
  give_folder_away();
  for (const auto& [name, content] : {std::pair{"ids.txt", std::string("imei 490154203237518\n")}, {"id.key", std::string(64, 'a') + "\n"}}) {
    std::ofstream(path(name)) << content;
    fs::permissions(path(name), fs::perms::owner_read);
  }
  start("scan live:lo --own-traffic --phone 127.77.7.11 --for 10m --case a.case --no-cache --identifiers ids.txt --identifier-key id.key", "a.pcapng");
  if (HasFatalFailure()) return;
  exchange("127.77.7.11", "/up?imei=490154203237518");
  ASSERT_EQ(finish(SIGINT), 0) << said();
  EXPECT_EQ(test::asked(path("a.case"), "SELECT DISTINCT identifier FROM leak"), "imei|\n");
}

TEST_F(Live, EndsByItselfWhenTheTimeIsOver) {
  KLIK_NEEDS_CAPTURING();
  give_folder_away();
  start("scan live:lo --own-traffic --phone 127.77.7.9 --for 1s --no-cache", "lo.pcapng");
  if (HasFatalFailure()) return;
  EXPECT_EQ(finish(), 0) << said();
  EXPECT_EQ(test::asked(path("lo.case"), "SELECT count(*) FROM connection"), "0|\n");
}

TEST_F(Live, EndsBeforeTheRecordingIsTooLarge) {
  KLIK_NEEDS_CAPTURING();
  give_folder_away();
  start("scan live:lo --own-traffic --phone 127.77.7.10 --for 5m --size 100kB --case a.case --no-cache", "a.pcapng");
  if (HasFatalFailure()) return;
  exchange("127.77.7.10", "/much", 1'000'000);
  const int code = finish();
  EXPECT_TRUE(code == 0 || code == 3) << said();
  EXPECT_TRUE(said().contains("as large as --size allows")) << said();
  EXPECT_LE(fs::file_size(path("a.pcapng")), 100'000u);
  EXPECT_EQ(test::asked(path("a.case"), "SELECT path FROM message WHERE what = 'request'"), "/much|\n");
}

TEST_F(Live, OverwritesNoRecording) {
  std::ofstream(path("a.pcapng")) << "kept";
  EXPECT_EQ(klik("scan live:lo --own-traffic --for 1s --case a.case --force"), 2);
  EXPECT_TRUE(output_.contains("never overwritten")) << output_;
  EXPECT_EQ(text("a.pcapng"), "kept");
}

TEST_F(Live, NeedsAFolderThatTheUserMayWriteBeforeItStarts) {
  KLIK_NEEDS_CAPTURING();
  ::unsetenv("SUDO_UID");
  EXPECT_EQ(klik("scan live:lo --own-traffic --for 1s --case a.case"), 2);
  EXPECT_TRUE(output_.contains("user nobody")) << output_;
  EXPECT_TRUE(fs::is_empty(fs::path(path("")))) << output_;
}

TEST_F(Live, LeavesNoRecordingWhenItDoesNotStart) {
  KLIK_NEEDS_CAPTURING();
  give_folder_away();
  std::ofstream(path("secret.zip")) << "PK";
  fs::permissions(path("secret.zip"), fs::perms::owner_read);
  ::setenv("SUDO_UID", std::to_string(kSomebody).c_str(), 1);
  ::setenv("SUDO_GID", std::to_string(kSomebody).c_str(), 1);
  EXPECT_EQ(klik("scan live:lo secret.zip --own-traffic --for 1s --case a.case"), 2);
  EXPECT_TRUE(output_.contains("secret.zip cannot be read by the user")) << output_;
  EXPECT_EQ(klik("scan live:lo --own-traffic --for 1s --case a.case --threads none"), 2);
  EXPECT_FALSE(fs::exists(path("a.pcapng")));
  EXPECT_FALSE(fs::exists(path("a.case")));
  EXPECT_EQ(klik("scan live:lo --own-traffic --for 1s --phone 02:00:5e:00:53:01 --case a.case"), 0) << output_ << ": loopback has addresses as Ethernet has";
}

TEST_F(Live, IsRefusedWithoutTheStatementAndSaysWhatItStates) {
  EXPECT_EQ(klik("scan live:lo --for 1s --case a.case"), 2);
  EXPECT_TRUE(output_.contains("NOTICE: this records network traffic")) << output_;
  EXPECT_TRUE(output_.contains("--own-traffic states: every device whose packets are kept is yours, or its user has agreed")) << output_;
  EXPECT_TRUE(output_.contains("nothing was recorded")) << output_;
  EXPECT_TRUE(fs::is_empty(fs::path(path(""))));
}

TEST_F(Live, RefusesWhatMakesNoSense) {
  EXPECT_EQ(klik("scan live:no-such-if0 --own-traffic --for 1s --case a.case"), 2);
  EXPECT_TRUE(output_.contains("there is no such interface; there are: ") && output_.contains("lo")) << output_;
  EXPECT_EQ(klik("scan live:lo live:lo --own-traffic --for 1s --case a.case"), 2);
  EXPECT_EQ(klik("scan live:lo --own-traffic --for 10 --case a.case"), 2);
  EXPECT_TRUE(output_.contains("90s, 10m")) << output_;
  EXPECT_EQ(klik("scan live:lo --own-traffic --size much --case a.case"), 2);
  EXPECT_EQ(klik("scan live:lo --own-traffic --phone phone.example --for 1s --case a.case"), 2);
  EXPECT_TRUE(output_.contains("neither a MAC address nor an IP address")) << output_;
  EXPECT_TRUE(fs::is_empty(fs::path(path(""))));
  std::ofstream(path("a.txt")) << "text";
  EXPECT_EQ(klik("scan a.txt --for 10m"), 2);
  EXPECT_TRUE(output_.contains("--for is for a live input")) << output_;
}

TEST_F(Live, TellsFramesThatTheSystemLostAsLostData) {
  {
    auto made = live::Recording::create(path("lossy.pcapng"));
    ASSERT_TRUE(made && made->begin({.name = "wlan0", .filter = "", .link_type = 1, .snap_length = 262'144, .program = "a test"}));
    const auto frame = test::ethernet(0x0800, test::ip4(test::udp(test::raw("a datagram"))));
    ASSERT_TRUE(made->frame(1'700'000'000'000'000'000, Bytes(frame), static_cast<std::uint32_t>(frame.size())));
    ASSERT_TRUE(made->end(1'700'000'000'000'000'000, 1'700'000'001'000'000'000, {.received = 8, .by_interface = 2, .by_system = 5}));
  }
  const int code = klik("scan lossy.pcapng --case a.case --no-cache");
  EXPECT_TRUE(code == 0 || code == 3) << output_;
  EXPECT_EQ(test::asked(path("a.case"), "SELECT dropped FROM capture"), "7|\n");
  EXPECT_EQ(test::asked(path("a.case"), "SELECT severity, what FROM problem WHERE what LIKE '%lost frames%'"), "data_loss|the capturing system says that it lost frames|\n");
}

}  // namespace
}  // namespace klik
