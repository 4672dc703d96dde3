// A user without rights, so that tests meet files that they may not read.
#pragma once

#include <unistd.h>

#include <cstdlib>

namespace klik::test {

// Root may look everywhere, so it becomes nobody for a while.
class AsNobody {
 public:
  AsNobody() : was_(::geteuid()) {
    if (was_ == 0) changed_ = ::seteuid(65534) == 0;
  }
  ~AsNobody() {
    if (changed_ && ::seteuid(was_) != 0) std::abort();
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

 private:
  uid_t was_;
  bool changed_ = false;
};

}  // namespace klik::test
