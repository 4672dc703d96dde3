// Which actor of a build a file belongs to: what lies inside an app, its code beside it, its native libraries.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extract/extractor.h"
#include "flow/compiled_path.h"

namespace klik {

struct ActorName {
  std::string kind, name, path;   // path: the artifact that the actor is
};

class CodeOwners {
 public:
  explicit CodeOwners(const BuildRows& rows);
  // The actors that the artifact at `path` belongs to; more than one when one file is several actors. Empty: nobody's.
  const std::vector<ActorName>& of(std::string_view path) const;
  // The path of the app's APK that the artifact is part of; nullopt when no app of the build claims it.
  std::optional<std::string_view> app_of(std::string_view path) const;

 private:
  std::map<std::string, std::vector<ActorName>, std::less<>> by_path_;
  std::map<std::string, std::string, std::less<>> app_in_folder_;   // folder → path of the only app in it
};

using flow::compiled_from;

}  // namespace klik
