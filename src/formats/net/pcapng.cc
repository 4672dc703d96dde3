// draft-ietf-opsawg-pcapng: blocks of (type, length, body, length again), in sections that each have their own byte order and
// their own interfaces.
#include <optional>
#include <string>
#include <vector>

#include "formats/net/capture_formats.h"

namespace klik::net {
namespace {

enum BlockType : std::uint32_t {
  kSectionHeader = 0x0A0D0D0A,
  kInterface = 1,
  kOldPacket = 2,
  kSimplePacket = 3,
  kNames = 4,
  kStatistics = 5,
  kPacket = 6,
  kSecrets = 0x0A,
  kCustom = 0x0BAD,
  kCustomNotCopied = 0x40000BAD,
  kProcess = 0x80000001,   // of Apple: a process id, then options: 2 is its name
};

struct BlockHeader {
  U32le type, length;
};
static_assert(sizeof(BlockHeader) == 8);

struct SectionBody {
  U32le order;
  U16le major, minor;
  U64le length;
};
static_assert(sizeof(SectionBody) == 16);

struct InterfaceBody {
  U16le link_type, reserved;
  U32le snap_length;
};
static_assert(sizeof(InterfaceBody) == 8);

struct PacketBody {
  U32le interface;
  U32le time_high, time_low;
  U32le captured, wire;
};
static_assert(sizeof(PacketBody) == 20);

struct OldPacketBody {
  U16le interface, drops;
  U32le time_high, time_low;
  U32le captured, wire;
};
static_assert(sizeof(OldPacketBody) == 20);

struct StatisticsBody {
  U32le interface;
  U32le time_high, time_low;
};
static_assert(sizeof(StatisticsBody) == 12);

struct SecretsBody {
  U32le type, length;
};
static_assert(sizeof(SecretsBody) == 8);

// PCAPdroid, behind its enterprise number: a version, a kind of block, then for kind 1 one Android user id.
struct UidMapBody {
  U32le enterprise;
  std::uint8_t version, kind;
  U32le uid;
  std::uint8_t package_length, name_length;
};
static_assert(sizeof(UidMapBody) == 12);
constexpr std::uint32_t kPcapdroid = 62'652;

struct OptionHeader {
  U16le code, length;
};
static_assert(sizeof(OptionHeader) == 4);

constexpr std::uint64_t kFrame = sizeof(BlockHeader) + sizeof(U32le);   // what every block has around its body
constexpr std::size_t kMostInterfaces = 65'536;                         // of one section
constexpr std::size_t kMostProcesses = 65'536;                          // the same
constexpr std::size_t kLongestProcessName = 64;                         // the kernel's own names have 16 bytes
constexpr std::int64_t kSecond = 1'000'000'000;

// Units of time stamps, from if_tsresol: seconds are cut into 10 or 2 to a power of at most 127.
class Resolution {
 public:
  Resolution() : Resolution(6) {}
  explicit Resolution(std::uint8_t option) : binary_(option & 0x80), exponent_(option & 0x7F) {
    if (binary_) return;
    for (unsigned i = std::min(exponent_, kNanoseconds); i < kNanoseconds; ++i) factor_ *= 10;
    for (unsigned i = kNanoseconds; i < exponent_ && divisor_ < UINT64_MAX; ++i) divisor_ *= 10;
  }
  // Nothing when the result leaves 64 bits.
  std::optional<std::int64_t> nanoseconds(std::uint64_t stamp, std::int64_t offset_seconds) const {
    std::int64_t out = 0, offset = 0;
    Wide ns = binary_ ? Wide{stamp} * kSecond >> exponent_ : Wide{stamp} * factor_;
    if (divisor_ != 1) ns /= divisor_;   // slow, and rare
    if (ns > Wide{INT64_MAX}) return std::nullopt;
    if (__builtin_mul_overflow(offset_seconds, kSecond, &offset) || __builtin_add_overflow(static_cast<std::int64_t>(ns), offset, &out)) return std::nullopt;
    return out;
  }

 private:
  __extension__ using Wide = unsigned __int128;   // holds a stamp times a second; shifts by all powers of two stay inside
  static constexpr unsigned kNanoseconds = 9;
  bool binary_ = false;
  unsigned exponent_ = 6;
  std::uint64_t factor_ = 1;
  Wide divisor_ = 1;   // stops behind 64 bits: every stamp in such units is less than a nanosecond
};

struct Interface {
  std::uint32_t number = 0;       // over the whole file
  std::uint16_t link_type = 0;
  std::uint32_t snap_length = 0;  // 0: no limit
  std::uint32_t frame_check = 0;
  Resolution resolution;
  std::int64_t offset_seconds = 0;
  std::uint64_t dropped_by_statistics = 0, dropped_by_packets = 0;   // two words about the same frames
};

class Pcapng final : public CaptureParser::Format {
 public:
  Pcapng(CaptureSink& sink, Wanted wanted) : Format(sink), secrets_only_(wanted == Wanted::secrets) {}

  std::uint64_t name_blocks() const override { return name_blocks_; }

  Result<CaptureParser::Fed> feed(Bytes window, std::uint64_t at, bool last) override {
    std::uint64_t used = 0, needed = 0;
    while (used < window.size()) {
      if (lost_) {
        needed = find_block(window, used, last);
        if (needed != 0 || used == window.size()) break;
      }
      const Bytes rest(window.span().subspan(used));
      const auto header = rest.view<BlockHeader>(0);
      if (!header) {
        needed = kFrame;
        break;
      }
      std::uint32_t type = u32((*header)->type);
      if (type == kSectionHeader) {   // reads the same in both orders, and decides about the order of its own length
        if (rest.size() < sizeof(BlockHeader) + sizeof(SectionBody) && !last) {
          needed = sizeof(BlockHeader) + sizeof(SectionBody);
          break;
        }
        const auto order = rest.get<U32le>(sizeof(BlockHeader));
        if (order && *order == 0x1A2B3C4Du) swap_ = false;
        else if (order && *order == 0x4D3C2B1Au) swap_ = true;
        else type = 0;
      }
      const std::uint64_t length = u32((*header)->length);
      if (type == 0 || length < kFrame || length % 4 != 0 || length > kLongestBlock) {
        lose(at + used);
        ++used;
        continue;
      }
      if (secrets_only_ && (type == kPacket || type == kOldPacket || type == kSimplePacket)) {
        used += length;
        continue;
      }
      const auto block = rest.slice(0, length);
      if (!block) {
        needed = length;
        break;
      }
      const auto trailer = block->get<U32le>(length - sizeof(U32le));
      if (!trailer || u32(*trailer) != length) {
        // The next block may still begin where this one says it ends; find_block looks there first.
        lose(at + used);
        resume_at_ = length;
        continue;
      }
      const Bytes body(block->span().subspan(sizeof(BlockHeader), length - kFrame));
      read_block(type, body, at + used + sizeof(BlockHeader));
      used += length;
    }
    if (last && used < window.size()) {
      if (!lost_) tell(Weight::data_loss, Code::truncated, at + used, "the file ends inside a block");
      used = window.size();
    }
    if (last && used >= window.size()) {
      if (used > window.size()) tell(Weight::data_loss, Code::truncated, at + window.size(), "the file ends inside a block");
      if (lost_) tell(Weight::data_loss, Code::bad_value, lost_at_, "block with contradicting lengths, and no sure block after it");
      end_section();
    }
    return CaptureParser::Fed{used, needed};
  }

 private:
  void lose(std::uint64_t at) {
    lost_ = true;
    lost_at_ = at;
    resume_at_ = 0;
    processes_sure_ = false;   // one of their blocks may be among what is passed over: later ones would then be counted wrong
  }

  void read_block(std::uint32_t type, Bytes body, std::uint64_t at) {
    switch (type) {
      case kPacket: return packet(body, at);
      case kSectionHeader: return section(body, at);
      case kInterface: return interface(body, at);
      case kSimplePacket: return simple_packet(body, at);
      case kOldPacket: return old_packet(body, at);
      case kStatistics: return statistics(body, at);
      case kSecrets: return secrets(body, at);
      case kCustom:
      case kCustomNotCopied: return custom(body);
      case kNames: ++name_blocks_; return;
      case kProcess: return process(body, at);
      default: return;   // the draft: blocks of unknown types are passed over
    }
  }

  // Calls each(code, value) for all options up to opt_endofopt.
  template <class Each>
  void options(Bytes bytes, std::uint64_t at, const Each& each) {
    for (std::uint64_t from = 0; from < bytes.size();) {
      const auto header = bytes.view<OptionHeader>(from);
      if (header && u16((*header)->code) == 0) return;
      const std::uint64_t length = header ? u16((*header)->length) : 0;
      const auto value = bytes.slice(from + sizeof(OptionHeader), length);
      if (!header || !value) return tell(Weight::error, Code::bad_value, at + from, "option runs past its block");
      each(u16((*header)->code), *value);
      from += sizeof(OptionHeader) + (length + 3) / 4 * 4;
    }
  }

  void section(Bytes body, std::uint64_t at) {
    end_section();
    const auto fixed = body.view<SectionBody>(0);
    if (!fixed) return tell(Weight::data_loss, Code::truncated, at, "section header too short");
    in_section_ = true;
    if (u16((*fixed)->major) != 1) tell(Weight::error, Code::unsupported, at + 4, "section of another major version");
    Section told{.at = at - sizeof(BlockHeader), .format = "pcapng", .hardware = {}, .system = {}, .program = {}};
    options(Bytes(body.span().subspan(sizeof(SectionBody))), at + sizeof(SectionBody), [&](std::uint16_t code, Bytes value) {
      if (code == 2) told.hardware = value.text();
      if (code == 3) told.system = value.text();
      if (code == 4) told.program = value.text();
    });
    sink_.section(told);
  }

  void end_section() {
    std::uint64_t dropped = 0;
    for (const Interface& i : interfaces_) dropped += std::max(i.dropped_by_statistics, i.dropped_by_packets);
    if (dropped != 0) sink_.dropped(dropped);
    interfaces_.clear();
    processes_.clear();
    processes_sure_ = true;
  }

  void interface(Bytes body, std::uint64_t at) {
    const auto fixed = body.view<InterfaceBody>(0);
    // An interface that cannot be read still takes its number.
    Interface made{.number = interfaces_seen_++};
    if (interfaces_.size() >= kMostInterfaces) return tell(Weight::data_loss, Code::over_budget, at, "too many interfaces in one section");
    if (!fixed) {
      made.link_type = 0xFFFF;
      interfaces_.push_back(made);
      return tell(Weight::error, Code::truncated, at, "interface description too short");
    }
    made.link_type = u16((*fixed)->link_type);
    made.snap_length = u32((*fixed)->snap_length);
    options(Bytes(body.span().subspan(sizeof(InterfaceBody))), at + sizeof(InterfaceBody), [&](std::uint16_t code, Bytes value) {
      if (code == 9 && value.size() == 1) made.resolution = Resolution(value[0]);
      if (code == 14)
        if (const auto seconds = value.get<U64le>(0)) made.offset_seconds = static_cast<std::int64_t>(swap_ ? std::byteswap(std::uint64_t{*seconds}) : std::uint64_t{*seconds});
      // The draft says bits and gives 4 as its example; programs write either.
      if (code == 13 && value.size() == 1) made.frame_check = value[0] == 16 || value[0] == 32 ? value[0] / 8u : value[0] <= 4 ? value[0] : 0u;
    });
    interfaces_.push_back(made);
  }

  Interface* known_interface(std::uint32_t index, std::uint64_t at) {
    if (index < interfaces_.size()) return &interfaces_[index];
    tell(Weight::data_loss, Code::bad_value, at, "packet of an interface that was not described");
    return nullptr;
  }

  std::int64_t time_of(const Interface& on, U32le high, U32le low, std::uint64_t at) {
    const auto ns = on.resolution.nanoseconds(std::uint64_t{u32(high)} << 32 | u32(low), on.offset_seconds);
    if (!ns) tell(Weight::error, Code::bad_value, at, "time stamp beyond the year 2262");
    return ns.value_or(0);
  }

  void packet(Bytes body, std::uint64_t at) {
    const auto fixed = body.view<PacketBody>(0);
    if (!fixed) return tell(Weight::data_loss, Code::truncated, at, "packet block too short");
    const PacketBody& p = **fixed;
    Interface* on = known_interface(u32(p.interface), at);
    const std::uint64_t captured = u32(p.captured);
    if (on) packet_data(body, at, *on, captured, u32(p.wire), time_of(*on, p.time_high, p.time_low, at + 4));
  }

  void old_packet(Bytes body, std::uint64_t at) {
    const auto fixed = body.view<OldPacketBody>(0);
    if (!fixed) return tell(Weight::data_loss, Code::truncated, at, "packet block too short");
    const OldPacketBody& p = **fixed;
    Interface* on = known_interface(u16(p.interface), at);
    if (!on) return;
    if (u16(p.drops) != 0xFFFF) on->dropped_by_packets += u16(p.drops);
    packet_data(body, at, *on, u32(p.captured), u32(p.wire), time_of(*on, p.time_high, p.time_low, at + 4));
  }

  // Both kinds of packet have the same layout behind their 20 fixed bytes, and the same options.
  void packet_data(Bytes body, std::uint64_t at, Interface& on, std::uint64_t captured, std::uint32_t wire, std::int64_t time_ns) {
    const auto data = body.slice(sizeof(PacketBody), captured);
    if (!data || captured > kLongestFrame) return tell(Weight::data_loss, Code::bad_value, at + 12, "packet longer than its block");
    CapturedFrame frame;
    frame.at = at + sizeof(PacketBody);
    frame.data = *data;
    frame.time_ns = time_ns;
    std::uint32_t check = on.frame_check;
    std::optional<std::uint32_t> process, effective;
    const std::uint64_t options_at = sizeof(PacketBody) + (captured + 3) / 4 * 4;
    if (const auto more = body.from(options_at); more && !more->empty())
      options(*more, at + options_at, [&](std::uint16_t code, Bytes value) {
        if (code == 1 && frame.comment.empty()) frame.comment = value.text();
        if (code == 2)
          if (const auto flags = value.get<U32le>(0)) {
            const std::uint32_t bits = u32(*flags);
            frame.side = (bits & 3) == 1 ? FrameSide::received : (bits & 3) == 2 ? FrameSide::sent : FrameSide::unknown;
            if (const std::uint32_t length = bits >> 5 & 0xF) check = length;
          }
        if (code == 4)
          if (const auto lost = value.get<U64le>(0)) on.dropped_by_packets += std::min(swap_ ? std::byteswap(std::uint64_t{*lost}) : std::uint64_t{*lost}, std::uint64_t{1} << 40);
        if (code == 32'769 || code == 32'771)
          if (const auto number = value.get<U32le>(0)) (code == 32'771 ? effective : process) = u32(*number);
      });
    // On whose behalf it was sent, else whose socket it was.
    if (effective) frame.process = process_name(*effective);
    if (process && frame.process.empty()) frame.process = process_name(*process);
    frame.stored = static_cast<std::uint32_t>(captured);
    frame.wire_length = std::max(wire, frame.stored);
    frame.interface = on.number;
    frame.link_type = on.link_type;
    drop_frame_check(frame, check);
    sink_.frame(frame);
  }

  // Has neither time nor interface; it belongs to the section's first, whose snap length says how much was captured.
  void simple_packet(Bytes body, std::uint64_t at) {
    const auto wire = body.get<U32le>(0);
    if (!wire) return tell(Weight::data_loss, Code::truncated, at, "packet block too short");
    Interface* on = known_interface(0, at);
    if (!on) return;
    std::uint64_t captured = std::min<std::uint64_t>(u32(*wire), body.size() - sizeof(U32le));
    if (on->snap_length != 0) captured = std::min<std::uint64_t>(captured, on->snap_length);
    if (captured > kLongestFrame) return tell(Weight::data_loss, Code::bad_value, at, "packet longer than any frame");
    CapturedFrame frame;
    frame.at = at + sizeof(U32le);
    frame.data = Bytes(body.span().subspan(sizeof(U32le), captured));
    frame.stored = static_cast<std::uint32_t>(captured);
    frame.wire_length = std::max(u32(*wire), frame.stored);
    frame.interface = on->number;
    frame.link_type = on->link_type;
    drop_frame_check(frame, on->frame_check);
    sink_.frame(frame);
  }

  void statistics(Bytes body, std::uint64_t at) {
    const auto fixed = body.view<StatisticsBody>(0);
    if (!fixed || u32((*fixed)->interface) >= interfaces_.size()) return tell(Weight::error, Code::bad_value, at, "statistics of no interface");
    Interface& on = interfaces_[u32((*fixed)->interface)];
    std::uint64_t by_interface = 0, by_system = 0;
    options(Bytes(body.span().subspan(sizeof(StatisticsBody))), at + sizeof(StatisticsBody), [&](std::uint16_t code, Bytes value) {
      const auto count = value.get<U64le>(0);
      if (!count) return;
      const std::uint64_t frames = std::min(swap_ ? std::byteswap(std::uint64_t{*count}) : std::uint64_t{*count}, std::uint64_t{1} << 40);
      if (code == 5) by_interface = frames;
      if (code == 7) by_system = frames;
    });
    on.dropped_by_statistics = by_interface + by_system;   // counted since the capture began: the last word holds
  }

  void secrets(Bytes body, std::uint64_t at) {
    const auto fixed = body.view<SecretsBody>(0);
    const auto data = body.slice(sizeof(SecretsBody), fixed ? u32((*fixed)->length) : 0);
    if (!fixed || !data) return tell(Weight::error, Code::bad_value, at, "secrets longer than their block");
    sink_.secrets({.at = at + sizeof(SecretsBody), .type = u32((*fixed)->type), .data = *data});
  }

  // Packets refer to these blocks by their place among them in the section, from 0: every one takes its number.
  void process(Bytes body, std::uint64_t at) {
    if (secrets_only_) return;
    if (processes_.size() >= kMostProcesses) return tell(Weight::error, Code::over_budget, at, "too many processes in one section");
    std::string& name = processes_.emplace_back();
    const auto more = body.from(sizeof(U32le));
    if (!more) return tell(Weight::error, Code::truncated, at, "process block too short");
    options(*more, at + sizeof(U32le), [&](std::uint16_t code, Bytes value) {
      if (code == 2) name = value.text().substr(0, std::min(value.text().find('\0'), kLongestProcessName));
    });
  }

  std::string_view process_name(std::uint32_t number) const { return processes_sure_ && number < processes_.size() ? std::string_view(processes_[number]) : std::string_view(); }

  void custom(Bytes body) {
    const auto fixed = body.view<UidMapBody>(0);
    if (!fixed || u32((*fixed)->enterprise) != kPcapdroid || (*fixed)->version > 1 || (*fixed)->kind != 1) return;
    const std::uint64_t package_length = (*fixed)->package_length, name_length = (*fixed)->name_length;
    const auto package = body.slice(sizeof(UidMapBody), package_length);
    const auto name = body.slice(sizeof(UidMapBody) + package_length, name_length);
    if (package && name) sink_.app({.uid = static_cast<std::int32_t>(u32((*fixed)->uid)), .package = package->text(), .name = name->text()});
  }

  // A whole block of a known type whose two lengths agree, and which fits what is known of the section.
  // `needed`: bytes of `rest` to see for a decision, when there are too few.
  bool sure_block(Bytes rest, std::uint64_t& needed) {
    const auto header = rest.view<BlockHeader>(0);
    if (!header) return needed = kFrame, false;
    bool swap = swap_;
    std::uint32_t type = (*header)->type;
    if (type == kSectionHeader) {
      const auto order = rest.get<U32le>(sizeof(BlockHeader));
      if (!order) return needed = kFrame, false;
      if (*order != 0x1A2B3C4Du && *order != 0x4D3C2B1Au) return false;
      swap = *order == 0x4D3C2B1Au;
    } else {
      type = u32((*header)->type);
      if (!in_section_ || type == 0 || (type > kPacket && type != kSecrets && type != kCustom && type != kCustomNotCopied && type != kProcess)) return false;
    }
    const auto read = [&](U32le field) { return swap ? std::byteswap(std::uint32_t{field}) : std::uint32_t{field}; };
    const std::uint64_t length = read((*header)->length);
    // Shorter than a block may be, so that many false starts cannot make the caller read far ahead each time.
    if (length < kFrame || length % 4 != 0 || length > kLongestFrame + 1024) return false;
    if (type == kPacket && rest.size() >= sizeof(BlockHeader) + sizeof(PacketBody)) {
      const auto packet = rest.view<PacketBody>(sizeof(BlockHeader));
      if (u32((*packet)->interface) >= interfaces_.size() || u32((*packet)->captured) > length) return false;
    }
    const auto trailer = rest.get<U32le>(length - sizeof(U32le));
    if (!trailer) return needed = length, false;
    return read(*trailer) == length;
  }

  // Moves `used` to the next sure block. Returns how many bytes it must see to decide; 0 when it has found one or is through.
  std::uint64_t find_block(Bytes window, std::uint64_t& used, bool last) {
    while (used < window.size()) {
      if (resume_at_ != 0) {
        // Only the trailing length is wrong: the next block where the leading one puts it is better than a place inside this one,
        // which may hold a capture that somebody downloaded.
        std::uint64_t needed = 0;
        const auto next = Bytes(window.span().subspan(used)).from(resume_at_);
        const bool at_end = last && next && next->empty();
        if (next && (at_end || sure_block(*next, needed))) {
          used += resume_at_;
          return found();
        }
        if (!last && (needed != 0 || !next)) return resume_at_ + std::max(needed, kFrame);
        resume_at_ = 0;
        ++used;
        continue;
      }
      std::uint64_t needed = 0;
      if (sure_block(Bytes(window.span().subspan(used)), needed)) return found();
      if (needed != 0 && !last) return needed;
      ++used;
    }
    return 0;
  }
  std::uint64_t found() {
    tell(Weight::data_loss, Code::bad_value, lost_at_, "block with contradicting lengths; went on at the next sure block");
    lost_ = false;
    resume_at_ = 0;
    return 0;
  }

  const bool secrets_only_;
  bool in_section_ = false, lost_ = false;
  std::uint64_t lost_at_ = 0;
  std::uint64_t resume_at_ = 0;   // behind the place that `used` stands at when damage was met; 0: nowhere better than the next byte
  std::vector<Interface> interfaces_;
  std::uint32_t interfaces_seen_ = 0;
  std::vector<std::string> processes_;   // names, by number in the section
  bool processes_sure_ = true;
  std::uint64_t name_blocks_ = 0;
};

}  // namespace

std::unique_ptr<CaptureParser::Format> pcapng_format(CaptureSink& sink, Wanted wanted) { return std::make_unique<Pcapng>(sink, wanted); }

}  // namespace klik::net
