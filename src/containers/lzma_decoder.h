// What xz and the older lzma format share.
#pragma once

#include <lzma.h>

#include "containers/stream.h"

namespace klik {

class LzmaDecoder final : public StreamDecoder {
 public:
  enum class Kind : bool { xz, alone };
  explicit LzmaDecoder(Kind kind);
  ~LzmaDecoder() override;
  LzmaDecoder(const LzmaDecoder&) = delete;
  LzmaDecoder& operator=(const LzmaDecoder&) = delete;

  Step step(Bytes in, MutableBytes out) override;
  bool restart(Bytes rest) override;

 private:
  bool start();

  Kind kind_;
  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool ready_;
};

}  // namespace klik
