#include "io/lazy_source.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>

#include "base/hash.h"

namespace klik {
namespace {

class LazySource final : public Source {
 public:
  LazySource(std::uint64_t size, std::move_only_function<Result<SourceRef>()> make) : size_(size), make_(std::move(make)) {}
  std::uint64_t size() const override { return size_; }

  Bytes in_memory(std::uint64_t at, std::uint64_t n) const override {
    // load() asks here first and would copy otherwise, so this is a first use too.
    const Result<SourceRef>& m = made();
    return m ? (*m)->in_memory(at, n) : Bytes();
  }

 protected:
  Result<void> do_read(std::uint64_t at, MutableBytes out) const override {
    const Result<SourceRef>& m = made();
    if (!m) return fail(m.error());
    return (*m)->read(at, out);
  }

 private:
  const Result<SourceRef>& made() const {
    std::call_once(once_, [this] {
      made_ = make_();
      make_ = nullptr;   // what it captured goes
      if (*made_ && (**made_)->size() != size_) made_ = fail(Code::bad_value, 0, "the decoded size is not the declared one");
    });
    return *made_;
  }

  std::uint64_t size_;
  mutable std::once_flag once_;
  mutable std::move_only_function<Result<SourceRef>()> make_;
  mutable std::optional<Result<SourceRef>> made_;
};

class CrcCheckedSource final : public Source {
 public:
  CrcCheckedSource(SourceRef from, std::uint32_t expected, std::uint64_t at) : from_(std::move(from)), expected_(expected), at_(at) {}
  std::uint64_t size() const override { return from_->size(); }
  void will_need(std::uint64_t at, std::uint64_t n) const override { from_->will_need(at, n); }

  // Not before the sum is known: a reader in memory would pass it by.
  Bytes in_memory(std::uint64_t at, std::uint64_t n) const override {
    return checked_ ? from_->in_memory(at, n) : Bytes();
  }

 protected:
  Result<void> do_read(std::uint64_t at, MutableBytes out) const override {
    KLIK_CHECK(from_->read(at, out));
    if (checked_) return {};
    const std::lock_guard lock(mutex_);
    if (at > summed_ || out.size() <= summed_ - at) return {};   // a gap, or nothing new
    sum_ = crc32(Bytes(out.subspan(summed_ - at)), sum_);
    summed_ = at + out.size();
    if (summed_ < size()) return {};
    if (sum_ == expected_) {
      checked_ = true;
      return {};
    }
    sum_ = 0;   // the next reader gets the same answer
    summed_ = 0;
    return fail(Code::bad_checksum, at_, "the checksum of these bytes does not match");
  }

 private:
  SourceRef from_;
  std::uint32_t expected_;
  std::uint64_t at_;
  mutable std::mutex mutex_;
  mutable std::atomic<bool> checked_ = false;
  mutable std::uint64_t summed_ = 0;
  mutable std::uint32_t sum_ = 0;
};

}  // namespace

SourceRef lazy_source(std::uint64_t size, std::move_only_function<Result<SourceRef>()> make) {
  return std::make_shared<LazySource>(size, std::move(make));
}

SourceRef crc_checked(SourceRef from, std::uint32_t crc32, std::uint64_t at) {
  return std::make_shared<CrcCheckedSource>(std::move(from), crc32, at);
}

}  // namespace klik
