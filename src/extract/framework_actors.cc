// Framework code acts too: spy software in the system itself need not be an app. One actor for each jar of the boot class
// path and of the system server.
#include <algorithm>
#include <map>

#include "extract/columns.h"

namespace klik {
namespace {

constexpr std::string_view kName = "framework_actors@1";

// Source: AOSP device layout; APEX modules carry theirs in javalib since Android 10.
bool is_framework(std::string_view place) {
  if (!place.ends_with(".jar")) return false;
  return place.starts_with("/system/framework/") || place.starts_with("/system_ext/framework/") || place.starts_with("/product/framework/") || place.starts_with("/vendor/framework/") ||
         (place.starts_with("/apex/") && place.find("/javalib/") != place.npos);
}

void run(const Image& image, FactSink& sink) {
  const FactKind* actor = find_kind("device.actor");
  if (!actor) return;
  image.rows.artifacts([&](const ArtifactRow& a) {
    if (!is_framework(a.device_path)) return;
    std::string_view name = a.device_path.substr(a.device_path.rfind('/') + 1);
    Row row(*actor);
    row.set("kind", "framework").set("name", name).set("path", a.path);
    const std::string_view rest = a.device_path.substr(1);
    row.set("partition", rest.substr(0, rest.find('/')));
    // The system server's own jars run as its user; the others run as whoever loads them.
    if (name == "services.jar" || name.ends_with("-services.jar") || (name.starts_with("service-") && a.device_path.starts_with("/apex/"))) row.set("uid", "system");
    std::vector<Place> origins;
    if (a.blob) origins.push_back({*a.blob, 0, a.size});
    sink.fact({actor, image.rows.build(), row.values(), std::move(origins), kName});
  });
}

}  // namespace

extern const ImageExtractor image_extractor_framework_actors;
constexpr ImageExtractor image_extractor_framework_actors{.name = kName, .title = "Framework code as actors", .emits = {}, .run = run};

}  // namespace klik
