// lz4 from before its frame format, as the kernel reads it and ramdisks have it: a magic, then blocks of
// a length and data that expand to at most 8 MiB each. There is no end mark and no checksum.
#include <lz4.h>

#include <algorithm>

#include "containers/stream.h"

namespace klik {
namespace {

constexpr std::uint32_t kMagic = 0x184C2102u;
constexpr std::uint64_t kBlock = std::uint64_t{8} << 20;
constexpr std::uint64_t kMostPacked = LZ4_COMPRESSBOUND(std::uint64_t{8} << 20);

class Lz4LegacyDecoder final : public StreamDecoder {
 public:
  Step step(Bytes in, MutableBytes out) override {
    Step step;
    if (drained_ < block_.size()) {   // the rest of a block goes out before more comes in
      step.made = std::min<std::uint64_t>(out.size(), block_.size() - drained_);
      copy_bytes(out, 0, Bytes(std::span(block_).subspan(drained_, step.made)));
      drained_ += step.made;
      return step;
    }
    if (state_ == At::block) {
      step.taken = std::min<std::uint64_t>(in.size(), packed_size_ - packed_.size());
      const auto part = in.span().first(step.taken);
      packed_.insert(packed_.end(), part.begin(), part.end());
      if (packed_.size() == packed_size_ && !expand()) return step.failed(Code::bad_value, "an lz4 block is broken");
      return step;
    }
    const auto word = in.get<U32le>(0);
    if (state_ == At::length && (!word || *word == 0 || *word > kMostPacked)) {
      // The next magic, padding, or what the kernel's build appends; the end is where the blocks end.
      if (word && *word == kMagic) {
        step.taken = 4;
        return step;
      }
      step.done = true;
      return step;
    }
    if (!word) return step;
    step.taken = 4;
    if (state_ == At::magic) {
      if (*word != kMagic) return Step{}.failed(Code::bad_magic, "not an lz4 legacy stream");
      state_ = At::length;
      return step;
    }
    packed_size_ = *word;
    packed_.clear();
    state_ = At::block;
    return step;
  }

  bool restart(Bytes rest) override {
    const auto magic = rest.get<U32le>(0);
    state_ = At::magic;
    return magic && *magic == kMagic;
  }

 private:
  enum class At : std::uint8_t { magic, length, block };

  bool expand() {
    block_.resize(kBlock);
    drained_ = 0;
    const int made = ::LZ4_decompress_safe(Bytes(packed_).text().data(), writable_text(block_), static_cast<int>(packed_.size()), static_cast<int>(block_.size()));
    block_.resize(static_cast<std::size_t>(std::max(made, 0)));
    state_ = At::length;
    return made >= 0;
  }

  static char* writable_text(std::vector<std::uint8_t>& bytes) { return static_cast<char*>(static_cast<void*>(bytes.data())); }

  At state_ = At::magic;
  std::uint64_t packed_size_ = 0, drained_ = 0;
  std::vector<std::uint8_t> packed_, block_;
};

constexpr Magic kMagics[] = {{0, "\x02\x21\x4c\x18"}};
constexpr Suffix kSuffixes[] = {{".lz4", ""}};

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  Lz4LegacyDecoder decoder;
  return open_stream({"lz4_legacy", kSuffixes}, decoder, source, context);
}

}  // namespace

extern const Container container_lz4_legacy;
constexpr Container container_lz4_legacy{
    .name = "lz4_legacy",
    .title = "lz4 legacy stream",
    .spec = "lz4 project, LZ4 Frame Format 1.6.3, Legacy frame",
    .limits = "the format has no end mark: a file cut between two blocks reads as whole",
    .magics = kMagics,
    .open = open,
};

}  // namespace klik
