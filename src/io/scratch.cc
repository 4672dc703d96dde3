#include "io/scratch.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace klik {

Scratch::Scratch(std::string folder, std::uint64_t budget) : folder_(std::move(folder)), budget_(budget) {
  if (!folder_.empty()) return;
  const char* env = std::getenv("TMPDIR");
  folder_ = env && *env ? env : "/var/tmp";
}

Result<int> Scratch::create_file() {
  int fd = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) return fd;
  // Not every file system knows O_TMPFILE.
  std::string name = folder_ + "/klikspaan-XXXXXX";
  fd = ::mkostemp(name.data(), O_CLOEXEC);
  if (fd < 0) return fail(Code::io, 0, "no scratch file can be made; name another folder with --tmp");
  ::unlink(name.c_str());
  return fd;
}

Result<void> Scratch::reserve(std::uint64_t bytes) {
  std::uint64_t now = spilled_.load();
  do {
    if (bytes > budget_ - now) return fail(Code::over_budget, 0, "scratch space for this scan is used up");
  } while (!spilled_.compare_exchange_weak(now, now + bytes));
  return {};
}

SpillWriter::~SpillWriter() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> SpillWriter::append(Bytes bytes) {
  if (bytes.size() > limit_ - size_) return fail(Code::over_budget, size_, "the stream expands past its budget");
  memory_.insert(memory_.end(), bytes.begin(), bytes.end());
  size_ += bytes.size();
  if (memory_.size() > kInMemory || (fd_ >= 0 && memory_.size() >= (std::size_t{1} << 20))) return flush();
  return {};
}

Result<void> SpillWriter::flush() {
  if (fd_ < 0) {
    KLIK_TRY(const int fd, scratch_.create_file());
    fd_ = fd;
  }
  KLIK_CHECK(scratch_.reserve(memory_.size()));
  for (std::size_t done = 0; done < memory_.size();) {
    const ssize_t n = ::pwrite(fd_, &memory_[done], memory_.size() - done, static_cast<off_t>(on_disk_ + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail(Code::io, on_disk_, "the scratch file cannot be written; is the disk full?");
    done += static_cast<std::size_t>(n);
  }
  on_disk_ += memory_.size();
  memory_.clear();
  if (memory_.capacity() > (std::size_t{4} << 20)) memory_.shrink_to_fit();
  return {};
}

Result<SourceRef> SpillWriter::finish() {
  if (fd_ < 0) {
    memory_.shrink_to_fit();
    return memory_source(std::exchange(memory_, {}));
  }
  KLIK_CHECK(flush());
  return descriptor_source(std::exchange(fd_, -1), size_);
}

}  // namespace klik
