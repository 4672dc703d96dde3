#include "live/privileges.h"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>

namespace klik::live {
namespace {

std::optional<std::uint32_t> number_in(const char* variable) {
  const char* text = std::getenv(variable);
  if (!text) return std::nullopt;
  std::uint32_t number = 0;
  const char* end = text + std::strlen(text);
  const auto [stopped, error] = std::from_chars(text, end, number);
  // The highest number means "leave it as it is" to setresuid(2).
  if (error != std::errc() || stopped != end || number == 0xFFFFFFFF) return std::nullopt;
  return number;
}

User known_user(uid_t uid, gid_t gid) {
  User user{.uid = uid, .gid = gid, .name = std::to_string(uid), .home = {}};
  if (const passwd* entry = ::getpwuid(uid)) {
    user.name = entry->pw_name;
    user.home = entry->pw_dir;
  }
  return user;
}

// capget(2), capset(2), version 3: two words per set.
struct Capabilities {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct words[_LINUX_CAPABILITY_U32S_3]{};
};

bool drop_capabilities() {
  // Without these a program that is set to give capabilities still would. Needs a right that not everybody who gets here has;
  // PR_SET_NO_NEW_PRIVS stands behind it.
  for (unsigned long capability = 0; ::prctl(PR_CAPBSET_READ, capability, 0UL, 0UL, 0UL) >= 0; ++capability) ::prctl(PR_CAPBSET_DROP, capability, 0UL, 0UL, 0UL);
  return ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0UL, 0UL, 0UL) == 0;
}

bool empty_capabilities() {
  Capabilities none;
  return ::syscall(SYS_capset, &none.header, none.words) == 0;
}

bool has_capabilities() {
  Capabilities now;
  if (::syscall(SYS_capget, &now.header, now.words) != 0) return true;
  for (const auto& word : now.words)
    if (word.effective != 0 || word.permitted != 0 || word.inheritable != 0) return true;
  return false;
}

bool is_all(uid_t uid, gid_t gid) {
  uid_t u[3]{};
  gid_t g[3]{};
  if (::getresuid(&u[0], &u[1], &u[2]) != 0 || ::getresgid(&g[0], &g[1], &g[2]) != 0) return false;
  for (int i = 0; i < 3; ++i)
    if (u[i] != uid || g[i] != gid) return false;
  return true;
}

}  // namespace

Result<User> unprivileged_user() {
  // Also for a program with the set-user-ID bit: there the variables are the caller's to choose.
  if (::getuid() != 0) return known_user(::getuid(), ::getgid());
  if (std::getenv("SUDO_UID")) {
    const auto uid = number_in("SUDO_UID"), gid = number_in("SUDO_GID");
    if (!uid || !gid) return fail(Code::bad_value, 0, "SUDO_UID and SUDO_GID are not the numbers of a user and a group");
    if (*uid != 0 && *gid != 0) return known_user(*uid, *gid);
  }
  const passwd* nobody = ::getpwnam("nobody");
  if (!nobody || nobody->pw_uid == 0 || nobody->pw_gid == 0) return fail(Code::absent, 0, "there is no user \"nobody\" to go on as");
  return User{.uid = nobody->pw_uid, .gid = nobody->pw_gid, .name = "nobody", .home = {}};
}

Result<void> drop_privileges(const User& user) {
  if (user.uid == 0) return fail(Code::internal, 0, "root is no user without privileges");
  const bool root = ::geteuid() == 0 || ::getuid() == 0;
  if (!drop_capabilities()) return fail(Code::io, 0, "the ambient capabilities cannot be given up");
  // Groups first: a user who is not root may not change them any more.
  if (root && ::setgroups(1, &user.gid) != 0) return fail(Code::io, 0, "the groups of root cannot be given up");
  if (::setresgid(user.gid, user.gid, user.gid) != 0) return fail(Code::io, 0, "the group of root cannot be given up");
  if (::setresuid(user.uid, user.uid, user.uid) != 0) return fail(Code::io, 0, "root cannot be given up");
  if (!empty_capabilities()) return fail(Code::io, 0, "the capabilities cannot be given up");
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) != 0) return fail(Code::io, 0, "new privileges cannot be ruled out");
  if (!is_all(user.uid, user.gid) || has_capabilities() || ::setuid(0) == 0 || ::prctl(PR_GET_NO_NEW_PRIVS, 0UL, 0UL, 0UL, 0UL) != 1)
    return fail(Code::io, 0, "privileges were still there after they had been given up");
  return {};
}

}  // namespace klik::live
