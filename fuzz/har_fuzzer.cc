// Reads the input as an HTTP archive: whole and bytewise cut JSON give the same, and every message lies inside the file.
// links: klik_traffic
#include <algorithm>

#include "formats/json_events.h"
#include "traffic/har.h"

namespace {

class Checked final : public klik::traffic::EventSink {
 public:
  explicit Checked(std::uint64_t size) : size_(size) {}
  void lookup(const klik::traffic::Connection&, klik::traffic::Lookup) override {}
  void hello(const klik::traffic::Connection&, klik::traffic::Hello) override {}
  void certificate(const klik::traffic::Connection&, klik::traffic::Certificate) override {}
  std::uint64_t message(const klik::traffic::Connection&, klik::traffic::Message m) override {
    if (m.origin.at > size_ || m.origin.length > size_ - m.origin.at) __builtin_trap();
    return ++messages_;
  }
  void content(const klik::traffic::Connection&, const klik::traffic::Content& c) override {
    if (c.message != messages_) __builtin_trap();
  }
  void unknown(const klik::traffic::Connection&, klik::traffic::Unknown) override {}
  bool wants_content() const override { return true; }
  void connection(const klik::traffic::Connection& ended) override {
    if (ended.number != ++connections_) __builtin_trap();
  }
  void problem(const klik::Error&, Severity, std::string) override {}

 private:
  std::uint64_t size_, messages_ = 0, connections_ = 0;
};

class Counted final : public klik::json::Events {
 public:
  void open(std::string_view path, std::uint64_t at) override { sum = sum * 31 + path.size() + at; }
  void close(std::string_view path, std::uint64_t end) override { sum = sum * 37 + path.size() + end; }
  void value(std::string_view path, std::string_view value, bool quoted, bool whole, std::uint64_t at) override { sum = sum * 41 + path.size() + value.size() * 3 + quoted + whole * 2 + at; }
  std::uint64_t sum = 0;
};

std::uint64_t read(klik::Bytes bytes, std::size_t piece) {
  Counted events;
  klik::json::Reader reader(events, {.depth = 16, .text = 64});
  for (std::uint64_t at = 0; at < bytes.size(); at += piece)
    if (!reader.feed(*bytes.slice(at, std::min<std::uint64_t>(piece, bytes.size() - at)))) return events.sum;
  return reader.finish() ? events.sum + 1 : events.sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const klik::Bytes bytes(data, size);
  if (read(bytes, 1) != read(bytes, size + 1)) __builtin_trap();
  Checked events(size);
  const klik::traffic::Limits limits;
  (void)klik::traffic::analyse_har(klik::memory_source(klik::Blob(nullptr, bytes)), limits, events);
  return 0;
}
