// One body of a message on its way: counted always, collected only when somebody looks into bodies, within limits.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "traffic/coding_stream.h"
#include "traffic/context.h"

namespace klik::traffic {

class LongBody;

// Bytes that the open messages of one connection may hold, and those of all connections together. Outlives them.
class CollectedBytes {
 public:
  explicit CollectedBytes(const Context& context) : left_(2 * context.limits.body_bytes), total_(context.collected), most_(context.limits.collected_total) {}
  // Each kind of trouble with bodies is told once in a connection. `what`: a literal.
  bool first(std::string_view what) {
    if (std::ranges::find(told_, what) != told_.end()) return false;
    told_.push_back(what);
    return true;
  }
  std::uint64_t room() const { return std::min(left_, total_ ? most_ - std::min(most_, *total_) : left_); }
  // REQUIRES: bytes <= room().
  void take(std::uint64_t bytes) {
    left_ -= bytes;
    if (total_) *total_ += bytes;
  }
  void give_back(std::uint64_t bytes) {
    left_ += bytes;
    if (total_) *total_ -= bytes;
  }

 private:
  std::uint64_t left_;
  std::uint64_t* total_;
  std::uint64_t most_;
  std::vector<std::string_view> told_;
};

// A place to hold bytes that counts them against the connection's share and gives them back when it goes.
class Collected {
 public:
  Collected(CollectedBytes& share, std::uint64_t most) : share_(&share), most_(most) {}
  Collected(Collected&& from) noexcept;
  Collected& operator=(Collected&& from) noexcept;
  ~Collected() { clear(); }
  // Takes what fits. False when something did not, now or before.
  bool add(Bytes bytes);
  Bytes bytes() const { return Bytes(bytes_); }
  bool cut() const { return cut_; }
  void clear();

 private:
  CollectedBytes* share_;
  std::uint64_t most_;
  std::vector<std::uint8_t> bytes_;
  bool cut_ = false;
};

// How the bytes of a body are to be read.
struct BodyForm {
  std::string_view content_encoding;   // as declared
  std::string_view content_type;
  std::string_view grpc_encoding;      // of each message in an application/grpc body; "" when none
};

class Body {
 public:
  Body(const Context& context, CollectedBytes& share);
  ~Body();
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;
  // Its bytes are held for decode(); otherwise they are counted only. Before the first of them. `of`: the message that it belongs to, with
  // what stands before a body; outlives this. What cannot be held is searched as it comes.
  void collect(const Message& of);
  void add(Bytes bytes);
  // `bytes` of it are not in the capture. They were sent, so they count.
  void missing(std::uint64_t bytes);

  std::uint64_t sent() const { return sent_; }
  std::uint64_t lost() const { return lost_; }
  // That the sink gave the message ahead, because of bytes that were searched already; 0: none.
  std::uint64_t number() const { return number_; }
  // The number that the message will have, asked for when bytes of it are searched before it is told.
  std::uint64_t number_ahead();

  // Undoes the codings. Returns what should be said about it: "" or words for Message::detail. Called once, when the body is whole.
  std::string decode(const BodyForm& form);
  // The decoded body as events, for a message that was told. `like` has message, place, type, way, origin and time set.
  void tell(const Context& context, Content like) const;

 private:
  struct Part {
    std::vector<std::uint8_t> bytes;
    std::string coding;
  };
  bool decode_grpc(Bytes rest, std::string_view outer, const BodyForm& form, std::string& words);
  CodingEnd decode_part(Bytes bytes, std::string_view encoding, std::string_view outer, std::string& words);

  void go_on(Bytes bytes);
  void tell_of_end(bool decoded_in_part, const BodyForm& form);

  const Context* context_;
  CollectedBytes* share_;
  const Message* of_ = nullptr;    // null: not collected
  std::unique_ptr<LongBody> long_;  // what does not fit
  std::uint64_t number_ = 0;
  std::uint64_t limit_;
  std::uint64_t sent_ = 0, lost_ = 0;
  std::uint64_t hole_at_ = 0;      // collected bytes before the first missing one; only when lost_ > 0
  Collected collected_;
  std::vector<Part> parts_;
};

// Adds words to a detail, once, with "; " between.
void add_words(std::string& detail, std::string_view words);

}  // namespace klik::traffic
