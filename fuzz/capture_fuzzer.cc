// Reads the input as a capture file: whole, and through a source that is not in memory. Both must give the same packets, and each
// payload must lie in its frame or come from fragments.
// links: klik_traffic
#include "traffic/capture_reader.h"

namespace {

// As a file behaves: nothing of it lies in memory.
class Behind final : public klik::Source {
 public:
  explicit Behind(klik::Bytes bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }

 protected:
  klik::Result<void> do_read(std::uint64_t at, klik::MutableBytes out) const override {
    KLIK_TRY(const klik::Bytes part, bytes_.slice(at, out.size()));
    klik::copy_bytes(out, 0, part);
    return {};
  }

 private:
  klik::Bytes bytes_;
};

struct Sum {
  std::uint64_t packets = 0, bytes = 0, frames = 0, problems = 0;
  bool operator==(const Sum&) const = default;
};

Sum read(const klik::Source& source) {
  Sum sum;
  klik::traffic::CaptureVisitor visitor;
  visitor.packet = [&](const klik::traffic::Packet& p) {
    ++sum.packets;
    sum.bytes += p.payload.size();
    if (p.frame.at > source.size() || p.frame.length > source.size() - p.frame.at || p.payload_at < p.frame.at) __builtin_trap();
  };
  visitor.problem = [&](const klik::Error&, klik::traffic::EventSink::Severity) { ++sum.problems; };
  const auto counts = klik::traffic::read_capture(source, visitor);
  if (!counts) return {};
  sum.frames = counts->frames;
  if (counts->damaged + counts->not_ip + counts->protected_frames + counts->unsupported_link > counts->frames) __builtin_trap();
  return sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const klik::Bytes bytes(data, size);
  const klik::SourceRef memory = klik::memory_source(klik::Blob(nullptr, bytes));
  const Behind file(bytes);
  if (read(*memory) != read(file)) __builtin_trap();
  klik::traffic::Secrets secrets;
  (void)klik::traffic::collect_secrets(file, secrets);
  return 0;
}
