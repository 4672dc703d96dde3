// What the fuzz targets of stream protocols share: a sink that checks what must hold of any event, and the feeding of two ways.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>

#include "traffic/context.h"

namespace klik::traffic {

class CheckedEvents final : public EventSink {
 public:
  explicit CheckedEvents(std::uint64_t size) : size_(size) {}
  void lookup(const Connection&, Lookup) override {}
  void hello(const Connection&, Hello) override {}
  void certificate(const Connection&, Certificate) override {}
  std::uint64_t message(const Connection&, Message event) override {
    check(event.origin);
    return next_++;
  }
  void content(const Connection&, const Content& content) override {
    check(content.origin);
    if ((content.message != 0 && content.message >= next_) || content.bytes.size() > limit) __builtin_trap();
  }
  void unknown(const Connection&, Unknown event) override { check(event.origin); }
  bool wants_content() const override { return true; }
  bool wants_stretches() const override { return true; }
  void stretch(const Connection&, const Content& part) override {
    check(part.origin);
    if (part.message > next_ || part.bytes.size() <= part.shown || part.place.empty()) __builtin_trap();
  }
  std::uint64_t number_ahead(const Connection&) override { return next_++; }
  void connection(const Connection&) override {}
  void problem(const Error&, Severity, std::string) override {
    if (++problems_ > 64) __builtin_trap();   // each kind is told once
  }

  std::uint64_t limit = 0;

 private:
  // Every event lies in the bytes that were given.
  void check(const Origin& origin) const {
    if (origin.at > size_ || origin.length > size_ - origin.at) __builtin_trap();
  }
  std::uint64_t size_, next_ = 0, problems_ = 0;
};

// One connection whose reader is under test.
struct FuzzedConnection {
  explicit FuzzedConnection(std::uint64_t size) : events(size) {
    connection.speaks("fuzzed");
    limits.body_bytes = events.limit = 1 << 20;
    limits.waiting_bytes = 1 << 16;
    limits.streams = 16;
  }
  Connection connection;
  CheckedEvents events;
  const Secrets secrets;
  Limits limits;
  Context context{connection, events, secrets, limits};
};
using OpenReader = std::function<std::unique_ptr<StreamReader>(Context&)>;

// For text: bytes 0xfe and 0xff of `input` switch to the way up and down, 0xfd is a hole whose length is the next byte.
inline void read_both_ways(Bytes input, const OpenReader& open) {
  FuzzedConnection fuzzed(input.size());
  const auto reader = open(fuzzed.context);
  Way way = Way::up;
  std::size_t from = 0;
  const auto give = [&](std::size_t to) {
    if (to > from) reader->read({way, Bytes(input.span().subspan(from, to - from)), {from, to - from}, static_cast<std::int64_t>(from)});
    from = to + 1;
  };
  for (std::size_t i = 0; i < input.size(); ++i) {
    if (i < from || input[i] < 0xfd) continue;
    give(i);
    if (input[i] == 0xfe) way = Way::up;
    if (input[i] == 0xff) way = Way::down;
    if (input[i] == 0xfd && i + 1 < input.size()) {
      reader->gap(way, input[i + 1]);
      from = i + 2;
    }
  }
  if (from < input.size()) give(input.size());
  reader->end();
}

// For binary: records of a kind (0 up, 1 down, 2 and 3 a hole of the ways), a length of two bytes, low first, and that many bytes (of a
// hole: none). The last may be short.
inline void read_records(Bytes input, const OpenReader& open) {
  FuzzedConnection fuzzed(input.size());
  const auto reader = open(fuzzed.context);
  for (std::uint64_t at = 0; at + 3 <= input.size();) {
    const std::uint8_t kind = input[at] & 3;
    const std::uint64_t length = input[at + 1] | input[at + 2] << 8;
    const Way way = (kind & 1) == 0 ? Way::up : Way::down;
    at += 3;
    if (kind >= 2) {
      reader->gap(way, length);
      continue;
    }
    const std::uint64_t size = std::min(length, input.size() - at);
    if (size > 0) reader->read({way, Bytes(input.span().subspan(at, size)), {at, size}, static_cast<std::int64_t>(at)});
    at += size;
  }
  reader->end();
}

}  // namespace klik::traffic
