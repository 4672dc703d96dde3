// A Source is a random-access window on bytes that may lie in a file, in memory, or behind a decoder.
// Everything klikspaan opens is one: payload → super → erofs → apk is four of them on top of each other.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.h"

namespace klik {

class Source;
// Sources are immutable, shared between threads and kept alive by the children that read through them:
// this alias and its make functions are the only place where shared ownership is used.
using SourceRef = std::shared_ptr<const Source>;

// Bytes in memory together with what keeps them there. Views into `bytes()` must not outlive the Blob.
class Blob {
 public:
  Blob() = default;
  explicit Blob(std::vector<std::uint8_t> owned) : owned_(std::move(owned)), bytes_(owned_) {}
  Blob(SourceRef keeper, Bytes bytes) : keeper_(std::move(keeper)), bytes_(bytes) {}
  Blob(Blob&& other) noexcept { *this = std::move(other); }
  Blob& operator=(Blob&& other) noexcept {
    owned_ = std::move(other.owned_);   // a moved vector keeps its buffer, so bytes_ stays valid
    keeper_ = std::move(other.keeper_);
    bytes_ = std::exchange(other.bytes_, {});
    return *this;
  }
  Bytes bytes() const& { return bytes_; }
  Bytes bytes() && = delete;            // a window on a dying Blob would dangle
  std::uint64_t size() const { return bytes_.size(); }

 private:
  std::vector<std::uint8_t> owned_;
  SourceRef keeper_;
  Bytes bytes_;
};

class Source : public std::enable_shared_from_this<Source> {
 public:
  virtual ~Source() = default;
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  virtual std::uint64_t size() const = 0;

  // Fills `out` from offset `at`, whole or not at all. Safe to call from several threads.
  // Errors: truncated (the range leaves the source), and whatever decoding underneath reports.
  Result<void> read(std::uint64_t at, MutableBytes out) const;

  // The range as contiguous memory; no copy when it lies in memory already.
  // The caller has checked `n` against its budget: n bytes may be allocated.
  Result<Blob> load(std::uint64_t at, std::uint64_t n) const;
  Result<Blob> load() const { return load(0, size()); }

  template <Wire T>
  Result<T> get(std::uint64_t at) const {
    T value{};
    KLIK_CHECK(read(at, writable_bytes(value)));
    return value;
  }

  // A hint that [at, at + n) will be read soon. Decoding sources start work on other threads.
  virtual void will_need(std::uint64_t at, std::uint64_t n) const { (void)at, (void)n; }

  // The range if it already lies in memory, else an empty window.
  virtual Bytes in_memory(std::uint64_t at, std::uint64_t n) const { return (void)at, (void)n, Bytes(); }

 protected:
  // REQUIRES: the range lies inside [0, size()) and out is not empty.
  virtual Result<void> do_read(std::uint64_t at, MutableBytes out) const = 0;
};

SourceRef memory_source(std::vector<std::uint8_t> bytes);
// Keeps the Blob alive for as long as the source lives.
SourceRef memory_source(Blob blob);

// A regular file, read with pread: a file that shrinks underneath gives an Error, not a signal.
Result<SourceRef> file_source(const char* path);
// The same over an open descriptor, which the source closes.
SourceRef descriptor_source(int fd, std::uint64_t size);

// [at, at + n) of another source. Errors: truncated.
Result<SourceRef> window(SourceRef parent, std::uint64_t at, std::uint64_t n);

}  // namespace klik
