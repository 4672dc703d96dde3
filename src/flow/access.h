// What access flags mean for calls: which methods an object of a subclass may answer in another way.
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/android/dex.h"

namespace klik::flow {

using dex::kAccAbstract, dex::kAccInterface, dex::kAccPrivate, dex::kAccStatic;

inline bool is_overridable(std::uint32_t access, std::string_view name) { return (access & (kAccPrivate | kAccStatic)) == 0 && !name.starts_with('<'); }

}  // namespace klik::flow
