// What a property comes to when init has read all property files of a build.
// Source: AOSP system/core init/property_service.cpp. Up to Android 9 the files are read one by one and a property
// that begins with "ro." keeps its first value; from Android 10 on the last value counts for all.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "facts/build_rows.h"

namespace klik {

struct EffectiveProp {
  std::string value;
  std::string path;               // of the artifact that decides
  std::vector<FactId> because;    // the line that decides, then those that it overrules
};

class EffectiveProps {
 public:
  explicit EffectiveProps(const BuildRows& rows);

  const EffectiveProp* find(std::string_view name) const;
  // "" when it is not set.
  std::string_view value(std::string_view name) const;
  // ro.build.version.sdk; empty when no file states it.
  std::optional<int> sdk() const { return sdk_; }
  const std::map<std::string, EffectiveProp, std::less<>>& all() const { return all_; }

 private:
  std::map<std::string, EffectiveProp, std::less<>> all_;
  std::optional<int> sdk_;
};

}  // namespace klik
