#include "ledger/scratch_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace klik {

ScratchFile::~ScratchFile() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::uint64_t> ScratchFile::append(std::span<const std::byte> bytes) {
  if (fd_ < 0) {
    const std::string name = beside_ + ".scratch-" + std::to_string(::getpid());
    fd_ = ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd_ < 0) return fail(Code::io, 0, "no scratch file can be made beside the case");
    ::unlink(name.c_str());
  }
  for (std::size_t done = 0; done < bytes.size();) {
    const auto rest = bytes.subspan(done);
    const auto n = ::pwrite(fd_, rest.data(), rest.size(), static_cast<off_t>(size_ + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail(Code::io, size_ + done, "the scratch file beside the case cannot be written");
    done += static_cast<std::size_t>(n);
  }
  size_ += bytes.size();
  return size_ - bytes.size();
}

Result<void> ScratchFile::read(std::uint64_t at, std::span<std::byte> to) const {
  for (std::size_t done = 0; done < to.size();) {
    const auto rest = to.subspan(done);
    const auto n = ::pread(fd_, rest.data(), rest.size(), static_cast<off_t>(at + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail(Code::io, at + done, "the scratch file beside the case cannot be read");
    done += static_cast<std::size_t>(n);
  }
  return {};
}

}  // namespace klik
