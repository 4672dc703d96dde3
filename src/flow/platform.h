// The classes of the boot class path as far as an app's call graph needs them: who extends whom, and which methods the
// platform may call on an app's object.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "flow/code_graph.h"

namespace klik::flow {

class Platform {
 public:
  struct Class {
    std::string super;                     // descriptor; "" for java.lang.Object
    std::vector<std::string> interfaces;
    std::vector<std::uint64_t> methods;    // digests of name and prototype of those that can be overridden; sorted
    std::vector<std::string> names;        // where the code is not there: names of those that the platform calls; sorted
  };

  // The first definition of a class wins, as on the boot class path: add in its order.
  void add(const CodeGraph& graph);
  // A class known by its documentation, for what no graph defined. Descriptors, and names of methods.
  void add_known(std::string descriptor, std::string super, std::vector<std::string> interfaces, std::vector<std::string> names);
  bool empty() const { return classes_.empty(); }
  const Class* find(std::string_view descriptor) const;
  // Whether the class itself declares an overridable method like this.
  static bool declares(const Class& of, std::string_view name, std::string_view proto);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>()(s); }
  };
  std::unordered_map<std::string, Class, Hash, std::equal_to<>> classes_;
};

// FNV-1a over both texts: a collision can only make more methods count as callable, never fewer.
std::uint64_t signature_digest(std::string_view name, std::string_view proto);

}  // namespace klik::flow
