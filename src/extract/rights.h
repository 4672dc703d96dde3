// Effective rights for other image extractors: what each package of a build holds, read from the facts of `rights`.
// Only extractors that are registered after it see them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "facts/build_rows.h"

namespace klik::rights {

struct Held {
  FactId fact;
  std::string_view effective;          // granted, pregranted or on_request
  std::string why;
};

struct Rights {
  std::string package, path;           // path: of the artifact
  std::string shared_user;             // "" when it has a user of its own
  std::optional<std::uint32_t> uid;    // when that user's number is fixed: 1000 for android.uid.system
  std::map<std::string, Held, std::less<>> held;   // by permission; what is denied or unknown is not in it

  // Checks of components and services by permission let the users root and system pass, whatever they hold.
  bool passes_every_check() const { return uid && (*uid == 0 || *uid == 1000); }
  // Held without the user doing anything, or by passing every check.
  bool holds(std::string_view permission) const {
    if (passes_every_check()) return true;
    const auto at = held.find(permission);
    return at != held.end() && at->second.effective != "on_request";
  }
  // … or when the user agrees.
  bool may_hold(std::string_view permission) const { return passes_every_check() || held.contains(permission); }
};

// By the path of the package's artifact.
std::map<std::string, Rights, std::less<>> rights_of(const BuildRows& rows);

}  // namespace klik::rights
