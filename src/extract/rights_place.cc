#include "extract/rights_place.h"

#include <algorithm>
#include <array>

namespace klik {
namespace {

// Partitions that are reached as a folder of /system too, by a link, on phones where they have no partition of their own.
constexpr std::array<std::string_view, 5> kInsideSystem = {"product", "vendor", "system_ext", "odm", "oem"};

std::string_view take(std::string_view& rest) {
  const std::size_t slash = rest.find('/');
  if (slash == rest.npos) return {};   // a file, not a folder
  const std::string_view part = rest.substr(0, slash);
  rest.remove_prefix(slash + 1);
  return part;
}

std::string_view take_partition(std::string_view& rest) {
  if (!rest.starts_with('/')) return {};
  rest.remove_prefix(1);
  const std::string_view first = take(rest);
  if (first != "system") return first;
  std::string_view inside = rest;
  const std::string_view second = take(inside);
  if (std::ranges::find(kInsideSystem, second) == kInsideSystem.end()) return first;
  rest = inside;
  return second;
}

}  // namespace

AppPlace app_place(std::string_view device_path) {
  AppPlace place;
  std::string_view rest = device_path;
  place.partition = take_partition(rest);
  if (place.partition == "apex") take(rest);   // the module's name
  place.folder = take(rest);
  return place;
}

std::string partition_of_path(std::string_view device_path) { return std::string(take_partition(device_path)); }

bool AppPlace::privileged(int sdk) const {
  if (!on_image()) return false;
  // Below Android 4.4 every system app was what is now called privileged.
  if (sdk < 19) return partition == "system" && scanned();
  if (folder == "framework") return partition == "system";
  if (folder != "priv-app") return false;
  if (partition == "system") return true;
  if (partition == "vendor" || partition == "product" || partition == "odm" || partition == "oem") return sdk >= 28;
  if (partition == "apex") return sdk >= 29;
  return sdk >= 30;   // system_ext, and what makers mount beside it
}

}  // namespace klik
