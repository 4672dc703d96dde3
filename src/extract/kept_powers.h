// The powers of one app as a record of the cache. They follow from the app's rights, doors and code and from the few classes of
// the platform that its own classes extend; an app that stayed the same in a new build is not followed through again.
#pragma once

#include <optional>

#include "cache/store.h"
#include "extract/app_powers.h"
#include "flow/platform.h"

namespace klik {

// Over everything of the app that powers_of() looks at. What is only named as a reason is not in it where another build gives
// the same statement another identity.
cache::Key key_of_powers(const AppCode& app);

std::string packed_powers(const AppPowers& powers, const AppCode& app, const flow::Platform& platform);
// Empty when the record is broken, or was made over another platform.
std::optional<AppPowers> unpacked_powers(Bytes record, const AppCode& app, const flow::Platform& platform);

}  // namespace klik
