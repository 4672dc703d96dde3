// Captures of traffic: read after the walk, because secrets that open them may lie in another file beside them.
#include <algorithm>
#include <memory>
#include <optional>
#include <span>

#include "extract/hidden_identifiers.h"
#include "extract/leaks.h"
#include "extract/telemetry.h"
#include "extract/traffic_facts.h"
#include "traffic/har.h"
#include "traffic/search_windows.h"

namespace klik {
namespace {

constexpr std::uint64_t kKeyLogBytes = std::uint64_t{64} << 20;

struct Capture {
  std::string path, kind;
  BlobId blob;
};

struct KeyLog {
  BlobId blob;
  traffic::Secrets secrets;
};

// What each key log of the build holds; tells those that could not be read.
std::vector<KeyLog> key_logs_of(const Image& image, FactSink& sink, traffic::Secrets& all) {
  std::vector<KeyLog> read;
  std::vector<Capture> logs;
  image.rows.artifacts([&](const ArtifactRow& a) {
    if (a.kind == "tls_keys" && a.blob && std::ranges::find(logs, *a.blob, &Capture::blob) == logs.end()) logs.push_back({std::string(a.path), {}, *a.blob});
  });
  for (const Capture& log : logs) {
    const SourceRef source = image.open(log.path, log.blob);
    const auto text = !source ? Result<Blob>(fail(Code::io, 0, "a key log could not be opened again")) : source->size() > kKeyLogBytes ? Result<Blob>(fail(Code::over_budget, kKeyLogBytes, "a key log of more than 64 MiB was not read")) : source->load();
    if (!text) {
      sink.problem({text.error(), ProblemSeverity::data_loss, {}, {}, log.blob});
      continue;
    }
    all.add_key_log(text->bytes());
    read.push_back({log.blob, {}});
    read.back().secrets.add_key_log(text->bytes());
  }
  return read;
}

// A log of another recording opens nothing, which looks like having none.
void tell_unused(const std::vector<KeyLog>& logs, std::span<const traffic::ClientRandom> used, FactSink& sink) {
  for (const KeyLog& log : logs) {
    if (std::ranges::any_of(used, [&](const traffic::ClientRandom& client) { return log.secrets.knows(client); })) continue;
    const std::size_t count = log.secrets.size();
    sink.problem({fail(Code::conflict, 0, count == 0 ? "a log of TLS secrets holds none that can be used" : "no TLS secret of this log is of a connection in the captures").error(), ProblemSeverity::error,
                  count == 0 ? std::string() : std::to_string(count) + " secrets", "hand in the log that was written while the capture ran", log.blob});
  }
}

// Problems of a capture stand at its own offsets.
class OfCapture final : public FactSink {
 public:
  OfCapture(FactSink& to, const BlobId& capture, traffic::LeakSearch* owner) : to_(to), capture_(capture), owner_(owner) {}
  void fact(Fact fact) override {
    cut_message(fact, traffic::SearchWindows::kOverlap);
    if (owner_) hide_identifiers(fact, *owner_, &known_);
    cut_message(fact);
    to_.fact(std::move(fact));
  }
  void problem(Problem problem) override {
    problem.about = capture_;
    if (owner_ && owner_->holds(problem.detail)) {
      // Mostly it is in the host, which stands last.
      const auto host = problem.detail.rfind(", ");
      std::string before = host == std::string::npos ? "" : problem.detail.substr(0, host + 2);
      if (owner_->holds(before)) before.clear();
      problem.detail = before + std::string(kHiddenIdentifier);
    }
    to_.problem(std::move(problem));
  }

 private:
  FactSink& to_;
  BlobId capture_;
  traffic::LeakSearch* owner_;
  KnownByDigest<bool> known_;   // of texts
};

// Frames in which nothing at all was seen: a report must not take them for nothing there.
void tell_unread_frames(const traffic::FrameCounts& frames, FactSink& sink) {
  const auto tell = [&](std::uint64_t number, const Error& error) {
    if (number) sink.problem({error, ProblemSeverity::data_loss, std::to_string(number) + " of " + std::to_string(frames.frames) + " frames", {}});
  };
  tell(frames.protected_frames, fail(Code::encrypted, 0, "frames under Wi-Fi encryption, which hides all that is in them").error());
  tell(frames.unsupported_link, fail(Code::unsupported, 0, "frames of a link type that is not read").error());
}

void run(const Image& image, FactSink& sink) {
  if (!image.open) return;
  std::vector<Capture> captures;
  image.rows.artifacts([&](const ArtifactRow& a) {
    // Equal bytes are one capture, wherever they lie.
    if ((a.kind == "pcap" || a.kind == "pcapng" || a.kind == "har") && a.blob && std::ranges::find(captures, *a.blob, &Capture::blob) == captures.end()) captures.push_back({std::string(a.path), std::string(a.kind), *a.blob});
  });
  if (captures.empty()) return;
  traffic::Secrets secrets;
  const std::vector<KeyLog> logs = key_logs_of(image, sink, secrets);
  std::vector<traffic::ClientRandom> used;
  const traffic::Limits limits;
  std::optional<traffic::LeakSearch> search;
  if (image.owner && !image.owner->identifiers.empty()) {
    search.emplace(traffic::LeakSearch::of(image.owner->identifiers, image.owner->salts));
    tell_sought(image.rows.build(), sink, *image.owner);
  }
  for (const Capture& c : captures) {
    OfCapture of_capture(sink, c.blob, search ? &*search : nullptr);
    TelemetryReader telemetry(c.blob, of_capture);
    std::unique_ptr<ContentReader> leaks;
    std::vector<ContentReader*> contents{&telemetry};
    if (search) contents.push_back((leaks = leak_reader(c.blob, of_capture, *image.owner, *search)).get());
    TrafficFacts facts(c.blob, of_capture, contents, search ? &*search : nullptr);
    const SourceRef source = image.open(c.path, c.blob);
    const auto summary = !source ? Result<traffic::CaptureSummary>(fail(Code::io, 0, "a capture could not be opened again")) : c.kind == "har" ? traffic::analyse_har(source, limits, facts) : traffic::analyse_capture(source, secrets, limits, facts);
    if (summary) {
      facts.finish(c.kind, *summary);
      tell_unread_frames(summary->frames, of_capture);
      used.insert(used.end(), summary->used_clients.begin(), summary->used_clients.end());
    } else {
      of_capture.problem({summary.error(), ProblemSeverity::data_loss, {}, {}});
    }
  }
  tell_unused(logs, used, sink);
}

}  // namespace

extern const ImageExtractor image_extractor_traffic;
const ImageExtractor image_extractor_traffic{kTrafficName, "Captures of traffic: connections, names, starts of encrypted connections, messages", traffic_kinds(), run, traffic_views()};

}  // namespace klik
