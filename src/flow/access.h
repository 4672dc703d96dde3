// Access flags of DEX classes and methods. Source: Dalvik Executable format, "access_flags".
#pragma once

#include <cstdint>
#include <string_view>

namespace klik::flow {

inline constexpr std::uint32_t kAccPrivate = 0x2, kAccStatic = 0x8, kAccInterface = 0x200, kAccAbstract = 0x400;

inline bool is_overridable(std::uint32_t access, std::string_view name) { return (access & (kAccPrivate | kAccStatic)) == 0 && !name.starts_with('<'); }

}  // namespace klik::flow
