// After giving up privileges there are none, and no way back.
#include "live/privileges.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace klik::live {
namespace {

// Whether `check` holds in a process of its own.
template <class Check>
bool in_a_child(const Check& check) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(check() ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

#define KLIK_NEEDS_ROOT() \
  if (::getuid() != 0) GTEST_SKIP() << "only root has something to give up"

void sudo(const char* uid, const char* gid) {
  ::setenv("SUDO_UID", uid, 1);
  ::setenv("SUDO_GID", gid, 1);
}

TEST(Privileges, GoToTheUserOfSudoAndElseToNobody) {
  KLIK_NEEDS_ROOT();
  EXPECT_TRUE(in_a_child([] {
    sudo("12345", "23456");
    const auto user = unprivileged_user();
    return user && user->uid == 12345 && user->gid == 23456 && user->name == "12345" && user->home.empty();
  }));
  EXPECT_TRUE(in_a_child([] {
    sudo("0", "0");
    const auto user = unprivileged_user();
    return user && user->name == "nobody" && user->uid != 0;
  })) << "root who calls sudo";
  EXPECT_TRUE(in_a_child([] {
    ::unsetenv("SUDO_UID");
    const auto user = unprivileged_user();
    return user && user->name == "nobody" && user->uid != 0 && user->gid != 0;
  }));
}

TEST(Privileges, RefuseWhatIsNoUser) {
  KLIK_NEEDS_ROOT();
  for (const char* wrong : {"", "-1", "1000x", "4294967295", "4294967296", "someone"})
    EXPECT_TRUE(in_a_child([&] {
      sudo(wrong, "1000");
      const bool by_uid = !unprivileged_user();
      sudo("1000", wrong);
      return by_uid && !unprivileged_user();
    })) << wrong;
}

TEST(Privileges, AreGoneForGood) {
  KLIK_NEEDS_ROOT();
  EXPECT_TRUE(in_a_child([] {
    const User user{.uid = 12345, .gid = 23456, .name = "12345", .home = {}};
    if (!drop_privileges(user)) return false;
    if (::setuid(0) == 0 || ::seteuid(0) == 0 || ::setgid(0) == 0 || ::access("/etc/shadow", R_OK) == 0) return false;
    std::ifstream status("/proc/self/status");
    int seen = 0;
    for (std::string line; std::getline(status, line);) {
      const std::string value = line.substr(line.find('\t') + 1);
      if (line.starts_with("Uid:") && (++seen, value != "12345\t12345\t12345\t12345")) return false;
      if (line.starts_with("Gid:") && (++seen, value != "23456\t23456\t23456\t23456")) return false;
      if (line.starts_with("Groups:") && (++seen, !value.starts_with("23456 "))) return false;
      if (line.starts_with("NoNewPrivs:") && (++seen, value != "1")) return false;
      if (line.starts_with("Cap") && (++seen, value.find_first_not_of('0') != value.npos)) return false;
    }
    return seen == 9;   // four lines, and five sets of capabilities
  }));
}

TEST(Privileges, OfRootCannotBeGivenToRoot) {
  EXPECT_FALSE(drop_privileges(User{}));
}

TEST(Privileges, OfNobodyStayNone) {
  KLIK_NEEDS_ROOT();
  EXPECT_TRUE(in_a_child([] {
    if (::setgid(12345) != 0 || ::setuid(12345) != 0) return false;
    sudo("1", "1");   // not for others to choose
    const auto user = unprivileged_user();
    return user && user->uid == 12345 && drop_privileges(*user) && ::getuid() == 12345;
  }));
}

}  // namespace
}  // namespace klik::live
