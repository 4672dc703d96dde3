// The time of day is asked for: known, with nothing to tell beyond that. Source: RFC 5905 §7.3.
#include "traffic/protocol.h"
#include "traffic/search_windows.h"

namespace klik::traffic {
namespace {

class Ntp final : public DatagramReader {
 public:
  explicit Ntp(Context& context) : context_(context) {}
  void read(const Piece& piece) override { show_part(context_, piece, "ntp.packet"); }   // extension fields may hold anything
  void end() override {}

 private:
  Context& context_;
};

bool recognise(Bytes first, std::uint16_t port) {
  constexpr std::uint64_t kHeader = 48, kShortControl = 8;
  if (port != 123 || first.empty()) return false;
  const unsigned version = first[0] >> 3 & 7, mode = first[0] & 7;
  if (version < 1 || version > 4 || mode == 0) return false;
  return first.size() >= (mode >= 6 ? kShortControl : kHeader);   // 6 and 7: control messages
}

std::unique_ptr<DatagramReader> open(Context& context) { return std::make_unique<Ntp>(context); }

}  // namespace

extern const DatagramProtocol datagram_ntp;
constexpr DatagramProtocol datagram_ntp{.name = "ntp", .title = "Network Time Protocol", .spec = "RFC 5905", .recognise = recognise, .open = open};

}  // namespace klik::traffic
