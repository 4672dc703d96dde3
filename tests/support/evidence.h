// Where the real firmware and captures lie, for tests that need them.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace klik::test {

// KLIK_EVIDENCE, else ../shared/evidence beside the project; "" when absent.
inline std::string evidence() {
  if (const char* set = std::getenv("KLIK_EVIDENCE")) return std::filesystem::exists(set) ? set : "";
  const auto beside = std::filesystem::path(KLIK_SOURCE_DIR) / "../shared/evidence";
  return std::filesystem::exists(beside) ? std::filesystem::weakly_canonical(beside).string() : "";
}

}  // namespace klik::test

#define KLIK_NEEDS_EVIDENCE()                                                                    \
  if (klik::test::evidence().empty())                                                            \
  GTEST_SKIP() << "real evidence is not here (set KLIK_EVIDENCE or put shared/ beside the project)"
