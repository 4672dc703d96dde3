// What a string in native code is about, told by its form alone.
#pragma once

#include <string_view>

namespace klik {

// "command", "socket", "path", "property", or "" for a string that says nothing about the system.
std::string_view native_word_kind(std::string_view text);

}  // namespace klik
