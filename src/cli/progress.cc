#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <mutex>

#include "cli/quantities.h"

namespace klik::cli {

ProgressLine::ProgressLine(const ScanProgress& progress) {
  if (!::isatty(STDERR_FILENO)) return;
  thread_ = std::jthread([&progress](const std::stop_token& stop) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!wake.wait_for(lock, stop, std::chrono::milliseconds(200), [&] { return stop.stop_requested(); })) {
      const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
      const double share = progress.share, megabytes = static_cast<double>(progress.bytes.load()) / 1e6;
      std::string line = fmt::format("\r{:5.1f} %  {:.0f} MB in {} files, {:.0f} MB/s", share * 100, megabytes, progress.files.load(), megabytes / seconds);
      // Before one percent the guess would jump about.
      if (share > 0.01 && share < 1) line += ", " + duration_text(seconds * (1 - share) / share) + " left";
      std::fputs((line + "\x1b[K").c_str(), stderr);
    }
    std::fputs("\r\x1b[K", stderr);
  });
}

ProgressLine::~ProgressLine() = default;

}  // namespace klik::cli
