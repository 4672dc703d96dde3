#include "live/capture.h"

#include <net/if.h>
#include <pcap/pcap.h>
#include <poll.h>

#include <algorithm>
#include <string_view>

namespace klik::live {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int kBufferBytes = 32 << 20;      // for bursts while the disk is busy
constexpr int kDeliverWithin = 100;         // ms until the system hands over a block that is not full
constexpr milliseconds kTellEvery{200};
constexpr std::uint32_t kFramesBetweenLooks = 256;    // at the clock

struct PcapClose {
  void operator()(pcap_t* p) const { ::pcap_close(p); }
};
using Pcap = std::unique_ptr<pcap_t, PcapClose>;

std::int64_t now_ns() { return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count(); }

// libpcap's own words may hold names of files; these are the cases that a user meets.
const char* activation_error(int status) {
  switch (status) {
    case PCAP_ERROR_NO_SUCH_DEVICE: return "there is no such interface";
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED: return "no right to capture: run it through sudo";
    case PCAP_ERROR_IFACE_NOT_UP: return "the interface is down";
    default: return "libpcap cannot open the interface";
  }
}

Result<void> set_filter(pcap_t* pcap, const std::string& filter) {
  bpf_program program{};
  if (::pcap_compile(pcap, &program, filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0)
    return fail(Code::unsupported, 0, "the interface has no addresses of this kind: give the phone's IP address instead of its MAC address");
  const int set = ::pcap_setfilter(pcap, &program);
  ::pcap_freecode(&program);
  if (set != 0) return fail(Code::io, 0, "the system does not take the filter for the phone's address");
  return {};
}

}  // namespace

struct Capture::State {
  Pcap pcap;

  CaptureLosses losses() const {
    pcap_stat stat{};
    if (::pcap_stats(pcap.get(), &stat) != 0) return {};
    return {.received = stat.ps_recv, .by_interface = stat.ps_ifdrop, .by_system = stat.ps_drop};
  }
};

Capture::Capture(std::unique_ptr<State> state) : state_(std::move(state)) {}
Capture::Capture(Capture&&) noexcept = default;
Capture::~Capture() = default;

std::vector<std::string> interfaces() {
  std::vector<std::string> names;
  if (struct if_nameindex* all = ::if_nameindex()) {
    for (const struct if_nameindex* one = all; one->if_index != 0; ++one) names.emplace_back(one->if_name);
    ::if_freenameindex(all);
  }
  return names;
}

Result<Capture> Capture::open(const std::string& interface, const std::string& filter) {
  // libpcap opens much more by name (USB, D-Bus, remote machines), none of which is a phone's network.
  if (interface != "any" && ::if_nametoindex(interface.c_str()) == 0) return fail(Code::absent, 0, activation_error(PCAP_ERROR_NO_SUCH_DEVICE));
  char why[PCAP_ERRBUF_SIZE];
  Pcap pcap(::pcap_create(interface.c_str(), why));
  if (!pcap) return fail(Code::io, 0, activation_error(PCAP_ERROR));
  // These fail only for a capture that is active already, and the precision for a system that has no better: asked below.
  ::pcap_set_snaplen(pcap.get(), static_cast<int>(kSnapLength));
  ::pcap_set_promisc(pcap.get(), filter.empty() ? 0 : 1);
  ::pcap_set_timeout(pcap.get(), kDeliverWithin);
  ::pcap_set_buffer_size(pcap.get(), kBufferBytes);
  ::pcap_set_tstamp_precision(pcap.get(), PCAP_TSTAMP_PRECISION_NANO);
  if (const int status = ::pcap_activate(pcap.get()); status < 0) return fail(Code::io, 0, activation_error(status));
  if (::pcap_setnonblock(pcap.get(), 1, why) != 0) return fail(Code::io, 0, "libpcap cannot read the interface without waiting");
  if (!filter.empty()) KLIK_CHECK(set_filter(pcap.get(), filter));
  return Capture(std::make_unique<State>(State{std::move(pcap)}));
}

// On Linux DLT_ and LINKTYPE_ numbers differ only for raw IP and a few that no interface of a phone has (pcap-linktype(7)).
std::uint16_t Capture::link_type() const {
  const int dlt = ::pcap_datalink(state_->pcap.get());
  return dlt == DLT_RAW ? std::uint16_t{101} : static_cast<std::uint16_t>(dlt);
}

Result<CaptureEnd> Capture::record(Recording& recording, const CaptureLimits& limits, const std::function<bool()>& stop, const std::function<void(const CaptureCounts&)>& tell) {
  pcap_t* const pcap = state_->pcap.get();
  const std::int64_t unit = ::pcap_get_tstamp_precision(pcap) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1'000;
  const auto begun = Clock::now();
  const std::int64_t begun_ns = now_ns();
  auto told = begun;
  std::optional<CaptureEnd> end;
  // The system holds packets back for a while: after the end those are still taken that came before it.
  std::optional<Clock::time_point> last_look;
  std::int64_t ended_ns = 0;
  for (std::uint32_t frames = 0;;) {
    pcap_pkthdr* header = nullptr;
    const unsigned char* data = nullptr;
    const int status = ::pcap_next_ex(pcap, &header, &data);
    if (status == 1) {
      const std::int64_t time_ns = std::int64_t{header->ts.tv_sec} * 1'000'000'000 + header->ts.tv_usec * unit;
      if (!last_look || time_ns <= ended_ns) {
        const std::uint32_t captured = std::min(header->caplen, kSnapLength);
        if (recording.size() + captured + 64 + 100 > limits.bytes) {   // the block around it, and the one at the end
          end = CaptureEnd::size;
          break;
        }
        if (!recording.frame(time_ns, Bytes(data, captured), std::max(header->len, captured))) {
          end = CaptureEnd::disk;
          break;
        }
      }
    } else if (status < 0) {
      end = CaptureEnd::interface;
      break;
    }
    if (status == 1 && ++frames % kFramesBetweenLooks != 0) continue;
    const auto now = Clock::now();
    if (last_look && now >= *last_look) break;
    if (!last_look && (stop() || (limits.duration && now - begun >= *limits.duration))) {
      end = stop() ? CaptureEnd::asked : CaptureEnd::time;
      last_look = now + milliseconds(3 * kDeliverWithin);
      ended_ns = now_ns();
    }
    if (now - told >= kTellEvery) {
      told = now;
      if (!recording.flush()) {
        end = CaptureEnd::disk;
        break;
      }
      tell({.elapsed = std::chrono::duration_cast<milliseconds>(now - begun), .frames = recording.frames(), .bytes = recording.size(), .losses = state_->losses()});
    }
    if (status == 0) {
      pollfd waiting{.fd = ::pcap_get_selectable_fd(pcap), .events = POLLIN, .revents = 0};
      ::poll(&waiting, 1, kDeliverWithin);   // a signal ends it too
    }
  }
  if (ended_ns == 0) ended_ns = now_ns();
  const CaptureLosses losses = state_->losses();
  if (const auto ended = recording.end(begun_ns, ended_ns, losses); !ended) {
    // The first try found the disk full and cut the file: then there is room for the end.
    end = CaptureEnd::disk;
    KLIK_CHECK(recording.end(begun_ns, ended_ns, losses));
  }
  tell({.elapsed = std::chrono::duration_cast<milliseconds>(Clock::now() - begun), .frames = recording.frames(), .bytes = recording.size(), .losses = losses});
  return *end;
}

}  // namespace klik::live
