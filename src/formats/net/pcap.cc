// draft-ietf-opsawg-pcap: a 24-byte header, then records. `a1b2cd34` is the variant of Linux 2.2's patched libpcap: eight more
// bytes in each record, the last but one of which is the kernel's packet type.
#include "formats/net/capture_formats.h"

namespace klik::net {
namespace {

struct FileHeader {
  U32le magic;
  U16le major, minor;
  U32le zone, accuracy;   // never used by anybody
  U32le snap_length;
  U32le link;             // type in the low 16 bits; frame-check length above
};
static_assert(sizeof(FileHeader) == 24);

struct RecordHeader {
  U32le seconds, fraction;
  U32le captured, wire;
};
static_assert(sizeof(RecordHeader) == 16);

struct RecordTail {
  U32le interface;
  U16le protocol;
  std::uint8_t packet_type;   // of Linux: 4 is what the capturing host sent
  std::uint8_t padding;
};
static_assert(sizeof(RecordTail) == 8);

constexpr std::uint32_t kCheckLengthKnown = 0x04000000;   // the P bit: bits 28 … 31 count 16-bit words of frame check
constexpr std::uint64_t kDay = 86'400;
constexpr unsigned kChain = 3;   // records in a row that make a place after damage sure

class Pcap final : public CaptureParser::Format {
 public:
  using Format::Format;

  Result<CaptureParser::Fed> feed(Bytes window, std::uint64_t at, bool last) override {
    std::uint64_t used = 0, needed = 0;
    if (!open_) {
      const auto header = window.view<FileHeader>(0);
      if (!header) return fail(Code::truncated, at + window.size(), "the file ends inside the header of a capture");
      open(**header, at);
      used = sizeof(FileHeader);
    }
    while (used < window.size()) {
      if (lost_) {
        needed = find_record(window, used, last);
        if (needed != 0 || used == window.size()) break;
      }
      const Bytes rest(window.span().subspan(used));
      const auto header = rest.view<RecordHeader>(0);
      if (!header || rest.size() < record_header_) {
        needed = record_header_;
        break;
      }
      const std::uint64_t captured = lengths(**header).captured;
      if (captured > kLongestFrame) {
        lost_ = true;
        lost_at_ = at + used++;
        continue;
      }
      const auto data = rest.slice(record_header_, captured);
      if (!data) {
        needed = record_header_ + captured;
        break;
      }
      record(**header, rest, *data, at + used + record_header_);
      used += record_header_ + captured;
    }
    if (last && lost_) {
      tell(Weight::data_loss, Code::bad_value, lost_at_, "record longer than any frame, and no sure record after it");
      used = window.size();
    } else if (last && used < window.size()) {
      tell(Weight::data_loss, Code::truncated, at + used, "the file ends inside a record");
      used = window.size();
    }
    return CaptureParser::Fed{used, needed};
  }

 private:
  void open(const FileHeader& header, std::uint64_t at) {
    open_ = true;
    const std::uint32_t magic = header.magic;
    swap_ = (magic & 0xFF) == 0xA1;
    const std::uint32_t kind = u32(header.magic);
    nanoseconds_ = kind == 0xA1B23C4D;
    if (kind == 0xA1B2CD34) record_header_ = sizeof(RecordHeader) + sizeof(RecordTail);
    lengths_swapped_ = u16(header.minor) <= 3;
    const std::uint32_t link = u32(header.link);
    link_type_ = link & 0xFFFF;
    if (link & kCheckLengthKnown) frame_check_ = (link >> 28) * 2;
    sink_.section({.at = at, .format = "pcap", .hardware = {}, .system = {}, .program = {}});
  }

  struct Lengths {
    std::uint32_t captured, wire;
  };
  // Up to version 2.3 programs wrote the two in either order; the captured one cannot be the larger.
  Lengths lengths(const RecordHeader& header) const {
    const std::uint32_t captured = u32(header.captured), wire = u32(header.wire);
    return lengths_swapped_ && captured > wire ? Lengths{wire, captured} : Lengths{captured, wire};
  }

  void record(const RecordHeader& header, Bytes rest, Bytes data, std::uint64_t at) {
    last_seconds_ = u32(header.seconds);
    CapturedFrame frame;
    frame.at = at;
    frame.data = data;
    frame.stored = static_cast<std::uint32_t>(data.size());
    frame.wire_length = std::max(lengths(header).wire, frame.stored);
    frame.time_ns = std::int64_t{last_seconds_} * 1'000'000'000 + std::int64_t{u32(header.fraction)} * (nanoseconds_ ? 1 : 1'000);
    frame.link_type = link_type_;
    if (record_header_ != sizeof(RecordHeader)) {
      const auto tail = rest.view<RecordTail>(sizeof(RecordHeader));
      if (tail) frame.side = (*tail)->packet_type == 4 ? FrameSide::sent : FrameSide::received;
    }
    drop_frame_check(frame, frame_check_);
    sink_.frame(frame);
  }

  bool plausible(const RecordHeader& header) const {
    const auto [captured, wire] = lengths(header);
    const std::uint64_t seconds = u32(header.seconds);
    const bool near = last_seconds_ == 0 || (seconds < last_seconds_ + kDay && seconds + kDay > last_seconds_);
    return captured > 0 && captured <= wire && wire <= kLongestFrame && near && u32(header.fraction) < (nanoseconds_ ? 1'000'000'000u : 1'000'000u);
  }

  // Moves `used` to the first place where kChain plausible records follow each other, or fewer up to the very end of the file.
  // Returns how many bytes it must see to decide about the place it stopped at; 0 when it has found one or is through.
  std::uint64_t find_record(Bytes window, std::uint64_t& used, bool last) {
    for (; used < window.size(); ++used) {
      std::uint64_t next = used;
      bool sure = true;
      for (unsigned i = 0; i < kChain && sure; ++i) {
        if (last && i > 0 && next == window.size()) break;
        const auto header = window.view<RecordHeader>(next);
        if (!header) {
          if (!last) return next + record_header_ - used;
          sure = false;
          break;
        }
        sure = plausible(**header);
        next += record_header_ + lengths(**header).captured;   // at most kLongestFrame when plausible
      }
      if (!sure || next > window.size()) {
        if (sure && !last) return next - used;
        continue;
      }
      tell(Weight::data_loss, Code::bad_value, lost_at_, "record longer than any frame; went on at the next sure record");
      lost_ = false;
      return 0;
    }
    return 0;
  }

  bool open_ = false, nanoseconds_ = false, lengths_swapped_ = false, lost_ = false;
  std::uint64_t record_header_ = sizeof(RecordHeader);
  std::uint64_t lost_at_ = 0;
  std::uint32_t link_type_ = 0, frame_check_ = 0;
  std::uint32_t last_seconds_ = 0;
};

}  // namespace

std::unique_ptr<CaptureParser::Format> pcap_format(CaptureSink& sink) { return std::make_unique<Pcap>(sink); }

}  // namespace klik::net
