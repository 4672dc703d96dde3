// Which app a file belongs to: what lies inside its APK, code that was compiled from it and its native libraries.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "extract/extractor.h"

namespace klik {

class ActorFiles {
 public:
  // Reads the build's packages. REQUIRES: the extractor `actors` has run.
  explicit ActorFiles(const BuildRows& rows);

  // The path of the app's APK that the file at `path` is part of; nullopt when no app of the build claims it.
  std::optional<std::string_view> owner_of(std::string_view path) const;

 private:
  std::map<std::string, bool, std::less<>> apks_;                    // paths of the build's apps
  std::map<std::string, std::string, std::less<>> by_folder_;        // folder → its only APK; "" when it has several
};

// "system!app/A/oat/arm64/A.odex!classes.dex" → "system!app/A/A": where the APK that was compiled lies, without ending.
// "" when the path holds no compiled code.
std::string compiled_from(std::string_view path);

}  // namespace klik
