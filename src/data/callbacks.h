// Which methods of an app's objects the platform calls, for images without framework code: data/framework.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace klik::data {

struct PlatformClass {
  std::string_view name, super;                     // without L and ;
  std::vector<std::string_view> interfaces, methods;
};

std::span<const PlatformClass> platform_classes();

}  // namespace klik::data
