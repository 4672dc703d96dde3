// Reading manifests beside `aapt dump badging` started as a process, APK by APK.
//   manifest_bench --folder FOLDER
// links: klik_apps
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "apps/apk.h"
#include "apps/manifest.h"
#include "containers/zip_archive.h"

extern char** environ;

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// From the file on disk to the finished model, as a scan does it.
bool read_ours(const std::string& path) {
  const klik::Budget budget;
  std::vector<klik::Note> notes;
  const auto source = klik::file_source(path.c_str());
  if (!source) return false;
  const auto zip = klik::ZipArchive::open(*source, budget, notes);
  if (!zip) return false;
  const klik::ZipEntry* entry = zip->find(klik::apk::kManifest);
  if (!entry) return false;
  const auto xml = zip->load(*entry, 64 << 20);
  if (!xml) return false;
  klik::Blob resources;
  const auto load = [&]() -> klik::Bytes {   // as the extractor: unpacked only when a value needs it
    const klik::ZipEntry* table = zip->find(klik::apk::kResources);
    if (!table) return {};
    if (auto loaded = zip->load(*table, 128 << 20)) resources = std::move(*loaded);
    return resources.bytes();
  };
  return klik::apk::read_manifest_with(xml->bytes(), load).has_value();
}

bool read_aapt(const std::string& path) {
  std::string program = "aapt", dump = "dump", badging = "badging", file = path;
  char* arguments[] = {program.data(), dump.data(), badging.data(), file.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", 1, 0);
  pid_t pid = 0;
  const int failed = posix_spawnp(&pid, "aapt", &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = 1;
  if (failed || waitpid(pid, &status, 0) != pid) return false;
  return status == 0;
}

double median(std::vector<double> v) {
  std::ranges::nth_element(v, v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2));
  return v[v.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 || std::strcmp(argv[1], "--folder") != 0) return 2;
  std::vector<std::string> apks;
  for (const auto& e : std::filesystem::recursive_directory_iterator(argv[2]))
    if (e.path().extension() == ".apk") apks.push_back(e.path().string());
  std::ranges::sort(apks);
  if (apks.empty()) return 2;
  std::vector<double> ours, peers, ratios;
  std::size_t read = 0;
  for (const std::string& apk : apks) {
    (void)read_ours(apk);   // the file in the page cache for both
    auto start = Clock::now();
    read += read_ours(apk);
    ours.push_back(seconds_since(start));
    start = Clock::now();
    (void)read_aapt(apk);
    peers.push_back(seconds_since(start));
    ratios.push_back(peers.back() / ours.back());
  }
  double sum_ours = 0, sum_peers = 0;
  for (const double s : ours) sum_ours += s;
  for (const double s : peers) sum_peers += s;
  std::printf("  %zu APKs, %zu read by us\n", apks.size(), read);
  std::printf("  klikspaan              median %8.3f ms, all %8.3f s\n", median(ours) * 1e3, sum_ours);
  std::printf("  aapt dump badging      median %8.3f ms, all %8.3f s\n", median(peers) * 1e3, sum_peers);
  std::printf("  ratio per APK          median %8.0f x,  of sums %6.0f x\n", median(ratios), sum_peers / sum_ours);
  return 0;
}
