// ELF files made by compilers while a test runs. Where the compiler of another machine is missing, the test says so and is skipped.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/files.h"

namespace klik::test {

struct Machine {
  std::string name;       // for test names
  std::string compiler;   // with flags that choose the instructions
  std::string objdump;
};

inline std::vector<Machine> machines() {
  return {{"x64", "cc", "objdump"},
          {"arm64", "aarch64-linux-gnu-gcc", "aarch64-linux-gnu-objdump"},
          {"thumb", "arm-linux-gnueabi-gcc -march=armv7-a -mthumb", "arm-linux-gnueabi-objdump"},
          {"a32", "arm-linux-gnueabi-gcc -march=armv7-a -marm", "arm-linux-gnueabi-objdump"}};
}

inline bool has_program(const std::string& command) { return run("command -v " + command.substr(0, command.find(' ')) + " >/dev/null 2>&1").status == 0; }

// A library without what the compiler's start files add. Empty, and the test has failed, when it cannot be made.
inline std::vector<std::uint8_t> compiled(const Machine& machine, const std::string& source, const std::string& flags = "") {
  const ScratchFolder folder;
  const std::string from = (folder.path() / "source.c").string(), to = (folder.path() / "out").string();
  std::ofstream(from) << source;
  EXPECT_EQ(run(machine.compiler + " -w -O2 -fPIC -shared -nostdlib " + flags + " -o " + to + " " + from + " 2>&1").status, 0);
  return read_file(to);
}

}  // namespace klik::test
