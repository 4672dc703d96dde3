// Takes the events of readers under test and keeps what tests ask about.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "traffic/context.h"

namespace klik::traffic {

struct KeptContent {
  std::uint64_t message;
  std::string place, name, type, bytes, coding;
  Way way;
};

class Recorder final : public EventSink {
 public:
  explicit Recorder(bool wants = true) : wants_(wants) {}
  void lookup(const Connection&, Lookup event) override { lookups.push_back(std::move(event)); }
  void hello(const Connection&, Hello) override {}
  void certificate(const Connection&, Certificate) override {}
  std::uint64_t message(const Connection&, Message event) override {
    event.number = messages.size();
    messages.push_back(std::move(event));
    return messages.back().number;
  }
  void content(const Connection&, const Content& c) override {
    contents.push_back({c.message, std::string(c.place), std::string(c.name), std::string(c.type), std::string(c.bytes.text()), std::string(c.coding), c.way});
  }
  bool wants_stretches() const override { return stretches_wanted; }
  void stretch(const Connection&, const Content& c) override {
    stretches.push_back({c.message, std::string(c.place), std::string(c.name), std::string(c.type), std::string(c.bytes.text().substr(c.shown)), std::string(c.coding), c.way});
  }
  void unknown(const Connection&, Unknown event) override { unknowns.push_back(std::move(event)); }
  bool wants_content() const override { return wants_; }
  void connection(const Connection& ended) override { connections.push_back(ended); }
  void problem(const Error& error, Severity, std::string) override { problems.push_back(error.what); }

  // The contents of one message at a place, one after another; of one field when it is named.
  std::string content_of(std::uint64_t message, std::string_view place, std::string_view name = {}) const {
    std::string found;
    for (const auto& c : contents)
      if (c.message == message && c.place == place && (name.empty() || c.name == name)) found += c.bytes;
    return found;
  }

  std::vector<Message> messages;
  std::vector<Connection> connections;
  std::vector<KeptContent> contents;
  bool stretches_wanted = false;
  std::vector<KeptContent> stretches;   // each without what was shown before
  std::vector<Unknown> unknowns;
  std::vector<Lookup> lookups;
  std::vector<std::string> problems;

 private:
  bool wants_;
};

// A connection with one reader on it, fed by hand.
struct Wire {
  explicit Wire(bool wants = true) : events(wants) {}
  Connection connection;
  Recorder events;
  Secrets secrets;
  Limits limits;
  Context context{connection, events, secrets, limits};
  std::unique_ptr<StreamReader> reader;
  std::uint64_t at = 1000;   // as if both ways followed one another in one file

  void give(Way way, std::string_view bytes) {
    reader->read({way, Bytes::of(bytes), {at, bytes.size()}, static_cast<std::int64_t>(at)});
    at += bytes.size();
  }
  void up(std::string_view bytes) { give(Way::up, bytes); }
  void down(std::string_view bytes) { give(Way::down, bytes); }
  // One byte at a time.
  void drip(Way way, std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) give(way, bytes.substr(i, 1));
  }
};

}  // namespace klik::traffic
