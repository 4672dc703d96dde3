// Captures of traffic: read after the walk, because secrets that open them may lie in another file beside them.
#include <algorithm>
#include <memory>
#include <optional>

#include "extract/leaks.h"
#include "extract/telemetry.h"
#include "extract/traffic_facts.h"
#include "traffic/har.h"

namespace klik {
namespace {

constexpr std::uint64_t kKeyLogBytes = std::uint64_t{64} << 20;

struct Capture {
  std::string path, kind;
  BlobId blob;
};

// What all key logs of the build hold; `tell` takes those that could not be read.
traffic::Secrets secrets_of(const Image& image, FactSink& sink) {
  traffic::Secrets secrets;
  std::vector<Capture> logs;
  image.rows.artifacts([&](const ArtifactRow& a) {
    if (a.kind == "tls_keys" && a.blob) logs.push_back({std::string(a.path), {}, *a.blob});
  });
  for (const Capture& log : logs) {
    const SourceRef source = image.open(log.path, log.blob);
    const auto text = !source ? Result<Blob>(fail(Code::io, 0, "a key log could not be opened again")) : source->size() > kKeyLogBytes ? Result<Blob>(fail(Code::over_budget, kKeyLogBytes, "a key log of more than 64 MiB was not read")) : source->load();
    if (text) secrets.add_key_log(text->bytes());
    else sink.problem({text.error(), ProblemSeverity::data_loss, {}, {}, log.blob});
  }
  return secrets;
}

constexpr std::string_view kHidden = "[owner's identifier]";
constexpr std::size_t kShortest = 6;   // of an identifier's text

// Problems of a capture stand at its own offsets. Where the owner gave identifiers, a name, a path or another text that holds one is
// not kept: that it was there is a leak's fact, with a digest.
class OfCapture final : public FactSink {
 public:
  OfCapture(FactSink& to, const BlobId& capture, traffic::LeakSearch* owner) : to_(to), capture_(capture), owner_(owner) {}
  void fact(Fact fact) override {
    if (owner_)
      for (Value& v : fact.values)
        if (const auto* text = std::get_if<std::string>(&v); text && text->size() >= kShortest && owner_->holds(*text)) v = std::string(kHidden);
    to_.fact(std::move(fact));
  }
  void problem(Problem problem) override {
    problem.about = capture_;
    to_.problem(std::move(problem));
  }

 private:
  FactSink& to_;
  BlobId capture_;
  traffic::LeakSearch* owner_;
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
  const traffic::Secrets secrets = secrets_of(image, sink);
  const traffic::Limits limits;
  std::optional<traffic::LeakSearch> search;
  if (image.owner && !image.owner->identifiers.empty()) {
    auto made = traffic::LeakSearch::of(image.owner->identifiers);
    if (made) {
      search.emplace(std::move(*made));
      tell_sought(image.rows.build(), sink, *image.owner);
    } else {
      sink.problem({made.error(), ProblemSeverity::data_loss, {}, {}});
    }
  }
  for (const Capture& c : captures) {
    OfCapture of_capture(sink, c.blob, search ? &*search : nullptr);
    TelemetryReader telemetry(c.blob, of_capture);
    std::unique_ptr<ContentReader> leaks;
    std::vector<ContentReader*> contents{&telemetry};
    if (search) contents.push_back((leaks = leak_reader(c.blob, of_capture, *image.owner, *search)).get());
    TrafficFacts facts(c.blob, of_capture, contents);
    const SourceRef source = image.open(c.path, c.blob);
    const auto summary = !source ? Result<traffic::CaptureSummary>(fail(Code::io, 0, "a capture could not be opened again")) : c.kind == "har" ? traffic::analyse_har(source, limits, facts) : traffic::analyse_capture(source, secrets, limits, facts);
    if (summary) {
      facts.finish(c.kind, *summary);
      tell_unread_frames(summary->frames, of_capture);
    } else of_capture.problem({summary.error(), ProblemSeverity::data_loss, {}, {}});
  }
}

}  // namespace

extern const ImageExtractor image_extractor_traffic;
const ImageExtractor image_extractor_traffic{kTrafficName, "Captures of traffic: connections, names, starts of encrypted connections, messages", traffic_kinds(), run, traffic_views()};

}  // namespace klik
