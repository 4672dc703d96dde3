// Small SELinux policies, compiled by secilc when a test runs.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "support/files.h"

namespace klik::test {

// tests/formats/policies/small.cil with `more` behind it.
inline std::vector<std::uint8_t> compiled_policy(const std::string& more = "", int version = 30) {
  const ScratchFolder folder;
  std::ifstream small(std::string(KLIK_SOURCE_DIR) + "/tests/formats/policies/small.cil");
  std::stringstream text;
  text << small.rdbuf() << more;
  const auto source = folder.path() / "policy.cil", binary = folder.path() / "policy";
  std::ofstream(source) << text.str();
  const Ran ran = run("secilc -M true -c " + std::to_string(version) + " -f /dev/null -o " + binary.string() + " " + source.string() + " 2>&1");
  EXPECT_EQ(ran.status, 0) << ran.output;
  return read_file(binary);
}

// The same policy with its ioctl rules as Android 6.0 wrote them: an entry is a byte shorter and says by its kind
// what later kernels say by a field of their own.
inline std::vector<std::uint8_t> as_android_m(const std::vector<std::uint8_t>& policy, const std::vector<std::pair<std::uint64_t, std::uint32_t>>& ioctl_entries) {
  std::vector<std::uint8_t> out;
  std::uint64_t at = 0;
  for (const auto& [start, length] : ioctl_entries) {
    out.insert(out.end(), policy.begin() + static_cast<std::ptrdiff_t>(at), policy.begin() + static_cast<std::ptrdiff_t>(start + 6));
    const bool driver = policy[start + 8] == 2;
    const unsigned kind = (policy[start + 6] | policy[start + 7] << 8) << (driver ? 4 : 0);
    out.push_back(static_cast<std::uint8_t>(kind & 0xFF));
    out.push_back(static_cast<std::uint8_t>(kind >> 8));
    out.push_back(driver ? 0x8b : policy[start + 9]);
    out.insert(out.end(), policy.begin() + static_cast<std::ptrdiff_t>(start + 10), policy.begin() + static_cast<std::ptrdiff_t>(start + length));
    at = start + length;
  }
  out.insert(out.end(), policy.begin() + static_cast<std::ptrdiff_t>(at), policy.end());
  return out;
}

}  // namespace klik::test
