#include "cli/live_recording.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/text.h"
#include "cli/case_access.h"
#include "cli/quantities.h"
#include "cli/version.h"
#include "live/capture.h"
#include "live/phone_filter.h"
#include "live/privileges.h"

namespace klik::cli {
namespace {

constexpr std::string_view kPrefix = "live:";
constexpr std::uint64_t kDefaultSize = 10'000'000'000;

constexpr const char* kNotice =
    "NOTICE: this records network traffic, which is communication between people. To record that of others without their consent\n"
    "is a crime in many countries, also on your own network. Callers, housemates, guests and neighbours on the same Wi-Fi can be in\n"
    "it. --own-traffic states: every device whose packets are kept is yours, or its user has agreed to this recording.\n"
    "Use an access point of its own for the phone, a fresh account and invented data. Recordings and key logs are secrets: encrypt\n"
    "them, and set a date on which they are deleted.\n";

volatile sig_atomic_t asked_to_end = 0;

// Ctrl-C ends the recording, and after it the program again.
class EndOnSignal {
 public:
  EndOnSignal() {
    asked_to_end = 0;
    struct sigaction action {};
    action.sa_handler = [](int) { asked_to_end = 1; };
    for (std::size_t i = 0; i < std::size(kSignals); ++i) ::sigaction(kSignals[i], &action, &before_[i]);
  }
  ~EndOnSignal() {
    for (std::size_t i = 0; i < std::size(kSignals); ++i) ::sigaction(kSignals[i], &before_[i], nullptr);
  }
  EndOnSignal(const EndOnSignal&) = delete;
  EndOnSignal& operator=(const EndOnSignal&) = delete;

 private:
  static constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};
  struct sigaction before_[std::size(kSignals)]{};
};

std::string recording_path(const std::string& case_path) {
  constexpr std::string_view kEnding = ".case";
  return (case_path.ends_with(kEnding) ? case_path.substr(0, case_path.size() - kEnding.size()) : case_path) + ".pcapng";
}

std::string megabytes(std::uint64_t bytes) { return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6); }

double seconds(std::chrono::milliseconds time) { return static_cast<double>(time.count()) / 1e3; }

std::string interface_names() {
  std::string names;
  for (const std::string& name : live::interfaces()) names += (names.empty() ? "" : ", ") + name;
  return names;
}

struct Wishes {
  live::CaptureLimits limits;
  std::string filter;
};

std::optional<Wishes> read_wishes(const Arguments& arguments) {
  Wishes wishes;
  wishes.limits.bytes = kDefaultSize;
  if (arguments.has("--for")) {
    wishes.limits.duration = read_duration(arguments.get("--for"));
    if (!wishes.limits.duration) return complain("--for takes a duration with its unit, as 90s, 10m or 1h30m"), std::nullopt;
  }
  if (arguments.has("--size")) {
    const auto size = read_size(arguments.get("--size"));
    if (!size) return complain("--size takes a number of bytes, as 500MB or 20GB"), std::nullopt;
    wishes.limits.bytes = *size;
  }
  if (arguments.has("--phone")) {
    const std::string addresses = arguments.get("--phone");
    const auto filter = live::phone_filter(addresses);
    if (!filter) return complain("--phone " + addresses + ": " + filter.error().what), std::nullopt;
    wishes.filter = *filter;
  }
  return wishes;
}

}  // namespace

struct LiveRecording::State {
  live::Capture capture;
  live::Recording recording;
  live::CaptureLimits limits;
  live::RecordedInterface interface;
  std::string path, user;
  bool begun = false;
};

LiveRecording::LiveRecording(std::unique_ptr<State> state) : state_(std::move(state)) {}
LiveRecording::~LiveRecording() {
  if (!state_->begun) std::remove(state_->path.c_str());
}
const std::string& LiveRecording::path() const { return state_->path; }
const std::string& LiveRecording::user() const { return state_->user; }

std::optional<std::string> live_interface(std::string_view input) {
  if (!input.starts_with(kPrefix)) return std::nullopt;
  return std::string(input.substr(kPrefix.size()));
}

std::string_view live_flag_given(const Arguments& arguments) {
  for (const std::string_view flag : {"--for", "--size", "--phone", "--own-traffic"})
    if (arguments.has(flag)) return flag;
  return "";
}

std::unique_ptr<LiveRecording> LiveRecording::prepare(const Arguments& arguments, const std::string& interface, const std::string& case_path) {
  std::fputs(kNotice, stderr);
  if (!arguments.has("--own-traffic")) return complain("nothing was recorded: a live input needs --own-traffic, which states what the notice says"), nullptr;
  const auto wishes = read_wishes(arguments);
  if (!wishes) return nullptr;
  const std::string path = recording_path(case_path);
  std::error_code ec;
  if (std::filesystem::exists(std::filesystem::symlink_status(path, ec))) return complain(path + " is there already; a recording is never overwritten"), nullptr;
  const auto user = live::unprivileged_user();
  if (!user) return complain(user.error().what), nullptr;
  auto capture = live::Capture::open(interface, wishes->filter);
  if (!capture) return complain("live:" + interface + ": " + capture.error().what + (capture.error().code == Code::absent ? "; there are: " + interface_names() : "")), nullptr;

  const bool other_user = user->uid != ::getuid();
  if (const auto dropped = live::drop_privileges(*user); !dropped) return complain(std::string("privileges were not given up, so nothing is recorded: ") + dropped.error().what), nullptr;
  if (other_user) {   // root's cache of facts is no place for this user
    if (user->home.empty()) ::unsetenv("HOME");
    else ::setenv("HOME", user->home.c_str(), 1);
  }
  ::umask(077);   // the case tells whom somebody talked to: for the same eyes as the recording
  auto recording = live::Recording::create(path);
  if (!recording) return complain("the recording " + path + ": " + recording.error().what + " by the user " + user->name + ", who goes on without root; put --case into a folder that this user may write"), nullptr;
  auto state = std::make_unique<State>(State{.capture = std::move(*capture), .recording = std::move(*recording), .limits = wishes->limits, .interface = {}, .path = path, .user = user->name});
  state->interface = {.name = interface, .filter = wishes->filter, .link_type = state->capture.link_type(), .snap_length = live::kSnapLength, .program = std::string("klikspaan ") + kVersion};
  return std::unique_ptr<LiveRecording>(new LiveRecording(std::move(state)));
}

std::optional<bool> LiveRecording::record() {
  State& s = *state_;
  const EndOnSignal signals;
  s.begun = true;
  if (const auto begun = s.recording.begin(s.interface); !begun) return complain(s.path + ": " + begun.error().what), std::nullopt;
  fmt::print(stderr, "recording {} into {} as the user {}: {}; until {}{}Ctrl-C\n", text::escaped(s.interface.name), text::escaped(s.path), text::escaped(s.user),
             s.interface.filter.empty() ? "all traffic of this machine on it, since no --phone is given" : "only packets of: " + s.interface.filter,
             s.limits.duration ? duration_text(static_cast<double>(s.limits.duration->count())) + " are over, " : "", megabytes(s.limits.bytes) + " are written, or ");
  const bool terminal = ::isatty(STDERR_FILENO);
  live::CaptureCounts last;
  const auto tell = [&](const live::CaptureCounts& counts) {
    last = counts;
    if (!terminal) return;
    std::string line = fmt::format("\r{}, {} frames, {}", duration_text(seconds(counts.elapsed)), counts.frames, megabytes(counts.bytes));
    if (const std::uint64_t lost = counts.losses.by_interface + counts.losses.by_system) line += fmt::format(", {} lost", lost);
    if (s.limits.duration) line += ", " + duration_text(std::max(0.0, static_cast<double>(s.limits.duration->count()) - seconds(counts.elapsed))) + " left";
    std::fputs((line + "\x1b[K").c_str(), stderr);
  };
  const auto ended = s.capture.record(s.recording, s.limits, [] { return asked_to_end != 0; }, tell);
  if (terminal) std::fputs("\r\x1b[K", stderr);
  if (!ended) return complain(s.path + ": " + ended.error().what + "; what was written is kept"), std::nullopt;
  fmt::print("recorded {} frames in {}, {}: {}\n", last.frames, duration_text(seconds(last.elapsed)), megabytes(last.bytes), text::escaped(s.path));
  const std::uint64_t lost = last.losses.by_interface + last.losses.by_system;
  if (lost) fmt::print("{} frames were lost before they could be recorded\n", lost);
  std::fflush(stdout);
  switch (*ended) {
    case live::CaptureEnd::size: complain("the recording ended since it is as large as --size allows"); break;
    case live::CaptureEnd::interface: complain("the recording ended early: the interface " + s.interface.name + " went away"); return false;
    case live::CaptureEnd::disk: complain("the recording ended early: it could not be written any more; is the disk full?"); return false;
    case live::CaptureEnd::time:
    case live::CaptureEnd::asked: break;
  }
  return lost == 0;
}

}  // namespace klik::cli
