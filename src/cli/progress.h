// A line on the terminal while a scan runs: how much, how fast, how long still. Silent when piped.
#pragma once

#include <chrono>
#include <thread>

#include "engine/scan.h"

namespace klik::cli {

class ProgressLine {
 public:
  explicit ProgressLine(const ScanProgress& progress);
  ~ProgressLine();   // removes the line

 private:
  std::jthread thread_;
};

}  // namespace klik::cli
