// The kernel acts too: an actor for the kernel of each boot image and for each of its modules.
#include <set>
#include <string>

#include "extract/columns.h"

namespace klik {
namespace {

constexpr std::string_view kName = "native_kernel@1";

std::string_view partition_of(std::string_view device_path) {
  if (!device_path.starts_with('/')) return {};
  device_path.remove_prefix(1);
  const auto slash = device_path.find('/');
  return slash == device_path.npos ? std::string_view() : device_path.substr(0, slash);
}

void run(const Image& image, FactSink& sink) {
  const FactKind* actor = find_kind("device.actor");
  const FactKind* module = find_kind("kernel.module");
  if (!actor || !module) return;
  const auto emit = [&](std::string_view name, const ArtifactRow& a, std::vector<FactId> because) {
    Row row(*actor);
    row.set("kind", "kernel").set("name", name).set("path", a.path);
    if (const auto partition = partition_of(a.device_path); !partition.empty()) row.set("partition", partition);
    std::vector<Place> origins;
    if (because.empty() && a.blob) origins.push_back({*a.blob, 0, a.size});
    sink.fact({actor, image.rows.build(), row.values(), std::move(origins), kName, std::move(because)});
  };
  // Rows come in path order, so a boot image comes before the members inside it.
  std::set<std::string, std::less<>> boot_images;
  image.rows.artifacts([&](const ArtifactRow& a) {
    if (a.kind == "boot") boot_images.emplace(a.path);
    // The image may be the input itself, whose path is empty.
    if (!a.path.ends_with("kernel")) return;
    const std::string_view parent = a.path.substr(0, a.path.size() - std::string_view("kernel").size());
    if (boot_images.contains(parent.ends_with('!') ? parent.substr(0, parent.size() - 1) : parent)) emit("kernel", a, {});
  });
  image.rows.facts(*module, [&](const FactRow& row) { emit(text_of(*module, row, "name"), row.artifact, {row.id}); });
}

}  // namespace

extern const ImageExtractor image_extractor_native_kernel;
constexpr ImageExtractor image_extractor_native_kernel{.name = kName, .title = "Kernels and their modules as actors", .emits = {}, .run = run};

}  // namespace klik
