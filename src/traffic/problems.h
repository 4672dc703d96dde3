// What went wrong with one connection, each kind told once however often it happens.
#pragma once

#include <algorithm>
#include <vector>

#include "traffic/context.h"

namespace klik::traffic {

class Problems {
 public:
  // `what`: a literal; `at`: in the capture file.
  void tell(Context& context, Code code, const char* what, EventSink::Severity severity, std::uint64_t at, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    if (std::ranges::find(told_, std::string_view(what)) != told_.end()) return;
    told_.push_back(what);
    context.events.problem(Error{code, at, what, file, line}, severity, connection_text(context.connection));
  }

 private:
  std::vector<std::string_view> told_;
};

}  // namespace klik::traffic
