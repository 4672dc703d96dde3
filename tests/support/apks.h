// Real APKs: those that lie in the evidence as files, and those of a firmware archive, unpacked for one test.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "support/evidence.h"
#include "support/files.h"

namespace klik::test {

inline std::vector<std::string> apks_under(const std::filesystem::path& folder) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().extension() == ".apk") out.push_back(entry.path().string());
  std::ranges::sort(out);
  return out;
}

// The APKs of a firmware archive, with their paths inside it; they go when the object goes.
class FirmwareApks {
 public:
  explicit FirmwareApks(const std::string& name) {
    const Ran ran = run("tar --zstd -xf '" + evidence() + "/firmware/" + name + ".tar.zst' -C '" + folder_.path().string() + "' --wildcards '*.apk' && chmod -R u+w '" + folder_.path().string() + "'");
    EXPECT_EQ(ran.status, 0) << name;
    paths_ = apks_under(folder_.path());
  }
  const std::vector<std::string>& paths() const { return paths_; }

 private:
  ScratchFolder folder_;
  std::vector<std::string> paths_;
};

}  // namespace klik::test
