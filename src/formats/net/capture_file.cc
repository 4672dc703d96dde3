#include "formats/net/capture_file.h"

#include "formats/net/capture_formats.h"

namespace klik::net {

std::string_view capture_kind(Bytes head) {
  const auto magic = head.get<U32le>(0);
  if (!magic) return {};
  if (*magic == 0x0A0D0D0Au) {
    // The type of the first block alone is four line ends; the byte-order magic makes it a capture.
    const auto order = head.get<U32le>(8);
    return order && (*order == 0x1A2B3C4Du || *order == 0x4D3C2B1Au) ? "pcapng" : "";
  }
  for (const std::uint32_t known : {0xA1B2C3D4u, 0xA1B23C4Du, 0xA1B2CD34u}) {
    const bool little = *magic == known;
    if (!little && *magic != std::byteswap(known)) continue;
    const auto major = head.get<U16le>(4);
    return major && (little ? std::uint16_t{*major} : std::byteswap(std::uint16_t{*major})) == 2 ? "pcap" : "";
  }
  return {};
}

CaptureParser::CaptureParser(CaptureSink& sink, Wanted wanted) : sink_(sink), wanted_(wanted) {}
CaptureParser::~CaptureParser() = default;
CaptureParser::CaptureParser(CaptureParser&&) noexcept = default;

Result<CaptureParser::Fed> CaptureParser::feed(Bytes window, std::uint64_t at, bool last) {
  if (!format_) {
    constexpr std::uint64_t kHead = 28;
    if (window.size() < kHead && !last) return Fed{.used = 0, .needed = kHead};
    const std::string_view kind = capture_kind(window);
    if (kind == "pcap") format_ = pcap_format(sink_);
    else if (kind == "pcapng") format_ = pcapng_format(sink_, wanted_);
    else return fail(Code::bad_magic, at, "neither pcap nor pcapng");
  }
  return format_->feed(window, at, last);
}

std::uint64_t CaptureParser::name_blocks() const { return format_ ? format_->name_blocks() : 0; }

}  // namespace klik::net
