// The old build that an update is applied to: what a delta reads blocks and files of.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/hash.h"
#include "io/source.h"

namespace klik {

// Of the first `size` bytes, read in order with decoders working ahead. Errors: truncated, and those of reading.
Result<Sha256Digest> digest_of_start(const Source& source, std::uint64_t size);

class BaseFiles {
 public:
  virtual ~BaseFiles() = default;
  // The image of a partition by its bare name: "system", without slot, folder or ".img". With `sha256`: the one whose first
  // `size` bytes have that digest, whatever it is called, before one of that name. Null when there is none. From any thread.
  virtual SourceRef partition(std::string_view name, std::uint64_t size, const std::optional<Sha256Digest>& sha256) const = 0;
  // Whether the first `size` bytes of an image that partition() gave have this digest. From any thread.
  virtual bool matches(const SourceRef& image, std::uint64_t size, const Sha256Digest& digest) const;
  // A file by the path that the running phone gives it: "/system/app/A/A.apk". Null when there is none. From any thread.
  virtual SourceRef file(std::string_view device_path) const = 0;
};

// A pointer to the old build that may be null and that notes when somebody looks: even whether it is there then decides what
// becomes of a container, and such a result is not kept for scans with another old build, or none.
class OldBuildAccess {
 public:
  OldBuildAccess(const BaseFiles* base = nullptr) : base_(base) {}
  explicit operator bool() const { return get() != nullptr; }
  const BaseFiles* operator->() const { return get(); }
  const BaseFiles* get() const {
    asked_ = true;
    return base_;
  }
  bool asked() const { return asked_; }

 private:
  const BaseFiles* base_;
  mutable bool asked_ = false;
};

}  // namespace klik
