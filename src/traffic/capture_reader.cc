#include "traffic/capture_reader.h"

#include <algorithm>
#include <utility>

namespace klik::traffic {
namespace {

constexpr std::uint64_t kWindow = std::uint64_t{1} << 20;   // stays in the processor's cache

EventSink::Severity severity(net::Weight weight) {
  return weight == net::Weight::info ? EventSink::Severity::info : weight == net::Weight::error ? EventSink::Severity::error : EventSink::Severity::data_loss;
}

// Feeds all of `source` to `parser`.
Result<void> feed_all(const Source& source, net::CaptureParser& parser) {
  if (const Bytes all = source.in_memory(0, source.size()); !all.empty()) {
    KLIK_TRY([[maybe_unused]] const auto fed, parser.feed(all, 0, true));
    return {};
  }
  std::vector<std::uint8_t> window(std::min(kWindow, std::max<std::uint64_t>(source.size(), 1)));
  std::uint64_t at = 0, filled = 0;   // the window's place in the file, and how much of it is read
  for (;;) {
    const std::uint64_t wanted = std::min(window.size() - filled, source.size() - at - filled);
    if (wanted != 0) KLIK_CHECK(source.read(at + filled, MutableBytes(window).subspan(filled, wanted)));
    filled += wanted;
    const bool last = at + filled == source.size();
    KLIK_TRY(const auto fed, parser.feed(Bytes(window.data(), filled), at, last));
    if (last) return {};
    if (fed.used >= filled) {
      at = std::min(at + fed.used, source.size());
      filled = 0;
    } else {
      std::copy(window.begin() + static_cast<std::ptrdiff_t>(fed.used), window.begin() + static_cast<std::ptrdiff_t>(filled), window.begin());
      at += fed.used;
      filled -= fed.used;
    }
    // Twice what is asked for: moving the rest to the front then costs less than reading, whatever the blocks' lengths are.
    if (fed.needed > window.size() / 2) window.resize(std::min(fed.needed * 2, source.size() - at + 1));
    if (filled == window.size()) return fail(Code::internal, at, "no progress in a capture");
  }
}

class PacketSink final : public net::CaptureSink {
 public:
  explicit PacketSink(const CaptureVisitor& visitor) : visitor_(visitor), frames(visitor.packet, visitor.problem) {}
  void frame(const net::CapturedFrame& frame) override { frames.read(frame); }
  void section(const net::Section& section) override {
    section_at_ = section.at;
    if (visitor_.section) visitor_.section(section);
  }
  void app(const net::AppName& app) override { frames.app(app); }
  // How many is in the counts; once told is enough for a file of many sections.
  void dropped(std::uint64_t count) override {
    frames.dropped(count);
    if (visitor_.problem && !std::exchange(dropped_told_, true)) visitor_.problem(fail(Code::absent, section_at_, "the capturing system says that it lost frames").error(), EventSink::Severity::data_loss);
  }
  void problem(const Error& error, net::Weight weight) override {
    if (visitor_.problem) visitor_.problem(error, severity(weight));
  }

 private:
  const CaptureVisitor& visitor_;
  std::uint64_t section_at_ = 0;
  bool dropped_told_ = false;

 public:
  FrameReader frames;
};

class SecretsSink final : public net::CaptureSink {
 public:
  explicit SecretsSink(Secrets& secrets) : secrets_(secrets) {}
  void frame(const net::CapturedFrame&) override {}
  void secrets(const net::SecretsBlock& block) override {
    if (block.type == net::kTlsKeyLog) added += secrets_.add_key_log(block.data);
  }
  std::size_t added = 0;

 private:
  Secrets& secrets_;
};

}  // namespace

Result<FrameCounts> read_capture(const Source& source, const CaptureVisitor& visitor) {
  PacketSink sink(visitor);
  net::CaptureParser parser(sink);
  KLIK_CHECK(feed_all(source, parser));
  sink.frames.end();
  return sink.frames.counts();
}

Result<std::size_t> collect_secrets(const Source& source, Secrets& secrets) {
  std::array<std::uint8_t, 28> head{};
  const std::uint64_t length = std::min<std::uint64_t>(head.size(), source.size());
  KLIK_CHECK(source.read(0, MutableBytes(head).first(length)));
  const std::string_view kind = net::capture_kind(Bytes(head.data(), length));
  if (kind.empty()) return fail(Code::bad_magic, 0, "neither pcap nor pcapng");
  if (kind != "pcapng") return std::size_t{0};
  SecretsSink sink(secrets);
  net::CaptureParser parser(sink, net::Wanted::secrets);
  KLIK_CHECK(feed_all(source, parser));
  return sink.added;
}

}  // namespace klik::traffic
