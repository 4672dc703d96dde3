// Worker threads for one scan. Pieces to decode come before new files to open, and the newest file comes
// first, so that a walk goes deep before it goes wide and memory stays bounded by depth × threads.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace klik {

class Pool {
 public:
  using Task = std::move_only_function<void()>;

  // 0 threads means one per processor.
  explicit Pool(unsigned threads = 0);
  ~Pool();  // finishes what is queued

  unsigned threads() const { return static_cast<unsigned>(workers_.size()); }
  void add(Task task);          // last in, first out
  void add_urgent(Task task);   // before all others; must not wait for tasks that are only queued
  void wait_idle();             // until no task is queued or running
  // How many tasks ended by an exception: a bug or no memory. Their work is not done; the thread goes on.
  std::uint64_t failures() const { return failures_; }

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable wake_, idle_;
  std::deque<Task> urgent_, tasks_;
  unsigned running_ = 0;
  std::atomic<std::uint64_t> failures_ = 0;
  bool stopping_ = false;
  std::vector<std::jthread> workers_;
};

}  // namespace klik
