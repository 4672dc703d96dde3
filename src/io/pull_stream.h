// A compressed stream that is read like a file, in order, into buffers of the reader's choosing: the streams inside patches.
#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.h"

namespace klik {

class PullStream {
 public:
  virtual ~PullStream() = default;
  // Fills `out` whole. Errors carry the offset in the compressed bytes: truncated when the stream ends before, bad_value when
  // it is broken. After an error the stream is of no use.
  virtual Result<void> read(MutableBytes out) = 0;
};

// The windows must outlive the streams. Errors: internal, when the decoder cannot be started.
std::unique_ptr<PullStream> pull_plain(Bytes in);
Result<std::unique_ptr<PullStream>> pull_bzip2(Bytes in);
Result<std::unique_ptr<PullStream>> pull_brotli(Bytes in);

}  // namespace klik
