// Opening an interface needs a right that reading packets must not have. So it is given up in between, for good: root, its
// groups, all capabilities, and the ways to get them back.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"

namespace klik::live {

struct User {
  uid_t uid = 0;
  gid_t gid = 0;
  std::string name;   // from the password file, or the number
  std::string home;   // "" when the password file does not know the user
};

// As whom the work goes on: the user who called sudo (SUDO_UID, SUDO_GID), "nobody" for root without sudo, and the
// user who runs the program in all other cases. Errors: bad_value for what is no user in these variables, absent when there is no "nobody".
Result<User> unprivileged_user();

// Becomes `user`, with no capabilities in any set and no way to gain any (PR_SET_NO_NEW_PRIVS), and looks whether that is so.
// On an error the process may have lost some rights and kept others: it must end.
// REQUIRES: one thread, since capabilities belong to threads; user.uid != 0.
Result<void> drop_privileges(const User& user);

}  // namespace klik::live
