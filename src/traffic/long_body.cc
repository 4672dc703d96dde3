#include "traffic/long_body.h"

#include <algorithm>
#include <utility>

#include "traffic/content_coding.h"

namespace klik::traffic {
namespace {

constexpr std::uint64_t kLongest = std::uint64_t{4} << 30;   // decoded, of one body: work, not memory

// Most that a decoder holds: its window and tables.
std::uint64_t memory_of(Coding coding) {
  switch (coding) {
    case Coding::brotli: return std::uint64_t{17} << 20;   // RFC 7932 §9.1: a window of 16 MiB
    case Coding::zstd: return std::uint64_t{9} << 20;      // RFC 9659: of 8 MiB
    default: return 64 << 10;
  }
}

}  // namespace

LongBody::LongBody(const Context& context, const Content& like, std::string_view encoding, std::uint64_t shown) : context_(&context), like_(like), type_(like.type), shown_(shown) {
  like_.type = type_;
  const std::vector<Coding> codings = codings_of(encoding);
  for (auto coding = codings.rbegin(); coding != codings.rend(); ++coding) steps_.push_back({*coding, nullptr});
}

LongBody::~LongBody() {
  if (context_->collected) *context_->collected -= memory_;
}

void LongBody::add_collected(Bytes bytes) {
  feed(bytes);
  // A coding that hardly makes it smaller gives less than the limit of what is decoded from it.
  shown_ = std::min(shown_, at_);
}

void LongBody::add(Bytes bytes) { feed(bytes); }

void LongBody::missing() {
  if (windows_) windows_->end();
  // Behind a hole no coding can be undone. That a part is not in the capture is told with the message.
  dead_ |= !steps_.empty();
}

void LongBody::end() {
  if (windows_) windows_->end();
}

void LongBody::feed(Bytes bytes) {
  if (!dead_ && !undo(0, bytes)) dead_ = true;
}

bool LongBody::leave(const char* why) {
  left_ = why;
  return false;
}

// Makes the decoder; none for what is not coded or not read, which is searched as it is.
bool LongBody::open(Step& step) {
  if (step.coding == Coding::identity || step.coding == Coding::other) return true;
  const std::uint64_t memory = memory_of(step.coding);
  if (context_->collected) {
    if (*context_->collected + memory > context_->limits.collected_total) return false;
    *context_->collected += memory;
    memory_ += memory;
  }
  step.stream = coding_stream(step.coding);
  return step.stream != nullptr;
}

// Passes what the steps from `nth` on make of the bytes. As deep as there are codings, kMostCodings at most. False when it cannot go on.
bool LongBody::undo(std::size_t nth, Bytes bytes) {
  if (nth == steps_.size()) return decoded(bytes);
  if (bytes.empty()) return true;
  Step& step = steps_[nth];
  if (!std::exchange(step.begun, true)) {
    step.coding = recognised(step.coding, bytes);
    if (!open(step)) return leave("too much is open at once");
  }
  if (!step.stream) return undo(nth + 1, bytes);
  step.given += bytes.size();
  bool over = false;
  const CodingEnd end = step.stream->add(bytes, [&](Bytes part) {
    step.made += part.size();
    over = step.made > std::max(kFloorBytes, step.given * kGrowth);
    return !over && undo(nth + 1, part);
  });
  if (over) return leave("it grows too much when it is decoded");
  if (end == CodingEnd::over_limit) return false;
  if (end != CodingEnd::broken) return true;
  if (step.made > 0 || step.given > bytes.size()) return leave("its coding is broken");
  // It never was coded.
  step.coding = Coding::identity;
  step.stream.reset();
  return undo(nth + 1, bytes);
}

bool LongBody::decoded(Bytes bytes) {
  if (!windows_) {
    for (const Step& step : steps_)
      if (step.stream) coding_.append(coding_.empty() ? "" : "/").append(coding_name(step.coding));
    like_.coding = coding_;
    windows_.emplace(*context_, like_);
  }
  const std::uint64_t known = std::min(shown_ - std::min(shown_, at_), bytes.size());
  if (known > 0) windows_->remember(Bytes(bytes.span().first(known)));
  if (known < bytes.size()) windows_->add(Bytes(bytes.span().subspan(known)), like_.origin, like_.time_ns);
  at_ += bytes.size();
  return at_ <= kLongest || leave("it is too long");
}

}  // namespace klik::traffic
