// One body of a message on its way: counted always, collected only when somebody looks into bodies, within limits.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "traffic/context.h"

namespace klik::traffic {

// Bytes that the open messages of one connection may hold, and those of all connections together. Outlives them.
class CollectedBytes {
 public:
  explicit CollectedBytes(const Context& context) : left_(2 * context.limits.body_bytes), total_(context.collected), most_(context.limits.collected_total) {}
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
  // Whether its bytes are held for decode(). Before the first of them; otherwise they are counted only.
  void collect(bool wanted) { collect_ = wanted; }
  void add(Bytes bytes);
  // `bytes` of it are not in the capture. They were sent, so they count.
  void missing(std::uint64_t bytes);

  std::uint64_t sent() const { return sent_; }
  std::uint64_t lost() const { return lost_; }

  // Undoes the codings. Returns what should be said about it: "" or words for Message::detail. Called once, when the body is whole.
  std::string decode(const BodyForm& form);
  // The decoded body as events, for a message that was told. `like` has message, place, type, way, origin and time set.
  void tell(const Context& context, Content like) const;

 private:
  struct Part {
    std::vector<std::uint8_t> bytes;
    std::string coding;
  };
  void decode_grpc(const BodyForm& form, std::string& words);
  void decode_part(Bytes bytes, std::string_view encoding, std::string_view outer, std::string& words);

  bool collect_ = false;
  std::uint64_t limit_;
  std::uint64_t sent_ = 0, lost_ = 0;
  std::uint64_t hole_at_ = 0;      // collected bytes before the first missing one; only when lost_ > 0
  Collected collected_;
  std::vector<Part> parts_;
};

// Adds words to a detail, once, with "; " between.
void add_words(std::string& detail, std::string_view words);

}  // namespace klik::traffic
