// How the parts of an artifact's path are spelled, in one place: the walk writes them, `why` follows them back.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace klik {

struct NamedChild {
  std::string_view name, transform;
};

// One part per child, in the given order. `inside_input`: the container is what was handed in, which has no
// name of its own in a case: a decompressed stream then is called by its transform, so that the same bytes
// under another file name give the same facts. Repeated names get "#2", "#3", … in order, without those that are
// names themselves: no two parts are equal, and they stay so as the case stores them. Names of more than 512 bytes
// are cut and get their digest.
std::vector<std::string> path_parts(const std::vector<NamedChild>& children, bool inside_input);

}  // namespace klik
