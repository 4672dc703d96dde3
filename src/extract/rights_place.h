// What an app's place on the phone means: its partition, and whether Android counts it as part of the system.
// Source: AOSP PackageManagerService (scanned folders per version), "Privileged permission allowlisting".
#pragma once

#include <string>
#include <string_view>

namespace klik {

struct AppPlace {
  std::string partition;        // system, vendor, product, …; also where the phone reaches it as /system/product; "" when not known
  std::string folder;           // app, priv-app, framework, overlay, …: below the partition or the module
  bool known() const { return !partition.empty(); }
  bool on_image() const { return known() && partition != "data"; }
  // In a folder that plain Android scans at boot, so that it counts as preinstalled.
  bool scanned() const { return on_image() && (folder == "app" || folder == "priv-app" || folder == "framework" || folder == "overlay"); }
  // Whether its folder gives privileged permissions. sdk: the API level of the image.
  bool privileged(int sdk) const;
};

AppPlace app_place(std::string_view device_path);

// The partition's own name of a file in etc/, for example "product" of /system/product/etc/permissions/x.xml.
std::string partition_of_path(std::string_view device_path);

}  // namespace klik
