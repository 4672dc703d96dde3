#include "io/source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace klik {
namespace {

class MemorySource final : public Source {
 public:
  explicit MemorySource(Blob blob) : blob_(std::move(blob)) {}
  std::uint64_t size() const override { return blob_.size(); }
  Bytes in_memory(std::uint64_t at, std::uint64_t n) const override {
    const auto part = blob_.bytes().slice(at, n);
    return part ? *part : Bytes();
  }

 protected:
  Result<void> do_read(std::uint64_t at, MutableBytes out) const override {
    KLIK_TRY(const Bytes part, blob_.bytes().slice(at, out.size()));
    copy_bytes(out, 0, part);
    return {};
  }

 private:
  Blob blob_;
};

class DescriptorSource final : public Source {
 public:
  DescriptorSource(int fd, std::uint64_t size) : fd_(fd), size_(size) {}
  ~DescriptorSource() override { ::close(fd_); }
  std::uint64_t size() const override { return size_; }

 protected:
  Result<void> do_read(std::uint64_t at, MutableBytes out) const override {
    std::size_t done = 0;
    while (done < out.size()) {
      const MutableBytes rest = out.subspan(done);
      const ssize_t n = ::pread(fd_, rest.data(), rest.size(), static_cast<off_t>(at + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return fail(Code::io, at + done, "the file cannot be read");
      if (n == 0) return fail(Code::io, at + done, "the file became shorter while it was read");
      done += static_cast<std::size_t>(n);
    }
    return {};
  }

 private:
  int fd_;
  std::uint64_t size_;
};

class WindowSource final : public Source {
 public:
  WindowSource(SourceRef parent, std::uint64_t at, std::uint64_t n) : parent_(std::move(parent)), at_(at), n_(n) {}
  std::uint64_t size() const override { return n_; }
  void will_need(std::uint64_t at, std::uint64_t n) const override {
    if (at < n_) parent_->will_need(at_ + at, n < n_ - at ? n : n_ - at);
  }
  Bytes in_memory(std::uint64_t at, std::uint64_t n) const override {
    return at <= n_ && n <= n_ - at ? parent_->in_memory(at_ + at, n) : Bytes();
  }

 protected:
  Result<void> do_read(std::uint64_t at, MutableBytes out) const override { return parent_->read(at_ + at, out); }

 private:
  SourceRef parent_;
  std::uint64_t at_, n_;
};

}  // namespace

Result<void> Source::read(std::uint64_t at, MutableBytes out) const {
  if (at > size() || out.size() > size() - at) return fail(Code::truncated, at, "read past end");
  if (out.empty()) return {};
  return do_read(at, out);
}

Result<Blob> Source::load(std::uint64_t at, std::uint64_t n) const {
  if (at > size() || n > size() - at) return fail(Code::truncated, at, "read past end");
  if (n == 0) return Blob();
  if (const Bytes there = in_memory(at, n); there.size() == n) return Blob(shared_from_this(), there);
  std::vector<std::uint8_t> bytes(n);
  KLIK_CHECK(do_read(at, bytes));
  return Blob(std::move(bytes));
}

SourceRef memory_source(std::vector<std::uint8_t> bytes) { return std::make_shared<MemorySource>(Blob(std::move(bytes))); }
SourceRef memory_source(Blob blob) { return std::make_shared<MemorySource>(std::move(blob)); }

SourceRef descriptor_source(int fd, std::uint64_t size) { return std::make_shared<DescriptorSource>(fd, size); }

Result<SourceRef> file_source(const char* path) {
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0) return fail(Code::io, 0, "the file cannot be opened");
  struct stat st {};
  if (::fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
    ::close(fd);
    return fail(Code::io, 0, "not a regular file");
  }
  return descriptor_source(fd, static_cast<std::uint64_t>(st.st_size));
}

Result<SourceRef> window(SourceRef parent, std::uint64_t at, std::uint64_t n) {
  if (at > parent->size() || n > parent->size() - at) return fail(Code::truncated, at, "window past end");
  if (at == 0 && n == parent->size()) return parent;
  return std::make_shared<WindowSource>(std::move(parent), at, n);
}

}  // namespace klik
