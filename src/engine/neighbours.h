// Files beside another one: in the same folder of a container, or on this machine.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "containers/container.h"

namespace klik {

// "a/b/of" and "name" → "a/b/name".
std::string path_beside(std::string_view of, std::string_view name);

// A file in the folder of `location`; null when there is none, or when `name` is more than a name.
SourceRef file_beside(const std::string& location, std::string_view name);

// Finds children of one container by their names; of several of one name, the first. From any thread.
class Neighbours {
 public:
  // REQUIRES: the same children each time, under the same names.
  SourceRef find(const std::vector<Child>& children, std::string_view of, std::string_view name);

 private:
  std::once_flag indexed_;   // most containers are never asked
  std::unordered_map<std::string, std::size_t> by_name_;
};

}  // namespace klik
