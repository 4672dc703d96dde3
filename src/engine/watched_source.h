// A source that remembers whether reading it ever failed for a reason that does not lie in the bytes. What was made of them
// then is not kept for later.
#pragma once

#include <atomic>

#include "io/source.h"

namespace klik {

class WatchedSource final : public Source {
 public:
  explicit WatchedSource(SourceRef source) : source_(std::move(source)) {}
  std::uint64_t size() const override { return source_->size(); }
  void will_need(std::uint64_t at, std::uint64_t n) const override { source_->will_need(at, n); }
  Bytes in_memory(std::uint64_t at, std::uint64_t n) const override { return source_->in_memory(at, n); }
  bool failed() const { return failed_; }

 protected:
  Result<void> do_read(std::uint64_t at, MutableBytes out) const override {
    auto result = source_->read(at, out);
    if (!result && (result.error().code == Code::io || result.error().code == Code::over_budget || result.error().code == Code::internal)) failed_ = true;
    return result;
  }

 private:
  SourceRef source_;
  mutable std::atomic<bool> failed_ = false;
};

}  // namespace klik
