#include "traffic/body.h"

#include <algorithm>
#include <utility>

#include "base/release.h"
#include "traffic/content_coding.h"

namespace klik::traffic {
namespace {

// Of one gRPC message: a flag (bit 0 compressed; bit 7 trailers, in gRPC-web) and the length.
// Source: gRPC over HTTP/2, "Length-Prefixed-Message"; gRPC-Web.
struct GrpcPrefix {
  std::uint8_t flags;
  U32be length;
};
static_assert(sizeof(GrpcPrefix) == 5);

}  // namespace

void add_words(std::string& detail, std::string_view words) {
  if (words.empty() || detail.find(words) != detail.npos) return;
  if (!detail.empty()) detail += "; ";
  detail += words;
}

Collected::Collected(Collected&& from) noexcept
    : share_(from.share_), most_(from.most_), bytes_(std::exchange(from.bytes_, {})), cut_(from.cut_) {}

Collected& Collected::operator=(Collected&& from) noexcept {
  if (this == &from) return *this;
  clear();
  share_ = from.share_;
  most_ = from.most_;
  bytes_ = std::exchange(from.bytes_, {});
  cut_ = from.cut_;
  return *this;
}

bool Collected::add(Bytes bytes) {
  const std::uint64_t room = std::min(most_ - bytes_.size(), share_->room());
  const std::uint64_t taken = std::min(room, bytes.size());
  if (!cut_) {   // what follows a hole would stand at a wrong place
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.begin() + taken);
    share_->take(taken);
    cut_ = taken < bytes.size();
  }
  return !cut_;
}

void Collected::clear() {
  share_->give_back(bytes_.size());
  release(bytes_);
  cut_ = false;
}

Body::Body(const Context& context, CollectedBytes& share)
    : limit_(context.limits.body_bytes), collected_(share, context.limits.body_bytes) {}

void Body::add(Bytes bytes) {
  sent_ += bytes.size();
  if (collect_) collected_.add(bytes);
}

void Body::missing(std::uint64_t bytes) {
  if (lost_ == 0) hole_at_ = collected_.bytes().size();
  // A zero byte keeps the sides of a hole from reading as one word.
  if (collect_) collected_.add(Bytes::of(std::string_view("", 1)));
  sent_ += bytes;
  lost_ += std::max<std::uint64_t>(bytes, 1);
}

std::string Body::decode(const BodyForm& form) {
  std::string words;
  if (collected_.cut()) words = "body collected in part";
  if (collected_.bytes().empty()) return words;
  if (form.content_type.starts_with("application/grpc") && !form.content_type.starts_with("application/grpc-web-text")) {
    decode_grpc(form, words);
  } else {
    decode_part(collected_.bytes(), form.content_encoding, {}, words);
  }
  collected_.clear();
  return words;
}

void Body::decode_part(Bytes bytes, std::string_view encoding, std::string_view outer, std::string& words) {
  if (lost_ > 0 && outer.empty() && is_coded(encoding)) bytes = Bytes(bytes.span().first(std::min(hole_at_, bytes.size())));
  Uncoded plain = undo_codings(bytes, encoding, limit_);
  add_words(words, coding_end_words(plain.end));
  if (plain.mislabelled) add_words(words, "coding is not the declared one");
  std::string coding(outer);
  if (!outer.empty() && !plain.undone.empty()) coding += '/';
  coding += plain.undone;
  parts_.push_back({std::move(plain.bytes), std::move(coding)});
}

void Body::decode_grpc(const BodyForm& form, std::string& words) {
  Bytes rest = collected_.bytes();
  if (lost_ > 0) rest = Bytes(rest.span().first(std::min(hole_at_, rest.size())));
  std::uint64_t total = 0;   // of all messages together, as of any other body
  while (!rest.empty()) {
    const auto prefix = rest.view<GrpcPrefix>(0);
    const auto message = prefix ? rest.slice(sizeof(GrpcPrefix), (*prefix)->length) : Result<Bytes>(fail(prefix.error()));
    if (!message || total >= limit_) {
      add_words(words, message ? "body decoded in part" : "gRPC framing ends early");
      parts_.push_back({{rest.begin(), rest.end()}, ""});
      return;
    }
    const bool compressed = ((*prefix)->flags & 1) != 0;
    if (!message->empty()) {
      decode_part(*message, compressed ? form.grpc_encoding : std::string_view(), "grpc", words);
      total += parts_.back().bytes.size();
    }
    rest = Bytes(rest.span().subspan(sizeof(GrpcPrefix) + message->size()));
  }
}

void Body::tell(const Context& context, Content like) const {
  for (const Part& part : parts_) {
    if (part.bytes.empty()) continue;
    like.bytes = Bytes(part.bytes);
    like.coding = part.coding;
    context.events.content(context.connection, like);
  }
}

}  // namespace klik::traffic
