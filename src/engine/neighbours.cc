#include "engine/neighbours.h"

#include <filesystem>

namespace klik {

std::string path_beside(std::string_view of, std::string_view name) {
  const auto slash = of.rfind('/');
  return (slash == of.npos ? std::string() : std::string(of.substr(0, slash + 1))) + std::string(name);
}

SourceRef file_beside(const std::string& location, std::string_view name) {
  if (name.find('/') != name.npos) return nullptr;
  auto there = file_source((std::filesystem::path(location).parent_path() / name).c_str());
  return there ? *there : nullptr;
}

SourceRef Neighbours::find(const std::vector<Child>& children, std::string_view of, std::string_view name) {
  std::call_once(indexed_, [&] {
    for (std::size_t i = 0; i < children.size(); ++i) by_name_.emplace(children[i].name, i);
  });
  const auto found = by_name_.find(path_beside(of, name));
  return found == by_name_.end() ? nullptr : children[found->second].source;
}

}  // namespace klik
