#include "flow/platform_names.h"

namespace klik::flow {

bool is_platform_type(std::string_view d) {
  while (d.starts_with('[')) d.remove_prefix(1);
  if (!d.starts_with('L')) return true;
  d.remove_prefix(1);
  // The last three of the first line live in apps, though they are named like the platform.
  if (d.starts_with("android/")) return !(d.starts_with("android/support/") || d.starts_with("android/arch/") || d.starts_with("android/databinding/"));
  for (const std::string_view start :
       {"java/", "javax/", "dalvik/", "com/android/internal/", "com/android/server/", "org/apache/http/", "org/json/", "org/w3c/dom/", "org/xml/", "org/xmlpull/", "libcore/", "sun/", "miui/", "com/oneplus/", "com/color/", "oplus/", "com/oplus/",
        "com/mediatek/", "com/qualcomm/", "com/samsung/android/", "com/huawei/android/", "huawei/", "vivo/"})
    if (d.starts_with(start)) return true;
  return false;
}

}  // namespace klik::flow
