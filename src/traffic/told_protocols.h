// Many streams or tunnels of one connection, each with a reader that says which protocol it turned out to be: the connection is told once.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "traffic/connection.h"

namespace klik::traffic {

class ToldProtocols {
 public:
  // Calls `read`; what it adds to the connection's protocol stays only the first time. Returns what it added.
  template <class Read>
  std::string during(Connection& connection, Read read) {
    const std::size_t before = connection.protocol.size();
    read();
    if (connection.protocol.size() == before) return {};
    std::string said = connection.protocol.substr(before);
    if (said.starts_with('/')) said.erase(0, 1);
    if (std::ranges::find(told_, said) != told_.end()) connection.protocol.resize(before);
    else told_.push_back(said);
    return said;
  }

 private:
  std::vector<std::string> told_;
};

}  // namespace klik::traffic
