#include "io/unit_source.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>

namespace klik {
namespace {

std::uint64_t end_of(const std::vector<UnitRange>& units) { return units.empty() ? 0 : units.back().at + units.back().length; }

Result<void> check_ranges(const std::vector<UnitRange>& units) {
  std::uint64_t at = 0;
  for (const UnitRange& u : units) {
    if (u.at != at || u.length == 0 || u.length > ~std::uint64_t{0} - at) return fail(Code::bad_value, u.at, "units do not follow each other");
    at += u.length;
  }
  return {};
}

std::size_t unit_at(const std::vector<UnitRange>& units, std::uint64_t at) {
  return static_cast<std::size_t>(
      std::partition_point(units.begin(), units.end(), [&](const UnitRange& u) { return u.at + u.length <= at; }) - units.begin());
}

class OnceSource final : public Source {
 public:
  OnceSource(std::vector<UnitRange> units, std::unique_ptr<UnitDecoder> decoder, Scratch& scratch, Pool* pool, int fd)
      : units_(std::move(units)), decoder_(std::move(decoder)), scratch_(scratch), pool_(pool), fd_(fd), states_(units_.size()), errors_(units_.size()) {}
  ~OnceSource() override { ::close(fd_); }
  std::uint64_t size() const override { return end_of(units_); }

  // Runs ahead of the reader by a few units per thread; more would only fill memory.
  void will_need(std::uint64_t at, std::uint64_t n) const override {
    if (!pool_ || n == 0 || at >= size()) return;
    const std::size_t first = unit_at(units_, at);
    const std::size_t most = std::min(units_.size(), first + 3 * std::size_t{pool_->threads()});
    for (std::size_t i = first; i < most && units_[i].at < at + n; ++i) {
      {
        const std::lock_guard lock(mutex_);
        if (states_[i] != UnitState::absent) continue;
        states_[i] = UnitState::queued;
      }
      pool_->add_urgent([self = shared_from_this(), this, i] { (void)ensure(i, false); });
    }
  }

 protected:
  Result<void> do_read(std::uint64_t at, MutableBytes out) const override {
    for (std::size_t i = unit_at(units_, at); !out.empty(); ++i) {
      KLIK_CHECK(ensure(i, true));
      const std::uint64_t n = std::min<std::uint64_t>(out.size(), units_[i].at + units_[i].length - at);
      KLIK_CHECK(read_back(at, out.first(n)));
      at += n;
      out = out.subspan(n);
    }
    return {};
  }

 private:
  enum class UnitState : std::uint8_t { absent, queued, running, present, failed };

  // Makes unit i present. Whoever comes first decodes; a queued unit is taken over, a running one waited for,
  // so a reader never waits for a task that no thread works on.
  Result<void> ensure(std::size_t i, bool wait) const {
    std::unique_lock lock(mutex_);
    for (;;) {
      switch (states_[i]) {
        case UnitState::present: return {};
        case UnitState::failed: return fail(errors_[i]);
        case UnitState::running:
          if (!wait) return {};
          done_.wait(lock);
          continue;
        case UnitState::absent:
        case UnitState::queued: break;
      }
      break;
    }
    states_[i] = UnitState::running;
    lock.unlock();
    // A decoder without memory must not leave others waiting for its unit, nor end the program from a pool's thread.
    auto made = Result<void>(fail(Code::internal, units_[i].at, "a unit could not be decoded for want of memory, or by a fault in klikspaan"));
    try {
      made = decode(i);
    } catch (const std::exception&) {
    }
    lock.lock();
    states_[i] = made ? UnitState::present : UnitState::failed;
    if (!made) errors_[i] = made.error();
    done_.notify_all();
    return made;
  }

  Result<void> decode(std::size_t i) const {
    KLIK_CHECK(scratch_.reserve(units_[i].length));
    std::vector<std::uint8_t> bytes(units_[i].length);
    KLIK_CHECK(decoder_->decode(i, bytes));
    for (std::size_t done = 0; done < bytes.size();) {
      const ssize_t n = ::pwrite(fd_, &bytes[done], bytes.size() - done, static_cast<off_t>(units_[i].at + done));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return fail(Code::io, units_[i].at, "the scratch file cannot be written; is the disk full?");
      done += static_cast<std::size_t>(n);
    }
    return {};
  }

  Result<void> read_back(std::uint64_t at, MutableBytes out) const {
    for (std::size_t done = 0; done < out.size();) {
      const ssize_t n = ::pread(fd_, &out[done], out.size() - done, static_cast<off_t>(at + done));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return fail(Code::io, at, "the scratch file cannot be read");
      done += static_cast<std::size_t>(n);
    }
    return {};
  }

  std::vector<UnitRange> units_;
  std::unique_ptr<UnitDecoder> decoder_;
  Scratch& scratch_;
  Pool* pool_;
  int fd_;
  mutable std::mutex mutex_;
  mutable std::condition_variable done_;
  mutable std::vector<UnitState> states_;
  mutable std::vector<Error> errors_;
};

class OnDemandSource final : public Source {
 public:
  OnDemandSource(std::vector<UnitRange> units, std::unique_ptr<UnitDecoder> decoder, std::uint64_t cache_bytes)
      : units_(std::move(units)), decoder_(std::move(decoder)), cache_bytes_(cache_bytes) {}
  std::uint64_t size() const override { return end_of(units_); }

 protected:
  Result<void> do_read(std::uint64_t at, MutableBytes out) const override {
    for (std::size_t i = unit_at(units_, at); !out.empty(); ++i) {
      const UnitRange& u = units_[i];
      const std::uint64_t n = std::min<std::uint64_t>(out.size(), u.at + u.length - at);
      if (n == u.length) {  // whole units go straight to the reader
        KLIK_CHECK(decoder_->decode(i, out.first(n)));
      } else {
        KLIK_TRY(const auto bytes, cached(i));
        KLIK_TRY(const Bytes part, Bytes(*bytes).slice(at - u.at, n));
        copy_bytes(out, 0, part);
      }
      at += n;
      out = out.subspan(n);
    }
    return {};
  }

 private:
  using Held = std::shared_ptr<const std::vector<std::uint8_t>>;
  struct Entry {
    std::size_t unit;
    Held bytes;
  };

  Result<Held> cached(std::size_t i) const {
    {
      const std::lock_guard lock(mutex_);
      for (const Entry& e : cache_)
        if (e.unit == i) return e.bytes;
    }
    auto bytes = std::make_shared<std::vector<std::uint8_t>>(units_[i].length);
    KLIK_CHECK(decoder_->decode(i, *bytes));
    const std::lock_guard lock(mutex_);
    cache_.push_back({i, bytes});
    held_ += bytes->size();
    while (held_ > cache_bytes_ && cache_.size() > 1) {
      held_ -= cache_.front().bytes->size();
      cache_.pop_front();
    }
    return bytes;
  }

  std::vector<UnitRange> units_;
  std::unique_ptr<UnitDecoder> decoder_;
  std::uint64_t cache_bytes_;
  mutable std::mutex mutex_;
  mutable std::deque<Entry> cache_;
  mutable std::uint64_t held_ = 0;
};

}  // namespace

Result<SourceRef> decode_once(std::vector<UnitRange> units, std::unique_ptr<UnitDecoder> decoder, Scratch& scratch, Pool* pool) {
  KLIK_CHECK(check_ranges(units));
  KLIK_TRY(const int fd, scratch.create_file());
  return std::make_shared<OnceSource>(std::move(units), std::move(decoder), scratch, pool, fd);
}

Result<SourceRef> decode_on_demand(std::vector<UnitRange> units, std::unique_ptr<UnitDecoder> decoder, std::uint64_t cache_bytes) {
  KLIK_CHECK(check_ranges(units));
  return std::make_shared<OnDemandSource>(std::move(units), std::move(decoder), cache_bytes);
}

}  // namespace klik
