#include "cache/program.h"

#include <link.h>
#include <sys/stat.h>

#include "io/source.h"

namespace klik::cache {
namespace {

constexpr std::uint64_t kChunk = std::uint64_t{1} << 20;

std::string looks_of(const std::string& path) {
  struct stat st {};
  if (::stat(path.c_str(), &st) != 0) return path + " -\n";
  return path + " " + std::to_string(st.st_size) + " " + std::to_string(st.st_ino) + " " + std::to_string(st.st_mtim.tv_sec) + "." + std::to_string(st.st_mtim.tv_nsec) + "\n";
}

int take_library(dl_phdr_info* info, std::size_t, void* to) {
  if (info->dlpi_name && *info->dlpi_name) static_cast<std::vector<std::string>*>(to)->emplace_back(info->dlpi_name);
  return 0;
}

}  // namespace

Result<Sha256Digest> program_identity(const std::vector<std::string>& files) {
  KLIK_TRY(const SourceRef self, file_source("/proc/self/exe"));
  Hasher hasher;
  std::vector<std::uint8_t> chunk(kChunk);
  for (std::uint64_t at = 0; at < self->size(); at += kChunk) {
    const MutableBytes part(chunk.data(), std::min(kChunk, self->size() - at));
    KLIK_CHECK(self->read(at, part));
    hasher.update(Bytes(part));
  }
  std::vector<std::string> paths;
  ::dl_iterate_phdr(take_library, &paths);
  paths.insert(paths.end(), files.begin(), files.end());
  for (const std::string& path : paths) {
    const std::string looks = looks_of(path);
    hasher.update(Bytes::of(looks));
  }
  return hasher.finish_sha256();
}

}  // namespace klik::cache
