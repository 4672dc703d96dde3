// The names of files inside an APK that several readers need.
#pragma once

#include <string_view>

namespace klik::apk {

inline constexpr std::string_view kManifest = "AndroidManifest.xml";
inline constexpr std::string_view kResources = "resources.arsc";

}  // namespace klik::apk
