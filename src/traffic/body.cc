#include "traffic/body.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/release.h"
#include "traffic/content_coding.h"
#include "traffic/long_body.h"
#include "traffic/text_encodings.h"

namespace klik::traffic {
namespace {

// Of one gRPC message: a flag (bit 0 compressed; bit 7 trailers, in gRPC-web) and the length.
// Source: gRPC over HTTP/2, "Length-Prefixed-Message"; gRPC-Web.
struct GrpcPrefix {
  std::uint8_t flags;
  U32be length;
};
static_assert(sizeof(GrpcPrefix) == 5);

// Each piece that a server wrote is base64 of its own, padded (gRPC-Web, "application/grpc-web-text").
std::vector<std::uint8_t> base64_pieces(std::string_view text) {
  std::vector<std::uint8_t> out;
  while (!text.empty()) {
    const auto end = std::min(text.find('='), text.size());
    const auto piece = base64_start(text.substr(0, end));
    out.insert(out.end(), piece.begin(), piece.end());
    text.remove_prefix(std::min(text.find_first_not_of('=', end), text.size()));
  }
  return out;
}

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
    : context_(&context), share_(&share), limit_(context.limits.body_bytes), collected_(share, context.limits.body_bytes) {}
Body::~Body() = default;

void Body::collect(const Message& of) { of_ = &of; }

void Body::add(Bytes bytes) {
  sent_ += bytes.size();
  if (!of_) return;
  if (long_) return long_->add(bytes);
  const std::uint64_t before = collected_.bytes().size();
  if (!collected_.add(bytes)) go_on(Bytes(bytes.span().subspan(collected_.bytes().size() - before)));
}

std::uint64_t Body::number_ahead() {
  if (number_ == 0) number_ = context_->events.number_ahead(context_->connection);
  return number_;
}

// `bytes` follow on those that are collected, which there is no room for.
void Body::go_on(Bytes bytes) {
  if (!context_->events.wants_stretches()) return;
  number_ahead();
  const Content like{.message = number_, .place = of_->what == "request" ? "request.body" : "response.body", .name = {}, .type = of_->content_type, .way = of_->way, .bytes = {}, .coding = {}, .origin = of_->origin, .time_ns = of_->time_ns};
  long_ = std::make_unique<LongBody>(*context_, like, of_->content_encoding, limit_);
  Bytes start = collected_.bytes();
  if (lost_ > 0 && is_coded(of_->content_encoding)) {
    long_->add_collected(Bytes(start.span().first(std::min(hole_at_, start.size()))));
    long_->missing();
  } else {
    long_->add_collected(start);
  }
  long_->add(bytes);
}

// What of a long body was not looked into.
void Body::tell_of_end(bool decoded_in_part, const BodyForm& form) {
  if (!collected_.cut() && !decoded_in_part) return;
  const auto tell = [&](const char* what, EventSink::Severity severity, std::string_view why) {
    if (!share_->first(what)) return;
    context_->events.problem(fail(Code::over_budget, of_->origin.at, what).error(), severity, std::string(why) + (why.empty() ? "" : ", ") + connection_text(context_->connection));
  };
  if (!long_) {
    if (context_->events.wants_stretches()) tell("the end of a body was not searched for identifiers", EventSink::Severity::data_loss, "");
    else tell("a body is longer than decoders look into", EventSink::Severity::info, "");
    return;
  }
  long_->end();
  const std::string_view left = long_->left() ? long_->left() : form.grpc_encoding.empty() || form.grpc_encoding == "identity" ? "" : "messages that are compressed one by one";
  if (left.empty()) tell("the end of a body was searched for identifiers as it is: what is nested in it was not opened", EventSink::Severity::info, "");
  else tell("the end of a body was not searched for identifiers", EventSink::Severity::data_loss, left);
}

void Body::missing(std::uint64_t bytes) {
  if (lost_ == 0) hole_at_ = collected_.bytes().size();
  // A zero byte keeps the sides of a hole from reading as one word.
  if (of_) collected_.add(Bytes::of(std::string_view("", 1)));
  if (long_) long_->missing();
  sent_ += bytes;
  lost_ += std::max<std::uint64_t>(bytes, 1);
}

std::string Body::decode(const BodyForm& form) {
  std::string words;
  if (collected_.cut()) words = "body collected in part";
  bool in_part = false;
  if (collected_.bytes().empty()) {
    // Nothing fitted at all.
  } else if (const std::string type = text::lower(form.content_type); type.starts_with("application/grpc")) {
    Bytes frames = collected_.bytes();
    if (lost_ > 0) frames = Bytes(frames.span().first(std::min(hole_at_, frames.size())));
    const bool in_text = type.starts_with("application/grpc-web-text");
    const std::vector<std::uint8_t> decoded = in_text ? base64_pieces(frames.text()) : std::vector<std::uint8_t>();
    in_part = !decode_grpc(in_text ? Bytes(decoded) : frames, in_text ? "base64/grpc" : "grpc", form, words);
  } else if (decode_part(collected_.bytes(), form.content_encoding, {}, words) == CodingEnd::over_limit) {
    in_part = true;
    // It decodes to more than is held.
    if (!long_) go_on({});
  }
  tell_of_end(in_part, form);
  collected_.clear();
  return words;
}

CodingEnd Body::decode_part(Bytes bytes, std::string_view encoding, std::string_view outer, std::string& words) {
  if (lost_ > 0 && outer.empty() && is_coded(encoding)) bytes = Bytes(bytes.span().first(std::min(hole_at_, bytes.size())));
  Uncoded plain = undo_codings(bytes, encoding, limit_);
  add_words(words, coding_end_words(plain.end));
  if (plain.mislabelled) add_words(words, "coding is not the declared one");
  std::string coding(outer);
  if (!outer.empty() && !plain.undone.empty()) coding += '/';
  coding += plain.undone;
  parts_.push_back({std::move(plain.bytes), std::move(coding)});
  return plain.end;
}

// False when some of it was left out for its size.
bool Body::decode_grpc(Bytes rest, std::string_view outer, const BodyForm& form, std::string& words) {
  std::uint64_t total = 0;   // of all messages together, as of any other body
  bool all = true;
  while (!rest.empty()) {
    const auto prefix = rest.view<GrpcPrefix>(0);
    const auto message = prefix ? rest.slice(sizeof(GrpcPrefix), (*prefix)->length) : Result<Bytes>(fail(prefix.error()));
    if (!message || total >= limit_) {
      add_words(words, message ? "body decoded in part" : "gRPC framing ends early");
      parts_.push_back({{rest.begin(), rest.end()}, ""});
      return all && !message;
    }
    const bool compressed = ((*prefix)->flags & 1) != 0;
    if (!message->empty()) {
      all &= decode_part(*message, compressed ? form.grpc_encoding : std::string_view(), outer, words) != CodingEnd::over_limit;
      total += parts_.back().bytes.size();
    }
    rest = Bytes(rest.span().subspan(sizeof(GrpcPrefix) + message->size()));
  }
  return all;
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
