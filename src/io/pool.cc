#include "io/pool.h"

#include <algorithm>
#include <exception>

namespace klik {

Pool::Pool(unsigned threads) {
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < threads; ++i) workers_.emplace_back([this] { work(); });
}

Pool::~Pool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
}

void Pool::add(Task task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

void Pool::add_urgent(Task task) {
  {
    const std::lock_guard lock(mutex_);
    urgent_.push_back(std::move(task));
  }
  wake_.notify_one();
}

void Pool::wait_idle() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return running_ == 0 && urgent_.empty() && tasks_.empty(); });
}

void Pool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !urgent_.empty() || !tasks_.empty(); });
    if (urgent_.empty() && tasks_.empty()) return;  // stopping, and nothing left
    Task task;
    if (!urgent_.empty()) {
      task = std::move(urgent_.front());
      urgent_.pop_front();
    } else {
      task = std::move(tasks_.back());
      tasks_.pop_back();
    }
    ++running_;
    lock.unlock();
    try {
      task();
    } catch (const std::exception&) {   // would end the program
      ++failures_;
    }
    task = nullptr;  // what it captured goes before the next wait
    lock.lock();
    if (--running_ == 0 && urgent_.empty() && tasks_.empty()) idle_.notify_all();
  }
}

}  // namespace klik
