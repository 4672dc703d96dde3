#include "containers/stream.h"

#include <algorithm>

namespace klik {
namespace {

constexpr std::size_t kInput = std::size_t{256} << 10, kOutput = std::size_t{256} << 10;
constexpr std::uint64_t kLookahead = 64;   // what restart() may want to see

// A window on the source that moves forward.
class Input {
 public:
  explicit Input(const Source& source) : source_(source), buffer_(std::min<std::uint64_t>(kInput, source.size())) {}

  std::uint64_t at() const { return at_ + used_; }
  bool at_end() const { return at() == source_.size(); }
  Bytes rest() const { return Bytes(std::span(buffer_).subspan(used_, filled_ - used_)); }
  void take(std::uint64_t n) { used_ += std::min<std::uint64_t>(n, filled_ - used_); }

  // At least `least` bytes, or all that are left.
  Result<void> fill(std::uint64_t least) {
    if (filled_ - used_ >= least || at_ + filled_ == source_.size()) return {};
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(used_), buffer_.begin() + static_cast<std::ptrdiff_t>(filled_), buffer_.begin());
    at_ += used_;
    filled_ -= used_;
    used_ = 0;
    const std::uint64_t n = std::min<std::uint64_t>(buffer_.size() - filled_, source_.size() - at_ - filled_);
    KLIK_CHECK(source_.read(at_ + filled_, MutableBytes(buffer_).subspan(filled_, n)));
    filled_ += n;
    return {};
  }

  // Padding between members and behind the last.
  Result<void> skip_zeros() {
    for (;;) {
      KLIK_CHECK(fill(kLookahead));
      const Bytes window = rest();
      const auto* first = std::find_if(window.begin(), window.end(), [](std::uint8_t b) { return b != 0; });
      take(static_cast<std::uint64_t>(first - window.begin()));
      if (first != window.end() || at_end()) return fill(kLookahead);
    }
  }

 private:
  const Source& source_;
  std::vector<std::uint8_t> buffer_;
  std::uint64_t at_ = 0;          // of the buffer's start
  std::uint64_t used_ = 0, filled_ = 0;
};

std::string child_name(std::span<const Suffix> suffixes, std::string_view name) {
  for (const Suffix& s : suffixes)
    if (name.size() > s.from.size() && name.ends_with(s.from)) return std::string(name.substr(0, name.size() - s.from.size())) += s.to;
  return name.empty() ? "data" : std::string(name);
}

}  // namespace

StreamEnd decode_stream(StreamDecoder& decoder, const Source& source, SpillWriter& writer) {
  Input input(source);
  std::vector<std::uint8_t> out(kOutput);
  const auto cut_short = [&] { return StreamEnd{input.at(), fail(Code::truncated, input.at(), "the stream ends before its end mark").error()}; };
  bool starved = false;
  for (;;) {   // every turn takes or makes something, or is the one after which there is no more to take
    if (auto filled = input.fill(starved ? kInput : kLookahead); !filled) return {input.at(), filled.error()};
    const std::uint64_t here = input.at();
    StreamDecoder::Step step = decoder.step(input.rest(), out);
    input.take(step.taken);
    if (auto kept = writer.append(Bytes(std::span(out).first(step.made))); !kept) {
      kept.error().at = input.at();
      return {input.at(), kept.error()};
    }
    if (step.error) {
      step.error->at += here;
      return {input.at(), step.error};
    }
    if (!step.done) {
      const bool idle = step.taken == 0 && step.made == 0;
      if (idle && (starved || input.rest().empty())) return cut_short();
      starved = idle;
      continue;
    }
    const std::uint64_t end = input.at();
    if (auto skipped = input.skip_zeros(); !skipped) return {end, skipped.error()};
    if (input.at_end()) return {input.at(), std::nullopt};
    if (!decoder.restart(input.rest())) return {end, std::nullopt};
    starved = false;
  }
}

Result<Contents> open_stream(const StreamFormat& format, StreamDecoder& decoder, const SourceRef& source, OpenContext& context) {
  SpillWriter writer(context.scratch, context.budget.expansion(source->size()));
  const StreamEnd end = decode_stream(decoder, *source, writer);
  if (end.error && writer.size() == 0) return fail(*end.error);

  Child child;
  child.name = child_name(format.suffixes, context.name);
  child.transform = format.transform;
  child.size = writer.size();
  append_extent(child.extents, 0, end.taken);
  if (end.error) {
    child.state = state_after(end.error->code);
    context.note(Severity::data_loss, *end.error, {}, child.state == State::over_budget ? "" : "the file is cut short or damaged; what came before is kept");
  } else if (end.taken < source->size()) {
    context.note(Severity::info, Code::deviation, end.taken, "bytes behind the stream");
  }
  // What a budget cut off could go on for ever; what damage cut off is all there is, and worth reading.
  if (child.state == State::read || child.state == State::damaged) {
    auto kept = writer.finish();
    if (kept) {
      child.source = std::move(*kept);
    } else {
      child.state = state_after(kept.error().code);
      context.note(Severity::data_loss, kept.error());
    }
  }
  Contents contents{.kind = "", .children = {}};
  contents.children.push_back(std::move(child));
  return contents;
}

}  // namespace klik
